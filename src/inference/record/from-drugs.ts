/** Drugs in use and prescriptions that are open, by class. */

import { type ClinicalFact, conceptText } from '../../model/index.ts';
import { matchOf } from './codes.ts';
import type { Reading } from './reading.ts';
import { courseOf, isOpen, timeOf } from './status.ts';
import { DRUG_CLASSES, DRUG_ORDERS, DRUG_USE, type DrugClass, PROLONGED_DAYS } from './tables/drugs.ts';

const DAY_MS = 86_400_000;

const CLASS = new Map(DRUG_CLASSES.map((one) => [one.id, one]));

/** The code by which a drug is of a class, or undefined. */
function classCode(fact: ClinicalFact, { codes, notWords }: DrugClass): string | undefined {
  const code = matchOf(fact.concept, codes);
  const names = [conceptText(fact.concept), ...fact.concept.codings.map(({ display }) => display)].join(' | ');
  return code !== undefined && !notWords?.test(names) ? code : undefined;
}

/** What the drugs of a record say. */
export function drugRecords(reading: Reading): void {
  const drugs = reading.record.facts.filter(({ kind }) => kind === 'medication');
  for (const fact of drugs) {
    for (const { target, of } of DRUG_USE) {
      const code = classCode(fact, CLASS.get(of) as DrugClass);
      if (code === undefined) continue;
      const use = courseOf(fact, reading.moments);
      if ('reason' in use) reading.leave(fact, use.reason, target);
      else reading.tell(fact, target, { value: 1, time: use.lastTrue, code });
    }
    for (const { target, of, notWords } of DRUG_ORDERS) {
      const code = classCode(fact, CLASS.get(of) as DrugClass);
      const named = notWords?.test(conceptText(fact.concept)) ?? false;
      if (code !== undefined && !named && fact.resource === 'MedicationRequest' && isOpen(fact))
        reading.tell(fact, target, { value: 1, time: fact.from ?? fact.recorded, code });
    }
  }
  prolongedSteroids(drugs, reading);
}

/** Tablets over three months: one period that long, or prescriptions that far apart within a year. */
function prolongedSteroids(drugs: readonly ClinicalFact[], reading: Reading): void {
  const steroid = CLASS.get('steroid') as DrugClass;
  const spans = drugs.flatMap((fact) => {
    const code = classCode(fact, steroid);
    const start = timeOf(fact.from ?? fact.recorded);
    if (code === undefined || start === undefined || start > reading.moments.index) return [];
    if (['entered-in-error', 'cancelled', 'not-taken', 'draft'].includes(fact.status ?? '')) return [];
    const open = fact.resource === 'MedicationStatement' && fact.status === 'active';
    const end = timeOf(fact.to) ?? (open ? reading.moments.recordEnd : start);
    return [{ fact, code, start, end: Math.min(end, reading.moments.index) }];
  });
  const last = spans.reduce<(typeof spans)[number] | undefined>((a, b) => (a && a.end >= b.end ? a : b), undefined);
  if (!last) return;
  const first = Math.min(
    ...spans.filter(({ start }) => last.end - start <= 365 * DAY_MS).map(({ start }) => start),
    last.start,
  );
  const days = Math.round((last.end - first) / DAY_MS);
  if (days >= PROLONGED_DAYS)
    reading.tell(last.fact, 'flag.prolongedSteroids', {
      ...{ value: 1, time: new Date(last.end).toISOString(), code: last.code, note: `over ${days} days` },
    });
  else reading.leave(last.fact, `steroids over ${days} days, not ${PROLONGED_DAYS}`, 'flag.prolongedSteroids');
}
