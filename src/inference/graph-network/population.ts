/** Patients like this: nearest patients by Gower's distance over what both have measured. */

import type { FeatureSpace } from '../../model/index.ts';
import { type FeatureEntry, findEntry } from '../knowledge/index.ts';

/** A patient near another. */
export interface Neighbour {
  /** place in the list that was searched */
  index: number;
  /** 0 alike to 1 opposite, mean over shared features */
  distance: number;
  /** features both have */
  shared: number;
}

/** Least number of shared features for a distance to mean anything. */
const LEAST_SHARED = 3;

/**
 * Gower's distance (1971): mean over shared features of the difference in units of the feature's range, 0 or 1 for classes.
 * Undefined when fewer than three features are shared. Held features count: they describe the patient.
 */
export function gowerDistance(
  one: FeatureSpace,
  other: FeatureSpace,
): { distance: number; shared: number } | undefined {
  let sum = 0;
  let shared = 0;
  for (const [id, { value }] of one.features) {
    const theirs = other.features.get(id)?.value;
    const entry = findEntry(id);
    if (theirs === undefined || !entry) continue;
    shared++;
    sum += differenceOf(entry, value, theirs);
  }
  return shared < LEAST_SHARED ? undefined : { distance: sum / shared, shared };
}

/** The `k` nearest patients, nearest first. */
export function patientsLikeThis(patient: FeatureSpace, others: readonly FeatureSpace[], k = 10): Neighbour[] {
  return others
    .flatMap((other, index) => {
      const found = other === patient ? undefined : gowerDistance(patient, other);
      return found ? [{ index, ...found }] : [];
    })
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, k);
}

function differenceOf(entry: FeatureEntry, a: number | string, b: number | string): number {
  const { marginal } = entry;
  if (marginal.kind === 'classes') {
    const places = [a, b].map((value) => marginal.values.indexOf(value));
    const graded = marginal.values.length > 2 && marginal.values.every((value) => typeof value === 'number');
    if (graded) return Math.abs(places[0] - places[1]) / (marginal.values.length - 1);
    return a === b ? 0 : 1;
  }
  const range = rangeOf(entry);
  return Math.min(1, Math.abs(Number(a) - Number(b)) / range);
}

/** Four standard deviations: the range nearly all patients fall in, so one far value cannot flatten the rest. */
function rangeOf({ marginal, norm }: FeatureEntry): number {
  if (marginal.kind === 'classes') return 1;
  if (marginal.kind === 'lognormal')
    return marginal.median * (Math.exp(2 * marginal.sdLog) - Math.exp(-2 * marginal.sdLog));
  const scale = !norm ? 1 : 'sd' in norm ? norm.sd : norm.levels['L4-L5'][1];
  return 4 * marginal.sd * scale;
}
