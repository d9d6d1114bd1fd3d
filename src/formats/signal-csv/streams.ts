/**
 * Columns through a channel mapping: each stream at its own rate.
 *
 * Exports that put streams of different rates side by side do it in one of three ways, found per stream: short columns that end early
 * (`packed`), cells left empty between samples (`spread`), or values repeated until the next sample (`held`, only where the mapping
 * names a lower rate).
 */

import type {
  ColumnRef,
  ProfileStream,
  QualityFlag,
  SignalChannel,
  SignalProfile,
  Signals,
} from '../../model/index.ts';
import { fileError } from '../bytes.ts';
import { timeBaseOf } from '../recording/index.ts';
import type { SignalHead } from './table.ts';

const SECONDS = { s: 1, ms: 1e-3, us: 1e-6 };

/** Rate taken where nothing says it · Hz */
const NO_RATE_HZ = 1;

/** A stream below this share of the table's rate, yet filled in every row, holds repeated values. */
const HELD_BELOW = 0.9;

interface Table {
  head: SignalHead;
  columns: readonly Float64Array[];
  file: string;
  clock: string;
}

/**
 * Streams of a table after a mapping.
 * @throws MsdtError `parameter.invalid` for a column that is not there, `file.malformed` for times that do not rise
 */
export function streamsOf(table: Table, profile: SignalProfile, quality: QualityFlag[]): Signals[] {
  const shared = sharedTimes(table, profile);
  return profile.streams
    .flatMap((stream) => parted(table, stream))
    .map((stream) => streamOf(table, stream, shared, quality));
}

/** Times, or a rate, of all rows: those of the first stream. */
interface Rows {
  timeS?: Float64Array;
  rateHz?: number;
}

function sharedTimes(table: Table, profile: SignalProfile): Rows {
  const timed = profile.streams.find(({ time }) => time);
  if (timed?.time) {
    const times = timesOf(table, timed);
    if (times && times.length === table.columns[0].length) return { timeS: times, rateHz: timeBaseOf(times).rateHz };
  }
  const rated = profile.streams.map(({ rateHz }) => rateHz ?? 0);
  const fastest = Math.max(...rated);
  return fastest > 0 ? { rateHz: fastest } : {};
}

/** Channels of one stream whose cells are filled in different rows were not sampled together. */
function parted(table: Table, stream: ProfileStream): ProfileStream[] {
  const groups = new Map<string, ProfileStream>();
  for (const channel of stream.channels) {
    const layout = layoutOf([columnAt(table, channel.column)]);
    const key = layout.kind === 'full' ? 'full' : `${layout.kind} ${layout.rows.length} ${layout.rows[0]}`;
    const group = groups.get(key);
    if (group) group.channels.push(channel);
    else groups.set(key, { ...stream, channels: [channel] });
  }
  return [...groups.values()];
}

interface RowLayout {
  kind: 'full' | 'packed' | 'spread';
  /** rows that hold samples */
  rows: Int32Array;
}

function layoutOf(columns: readonly Float64Array[]): RowLayout {
  const count = columns[0].length;
  // most columns have no empty cell
  if (columns.some(isFull)) return { kind: 'full', rows: new Int32Array(0) };
  const filled = new Uint8Array(count);
  for (const column of columns) for (let row = 0; row < count; row++) if (!Number.isNaN(column[row])) filled[row] = 1;
  const all = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (filled[row]) all[found++] = row;
  const rows = all.slice(0, found);
  if (found === 0 || found === count) return { kind: 'full', rows };
  // no lower rate leaves out the last row alone: that row was cut off
  if (found === count - 1 && found > 2 && rows[found - 1] === found - 1) return { kind: 'full', rows };
  if (rows[found - 1] === found - 1) return { kind: 'packed', rows };
  const steps = rows
    .slice(1)
    .map((row, index) => row - rows[index])
    .sort();
  return { kind: steps[steps.length >> 1] >= 2 ? 'spread' : 'full', rows };
}

function isFull(column: Float64Array): boolean {
  for (let row = 0; row < column.length; row++) if (Number.isNaN(column[row])) return false;
  return true;
}

