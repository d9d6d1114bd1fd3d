/**
 * Body segments from orientation signals: which sensor sits on which segment, all on one time base. Sensors of another rate are turned to
 * the samples of the first by the shorter arc. O(sensors · samples).
 */

import { quaternionAt, slerp } from '../../kernel/index.ts';
import {
  type ArtifactValue,
  BODY_SEGMENTS,
  MsdtError,
  type QualityFlag,
  type SignalChannel,
  type Signals,
  sampleAt,
  sampleCount,
  sampleTimeS,
  type TimeBase,
} from '../../model/index.ts';

/** One segment with its sensor's orientation. */
export interface SegmentTrack {
  /** `thigh.left`, `pelvis` */
  id: string;
  segment: string;
  side?: 'left' | 'right';
  sensor: string;
  /** sensor to earth `[w, x, y, z]`, NaN where missing · shape [4N] */
  q: Float64Array;
  /** the sensor's heading counts from anywhere and drifts */
  relative: boolean;
  /** names of its channels in the orientation input, and which input */
  channels: string[];
  source: number;
}

/** Segments of one recording on one time base. */
export interface Segments {
  base: TimeBase;
  count: number;
  tracks: SegmentTrack[];
  quality: QualityFlag[];
}

/** Segments that come once, whatever side their sensor's name speaks of. */
const MIDLINE = new Set(['head', 'thorax', 'lumbar', 'pelvis']);

/**
 * Reads `sensor=segment.side` pairs.
 * @throws MsdtError `parameter.invalid` a pair that is none, or no segment of the body
 * @example parseMapping('A=pelvis, B=thigh.left').get('B') // 'thigh.left'
 */
export function parseMapping(text: string): Map<string, string> {
  const mapping = new Map<string, string>();
  for (const pair of text.split(/[,;\n]/)) {
    if (!pair.trim()) continue;
    const [sensor, id] = pair.split('=').map((part) => part.trim());
    const [segment, side] = (id ?? '').split('.');
    const known = (BODY_SEGMENTS as readonly string[]).includes(segment) && (!side || /^(left|right)$/.test(side));
    if (!sensor || !known) {
      throw new MsdtError('parameter.invalid', `"${pair.trim()}" does not name a sensor's segment`, {
        detail: `segments are ${BODY_SEGMENTS.join(', ')}, with .left or .right where they are paired`,
        hint: 'Write sensor=segment pairs, for example "A=pelvis, B=thigh.left".',
      });
    }
    mapping.set(sensor, id);
  }
  return mapping;
}

/** What is known of sensors beside their orientation. */
export interface SegmentKnowledge {
  /** sensor → segment, over what the file says */
  mapping: ReadonlyMap<string, string>;
  /** sensors share one heading (`shared`), each has its own (`own`), or their doubts and raw samples tell (`auto`) */
  headings: 'auto' | 'shared' | 'own';
  /** samples of the same sensors */
  raw: readonly ArtifactValue<'signal.imu'>[];
}

/** Segments of the recordings that share a clock with the first; where two sensors share a segment the first stays. */
export function segmentsOf(
  inputs: readonly ArtifactValue<'signal.orientation'>[],
  { mapping, headings, raw }: SegmentKnowledge,
): Segments {
  const quality: QualityFlag[] = [];
  const tracks: SegmentTrack[] = [];
  let base: TimeBase | undefined;
  let count = 0;
  inputs.forEach(({ payload, quality: flags = [] }, source) => {
    for (const [sensor, channels] of bySensor(payload)) {
      const id = idOf(sensor, channels, mapping);
      if (!id) continue;
      if (!base) {
        const { clock, startS, rateHz, timeS } = payload;
        base = { clock, startS, rateHz, ...(timeS ? { timeS } : {}) };
        count = sampleCount(payload);
      }
      const problem = problemOf(id, sensor, payload, base, tracks);
      if (problem) {
        quality.push(problem);
        continue;
      }
      const [segment, side] = id.split('.') as [string, 'left' | 'right' | undefined];
      const flagged = flags.some(({ code, where }) => code === 'imu.heading-relative' && where === sensor);
      const relative = headings === 'own' || (headings === 'auto' && (flagged || lacksField(sensor, raw)));
      const q = onBase(interleave(channels), payload, base, count);
      const names = channels.map(({ name }) => name);
      tracks.push({ id, segment, ...(side ? { side } : {}), sensor, q, relative, channels: names, source });
    }
  });
  return { base: base ?? { clock: '', startS: 0, rateHz: 1 }, count, tracks, quality };
}

