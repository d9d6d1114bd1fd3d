/**
 * Phases of bending forward, from events or from the trunk angle, and what the back muscles do in them. O(n).
 *
 * From an angle: standing is its lowest tenth, a bend is what rises above half of the way to its highest value, full flexion is where
 * the trunk is still (below 5 deg/s) above nine tenths of the bend's own peak, less 15 % at both ends, or all above nine tenths where it
 * never is still;
 * flexion goes from one tenth up to there and extension back down to one tenth. Taking all above nine tenths brings the last of flexion
 * and the first of extension in, where the muscle still works: a true ratio of 11.9 came out as 1.2.
 */
import { amplitudeOf, interpolateAt, quantile } from '../../../kernel/index.ts';
import { type EventList, type Signals, sampleTimeS } from '../../../model/index.ts';

/** Least range of a trunk angle that counts as bending · deg */
const LEAST_BEND_DEG = 30;
/** Below this the trunk is still · deg/s */
export const STILL_DEG_S = 5;
/** Share of a still stretch that is left out at both ends, where the muscle still or already works */
const TRIM = 0.15;
/** A window of amplitude is a third of its phase, but within these · s */
const WINDOW_S = [0.25, 1] as const;

/** One bend. */
export interface Bend {
  flexion: [fromS: number, toS: number];
  full: [fromS: number, toS: number];
  extension: [fromS: number, toS: number];
}

/**
 * Bends named by events: `flexion`, `full flexion` (or `hold`, `relaxation`), `extension`, each with its end, in this order.
 */
export function bendsOfEvents({ events }: EventList): Bend[] {
  const phases = events
    .filter(({ endS }) => endS !== undefined)
    .map(({ label, timeS, endS }) => ({ kind: phaseOf(label), span: [timeS, endS as number] as [number, number] }))
    .filter(({ kind }) => kind !== undefined)
    .sort((a, b) => a.span[0] - b.span[0]);
  const bends: Bend[] = [];
  for (let i = 0; i + 2 < phases.length; i++) {
    const [a, b, c] = [phases[i], phases[i + 1], phases[i + 2]];
    if (a.kind === 'flexion' && b.kind === 'full' && c.kind === 'extension')
      bends.push({ flexion: a.span, full: b.span, extension: c.span });
  }
  return bends;
}

function phaseOf(label: string): 'flexion' | 'full' | 'extension' | undefined {
  const text = label.toLowerCase();
  if (/full|hold|held|relax|static|end.?range/.test(text)) return 'full';
  if (/re-?exten|exten|return|raise|up\b/.test(text)) return 'extension';
  if (/flex|bend|forward|down\b/.test(text)) return 'flexion';
  return undefined;
}

/** An angle over time. */
export interface AngleCourse {
  name: string;
  /** s of the recording's clock · shape [N] */
  timeS: Float64Array;
  /** deg · shape [N] */
  deg: Float64Array;
}

/**
 * The trunk's flexion among the channels of an angle recording: by name or segment, otherwise the one that moves most.
 *
 * @param toClock - takes a time of the angle's clock to that of the recording
 * @returns undefined without a channel in deg or rad
 */
export function trunkAngle(signals: Signals, toClock: (timeS: number) => number): AngleCourse | undefined {
  const angles = signals.channels.filter(({ unit }) => unit === 'deg' || unit === 'rad');
  const rank = ({ name, segment }: (typeof angles)[number]): number => {
    const trunk = /trunk|lumbar|thorax|spine|back|pelvis/i.test(`${name} ${segment ?? ''}`);
    const flexion = /flex|sagittal|pitch|extension|tilt/i.test(name);
    return (trunk ? 2 : 0) + (flexion ? 1 : 0);
  };
  const range = (values: ArrayLike<number>): number => {
    const finite = Array.from(values).filter(Number.isFinite);
    return finite.length ? quantile(finite, 0.99) - quantile(finite, 0.01) : 0;
  };
  const [best] = [...angles].sort((a, b) => rank(b) - rank(a) || range(b.values) - range(a.values));
  if (!best) return undefined;
  const factor = best.unit === 'rad' ? 180 / Math.PI : 1;
  const timeS = Float64Array.from({ length: best.values.length }, (_, i) => toClock(sampleTimeS(signals, i)));
  return { name: best.name, timeS, deg: Float64Array.from(best.values, (v) => v * factor) };
}

/**
 * Bends in an angle, of either sign: away from the posture in which the recording starts and ends.
 */
export function bendsOfAngle({ timeS, deg }: AngleCourse): Bend[] {
  const finite = deg.filter(Number.isFinite);
  if (finite.length < 10) return [];
  const [low, high] = [0.02, 0.98].map((p) => quantile(finite, p));
  if (high - low < LEAST_BEND_DEG) return [];
  const edge = Math.max(1, Math.round(0.02 * finite.length));
  const start = quantile([...finite.subarray(0, edge), ...finite.subarray(-edge)], 0.5);
  const sign = high - start >= start - low ? 1 : -1;
  const upright = sign > 0 ? quantile(finite, 0.1) : -quantile(finite, 0.9);
  const flexed = deg.map((v) => sign * v - upright);
  const top = quantile(flexed.filter(Number.isFinite), 0.98);
  const bends: Bend[] = [];
  for (let i = 0; i < flexed.length; i++) {
    if (!(flexed[i] > top / 2)) continue;
    let end = i;
    let peak = 0;
    for (; end < flexed.length && !(flexed[end] <= top / 2); end++) peak = Math.max(peak, flexed[end] || 0);
    const bend = bendAround({ timeS, flexed, peak, from: i, to: end });
    if (bend) bends.push(bend);
    i = end;
  }
  return bends;
}

