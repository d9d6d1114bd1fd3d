/** The text of a table of samples: separator, decimal sign, column names and units, columns of numbers. */

import type { SignalProfile, Unit } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import { type ColumnOptions, numberColumns, unitOfText } from '../recording/index.ts';

const MAX_HEADER_BYTES = 1 << 18;
const MAX_HEADER_LINES = 200;
const MAX_COLUMNS = 4096;

/** A column as its header describes it. */
export interface TableHead {
  name: string;
  unit?: Unit;
}

/** What stands above the samples. */
export interface SignalHead {
  columns: TableHead[];
  /** lines before the names */
  preamble: string[];
  separator: NonNullable<ColumnOptions['separator']>;
  comma: boolean;
  /** first byte of the samples */
  start: number;
}

const NAMED = { comma: ',', semicolon: ';', tab: '\t', space: 'white' } as const;
const NUMBER = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$/;
const EMPTY = /^(nan|na|n\/a|null|)$/i;

/**
 * Finds out how a table is written.
 * @param bytes - of the file, or its beginning
 * @returns undefined where no line of numbers is found
 */
export function headOf(bytes: Uint8Array, profile?: SignalProfile): SignalHead | undefined {
  const text = decode(bytes.subarray(0, MAX_HEADER_BYTES));
  const lines = text.split('\n', MAX_HEADER_LINES + 1);
  const separator = profile?.separator ? NAMED[profile.separator] : separatorOf(lines);
  const first = lines.findIndex((line, index) => index >= (profile?.skipLines ?? 0) && isSamples(line, separator));
  if (first < 0) return undefined;
  const before = lines.slice(0, first).map((line) => line.replace(/\r$/, ''));
  const width = split(lines[first], separator).length;
  if (width > MAX_COLUMNS) return undefined;
  const comma = separator !== ',' && (profile?.decimal ? profile.decimal === 'comma' : /\d,\d/.test(lines[first]));
  const { columns, used } = namesOf(before, separator, width);
  const start = new TextEncoder().encode(lines.slice(0, first).join('\n')).length + (first > 0 ? 1 : 0);
  return { columns, preamble: before.slice(0, before.length - used), separator, comma, start };
}

/** Latin-1 or UTF-8, so that µ and ° are read either way; the length in bytes is kept by encoding it again the same way. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(wholeCharacters(bytes));
  } catch {
    return latin1(bytes).replace(/[\x80-\xff]/g, '?');
  }
}

/** A cut may part a character of several bytes. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && end > bytes.length - 3 && (bytes[end - 1] & 0xc0) === 0x80) end--;
  return end > 0 && bytes[end - 1] >= 0xc0 ? bytes.subarray(0, end - 1) : bytes;
}

function split(line: string, separator: SignalHead['separator']): string[] {
  const plain = line.replace(/\r$/, '').replace(/^\ufeff/, '');
  const cells = separator === 'white' ? plain.trim().split(/\s+/) : plain.split(separator);
  // a separator at the end of the line opens no column
  if (cells.length > 1 && separator === '\t' && cells[cells.length - 1].trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function isSamples(line: string, separator: SignalHead['separator']): boolean {
  if (/^\s*(#|%|\/\/)/.test(line)) return false;
  const cells = split(line, separator);
  return cells.some((cell) => NUMBER.test(cell)) && cells.every((cell) => NUMBER.test(cell) || EMPTY.test(cell));
}

/** The separator with which most of the last lines are samples of the same, largest width. */
function separatorOf(lines: readonly string[]): SignalHead['separator'] {
  const some = lines
    .slice(0, -1)
    .filter((line) => line.trim() !== '')
    .slice(-20);
  const sample = some.length > 0 ? some : lines;
  let best: SignalHead['separator'] = ',';
  let most = 0;
  for (const separator of ['\t', ';', ',', 'white'] as const) {
    const rows = sample.filter((line) => isSamples(line, separator));
    const width = rows.length > 0 ? split(rows[rows.length - 1], separator).length : 0;
    // decimal commas look like separators: a wider row wins only where it is no worse as a row
    const score = rows.length * 1000 + Math.min(width, 900);
    if (width > 1 && score > most && !(separator === ',' && best === ';')) {
      most = score;
      best = separator;
    }
  }
  return most > 0 ? best : 'white';
}

