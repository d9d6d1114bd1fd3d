/** The trusted model: its weights, where they come from, and which of them speak. */

import { ArgumentError, expectArgument } from '../../kernel/index.ts';
import { type ModelState, MsdtError } from '../../model/index.ts';
import {
  DICTIONARY,
  type FeatureEntry,
  KNOWLEDGE,
  KNOWLEDGE_VERSION,
  type Setting,
  settingOf,
  type Term,
} from '../knowledge/index.ts';

/** Mean of the log-odds that patients of a setting carry above the reference patient; taken off the intercept. */
export const CASE_MIX_SHIFT = 0.55;

/** Standard deviation of an intercept · log-odds. */
export const INTERCEPT_SD = 0.35;

/** Share of the 12-month cumulative hazard that falls in the first six months (12.5 % and 16.9 % operated after an epidural). */
export const FIRST_HALF_SHARE = 0.72;

/** Name of the weight that stands for the setting. */
export const INTERCEPT = 'intercept';

/** Normal belief about all weights together. */
export interface Weights {
  /** intercept first, then terms in the order of the dictionary */
  ids: readonly string[];
  mean: Float64Array;
  /** shape [n, n] */
  covariance: Float64Array;
}

/** One version of the trusted model of one setting. Immutable: an update makes another. */
export interface TrustedModel {
  id: string;
  version: number;
  knowledge: number;
  setting: Setting;
  state: ModelState;
  entries: readonly FeatureEntry[];
  weights: Weights;
  /** share of the cumulative hazard in the first six months */
  firstHalf: number;
  /** local outcomes it has learnt from */
  learnt: { patients: number; events: number };
}

/** Choices of {@link priorModel}. */
export interface PriorOptions {
  /** let weights without evidence move around zero instead of holding them there */
  freeHeld?: boolean;
  /** other priors by term; refused when their spread is not credible (see `checkSpread`) */
  priors?: Readonly<Record<string, { mean: number; sd: number }>>;
}

/** Prior of one weight from its row of the evidence table. */
export function priorOfTerm(term: Term): { mean: number; sd: number } {
  const row = KNOWLEDGE[term.row - 1];
  if (row.mean === undefined || row.sd === undefined)
    throw new ArgumentError('term', term.id, 'a term whose evidence row has a prior');
  return { mean: row.mean, sd: row.sd };
}

/** The model before any local outcome. */
export function priorModel(settingId: string, options: PriorOptions = {}): TrustedModel {
  const setting = settingOf(settingId);
  const entries = modelEntries(setting, options.freeHeld === true);
  const terms = entries.flatMap((entry) => entry.terms);
  const n = terms.length + 1;
  const mean = new Float64Array(n);
  const covariance = new Float64Array(n * n);
  mean[0] = Math.log(setting.baseRate / (1 - setting.baseRate)) - CASE_MIX_SHIFT;
  covariance[0] = INTERCEPT_SD ** 2;
  terms.forEach((term, at) => {
    const prior = options.priors?.[term.id] ?? priorOfTerm(term);
    expectArgument(prior.sd > 0, `priors.${term.id}.sd`, prior.sd, 'a positive number');
    mean[at + 1] = prior.mean;
    covariance[(at + 1) * (n + 1)] = prior.sd ** 2;
  });
  return {
    id: `msdt-trusted.${setting.id}`,
    version: 1,
    knowledge: KNOWLEDGE_VERSION,
    setting,
    state: 'prior-driven',
    entries,
    weights: { ids: [INTERCEPT, ...terms.map((term) => term.id)], mean, covariance },
    firstHalf: FIRST_HALF_SHARE,
    learnt: { patients: 0, events: 0 },
  };
}

/** Features whose weights speak in a setting. */
export function modelEntries(setting: Setting, freeHeld: boolean): FeatureEntry[] {
  return DICTIONARY.filter(
    (entry) =>
      entry.terms.length > 0 &&
      (entry.use === 'active' || (freeHeld && entry.use === 'held')) &&
      !setting.without.includes(entry.id),
  );
}

const HELD_TERMS = new Set(
  DICTIONARY.filter(({ use }) => use === 'held').flatMap(({ terms }) => terms.map(({ id }) => id)),
);

/**
 * A model of a setting with weights that were stored: each goes to the term of its name. Terms that the dictionary has gained since
 * stand at their prior, terms it has lost are dropped; held terms are in it when they are among the weights.
 *
 * @throws MsdtError `store.damaged` sizes do not fit, or a weight is no number
 */
export function restoreModel(settingId: string, weights: Weights): TrustedModel {
  const { ids, mean, covariance } = weights;
  if (
    mean.length !== ids.length ||
    covariance.length !== ids.length ** 2 ||
    ![...mean, ...covariance].every(Number.isFinite)
  )
    throw new MsdtError('store.damaged', 'The stored weights of the model are damaged', {
      detail: `${ids.length} names, ${mean.length} means, ${covariance.length} covariances`,
      hint: 'Roll back to an earlier version, or learn a new one from the closed follow-ups',
    });
  const prior = priorModel(settingId, { freeHeld: ids.some((id) => HELD_TERMS.has(id)) });
  return { ...prior, weights: weightsOnto(prior.weights, weights) };
}

/** The same belief with the held weights free to move around zero. */
export function withHeldFreed(model: TrustedModel): TrustedModel {
  const freed = priorModel(model.setting.id, { freeHeld: true });
  return { ...model, entries: freed.entries, weights: weightsOnto(freed.weights, model.weights) };
}

/** Beliefs by name: what is known of a weight in place of its prior. */
function weightsOnto(prior: Weights, known: Weights): Weights {
  const place = new Map(known.ids.map((id, at) => [id, at]));
  const from = prior.ids.map((id) => place.get(id));
  const [n, m] = [prior.ids.length, known.ids.length];
  const mean = prior.mean.map((value, i) => {
    const k = from[i];
    return k === undefined ? value : known.mean[k];
  });
  const covariance = prior.covariance.map((value, at) => {
    const [k, l] = [from[Math.floor(at / n)], from[at % n]];
    return k === undefined || l === undefined ? value : known.covariance[k * m + l];
  });
  return { ids: prior.ids, mean, covariance };
}
