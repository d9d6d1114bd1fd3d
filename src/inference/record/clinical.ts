/**
 * Clinical records in the words of the inference engine: features of the dictionary, findings of the rules.
 *
 * What the record does not say stays unknown: no diagnosis is not "no". Complexity: facts × rows of the tables.
 */

import type { ClinicalFact, ClinicalRecord, FeatureRecord } from '../../model/index.ts';
import { DICTIONARY, type FeatureEntry, findEntry } from '../knowledge/index.ts';
import { findFinding } from '../rules/index.ts';
import { LOCAL_SYSTEM, matchOf } from './codes.ts';
import { answeredRecords, conditionRecords, longestDuration } from './from-conditions.ts';
import { drugRecords } from './from-drugs.ts';
import { orderRecords, procedureRecords } from './from-procedures.ts';
import { personRecords } from './person.ts';
import { siteOf } from './place.ts';
import { type ClinicalReading, openRecord, type Reading, unitOf } from './reading.ts';
import { refusalOfMeasurement, timeOf } from './status.ts';
import { NOT_TAKEN, OBSERVATION_ROWS } from './tables/observations.ts';
import { measuredValue, type Outcome, ownValue, truthOf } from './values.ts';

/**
 * Features and findings of clinical records, each with its time, unit, source and way back.
 *
 * @param indexDate - ISO 8601 · what is resolved by then is history, age is told at it; the last fact of each record when absent
 * @example recordsFromClinical([]) // []
 */
export function recordsFromClinical(
  records: readonly { artifact: string; record: ClinicalRecord }[],
  indexDate?: string,
): FeatureRecord[] {
  return readClinical(records, indexDate).records;
}

/** As `recordsFromClinical`, with the facts that could not be used and why. */
export function readClinical(
  records: readonly { artifact: string; record: ClinicalRecord }[],
  indexDate?: string,
): ClinicalReading {
  const all: ClinicalReading = { records: [], leftOut: [] };
  for (const { artifact, record } of records) {
    const reading = openRecord(artifact, record, indexDate, all);
    personRecords(reading);
    for (const fact of record.facts) {
      conditionRecords(fact, reading);
      answeredRecords(fact, reading);
      measurementRecords(fact, reading);
      procedureRecords(fact, reading);
      orderRecords(fact, reading);
    }
    longestDuration(reading);
    drugRecords(reading);
    endByObservation(reading, all.records);
  }
  return all;
}

/** A problem nobody took off the list does not outlive a later observation that says otherwise: it counts at its onset. */
function endByObservation({ openEnded, record: { facts } }: Reading, records: readonly FeatureRecord[]): void {
  const observed = new Set(facts.filter(({ kind }) => kind === 'observation').map(({ id }) => id));
  for (const { record, onset } of openEnded) {
    const start = timeOf(onset) ?? Number.NEGATIVE_INFINITY;
    const other = records.some(
      ({ feature, value, source = '', time }) =>
        feature === record.feature && value !== record.value && observed.has(source) && (timeOf(time) ?? start) > start,
    );
    if (other) record.time = onset;
  }
}

/** Scores, laboratory values, grades: the fact itself and its parts. */
function measurementRecords(fact: ClinicalFact, reading: Reading): void {
  if (fact.kind !== 'observation' && fact.kind !== 'score') return;
  const refusal = refusalOfMeasurement(fact);
  const quality = fact.status === 'preliminary' ? 0.5 : undefined;
  for (const { concept, value } of [{ concept: fact.concept, value: fact.value }, ...(fact.parts ?? [])]) {
    const own = ownTarget(concept.codings);
    const hits = OBSERVATION_ROWS.flatMap((row) => {
      const code = matchOf(concept, row.codes);
      return code === undefined ? [] : [{ row, code }];
    });
    const known = NOT_TAKEN.find(({ codes }) => matchOf(concept, codes));
    if (known) reading.leave(fact, known.reason);
    if (refusal && (own || hits.length)) {
      reading.leave(fact, refusal, own?.id ?? hits[0].row.target);
      continue;
    }
    const add = (target: string, outcome: Outcome, code: string): void => {
      if ('reason' in outcome) reading.leave(fact, outcome.reason, target);
      else reading.tell(fact, target, { ...outcome, time: fact.from ?? fact.recorded, code, quality });
    };
    if (own) add(own.id, ownOutcome(own, value), own.id);
    const site = siteOf(fact, concept);
    const placed = hits.filter(({ row }) => !row.site || row.site === site);
    for (const { row, code } of placed) add(row.target, measuredValue(value, row, unitOf(row.target)), code);
    if (hits.length && !placed.length)
      reading.leave(fact, 'the fact does not say whether leg or back is meant', hits[0].row.target);
  }
}

interface OwnTarget {
  id: string;
  entry?: FeatureEntry;
}

/** The feature or finding that a local code names: its own id, or the measurement the dictionary takes it from. */
function ownTarget(codings: readonly { system: string; code: string }[]): OwnTarget | undefined {
  const code = codings.find(({ system }) => system === LOCAL_SYSTEM)?.code;
  if (!code) return undefined;
  const entry = findEntry(code) ?? DICTIONARY.find(({ from }) => from.includes(code));
  return entry ? { id: entry.id, entry } : findFinding(code) && { id: code };
}

function ownOutcome({ id, entry }: OwnTarget, value: ClinicalFact['value']): Outcome {
  if (entry) return ownValue(value, entry.unit, entry.marginal);
  const form = findFinding(id)?.form;
  if (form?.kind === 'number') return ownValue(value, form.unit);
  if (form?.kind === 'choice')
    return ownValue(value, '1', { kind: 'classes', values: form.options.map((option) => option.value), shares: [] });
  const truth = value && truthOf(value);
  return truth === undefined ? { reason: 'neither yes nor no' } : { value: truth };
}
