/**
 * What of a recording can be compared with another: edges of a trigger, labelled events, and curves of motion, foremost the speed at which
 * each segment turns, which a gyroscope on it and a skeleton both show. O(samples).
 */

import { butterworth, edgeLength, filterAcrossGaps, interpolateAt, quantile } from '../../kernel/index.ts';
import {
  type ArtifactValue,
  type EventList,
  frameCount,
  type PointSequence,
  type SignalChannel,
  type Signals,
  sampleCount,
  sampleTimeS,
  type TimeBase,
} from '../../model/index.ts';
import { turnOfDirection, turnOfRates } from './turn.ts';

/** A curve of motion on an even grid. */
export interface MotionCue {
  /** `thigh.right` or `angle:knee.flexion.right`; undefined where the source does not say what moves */
  key?: string;
  /** in words, for the basis */
  name: string;
  startS: number;
  /** smooth, finite · shape [N] at `CUE_RATE_HZ` */
  values: Float64Array;
  /** how far the segment has turned about its main axis, of either sign · same grid */
  turn?: Float64Array;
}

/** Everything comparable that one clock has. */
export interface ClockCues {
  clock: string;
  /** inputs the clock occurs in, by role and place in its list */
  inputs: { input: string; index: number }[];
  triggers: { name: string; timesS: number[]; stepS: number }[];
  events: { label: string; timeS: number }[];
  /** smoothed at 4 Hz */
  motion: MotionCue[];
  /** the same, smoothed at 1.2 Hz: slow bends before a camera whose joints jitter */
  slowMotion: MotionCue[];
  fromS: number;
  toS: number;
}

/** Rate at which curves of motion are compared · Hz */
export const CUE_RATE_HZ = 100;
/** Low enough for the jitter of a camera's joints, high enough for steps · Hz */
const CORNER_HZ = 4;
const SLOW_CORNER_HZ = 1.2;

/** Gathers the cues of all inputs by clock, in order of first appearance. */
export function gatherCues(inputs: {
  signals?: readonly ArtifactValue[];
  sequences?: readonly ArtifactValue[];
  events?: readonly ArtifactValue[];
}): ClockCues[] {
  const clocks = new Map<string, ClockCues>();
  const of = (clock: string, input: string, index: number): ClockCues => {
    const found = clocks.get(clock);
    const cues = found ?? {
      clock,
      inputs: [],
      triggers: [],
      events: [],
      motion: [],
      slowMotion: [],
      fromS: Number.POSITIVE_INFINITY,
      toS: Number.NEGATIVE_INFINITY,
    };
    if (!found) clocks.set(clock, cues);
    cues.inputs.push({ input, index });
    return cues;
  };
  for (const [index, { payload }] of (inputs.sequences ?? []).entries()) {
    const sequence = payload as TimeBase & { names?: string[]; positions?: unknown };
    const cues = of(sequence.clock, 'sequences', index);
    if (!sequence.names) continue;
    const points = payload as PointSequence;
    stretch(cues, points, frameCount(points));
    cues.motion.push(...pointCues(points, CORNER_HZ));
    cues.slowMotion.push(...pointCues(points, SLOW_CORNER_HZ));
  }
  for (const [index, { payload }] of (inputs.signals ?? []).entries()) {
    const signals = payload as Signals;
    const cues = of(signals.clock, 'signals', index);
    stretch(cues, signals, sampleCount(signals));
    for (const channel of signals.channels) if (isTrigger(channel)) addTrigger(cues, signals, channel);
    cues.motion.push(...sensorCues(signals, CORNER_HZ), ...angleCues(signals, CORNER_HZ));
    cues.slowMotion.push(...sensorCues(signals, SLOW_CORNER_HZ), ...angleCues(signals, SLOW_CORNER_HZ));
  }
  for (const [index, { payload }] of (inputs.events ?? []).entries()) {
    const list = payload as EventList;
    const cues = of(list.clock, 'events', index);
    for (const { label, timeS, side } of list.events) {
      cues.events.push({ label: `${label.trim().toLowerCase()}${side ? ` ${side}` : ''}`, timeS });
      cues.fromS = Math.min(cues.fromS, timeS);
      cues.toS = Math.max(cues.toS, timeS);
    }
  }
  return [...clocks.values()];
}

function stretch(cues: ClockCues, base: TimeBase, count: number): void {
  if (count === 0) return;
  cues.fromS = Math.min(cues.fromS, sampleTimeS(base, 0));
  cues.toS = Math.max(cues.toS, sampleTimeS(base, count - 1));
}

