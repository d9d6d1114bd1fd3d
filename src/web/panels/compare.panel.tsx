/** A window beside another: of the same recording, of the other side, or of another recording (before and after). */

import { Button, Menu, SegmentedControl, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { type Table, tableFromRows, type Unit, unitFactor } from '../../model/index.ts';
import type { MotionBench, MotionChannel, MotionSession, TimeWindow } from '../kit/motion.ts';
import { DASH, formatNumber, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { saveTable } from '../kit/table/table-file.ts';
import type { Line } from '../views/motion/lanes/lane-painter.ts';
import { axisTime, planLanes, shownUnit } from '../views/motion/lanes/lane-plan.ts';
import { readable, sizeOf } from '../views/motion/lanes/lanes-engine.ts';
import { type Comparison, compareCurves, repeatabilityLimit, STEPS } from '../views/motion/session/compare-curves.ts';
import { OverlayPlot } from '../views/motion/session/overlay-plot.tsx';
import { clockOf, sessionsOf } from '../views/motion/session/sessions.ts';
import { sampled, type WindowMetrics, windowMetrics } from '../views/motion/session/window-metrics.ts';
import classes from './window.module.css';

type Against = 'window' | 'side' | 'recording';

interface Other {
  line: Line;
  window: TimeWindow;
  name: string;
  /** as its file has it */
  unit: string;
}

/** Factor from a unit to that of the channel; undefined where they measure different things. */
function factorTo(unit: string, from: string): number | undefined {
  return from === unit ? 1 : unitFactor(from, unit);
}

/** What stands beside the channel, or why nothing does. */
type Found = { other: Other } | { why: string };

const lineOf = ({ channel, time, map }: MotionChannel): Line | undefined => channel && { channel, time, map };
const spanText = (window: TimeWindow): string => `${axisTime(window[0], 0.01)}–${axisTime(window[1], 0.01)} s`;

/** The same muscle, joint or segment on the other side of the body. */
export function otherSide(one: MotionChannel, channels: readonly MotionChannel[]): MotionChannel | undefined {
  const { side, site, segment, level, quantity, axis, name } = one.info;
  if (!side) return undefined;
  const mirrored = channels.filter(({ info }) => info.side && info.side !== side && info.quantity === quantity);
  const swapped = name.replace(/left|right/gi, (word) => (/left/i.test(word) ? 'right' : 'left')).toLowerCase();
  return (
    mirrored.find(({ info }) => info.name.toLowerCase() === swapped) ??
    mirrored.find(
      ({ info }) => info.site === site && info.segment === segment && info.level === level && info.axis === axis,
    )
  );
}

/** The channel of another recording that means the same. */
export function sameChannel(one: MotionChannel, channels: readonly MotionChannel[]): MotionChannel | undefined {
  const like = channels.filter(({ artifact }) => artifact.kind === one.artifact.kind);
  return (
    like.find(({ info }) => info.name === one.info.name) ??
    like.find(
      ({ info }) =>
        info.site !== undefined &&
        info.site === one.info.site &&
        info.side === one.info.side &&
        info.level === one.info.level,
    )
  );
}

interface Choice {
  against: Against;
  id: string | null;
  kept: TimeWindow | undefined;
  sessionId: string | null;
}

const UNCHOSEN: Choice = { against: 'window', id: null, kept: undefined, sessionId: null };
/** What was chosen for each recording: a window is brushed in another panel, and that must not undo it. */
const choices = new Map<string, Choice>();

function useChoice(key: string): [Choice, (part: Partial<Choice>) => void] {
  const [, redraw] = useState(0);
  const choose = (part: Partial<Choice>): void => {
    choices.set(key, { ...(choices.get(key) ?? UNCHOSEN), ...part });
    redraw((n) => n + 1);
  };
  return [choices.get(key) ?? UNCHOSEN, choose];
}

function ComparePanel({ view, motion }: PanelProps) {
  const [{ against, id, kept, sessionId }, choose] = useChoice(`${view.twin.id} ${motion?.session?.id ?? ''}`);
  // in the order of the lanes: what is looked at first is compared first
  const channels = useMemo(
    () => planLanes((motion?.channels ?? []).filter(({ channel }) => channel)).flatMap((lane) => lane.channels),
    [motion?.channels],
  );
  const one = channels.find((channel) => channel.id === id) ?? channels[0];
  const window = motion?.window ?? motion?.whole;
  // each clock is a recording of its own here, also where clocks have been joined
  const recordings = useMemo(() => sessionsOf(view.artifacts, undefined), [view.artifacts]);
  const session = recordings.find((s) => s.id === sessionId);
  const mirror = useMirror(motion, against === 'side' ? one : undefined);
  const foreign = useForeign(motion, against === 'recording' ? session : undefined, one);
  const found = useMemo((): Found => {
    if (!one || !window) return { why: 'Show a lane to compare it.' };
    if (against === 'window') {
      const line = lineOf(one);
      return kept && line ? { other: { line, window: kept, name: spanText(kept), unit: one.info.unit } } : { why: '' };
    }
    const read = against === 'side' ? mirror : foreign;
    if (!('other' in read)) return read;
    const other = against === 'side' ? { ...read.other, window } : read.other;
    return factorTo(one.info.unit, other.unit) === undefined
      ? { why: `${other.name} is in ${unitLabel(other.unit)}, this channel in ${unitLabel(one.info.unit)}.` }
      : { other };
  }, [one, window, against, kept, mirror, foreign]);
  if (!motion?.session || !window)
    return <p className={`${classes.panel} ${classes.hint}`}>No recording yet: nothing to compare.</p>;
  const others = recordings.filter((s) => !one || s.id !== clockOf(one.artifact));
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        label="Channel"
        allowDeselect={false}
        value={one?.id ?? null}
        onChange={(next) => choose({ id: next })}
        data={channels.map(({ id: value, info }) => ({ value, label: info.name }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Compare with"
        value={against}
        onChange={(value) => choose({ against: value as Against })}
        data={[
          { value: 'window', label: 'Another window' },
          { value: 'side', label: 'Other side' },
          { value: 'recording', label: 'Another recording' },
        ]}
      />
      {against === 'window' ? (
        <p className={classes.hint}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={!motion.window}
            onClick={() => choose({ kept: motion.window })}
          >
            Keep this window
          </Button>{' '}
          {kept ? `Kept ${spanText(kept)}. Brush another to compare.` : 'Brush a window, keep it, brush another.'}
        </p>
      ) : null}
      {against === 'recording' ? (
        <Select
          size="xs"
          label="Recording"
          placeholder={others.length > 0 ? 'before or after' : 'there is no other recording'}
          disabled={others.length === 0}
          value={sessionId}
          onChange={(next) => choose({ sessionId: next })}
          data={others.map(({ id: value, title }) => ({ value, label: title }))}
        />
      ) : null}
      {one && 'other' in found ? (
        <Compared one={one} window={window} other={found.other} motion={motion} alias={view.twin.alias} />
      ) : (
        <p className={classes.hint} role="status">
          {'why' in found ? (against === 'recording' && others.length === 0 ? NO_OTHER : found.why) : ''}
        </p>
      )}
    </div>
  );
}

const NO_OTHER = 'Drop the recording of another day to lay it over this one.';
const LOADING: Found = { why: 'Loading …' };
const UNREADABLE: Found = { why: 'That channel cannot be read. Build the twin again.' };

/** The counterpart of a channel on the other side; its values are read where its lane is hidden. */
function useMirror(motion: MotionBench | undefined, one: MotionChannel | undefined): Found {
  const [read, setRead] = useState<{ key: string; found: Found }>();
  const mirror = one && otherSide(one, motion?.channels ?? []);
  const key = mirror?.id ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read is named by the key
  useEffect(() => {
    if (!motion || !mirror) return;
    let alive = true;
    const { time, map, info } = mirror;
    motion.read(mirror).then(
      (channel) => {
        const other: Other = { line: { channel, time, map }, window: [0, 1], name: info.name, unit: info.unit };
        if (alive) setRead({ key, found: { other } });
      },
      () => alive && setRead({ key, found: UNREADABLE }),
    );
    return () => {
      alive = false;
    };
  }, [key]);
  if (one && !mirror) return { why: `${one.info.name} has no counterpart on the other side.` };
  return read?.key === key ? read.found : LOADING;
}

/** The same channel of another session, over all of it. */
function useForeign(
  motion: MotionBench | undefined,
  session: MotionSession | undefined,
  one: MotionChannel | undefined,
): Found {
  const [read, setRead] = useState<{ key: string; found: Found }>();
  const key = session && one ? `${session.id} ${one.id}` : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read is named by the key
  useEffect(() => {
    if (!motion || !session || !one) return;
    let alive = true;
    const find = async (): Promise<Found> => {
      const same = sameChannel(one, await motion.load(session));
      if (!same) return { why: `${session.title} has no channel like ${one.info.name}.` };
      const line = { channel: await motion.read(same), time: same.time, map: undefined };
      const { startS, rateHz, count, timeS } = same.time;
      const window: TimeWindow = [timeS?.[0] ?? startS, timeS?.[count - 1] ?? startS + (count - 1) / rateHz];
      return { other: { line, window, name: session.title, unit: same.info.unit } };
    };
    find().then(
      (found) => alive && setRead({ key, found }),
      () => alive && setRead({ key, found: UNREADABLE }),
    );
    return () => {
      alive = false;
    };
  }, [key]);
  if (!session) return { why: 'Choose a recording that has this channel.' };
  return read?.key === key ? read.found : LOADING;
}

/** Metrics in another unit. */
function scaled(metrics: WindowMetrics, factor: number): WindowMetrics {
  const { mean, rms, low, high, range, ...counts } = metrics;
  return {
    ...counts,
    mean: factor * mean,
    rms: factor * rms,
    low: factor * low,
    high: factor * high,
    range: factor * range,
  };
}

interface ComparedProps {
  one: MotionChannel;
  window: TimeWindow;
  other: Other;
  motion: MotionBench;
  alias: string;
}

/** Windows of repetitions: phases of the recording that carry the name of the one that is brushed. */
function repetitions(motion: MotionBench, window: TimeWindow): TimeWindow[] {
  const middle = (window[0] + window[1]) / 2;
  const here = motion.events.find(({ timeS, endS }) => endS !== undefined && timeS <= middle && endS >= middle);
  return motion.events.flatMap(({ label, side, timeS, endS }): TimeWindow[] =>
    here && label === here.label && side === here.side && endS !== undefined ? [[timeS, endS]] : [],
  );
}

function Compared({ one, window, other, motion, alias }: ComparedProps) {
  const line = lineOf(one);
  const { info } = one;
  const found = useMemo(() => {
    if (!line) return undefined;
    // in the unit that the lanes read in, whatever the two files have
    const { unit, factor } = shownUnit(info.unit, sizeOf(line.channel));
    const otherFactor = factor * (factorTo(info.unit, other.unit) ?? Number.NaN);
    // the mean of raw muscle activity is nothing, whatever the muscle does
    const by = info.quantity === 'emg' && line.channel.low < 0 ? 'rms' : 'mean';
    const first = sampled(line, window, STEPS, by).map((value) => factor * value);
    const second = sampled(other.line, other.window, STEPS, by).map((value) => otherFactor * value);
    const repeats = repetitions(motion, window).map((each) =>
      sampled(line, each, STEPS, by).map((value) => factor * value),
    );
    return {
      by,
      code: unit as Unit,
      a: scaled(windowMetrics(line, window), factor),
      b: scaled(windowMetrics(other.line, other.window), otherFactor),
      first,
      second,
      comparison: compareCurves(first, second),
      limit: repeatabilityLimit(repeats),
      repeats: repeats.length,
    };
  }, [line, window, other, motion, info.unit, info.quantity]);
  if (!line || !found) return null;
  const { first, second, comparison, limit, code, a, b, by } = found;
  const unit = unitLabel(code);
  const names = [spanText(window), other.name] as const;
  const digits = (value: number): string => (Number.isFinite(value) ? readable(value, a.range || 1) : DASH);
  const what = by === 'rms' ? 'RMS of ' : '';
  const table = (): Table =>
    curveTable(first, second, comparison, limit, code, [`${what}${names[0]}`, `${what}${names[1]}`]);
  return (
    <>
      <OverlayPlot
        first={first}
        second={second}
        difference={comparison.difference}
        limit={limit}
        unit={unit}
        names={names}
      />
      <p className={classes.hint}>
        {by === 'rms' ? 'EMG is compared by its RMS over each half per cent. ' : ''}
        {limit
          ? `Within the band two repetitions differ anyway, by ${found.repeats} repetitions in this recording.`
          : 'No repeatability limit: it takes three phases of one name in this recording.'}
      </p>
      <table className={classes.table} aria-label="Both windows in numbers">
        <thead>
          <tr>
            <th scope="col">{unit}</th>
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {(['mean', 'rms', 'low', 'high', 'range'] as const).map((key) => (
            <tr key={key}>
              <th scope="row">{{ mean: 'Mean', rms: 'RMS', low: 'Least', high: 'Most', range: 'Range' }[key]}</th>
              <td>{digits(a[key])}</td>
              <td>{digits(b[key])}</td>
              <td>{digits(b[key] - a[key])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.hint}>
        Over 0 to 100 %: mean difference {digits(comparison.bias)} {unit}, limits of agreement{' '}
        {digits(comparison.limits[0])} to {digits(comparison.limits[1])} {unit}, RMS difference{' '}
        {digits(comparison.rmse)} {unit}, correlation{' '}
        {Number.isFinite(comparison.correlation) ? formatNumber(comparison.correlation, 2) : DASH}.
      </p>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconDownload size={14} />}
            w="fit-content"
          >
            Save curves
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'xlsx', 'parquet'] as const).map((format) => (
            <Menu.Item key={format} onClick={() => void saveTable(table(), `${alias} ${info.name} compared`, format)}>
              {{ csv: 'CSV', xlsx: 'Excel', parquet: 'Parquet' }[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function curveTable(
  first: Float64Array,
  second: Float64Array,
  { difference }: Comparison,
  limit: Float64Array | undefined,
  unit: Unit,
  names: readonly [string, string],
): Table {
  const blank = (value: number | undefined): number | null => (Number.isFinite(value) ? (value as number) : null);
  return tableFromRows(
    [...first].map((value, i) => ({
      percent: (100 * i) / (first.length - 1),
      first: blank(value),
      second: blank(second[i]),
      difference: blank(difference[i]),
      repeatability_limit: blank(limit?.[i]),
    })),
    {
      percent: { unit: '%', definition: 'share of the window' },
      first: { unit, definition: names[0] },
      second: { unit, definition: names[1] },
      difference: { unit, definition: 'second less first' },
      repeatability_limit: { unit, definition: '1.96 √2 times the standard deviation of repetitions of the movement' },
    },
  );
}

export const comparePanel = definePanel({ id: 'compare', title: 'Compare', kinds: [], component: ComparePanel });
