/** Feature records of what the capabilities of the twin measured. */

import type { Feature, FeatureRecord, InferenceModality } from '../../model/index.ts';
import { DICTIONARY, type FeatureEntry } from '../knowledge/index.ts';

/** What the records of a twin's features need to know of its examinations. */
export interface Examinations {
  /** examinations that were made; of the modalities that can bring a feature, the first of them is named */
  made?: ReadonlySet<InferenceModality>;
  /** the device that the feature's recording or image came from */
  deviceOf?: (feature: Feature) => string | undefined;
}

/** Records of what the capabilities of the twin measured: every feature that the dictionary says it takes from them. */
export function recordsFromFeatures(
  features: readonly Feature[],
  { made = new Set(), deviceOf }: Examinations = {},
): FeatureRecord[] {
  return features.flatMap((feature) => {
    const { value } = feature;
    if (value === null) return [];
    return DICTIONARY.filter((entry) => takenBy(entry, feature)).map((entry) => ({
      ...recordOfFeature(feature, value, deviceOf),
      feature: entry.id,
      ...(entry.magnitude && typeof value === 'number' && { value: Math.abs(value) }),
      ...gradedValue(entry, feature, value),
      modality: feature.definition.startsWith('kinematics.') ? 'video' : bringerOf(entry, made),
    }));
  });
}

/** True when the dictionary takes an entry from a feature of the twin. */
export function takenBy({ from }: FeatureEntry, { definition, site }: Feature): boolean {
  return from.includes(definition) || from.includes(`${definition}@${site}`);
}

/** A feature of the twin as a record, under its own definition. */
export function recordOfFeature(
  feature: Feature,
  value: number | string,
  deviceOf?: (feature: Feature) => string | undefined,
): FeatureRecord {
  const { uncertainty, validAt } = feature;
  return {
    ...{ feature: feature.definition, value, unit: feature.unit },
    sd: uncertainty.kind === 'interval' ? uncertainty.sd : uncertainty.kind === 'exact' ? 0 : undefined,
    ...(validAt === undefined ? { undated: true as const } : { time: validAt }),
    ...{ posture: feature.posture, side: feature.side, level: feature.level, task: feature.task },
    device: deviceOf?.(feature),
    method: `${feature.capability}: ${feature.method}`,
    version: feature.version,
    quality: feature.quality,
    source: feature.id,
    evidence: feature.evidence,
  };
}

/** Where the dictionary grades: how many of its cuts the value reaches, and who says so. */
function gradedValue(
  { cuts, unit, name }: FeatureEntry,
  feature: Feature,
  value: number | string,
): Partial<FeatureRecord> {
  if (!cuts || typeof value !== 'number') return {};
  const { capability, version, unit: own } = feature;
  return {
    ...{ value: cuts.filter((cut) => value >= cut).length, unit, sd: undefined },
    grader: `${capability} version ${version}, ${name}: cuts at ${cuts.join(', ')} ${own}`,
  };
}

function bringerOf({ modality, also }: FeatureEntry, made: ReadonlySet<InferenceModality>): InferenceModality {
  return [modality, ...also].find((one) => made.has(one)) ?? modality;
}
