/** The sections of a Vicon Nexus CSV export: trajectories, devices, model outputs, joints, segments, events. */

import type { QualityFlag } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import { numberAt } from '../text-numbers.ts';

/** Titles that begin a section. */
export const SECTIONS = ['Trajectories', 'Devices', 'Model Outputs', 'Joints', 'Segments', 'Events'] as const;

type SectionTitle = (typeof SECTIONS)[number];

/** One section with its columns. */
export interface NexusSection {
  title: SectionTitle;
  rateHz: number;
  /** names over the columns, the last one given goes on until the next · per column, without frame and sub-frame */
  groups: string[];
  /** names of the columns */
  names: string[];
  units: string[];
  /** frame and sub-frame of each row */
  frames: number[];
  subFrames: number[];
  /** one array per column, NaN where a cell is empty */
  columns: Float64Array[];
  /** cells of each row, for events */
  cells: string[][];
}

/**
 * Takes an export apart.
 * @throws MsdtError `file.unrecognised` · `file.malformed` with the line
 */
export function parseNexus(bytes: Uint8Array, file: string): { sections: NexusSection[]; flags: QualityFlag[] } {
  const lines = linesOf(bytes);
  const sections: NexusSection[] = [];
  const flags: QualityFlag[] = [];
  for (let at = 0; at < lines.length; ) {
    const text = lineText(bytes, lines[at]);
    const title = SECTIONS.find((known) => known === text.replace(/[,;\t"\s]+$/, '').replace(/^[\uFEFF"ï»¿]+/, ''));
    if (!title) {
      at++;
      continue;
    }
    const { section, next } = readSection(bytes, lines, at, title, separatorOf(bytes, lines[at + 3]), file, flags);
    sections.push(section);
    at = next;
  }
  if (sections.length === 0)
    throw fileError('file.unrecognised', file, 'This is no export of Vicon Nexus', {
      place: 'line 1',
      detail: `it should be one of ${SECTIONS.join(', ')}`,
      hint: 'Export the trial as ASCII from Nexus again.',
    });
  return { sections, flags };
}

/** What parts the names of the columns. */
function separatorOf(bytes: Uint8Array, names: Line | undefined): string {
  const text = names ? latin1(bytes, names[0], names[1]) : '';
  const counted = [',', ';', '\t'].map((mark) => [text.split(mark).length, mark] as const);
  return counted.sort((a, b) => b[0] - a[0])[0][1];
}

type Line = readonly [from: number, to: number];

function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    lines.push([at, end]);
    at = bytes[end] === 13 && bytes[end + 1] === 10 ? end + 2 : end + 1;
  }
  return lines;
}

function lineText(bytes: Uint8Array, [from, to]: Line): string {
  return latin1(bytes, from, to).trim();
}

function cellsOf(bytes: Uint8Array, line: Line | undefined, separator: string): string[] {
  if (!line) return [];
  const text = latin1(bytes, line[0], line[1]);
  return text.split(separator).map((cell) => cell.replace(/^\s*"?|"?\s*$/g, ''));
}

function readSection(
  bytes: Uint8Array,
  lines: readonly Line[],
  at: number,
  title: SectionTitle,
  separator: string,
  file: string,
  flags: QualityFlag[],
): { section: NexusSection; next: number } {
  const cells = (line: number) => cellsOf(bytes, lines[line], separator);
  const rateHz = Number(withPoint(cells(at + 1)[0] ?? '', separator));
  if (!(rateHz > 0) || !Number.isFinite(rateHz))
    throw fileError('file.malformed', file, `The rate of the section ${title} is missing`, {
      place: `line ${at + 2}`,
      detail: cells(at + 1)[0]?.slice(0, 40),
      hint: 'Export the trial as ASCII from Nexus again.',
    });
  const section: NexusSection = {
    title,
    rateHz,
    groups: [],
    names: [],
    units: [],
    frames: [],
    subFrames: [],
    columns: [],
    cells: [],
  };
  if (title === 'Events') {
    let line = at + 3;
    for (; line < lines.length && lineText(bytes, lines[line]).replace(/[,;\t]/g, '') !== ''; line++)
      section.cells.push(cells(line));
    return { section, next: line };
  }
  const groups = cells(at + 2);
  const names = cells(at + 3);
  section.units = cells(at + 4).slice(2);
  const width = Math.max(0, names.findLastIndex((name) => name !== '') - 1);
  section.names = names.slice(2, 2 + width);
  let last = '';
  section.groups = section.names.map((_, column) => {
    last = groups[2 + column] || last;
    return last;
  });
  let next = at + 5;
  while (next < lines.length && isRow(bytes, lines[next])) next++;
  const rows = next - at - 5;
  section.columns = section.names.map(() => new Float64Array(rows).fill(Number.NaN));
  const wrong: Wrong = { cells: 0, line: 0, text: '' };
  for (let row = 0; row < rows; row++)
    readRow(decimalPoints(bytes, lines[at + 5 + row], separator), separator.charCodeAt(0), section, row, (text) => {
      if (wrong.cells++ === 0) Object.assign(wrong, { line: at + 6 + row, text });
    });
  if (rows === 0 || width === 0)
    throw fileError('file.truncated', file, `The section ${title} holds nothing`, {
      place: `line ${at + 6}`,
      detail: `${width} columns, ${rows} rows`,
      hint: 'Export the trial as ASCII from Nexus again.',
    });
  checkFrames(section, flags);
  checkCells(section, wrong, rows * width, file, flags);
  return { section, next };
}

