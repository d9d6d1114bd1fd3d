/** Features in time: the newest per name, the course of one, and what changed between two moments. */

import { type Feature, featureId, intervalFromSd, type Uncertainty } from '../model/index.ts';
import { startOfTime } from './time.ts';

/** The newest feature of each full id, by valid time, then by known time. */
export function latestFeatures(features: readonly Feature[]): Feature[] {
  const latest = new Map<string, Feature>();
  for (const feature of [...features].sort(byTime)) latest.set(featureId(feature), feature);
  return [...latest.values()];
}

/** The course of one feature, oldest first. */
export function courseOf(features: readonly Feature[], id: string): Feature[] {
  return features.filter((feature) => featureId(feature) === id).sort(byTime);
}

function byTime(a: Feature, b: Feature): number {
  return startOfTime(a.validAt ?? a.knownAt) - startOfTime(b.validAt ?? b.knownAt) || (a.knownAt < b.knownAt ? -1 : 1);
}

/** What became of one feature between two moments. */
export interface FeatureChange {
  /** full id: `disc.heightMiddle.L4-L5` */
  id: string;
  before?: Feature;
  after?: Feature;
  /** after - before, where both are numbers of one unit · unit of the feature */
  difference?: number;
  /** doubt of the difference, taking the errors of the two as independent */
  uncertainty: Uncertainty;
  /** the 90 % interval of the difference leaves out 0; undefined where that cannot be said */
  beyondError?: boolean;
  /** why the two must not be read against each other as they are */
  caution?: string;
}

/**
 * Compares the newest features of two moments, by full id, ids in alphabetical order.
 *
 * A difference is marked with a caution when posture, method or version differ: an angle lying down is not an angle standing.
 */
export function compareFeatures(before: readonly Feature[], after: readonly Feature[]): FeatureChange[] {
  const old = new Map(latestFeatures(before).map((feature) => [featureId(feature), feature]));
  const young = new Map(latestFeatures(after).map((feature) => [featureId(feature), feature]));
  const ids = [...new Set([...old.keys(), ...young.keys()])].sort();
  return ids.map((id) => compareOne(id, old.get(id), young.get(id)));
}

function compareOne(id: string, before: Feature | undefined, after: Feature | undefined): FeatureChange {
  const base = { id, before, after };
  if (!before || !after)
    return { ...base, uncertainty: { kind: 'unknown', reason: 'measured at one of the two moments only' } };
  const caution = cautionOf(before, after);
  if (before.unit !== after.unit || typeof before.value !== 'number' || typeof after.value !== 'number') {
    return { ...base, caution, uncertainty: { kind: 'unknown', reason: 'the two are not numbers of one unit' } };
  }
  const difference = after.value - before.value;
  const uncertainty = doubtOfDifference(difference, before.uncertainty, after.uncertainty);
  const beyondError = uncertainty.kind === 'interval' ? uncertainty.low > 0 || uncertainty.high < 0 : undefined;
  return { ...base, caution, difference, uncertainty, beyondError };
}

function doubtOfDifference(difference: number, a: Uncertainty, b: Uncertainty): Uncertainty {
  if (a.kind === 'unknown') return a;
  if (b.kind === 'unknown') return b;
  if (a.kind === 'exact' && b.kind === 'exact') return { kind: 'exact', method: 'both exact' };
  const sd = Math.hypot(a.kind === 'interval' ? a.sd : 0, b.kind === 'interval' ? b.sd : 0);
  const method = 'root of the summed squares of the two standard deviations, errors taken as independent';
  return intervalFromSd(difference, sd, method);
}

function cautionOf(before: Feature, after: Feature): string | undefined {
  const reasons = [
    before.posture !== after.posture
      ? `posture: ${before.posture ?? 'unknown'}, then ${after.posture ?? 'unknown'}`
      : '',
    before.method !== after.method ? `method: ${before.method}, then ${after.method}` : '',
    before.version !== after.version ? `version of the method: ${before.version}, then ${after.version}` : '',
  ].filter(Boolean);
  return reasons.length ? reasons.join('; ') : undefined;
}