interface Around {
  timeS: Float64Array;
  flexed: Float64Array;
  peak: number;
  from: number;
  to: number;
}

function bendAround({ timeS, flexed, peak, from, to }: Around): Bend | undefined {
  let [start, end, first, last] = [from, to - 1, from, to - 1];
  while (start > 0 && flexed[start] > 0.1 * peak) start--;
  while (end < flexed.length - 1 && flexed[end] > 0.1 * peak) end++;
  while (first < to && !(flexed[first] >= 0.9 * peak)) first++;
  while (last > first && !(flexed[last] >= 0.9 * peak)) last--;
  [first, last] = stillPart(timeS, flexed, [first, last]);
  // a bend that the recording cuts off, or that does not stay, has no phases
  if (flexed[start] > 0.1 * peak || flexed[end] > 0.1 * peak || timeS[last] - timeS[first] < WINDOW_S[0])
    return undefined;
  return {
    flexion: [timeS[start], timeS[first]],
    full: [timeS[first], timeS[last]],
    extension: [timeS[last], timeS[end]],
  };
}

/** Longest still stretch within samples of a bend; all of them where none lasts. */
function stillPart(timeS: Float64Array, flexed: Float64Array, [from, to]: [number, number]): [number, number] {
  const step = Math.max(1, Math.round((WINDOW_S[0] / 2) * ((to - from) / (timeS[to] - timeS[from] || 1))));
  let best: [number, number] = [from, from];
  let begun = -1;
  for (let i = from; i <= to + 1; i++) {
    const [a, b] = [Math.max(from, i - step), Math.min(to, i + step)];
    const still = i <= to && Math.abs(flexed[b] - flexed[a]) < STILL_DEG_S * (timeS[b] - timeS[a]);
    if (still && begun < 0) begun = i;
    if (!still && begun >= 0) {
      if (i - 1 - begun > best[1] - best[0]) best = [begun, i - 1];
      begun = -1;
    }
  }
  if (timeS[best[1]] - timeS[best[0]] < WINDOW_S[0]) return [from, to];
  const trim = Math.floor(TRIM * (best[1] - best[0]));
  const middle: [number, number] = [best[0] + trim, best[1] - trim];
  return timeS[middle[1]] - timeS[middle[0]] >= WINDOW_S[0] ? middle : best;
}

/** Amplitudes of one bend. */
export interface BendAmplitudes {
  /** largest RMS while bending, mean RMS in full flexion, largest RMS while coming up · µV */
  flexion: number;
  full: number;
  extension: number;
}

/** A clean channel with its time base. */
export interface TimedChannel {
  clean: Float64Array;
  startS: number;
  rateHz: number;
}

/**
 * Amplitudes of one channel in the phases of a bend; NaN where the recording does not reach or too much is missing.
 */
export function bendAmplitudes(channel: TimedChannel, { flexion, full, extension }: Bend): BendAmplitudes {
  return {
    flexion: largestRms(channel, flexion),
    full: rmsWithin(channel, full),
    extension: largestRms(channel, extension),
  };
}

function rmsWithin({ clean, startS, rateHz }: TimedChannel, [fromS, toS]: readonly [number, number]): number {
  const [from, to] = [Math.round((fromS - startS) * rateHz), Math.round((toS - startS) * rateHz)];
  if (from < 0 || to > clean.length) return Number.NaN;
  const { rms, count } = amplitudeOf(clean, rateHz, from, to);
  return count >= 0.5 * (to - from) ? rms : Number.NaN;
}

function largestRms(channel: TimedChannel, [fromS, toS]: readonly [number, number]): number {
  const window = Math.max(WINDOW_S[0], Math.min(WINDOW_S[1], (toS - fromS) / 3));
  let most = Number.NaN;
  for (let at = fromS; at + window <= toS + 1e-9; at += window / 4) {
    const rms = rmsWithin(channel, [at, at + window]);
    if (!(rms <= most)) most = Number.isNaN(rms) ? most : rms;
  }
  return most;
}

/** Effort beside movement. */
export interface Effort {
  /** way of the trunk, up and down · deg */
  wayDeg: number;
  /** IEMG over the time that the angle covers · µV·s */
  integral: number;
  /** share of that IEMG spent while the trunk is slower than `STILL_DEG_S` · % */
  withoutMovement: number;
  fromS: number;
  toS: number;
}

/**
 * Effort of one channel beside the trunk's movement, in steps of a quarter of a second.
 *
 * @returns undefined where recording and angle have less than two seconds in common
 */
export function effortOf(channel: TimedChannel, angle: AngleCourse): Effort | undefined {
  const { clean, startS, rateHz } = channel;
  const step = WINDOW_S[0];
  const fromS = Math.max(startS, angle.timeS[0]);
  const toS = Math.min(startS + clean.length / rateHz, angle.timeS[angle.timeS.length - 1]);
  if (!(toS - fromS >= 2)) return undefined;
  const count = Math.floor((toS - fromS) / step + 1e-9);
  const edges = interpolateAt(
    angle.timeS,
    angle.deg,
    Float64Array.from({ length: count + 1 }, (_, i) => Math.min(toS, fromS + i * step)),
  );
  let [wayDeg, integral, still] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const way = Math.abs(edges[i + 1] - edges[i]);
    const from = Math.round((fromS + i * step - startS) * rateHz);
    const amplitude = amplitudeOf(clean, rateHz, from, from + Math.round(step * rateHz));
    if (!Number.isFinite(way) || amplitude.count === 0) continue;
    wayDeg += way;
    integral += amplitude.integral;
    if (way / step < STILL_DEG_S) still += amplitude.integral;
  }
  return { wayDeg, integral, withoutMovement: (100 * still) / integral, fromS, toS: fromS + count * step };
}