/** The raw samples show a sensor of six axes, which nothing can give a heading in common with others. */
function lacksField(sensor: string, raw: readonly ArtifactValue<'signal.imu'>[]): boolean {
  const own = raw.flatMap(({ payload }) => payload.channels).filter((channel) => channel.sensor === sensor);
  const has = (quantity: SignalChannel['quantity']) => own.some((channel) => channel.quantity === quantity);
  return has('angular-rate') && !has('magnetic-field') && !has('orientation');
}

function bySensor({ channels }: Signals): [string, SignalChannel[]][] {
  const groups = new Map<string, SignalChannel[]>();
  for (const channel of channels) {
    if (channel.quantity !== 'orientation') continue;
    const id = channel.sensor ?? channel.name.replace(/[_.]?[wxyz]$/i, '');
    groups.set(id, [...(groups.get(id) ?? []), channel]);
  }
  return [...groups].flatMap(([sensor, own]): [string, SignalChannel[]][] => {
    const named = (['w', 'x', 'y', 'z'] as const).map((axis) => own.find((channel) => channel.axis === axis));
    return named.every((part) => part !== undefined) ? [[sensor, named]] : [];
  });
}

function idOf(sensor: string, channels: readonly SignalChannel[], mapping: ReadonlyMap<string, string>) {
  const given = mapping.get(sensor);
  if (given) return given;
  const { segment, side } = channels[0];
  if (!segment) return undefined;
  return MIDLINE.has(segment) || !side ? segment : `${segment}.${side}`;
}

function problemOf(
  id: string,
  sensor: string,
  { clock }: Signals,
  base: TimeBase,
  tracks: readonly SegmentTrack[],
): QualityFlag | undefined {
  const about = { severity: 'doubt' as const, where: sensor };
  if (clock !== base.clock)
    return { ...about, code: 'segment.clock', message: `It runs on the clock ${clock}; align the clocks first.` };
  const twin = tracks.find((track) => track.id === id);
  if (twin)
    return { ...about, code: 'segment.twice', message: `${id} already has ${twin.sensor}; this sensor was left out.` };
  return undefined;
}

function interleave(channels: readonly SignalChannel[]): Float64Array {
  const n = channels[0].values.length;
  return Float64Array.from({ length: 4 * n }, (_, i) => channels[i % 4].values[i >> 2]);
}

function onBase(q: Float64Array, own: TimeBase, base: TimeBase, count: number): Float64Array {
  const n = q.length / 4;
  const same = own.startS === base.startS && own.rateHz === base.rateHz && own.timeS === base.timeS && n === count;
  if (same) return q;
  const out = new Float64Array(4 * count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const time = sampleTimeS(base, i);
    const at = sampleAt(own, time, n);
    if (at < 0) continue;
    const next = Math.min(n - 1, at + 1);
    const [from, to] = [sampleTimeS(own, at), sampleTimeS(own, next)];
    // half a period past the end is still the last sample
    if (next === at && time - from > 0.5 / own.rateHz) continue;
    const share = to > from ? Math.min(1, (time - from) / (to - from)) : 0;
    if (!Number.isNaN(q[4 * at] + q[4 * next]))
      out.set(slerp(quaternionAt(q, at), quaternionAt(q, next), share), 4 * i);
  }
  return out;
}
