/** What the status of a fact lets it say: that something is so, was so, is not so, or nothing at all. */

import type { ClinicalFact } from '../../model/index.ts';

/** Moments against which facts are held · ms since 1970 */
export interface Moments {
  /** nothing after it is known */
  index: number;
  /** the last thing the record says; the state of affairs is not known beyond it */
  recordEnd: number;
}

/** What a diagnosis says. Times are ISO 8601. */
export type Standing =
  | { is: 'present'; onset?: string; lastTrue?: string }
  | { is: 'past'; onset?: string }
  | { is: 'absent'; time?: string }
  | { is: 'suspected'; onset?: string }
  | { is: 'nothing'; reason: string };

const OVER = new Set(['resolved', 'inactive', 'remission']);
const NOT_SURE = new Set(['unconfirmed', 'provisional', 'differential']);

/** Standing of a condition, or of what a report concludes. */
export function standingOf(fact: ClinicalFact, moments: Moments): Standing {
  const { status = '', verification = '', from, to, recorded } = fact;
  if (status === 'entered-in-error' || verification === 'entered-in-error')
    return { is: 'nothing', reason: 'entered in error' };
  if (status === 'cancelled') return { is: 'nothing', reason: 'cancelled' };
  const onset = from ?? recorded;
  if (verification === 'refuted') return { is: 'absent', time: recorded ?? from };
  if (NOT_SURE.has(verification)) return { is: 'suspected', onset };
  const end = timeOf(to);
  const ended = end !== undefined && end <= moments.index;
  // over, and nobody says since when: at the latest when the record ends
  if (ended || (OVER.has(status) && end === undefined)) return { is: 'past', onset };
  return { is: 'present', onset, lastTrue: lastTrue(onset, Math.min(end ?? moments.recordEnd, moments.index)) };
}

/** Later of onset and the last moment it is known to be so. */
function lastTrue(onset: string | undefined, until: number): string | undefined {
  const start = timeOf(onset);
  if (start !== undefined && start > until) return onset;
  return Number.isFinite(until) ? new Date(until).toISOString() : onset;
}

/** Why a measurement does not count, or undefined when it does. */
export function refusalOfMeasurement({ status = 'final', kind }: ClinicalFact): string | undefined {
  if (kind === 'score') return ['completed', 'amended'].includes(status) ? undefined : `a questionnaire ${status}`;
  return ['final', 'amended', 'corrected', 'preliminary'].includes(status) ? undefined : `status ${status}`;
}

/** True for a procedure that was done. */
export function wasDone({ status = 'completed' }: ClinicalFact): boolean {
  return status === 'completed' || status === 'in-progress';
}

/** True for an order that waits to be carried out. */
export function isOpen({ kind, status = 'active', intent }: ClinicalFact): boolean {
  if (kind === 'procedure') return status === 'preparation';
  if (intent === 'option' || intent === 'original-order') return false;
  return ['active', 'draft', 'on-hold', 'intended'].includes(status);
}

/** A drug in use: since when, and until when it is known to be. */
export function courseOf(
  fact: ClinicalFact,
  moments: Moments,
): { from?: string; lastTrue?: string } | { reason: string } {
  const { status = 'active', intent, from, to, recorded, resource } = fact;
  if (status !== 'active' && !(status === 'completed' && resource === 'MedicationAdministration'))
    return { reason: `status ${status}: not in use` };
  if (intent === 'proposal' || intent === 'plan') return { reason: `a ${intent}, not a prescription` };
  const end = timeOf(to);
  if (end !== undefined && end < moments.index) return { reason: 'no longer in use at the index date' };
  const stated = resource === 'MedicationStatement';
  const until = Math.min(end ?? timeOf(recorded) ?? moments.recordEnd, moments.index);
  // a prescription left open for years is no word that the drug is still taken: it counts at its own date
  return { from: from ?? recorded, lastTrue: stated ? lastTrue(from, until) : (from ?? recorded) };
}

/** Milliseconds of an ISO time, however precise; undefined where there is none. */
export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
