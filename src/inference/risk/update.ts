/** Learning from the site's own outcomes: the posterior of the weights, as free as the number of events allows. */

import { fitPosterior, type LaplacePosterior, type RowLikelihood, softplus } from '../../kernel/index.ts';
import type { FeatureSpace, ModelState } from '../../model/index.ts';
import { type TrustedModel, withHeldFreed } from './model.ts';
import { expectedRisk, logitMoments } from './predict.ts';

/** A patient whose follow-up is closed. */
export interface LocalOutcome {
  space: FeatureSpace;
  /** 1 in months 0-6, 2 in months 6-12, 0 not operated while followed */
  operatedIn: 0 | 1 | 2;
  /** months of closed follow-up: 12, or 6 when the patient was lost or died in the second half */
  followedMonths: 6 | 12;
}

/** Events needed for each freedom. */
export const EVENT_GATES = { intercept: 20, slope: 50, validated: 100, weights: 200 } as const;

/** What an update may move. */
export type Freedom = 'none' | 'intercept' | 'slope' | 'groups' | 'weights';

/** The freedom that a number of events allows. */
export function freedomOf(events: number): Freedom {
  if (events < EVENT_GATES.intercept) return 'none';
  if (events < EVENT_GATES.slope) return 'intercept';
  if (events < EVENT_GATES.validated) return 'slope';
  return events < EVENT_GATES.weights ? 'groups' : 'weights';
}

/** State by events and, from the gate of validation on, by the calibration slope on outcomes not learnt from. */
export function stateOf(events: number, slope?: number): ModelState {
  const sound = slope !== undefined && slope >= 0.9 && slope <= 1.1;
  if (events < EVENT_GATES.intercept) return 'prior-driven';
  if (events < EVENT_GATES.slope) return 'intercept-recalibrated';
  if (events < EVENT_GATES.validated || !sound) return 'slope-recalibrated';
  return events < EVENT_GATES.weights ? 'validated-locally' : 'revised';
}

/** Spread of a slope or group factor around 1 before any outcome. */
const FACTOR_SD = 0.3;

/**
 * The next version of a model, always learnt from the prior and all outcomes together, never from a posterior twice.
 *
 * @param prior - the model before any local outcome
 * @param version - number of the new version
 * @param slope - calibration slope on outcomes that were predicted before they were known
 */
export function updateModel(
  prior: TrustedModel,
  outcomes: readonly LocalOutcome[],
  version: number,
  slope?: number,
): TrustedModel {
  const events = outcomes.filter(({ operatedIn }) => operatedIn > 0).length;
  // far fewer operations than expected are as telling as many: for the intercept expected events count too
  const telling = Math.max(events, Math.min(EVENT_GATES.slope - 1, expectedEvents(prior, outcomes)));
  const freedom = freedomOf(telling);
  const learnt = { patients: outcomes.length, events };
  const state = stateOf(telling, slope);
  if (freedom === 'none') return { ...prior, version, learnt, state };
  // own outcomes may give a say to what the literature holds at zero, once every weight may move
  const base = freedom === 'weights' ? withHeldFreed(prior) : prior;
  const directions = directionsOf(base, freedom);
  const posterior = fitDirections(base, outcomes, directions);
  return { ...base, version, learnt, state, weights: moved(base, directions, posterior) };
}

function expectedEvents(prior: TrustedModel, outcomes: readonly LocalOutcome[]): number {
  return outcomes.reduce((sum, { space, followedMonths }) => {
    const { logit, variance } = logitMoments(prior, space);
    return sum + expectedRisk(logit, Math.sqrt(variance), followedMonths === 6 ? prior.firstHalf : 1);
  }, 0);
}

/** Log-likelihood of an outcome by its logit of the 12-month risk, cumulative hazard split as the model says. */
export function hazardLikelihood(outcomes: readonly LocalOutcome[], firstHalf: number): RowLikelihood {
  return (row, predictor) => {
    const { operatedIn, followedMonths } = outcomes[row];
    const hazard = softplus(predictor);
    const p = 1 - Math.exp(-hazard);
    const survived = operatedIn === 1 ? 0 : operatedIn === 2 || followedMonths === 6 ? firstHalf : 1;
    let value = -survived * hazard;
    let first = -survived * p;
    let second = -survived * p * (1 - p);
    if (operatedIn > 0) {
      const share = operatedIn === 1 ? firstHalf : 1 - firstHalf;
      const u = Math.max(1e-12, share * hazard);
      const odds = 1 / Math.expm1(u);
      value += Math.log(-Math.expm1(-u));
      first += share * p * odds;
      second += share * p * (1 - p) * odds - (share * p) ** 2 * odds * (1 + odds);
    }
    return { value, first, second: Math.min(second, -1e-12) };
  };
}

