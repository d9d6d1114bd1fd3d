/**
 * Extremes of a noisy track: the least and greatest of many samples lie outside the true ones, the further the more samples come near.
 * Of m independent normal errors the greatest is expected at sd·√(2 ln m) at most. O(frames).
 */

import type { Uncertainty } from '../../../model/index.ts';

/** What smoothing left of the noise of a track. */
export interface Smoothing {
  /** noise that is left beside noise that was taken away, as standard deviations */
  remains: number;
  /** independent samples in one frame · at most 1 */
  looksPerFrame: number;
}

/** Noise bandwidths of the two-pass second-order Butterworth filter beside its one-pass corner: of what passes, and of what it takes from white noise. */
const PASSES = (3 * Math.PI) / (8 * Math.SQRT2);
const TAKES = (5 * Math.PI) / (8 * Math.SQRT2);
const ONE_PASS_CORNER = (Math.SQRT2 - 1) ** -0.25;

/** What a zero-phase low-pass of a corner leaves of white noise. */
export function smoothingOf(cornerHz: number, rateHz: number): Smoothing {
  const share = (2 * cornerHz * ONE_PASS_CORNER) / rateHz;
  const taken = Math.max(0.05, 1 - TAKES * share);
  return {
    remains: Math.sqrt(Math.min(1, PASSES * share) / taken),
    looksPerFrame: Math.min(1, (2 * cornerHz) / rateHz),
  };
}

/**
 * How far noise alone is expected to have pushed an extreme outwards, in the unit of the values.
 * @param stretch - first and last frame
 * @param takenSd - standard deviation of what smoothing took away
 */
export function outwardBias(
  values: Float64Array,
  extreme: number,
  [start, end]: readonly [number, number],
  takenSd: number,
  { remains, looksPerFrame }: Smoothing,
): number {
  const sd = remains * takenSd;
  let near = 0;
  for (let i = start; i <= end; i++) if (Math.abs(values[i] - extreme) <= 2 * sd) near++;
  const looks = near * looksPerFrame;
  return looks > 1 ? sd * Math.sqrt(2 * Math.log(looks)) : 0;
}

/** An interval that reaches further down (below < 0) or up by what noise may have added to the value. */
export function widened(uncertainty: Uncertainty, by: number): Uncertainty {
  if (uncertainty.kind !== 'interval' || by === 0) return uncertainty;
  const { low, high } = uncertainty;
  const method = `${uncertainty.method}; noise pushes extremes outwards, so it reaches further inwards`;
  return { ...uncertainty, low: Math.min(low, low + by), high: Math.max(high, high + by), method };
}
