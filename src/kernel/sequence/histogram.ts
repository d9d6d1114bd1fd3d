/** Histograms and how far they are apart. O(bins). */
import { expectArgument } from '../argument-error.ts';

/**
 * Shares of values in equal bins from 0 to `most`; larger values count in the last bin, missing ones (NaN) not at all.
 *
 * @returns shares that sum to 1, all 0 without a value · shape [bins]
 * @throws ArgumentError no bins or a range that is not above 0
 * @example histogramShares([0.1, 0.2, 0.9, 7], 2, 1) // Float64Array.of(0.5, 0.5)
 */
export function histogramShares(values: ArrayLike<number>, bins: number, most: number): Float64Array {
  expectArgument(bins >= 1 && most > 0, 'most', most, 'a range above 0 and at least one bin');
  const out = new Float64Array(bins);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    out[Math.max(0, Math.min(bins - 1, Math.floor((v / most) * bins)))]++;
    total++;
  }
  if (total > 0) for (let b = 0; b < bins; b++) out[b] /= total;
  return out;
}

/**
 * Chi-square distance of two histograms: half the sum of (a - b)² / (a + b); 0 for equal, 1 for shares without overlap.
 *
 * @throws ArgumentError different lengths
 * @example chiSquareDistance([1, 0], [0, 1]) // 1
 */
export function chiSquareDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expectArgument(a.length === b.length, 'b', b.length, `${a.length} bins`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (both > 0) sum += (a[i] - b[i]) ** 2 / both;
  }
  return sum / 2;
}

/**
 * Earth mover's distance of two histograms over the same bins of a line: how many bins a share has to travel on average.
 *
 * @returns bins
 * @throws ArgumentError different lengths
 * @see Rubner et al. 2000; on a line it is the sum of the differences of the cumulative shares
 * @example earthMoverDistance([1, 0, 0], [0, 0, 1]) // 2
 */
export function earthMoverDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expectArgument(a.length === b.length, 'b', b.length, `${a.length} bins`);
  let [carried, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    carried += a[i] - b[i];
    sum += Math.abs(carried);
  }
  return sum;
}
