/** The feature space at an index date: which values still count, and how sure they still are. */

import type { FeatureRecord, FeatureSpace, LeftOutRecord, SynchronisedFeature } from '../../model/index.ts';
import { MsdtError } from '../../model/index.ts';
import { type FeatureEntry, findEntry, type Marginal } from '../knowledge/index.ts';

const DAY_MS = 86_400_000;

/** A lumbar vertebra, or a segment whose upper vertebra is lumbar. */
const LUMBAR = /^L[1-6]\b/;

/** Share of the population's spread that a value may have drifted by at the end of its window. */
const DRIFT_AT_WINDOW_END = 0.5;

/**
 * One value a feature at the index date. A value counts if it is not after the index date and not older than its window; its sd grows
 * with the root of its age. An undated one counts as if it were as old as its
 * window allows. What is left out is named with its reason.
 *
 * @param indexDate - ISO 8601
 * @throws MsdtError `parameter.invalid` the index date is no date
 */
export function synchronise(records: readonly FeatureRecord[], indexDate: string): FeatureSpace {
  const index = Date.parse(indexDate);
  if (Number.isNaN(index))
    throw new MsdtError('parameter.invalid', `"${indexDate}" is no date`, {
      hint: 'Give an ISO 8601 date such as 2026-03-02.',
    });
  const ageOf = ageReader(index);
  const leftOut: LeftOutRecord[] = [];
  const candidates = new Map<string, SynchronisedFeature[]>();
  for (const record of records) {
    const entry = findEntry(record.feature);
    const refusal = refusalOf(record, entry, ageOf);
    if (refusal || !entry) {
      leftOut.push({ record, ...(refusal ?? { reason: 'unknown-feature', detail: 'Not in the dictionary.' }) });
      continue;
    }
    const list = candidates.get(record.feature) ?? [];
    list.push(atIndex(record, entry, ageOf));
    candidates.set(record.feature, list);
  }
  const features = new Map<string, SynchronisedFeature>();
  for (const [id, list] of candidates) {
    const [used, ...rest] = list.sort(byPreference(findEntry(id) as FeatureEntry));
    features.set(id, used);
    for (const { record } of rest)
      leftOut.push({
        record,
        reason: 'older-than-used',
        detail: `${findEntry(id)?.name}: another value of it counts.`,
      });
  }
  return { indexDate, features, leftOut };
}

/** Days from a time to the index date. */
type AgeReader = (time: string) => number;

/** Records of one visit follow each other: the last time is not parsed twice. */
function ageReader(index: number): AgeReader {
  let last = '';
  let age = Number.NaN;
  return (time) => {
    if (time !== last) {
      last = time;
      age = (index - Date.parse(time)) / DAY_MS;
    }
    return age;
  };
}

function refusalOf(
  record: FeatureRecord,
  entry: FeatureEntry | undefined,
  ageOf: AgeReader,
): { reason: LeftOutRecord['reason']; detail: string } | undefined {
  if (!entry) return { reason: 'unknown-feature', detail: `"${record.feature}" is not in the dictionary.` };
  const { marginal } = entry;
  if (typeof record.value === 'number' ? !Number.isFinite(record.value) : record.value === '')
    return { reason: 'no-value', detail: `${entry.name} has no value.` };
  if (typeof record.value === 'string' && marginal.kind !== 'classes')
    return { reason: 'no-value', detail: `${entry.name} is a number, "${record.value}" is none.` };
  if (marginal.kind === 'classes' && !marginal.values.includes(record.value))
    return {
      reason: 'no-value',
      detail: `${entry.name} is one of ${marginal.values.join(', ')}, not ${record.value}.`,
    };
  if (record.unit !== entry.unit)
    return { reason: 'wrong-unit', detail: `${entry.name} is in ${entry.unit}, this value in ${record.unit}.` };
  if (entry.posture && record.posture !== entry.posture)
    return {
      reason: 'wrong-posture',
      detail: `${entry.name} is known ${entry.posture} alone, this value is ${record.posture ?? 'of unknown posture'}.`,
    };
  if (entry.lumbarOnly && record.level !== undefined && !LUMBAR.test(record.level))
    return {
      reason: 'wrong-level',
      detail: `${entry.name} counts at lumbar levels, this value is of ${record.level}.`,
    };
  if (record.time === undefined) return undefined;
  const age = ageOf(record.time);
  if (age < -1) return { reason: 'after-index', detail: `${entry.name} was taken after the index date.` };
  if (entry.windowDays !== undefined && age > entry.windowDays)
    return {
      reason: 'too-old',
      detail: `${entry.name} is ${Math.round(age)} days old; it counts for ${entry.windowDays} days.`,
    };
  return undefined;
}

function atIndex(record: FeatureRecord, entry: FeatureEntry, ageOf: AgeReader): SynchronisedFeature {
  // what bears no date may be as old as its window allows
  const unknownAge = record.undated ? (entry.windowDays ?? 0) : 0;
  const ageDays = record.time === undefined ? unknownAge : Math.max(0, ageOf(record.time));
  const sdMeasured = entry.marginal.kind === 'classes' ? 0 : (record.sd ?? entry.errorSd);
  const drift =
    entry.windowDays === undefined || entry.marginal.kind === 'classes'
      ? 0
      : DRIFT_AT_WINDOW_END * nativeSpread(entry) * Math.sqrt(ageDays / entry.windowDays);
  return {
    feature: entry.id,
    value: record.value,
    sd: Math.hypot(sdMeasured, drift),
    sdMeasured,
    ageDays,
    record,
  };
}

/** Spread of the feature in the population, in its own unit. */
function nativeSpread(entry: FeatureEntry): number {
  const spread = marginalSd(entry.marginal);
  if (!entry.norm) return spread;
  if ('sd' in entry.norm) return spread * entry.norm.sd;
  const levels = Object.values(entry.norm.levels);
  return (spread * levels.reduce((sum, [, sd]) => sum + sd, 0)) / levels.length;
}

function marginalSd(marginal: Marginal): number {
  if (marginal.kind === 'normal') return marginal.sd;
  if (marginal.kind === 'lognormal') return marginal.median * marginal.sdLog;
  return 0;
}

/** Latest first; at one date the extreme that the entry asks for, and what was measured before what was estimated. */
function byPreference(entry: FeatureEntry): (a: SynchronisedFeature, b: SynchronisedFeature) => number {
  const score = ({ value, record }: SynchronisedFeature): number => {
    const x = Number(value);
    if (!entry.norm || !('levels' in entry.norm)) return x;
    const norm = entry.norm.levels[record.level ?? ''];
    return norm ? (x - norm[0]) / norm[1] : x;
  };
  const extreme = entry.pick === 'largest' ? -1 : entry.pick === 'smallest' ? 1 : 0;
  return (a, b) =>
    Math.floor(a.ageDays) - Math.floor(b.ageDays) ||
    extreme * (score(a) - score(b)) ||
    (b.record.quality ?? 0) - (a.record.quality ?? 0);
}
