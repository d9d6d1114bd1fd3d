/** What an examination would tell: the expected fall of the doubt about the logit if a modality were measured. */

import { cholesky, choleskySolve } from '../../kernel/index.ts';
import type { ExaminationWorth, FeatureSpace } from '../../model/index.ts';
import { rankCovariance, SEVERITY } from './latent.ts';
import type { TrustedModel } from './model.ts';
import { logitMoments } from './predict.ts';

/**
 * Expected fall of the logit's variance for each modality with features missing, largest first.
 *
 * Linear in the normal ranks: the fall is c′K⁻¹c, K the covariance of the ranks the examination would bring, c their covariance with
 * the logit, both given what is known. Doubt about weights is not reduced by examining one patient and is left out.
 */
export function worthOfExaminations(model: TrustedModel, space: FeatureSpace): ExaminationWorth[] {
  const { patient, variance } = logitMoments(model, space);
  const doubtOfSeverity = varianceOf(patient.severity);
  const absent = patient.entered.filter(({ measured }) => measured === undefined);
  const rank = absent.map(({ entry, from }) => {
    const slope = entry.terms.reduce(
      (sum, _, a) => sum + model.weights.mean[from + a + 1] * rankCovariance(entry)[a],
      0,
    );
    return { entry, slope, own: 1 - entry.loading ** 2 };
  });
  const pull = rank.reduce((sum, { entry, slope }) => sum + slope * entry.loading, 0);
  const modalities = [...new Set(rank.map(({ entry }) => entry.modality))];
  return modalities
    .map((modality): ExaminationWorth => {
      const brought = rank.filter(({ entry }) => entry.modality === modality);
      const n = brought.length;
      const k = new Float64Array(n * n);
      const c = brought.map(({ entry, slope, own }) => entry.loading * doubtOfSeverity * pull + slope * own);
      brought.forEach((one, i) => {
        brought.forEach((other, j) => {
          k[i * n + j] = one.entry.loading * other.entry.loading * doubtOfSeverity + (i === j ? one.own : 0);
        });
      });
      const solved = choleskySolve(cholesky(k, n), c, n);
      const varianceDrop = Math.min(
        variance,
        c.reduce((sum, value, i) => sum + value * solved[i], 0),
      );
      return {
        modality,
        features: brought.map(({ entry }) => entry.id),
        varianceDrop,
        sdAfter: Math.sqrt(variance - varianceDrop),
        sdNow: Math.sqrt(variance),
      };
    })
    .sort((a, b) => b.varianceDrop - a.varianceDrop);
}

function varianceOf(severity: Float64Array): number {
  const mean = severity.reduce((sum, p, k) => sum + p * SEVERITY[k], 0);
  return severity.reduce((sum, p, k) => sum + p * (SEVERITY[k] - mean) ** 2, 0);
}
