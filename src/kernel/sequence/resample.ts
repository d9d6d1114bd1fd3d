/** Sequences brought to a common number of steps, smoothed and differentiated. O(values). */
import { expectArgument } from '../argument-error.ts';
import type { VectorSequence } from './dtw.ts';

/**
 * A sequence at `steps` evenly spaced places between its first and last step, by linear interpolation.
 *
 * @throws ArgumentError an empty sequence or fewer than two steps wanted
 * @example resampleSequence({ values: Float64Array.of(0, 2, 4), dims: 1 }, 5).values // Float64Array.of(0, 1, 2, 3, 4)
 */
export function resampleSequence({ values, dims }: VectorSequence, steps: number): VectorSequence {
  const n = values.length / dims;
  expectArgument(n >= 1 && steps >= 2, 'steps', steps, 'at least two, of at least one');
  const out = new Float64Array(steps * dims);
  for (let t = 0; t < steps; t++) {
    const place = (t * (n - 1)) / (steps - 1);
    const from = Math.min(Math.floor(place), Math.max(0, n - 2));
    const to = Math.min(from + 1, n - 1);
    const share = place - from;
    for (let k = 0; k < dims; k++) {
      out[t * dims + k] = values[from * dims + k] * (1 - share) + values[to * dims + k] * share;
    }
  }
  return { values: out, dims };
}

/**
 * A sequence smoothed with the weights 1/4, 1/2, 1/4, `times` over; the ends are repeated.
 * @example smoothSequence({ values: Float64Array.of(0, 4, 0), dims: 1 }, 1).values // Float64Array.of(1, 2, 1)
 */
export function smoothSequence({ values, dims }: VectorSequence, times: number): VectorSequence {
  let from = Float64Array.from(values);
  const n = values.length / dims;
  for (let round = 0; round < times; round++) {
    const to = new Float64Array(from.length);
    for (let t = 0; t < n; t++) {
      const before = Math.max(0, t - 1) * dims;
      const after = Math.min(n - 1, t + 1) * dims;
      for (let k = 0; k < dims; k++)
        to[t * dims + k] = (from[before + k] + 2 * from[t * dims + k] + from[after + k]) / 4;
    }
    from = to;
  }
  return { values: from, dims };
}

/**
 * Change per step: central differences, one-sided at the ends; 0 for a single step.
 * @example differentiateSequence({ values: Float64Array.of(0, 1, 4), dims: 1 }).values // Float64Array.of(1, 2, 3)
 */
export function differentiateSequence({ values, dims }: VectorSequence): VectorSequence {
  const n = values.length / dims;
  const out = new Float64Array(values.length);
  for (let t = 0; t < n; t++) {
    const before = Math.max(0, t - 1);
    const after = Math.min(n - 1, t + 1);
    if (after === before) continue;
    for (let k = 0; k < dims; k++) {
      out[t * dims + k] = (values[after * dims + k] - values[before * dims + k]) / (after - before);
    }
  }
  return { values: out, dims };
}

/**
 * Sequences of equal steps laid side by side, each with a weight.
 *
 * @throws ArgumentError different numbers of steps
 * @example joinSequences([{ values: Float64Array.of(1, 2), dims: 1 }, { values: Float64Array.of(3, 4), dims: 1 }], [1, 2]).values // Float64Array.of(1, 6, 2, 8)
 */
export function joinSequences(parts: readonly VectorSequence[], weights: readonly number[]): VectorSequence {
  const steps = parts[0].values.length / parts[0].dims;
  const dims = parts.reduce((sum, part) => sum + part.dims, 0);
  const out = new Float64Array(steps * dims);
  let at = 0;
  parts.forEach((part, p) => {
    expectArgument(part.values.length === steps * part.dims, 'parts', part.values.length, `${steps} steps`);
    for (let t = 0; t < steps; t++) {
      for (let k = 0; k < part.dims; k++) out[t * dims + at + k] = weights[p] * part.values[t * part.dims + k];
    }
    at += part.dims;
  });
  return { values: out, dims };
}
