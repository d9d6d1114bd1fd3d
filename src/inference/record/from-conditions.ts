/** Diagnoses, and what reports conclude. */

import type { ClinicalFact, Concept } from '../../model/index.ts';
import { FINDINGS, type Finding } from '../rules/index.ts';
import { type CodeSet, matchOf } from './codes.ts';
import { siteOf } from './place.ts';
import type { Reading } from './reading.ts';
import { refusalOfMeasurement, type Standing, standingOf, timeOf } from './status.ts';
import {
  CONDITION_ROWS,
  type ConditionRow,
  DEGENERATIVE_LUMBAR,
  FINDING_CODES,
  FINDING_TENSE,
  SUSPICION_COUNTS,
  type Tense,
} from './tables/conditions.ts';
import { truthOf } from './values.ts';

const MONTH_MS = 30.4375 * 86_400_000;

/** Codes of a finding by system, with those of the tables. */
export function codesOfFinding({ id, codes }: Finding): CodeSet {
  const of = (system: string) => codes.filter((code) => code.system === system).map(({ code }) => code);
  const more = FINDING_CODES[id] ?? {};
  return {
    snomed: [...of('SNOMED'), ...(more.snomed ?? [])],
    loinc: of('LOINC'),
    icd10: [...of('ICD10'), ...(more.icd10 ?? [])],
    atc: of('ATC'),
    except: more.except,
  };
}

/** Findings as rows: everything of the rule vocabulary that a diagnosis can answer. */
const FINDING_ROWS: readonly ConditionRow[] = FINDINGS.filter(
  ({ id, form }) => form.kind === 'yes-no' && !id.startsWith('order.') && id !== 'care.surgeryConsidered',
).map((finding) => ({
  ...{ target: finding.id, value: 1, tense: tenseOf(finding), codes: codesOfFinding(finding) },
  suspected: SUSPICION_COUNTS.includes(finding.id),
}));

/** Flags are new trouble; complaints and courses last. */
function tenseOf({ id, windowDays }: Finding): Tense {
  return FINDING_TENSE[id] ?? (windowDays === undefined ? 'ever' : id.startsWith('flag.') ? 'new' : 'state');
}

const ROWS: readonly ConditionRow[] = [...CONDITION_ROWS, ...FINDING_ROWS];

/** What a diagnosis, or a conclusion of a report, says. */
export function conditionRecords(fact: ClinicalFact, reading: Reading): void {
  if (fact.kind === 'condition') {
    const standing = standingOf(fact, reading.moments);
    told(fact, fact.concept, standing, reading);
    durationOf(fact, standing, reading);
  }
  if (fact.kind !== 'report' || !['final', 'amended', 'corrected', undefined].includes(fact.status)) return;
  for (const concept of fact.findings ?? [])
    told(fact, concept, { is: 'present', onset: fact.from, lastTrue: fact.from }, reading);
}

/** An observation whose code is a finding, answered yes or no: what a form that was filled in says. */
export function answeredRecords(fact: ClinicalFact, reading: Reading): void {
  if (fact.kind !== 'observation' || refusalOfMeasurement(fact)) return;
  for (const { concept, value } of [{ concept: fact.concept, value: fact.value }, ...(fact.parts ?? [])]) {
    const truth = value && truthOf(value);
    if (truth === undefined) continue;
    for (const row of ROWS) {
      const code = matchOf(concept, row.codes);
      if (code === undefined || row.value !== 1 || (row.site && siteOf(fact, concept) !== row.site)) continue;
      reading.tell(fact, row.target, { value: truth, time: fact.from ?? fact.recorded, code, note: 'answered' });
    }
  }
}

function told(fact: ClinicalFact, concept: Concept, standing: Standing, reading: Reading): void {
  for (const row of ROWS) {
    const code = matchOf(concept, row.codes);
    if (code === undefined) continue;
    if (row.site && siteOf(fact, concept) !== row.site) {
      reading.leave(fact, `the fact does not say that the ${row.site} is meant`, row.target);
      continue;
    }
    const answer = answerOf(row, standing);
    if ('reason' in answer) reading.leave(fact, answer.reason, row.target);
    else {
      const record = reading.tell(fact, row.target, { ...answer, code });
      if (standing.is === 'present' && row.tense === 'state') reading.openEnded.push({ record, onset: standing.onset });
    }
  }
}

function answerOf(
  { value, tense, suspected }: ConditionRow,
  standing: Standing,
): { value: number | string; time?: string; note?: string } | { reason: string } {
  switch (standing.is) {
    case 'nothing':
      return { reason: standing.reason };
    case 'absent':
      return value === 1
        ? { value: 0, time: standing.time, note: 'refuted' }
        : { reason: 'refuted: what it would have said is not so' };
    case 'suspected':
      return suspected ? { value, time: standing.onset, note: 'suspected' } : { reason: 'not confirmed' };
    case 'past':
      return tense === 'ever'
        ? { value, time: standing.onset }
        : { reason: 'resolved by the index date: history only' };
    default:
      if (tense === 'state') return { value, time: standing.lastTrue };
      if (tense === 'new' && !standing.onset) return { reason: 'nobody says when it began' };
      return { value, time: standing.onset };
  }
}

/** How long the present illness has lasted by one diagnosis; `longestDuration` tells the longest. */
function durationOf(fact: ClinicalFact, standing: Standing, reading: Reading): void {
  if (standing.is !== 'present') return;
  const code = matchOf(fact.concept, DEGENERATIVE_LUMBAR);
  const onset = timeOf(standing.onset);
  if (code === undefined || onset === undefined || onset > reading.moments.index) return;
  const months = (reading.moments.index - onset) / MONTH_MS;
  reading.durations.push({ fact, months, code });
}

/** Duration of the present illness: that of the diagnosis that has lasted longest. */
export function longestDuration(reading: Reading): void {
  const [longest] = [...reading.durations].sort((a, b) => b.months - a.months);
  if (!longest) return;
  const { fact, months, code } = longest;
  reading.tell(fact, 'symptom.duration', {
    ...{ value: Number(months.toFixed(2)), time: reading.indexDate, code },
    note: fact.from ? 'since its onset' : 'at least, since it was recorded',
  });
}
