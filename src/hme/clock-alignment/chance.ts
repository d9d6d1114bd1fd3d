/**
 * Whether two curves are more alike than unrelated ones of the same rhythm would be somewhere among all offsets. Bartlett's variance of a correlation
 * of two independent series, with the slower fading of both autocorrelations, tells how many independent moments they have; the best of M
 * independent offsets is expected at √(2 ln M) standard deviations. O(n log n).
 *
 * Surrogates were tried and dropped: a bend or a squat backwards looks like itself (0.96 of 0.96), and a rotated recording overlaps with its
 * own rest. The product of both autocorrelations, as Bartlett has it, cancels for two different rhythms and lets a walk fit a squat (chance 0.22,
 * found 0.49); the larger of both squares does not.
 */

import { crossCorrelate } from '../../kernel/index.ts';

/** Two curves on the same grid, and what they weigh. */
export interface ChancePair {
  a: Float64Array;
  b: Float64Array;
  weight: number;
}

/** Lags at which an autocorrelation still has enough to stand on. */
const LAGS_SHARE = 0.75;
/** Fewer independent moments than this cannot tell. */
const FEWEST_MOMENTS = 2;

/** Autocorrelation from lag 0 · 1 at lag 0 */
function fading(values: Float64Array): Float64Array {
  const { values: all, firstLag } = crossCorrelate(values, values, Math.floor(LAGS_SHARE * values.length));
  return Float64Array.from(all.subarray(-firstLag), (value) => (Number.isFinite(value) ? value : 0));
}

/** Sum over all lags of the larger squared autocorrelation: samples that count for one · 1 to N */
function samplesPerMoment({ a, b }: ChancePair): number {
  const n = Math.min(a.length, b.length);
  const [first, second] = [fading(a), fading(b)];
  let sum = 1;
  for (let lag = 1; lag < Math.min(first.length, second.length); lag++)
    sum += 2 * (1 - lag / n) * Math.max(first[lag] ** 2, second[lag] ** 2);
  return Math.min(n, Math.max(1, sum));
}

/**
 * Correlation that unrelated recordings reach at the best of many offsets.
 * @param pairs  - curves that were averaged, each of at least two samples
 * @param offsets - how many offsets were looked at · samples of the grid
 * @param overlapShare - of the shorter curve, how much lay over the other at the best offset · 0 to 1
 * @returns 0 to 1; 1 where nothing can be told
 * @see Bartlett 1946
 */
export function chanceLevel(pairs: readonly ChancePair[], offsets: number, overlapShare = 1): number {
  let [weight, perMoment, length] = [0, 0, 0];
  for (const pair of pairs) {
    weight += pair.weight;
    perMoment += pair.weight * samplesPerMoment(pair);
    length += pair.weight * Math.min(pair.a.length, pair.b.length);
  }
  const moments = weight > 0 ? (overlapShare * length) / perMoment : 0;
  if (moments <= FEWEST_MOMENTS) return 1;
  const independent = Math.max(2, (offsets * weight) / perMoment);
  return Math.tanh(Math.sqrt((2 * Math.log(independent)) / moments));
}
