/** Passages of a curve from its low to its high state and back, with hysteresis: standing up and sitting down. O(n). */

import { quantile } from '../../../kernel/index.ts';

/** One passage · indices of samples. */
export interface Transition {
  start: number;
  end: number;
  /** from low to high */
  up: boolean;
}

/**
 * Passages between the states of a curve. The states lie at 30 and 70 % of the range; start and end where the curve leaves and reaches 5 % of
 * the passage.
 *
 * @param values - curve without gaps
 * @param least - smallest range that has two states at all · unit of the curve
 * @example findTransitions([0, 0, 0, 5, 10, 10, 10], 4) // [{ start: 2, end: 4, up: true }]
 */
export function findTransitions(values: ArrayLike<number>, least: number): Transition[] {
  const seen = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  if (seen.length === 0) return [];
  const [low, high] = [quantile(seen, 0.02), quantile(seen, 0.98)];
  if (high - low < least) return [];
  const below = low + 0.3 * (high - low);
  const above = low + 0.7 * (high - low);
  const marks: { at: number; state: boolean }[] = [];
  for (let i = 0; i < values.length; i++) {
    const state = values[i] <= below ? false : values[i] >= above ? true : undefined;
    if (state === undefined) continue;
    if (marks.length === 0 || marks[marks.length - 1].state !== state) marks.push({ at: i, state });
  }
  const transitions: Transition[] = [];
  for (let m = 1; m < marks.length; m++) {
    const up = marks[m].state;
    const sign = up ? 1 : -1;
    const before = extreme(values, marks[m - 1].at, marks[m].at, -sign);
    const after = extreme(values, marks[m].at, m + 1 < marks.length ? marks[m + 1].at : values.length - 1, sign);
    const rise = values[after] - values[before];
    let start = marks[m].at;
    while (start > before && sign * (values[start] - values[before]) > 0.05 * Math.abs(rise)) start--;
    let end = marks[m].at;
    while (end < after && sign * (values[after] - values[end]) > 0.05 * Math.abs(rise)) end++;
    transitions.push({ start, end, up });
  }
  return transitions;
}

/** Index of the largest value of `sign` times the curve. */
function extreme(values: ArrayLike<number>, from: number, to: number, sign: number): number {
  let best = from;
  for (let i = from; i <= to; i++) if (sign * values[i] > sign * values[best]) best = i;
  return best;
}
