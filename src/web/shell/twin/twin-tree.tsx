/** The left column: the twin by scale, every layer with its eye, colour and opacity. */

import { Button, ColorPicker, Popover, Slider } from '@mantine/core';
import { IconChevronRight, IconEye, IconEyeOff, IconTags } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { TwinView, WireAcquisition, WireArtifact } from '../../../contract/index.ts';
import { cssRgb, hexRgb, parseHex } from '../../kit/colour.ts';
import { count, formatDay } from '../../kit/number/format.ts';
import { useCatalogue } from '../../state/queries.ts';
import { startSegmentation, unlabelled, whyNoSegmentation } from '../../state/segment.ts';
import { changeLayer, layerOf, setWorkspace, useWorkspace } from '../../state/workspace.ts';
import { StateMark } from './state-mark.tsx';
import { buildTree, isLayer, stateOfArtifact, type TreeGroup, type TreeScale } from './tree-model.ts';
import classes from './twin-tree.module.css';

const SCALE_HINT = { macro: 'body', meso: 'bone, disc, muscle', micro: 'tissue', nano: 'molecule' } as const;

export function TwinTree({ view }: { view: TwinView }) {
  const { data: catalogue } = useCatalogue();
  const tree = useMemo(() => buildTree(view, catalogue), [view, catalogue]);
  return (
    <nav className={classes.tree} aria-label="Twin">
      {tree.map((node) => (
        <ScaleNode key={node.scale} node={node} view={view} />
      ))}
      {unlabelled(view) ? <SegmentRow view={view} why={whyNoSegmentation(view, catalogue)} /> : null}
    </nav>
  );
}

/** The step that most of the column waits for. */
function SegmentRow({ view, why }: { view: TwinView; why: string | undefined }) {
  return (
    <section className={classes.scale} aria-label="Labels">
      <Button
        size="compact-sm"
        variant="light"
        fullWidth
        disabled={why !== undefined}
        leftSection={<IconTags size={15} />}
        onClick={() => startSegmentation(view.twin.id)}
      >
        Label with TotalSegmentator
      </Button>
      {why ? <p className={classes.why}>{why}</p> : null}
    </section>
  );
}

function ScaleNode({ node, view }: { node: TreeScale; view: TwinView }) {
  const empty = node.acquisitions.length === 0 && node.groups.length === 0;
  return (
    <section className={classes.scale} aria-label={node.scale}>
      <h2>
        {node.scale}
        <span>{SCALE_HINT[node.scale]}</span>
      </h2>
      {empty ? <p className={classes.none}>nothing yet</p> : null}
      <ul className={classes.rows}>
        {node.acquisitions.map(({ acquisition, state }) => (
          <li key={acquisition.id} className={`${classes.row} ${classes.source}`}>
            <span
              className={classes.name}
              title={[acquisition.device, acquisition.protocol, acquisition.region].filter(Boolean).join(' · ')}
            >
              {acquisition.modality.toUpperCase()}
              <small>{aboutAcquisition(acquisition)}</small>
            </span>
            <StateMark state={state} />
          </li>
        ))}
        {node.groups.map((group) => (
          <GroupRows key={group.key} group={group} view={view} />
        ))}
      </ul>
    </section>
  );
}

/** Its day, or what came where the source names no day. */
function aboutAcquisition({ takenAt, files }: WireAcquisition): string {
  if (takenAt) return formatDay(takenAt);
  return files.length === 1 ? (files[0].name.split('/').at(-1) ?? '') : count(files.length, 'file');
}

function GroupRows({ group, view }: { group: TreeGroup; view: TwinView }) {
  const [open, setOpen] = useState(false);
  const single = group.artifacts.length === 1;
  return (
    <>
      <LayerRow
        name={group.name}
        more={group.tag}
        artifacts={group.artifacts}
        view={view}
        state={group.state}
        twist={single ? undefined : { open, toggle: () => setOpen(!open) }}
      />
      {open
        ? group.artifacts.map((artifact) => (
            <LayerRow
              key={artifact.id}
              child
              name={artifact.name}
              artifacts={[artifact]}
              view={view}
              state={stateOfArtifact(artifact, view.plan)}
            />
          ))
        : null}
    </>
  );
}

