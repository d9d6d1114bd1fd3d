/** Guard on priors: published ratios overlap, and added up they promise more than any model has ever kept. */

import { normalCdf } from '../../kernel/index.ts';
import { MsdtError } from '../../model/index.ts';
import type { FeatureEntry } from '../knowledge/index.ts';
import { missingMoments, SEVERITY_PRIOR } from './latent.ts';
import { modelEntries, type PriorOptions, priorModel, priorOfTerm, type TrustedModel } from './model.ts';

/** Credible standard deviation of the linear predictor over patients; AUC of 0.64 to 0.73. */
export const CREDIBLE_SPREAD = { low: 0.5, high: 0.85 } as const;

/** What a set of weights implies about the population of its setting. */
export interface Spread {
  /** mean of the linear predictor above the intercept · log-odds */
  shift: number;
  /** standard deviation of the linear predictor · log-odds */
  sd: number;
  /** AUC of a normally distributed predictor with that spread */
  auc: number;
}

/** Spread of the linear predictor over the population the dictionary describes, weights at their means. */
export function spreadOf(model: TrustedModel): Spread {
  const weights = new Map(model.weights.ids.map((id, at) => [id, model.weights.mean[at]]));
  return spreadOfWeights(model.entries, (id) => weights.get(id) ?? 0);
}

/** Spread for any weights; the first feature of a group stands for the group. */
export function spreadOfWeights(entries: readonly FeatureEntry[], weightOf: (term: string) => number): Spread {
  const seen = new Set<string>();
  const given = new Float64Array(SEVERITY_PRIOR.length);
  let within = 0;
  for (const entry of entries) {
    if (entry.group && seen.has(entry.group)) continue;
    if (entry.group) seen.add(entry.group);
    const { first, second } = missingMoments(entry);
    const n = entry.terms.length;
    const weight = entry.terms.map((term) => weightOf(term.id));
    for (let k = 0; k < given.length; k++) {
      let mean = 0;
      let square = 0;
      for (let a = 0; a < n; a++) {
        mean += weight[a] * first[k * n + a];
        for (let b = 0; b < n; b++) square += weight[a] * weight[b] * second[(k * n + a) * n + b];
      }
      given[k] += mean;
      within += SEVERITY_PRIOR[k] * (square - mean * mean);
    }
  }
  const shift = given.reduce((sum, value, k) => sum + SEVERITY_PRIOR[k] * value, 0);
  const between = given.reduce((sum, value, k) => sum + SEVERITY_PRIOR[k] * (value - shift) ** 2, 0);
  const sd = Math.sqrt(between + within);
  return { shift, sd, auc: normalCdf(sd / Math.SQRT2) };
}

/**
 * Refuses weights whose spread is not credible.
 * @throws MsdtError `parameter.invalid` the implied spread is outside {@link CREDIBLE_SPREAD}
 */
export function checkSpread(model: TrustedModel): Spread {
  const spread = spreadOf(model);
  if (spread.sd < CREDIBLE_SPREAD.low || spread.sd > CREDIBLE_SPREAD.high)
    throw new MsdtError('parameter.invalid', `These priors imply a spread of ${spread.sd.toFixed(2)} log-odds`, {
      detail: `An AUC of ${spread.auc.toFixed(2)}; credible is ${CREDIBLE_SPREAD.low} to ${CREDIBLE_SPREAD.high} log-odds, AUC 0.64 to 0.73.`,
      hint: 'Published ratios overlap and cannot be added as they are. Shrink them, or take the working priors.',
    });
  return spread;
}

/**
 * A model under a site's own priors, checked before it may speak.
 * @throws MsdtError `parameter.invalid` their spread is not credible
 */
export function modelWithPriors(settingId: string, priors: NonNullable<PriorOptions['priors']>): TrustedModel {
  const model = priorModel(settingId, { priors });
  checkSpread(model);
  return model;
}

/** The same model with the published ratios added up as they stand: what the guard is there to refuse. */
export function naiveModel(settingId: string): TrustedModel {
  const model = priorModel(settingId);
  const terms = modelEntries(model.setting, false).flatMap((entry) => entry.terms);
  const mean = model.weights.mean.slice();
  terms.forEach((term, at) => {
    mean[at + 1] = term.published === undefined ? priorOfTerm(term).mean : Math.log(term.published);
  });
  return { ...model, weights: { ...model.weights, mean } };
}
