/** The form of a channel mapping: one row a column, and the way to a mapping and back. */

import type { WireProfile, WireProfileChannel, WireTableLook } from '../../../contract/index.ts';
import { UNIT_TEXT } from '../../../model/index.ts';

export type Quantity = WireProfileChannel['quantity'];
export type Meaning = Quantity | 'leave-out' | 'time:s' | 'time:ms' | 'time:us';
export type Columns = WireTableLook['columns'];

/** What a person says of one column; texts as they are typed. */
export interface ColumnRow {
  meaning: Meaning;
  name: string;
  unit: string;
  scale: string;
  offset: string;
  axis: string;
  sensor: string;
  segment: string;
  site: string;
  level: string;
  side: string;
  /** Hz; that of the table where empty */
  rate: string;
  /** carried along from a mapping that says it */
  startS?: number;
}

export interface MappingForm {
  /** Hz; of all columns that say no other */
  rate: string;
  skipLines: string;
  separator: string;
  decimal: string;
  rows: ColumnRow[];
}

export const MEANINGS: readonly (readonly [Meaning, string])[] = [
  ['leave-out', 'Leave out'],
  ['time:s', 'Time, s'],
  ['time:ms', 'Time, ms'],
  ['time:us', 'Time, µs'],
  ['emg', 'EMG'],
  ['acceleration', 'Acceleration'],
  ['angular-rate', 'Angular rate'],
  ['magnetic-field', 'Magnetic field'],
  ['orientation', 'Orientation'],
  ['angle', 'Angle'],
  ['force', 'Force'],
  ['moment', 'Moment'],
  ['pressure-centre', 'Pressure centre'],
  ['position', 'Position'],
  ['other', 'Something else'],
];

const USUAL_UNITS: Record<Quantity, readonly string[]> = {
  emg: ['mV', 'uV', 'V', '{arb}'],
  acceleration: ['m/s2', '[g]', '{arb}'],
  'angular-rate': ['deg/s', 'rad/s', '{arb}'],
  'magnetic-field': ['uT', 'G', '{arb}'],
  orientation: ['1'],
  angle: ['deg', 'rad'],
  force: ['N', '{arb}'],
  moment: ['N.m', 'N.mm', '{arb}'],
  'pressure-centre': ['mm', 'cm', 'm'],
  position: ['mm', 'cm', 'm'],
  other: ['{arb}', '1'],
};

/** Units of a quantity, the usual ones first. */
export function unitsOf(quantity: Quantity): { usual: readonly string[]; others: readonly string[] } {
  const usual = USUAL_UNITS[quantity];
  return { usual, others: Object.keys(UNIT_TEXT).filter((unit) => !usual.includes(unit)) };
}

export type Field = 'axis' | 'sensor' | 'segment' | 'site' | 'level' | 'side';
const OF_SENSOR: readonly Field[] = ['axis', 'sensor', 'segment', 'side'];
const FIELDS: Record<Quantity, readonly Field[]> = {
  emg: ['site', 'level', 'side', 'sensor'],
  acceleration: OF_SENSOR,
  'angular-rate': OF_SENSOR,
  'magnetic-field': OF_SENSOR,
  orientation: OF_SENSOR,
  angle: ['segment', 'side', 'axis'],
  force: ['axis', 'side', 'sensor'],
  moment: ['axis', 'side', 'sensor'],
  'pressure-centre': ['axis', 'side', 'sensor'],
  position: ['axis', 'segment', 'side'],
  other: ['segment', 'side', 'sensor'],
};

export function isChannel(meaning: Meaning): meaning is Quantity {
  return meaning !== 'leave-out' && !meaning.startsWith('time:');
}

/** True where a field says something about a column of that meaning. */
export function asksFor(meaning: Meaning, field: Field): boolean {
  return isChannel(meaning) && FIELDS[meaning].includes(field);
}

/** A row with another meaning: a unit that does not fit it is changed too. */
export function withMeaning(row: ColumnRow, meaning: Meaning): ColumnRow {
  const fits = !isChannel(meaning) || (row.unit !== '{arb}' && USUAL_UNITS[meaning].includes(row.unit));
  return { ...row, meaning, unit: fits ? row.unit : USUAL_UNITS[meaning as Quantity][0] };
}

const EMPTY_ROW: Omit<ColumnRow, 'name' | 'unit'> = {
  meaning: 'leave-out',
  scale: '',
  offset: '',
  axis: '',
  sensor: '',
  segment: '',
  site: '',
  level: '',
  side: '',
  rate: '',
};

/**
 * The form that shows a mapping on a table.
 * @returns with the columns that the mapping names and the table does not have
 */
