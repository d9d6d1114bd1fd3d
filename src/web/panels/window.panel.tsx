/** The brushed window in numbers: what was measured of it, and mean, RMS and extremes of every lane, live. */

import { Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import type { WireFeature } from '../../contract/index.ts';
import { type Table, tableFromRows, type Unit } from '../../model/index.ts';
import type { MotionBench, TimeWindow } from '../kit/motion.ts';
import { FeatureNumber } from '../kit/number/feature-number.tsx';
import { DASH, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { SaveTableMenu } from '../kit/table/save-table-menu.tsx';
import { axisTime, shownUnit } from '../views/motion/lanes/lane-plan.ts';
import { readable, sizeOf } from '../views/motion/lanes/lanes-engine.ts';
import { askedFor } from '../views/motion/session/asked-for.ts';
import { clockOf, phaseRank } from '../views/motion/session/sessions.ts';
import { type WindowMetrics, windowMetrics } from '../views/motion/session/window-metrics.ts';
import classes from './window.module.css';

interface Row {
  id: string;
  name: string;
  unit: string;
  metrics: WindowMetrics;
}

function rowsOf({ channels }: MotionBench, window: TimeWindow): Row[] {
  return channels.flatMap(({ id, info, channel, time, map }) => {
    if (!channel) return [];
    const { unit, factor } = shownUnit(info.unit, sizeOf(channel));
    const found = windowMetrics({ channel, time, map }, window);
    const metrics = { ...found };
    for (const key of ['mean', 'rms', 'low', 'high', 'range'] as const) metrics[key] = factor * found[key];
    return [{ id, name: info.name, unit, metrics }];
  });
}

/** Features of this session's recordings: those of a window that touches the brushed one, or those of the whole without one. */
export function featuresIn(
  features: readonly WireFeature[],
  motion: MotionBench,
  window: TimeWindow | undefined,
): WireFeature[] {
  const here = new Set(motion.session?.artifacts.map(({ id }) => id));
  const own = features.filter(({ evidence }) => evidence.some(({ artifact }) => here.has(artifact)));
  if (!window) {
    const whole = own.filter((feature) => feature.window === undefined);
    return whole.length > 0 ? whole : own;
  }
  return own.filter((feature) => {
    const times = feature.window
      ? [feature.window.startS, feature.window.endS]
      : feature.evidence.find(({ locator }) => locator.timeS)?.locator.timeS;
    return times !== undefined && times[0] < window[1] && times[1] > window[0];
  });
}

/** What is asked for first; what devices say of themselves last. */
function inOrder(features: readonly WireFeature[]): WireFeature[] {
  return [...features].sort((a, b) => askedFor(a) - askedFor(b));
}

/** How a window is brushed with what this device has. */
const BRUSH_HINT =
  typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches
    ? 'Hold a finger on the lanes, then drag'
    : 'Drag over the lanes, or press [ and ]';

/** Names of the recordings of features, where several are looked at together and would be mistaken for each other. */
export function recordingNotes(features: readonly WireFeature[], motion: MotionBench): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  const { session } = motion;
  if (!session || session.clocks.length < 2) return notes;
  const clocks = new Map(session.artifacts.map((artifact) => [artifact.id, clockOf(artifact)]));
  for (const { id, site, evidence } of features) {
    const clock = evidence.map(({ artifact }) => clocks.get(artifact)).find((name) => name !== undefined);
    if (clock && clock !== site) notes.set(id, clock);
  }
  return notes;
}

function WindowPanel({ view, definitions, selection, select, motion }: PanelProps) {
  const window = motion?.window;
  const shown = window ?? motion?.whole;
  const rows = useMemo(() => (motion && shown ? rowsOf(motion, shown) : []), [motion, shown]);
  const features = useMemo(
    () => (motion ? inOrder(featuresIn(view.features, motion, window)) : []),
    [view.features, motion, window],
  );
  const recordings = useMemo(
    () => (motion ? recordingNotes(features, motion) : new Map<string, string>()),
    [features, motion],
  );
  if (!motion?.session || !shown)
    return <p className={`${classes.panel} ${classes.hint}`}>No recording yet: nothing to measure.</p>;
  return (
    <div className={classes.panel}>
      <header className={classes.head}>
        <h3>
          {window ? 'Window' : 'Whole recording'}
          <small className="numbers">
            {axisTime(shown[0], 0.01)} to {axisTime(shown[1], 0.01)} s · {(shown[1] - shown[0]).toFixed(2)} s
          </small>
        </h3>
        {window ? (
          <Button variant="subtle" size="compact-xs" onClick={() => motion.setWindow(undefined)}>
            Clear
          </Button>
        ) : (
          <span className={classes.hint}>{BRUSH_HINT}</span>
        )}
      </header>
      <EventWindows motion={motion} />
      {features.length > 0 ? (
        <section aria-label="Measured here">
          <h4>
            Measured{window ? ' in this window' : ''} <small>{features.length}</small>
          </h4>
          <div className={classes.features}>
            {features.slice(0, 60).map((feature) => (
              <FeatureNumber
                key={feature.id}
                look="row"
                feature={feature}
                definition={definitions.get(feature.definition)}
                note={[noteOf(feature), recordings.get(feature.id)].filter(Boolean).join(' · ')}
                chosen={selection.feature === feature.id}
                onChoose={(one) => select({ feature: one.id })}
              />
            ))}
          </div>
        </section>
      ) : null}
      <section aria-label="Lanes in numbers">
        <h4>
          Lanes
          <SaveTableMenu
            table={() => metricsTable(rows, shown)}
            name={`${view.twin.alias} window`}
            disabled={rows.length === 0}
          />
        </h4>
        <MetricsTable rows={rows} />
      </section>
    </div>
  );
}

export function noteOf({ site, level, side, task, window }: WireFeature): string {
  const place = site
    ?.replace('.', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return [place, level, side, task, window?.label].filter(Boolean).join(' · ');
}

const CHIPS = 9;

/** Phases that the recording names: one press brushes one. */
function EventWindows({ motion }: { motion: MotionBench }) {
  const phases = useMemo(
    () =>
      motion.events
        .flatMap(({ label, timeS, endS, side }) => {
          const name = `${label}${side && !/left|right/i.test(label) ? ` ${side}` : ''}`;
          return endS === undefined
            ? []
            : [{ name: `${name}, ${axisTime(timeS, 0.1)} s`, timeS, endS, rank: phaseRank(label) }];
        })
        .sort((a, b) => a.rank - b.rank || a.timeS - b.timeS),
    [motion.events],
  );
  if (phases.length === 0) return null;
  const choose = (at: number): void => {
    const phase = phases[at];
    if (!phase) return;
    motion.setWindow([phase.timeS, phase.endS]);
    motion.seek(phase.timeS);
  };
  return (
    <section aria-label="Phases">
      <h4>
        Phases <small>{phases.length}</small>
      </h4>
      <div className={classes.chips}>
        {phases.slice(0, CHIPS).map(({ name }, at) => (
          <Button key={name} variant="default" size="compact-xs" onClick={() => choose(at)}>
            {name}
          </Button>
        ))}
        {phases.length > CHIPS ? (
          <Select
            size="xs"
            w={230}
            searchable
            placeholder="Another phase"
            aria-label="Another phase"
            value={null}
            onChange={(at) => choose(Number(at))}
            data={phases.map(({ name }, at) => ({ value: String(at), label: name }))}
          />
        ) : null}
      </div>
    </section>
  );
}

function MetricsTable({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return <p className={classes.hint}>Lanes that are shown appear here with their numbers.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label="Numbers of the window">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Mean</th>
            <th scope="col">RMS</th>
            <th scope="col">Least</th>
            <th scope="col">Most</th>
            <th scope="col">Range</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, unit, metrics }) => (
            <tr key={id}>
              <th scope="row" title={metrics.missing > 0 ? `${metrics.missing} samples are missing` : undefined}>
                {name} <small className={classes.unit}>{unitLabel(unit)}</small>
                {metrics.missing > 0 ? <small className={classes.gap}> gaps</small> : null}
              </th>
              {[metrics.mean, metrics.rms, metrics.low, metrics.high, metrics.range].map((value, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the five columns stand in their order
                <td key={at}>
                  {Number.isFinite(value) ? readable(value, metrics.range || Math.abs(metrics.high)) : DASH}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function metricsTable(rows: readonly Row[], [from, to]: TimeWindow): Table {
  const blank = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const about = {
    start: { unit: 's' as Unit, definition: 'start of the window on the clock of the screen' },
    end: { unit: 's' as Unit, definition: 'end of the window' },
    mean: { definition: 'mean of the samples in the window, in the unit of the row' },
    rms: { definition: 'root of the mean of the squares, without removing the mean' },
    least: { definition: 'least sample' },
    most: { definition: 'most sample' },
    range: { definition: 'most less least' },
    samples: { definition: 'samples in the window that are numbers' },
    missing: { definition: 'samples in the window that are missing' },
  };
  return tableFromRows(
    rows.map(({ name, unit, metrics }) => ({
      channel: name,
      unit,
      start: from,
      end: to,
      mean: blank(metrics.mean),
      rms: blank(metrics.rms),
      least: blank(metrics.low),
      most: blank(metrics.high),
      range: blank(metrics.range),
      samples: metrics.count,
      missing: metrics.missing,
    })),
    about,
  );
}

export const windowPanel = definePanel({ id: 'window', title: 'Window', kinds: [], component: WindowPanel });
