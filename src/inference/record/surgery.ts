/**
 * The outcome of the risk model in a record: first lumbar decompression, discectomy or fusion after the index date.
 *
 * Operations for trauma, tumour, infection or cauda equina syndrome are another matter and leave the patient out.
 */

import { ArgumentError, type ClinicalFact, type ClinicalRecord } from '../../model/index.ts';
import { type CodeSet, matchOf } from './codes.ts';
import { isElsewhere } from './place.ts';
import { timeOf, wasDone } from './status.ts';
import { EXCLUSIONS, SPINE_SURGERY } from './tables/procedures.ts';

const DAY_MS = 86_400_000;

/** A diagnosis this close to the operation is taken for its reason · days */
const REASON_DAYS = 30;

/** What became of a patient after an index date. */
export type SurgeryOutcome =
  /** @property fact - id of the procedure */
  | { kind: 'surgery'; interval: '0-6' | '6-12'; time: string; fact: string; code: string; placeStated: boolean }
  /** no operation in the follow-up; `closed` when that was followed for the full twelve months */
  | { kind: 'none'; closed: boolean }
  /** operated, but not for wear */
  | { kind: 'excluded'; reason: string; time: string; fact: string };

/**
 * First lumbar operation after `from`, by interval of follow-up: (0, 6] or (6, 12] months.
 *
 * @param from - ISO 8601 · index date
 * @param to - ISO 8601 · end of follow-up; what came later is not known
 * @throws ArgumentError a date cannot be read, or the end lies before the start
 */
export function surgeryOf(record: ClinicalRecord, from: string, to: string): SurgeryOutcome {
  const [start, end] = [dateOf(from, 'from'), dateOf(to, 'to')];
  if (end < start) throw new ArgumentError('to', to, `not before ${from}`);
  const [sixth, twelfth] = [monthsAfter(start, 6), monthsAfter(start, 12)];
  const until = Math.min(end, twelfth);
  const found = record.facts
    .flatMap((fact) => {
      const code = fact.kind === 'procedure' && wasDone(fact) ? matchOf(fact.concept, SPINE_SURGERY) : undefined;
      const time = timeOf(fact.from ?? fact.to ?? fact.recorded);
      const counts = code !== undefined && !isElsewhere(fact) && time !== undefined && time > start && time <= until;
      return counts ? [{ fact, code, time }] : [];
    })
    .sort((a, b) => a.time - b.time);
  const [first] = found;
  if (!first) return { kind: 'none', closed: end >= twelfth };
  const { fact, code, time } = first;
  const when = new Date(time).toISOString();
  const reason = exclusionOf(fact, time, record);
  if (reason) return { kind: 'excluded', reason, time: when, fact: fact.id };
  const interval = time <= sixth ? '0-6' : '6-12';
  // SNOMED names the operation and not its place
  const placeStated = !code.startsWith('SNOMED') || (fact.bodySite?.length ?? 0) > 0;
  return { kind: 'surgery', interval, time: when, fact: fact.id, code, placeStated };
}

/** Why an operation is not for wear: its stated reason, else a diagnosis close to it. */
function exclusionOf(operation: ClinicalFact, time: number, { facts }: ClinicalRecord): string | undefined {
  const because = facts.filter(({ id }) => operation.because?.includes(id)).map(({ concept }) => concept);
  const stated = [...(operation.reason ?? []), ...because];
  const said = EXCLUSIONS.find(({ codes }) => stated.some((concept) => matchOf(concept, codes)));
  if (said || stated.length) return said?.reason;
  return EXCLUSIONS.find(({ codes }) => facts.some((fact) => isNear(fact, codes, time)))?.reason;
}

function isNear(fact: ClinicalFact, codes: CodeSet, time: number): boolean {
  if (fact.kind !== 'condition' || ['refuted', 'entered-in-error'].includes(fact.verification ?? '')) return false;
  const onset = timeOf(fact.from ?? fact.recorded);
  return (
    onset !== undefined && Math.abs(time - onset) <= REASON_DAYS * DAY_MS && matchOf(fact.concept, codes) !== undefined
  );
}

/** The same day of the month so many months later; the last day of a shorter month. */
function monthsAfter(start: number, months: number): number {
  const date = new Date(start);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

function dateOf(text: string, parameter: string): number {
  const time = timeOf(text);
  if (time === undefined) throw new ArgumentError(parameter, text, 'an ISO 8601 date');
  return time;
}
