/** What the twin measured and the dictionary has no line for: it describes the patient at the index date, without a weight. */

import { type DescribedFeature, type Feature, type FeatureRecord, featureId } from '../../model/index.ts';
import { DICTIONARY, WINDOW_DAYS } from '../knowledge/index.ts';
import { recordOfFeature, takenBy } from './from-features.ts';

const DAY_MS = 86_400_000;

/** The longest window of an examination; of what is not in the dictionary nobody knows a shorter one. */
const WINDOW = Math.max(...Object.values(WINDOW_DAYS).map((days) => days ?? 0));

/**
 * Features of any capability, known to the dictionary or not, at the index date: of each full id and task the newest, not after the date
 * and not older than a year. Those that the dictionary takes are left out, they are in the feature space; so are gaps.
 *
 * The sd is that of the measurement: how a value drifts with age is known of dictionary features alone.
 */
export function describeFeatures(
  features: readonly Feature[],
  indexDate: string,
  deviceOf?: (feature: Feature) => string | undefined,
): DescribedFeature[] {
  const index = Date.parse(indexDate);
  const newest = new Map<string, DescribedFeature>();
  for (const feature of features) {
    if (feature.value === null || DICTIONARY.some((entry) => takenBy(entry, feature))) continue;
    const record: FeatureRecord = recordOfFeature(feature, feature.value, deviceOf);
    const ageDays = record.time === undefined ? undefined : (index - Date.parse(record.time)) / DAY_MS;
    if (ageDays !== undefined && (ageDays < -1 || ageDays > WINDOW)) continue;
    const id = featureId(feature);
    const key = `${id} ${feature.task ?? ''}`;
    const other = newest.get(key);
    if (!other || (ageDays ?? Number.POSITIVE_INFINITY) < (other.ageDays ?? Number.POSITIVE_INFINITY))
      newest.set(key, { feature: id, ageDays: ageDays === undefined ? undefined : Math.max(0, ageDays), record });
  }
  return [...newest.values()].sort((a, b) => (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : 0));
}
