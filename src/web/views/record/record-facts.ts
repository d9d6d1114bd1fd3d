/** A clinical record as a reader goes through it: groups, values in words, search, time. Pure. */

import {
  type ClinicalFact,
  type ClinicalRecord,
  type ClinicalValue,
  type Coding,
  type Concept,
  conceptText,
} from '../../../model/index.ts';
import { DASH, unitLabel } from '../../kit/number/format.ts';

export interface FactGroup {
  id: string;
  name: string;
  /** scale of the twin it belongs to, where that says something */
  scale?: 'nano';
  facts: readonly ClinicalFact[];
}

const GROUPS: readonly { id: string; name: string; scale?: 'nano'; holds(fact: ClinicalFact): boolean }[] = [
  { id: 'conditions', name: 'Conditions', holds: ({ kind }) => kind === 'condition' },
  { id: 'scores', name: 'Scores of questionnaires', holds: ({ kind }) => kind === 'score' },
  {
    id: 'laboratory',
    name: 'Laboratory',
    scale: 'nano',
    holds: ({ kind, scale }) => kind === 'observation' && scale === 'nano',
  },
  { id: 'observations', name: 'Observations', holds: ({ kind }) => kind === 'observation' },
  { id: 'procedures', name: 'Procedures', holds: ({ kind }) => kind === 'procedure' },
  { id: 'drugs', name: 'Drugs', holds: ({ kind }) => kind === 'medication' },
  { id: 'imaging', name: 'Imaging and reports', holds: ({ kind }) => kind === 'imaging' || kind === 'report' },
  { id: 'orders', name: 'Orders, plans and goals', holds: ({ kind }) => /^(order|plan|goal)$/.test(kind) },
  { id: 'encounters', name: 'Encounters', holds: ({ kind }) => kind === 'encounter' },
  { id: 'other', name: 'Allergies and immunizations', holds: () => true },
];

/** When a fact was true of the patient, as precise as the source; empty where it does not say. */
export function factTime({ from, to, recorded }: ClinicalFact): string {
  return from ?? to ?? recorded ?? '';
}

/** Facts by group, newest first; groups without facts are left out. */
export function groupFacts(facts: readonly ClinicalFact[]): FactGroup[] {
  const lists = new Map<string, ClinicalFact[]>();
  for (const fact of facts) {
    const group = GROUPS.find(({ holds }) => holds(fact));
    if (!group) continue;
    const list = lists.get(group.id) ?? [];
    list.push(fact);
    lists.set(group.id, list);
  }
  return GROUPS.flatMap(({ id, name, scale }) => {
    const list = lists.get(id);
    if (!list) return [];
    list.sort((a, b) => factTime(b).localeCompare(factTime(a)));
    return [{ id, name, ...(scale && { scale }), facts: list }];
  });
}

/** Digits that a reader wants of a laboratory's number. */
const DIGITS_SHOWN = 4;

/** A value in words, and its unit apart; `digits` are those that count. */
export function clinicalValue(
  value: ClinicalValue | undefined,
  digits = DIGITS_SHOWN,
): { text: string; unit: string; gap?: string } {
  if (!value) return { text: '', unit: '' };
  const unit = value.unit ? unitLabel(value.unit) : (value.unitText ?? '');
  const plain = (x: number): string =>
    String(Number.isInteger(x) ? x : Number(x.toPrecision(digits))).replace('-', '\u2212');
  if (value.number !== undefined) return { text: `${value.comparator ?? ''}${plain(value.number)}`, unit: bare(unit) };
  if (value.low !== undefined || value.high !== undefined)
    return {
      text: [value.low, value.high]
        .map((x) => (x === undefined ? '' : plain(x)))
        .join(' to ')
        .trim(),
      unit: bare(unit),
    };
  if (value.concept) return { text: conceptText(value.concept), unit: '' };
  if (value.truth !== undefined) return { text: value.truth ? 'yes' : 'no', unit: '' };
  if (value.time) return { text: value.time.slice(0, 10), unit: '' };
  if (value.absent) return { text: DASH, unit: '', gap: value.absent };
  return { text: '', unit: '' };
}

