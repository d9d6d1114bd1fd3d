/**
 * Order statistics: quantiles by a sorted copy (typed arrays sort numerically in O(n log n)), and robust spread.
 * Not a number (NaN) sorts last and is the caller's to remove.
 */
import { expectArgument } from '../argument-error.ts';

/** Turns a median absolute deviation into the standard deviation of normal data: 1 / Φ⁻¹(0.75). */
export const MAD_TO_SD = 1.482602218505602;

/**
 * Arithmetic mean.
 *
 * @throws ArgumentError on an empty list
 * @example mean([1, 2, 6]) // 3
 */
export function mean(values: ArrayLike<number>): number {
  expectArgument(values.length > 0, 'values', values.length, 'at least one value');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Standard deviation of a sample (divides by n - 1), two passes; 0 for a single value.
 *
 * @throws ArgumentError on an empty list
 * @example standardDeviation([2, 4, 4, 4, 6]) // 1.4142135623730951
 */
export function standardDeviation(values: ArrayLike<number>): number {
  const m = mean(values);
  if (values.length < 2) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * Quantile with linear interpolation between order statistics (Hyndman & Fan 1996 type 7, the default of NumPy and R).
 *
 * @param values - any order, left untouched
 * @param p - share of the values below · [0, 1]
 * @throws ArgumentError on an empty list or p outside [0, 1]
 * @example quantile([4, 1, 3, 2], 0.25) // 1.75
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p);
}

/**
 * Quantile of values that are already ascending.
 *
 * @param sorted - ascending
 * @param p - share of the values below · [0, 1]
 * @throws ArgumentError on an empty list or p outside [0, 1]
 * @example quantileSorted([10, 20], 0.5) // 15
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  expectArgument(sorted.length > 0, 'values', sorted.length, 'at least one value');
  expectArgument(p >= 0 && p <= 1, 'p', p, 'a number in [0, 1]');
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/**
 * Middle value.
 *
 * @throws ArgumentError on an empty list
 * @example median([5, 1, 9, 2]) // 3.5
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Median absolute deviation from the median, unscaled; times {@link MAD_TO_SD} it estimates a standard deviation.
 *
 * @throws ArgumentError on an empty list
 * @example mad([1, 2, 3, 4, 100]) // 1
 */
export function mad(values: ArrayLike<number>): number {
  const m = median(values);
  return median(Float64Array.from(values, (v) => Math.abs(v - m)));
}
