/**
 * Repetitions in a self-similarity matrix: how alike a recording is to itself some time later, and the lag at which that peaks.
 * O(frames²).
 */
import { expectArgument } from '../argument-error.ts';

/** Repetition found in a recording. */
export interface Repetition {
  /** frames between two repetitions, with a fraction; NaN where nothing repeats */
  readonly period: number;
  /** frames of the recording over the period; 1 where nothing repeats */
  readonly count: number;
  /** how much more alike a period later than half a period later · 0 to 1 */
  readonly strength: number;
  /** mean squared distance at each lag, over the mean of all lags; empty for fewer than 8 frames · shape [lags] */
  readonly profile: Float64Array;
}

/**
 * Counts the repetitions in a self-similarity matrix.
 *
 * The mean squared distance over each diagonal is the recording against itself at that lag; its first clear minimum is the period. Lags
 * up to two thirds of the recording are looked at, so at least one and a half repetitions have to be there.
 *
 * @param distances - frame i against frame j at `n·i + j`, 0 on the diagonal · shape [n²]
 * @param options - `minLag` shortest period that is believed · frames · default 4; `minStrength` default 0.3
 * @throws ArgumentError a matrix of another size
 */
export function countRepetitions(
  distances: ArrayLike<number>,
  n: number,
  options: { readonly minLag?: number; readonly minStrength?: number } = {},
): Repetition {
  expectArgument(distances.length === n * n, 'distances', distances.length, `${n} times ${n} numbers`);
  const { minLag = 4, minStrength = 0.3 } = options;
  const none = { period: Number.NaN, count: 1, strength: 0 };
  const lags = Math.floor((2 * n) / 3);
  if (n < 8 || lags <= minLag + 1) return { ...none, profile: new Float64Array(0) };
  const profile = diagonalMeans(distances, n, lags);
  const scale = profile.reduce((sum, v) => sum + v, 0) / lags;
  if (!(scale > 0)) return { ...none, profile };
  for (let lag = 0; lag < lags; lag++) profile[lag] /= scale;
  let best = -1;
  let depth = minStrength;
  for (let lag = minLag; lag < lags - 1; lag++) {
    if (profile[lag] > profile[lag - 1] || profile[lag] > profile[lag + 1]) continue;
    let crest = 0;
    for (let u = 1; u < lag; u++) crest = Math.max(crest, profile[u]);
    const strength = crest > 0 ? 1 - profile[lag] / crest : 0;
    // a later minimum must be clearly deeper: twice the period is as good as the period
    if (strength <= (best < 0 ? depth : depth + 0.15)) continue;
    best = lag;
    depth = strength;
  }
  if (best < 0) return { ...none, profile };
  const [a, b, c] = [profile[best - 1], profile[best], profile[best + 1]];
  const bend = a - 2 * b + c;
  const period = best + (bend > 0 ? (0.5 * (a - c)) / bend : 0);
  return { period, count: n / period, strength: depth, profile };
}

function diagonalMeans(distances: ArrayLike<number>, n: number, lags: number): Float64Array {
  const means = new Float64Array(lags);
  for (let lag = 0; lag < lags; lag++) {
    for (let i = 0; i + lag < n; i++) means[lag] += distances[n * i + i + lag] ** 2;
    means[lag] /= n - lag;
  }
  return means;
}
