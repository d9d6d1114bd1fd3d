/** What is known of a patient at the index date, as the rules see it. Knows no model. */

import type { FeatureRecord, FeatureSpace, InferenceModality } from '../../model/index.ts';
import { type AgeNorm, findEntry } from '../knowledge/index.ts';
import { type Finding, findFinding } from './findings.ts';

const DAY_MS = 86_400_000;
const DAYS_A_YEAR = 365.25;

/** Features that grow by themselves between the record and the index date · days for one unit. */
const GROWS: Readonly<Record<string, number>> = { 'person.age': DAYS_A_YEAR, 'symptom.duration': DAYS_A_YEAR / 12 };

/** One thing known. */
export interface Fact {
  value: number | string;
  record: FeatureRecord;
}

/** Things known at the index date. */
export interface Facts {
  get(id: string): Fact | undefined;
  /** (value − expected for age) / sd; undefined without the value, the age or a norm */
  score(id: string): number | undefined;
  /** a value of the modality that counts, at most a year old */
  examined(modality: InferenceModality): { id: string; record: FeatureRecord } | undefined;
}

/** Facts of the records (findings) and of the feature space (dictionary) at its index date. */
export function factsAt(records: readonly FeatureRecord[], space: FeatureSpace): Facts {
  const index = Date.parse(space.indexDate);
  const found = findingsAt(records, index);
  const get = (id: string): Fact | undefined => {
    const finding = found.get(id);
    if (finding) return { value: finding.value, record: finding };
    const known = space.features.get(id);
    if (!known) return undefined;
    const grown = GROWS[id] && typeof known.value === 'number' ? known.value + known.ageDays / GROWS[id] : known.value;
    return { value: grown, record: known.record };
  };
  return {
    get,
    score(id) {
      const norm = findEntry(id)?.norm;
      const value = get(id)?.value;
      if (!norm || !('at' in norm) || typeof value !== 'number') return undefined;
      const age = get('person.age')?.value;
      return typeof age === 'number' ? (value - expectedAt(norm, age)) / norm.sd : undefined;
    },
    examined(modality) {
      for (const [id, { record, ageDays }] of space.features)
        if ((record.modality ?? findEntry(id)?.modality) === modality && ageDays <= DAYS_A_YEAR) return { id, record };
      return undefined;
    },
  };
}

/** The record of each finding that counts: the latest; of one time, for a red flag, the one that raises it. */
function findingsAt(records: readonly FeatureRecord[], index: number): Map<string, FeatureRecord> {
  const found = new Map<string, FeatureRecord>();
  for (const record of records) {
    const finding = findFinding(record.feature);
    if (!finding || !counts(record, finding, index)) continue;
    const other = found.get(finding.id);
    if (!other || isPreferred(record, other, finding)) found.set(finding.id, record);
  }
  return found;
}

function counts({ value, unit, time }: FeatureRecord, { form, windowDays }: Finding, index: number): boolean {
  if (form.kind === 'yes-no' && value !== 0 && value !== 1) return false;
  if (form.kind === 'number') {
    if (typeof value !== 'number' || !(value >= form.min && value <= form.max)) return false;
    // an answer given by hand is in the unit it was asked in
    if (unit !== form.unit && unit !== '1') return false;
  }
  if (form.kind === 'choice' && !form.options.some((option) => option.value === value)) return false;
  if (time === undefined) return true;
  const age = (index - Date.parse(time)) / DAY_MS;
  return age >= -1 && (windowDays === undefined || age <= windowDays);
}

function isPreferred(record: FeatureRecord, other: FeatureRecord, { redFlag, form }: Finding): boolean {
  const later = timeOf(record) - timeOf(other);
  if (later !== 0) return later > 0;
  return redFlag && form.kind === 'yes-no' && record.value === 1;
}

function timeOf({ time }: FeatureRecord): number {
  return time === undefined ? -8.64e15 : Date.parse(time);
}

/** Expected value of a norm at an age: linear between its points, flat outside. */
function expectedAt({ at }: AgeNorm, age: number): number {
  const [first] = at;
  const last = at[at.length - 1];
  if (age <= first[0]) return first[1];
  if (age >= last[0]) return last[1];
  const k = at.findIndex(([known]) => known >= age);
  const [[a0, v0], [a1, v1]] = [at[k - 1], at[k]];
  return v0 + ((v1 - v0) * (age - a0)) / (a1 - a0);
}