/** A trigger by its name; a channel that only looks like one is none. */
function isTrigger({ name, quantity }: SignalChannel): boolean {
  return quantity === 'other' && /trig|sync|ttl|pulse|footswitch out|start.?stop/i.test(name);
}

/** Rising edges through the middle of the two levels, between samples. */
function addTrigger(cues: ClockCues, signals: Signals, { name, values }: SignalChannel): void {
  const seen = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  if (seen.length < 2) return;
  const [low, high] = [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
  const middle = (low + high) / 2;
  const noise = quantile(seen, 0.5);
  // the middle must lie well outside of what the channel does at rest
  if (high - low < 1e-9 || Math.abs(noise - middle) < 0.2 * (high - low)) return;
  const timesS: number[] = [];
  for (let i = 1; i < values.length; i++) {
    if (!(values[i - 1] < middle && values[i] >= middle)) continue;
    const share = (middle - values[i - 1]) / (values[i] - values[i - 1]);
    timesS.push(sampleTimeS(signals, i - 1 + share));
  }
  if (timesS.length) cues.triggers.push({ name, timesS, stepS: 1 / signals.rateHz });
}

/** Angular speed of each gyroscope and of each orientation. */
function sensorCues(signals: Signals, cornerHz: number): MotionCue[] {
  const groups = new Map<string, SignalChannel[]>();
  for (const channel of signals.channels) {
    if (channel.quantity !== 'angular-rate' && channel.quantity !== 'orientation') continue;
    const id = `${channel.sensor ?? ''}|${channel.quantity}`;
    groups.set(id, [...(groups.get(id) ?? []), channel]);
  }
  return [...groups.values()].flatMap((channels) => {
    const [{ quantity, sensor, segment, side }] = channels;
    const axes = (quantity === 'orientation' ? ['w', 'x', 'y', 'z'] : ['x', 'y', 'z']).map((axis) =>
      channels.find((channel) => channel.axis === axis),
    );
    if (axes.some((channel) => !channel)) return [];
    const smooth = axes.map((channel) => onGrid(signals, (channel as SignalChannel).values, cornerHz));
    const name = `${quantity === 'orientation' ? 'turning of' : 'gyroscope'} ${sensor ?? channels[0].name}`;
    const values = quantity === 'orientation' ? quaternionSpeed(smooth) : lengthOf(smooth);
    const turn = quantity === 'orientation' ? undefined : turnOfRates(smooth, CUE_RATE_HZ);
    return [cue(signals, name, keyOf(segment, side), values, turn)];
  });
}

function keyOf(segment?: string, side?: string): string | undefined {
  return segment && [segment, side].filter(Boolean).join('.');
}

function cue(
  base: TimeBase,
  name: string,
  key: string | undefined,
  values: Float64Array,
  turn?: Float64Array,
): MotionCue {
  const startS = sampleTimeS(base, 0);
  return { ...(key ? { key } : {}), name, startS, values: finite(values), ...(turn ? { turn } : {}) };
}

/** Speed of each angle. */
function angleCues(signals: Signals, cornerHz: number): MotionCue[] {
  return signals.channels
    .filter(({ quantity }) => quantity === 'angle')
    .slice(0, 24)
    .map(({ name, values }) => {
      const plain = name.split(' (')[0];
      return cue(signals, `speed of ${plain}`, `angle:${plain}`, speedOf([onGrid(signals, values, cornerHz)]));
    });
}

/** Bones whose direction shows how a segment turns. */
const BONES: readonly (readonly [segment: string, from: string, to: string])[] = [
  ['thorax', 'pelvis', 'thorax'],
  ['lumbar', 'spine', 'thorax'],
  ...(['left', 'right'] as const).flatMap((side): [string, string, string][] => [
    [`thigh.${side}`, `hip.${side}`, `knee.${side}`],
    [`shank.${side}`, `knee.${side}`, `ankle.${side}`],
    [`upperArm.${side}`, `shoulder.${side}`, `elbow.${side}`],
    [`forearm.${side}`, `elbow.${side}`, `wrist.${side}`],
  ]),
];

/** Angular speed of the bones of a skeleton; of markers, how fast they move as a whole. */
function pointCues(points: PointSequence, cornerHz: number): MotionCue[] {
  const track = (name: string) => {
    const k = points.names.indexOf(name);
    if (k < 0) return undefined;
    return [0, 1, 2].map((axis) => {
      const values = new Float64Array(frameCount(points));
      for (let i = 0; i < values.length; i++) values[i] = points.positions[3 * (i * points.names.length + k) + axis];
      return onGrid(points, values, cornerHz);
    });
  };
  const bones = BONES.flatMap(([segment, from, to]) => {
    const [a, b] = [track(from), track(to)];
    if (!a || !b) return [];
    const direction = a.map((values, axis) => values.map((value, i) => b[axis][i] - value));
    const length = lengthOf(direction);
    const unit = direction.map((values) => values.map((value, i) => value / length[i]));
    return [cue(points, `turning of ${segment}`, segment, speedOf(unit), turnOfDirection(unit, CUE_RATE_HZ))];
  });
  if (bones.length) return bones;
  const speeds = points.names.slice(0, 60).map((name) => speedOf(track(name) ?? []));
  if (speeds.length === 0) return [];
  const together = speeds[0].map((_, i) => {
    const seen = speeds.map((values) => values[i]).filter((value) => !Number.isNaN(value));
    return seen.length ? seen.reduce((sum, value) => sum + value, 0) / seen.length : Number.NaN;
  });
  return [cue(points, 'speed of the points', undefined, together)];
}

/** Smooth values of a channel at the common rate, from its first to its last sample. */
function onGrid(base: TimeBase, values: Float32Array | Float64Array, cornerHz: number): Float64Array {
  const n = values.length;
  const times = base.timeS ?? Float64Array.from({ length: n }, (_, i) => base.startS + i / base.rateHz);
  const [from, to] = [times[0], times[n - 1]];
  const grid = (rateHz: number) =>
    Float64Array.from({ length: Math.floor((to - from) * rateHz + 1e-6) + 1 }, (_, i) => from + i / rateHz);
  const smoothAt = (samples: Float32Array | Float64Array, rateHz: number): Float64Array => {
    if (cornerHz >= 0.45 * rateHz) return Float64Array.from(samples);
    const sections = butterworth({ band: 'low-pass', order: 2, cutoffHz: cornerHz, rateHz });
    return samples.length > edgeLength(sections)
      ? filterAcrossGaps(sections, samples, rateHz / 2)
      : Float64Array.from(samples);
  };
  if (!base.timeS) return cubicAt(times, smoothAt(values, base.rateHz), grid(CUE_RATE_HZ));
  const even = interpolateAt(times, values, grid(CUE_RATE_HZ));
  return smoothAt(even, CUE_RATE_HZ);
}

/**
 * Values between smooth samples by a cubic through four (Catmull–Rom); straight lines would shift steep flanks of slow recordings.
 */
function cubicAt(times: ArrayLike<number>, values: Float64Array, atS: Float64Array): Float64Array {
  const out = new Float64Array(atS.length);
  const last = values.length - 1;
  const rate = last / (times[last] - times[0]);
  for (let k = 0; k < atS.length; k++) {
    const at = Math.max(0, Math.min(last, (atS[k] - times[0]) * rate));
    const i = Math.min(last - 1, Math.floor(at));
    const t = at - i;
    const [a, b] = [values[i], values[Math.min(last, i + 1)]];
    const before = i > 0 ? values[i - 1] : 2 * a - b;
    const after = i + 2 <= last ? values[i + 2] : 2 * b - a;
    out[k] = a + (t / 2) * (b - before + t * (2 * before - 5 * a + 4 * b - after + t * (3 * (a - b) + after - before)));
  }
  return out;
}

function lengthOf(parts: readonly Float64Array[]): Float64Array {
  return parts[0].map((_, i) => Math.hypot(...parts.map((values) => values[i])));
}

/** Length of the change per second of a vector, by central differences. */
function speedOf(parts: readonly Float64Array[]): Float64Array {
  const n = parts[0]?.length ?? 0;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [Math.max(0, i - 1), Math.min(n - 1, i + 1)];
    out[i] = (Math.hypot(...parts.map((values) => values[b] - values[a])) * CUE_RATE_HZ) / Math.max(1, b - a);
  }
  return out;
}

function quaternionSpeed(parts: readonly Float64Array[]): Float64Array {
  return parts[0].map((_, i) => {
    const [a, b] = [Math.max(0, i - 1), Math.min(parts[0].length - 1, i + 1)];
    const dot = parts.reduce((sum, values) => sum + values[a] * values[b], 0);
    return (2 * Math.acos(Math.min(1, Math.abs(dot))) * CUE_RATE_HZ) / Math.max(1, b - a);
  });
}

/** Missing values become the mean, which a correlation does not see. */
function finite(values: Float64Array): Float64Array {
  let [sum, n] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return values.map((value) => (Number.isFinite(value) ? value : n ? sum / n : 0));
}
