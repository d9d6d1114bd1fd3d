/** Patients like this one, from what is stored of assessments. */

import type { FeatureSpace, LikePatient, OtherPatient, SynchronisedFeature } from '../../model/index.ts';
import { patientsLikeThis } from '../graph-network/index.ts';

/** Nearest by Gower's distance over the features both have, at least three of them. */
export function likePatients(
  used: readonly SynchronisedFeature[],
  others: readonly OtherPatient[],
  count: number,
): LikePatient[] {
  const spaces = others.map((other) => spaceOf(other.used));
  return patientsLikeThis(spaceOf(used), spaces, count).map(({ index, distance, shared }) => {
    return { twin: others[index].twin, distance, shared };
  });
}

/** A feature space as it is stored, made whole. */
export function spaceOf(used: readonly SynchronisedFeature[], indexDate = ''): FeatureSpace {
  return { indexDate, features: new Map(used.map((one) => [one.feature, one])), leftOut: [] };
}
