/** From a measurement of a record to the value of a feature, in its unit, or the reason why not. */

import { type ClinicalValue, type Concept, conceptText, type Unit, unitFactor } from '../../model/index.ts';
import type { Marginal } from '../knowledge/index.ts';
import type { ObservationRow } from './tables/observations.ts';

/** A value in the unit of its target. */
export interface Converted {
  value: number | string;
  /** where the record itself tells how sharp the number is */
  sd?: number;
  /** what was done to it */
  note?: string;
}

export type Outcome = Converted | { reason: string };

const YES = new Set(['yes', 'present', 'positive', '373066001', '52101004', '10828004', 'LA33-6', 'LA9633-4', 'Y']);
const NO = new Set(['no', 'absent', 'negative', '373067005', '2667000', '260385009', 'LA32-8', 'LA9634-2', 'N']);

/** Units that only say that a number is a score. */
const PLAIN_UNITS = /^(1|\{[^{}]*\}|\(score\)|score|points?)?$/i;

/** Yes (1) or no (0), where a value says so in so many words. */
export function truthOf(value: ClinicalValue): 0 | 1 | undefined {
  if (value.truth !== undefined) return value.truth ? 1 : 0;
  if (value.number === 0 || value.number === 1) return value.number;
  const names = namesOf(value.concept);
  if (names.some((name) => YES.has(name) || YES.has(name.toLowerCase()))) return 1;
  if (names.some((name) => NO.has(name) || NO.has(name.toLowerCase()))) return 0;
  return undefined;
}

function namesOf(concept: Concept | undefined): string[] {
  return concept ? [...concept.codings.map(({ code }) => code), conceptText(concept)] : [];
}

/** The value of a coded measurement. */
export function measuredValue(value: ClinicalValue | undefined, row: ObservationRow, unit: Unit): Outcome {
  if (!value) return { reason: 'no value' };
  if (value.absent) return { reason: `no value: ${value.absent}` };
  if (row.answers) {
    const answer = row.answers.find(({ codes }) => namesOf(value.concept).some((name) => codes.includes(name)));
    if (answer) return answer.value === undefined ? { reason: 'the answer is "unknown"' } : { value: answer.value };
    if (row.target === 'prom.startBack') return startBackGroup(value.number);
    if (!value.concept) return { reason: 'the answer is not coded' };
    return { reason: `the answer "${conceptText(value.concept)}" is not in the table` };
  }
  if (row.atLeast === undefined) return numberIn(value, row, unit);
  const measured = numberIn(value, row, (row.unit ?? unit) as Unit);
  if ('reason' in measured) return measured;
  const note = `${measured.value} ${row.unit ?? unit}`;
  return Number(measured.value) >= row.atLeast
    ? { value: 1, note }
    : { reason: `${note} is below ${row.atLeast}, which alone is no "no"` };
}

/** A total of 3 or less is low risk; above, the distress subscale decides, which the total does not tell. */
function startBackGroup(total: number | undefined): Outcome {
  if (total === undefined) return { reason: 'no value' };
  if (total >= 0 && total <= 3) return { value: 'low', note: `total ${total}` };
  return { reason: `a total of ${total} does not tell medium from high risk: the distress subscale decides` };
}

/** A number in a unit: factor of the same dimension, or the row's own conversion. */
function numberIn(value: ClinicalValue, row: Pick<ObservationRow, 'units' | 'plain' | 'range'>, unit: Unit): Outcome {
  const { number, low, high, comparator } = value;
  const [from, to] = [low ?? high, high ?? low];
  const raw = number ?? (from !== undefined && to !== undefined ? (from + to) / 2 : undefined);
  if (raw === undefined) return { reason: 'no number' };
  const given = value.unit ?? value.unitText ?? '';
  const factor = conversion(given, row, unit);
  if (!factor) return { reason: given ? `the unit "${given}" is not ${unit}` : `no unit is given, ${unit} is needed` };
  const convert = (x: number): number => tidy(x * factor.scale + (factor.offset ?? 0));
  const converted = convert(raw);
  if (!(converted >= row.range[0] && converted <= row.range[1]))
    return { reason: `${converted} ${unit} lies outside ${row.range[0]} to ${row.range[1]}` };
  const note = factor.scale === 1 && !factor.offset ? undefined : `from ${raw} ${given}`;
  // below what the laboratory can measure: anywhere between zero and the limit
  if (comparator?.startsWith('<'))
    return { value: converted / 2, sd: converted / Math.sqrt(12), note: `below ${converted}: half of it` };
  if (comparator) return { value: converted, note: `above ${converted}` };
  const spread = number === undefined && from !== undefined && to !== undefined ? (to - from) / Math.sqrt(12) : 0;
  return { value: converted, ...(spread > 0 && { sd: spread * factor.scale }), ...(note && { note }) };
}

function conversion(
  given: string,
  { units, plain }: Pick<ObservationRow, 'units' | 'plain'>,
  unit: Unit,
): { scale: number; offset?: number } | undefined {
  const own = units && Object.hasOwn(units, given) ? units[given] : undefined;
  if (own) return own;
  if (plain && PLAIN_UNITS.test(given)) return { scale: 1 };
  const scale = given && !(PLAIN_UNITS.test(given) && unit !== '1') ? unitFactor(given, unit) : undefined;
  return scale === undefined ? undefined : { scale };
}

/** Drops the last bits that a factor like 0.1 leaves. */
function tidy(x: number): number {
  return Number(x.toPrecision(12));
}

/** The value of a fact that names a feature by its own id, as imports and our own bundles do. */
export function ownValue(value: ClinicalValue | undefined, unit: Unit, marginal?: Marginal): Outcome {
  if (!value) return { reason: 'no value' };
  if (value.absent) return { reason: `no value: ${value.absent}` };
  if (marginal?.kind === 'classes') {
    const truth = marginal.values.includes(1) && marginal.values.length === 2 ? truthOf(value) : undefined;
    if (truth !== undefined) return { value: truth };
    const names = [...namesOf(value.concept), ...(value.number === undefined ? [] : [String(value.number)])];
    const known = marginal.values.find((one) => names.some((name) => name === String(one)));
    return known === undefined
      ? { reason: `one of ${marginal.values.join(', ')} is needed, not ${names[0] ?? 'nothing'}` }
      : { value: known };
  }
  const range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  return numberIn(value, { range, plain: unit === '1' || unit.startsWith('{') }, unit);
}
