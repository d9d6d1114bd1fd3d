/** The form of a record mapping: which column is the date, and what each of the others means. */

import type { WireRecordProfile, WireTableLook, WireTableProfile } from '../../../../contract/index.ts';

export type RecordLook = NonNullable<WireTableLook['record']>;

/** What a person says of one column; texts as they are typed. */
export interface RecordRow {
  /** id of a feature or finding, or a LOINC code; empty: left out */
  means: string;
  unit: string;
  level: string;
  side: string;
  posture: string;
}

/** The part of a column in a table with one row a fact. */
export type LongPart = 'what' | 'value' | 'unit';

export interface RecordForm {
  shape: 'wide' | 'long';
  /** number of the column of dates from 1; 0: nobody said */
  date: number;
  dates: string;
  decimal: string;
  rows: RecordRow[];
  /** numbers of columns from 1; 0: none */
  long: Record<LongPart, number>;
  /** carried along from a mapping that says it */
  kept: Pick<WireRecordProfile, 'skipLines' | 'separator'> & {
    meanings?: NonNullable<WireRecordProfile['long']>['meanings'];
  };
}

const EMPTY: RecordRow = { means: '', unit: '', level: '', side: '', posture: '' };

/** True for the mapping of a record. */
export function isRecord(profile: WireTableProfile): profile is WireRecordProfile {
  return 'of' in profile;
}

/** The form that shows a mapping on a table; an empty one where there is no mapping. */
export function recordFormOf(names: readonly string[], profile: WireRecordProfile | undefined): RecordForm {
  const at = (ref: string | number | undefined): number => {
    const number = typeof ref === 'number' ? ref : names.indexOf(ref ?? '') + 1;
    return number <= names.length ? number : 0;
  };
  const rows = names.map(() => EMPTY);
  for (const { column, means, ...about } of profile?.columns ?? []) {
    const index = at(column) - 1;
    if (rows[index]) rows[index] = { ...EMPTY, ...about, means };
  }
  const long = profile?.long;
  return {
    shape: long ? 'long' : 'wide',
    date: at(profile?.date),
    dates: profile?.dates ?? '',
    decimal: profile?.decimal ?? '',
    rows,
    long: { what: at(long?.what), value: at(long?.value), unit: at(long?.unit) },
    kept: {
      ...(profile?.skipLines !== undefined && { skipLines: profile.skipLines }),
      ...(profile?.separator && { separator: profile.separator }),
      ...(long?.meanings && { meanings: long.meanings }),
    },
  };
}

/** The mapping that a form describes; undefined while the date, or all meaning, is missing. */
export function recordProfileOf(
  form: RecordForm,
  names: readonly string[],
  name: string,
): WireRecordProfile | undefined {
  const { shape, date, dates, decimal, rows, long, kept } = form;
  if (date === 0) return undefined;
  const { meanings, ...ways } = kept;
  const profile: WireRecordProfile = {
    ...{ schemaVersion: 1, name, of: 'record', ...ways },
    ...(dates && { dates: dates as 'day-first' }),
    ...(decimal && { decimal: decimal as 'comma' }),
    date: refOf(names, date),
  };
  if (shape === 'long') {
    if (long.what === 0 || long.value === 0) return undefined;
    const unit = long.unit > 0 ? { unit: refOf(names, long.unit) } : {};
    return {
      ...profile,
      long: { what: refOf(names, long.what), value: refOf(names, long.value), ...unit, ...(meanings && { meanings }) },
    };
  }
  const columns = rows.flatMap((row, index) => {
    if (row.means.trim() === '' || index + 1 === date) return [];
    const { means, unit, level, side, posture } = row;
    return [
      {
        column: refOf(names, index + 1),
        means: means.trim(),
        ...(unit.trim() && { unit: unit.trim() }),
        ...(level.trim() && { level: level.trim() }),
        ...(side && { side: side as 'left' }),
        ...(posture && { posture: posture as 'standing' }),
      },
    ];
  });
  return columns.length > 0 ? { ...profile, columns } : undefined;
}

/** A column by its name, or by its number where the name is empty or not the only one. */
function refOf(names: readonly string[], number: number): string | number {
  const name = names[number - 1];
  return name && names.indexOf(name) === names.lastIndexOf(name) ? name : number;
}