function streamOf(table: Table, stream: ProfileStream, shared: Rows, quality: QualityFlag[]): Signals {
  const cells = stream.channels.map(({ column }) => columnAt(table, column));
  const layout = layoutOf(cells);
  const count = table.columns[0].length;
  const { clock } = table;
  const own = stream.time ? timesOf(table, stream) : undefined;
  if (layout.kind === 'packed') {
    const rows = layout.rows.length;
    const pick = (values: Float64Array): Float64Array => values.slice(0, rows);
    if (own && own.length === rows) return { clock, ...timeBaseOf(own), channels: channelsOf(table, stream, pick) };
    const rateHz = stream.rateHz ?? (shared.rateHz ? (shared.rateHz * rows) / count : undefined);
    if (stream.rateHz === undefined) quality.push(derivedRate(stream, rateHz));
    return base(clock, stream, rateHz, channelsOf(table, stream, pick));
  }
  const times = own ?? shared.timeS;
  if (layout.kind === 'spread') {
    const pick = (values: Float64Array): Float64Array => Float64Array.from(layout.rows, (row) => values[row]);
    const channels = channelsOf(table, stream, pick);
    const rowS = (row: number): number => (times ? times[row] : row / (shared.rateHz ?? NO_RATE_HZ));
    const found = timeBaseOf(Float64Array.from(layout.rows, rowS));
    if (stream.rateHz)
      return base(clock, { ...stream, startS: stream.startS ?? found.startS }, stream.rateHz, channels);
    return { clock, ...found, channels };
  }
  const tableHz = shared.rateHz;
  if (stream.rateHz && tableHz && stream.rateHz < HELD_BELOW * tableHz) {
    const step = tableHz / stream.rateHz;
    const kept = Math.floor((count - 1) / step) + 1;
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from({ length: kept }, (_, index) => values[Math.min(count - 1, Math.ceil(index * step - 1e-9))]);
    return base(clock, stream, stream.rateHz, channelsOf(table, stream, pick));
  }
  const channels = channelsOf(table, stream, (values) => values);
  if (times && times.length === count && !(stream.rateHz && !own)) {
    const found = timeBaseOf(times);
    return stream.rateHz && !found.timeS
      ? { clock, ...found, rateHz: stream.rateHz, channels }
      : { clock, ...found, channels };
  }
  return base(clock, stream, stream.rateHz ?? tableHz, channels, quality);
}

function base(
  clock: string,
  stream: ProfileStream,
  rateHz: number | undefined,
  channels: SignalChannel[],
  quality?: QualityFlag[],
): Signals {
  if (rateHz === undefined)
    quality?.push({
      code: 'signal.no-rate',
      severity: 'fault',
      message: `Nothing says the sampling rate: ${NO_RATE_HZ} Hz was taken. Give the choice rateHz or a channel mapping.`,
    });
  return { clock, startS: stream.startS ?? 0, rateHz: rateHz ?? NO_RATE_HZ, channels };
}

function derivedRate(stream: ProfileStream, rateHz: number | undefined): QualityFlag {
  const where = stream.channels[0].name ?? String(stream.channels[0].column);
  const rate = rateHz === undefined ? 'unknown' : `${Number(rateHz.toPrecision(6))} Hz`;
  const message = `The columns from ${where} on end early: their rate, ${rate}, was taken from the ratio of lengths. A channel mapping can say it exactly.`;
  return { code: 'signal.derived-rate', severity: 'doubt', where, message };
}

function columnAt(table: Table, ref: ColumnRef): Float64Array {
  const { head, columns, file } = table;
  const index = typeof ref === 'number' ? ref - 1 : head.columns.findIndex(({ name }) => name === ref);
  if (columns[index]) return columns[index];
  throw fileError('parameter.invalid', file, 'The channel mapping names a column that is not there', {
    place: `column ${ref}`,
    detail: `the table has ${head.columns
      .map(({ name }) => name)
      .slice(0, 20)
      .join(', ')}`,
    hint: 'Choose the mapping that belongs to this kind of file, or correct it.',
  });
}

/** Times of a stream without the empty cells at its end. */
function timesOf(table: Table, { time }: ProfileStream): Float64Array | undefined {
  if (!time) return undefined;
  const cells = columnAt(table, time.column);
  let count = cells.length;
  while (count > 0 && Number.isNaN(cells[count - 1])) count--;
  const times = cells.slice(0, count).map((value) => value * SECONDS[time.unit]);
  const fault = times.findIndex((value, index) => !(index === 0 ? Number.isFinite(value) : value > times[index - 1]));
  if (fault < 0) return times;
  throw fileError('file.malformed', table.file, 'The times do not rise', {
    place: `data row ${fault + 1}`,
    detail: `${times[fault]} s after ${times[Math.max(0, fault - 1)]} s`,
    hint: 'Leave the time column out of the mapping and give the rate instead, or export the recording again.',
  });
}

function channelsOf(
  table: Table,
  stream: ProfileStream,
  pick: (values: Float64Array) => Float64Array,
): SignalChannel[] {
  return stream.channels.map(({ column, scale = 1, offset = 0, name, ...about }) => {
    const picked = pick(columnAt(table, column));
    const values = scale === 1 && offset === 0 ? picked : picked.map((value) => value * scale + offset);
    return { name: name ?? String(column), values, ...about };
  });
}
