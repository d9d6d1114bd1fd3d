/** When the whole body stands still, and how each sensor turns. O(sensors · samples). */

import {
  conjugateQuaternion,
  DEG_PER_RAD,
  multiplyQuaternion,
  type Quaternion,
  quaternionAt,
} from '../../kernel/index.ts';
import { type QualityFlag, sampleAt, type TimeBase } from '../../model/index.ts';
import type { Segments } from './segments.ts';

/** Slower than this, smoothed over a quarter of a second, is still · deg/s */
const STILL_DEG_S = 12;
/** Shortest still spell · s */
const SPELL_S = 0.5;

/** Samples from `from` to before `to`. */
export interface Spell {
  from: number;
  to: number;
}

/**
 * Angular rate of a sensor between neighbouring samples, in its own axes; zero at the first.
 * @param q - `[w, x, y, z]` · shape [4N]
 * @returns rad/s · shape [3N] · NaN at gaps
 */
export function ratesOf(q: Float64Array, base: TimeBase): Float64Array {
  const n = q.length / 4;
  const out = new Float64Array(3 * n);
  for (let i = 1; i < n; i++) {
    const [w, x, y, z] = multiplyQuaternion(conjugateQuaternion(quaternionAt(q, i - 1)), quaternionAt(q, i));
    const sine = Math.hypot(x, y, z);
    const step = base.timeS ? base.timeS[i] - base.timeS[i - 1] : 1 / base.rateHz;
    const factor = sine > 1e-12 ? (2 * Math.atan2(sine, Math.abs(w)) * (w < 0 ? -1 : 1)) / sine / step : 0;
    for (const [k, part] of [x, y, z].entries()) out[3 * i + k] = Number.isNaN(w) ? Number.NaN : part * factor;
  }
  return out;
}

/** Marks samples at which the mean rate over a window is not slow: turning to and fro within the window is no motion of the segment. */
function markTurning(rate: Float64Array, half: number, moving: Uint8Array): void {
  const count = moving.length;
  const [sum, lost] = [[0, 0, 0], { samples: 0 }];
  const take = (i: number, sign: 1 | -1) => {
    if (i < 0 || i >= count) return;
    if (Number.isNaN(rate[3 * i])) lost.samples += sign;
    else for (let k = 0; k < 3; k++) sum[k] += sign * rate[3 * i + k];
  };
  for (let i = 0; i < half; i++) take(i, 1);
  for (let i = 0; i < count; i++) {
    take(i + half, 1);
    take(i - half - 1, -1);
    const width = Math.min(count - 1, i + half) - Math.max(0, i - half) + 1;
    const mean = Math.sqrt(sum[0] ** 2 + sum[1] ** 2 + sum[2] ** 2) / width;
    if (lost.samples > 0 || mean * DEG_PER_RAD >= STILL_DEG_S) moving[i] = 1;
  }
}

/** Spells in which no segment turns. */
export function stillSpells(segments: Segments, rates: readonly Float64Array[]): Spell[] {
  const { count, base } = segments;
  const half = Math.max(1, Math.round(base.rateHz / 8));
  const moving = new Uint8Array(count);
  for (const rate of rates) markTurning(rate, half, moving);
  const spells: Spell[] = [];
  for (let from = 0; from < count; from++) {
    if (moving[from]) continue;
    let to = from;
    while (to < count && !moving[to]) to++;
    if ((to - from) / base.rateHz >= SPELL_S) spells.push({ from, to });
    from = to;
  }
  return spells;
}

/** The neutral pose: the window that was given, else the first still spell (two seconds of it at most), else the first half second. */
export function poseWindow(
  segments: Segments,
  spells: readonly Spell[],
  startS: number,
  endS: number,
): { window: Spell; quality: QualityFlag[] } {
  const { base, count } = segments;
  const index = (timeS: number) => Math.max(0, Math.min(count - 1, sampleAt(base, timeS, count)));
  if (endS > startS) return { window: { from: index(startS), to: index(endS) + 1 }, quality: [] };
  const most = Math.max(1, Math.round(2 * base.rateHz));
  if (spells.length > 0) {
    const { from, to } = spells[0];
    return { window: { from, to: Math.min(to, from + most) }, quality: [] };
  }
  const message = 'Nobody stood still, so the first half second was taken as the neutral pose; give its time.';
  return {
    window: { from: 0, to: Math.min(count, Math.max(1, Math.round(base.rateHz / 2))) },
    quality: [{ code: 'segment.pose', severity: 'doubt', message }],
  };
}

/**
 * Mean orientation over a window.
 * @returns unit quaternion; undefined where nothing was seen
 */
export function meanOrientation(q: Float64Array, { from, to }: Spell): Quaternion | undefined {
  const sum = [0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    if (Number.isNaN(q[4 * i])) continue;
    const dot = sum.reduce((total, part, k) => total + part * q[4 * i + k], 0);
    for (let k = 0; k < 4; k++) sum[k] += (dot < 0 ? -1 : 1) * q[4 * i + k];
  }
  const norm = Math.hypot(...sum);
  return norm > 0 ? [sum[0] / norm, sum[1] / norm, sum[2] / norm, sum[3] / norm] : undefined;
}