interface LayerRowProps {
  name: string;
  more?: string;
  artifacts: readonly WireArtifact[];
  view: TwinView;
  state: TreeGroup['state'];
  child?: boolean;
  twist?: { open: boolean; toggle(): void };
}

function LayerRow({ name, more, artifacts, view, state, child, twist }: LayerRowProps) {
  const changed = useWorkspace((store) => store.layers);
  const selection = useWorkspace((store) => store.selection);
  const layers = artifacts.map((artifact) => layerOf(artifact, view.artifacts, changed));
  const visible = layers.some((layer) => layer.visible);
  const layered = isLayer(artifacts[0].kind);
  const choose = (): void =>
    setWorkspace({
      selection: artifacts.length === 1 ? { artifact: artifacts[0].id, level: artifacts[0].level } : {},
      panel: artifacts.length === 1 ? 'about' : undefined,
    });
  const chosen = artifacts.length === 1 && selection.artifact === artifacts[0].id;
  const setAll = (part: Parameters<typeof changeLayer>[1]): void => {
    for (const artifact of artifacts) changeLayer(artifact.id, part);
  };
  return (
    <li
      className={`${classes.row} ${layered && !visible ? classes.hidden : ''}`}
      data-chosen={chosen || undefined}
      data-child={child || undefined}
    >
      {layered ? (
        <button
          type="button"
          className={classes.eye}
          aria-pressed={visible}
          aria-label={`Show ${name}`}
          title={visible ? 'Hide' : 'Show'}
          onClick={() => setAll({ visible: !visible })}
        >
          {visible ? <IconEye size={15} /> : <IconEyeOff size={15} />}
        </button>
      ) : (
        <span className={classes.twist} />
      )}
      <button
        type="button"
        className={classes.name}
        onClick={twist ? twist.toggle : choose}
        aria-expanded={twist?.open}
      >
        {name}
        {more ? <small>{more}</small> : null}
      </button>
      <StateMark state={state} />
      {layered ? <LookButton name={name} kind={artifacts[0].kind} layer={layers[0]} onChange={setAll} /> : null}
      {twist ? (
        <button
          type="button"
          className={classes.twist}
          data-open={twist.open || undefined}
          aria-label={twist.open ? `Close ${name}` : `List ${name}`}
          onClick={twist.toggle}
        >
          <IconChevronRight size={14} />
        </button>
      ) : null}
    </li>
  );
}

interface LookButtonProps {
  name: string;
  kind: string;
  layer: ReturnType<typeof layerOf>;
  onChange(part: Parameters<typeof changeLayer>[1]): void;
}

function LookButton({ name, kind, layer, onChange }: LookButtonProps) {
  if (kind.startsWith('volume.') || kind.startsWith('signal.')) return null;
  const coloured = kind.startsWith('mesh.') || kind.startsWith('sequence.');
  return (
    <Popover position="right" shadow="md" withinPortal trapFocus withRoles>
      <Popover.Target>
        <button
          type="button"
          className={classes.swatch}
          style={{
            background: coloured
              ? cssRgb(layer.colour, Math.max(0.3, layer.opacity))
              : `color-mix(in srgb, var(--accent) ${100 * layer.opacity}%, transparent)`,
          }}
          aria-label={`Look of ${name}`}
          title="Colour and opacity"
        />
      </Popover.Target>
      <Popover.Dropdown p="sm" aria-label={`Look of ${name}`}>
        <div className={classes.look}>
          <div>
            <label htmlFor={`opacity-${name}`}>Opacity</label>
            <Slider
              id={`opacity-${name}`}
              aria-label="Opacity"
              thumbLabel={`Opacity of ${name}`}
              size="sm"
              min={0}
              max={100}
              step={5}
              value={Math.round(100 * layer.opacity)}
              label={(value) => `${value} %`}
              onChange={(value) => onChange({ opacity: value / 100, visible: value > 0 })}
            />
          </div>
          {coloured ? (
            <ColorPicker
              size="xs"
              fullWidth
              format="hex"
              value={hexRgb(layer.colour)}
              onChange={(hex) => onChange({ colour: parseHex(hex) })}
              swatches={['#e7dcc7', '#d6aa92', '#84bad6', '#f0be68', '#62c6ac', '#cea4e6', '#ff8f73', '#ffffff']}
              saturationLabel="Saturation"
              hueLabel="Hue"
            />
          ) : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
