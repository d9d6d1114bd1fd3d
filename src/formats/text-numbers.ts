/** Numbers out of text bytes, straight into a typed array: no string per number for the plain ones. */

import { latin1 } from './bytes.ts';

const TAB = 9;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;

/** Where parsing begins and what may stand between numbers besides white space. */
export interface NumberTextOptions {
  start?: number;
  end?: number;
  /** single characters that count as white space */
  separators?: string;
}

/** What was found. */
export interface NumberTextResult {
  /** numbers stored */
  count: number;
  /** byte after the last number */
  end: number;
  /** byte of something that is no number, where parsing stopped */
  bad?: number;
}

/**
 * Parses numbers until `target` is full, the text ends, or something else comes.
 * `nan`, `inf` and `infinity` count as numbers, in any case.
 */
export function parseNumbers(
  bytes: Uint8Array,
  target: { [index: number]: number; length: number },
  options: NumberTextOptions = {},
): NumberTextResult {
  const { start = 0, end = bytes.length, separators = '' } = options;
  const extra = separators ? separators.charCodeAt(0) : SPACE;
  let at = start;
  let count = 0;
  while (count < target.length) {
    while (at < end && (bytes[at] === SPACE || (bytes[at] >= TAB && bytes[at] <= 13) || bytes[at] === extra)) at++;
    if (at >= end) break;
    const from = at;
    while (at < end && bytes[at] > SPACE && bytes[at] !== extra) at++;
    const value = numberAt(bytes, from, at);
    if (value === undefined) return { count, end: from, bad: from };
    target[count++] = value;
  }
  return { count, end: at };
}

/**
 * What to do about a text that is no number; decimal commas are named.
 * @param otherwise - the remedy where nothing tells what is wrong
 * @example numberHint('0,25', 'Export the table again.') // 'The numbers have decimal commas: export with a decimal point.'
 */
export function numberHint(text: string, otherwise: string): string {
  return /\d,\d/.test(text) ? 'The numbers have decimal commas: export with a decimal point.' : otherwise;
}

/** Rows of numbers, and the first row that did not fit. */
export interface NumberRows {
  /** row by row · shape [rows · width] */
  values: Float64Array;
  rows: number;
  /** a row with too few or too many numbers, or with something else; parsing stopped there */
  bad?: { row: number; text: string };
}

/**
 * Parses rows of `width` numbers, one row a line, and stops at the first line that is none: numbers are never carried over into
 * the next row. Where not even the first line fits, line ends mean nothing and the numbers are taken as they come.
 *
 * @param most - rows that are wanted
 */
export function parseRows(
  bytes: Uint8Array,
  width: number,
  { start = 0, most = Number.POSITIVE_INFINITY }: { start?: number; most?: number } = {},
): NumberRows {
  const room = Math.min(most * width, Math.ceil((bytes.length - start) / 2) + width);
  const values = new Float64Array(room);
  // one number too many shows in the room for one more
  const line = new Float64Array(width + 1);
  let rows = 0;
  for (let at = start; at < bytes.length && rows < most; ) {
    let end = at;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    const { count, bad } = parseNumbers(bytes, line, { start: at, end });
    if (count > 0 || bad !== undefined) {
      if (count !== width || bad !== undefined) {
        if (rows === 0 && bad === undefined && count !== width) return rowsAsTheyCome(bytes, width, start, values);
        return { values, rows, bad: { row: rows + 1, text: latin1(bytes, at, Math.min(end, at + 60)) } };
      }
      values.set(line.subarray(0, width), rows * width);
      rows++;
    }
    at = end + 1;
  }
  return { values, rows };
}

function rowsAsTheyCome(bytes: Uint8Array, width: number, start: number, values: Float64Array): NumberRows {
  const { count, bad } = parseNumbers(bytes, values, { start });
  const rows = Math.floor(count / width);
  if (bad === undefined && count % width === 0) return { values, rows };
  return {
    values,
    rows,
    bad: { row: rows + 1, text: bad === undefined ? '' : latin1(bytes, bad, Math.min(bytes.length, bad + 60)) },
  };
}

const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** The number written in bytes `from` to `to`, or undefined. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let point = false;
  for (; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
      if (point) decimals++;
    } else if (bytes[at] === DOT && !point) point = true;
    else break;
  }
  // up to 15 digits and 22 decimals the quotient is correctly rounded
  if (at === to && digits > 0 && digits <= 15 && decimals <= 22) {
    const value = decimals > 0 ? mantissa / POWERS[decimals] : mantissa;
    return negative ? -value : value;
  }
  if (to - from > 64) return undefined;
  const text = latin1(bytes, from, to);
  if (/^[+-]?(\d+\.?\d*|\.\d+)([ed][+-]?\d+)?$/i.test(text)) return Number(text.replace(/d/i, 'e'));
  const word = /^([+-]?)(nan|inf|infinity)(\(\w*\))?$/i.exec(text);
  if (!word) return undefined;
  if (word[2].toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