/** Directions in the space of weights that an update may move along; each has a prior sd. */
interface Directions {
  /** shape [count, weights] */
  vectors: Float64Array[];
  /** inverse prior covariance of the steps along them */
  precision: Float64Array;
}

function directionsOf(prior: TrustedModel, freedom: Freedom): Directions {
  const { mean, covariance } = prior.weights;
  const n = mean.length;
  const unit = (at: number) => Float64Array.from({ length: n }, (_, k) => (k === at ? 1 : 0));
  const intercept = [unit(0)];
  const sds = [Math.sqrt(covariance[0])];
  let vectors = intercept;
  if (freedom === 'slope') vectors = [...intercept, mean.map((value, k) => (k === 0 ? 0 : value))];
  if (freedom === 'groups') {
    const constructs = prior.entries.flatMap((entry) => entry.terms.map(() => entry.construct));
    for (const construct of new Set(constructs))
      vectors = [...vectors, mean.map((value, k) => (k > 0 && constructs[k - 1] === construct ? value : 0))];
  }
  if (freedom === 'weights') vectors = Array.from({ length: n }, (_, at) => unit(at));
  for (let k = 1; k < vectors.length; k++)
    sds.push(freedom === 'weights' ? Math.sqrt(covariance[k * (n + 1)]) : FACTOR_SD);
  return { vectors, precision: Float64Array.from(sds, (sd) => 1 / sd ** 2) };
}

function fitDirections(
  prior: TrustedModel,
  outcomes: readonly LocalOutcome[],
  { vectors, precision }: Directions,
): LaplacePosterior {
  const columns = vectors.length;
  const n = prior.weights.mean.length;
  const design = new Float64Array(outcomes.length * columns);
  const offset = new Float64Array(outcomes.length);
  outcomes.forEach(({ space }, row) => {
    const { logit, doubt, patient } = logitMoments(prior, space);
    // what is unknown of this patient flattens the mean risk (MacKay 1992): the whole predictor shrinks
    const shrink = 1 / Math.sqrt(1 + (Math.PI / 8) * (doubt.missing + doubt.measurement));
    offset[row] = shrink * logit;
    vectors.forEach((vector, k) => {
      let sum = vector[0];
      for (let i = 1; i < n; i++) sum += vector[i] * patient.mean[i - 1];
      design[row * columns + k] = shrink * sum;
    });
  });
  const likelihood = hazardLikelihood(outcomes, prior.firstHalf);
  const priorMean = new Float64Array(columns);
  return fitPosterior({
    design,
    rows: outcomes.length,
    columns,
    likelihood,
    offset,
    priorMean,
    priorPrecision: precision,
  });
}

/** Weights after a step along the directions: mean moved, covariance along the directions replaced by the posterior's. */
function moved(prior: TrustedModel, { vectors, precision }: Directions, posterior: LaplacePosterior) {
  const { ids, mean, covariance } = prior.weights;
  const n = mean.length;
  const count = vectors.length;
  const next = mean.slice();
  vectors.forEach((vector, k) => {
    for (let i = 0; i < n; i++) next[i] += posterior.mean[k] * vector[i];
  });
  if (count === n) return { ids, mean: next, covariance: posterior.covariance };
  const cov = covariance.slice();
  for (let k = 0; k < count; k++) {
    for (let l = 0; l < count; l++) {
      // the intercept's own prior doubt is replaced; factors of slope and groups add theirs
      const before = k === 0 && l === 0 ? 1 / precision[0] : 0;
      const change = posterior.covariance[k * count + l] - before;
      for (let i = 0; i < n; i++) {
        if (vectors[k][i] === 0) continue;
        for (let j = 0; j < n; j++) cov[i * n + j] += change * vectors[k][i] * vectors[l][j];
      }
    }
  }
  return { ids, mean: next, covariance: cov };
}
