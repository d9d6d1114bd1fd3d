/** Risk of many patients: the same numbers as one by one, without the list of reasons. */

import type { FeatureSpace } from '../../model/index.ts';
import type { TrustedModel } from '../risk/model.ts';
import { expectedRisk, logitMoments, Z90 } from '../risk/predict.ts';

/** Scores of a cohort, one entry a patient. */
export interface CohortScores {
  logit: Float64Array;
  sdLogit: Float64Array;
  /** mean of the predictive distribution, 0-12 months */
  expected: Float64Array;
  /** 90 % interval of the logit */
  low: Float64Array;
  high: Float64Array;
}

/** Scores patients one after another; `spaces` may be a generator, so that a large cohort need not be held in memory. */
export function scoreCohort(model: TrustedModel, spaces: Iterable<FeatureSpace>): CohortScores {
  const rows: [number, number][] = [];
  for (const space of spaces) {
    const { logit, variance } = logitMoments(model, space);
    rows.push([logit, Math.sqrt(variance)]);
  }
  return {
    logit: Float64Array.from(rows, ([logit]) => logit),
    sdLogit: Float64Array.from(rows, ([, sd]) => sd),
    expected: Float64Array.from(rows, ([logit, sd]) => expectedRisk(logit, sd)),
    low: Float64Array.from(rows, ([logit, sd]) => logit - Z90 * sd),
    high: Float64Array.from(rows, ([logit, sd]) => logit + Z90 * sd),
  };
}
