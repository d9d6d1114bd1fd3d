/** What is known of the terms of one patient: expectation and covariance, the unmeasured integrated out. */

import type { FeatureEntry } from '../knowledge/index.ts';
import type { FeatureSpace } from '../model/types.ts';
import { normOf, scoreOf } from './basis.ts';
import { type Measured, missingMoments, observedMoments, SEVERITY_PRIOR, type TermMoments } from './latent.ts';

/** One feature as it enters one prediction. */
export interface EnteredFeature {
  entry: FeatureEntry;
  measured?: Measured;
  moments: TermMoments;
  /** place of its first term in the list of terms */
  from: number;
  exact: boolean;
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
  const entered: EnteredFeature[] = [];
  const logWeight = SEVERITY_PRIOR.map(Math.log);
  let from = 0;
  for (const entry of entries) {
    if (chosen.has(entry)) {
      const measured = measuredOf(entry, space, context.age);
      if (measured) {
        const moments = observedMoments(entry, measured);
        for (let k = 0; k < logWeight.length; k++) logWeight[k] += moments.logLikelihood[k];
        entered.push({ entry, measured, moments, from, exact: moments.exact });
      } else entered.push({ entry, moments: missingMoments(entry), from, exact: false });
    }
    from += entry.terms.length;
  }
  const severity = softmax(logWeight);
  const mean = new Float64Array(from);
  for (const { entry, moments, from: at, exact } of entered) {
    const n = entry.terms.length;
    for (let a = 0; a < n; a++) {
      if (exact) mean[at + a] = moments.first[a];
      else for (let k = 0; k < severity.length; k++) mean[at + a] += severity[k] * moments.first[k * n + a];
    }
  }
  return { entered, severity, mean };
}

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
  const covariance = new Float64Array(total * total);
  const doubted = entered.filter(({ exact }) => !exact);
  for (let k = 0; k < severity.length; k++) {
    const weight = severity[k];
    if (weight < 1e-14) continue;
    for (let f = 0; f < doubted.length; f++) {
      const one = doubted[f];
      const n = one.entry.terms.length;
      for (let a = 0; a < n; a++) {
        const row = (one.from + a) * total;
        const mine = weight * one.moments.first[k * n + a];
        for (let b = 0; b < n; b++) covariance[row + one.from + b] += weight * one.moments.second[(k * n + a) * n + b];
        if (mine === 0) continue;
        for (let g = 0; g < f; g++) {
          const other = doubted[g];
          const m = other.entry.terms.length;
          for (let b = 0; b < m; b++) covariance[row + other.from + b] += mine * other.moments.first[k * m + b];
        }
      }
    }
  }
  for (const one of doubted) {
    for (const other of doubted) {
      if (other.from > one.from) continue;
      for (let a = 0; a < one.entry.terms.length; a++) {
        for (let b = 0; b < other.entry.terms.length; b++) {
          const [i, j] = [one.from + a, other.from + b];
          if (j > i) continue;
          const value = covariance[i * total + j] - mean[i] * mean[j];
          covariance[i * total + j] = value;
          covariance[j * total + i] = value;
        }
      }
    }
  }
  return covariance;
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
