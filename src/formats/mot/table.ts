/** OpenSim's text tables (MOT, STO; versions 1 to 3, SIMM headers too): header, labels, time, numbers. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError, latin1, truncatedError } from '../bytes.ts';
import { numberHint, parseNumbers } from '../text-numbers.ts';

/** Numbers in one cell, by the type that the header names. */
const WIDTHS: Record<string, number> = {
  double: 1,
  quaternion: 4,
  vec2: 2,
  vec3: 3,
  vec4: 4,
  vec5: 5,
  vec6: 6,
  vec7: 7,
  vec8: 8,
  vec9: 9,
  vec12: 12,
  spatialvec: 6,
};

/** Header lines beyond which no `endheader` is looked for. */
const MOST_HEADER_LINES = 4096;

/** A table as the file holds it. */
export interface MotTable {
  /** first line, where it is a name */
  name: string;
  /** `key=value` and `key value` lines of the header, keys in lower case */
  header: Map<string, string>;
  /** degrees for rotational columns; undefined where the header does not say */
  inDegrees?: boolean;
  /** labels of the columns, without time */
  labels: string[];
  /** numbers in one cell: 1, 3 for vectors, 4 for quaternions `w, x, y, z` */
  width: number;
  /** shape [rows] · s */
  timeS: Float64Array;
  /** one array per label and component: column c, component k at `c * width + k` · shape [rows] each */
  columns: Float64Array[];
  flags: QualityFlag[];
}

/**
 * Reads a MOT or STO file.
 * @param file - name for messages
 * @throws MsdtError `file.unrecognised` no `endheader` · `file.malformed` labels and numbers do not match · `file.truncated`
 */
export function readMotTable(bytes: Uint8Array, file: string): MotTable {
  const lines = headerLines(bytes, file);
  const header = new Map<string, string>();
  for (const line of lines.texts) {
    const pair = /^\s*([\w ]+?)\s*=\s*(.*?)[\s,]*$/.exec(line) ?? /^\s*(\w+)\s+(.*?)[\s,]*$/.exec(line);
    if (pair && !header.has(pair[1].toLowerCase())) header.set(pair[1].toLowerCase(), pair[2]);
  }
  const type = header.get('datatype')?.toLowerCase() ?? 'double';
  const width = WIDTHS[type];
  if (!width)
    throw fileError('file.unsupported', file, 'The columns hold a type this program does not know', {
      place: 'header line DataType',
      detail: header.get('datatype'),
      hint: 'Export the table with plain numbers.',
    });
  const { labels, end, separator } = labelLine(bytes, lines.end, width, file);
  const flags: QualityFlag[] = [];
  const numbers = allNumbers(
    bytes,
    end,
    separator === ',' || width > 1 ? ',' : '',
    file,
    flags,
    1 + labels.length * width,
  );
  const perRow = 1 + labels.length * width;
  const rows = Math.floor(numbers.length / perRow);
  if (rows === 0) throw truncatedError(file, 'first row of numbers', perRow, numbers.length);
  const announced = Number(header.get('nrows') ?? header.get('datarows') ?? Number.NaN);
  if (numbers.length % perRow !== 0 || (Number.isFinite(announced) && announced !== rows))
    flags.push({
      code: 'mot.rows',
      severity: 'doubt',
      where: `row ${rows}`,
      message: Number.isFinite(announced)
        ? `The header announces ${announced} rows, ${rows} whole rows are there.`
        : `The last row is cut off; ${rows} whole rows are there.`,
    });
  const columns = Array.from({ length: labels.length * width }, () => new Float64Array(rows));
  const timeS = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    timeS[row] = numbers[at++];
    for (const column of columns) column[row] = numbers[at++];
  }
  checkTime(timeS, file);
  const degrees = header.get('indegrees')?.toLowerCase();
  const first = lines.texts[0]?.replace(/[,\s]+$/, '').trim() ?? '';
  return {
    name: first.includes('=') ? '' : first.replace(/^name\s+/, ''),
    header,
    ...(degrees !== undefined && { inDegrees: degrees.startsWith('y') || degrees === 'true' }),
    labels,
    width,
    timeS,
    columns,
    flags,
  };
}

function headerLines(bytes: Uint8Array, file: string): { texts: string[]; end: number } {
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length && texts.length < MOST_HEADER_LINES) {
    const stop = lineEnd(bytes, at);
    const text = latin1(bytes, at, Math.min(stop, at + 65_536)).trim();
    at = nextLine(bytes, stop);
    if (/^endheader[\s,]*$/i.test(text)) return { texts, end: at };
    texts.push(text);
  }
  throw fileError('file.unrecognised', file, 'This is not an OpenSim table', {
    place: `line ${texts.length}`,
    detail: 'no line "endheader"',
    hint: 'Export the motion or storage file again; its header must end with the line endheader.',
  });
}

const LF = 10;
const CR = 13;

function lineEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
  return end;
}

function nextLine(bytes: Uint8Array, end: number): number {
  return bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
}

function labelLine(bytes: Uint8Array, start: number, width: number, file: string) {
  let at = start;
  let text = '';
  while (at < bytes.length && text === '') {
    const stop = lineEnd(bytes, at);
    text = latin1(bytes, at, stop).replace(/^[\s,]+|[\s,]+$/g, '');
    at = nextLine(bytes, stop);
  }
  const separator = text.includes('\t') ? '\t' : width === 1 && text.includes(',') ? ',' : ' ';
  const cells = separator === ' ' ? text.split(/\s+/) : text.split(separator).map((cell) => cell.trim());
  const [time, ...labels] = cells;
  if (!/^time$/i.test(time ?? '') || labels.length === 0)
    throw fileError('file.malformed', file, 'The line of column labels is missing', {
      place: `byte ${start}`,
      detail: `it should begin with "time", found "${(time ?? '').slice(0, 40)}"`,
      hint: 'Export the table again with its labels.',
    });
  return { labels, end: at, separator };
}

function allNumbers(
  bytes: Uint8Array,
  start: number,
  separators: string,
  file: string,
  flags: QualityFlag[],
  perRow: number,
): Float64Array {
  // each number takes a digit and a gap
  const target = new Float64Array(Math.ceil((bytes.length - start) / 2) + 1);
  const found = parseNumbers(bytes, target, { start, separators });
  if (found.bad !== undefined) {
    const text = latin1(bytes, found.bad, Math.min(bytes.length, found.bad + 24)).trim();
    if (found.count < perRow)
      throw fileError('file.malformed', file, 'The table holds something that is no number', {
        place: `byte ${found.bad}`,
        detail: text,
        hint: numberHint(separators ? '' : text, 'Export the table again.'),
      });
    flags.push({
      code: 'mot.cut',
      severity: 'fault',
      where: `byte ${found.bad}`,
      message: `In row ${Math.floor(found.count / perRow) + 1} stands "${text.split(/\s/)[0]}", which is no number; the rest was left out.`,
    });
  }
  return target.subarray(0, found.count);
}

function checkTime(timeS: Float64Array, file: string): void {
  for (let row = 0; row < timeS.length; row++) {
    if (Number.isFinite(timeS[row]) && (row === 0 || timeS[row] > timeS[row - 1])) continue;
    throw fileError('file.malformed', file, 'Time does not run forward', {
      place: `row ${row + 1}`,
      detail: `${timeS[row]} s after ${row ? timeS[row - 1] : 'nothing'}`,
      hint: 'Rows are out of order, or columns and labels do not match: sort the rows by time, or export the table again.',
    });
  }
}
