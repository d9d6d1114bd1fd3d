/** Reads TRC marker files, tab- or comma-separated, with gaps. */

import type { PointSequence, QualityFlag, ReadItem, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_ARRAY_BYTES, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf } from '../recording/index.ts';
import { numberAt, numberHint } from '../text-numbers.ts';

const MM_OF: Record<string, number> = { mm: 1, cm: 10, dm: 100, m: 1000, in: 25.4 };

/** Steps of time that differ by more than this part of a step are uneven. */
const UNEVEN = 1e-3;

const LF = 10;
const CR = 13;

/**
 * Reads a marker file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readTrc(file: SourceFile): Promise<ReadItem> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const head = headOf(bytes, file.name);
  const flags: QualityFlag[] = [];
  const { times, positions } = bodyOf(bytes, head, file.name, flags);
  const frames = times.length;
  const mm = MM_OF[head.unit];
  if (!mm)
    flags.push({
      code: 'trc.unit',
      severity: 'doubt',
      where: 'line 3',
      message: `The unit "${head.unit}" is not known; places were read as millimetres.`,
    });
  for (let at = 0; mm && mm !== 1 && at < positions.length; at++) positions[at] *= mm;
  if (head.frames !== undefined && head.frames !== frames)
    flags.push({
      code: 'trc.frames',
      severity: 'doubt',
      where: `frame ${frames}`,
      message: `The header announces ${head.frames} frames, ${frames} are there.`,
    });
  const markers: PointSequence = {
    clock: clockOf(file.name),
    ...timeOf(times, head.rateHz),
    frame: 'lab',
    names: head.names,
    positions,
  };
  let missing = 0;
  for (let at = 0; at < positions.length; at += 3) if (Number.isNaN(positions[at])) missing++;
  if (missing > 0)
    flags.push({
      code: 'motion.markers-missing',
      severity: 'info',
      message: `Markers were not seen in ${((300 * missing) / positions.length).toFixed(1)} % of all places; they are left open, not filled.`,
    });
  return {
    modality: 'motion',
    artifacts: [{ kind: 'sequence.markers', payload: markers, name: 'Markers' }],
    files: [file.name],
    quality: flags,
    metadata: { format: 'TRC', points: head.names.length, frames, rateHz: markers.rateHz, lengths: head.unit },
  };
}

interface TrcHead {
  names: string[];
  rateHz: number;
  unit: string;
  frames?: number;
  separator: number;
  /** byte of the first row */
  end: number;
}

function headOf(bytes: Uint8Array, file: string): TrcHead {
  const lines: string[] = [];
  let at = 0;
  while (at < bytes.length && lines.length < 5) {
    let end = at;
    while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
    lines.push(latin1(bytes, at, end));
    at = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
  }
  if (!/^\s*PathFileType/i.test(lines[0] ?? ''))
    throw fileError('file.unrecognised', file, 'This is not a TRC file', {
      place: 'line 1',
      detail: 'it should begin with PathFileType',
      hint: 'Export the markers as TRC again.',
    });
  const names = lines[3] ?? '';
  const comma = !names.includes('\t') && names.includes(',');
  const cells = (line = '') => line.split(comma ? ',' : '\t').map((cell) => cell.trim());
  const keys = cells(lines[1]).filter(Boolean);
  // some writers put two tabs between values
  const inked = cells(lines[2]).filter(Boolean);
  const values = inked.length === keys.length ? inked : cells(lines[2]);
  const value = (key: string) => values[keys.findIndex((known) => known.toLowerCase() === key.toLowerCase())];
  const found = namesOf(cells(names).slice(2), Number(value('NumMarkers')));
  const rateHz = Number(value('DataRate'));
  if (found.length === 0 || !(rateHz > 0))
    throw fileError('file.malformed', file, 'The header of the TRC file is damaged', {
      place: found.length === 0 ? 'line 4' : 'line 3',
      detail: found.length === 0 ? 'no marker names' : `data rate "${value('DataRate') ?? ''}"`,
      hint: numberHint(found.length === 0 ? '' : (value('DataRate') ?? ''), 'Export the markers as TRC again.'),
    });
  const frames = Number(value('NumFrames'));
  return {
    names: found,
    rateHz,
    unit: (value('Units') ?? 'mm').toLowerCase(),
    ...(Number.isInteger(frames) && frames > 0 && { frames }),
    separator: comma ? 44 : 9,
    end: at,
  };
}

