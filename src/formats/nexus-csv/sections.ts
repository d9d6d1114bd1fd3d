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
  let separator = ',';
  for (let at = 0; at < lines.length; ) {
    const text = lineText(bytes, lines[at]);
    const title = SECTIONS.find((known) => known === text.replace(/[,;\t"\s]+$/, '').replace(/^[\uFEFF"ï»¿]+/, ''));
    if (!title) {
      at++;
      continue;
    }
    const rest = text.slice(title.length).trimStart();
    if (/^[,;\t]/.test(rest)) separator = rest[0];
    const { section, next } = readSection(bytes, lines, at, title, separator, file, flags);
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
  const rateHz = Number(cells(at + 1)[0]);
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
  for (let row = 0; row < rows; row++) readRow(bytes, lines[at + 5 + row], separator.charCodeAt(0), section, row);
  if (rows === 0 || width === 0)
    throw fileError('file.truncated', file, `The section ${title} holds nothing`, {
      place: `line ${at + 6}`,
      detail: `${width} columns, ${rows} rows`,
      hint: 'Export the trial as ASCII from Nexus again.',
    });
  checkFrames(section, flags);
  return { section, next };
}

/** A row begins with a digit. */
function isRow(bytes: Uint8Array, [from, to]: Line): boolean {
  return from < to && bytes[from] >= 48 && bytes[from] <= 57;
}

function readRow(bytes: Uint8Array, [from, to]: Line, separator: number, section: NexusSection, row: number): void {
  let cell = 0;
  for (let at = from; at <= to; cell++) {
    let end = at;
    while (end < to && bytes[end] !== separator) end++;
    const value = end > at ? numberAt(bytes, at, end) : undefined;
    if (cell === 0) section.frames.push(value ?? Number.NaN);
    else if (cell === 1) section.subFrames.push(value ?? 0);
    else if (value !== undefined && cell - 2 < section.columns.length) section.columns[cell - 2][row] = value;
    at = end + 1;
  }
  if (cell < 2) section.subFrames.push(0);
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
