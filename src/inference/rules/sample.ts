/** A made-up patient from plain values: for tests and demonstrations, never for care. */

import type { FeatureRecord, FeatureSpace } from '../../model/index.ts';
import { synchronise } from '../features/index.ts';
import { findEntry } from '../knowledge/index.ts';
import { FINDINGS, findingOf } from './findings.ts';
import { URGENT } from './table/index.ts';

/** Index date of the samples. */
export const SAMPLE_DATE = '2026-03-02';

/** Values by id of a finding or feature; yes and no are 1 and 0. */
export type SampleValues = Readonly<Record<string, number | string>>;

/** Records of the values, all of one date, in the unit of the vocabulary or dictionary. */
export function sampleRecords(values: SampleValues, time = SAMPLE_DATE): FeatureRecord[] {
  return Object.entries(values).map(([feature, value]) => {
    const entry = findEntry(feature);
    if (entry) return { feature, value, unit: entry.unit, time, modality: entry.modality, posture: entry.posture };
    const { form } = findingOf(feature);
    return { feature, value, unit: form.kind === 'number' ? form.unit : '1', time };
  });
}

/** Records and feature space of the values at {@link SAMPLE_DATE}. */
export function samplePatient(values: SampleValues): {
  records: FeatureRecord[];
  space: FeatureSpace;
  indexDate: string;
} {
  const records = sampleRecords(values);
  const known = records.filter(({ feature }) => findEntry(feature));
  return { records, space: synchronise(known, SAMPLE_DATE), indexDate: SAMPLE_DATE };
}

/** Every yes-no red flag answered with no. */
export const NO_FLAGS: SampleValues = Object.fromEntries(
  FINDINGS.filter(({ redFlag, form }) => redFlag && form.kind === 'yes-no').map(({ id }) => [id, 0]),
);

/** Ids of the emergency and urgent rules. */
export const URGENT_IDS: readonly string[] = URGENT.map(({ id }) => id);
