/** What was done, and what is ordered. */

import { type ClinicalFact, CODE_SYSTEM, type Concept } from '../../model/index.ts';
import { FINDINGS } from '../rules/index.ts';
import { type CodeSet, matchOf } from './codes.ts';
import { codesOfFinding } from './from-conditions.ts';
import { isElsewhere, siteOf } from './place.ts';
import type { Reading } from './reading.ts';
import { isOpen, wasDone } from './status.ts';
import { ORDER_CODES, PROCEDURE_ROWS } from './tables/procedures.ts';

const DONE_KINDS = new Set(['procedure', 'imaging', 'report']);

/** Operations, injections and examinations that were carried out. */
export function procedureRecords(fact: ClinicalFact, reading: Reading): void {
  if (!DONE_KINDS.has(fact.kind)) return;
  if (fact.kind === 'imaging') lumbarStudy(fact, reading);
  for (const { target, value, codes, lumbarOnly } of PROCEDURE_ROWS) {
    const code = matchOf(fact.concept, codes);
    if (code === undefined) continue;
    if (fact.kind === 'procedure' && !wasDone(fact))
      reading.leave(fact, `status ${fact.status}: it was not done`, target);
    else if (fact.status === 'entered-in-error' || fact.status === 'cancelled')
      reading.leave(fact, fact.status === 'cancelled' ? 'cancelled' : 'entered in error', target);
    else if (lumbarOnly && isElsewhere(fact)) reading.leave(fact, 'not of the lumbar spine', target);
    else reading.tell(fact, target, { value, time: fact.from ?? fact.to ?? fact.recorded, code });
  }
}

/** A study tells its modality and body part, and seldom what it was called. */
function lumbarStudy(fact: ClinicalFact, reading: Reading): void {
  const magnetic = fact.concept.codings.some(({ system, code }) => system === CODE_SYSTEM.DICOM && code === 'MR');
  if (!magnetic || siteOf(fact, fact.concept) !== 'back') return;
  if (fact.status !== undefined && fact.status !== 'available') return;
  reading.tell(fact, 'imaging.lumbarMri', { value: 1, time: fact.from ?? fact.recorded, code: 'DICOM MR' });
}

/** Order findings with every code that speaks for them. */
const ORDER_ROWS: readonly { target: string; sets: readonly CodeSet[] }[] = FINDINGS.filter(
  ({ id, codes }) => (id.startsWith('order.') || id === 'care.surgeryConsidered') && (codes.length || ORDER_CODES[id]),
).map((finding) => ({ target: finding.id, sets: [codesOfFinding(finding), ORDER_CODES[finding.id] ?? {}] }));

/** Open orders and plans. Prescriptions are with the drugs. */
export function orderRecords(fact: ClinicalFact, reading: Reading): void {
  const plans = fact.kind === 'plan' ? (fact.parts ?? []).map(({ concept }) => concept) : [];
  const ordered = fact.kind === 'order' || fact.kind === 'procedure' ? [fact.concept] : [];
  for (const concept of [...plans, ...ordered]) orderOf(fact, concept, reading);
}

function orderOf(fact: ClinicalFact, concept: Concept, reading: Reading): void {
  for (const { target, sets } of ORDER_ROWS) {
    const code = sets.map((set) => matchOf(concept, set)).find((found) => found !== undefined);
    if (code === undefined) continue;
    if (isOpen(fact)) reading.tell(fact, target, { value: 1, time: fact.from ?? fact.recorded, code });
    else if (fact.kind !== 'procedure') reading.leave(fact, `status ${fact.status}: not open`, target);
  }
}
