/** Odds ratios of matched pairs by conditional likelihood. */

import { fitPosterior } from '../../kernel/index.ts';

/** An odds ratio with its 95 % interval, as the literature prints it. */
export interface OddsRatio {
  ratio: number;
  low: number;
  high: number;
}

/**
 * Conditional logistic regression of 1:1 matched pairs: the outcome of a pair is that the case is the case, the predictor is the
 * difference of case and control. Pairs that do not differ say nothing.
 *
 * @param differences - case minus control, one row a pair, one number an exposure
 * @returns one odds ratio an exposure, each adjusted for the others
 */
export function matchedOddsRatios(differences: readonly (readonly number[])[]): OddsRatio[] {
  const columns = differences[0]?.length ?? 0;
  const { mean, covariance } = fitPosterior({
    design: Float64Array.from(differences.flat()),
    rows: differences.length,
    columns,
    likelihood: (_, predictor) => {
      const p = 1 / (1 + Math.exp(-predictor));
      return { value: Math.log(p), first: 1 - p, second: -p * (1 - p) };
    },
    priorMean: new Float64Array(columns),
    priorPrecision: new Float64Array(columns).fill(1e-9),
  });
  return Array.from(mean, (weight, k) => {
    const half = 1.959963984540054 * Math.sqrt(covariance[k * (columns + 1)]);
    return { ratio: Math.exp(weight), low: Math.exp(weight - half), high: Math.exp(weight + half) };
  });
}