export function formOf(columns: Columns, profile: WireProfile): { form: MappingForm; missing: string[] } {
  const rows: ColumnRow[] = columns.map(({ name, unit }) => ({ ...EMPTY_ROW, name, unit: unit ?? '{arb}' }));
  const missing: string[] = [];
  const at = (ref: string | number): number => {
    const index = typeof ref === 'number' ? ref - 1 : columns.findIndex(({ name }) => name === ref);
    if (!rows[index]) missing.push(String(ref));
    return index;
  };
  const rate = profile.streams.find(({ time, rateHz }) => !time && rateHz !== undefined)?.rateHz;
  for (const { time, rateHz, startS, channels } of profile.streams) {
    const timeAt = time ? at(time.column) : -1;
    if (time && rows[timeAt]) rows[timeAt] = { ...rows[timeAt], meaning: `time:${time.unit}` };
    for (const { column, quantity, scale, offset, ...about } of channels) {
      const index = at(column);
      if (!rows[index]) continue;
      rows[index] = {
        ...rows[index],
        ...about,
        meaning: quantity,
        scale: scale === undefined ? '' : String(scale),
        offset: offset === undefined ? '' : String(offset),
        rate: rateHz === undefined || (!time && rateHz === rate) ? '' : String(rateHz),
        startS,
      };
    }
  }
  const { skipLines, separator = '', decimal = '' } = profile;
  const form = { rate: textOf(rate), skipLines: textOf(skipLines), separator, decimal, rows };
  return { form, missing };
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** A number as it is typed, a decimal comma allowed; what is none stays text, so that the check names it. */
function numberOf(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return undefined;
  const value = Number(plain);
  return (Number.isFinite(value) ? value : text) as number;
}

export interface BuiltProfile {
  profile: WireProfile;
  /** row of each channel of each stream */
  rowsOf: number[][];
}

/** The mapping that a form describes; it may be wrong, the check says where. */
export function profileOf(form: MappingForm, columns: Columns, name: string): BuiltProfile {
  const times = form.rows.flatMap(({ meaning }, index) => (meaning.startsWith('time:') ? [index] : []));
  const groups = new Map<string, { stream: WireProfile['streams'][number]; rows: number[] }>();
  for (const [index, row] of form.rows.entries()) {
    if (!isChannel(row.meaning)) continue;
    // a time column governs those that follow it; the first one those before it too
    const time = times.findLast((one) => one < index) ?? times[0];
    const rateHz = numberOf(row.rate || (time === undefined ? form.rate : ''));
    const key = `${time} ${rateHz} ${row.startS}`;
    const group = groups.get(key) ?? { stream: { channels: [] }, rows: [] };
    groups.set(key, group);
    if (time !== undefined) {
      const unit = form.rows[time].meaning.slice(5) as 's' | 'ms' | 'us';
      group.stream.time = { column: refOf(columns, time), unit };
    }
    if (rateHz !== undefined) group.stream.rateHz = rateHz;
    if (row.startS !== undefined) group.stream.startS = row.startS;
    group.stream.channels.push(channelOf(row, refOf(columns, index)));
    group.rows.push(index);
  }
  const profile: WireProfile = { schemaVersion: 1, name, streams: [] };
  const skipLines = numberOf(form.skipLines);
  if (skipLines !== undefined) profile.skipLines = skipLines;
  if (form.separator) profile.separator = form.separator as WireProfile['separator'];
  if (form.decimal) profile.decimal = form.decimal as WireProfile['decimal'];
  profile.streams = [...groups.values()].map(({ stream }) => stream);
  return { profile, rowsOf: [...groups.values()].map(({ rows }) => rows) };
}

/** By name where that is clear, so that the mapping fits files whose columns stand in another order. */
function refOf(columns: Columns, index: number): string | number {
  const { name } = columns[index];
  const clear = name !== '' && !/^column \d+$/.test(name) && columns.filter((one) => one.name === name).length === 1;
  return clear ? name : index + 1;
}

function channelOf(row: ColumnRow, column: string | number): WireProfileChannel {
  const quantity = row.meaning as Quantity;
  const channel: WireProfileChannel = { column, name: row.name.trim() || undefined, unit: row.unit, quantity };
  const scale = numberOf(row.scale);
  const offset = numberOf(row.offset);
  if (scale !== undefined) channel.scale = scale;
  if (offset !== undefined) channel.offset = offset;
  for (const field of FIELDS[quantity]) {
    const text = row[field].trim();
    if (text) Object.assign(channel, { [field]: text });
  }
  return channel;
}

/** The last of the rows below that measure what the next one does: those a row can be copied onto. */
export function lastAlike(rows: readonly ColumnRow[], at: number): number {
  let last = at;
  while (rows[last + 1] && rows[last + 1].meaning === rows[at + 1].meaning) last++;
  return last;
}

/** Rows with what one measures, and on which part of the body, given to those below it that are alike. */
export function copiedDown(rows: readonly ColumnRow[], at: number): ColumnRow[] {
  const { meaning, unit, scale, offset, rate, sensor, segment, site } = rows[at];
  const last = lastAlike(rows, at);
  return rows.map((row, index) =>
    index > at && index <= last ? { ...row, meaning, unit, scale, offset, rate, sensor, segment, site } : row,
  );
}

/** Row and field that a message of the check speaks of: `streams[0].channels[2].unit`. */
export function rowAt(place: string | undefined, rowsOf: readonly (readonly number[])[]): [number, string] | undefined {
  const found = /^streams\[(\d+)\]\.channels\[(\d+)\]\.?(\w*)$/.exec(place ?? '');
  const row = found && rowsOf[Number(found[1])]?.[Number(found[2])];
  return found && row !== null && row !== undefined ? [row, found[3]] : undefined;
}