function namesOf(
  before: readonly string[],
  separator: SignalHead['separator'],
  width: number,
): { columns: TableHead[]; used: number } {
  const plain = (line: string | undefined): string[] =>
    line === undefined ? [] : split(line.replace(/^\s*[#%]\s?/, ''), separator);
  const last = plain(before.at(-1));
  const above = plain(before.at(-2));
  const fits = (cells: readonly string[]): boolean =>
    cells.length === width && cells.some((cell) => /[a-z]/i.test(cell));
  const units = last.map((cell) => unitOfText(cell));
  const isUnits = fits(last) && fits(above) && last.every((cell, index) => cell === '' || units[index] !== undefined);
  if (isUnits)
    return { columns: above.map((name, index) => headWith(name, last[index] ? units[index] : undefined)), used: 2 };
  if (fits(last)) return { columns: last.map((name) => headWith(name)), used: 1 };
  return { columns: Array.from({ length: width }, (_, index) => ({ name: `column ${index + 1}` })), used: 0 };
}

/** Unit in brackets behind a name, or after its last underscore. */
function headWith(cell: string, unit?: Unit): TableHead {
  if (unit) return { name: cell, unit };
  const bracket = /^(.*?)\s*[,_ ]?\s*[[({]\s*([^[\](){}]{0,20})\s*[\])}]\s*$/.exec(cell);
  const found = bracket && unitOfText(bracket[2]);
  if (bracket && found) return { name: bracket[1].trim() || cell, unit: found };
  const tail = /^(.+)_(s|ms|us|uv|mv|v|g|deg|rad|n|nm|dps)$/i.exec(cell);
  const short = tail && !/^(x|y|z)$/i.test(tail[2]) ? unitOfText(tail[2]) : undefined;
  return tail && short && tail[2].length > 0 ? { name: tail[1], unit: short } : { name: cell };
}

/**
 * All columns.
 * @throws MsdtError `file.malformed`, `input.empty`
 */
export function columnsOf(
  bytes: Uint8Array,
  head: SignalHead,
  about: Pick<ColumnOptions, 'file' | 'signal' | 'quality'>,
): Float64Array[] {
  const { start, separator, comma, columns } = head;
  return numberColumns(bytes, { start, width: columns.length, separator, comma, comment: 35, ...about });
}

/**
 * Names of columns from the beginning of a file whose header, or first row behind it, is longer than what is seen of it.
 * @param bytes - the first bytes of the file
 */
export function cutHeadOf(bytes: Uint8Array): SignalHead | undefined {
  const lines = decode(bytes).split('\n');
  // what is cut may be the first row of samples: then the names above it are whole
  const isRow = lines.length > 1 && NUMBER.test(lines[lines.length - 1].split(/[,;\t]/, 1)[0].trim());
  const line = lines[lines.length - (isRow ? 2 : 1)];
  const separator = ([',', ';', '\t'] as const).find((candidate) => line.split(candidate).length > 4);
  if (!separator || lines.length > 3) return undefined;
  const cells = split(line, separator);
  const columns = (isRow ? cells : cells.slice(0, -1)).map((cell) => headWith(cell));
  return { columns, preamble: [], separator, comma: false, start: 0 };
}

/** The error of a text without samples. */
export function noSamples(file: string) {
  return fileError('file.malformed', file, 'No line of numbers was found', {
    place: `first ${MAX_HEADER_LINES} lines`,
    hint: 'Give the table as text with one row a sample; a channel mapping can say how many lines to pass over.',
  });
}
