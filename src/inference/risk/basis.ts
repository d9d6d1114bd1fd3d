/** From a value as it is measured to the numbers that weights multiply. */

import type { Basis, FeatureEntry } from '../knowledge/index.ts';

/** What a norm needs to know of the patient and the place. */
export interface NormContext {
  /** years; 55 where it is not known */
  age?: number;
  level?: string;
}

const UNKNOWN_AGE_YEARS = 55;

/** The value a weight multiplies, for a value on the scale of the feature's score. */
export function evaluateBasis(basis: Basis, value: number | string): number {
  if (basis.kind === 'equals') return basis.values.includes(value) ? 1 : 0;
  const x = Number(value);
  switch (basis.kind) {
    case 'linear':
      return (clip(x, basis.low, basis.high) - basis.centre) / basis.per;
    case 'hinge':
      return Math.max(0, clip(x, undefined, basis.high) - basis.knot) / basis.per;
    case 'at-least':
      return x >= basis.cut ? 1 : 0;
    case 'halving':
      return Math.min(basis.most, Math.max(0, Math.log2(basis.from / Math.max(1e-9, x))));
  }
}

/** Mean and sd of the norm a value is scored against, or none. */
export function normOf(entry: FeatureEntry, context: NormContext): { mean: number; sd: number } | undefined {
  if (!entry.norm) return undefined;
  if ('levels' in entry.norm) {
    const [mean, sd] = entry.norm.levels[context.level ?? ''] ?? average(Object.values(entry.norm.levels));
    return { mean, sd };
  }
  const { at, sd } = entry.norm;
  const age = clip(context.age ?? UNKNOWN_AGE_YEARS, at[0][0], at[at.length - 1][0]);
  const upper = Math.max(
    1,
    at.findIndex(([years]) => years >= age),
  );
  const [[a0, v0], [a1, v1]] = [at[upper - 1], at[upper]];
  return { mean: v0 + ((age - a0) / (a1 - a0)) * (v1 - v0), sd };
}

/** The value as the model reads it: against its norm where there is one, else unchanged. */
export function scoreOf(entry: FeatureEntry, value: number | string, context: NormContext): number | string {
  const norm = normOf(entry, context);
  return norm && typeof value === 'number' ? (value - norm.mean) / norm.sd : value;
}

function average(pairs: readonly (readonly [number, number])[]): [number, number] {
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  return [mean(0), mean(1)];
}

function clip(x: number, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY): number {
  return x < low ? low : x > high ? high : x;
}