/** Names stand in every third cell; some writers leave fewer cells between them. */
function namesOf(labels: readonly string[], announced: number): string[] {
  const inked = labels.filter((label) => label !== '');
  const last = labels.findLastIndex((label) => label !== '');
  const third = labels.filter((_, column) => column % 3 === 0 && column <= last);
  if (inked.length === announced || third.filter(Boolean).length < inked.length) return inked;
  return third.map((label, index) => label || `point ${index + 1}`);
}

function bodyOf(bytes: Uint8Array, head: TrcHead, file: string, flags: QualityFlag[]) {
  const width = 3 * head.names.length;
  const lines = countLines(bytes, head.end);
  if (lines * width * 8 > Math.min(MAX_ARRAY_BYTES, 64 * bytes.length + 4096))
    throw fileError('file.malformed', file, 'The rows are far shorter than the header says', {
      place: 'line 4',
      detail: `${head.names.length} markers`,
      hint: 'Export the markers as TRC again.',
    });
  const positions = new Float64Array(lines * width).fill(Number.NaN);
  const times: number[] = [];
  for (let at = head.end, line = 6; at < bytes.length; line++) {
    const start = at;
    let end = at;
    while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
    const row = rowOf(bytes, at, end, head.separator, positions, times.length * width, width);
    at = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
    if (row === undefined) continue;
    if (!Number.isFinite(row.time) || (times.length > 0 && row.time <= times[times.length - 1]) || row.bad) {
      if (times.length === 0)
        throw fileError('file.malformed', file, 'The first row is no row of numbers', {
          place: `line ${line}`,
          detail: latin1(bytes, start, Math.min(end, start + 60)),
          hint: numberHint(head.separator === 44 ? '' : latin1(bytes, start, end), 'Export the markers as TRC again.'),
        });
      positions.fill(Number.NaN, times.length * width, (times.length + 1) * width);
      flags.push({
        code: 'trc.row',
        severity: 'fault',
        where: `line ${line}`,
        message: `Line ${line} ${faultOf(row, times[times.length - 1])}; it and what follows were left out.`,
      });
      break;
    }
    times.push(row.time);
  }
  if (times.length === 0)
    throw fileError('file.truncated', file, 'The file holds no frame', {
      place: 'line 6',
      hint: 'Export the markers as TRC again.',
    });
  return { times: Float64Array.from(times), positions: positions.slice(0, times.length * width) };
}

function faultOf({ time, bad }: { time: number; bad: boolean }, before: number): string {
  if (bad) return 'holds something that is no number';
  return Number.isFinite(time) ? `says ${time} s after ${before} s: time does not run forward` : 'has no time';
}

function countLines(bytes: Uint8Array, start: number): number {
  let lines = 1;
  for (let at = start; at < bytes.length; at++) if (bytes[at] === LF || bytes[at] === CR) lines++;
  return lines;
}

/** Fills one row; undefined for an empty line. Empty cells stay NaN; a marker with a gap in one axis is missing. */
function rowOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  separator: number,
  target: Float64Array,
  offset: number,
  width: number,
): { time: number; bad: boolean } | undefined {
  let cell = 0;
  let time = Number.NaN;
  let bad = false;
  let ink = false;
  for (let at = start; at <= end; cell++) {
    let stop = at;
    while (stop < end && bytes[stop] !== separator) stop++;
    let [from, to] = [at, stop];
    while (from < to && bytes[from] <= 32) from++;
    while (to > from && bytes[to - 1] <= 32) to--;
    if (to > from) {
      ink = true;
      const value = numberAt(bytes, from, to);
      if (value === undefined && cell !== 0) bad = true;
      else if (cell === 1) time = value ?? Number.NaN;
      else if (cell > 1 && cell < 2 + width) target[offset + cell - 2] = value ?? Number.NaN;
    }
    at = stop + 1;
  }
  if (!ink) return undefined;
  for (let at = offset; at < offset + width; at += 3)
    if (Number.isNaN(target[at] + target[at + 1] + target[at + 2])) target.fill(Number.NaN, at, at + 3);
  return { time, bad };
}

function timeOf(times: Float64Array, rateHz: number) {
  const startS = times[0];
  // time stamps are printed with few digits: what the rate explains within half a last digit is even
  const even = times.every((time, row) => Math.abs(time - startS - row / rateHz) <= Math.max(UNEVEN / rateHz, 5.1e-4));
  return even
    ? { startS, rateHz }
    : { startS, rateHz: (times.length - 1) / (times[times.length - 1] - startS), timeS: times };
}
