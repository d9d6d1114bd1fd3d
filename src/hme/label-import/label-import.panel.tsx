/** Review of vertebra labels: what is labelled, what is doubted, and one shift for all. */

import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { WireArtifact, WireQualityFlag } from '../../contract/index.ts';
import { compareLevels, messageOf, shiftLevel, type VertebraLevel } from '../../model/index.ts';
import { cssRgb, levelColour } from '../../web/kit/colour.ts';
import { EmptyPlace, Flag } from '../../web/kit/notes.tsx';
import { count } from '../../web/kit/number/format.ts';
import panel from '../../web/kit/panel.module.css';
import { definePanel, type PanelProps } from '../../web/kit/panel.ts';
import classes from '../../web/views/column/labels.module.css';

function LabelsPanel({ view, selection, select, spine, actions }: PanelProps) {
  const map = view.artifacts.findLast(({ kind }) => kind === 'labelmap.vertebrae');
  const [by, setBy] = useState<-1 | 1>();
  if (!map) return <EmptyPlace title="No vertebra labels yet" />;
  const levels = labelledLevels(view.artifacts, spine?.vertebrae.map(({ level }) => level) ?? []);
  return (
    <>
      <section className={panel.section}>
        <h2>
          {map.name} <small>{count(levels.length, 'level')}</small>
        </h2>
        <ul className={classes.levels} aria-label="Labelled levels">
          {levels.map((level) => (
            <li key={level}>
              <button
                type="button"
                className={classes.level}
                aria-pressed={selection.level === level}
                onClick={() => select({ level })}
              >
                <i style={{ background: cssRgb(levelColour(level)) }} />
                {level}
                {by ? <em>{shiftLevel(level, by) ?? 'none'}</em> : null}
                <Doubts flags={map.quality} level={level} />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section className={panel.section}>
        <h2>Is the numbering one off?</h2>
        {by === undefined ? (
          <>
            <p>
              Shift every label by one level. Surfaces and numbers follow; what was before stays in the twin's history.
            </p>
            <div className={panel.row}>
              <Button variant="default" leftSection={<IconArrowUp size={15} />} onClick={() => setBy(-1)}>
                Shift up
              </Button>
              <Button variant="default" leftSection={<IconArrowDown size={15} />} onClick={() => setBy(1)}>
                Shift down
              </Button>
            </div>
          </>
        ) : (
          <Confirm
            map={map}
            view={view}
            levels={levels}
            by={by}
            onCancel={() => setBy(undefined)}
            onDone={() => setBy(undefined)}
            shift={actions.shiftLabels}
          />
        )}
      </section>
      {map.quality.length > 0 ? (
        <section className={panel.section}>
          <h2>Doubts</h2>
          <div className={panel.flags}>
            {map.quality.map((flag) => (
              <Flag key={`${flag.code} ${flag.where ?? ''}`} flag={flag} />
            ))}
          </div>
        </section>
      ) : null}
    </>
  );
}

function labelledLevels(artifacts: readonly WireArtifact[], measured: readonly VertebraLevel[]): VertebraLevel[] {
  const surfaces = artifacts
    .filter(({ kind, level }) => kind === 'mesh.vertebra' && level)
    .map(({ level }) => level as VertebraLevel);
  return [...new Set([...surfaces, ...measured])].sort(compareLevels);
}

function Doubts({ flags, level }: { flags: readonly WireQualityFlag[]; level: string }) {
  const own = flags.filter(({ where, severity }) => severity !== 'info' && where?.split(/[\s,-]+/).includes(level));
  return own.length > 0 ? <span className={classes.doubt}>{count(own.length, 'doubt')}</span> : null;
}

interface ConfirmProps {
  map: WireArtifact;
  view: PanelProps['view'];
  levels: readonly VertebraLevel[];
  by: -1 | 1;
  shift(artifact: string, by: number): Promise<void>;
  onCancel(): void;
  onDone(): void;
}

/** Says what will happen before it happens. */
function Confirm({ map, view, levels, by, shift, onCancel, onDone }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const dependent = view.artifacts.filter(
    ({ level, kind }) => level !== undefined || /^(landmarks|curve|table)\./.test(kind),
  ).length;
  const [first, last] = [levels[0], levels[levels.length - 1]];
  const named = (level: VertebraLevel): string => shiftLevel(level, by) ?? 'nothing';
  const apply = async (): Promise<void> => {
    setBusy(true);
    try {
      await shift(map.id, by);
      onDone();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div role="alertdialog" aria-label="Shift labels">
      <p>
        <b className={classes.strong}>
          {first} becomes {named(first)}, {last} becomes {named(last)}.
        </b>{' '}
        {count(dependent, 'artifact')} and {count(view.features.length, 'number')} are made again from the new labels.
        Ctrl+Z shifts back.
      </p>
      {problem ? (
        <p role="alert" style={{ color: 'var(--fault)' }}>
          {problem}
        </p>
      ) : null}
      <div className={panel.row}>
        <Button loading={busy} onClick={() => void apply()}>
          Shift {by < 0 ? 'up' : 'down'}
        </Button>
        <Button variant="default" disabled={busy} onClick={onCancel}>
          Keep as it is
        </Button>
      </div>
    </div>
  );
}

/** Tab of the spine screen for vertebra labels. */
export const labelImportPanel = definePanel({
  id: 'labels',
  title: 'Labels',
  kinds: ['labelmap.vertebrae'],
  component: LabelsPanel,
});
