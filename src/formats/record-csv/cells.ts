/** Cells as dates and values. Only numbers, yes and no, grades and levels go on: other text may hold a name. */

import type { ClinicalValue } from '../../model/index.ts';

const MISSING = /^(|na|n\/a|nan|null|none given|missing|unknown|\?|-|–|\.)$/i;
const YES = /^(yes|y|true|present|positive|pos|ja|oui|si)$/i;
const NO = /^(no|n|false|absent|negative|neg|nein|non)$/i;
/** grades A–D and 0–V, levels, classes of a questionnaire, codes of LOINC answers */
const GRADE =
  /^([A-D][1-4]?|0|I{1,3}|IV|V|[TLS]\d{1,2}([-/][TLS]?\d{1,2})?|low|medium|high|none|LA\d{3,6}-\d|\d{6,18})$/i;
const NUMBER = /^(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/** True for a cell that says nothing. */
export function isMissing(text: string): boolean {
  return MISSING.test(text.trim());
}

/** The value of a cell, or why it is none. */
export function cellValue(cell: string, comma: boolean): ClinicalValue | { reason: string } {
  const text = cell.trim();
  const number = NUMBER.exec(comma ? text.replace(/^([^,]*),([^,]*)$/, '$1.$2') : text);
  if (number) {
    const value = Number(number[2]);
    if (!Number.isFinite(value)) return { reason: 'a number beyond all measure' };
    const comparator = number[1]?.replace('≤', '<=').replace('≥', '>=') as ClinicalValue['comparator'];
    return { number: value, ...(comparator && { comparator }) };
  }
  if (YES.test(text)) return { truth: true };
  if (NO.test(text)) return { truth: false };
  if (GRADE.test(text))
    return { concept: { codings: [], text: /^(low|medium|high|none)$/i.test(text) ? text.toLowerCase() : text } };
  return { reason: `${quoted(text)} is no number, no yes or no, and no grade` };
}

/** A cell as a message may show it: words may be a name, and stay out. */
function quoted(text: string): string {
  return /\p{L}{2}/u.test(text) ? 'the text' : `"${text.slice(0, 24)}"`;
}

/** How numbers-only dates are to be read. */
export type DateOrder = 'day-first' | 'month-first';

const ISO =
  /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s*(Z|[+-]\d{2}:?\d{2})?)?)?$/;
const LOCAL = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}:\d{2})(?::\d{2})?)?$/;

/** An ISO 8601 date, as precise as the cell, or why it is none. */
export function cellDate(cell: string, order: DateOrder | undefined): string | { reason: string } {
  const text = cell.trim();
  const iso = ISO.exec(text);
  if (iso) return dated(iso[1], iso[2], iso[3], text);
  const local = LOCAL.exec(text);
  if (!local) return { reason: `${quoted(text)} is no date with a year of four digits` };
  const [, first, mark, second, year] = local;
  // a dot stands between day and month, in that order, wherever it is used
  const dayFirst = mark === '.' || order === 'day-first';
  if (!dayFirst && order === undefined) return { reason: `"${text}" leaves open which number is the month` };
  return dayFirst ? dated(year, second, first, text) : dated(year, first, second, text);
}

function dated(year: string, month: string, day: string | undefined, text: string): string | { reason: string } {
  const parts = [year, month.padStart(2, '0'), ...(day ? [day.padStart(2, '0')] : [])];
  const plain = parts.join('-');
  const time = new Date(`${[...parts, '01'].slice(0, 3).join('-')}T00:00:00Z`);
  const there = !Number.isNaN(time.getTime()) && time.getUTCMonth() + 1 === Number(month);
  return there && Number(year) >= 1880 ? plain : { reason: `${quoted(text)} is no day of the calendar` };
}

/** What the dates of a column say about the order of day and month; `open` where they leave it open. */
export function dateOrderOf(cells: readonly string[]): DateOrder | 'open' | 'none' {
  let seen = false;
  for (const cell of cells) {
    const local = LOCAL.exec(cell.trim());
    if (!local || local[2] === '.') continue;
    seen = true;
    if (Number(local[1]) > 12) return 'day-first';
    if (Number(local[3]) > 12) return 'month-first';
  }
  return seen ? 'open' : 'none';
}
