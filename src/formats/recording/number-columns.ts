/** Rows of numbers as columns, straight from text bytes. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError } from '../bytes.ts';
import { numberAt } from '../text-numbers.ts';

/** How the rows are written. */
export interface ColumnOptions {
  /** first byte */
  start: number;
  /** numbers a row */
  width: number;
  file: string;
  /** `white` (default): any run of blanks; a character: that one, and empty fields are NaN */
  separator?: 'white' | ',' | ';' | '\t' | ' ';
  /** decimal commas; never with separator `,` */
  comma?: boolean;
  /** lines that begin with this byte are passed over */
  comment?: number;
  signal?: AbortSignal;
  /** a flag goes here where the last row was cut off */
  quality?: QualityFlag[];
}

const SPACE = 32;
const LINE_FEED = 10;
const RETURN = 13;
const COMMA = 44;
const DOT = 46;

/** Least bytes that hold one row of so many numbers. */
const CHUNK_ROWS = 1 << 16;

/**
 * Parses rows of numbers; blank lines and what follows the last column are passed over.
 *
 * Short rows end in NaN; a last row that was cut off (no line end, and shorter than the row before it) is dropped.
 * @returns one array per column · shape [N] each
 * @throws MsdtError `file.malformed` for something that is no number, `input.empty` without a row
 */
export function numberColumns(source: Uint8Array, options: ColumnOptions): Float64Array[] {
  const { start, width, file, separator = 'white', comma = false, comment, signal } = options;
  const bytes = comma ? withPoints(source, start) : source;
  const white = separator === 'white';
  const split = white ? SPACE : separator.charCodeAt(0);
  let lines = 1;
  for (let at = start; at < bytes.length; at++) if (bytes[at] === LINE_FEED) lines++;
  const columns = Array.from({ length: width }, () => new Float64Array(lines));
  let row = 0;
  let before = 0;
  for (let at = start, line = 0; at < bytes.length; line++) {
    if (line % CHUNK_ROWS === 0) signal?.throwIfAborted();
    let end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) end = bytes.length;
    const stop = end > at && bytes[end - 1] === RETURN ? end - 1 : end;
    if (isBlank(bytes, at, stop) || bytes[at] === comment) {
      at = end + 1;
      continue;
    }
    let column = 0;
    for (let from = at; from <= stop && column < width; column++) {
      while (from < stop && bytes[from] <= SPACE && (white || bytes[from] !== split)) from++;
      if (white && from >= stop) break;
      let to = from;
      while (to < stop && (white ? bytes[to] > SPACE : bytes[to] !== split)) to++;
      columns[column][row] = field(bytes, from, to, { file, row, column });
      from = to + 1;
    }
    if (end === bytes.length && column < before && row > 0) {
      options.quality?.push({
        code: 'file.cut-row',
        severity: 'doubt',
        where: `data row ${row + 1}`,
        message: `The file ends within data row ${row + 1}, which was left out: it was probably cut short, more may be missing.`,
      });
      break;
    }
    before = column;
    for (; column < width; column++) columns[column][row] = Number.NaN;
    row++;
    at = end + 1;
  }
  if (row === 0)
    throw fileError('input.empty', file, 'The file holds no samples', {
      place: `byte ${start}`,
      hint: 'Export the recording again.',
    });
  return columns.map((column) => column.slice(0, row));
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] > SPACE) return false;
  return true;
}

function field(
  bytes: Uint8Array,
  from: number,
  end: number,
  place: { file: string; row: number; column: number },
): number {
  let to = end;
  while (to > from && bytes[to - 1] <= SPACE) to--;
  if (to === from) return Number.NaN;
  const value = numberAt(bytes, from, to);
  if (value !== undefined) return value;
  const text = new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 30)));
  if (/^(na|n\/a|null|none|-|--|missing)$/i.test(text)) return Number.NaN;
  throw fileError('file.malformed', place.file, 'A sample is not a number', {
    place: `data row ${place.row + 1}, column ${place.column + 1}`,
    detail: `"${text}"`,
    hint: 'Check the separator and the decimal sign, or export the recording again.',
  });
}

function withPoints(source: Uint8Array, start: number): Uint8Array {
  const bytes = source.slice();
  for (let at = start; at < bytes.length; at++) if (bytes[at] === COMMA) bytes[at] = DOT;
  return bytes;
}