/** A row begins with a digit. */
function isRow(bytes: Uint8Array, [from, to]: Line): boolean {
  return from < to && bytes[from] >= 48 && bytes[from] <= 57;
}

/** Cells that hold no number. */
interface Wrong {
  cells: number;
  line: number;
  text: string;
}

function checkCells(
  { title }: NexusSection,
  { cells, line, text }: Wrong,
  all: number,
  file: string,
  flags: QualityFlag[],
): void {
  if (cells === 0) return;
  if (cells > all / 2)
    throw fileError('file.malformed', file, `The cells of the section ${title} are no numbers`, {
      place: `line ${line}`,
      detail: `"${text}"`,
      hint: 'Export the trial as ASCII from Nexus again, with a decimal point.',
    });
  flags.push({
    code: 'nexus.cells',
    severity: 'doubt',
    where: `line ${line}`,
    message: `${cells === 1 ? 'One cell' : `${cells} cells`} of ${title} cannot be read, first "${text}" on line ${line}; they stay empty.`,
  });
}

const withPoint = (text: string, separator: string): string => (separator === ',' ? text : text.replace(',', '.'));

/** A row on its own; decimal commas become points where another character parts the columns. */
function decimalPoints(bytes: Uint8Array, [from, to]: Line, separator: string): Uint8Array {
  const row = bytes.subarray(from, to);
  return separator !== ',' && row.includes(44) ? row.map((byte) => (byte === 44 ? 46 : byte)) : row;
}

function readRow(
  bytes: Uint8Array,
  separator: number,
  section: NexusSection,
  row: number,
  wrong: (text: string) => void,
): void {
  let cell = 0;
  const to = bytes.length;
  for (let at = 0; at <= to; cell++) {
    let end = at;
    while (end < to && bytes[end] !== separator) end++;
    const [first, last] = inked(bytes, at, end);
    const value = last > first ? numberAt(bytes, first, last) : undefined;
    if (value === undefined && last > first && cell - 2 < section.columns.length)
      wrong(latin1(bytes, first, Math.min(last, first + 24)));
    if (cell === 0) section.frames.push(value ?? Number.NaN);
    else if (cell === 1) section.subFrames.push(value ?? 0);
    else if (value !== undefined && cell - 2 < section.columns.length) section.columns[cell - 2][row] = value;
    at = end + 1;
  }
  if (cell < 2) section.subFrames.push(0);
}

/** The part of a cell without blanks and quotes around it. */
function inked(bytes: Uint8Array, from: number, to: number): [number, number] {
  let [first, last] = [from, to];
  while (first < last && (bytes[first] <= 32 || bytes[first] === 34)) first++;
  while (last > first && (bytes[last - 1] <= 32 || bytes[last - 1] === 34)) last--;
  return [first, last];
}

function checkFrames(section: NexusSection, flags: QualityFlag[]): void {
  const { frames, subFrames, title } = section;
  const broken = frames.findIndex((frame, row) => {
    if (row === 0) return !Number.isFinite(frame);
    const step = frame - frames[row - 1];
    return !(step === 1 || (step === 0 && subFrames[row] === subFrames[row - 1] + 1));
  });
  if (broken < 0) return;
  flags.push({
    code: 'nexus.frames',
    severity: 'doubt',
    where: `${title}, row ${broken + 1}`,
    message: `Frames of ${title} are not numbered on at row ${broken + 1}; rows were taken as following each other.`,
  });
}
