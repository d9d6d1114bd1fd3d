/** A window beside another: of the same recording, of the other side, or of another recording (before and after). */

import { Button, Menu, SegmentedControl, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { type Table, tableFromRows, type Unit } from '../../model/index.ts';
import type { MotionBench, MotionChannel, MotionSession, TimeWindow } from '../kit/motion.ts';
import { DASH, formatNumber, unitLabel } from '../kit/number/format.ts';
import { definePanel, type PanelProps } from '../kit/panel.ts';
import { saveTable } from '../kit/table/table-file.ts';
import type { Line } from '../views/motion/lanes/lane-painter.ts';
import { axisTime } from '../views/motion/lanes/lane-plan.ts';
import { readable } from '../views/motion/lanes/lanes-engine.ts';
import { type Comparison, compareCurves, repeatabilityLimit, STEPS } from '../views/motion/session/compare-curves.ts';
import { OverlayPlot } from '../views/motion/session/overlay-plot.tsx';
import { clockOf, sessionsOf } from '../views/motion/session/sessions.ts';
import { sampled, windowMetrics } from '../views/motion/session/window-metrics.ts';
import classes from './window.module.css';

type Against = 'window' | 'side' | 'recording';

interface Other {
  line: Line;
  window: TimeWindow;
  name: string;
}

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

function ComparePanel({ view, motion }: PanelProps) {
  const [against, setAgainst] = useState<Against>('window');
  const [id, setId] = useState<string | null>(null);
  const [kept, setKept] = useState<TimeWindow>();
  const [sessionId, setSessionId] = useState<string | null>(null);
  const channels = useMemo(() => (motion?.channels ?? []).filter(({ channel }) => channel), [motion?.channels]);
  const one = channels.find((channel) => channel.id === id) ?? channels[0];
  const window = motion?.window ?? motion?.whole;
  // each clock is a recording of its own here, also where clocks have been joined
  const recordings = useMemo(() => sessionsOf(view.artifacts, undefined), [view.artifacts]);
  const session = recordings.find((s) => s.id === sessionId);
  const foreign = useForeign(motion, against === 'recording' ? session : undefined, one);
  const other = useMemo((): Other | undefined => {
    if (!one || !window) return undefined;
    if (against === 'window') {
      const line = lineOf(one);
      return kept && line ? { line, window: kept, name: spanText(kept) } : undefined;
    }
    if (against === 'side') {
      const mirror = otherSide(one, channels);
      const line = mirror && lineOf(mirror);
      return mirror && line ? { line, window, name: mirror.info.name } : undefined;
    }
    return foreign;
  }, [one, window, against, kept, channels, foreign]);
  if (!motion?.session || !window) return <p className={classes.hint}>No recording is in view.</p>;
  const others = recordings.filter((s) => !one || s.id !== clockOf(one.artifact));
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        label="Channel"
        allowDeselect={false}
        value={one?.id ?? null}
        onChange={setId}
        data={channels.map(({ id: value, info }) => ({ value, label: info.name }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Compare with"
        value={against}
        onChange={(value) => setAgainst(value as Against)}
        data={[
          { value: 'window', label: 'Another window' },
          { value: 'side', label: 'Other side' },
          { value: 'recording', label: 'Another recording' },
        ]}
      />
      {against === 'window' ? (
        <p className={classes.hint}>
          <Button size="compact-xs" variant="default" disabled={!motion.window} onClick={() => setKept(motion.window)}>
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
          onChange={setSessionId}
          data={others.map(({ id: value, title }) => ({ value, label: title }))}
        />
      ) : null}
      {one && other ? (
        <Compared one={one} window={window} other={other} motion={motion} alias={view.twin.alias} />
      ) : (
        <p className={classes.hint}>{whyNot(against, one, others.length)}</p>
      )}
    </div>
  );
}

function whyNot(against: Against, one: MotionChannel | undefined, others: number): string {
  if (!one) return 'Show a lane to compare it.';
  if (against === 'side') return `${one.info.name} has no counterpart on the other side.`;
  if (against === 'recording' && others === 0) return 'Drop the recording of another day to lay it over this one.';
  return against === 'recording' ? 'Choose a recording that has this channel.' : '';
}

/** The same channel of another session, over all of it. */
function useForeign(
  motion: MotionBench | undefined,
  session: MotionSession | undefined,
  one: MotionChannel | undefined,
): Other | undefined {
  const [read, setRead] = useState<{ key: string; other: Other | undefined }>();
  const key = session && one ? `${session.id} ${one.id}` : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read is named by the key
  useEffect(() => {
    if (!motion || !session || !one) return;
    let alive = true;
    const find = async (): Promise<Other | undefined> => {
      const same = sameChannel(one, await motion.load(session));
      if (!same) return undefined;
      const line = { channel: await motion.read(same), time: same.time, map: undefined };
      const { startS, rateHz, count, timeS } = same.time;
      const window: TimeWindow = [timeS?.[0] ?? startS, timeS?.[count - 1] ?? startS + (count - 1) / rateHz];
      return { line, window, name: session.title };
    };
    find().then(
      (other) => alive && setRead({ key, other }),
      () => alive && setRead({ key, other: undefined }),
    );
    return () => {
      alive = false;
    };
  }, [key]);
  return read?.key === key ? read.other : undefined;
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
    const first = sampled(line, window, STEPS);
    const second = sampled(other.line, other.window, STEPS);
    const repeats = repetitions(motion, window).map((each) => sampled(line, each, STEPS));
    return {
      first,
      second,
      comparison: compareCurves(first, second),
      limit: repeatabilityLimit(repeats),
      repeats: repeats.length,
    };
  }, [line, window, other, motion]);
  if (!line || !found) return null;
  const { first, second, comparison, limit } = found;
  const unit = unitLabel(info.unit);
  const names = [spanText(window), other.name] as const;
  const a = windowMetrics(line, window);
  const b = windowMetrics(other.line, other.window);
  const digits = (value: number): string => (Number.isFinite(value) ? readable(value, a.range || 1) : DASH);
  const table = (): Table => curveTable(first, second, comparison, limit, info.unit as Unit, names);
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
