/** What is known of the terms of one patient: expectation and covariance, the unmeasured integrated out. */

import type { FeatureSpace } from '../../model/index.ts';
import type { FeatureEntry } from '../knowledge/index.ts';
import { normOf, scoreOf } from './basis.ts';
import type { TermMoments } from './integrals.ts';
import {
  addSeverityLikelihood,
  doubtfulMoments,
  exactTerms,
  isExact,
  type Measured,
  missingMoments,
  NEGLIGIBLE,
  SEVERITY_PRIOR,
} from './latent.ts';

/** One feature as it enters one prediction. */
export interface EnteredFeature {
  entry: FeatureEntry;
  measured?: Measured;
  /** undefined where nothing is in doubt */
  moments?: TermMoments;
  /** place of its first term in the list of terms */
  from: number;
}

/** Everything a prediction needs to know of the patient. */
export interface PatientMoments {
  entered: readonly EnteredFeature[];
  /** posterior probability of the nodes of severity */
  severity: Float64Array;
  /** E[g], shape [terms]; 0 for features that another of their group stands in for */
  mean: Float64Array;
}

/**
 * Moments of the terms, for the entries of a model in their order.
 *
 * Of a group of features that say the same only the first measured one enters; where none is, the first of the group is missing.
 */
export function patientMoments(entries: readonly FeatureEntry[], space: FeatureSpace): PatientMoments {
  const chosen = chosenOfGroups(entries, space);
  const age = Number(space.features.get('person.age')?.value);
  const context = { age: Number.isFinite(age) ? age : undefined };
  const found: EnteredFeature[] = [];
  const logWeight = LOG_PRIOR.slice();
  let from = 0;
  for (const entry of entries) {
    if (chosen.has(entry)) {
      const measured = measuredOf(entry, space, context.age);
      if (measured) addSeverityLikelihood(entry, measured, logWeight);
      found.push({ entry, measured, from });
    }
    from += entry.terms.length;
  }
  const severity = softmax(logWeight);
  const mean = new Float64Array(from);
  const entered = found.map((feature): EnteredFeature => {
    const { entry, measured, from: at } = feature;
    if (measured && isExact(entry, measured)) {
      mean.set(exactTerms(entry, measured), at);
      return feature;
    }
    const moments = measured ? doubtfulMoments(entry, measured, severity) : missingMoments(entry);
    const n = entry.terms.length;
    for (let k = 0; k < severity.length; k++) {
      for (let a = 0; a < n; a++) mean[at + a] += severity[k] * moments.first[k * n + a];
    }
    return { ...feature, moments };
  });
  return { entered, severity, mean };
}

const LOG_PRIOR = SEVERITY_PRIOR.map(Math.log);

/** A feature of the space on the scale the model reads it. */
export function measuredOf(entry: FeatureEntry, space: FeatureSpace, age?: number): Measured | undefined {
  const known = space.features.get(entry.id);
  if (!known) return undefined;
  const context = { age, level: known.record.level };
  const norm = normOf(entry, context);
  return { value: scoreOf(entry, known.value, context), sd: norm ? known.sd / norm.sd : known.sd };
}

/**
 * Covariance of the terms given what is known; shape [terms, terms].
 *
 * Given severity features are independent, so entries of different features come from severity alone.
 */
export function termCovariance(patient: PatientMoments): Float64Array {
  const { entered, severity, mean } = patient;
  const total = mean.length;
  const doubted = entered.filter(({ moments }) => moments !== undefined);
  const place = Uint16Array.from(doubted.flatMap(({ entry, from }) => entry.terms.map((_, a) => from + a)));
  const size = place.length;
  const compact = new Float64Array(size * size);
  const off = new Float64Array(size);
  for (let k = 0; k < severity.length; k++) {
    const weight = severity[k];
    if (weight < NEGLIGIBLE) continue;
    let at = 0;
    for (const { entry, moments, from } of doubted) {
      const n = entry.terms.length;
      const { first, second } = moments as TermMoments;
      for (let a = 0; a < n; a++) {
        off[at + a] = first[k * n + a] - mean[from + a];
        for (let b = 0; b < n; b++)
          compact[(at + a) * size + at + b] +=
            weight * (second[(k * n + a) * n + b] - first[k * n + a] * first[k * n + b]);
      }
      at += n;
    }
    addOuter(compact, off, weight);
  }
  const covariance = new Float64Array(total * total);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) covariance[place[i] * total + place[j]] = compact[i * size + j];
  return covariance;
}

/** Adds weight·off·offᵀ; the inner loop runs over neighbours in memory. */
function addOuter(matrix: Float64Array, off: Float64Array, weight: number): void {
  const size = off.length;
  for (let i = 0, at = 0; i < size; i++) {
    const scaled = weight * off[i];
    for (let j = 0; j < size; j++, at++) matrix[at] += scaled * off[j];
  }
}

function chosenOfGroups(entries: readonly FeatureEntry[], space: FeatureSpace): Set<FeatureEntry> {
  const chosen = new Set<FeatureEntry>();
  const heads = new Map<string, FeatureEntry>();
  for (const entry of entries) {
    if (!entry.group) {
      chosen.add(entry);
      continue;
    }
    const head = heads.get(entry.group);
    if (!head || (!space.features.has(head.id) && space.features.has(entry.id))) heads.set(entry.group, entry);
  }
  for (const head of heads.values()) chosen.add(head);
  return chosen;
}

function softmax(logs: Float64Array): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logs) most = Math.max(most, value);
  const weights = logs.map((value) => Math.exp(value - most));
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((value) => value / sum);
}
