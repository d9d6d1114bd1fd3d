/** Waves of known content, and how far two of them are apart. */

import { createRandom } from '../../../src/kernel/index.ts';

export const RATE_HZ = 2000;

/** A sine of amplitude 1. */
export function sine(hz: number, count: number, rateHz = RATE_HZ): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));
}

/** White noise of standard deviation 1. */
export function noise(count: number, seed = 3): Float64Array {
  const rng = createRandom(seed);
  return Float64Array.from({ length: count }, () => rng.normal());
}

/** Greatest magnitude. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

/** Greatest distance of two samples at one time. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return largest(Array.from(a, (v, i) => v - b[i]));
}