/** `{score}` and `1` say nothing to a reader. */
function bare(unit: string): string {
  return /^(1|\{.*\})$/.test(unit) ? '' : unit;
}

const SYSTEMS: readonly [RegExp, string][] = [
  [/loinc/i, 'LOINC'],
  [/snomed/i, 'SNOMED CT'],
  [/rxnorm/i, 'RxNorm'],
  [/icd-10/i, 'ICD-10'],
  [/cvx/i, 'CVX'],
];

/** `LOINC 4548-4`. */
export function codingText({ system, code }: Coding): string {
  const name = SYSTEMS.find(([pattern]) => pattern.test(system))?.[1] ?? system;
  return `${name} ${code}`.trim();
}

/** Everything that a fact can be found by. */
function wordsOf(fact: ClinicalFact): string {
  const concepts: (Concept | undefined)[] = [
    fact.concept,
    ...(fact.bodySite ?? []),
    ...(fact.findings ?? []),
    ...(fact.parts ?? []).map(({ concept }) => concept),
    fact.value?.concept,
  ];
  const texts = concepts.flatMap((one) =>
    one ? [one.text ?? '', ...one.codings.flatMap(({ code, display }) => [code, display ?? ''])] : [],
  );
  return [fact.kind, fact.id, fact.status ?? '', factTime(fact), ...texts].join(' ').toLowerCase();
}

/** Facts in which every word of a search is found, and of one year or month where one is chosen. */
export function findFacts(facts: readonly ClinicalFact[], search: string, span?: string): ClinicalFact[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return facts.filter((fact) => {
    if (span !== undefined && !inSpan(factTime(fact), span)) return false;
    if (words.length === 0) return true;
    const text = wordsOf(fact);
    return words.every((word) => text.includes(word));
  });
}

/** A year alone stands in January of its line. */
function inSpan(time: string, span: string): boolean {
  return time.startsWith(span) || (span.endsWith('-01') && time === span.slice(0, 4));
}

/** A fact by its row (`#12`), its id, or its place in the source file. */
export function factByReference(record: ClinicalRecord, reference: string | undefined): ClinicalFact | undefined {
  if (!reference) return undefined;
  const row = /^#(\d+)$/.exec(reference)?.[1];
  if (row !== undefined) return record.facts[Number(row)];
  return record.facts.find(({ id }) => id === reference) ?? record.facts.find(({ place }) => place === reference);
}

export interface TimeBin {
  /** `2025`, or `2025-11` in a record of few years */
  span: string;
  count: number;
}

/** Records of more years than this are shown by year, others by month. */
const MOST_YEARS_BY_MONTH = 5;

/** How many facts each year or month holds, from the first to the last, those without facts included. */
export function timeBins(facts: readonly ClinicalFact[]): TimeBin[] {
  const months = facts.map((fact) => monthOf(factTime(fact))).filter((month): month is number => month !== undefined);
  if (months.length === 0) return [];
  const first = Math.min(...months);
  const last = Math.max(...months);
  const byMonth = last - first < 12 * MOST_YEARS_BY_MONTH;
  const binOf = (month: number): number => (byMonth ? month : Math.floor(month / 12));
  const counts = new Map<number, number>();
  for (const month of months) counts.set(binOf(month), (counts.get(binOf(month)) ?? 0) + 1);
  return Array.from({ length: binOf(last) - binOf(first) + 1 }, (_, i) => {
    const bin = binOf(first) + i;
    const span = byMonth ? `${Math.floor(bin / 12)}-${String((bin % 12) + 1).padStart(2, '0')}` : String(bin);
    return { span, count: counts.get(bin) ?? 0 };
  });
}

/** Months since year 0; a year alone counts as its January. */
function monthOf(time: string): number | undefined {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?/.exec(time) ?? [];
  return year === undefined ? undefined : 12 * Number(year) + (month === undefined ? 0 : Number(month) - 1);
}
