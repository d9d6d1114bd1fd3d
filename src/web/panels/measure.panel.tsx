/** Measurements drawn by hand: the tools, and the list that finds, names and deletes them. */

import { Button, TextInput } from '@mantine/core';
import {
  IconAngle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChartLine,
  IconRuler2,
  IconTrash,
} from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import type { WireMeasurement } from '../../contract/index.ts';
import { saveText, toCsv } from '../kit/download.ts';
import { IconAction } from '../kit/icon-action.tsx';
import { EmptyPlace } from '../kit/notes.tsx';
import { formatMoment } from '../kit/number/format.ts';
import panel from '../kit/panel.module.css';
import { definePanel, type MeasureTool, type PanelProps } from '../kit/panel.ts';
import { measureText, TOOL_HINTS, TOOL_NAMES } from '../views/measure/measure-geometry.ts';
import classes from './measure.module.css';

const ICONS = { distance: IconRuler2, angle: IconAngle, cobb: IconChartLine } as const;
const KEYS = { distance: 'D', angle: 'A', cobb: 'C' } as const;

function MeasurePanel({ view, measure, selection, select }: PanelProps) {
  const { items, tool, setTool, problem } = measure;
  return (
    <>
      <section className={panel.section}>
        <div className={panel.row}>
          {(Object.keys(TOOL_NAMES) as MeasureTool[]).map((one) => {
            const Icon = ICONS[one];
            return (
              <Button
                key={one}
                variant={tool === one ? 'filled' : 'default'}
                leftSection={<Icon size={16} />}
                aria-pressed={tool === one}
                aria-keyshortcuts={KEYS[one]}
                onClick={() => setTool(tool === one ? undefined : one)}
              >
                {TOOL_NAMES[one]}
              </Button>
            );
          })}
          <span className={panel.push} />
          <IconAction name="Undo" keys="Ctrl+Z" disabled={!measure.canUndo} onClick={measure.undo}>
            <IconArrowBackUp size={18} />
          </IconAction>
          <IconAction name="Redo" keys="Ctrl+Shift+Z" disabled={!measure.canRedo} onClick={measure.redo}>
            <IconArrowForwardUp size={18} />
          </IconAction>
        </div>
        <p style={{ marginTop: 8 }} role="status">
          {tool ? `${TOOL_HINTS[tool]} Esc ends.` : 'Distances can be drawn in slices and in 3D, angles in slices.'}
        </p>
        {problem ? (
          <p role="alert" style={{ color: 'var(--fault)' }}>
            Not saved: {problem}
          </p>
        ) : null}
      </section>
      <section className={panel.section}>
        {items.length === 0 ? (
          <EmptyPlace icon={<IconRuler2 size={28} stroke={1.4} />} title="No measurements yet">
            <p>Press D, A or C and click into a slice.</p>
          </EmptyPlace>
        ) : (
          <ul className={panel.list} aria-label="Measurements">
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                chosen={selection.measurement === item.id}
                measure={measure}
                onJump={() => select({ measurement: item.id })}
              />
            ))}
          </ul>
        )}
      </section>
      {items.length > 0 ? (
        <section className={panel.section}>
          <div className={panel.row}>
            <Button
              variant="default"
              onClick={() => saveText(asCsv(items), `${view.twin.alias} measurements.csv`, 'text/csv')}
            >
              Export CSV
            </Button>
            <Button
              variant="default"
              onClick={() =>
                saveText(
                  JSON.stringify({ schemaVersion: 1, items }, null, 1),
                  `${view.twin.alias} measurements.json`,
                  'application/json',
                )
              }
            >
              Export JSON
            </Button>
          </div>
        </section>
      ) : null}
    </>
  );
}

function asCsv(items: readonly WireMeasurement[]): string {
  const head = ['label', 'type', 'value', 'unit', 'plane', 'points LPS mm', 'drawn'];
  return toCsv([
    head,
    ...items.map(({ label, type, value, unit, plane, points, createdAt }) => [
      label,
      type,
      value,
      unit,
      plane,
      points.map((p) => p.map((x) => x.toFixed(2)).join(' ')).join('; '),
      createdAt,
    ]),
  ]);
}

const PLANE_TEXT = { axial: 'axial', sagittal: 'sagittal', coronal: 'coronal', '3d': '3D' } as const;

function Row({
  item,
  chosen,
  measure,
  onJump,
}: {
  item: WireMeasurement;
  chosen: boolean;
  measure: PanelProps['measure'];
  onJump(): void;
}) {
  const [name, setName] = useState<string>();
  const Icon = ICONS[item.type];
  const keep = (): void => {
    if (name !== undefined) measure.rename(item.id, name);
    setName(undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Escape') setName(undefined);
    if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
  };
  return (
    <li className={classes.item} data-chosen={chosen || undefined} data-testid="measurement">
      <button
        type="button"
        className={classes.jump}
        aria-label={`Go to ${item.label}`}
        aria-pressed={chosen}
        title={`${PLANE_TEXT[item.plane]}, drawn ${formatMoment(item.createdAt)}`}
        onClick={onJump}
      >
        <Icon size={17} />
        <b>{measureText(item)}</b>
        <small>{PLANE_TEXT[item.plane]}</small>
      </button>
      <TextInput
        size="xs"
        variant="unstyled"
        className={classes.name}
        aria-label={`Name of ${item.label}`}
        value={name ?? item.label}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={onKeyDown}
      />
      <IconAction name={`Delete ${item.label}`} size={26} onClick={() => measure.remove(item.id)}>
        <IconTrash size={15} />
      </IconAction>
    </li>
  );
}

export const measurePanel = definePanel({ id: 'measure', title: 'Measure', kinds: [], component: MeasurePanel });
