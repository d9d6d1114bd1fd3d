/** Record mappings as JSON: checked on the way in, so that a wrong one says where. */

import {
  isLoinc,
  MsdtError,
  messageOf,
  POSTURES,
  type RecordColumn,
  type RecordLong,
  type RecordMeaning,
  type RecordProfile,
} from '../../model/index.ts';

/** The mark by which a mapping of a record is known. */
export const RECORD_PROFILE_MARK =
  /^\s*\{\s*"schemaVersion"\s*:\s*1\s*,\s*"name"\s*:\s*"[^"]{0,200}"\s*,\s*"of"\s*:\s*"record"/;

const SEPARATORS = ['comma', 'semicolon', 'tab', 'space'] as const;
const MEANING = /^([a-z]+\.[a-zA-Z0-9]{1,60}|\d{3,6}-\d)$/;
const MOST_COLUMNS = 1000;

/**
 * A mapping from its JSON text.
 * @param from - where it came from, for messages
 * @throws MsdtError `parameter.invalid` with the place inside it
 */
export function parseRecordProfile(text: string, from: string): RecordProfile {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(from, 'the whole of it', messageOf(error));
  }
  return checkRecordProfile(document, from);
}

/** True for the text of a mapping of a record. */
export function isRecordProfileText(text: string): boolean {
  return RECORD_PROFILE_MARK.test(text) || /"of"\s*:\s*"record"/.test(text.slice(0, 4096));
}

/**
 * Checks a mapping.
 * @throws MsdtError `parameter.invalid`
 */
export function checkRecordProfile(document: unknown, from: string): RecordProfile {
  const given = objectAt(document, from, 'the mapping');
  if (given.schemaVersion !== 1) throw wrong(from, 'schemaVersion', `${String(given.schemaVersion)} instead of 1`);
  if (given.of !== 'record') throw wrong(from, 'of', `${String(given.of)} instead of "record"`);
  if ((given.columns === undefined) === (given.long === undefined))
    throw wrong(from, 'columns', 'either "columns" (one row a visit) or "long" (one row a fact) is needed');
  const { skipLines, separator, decimal, dates } = given;
  if (skipLines !== undefined && !(Number.isInteger(skipLines) && Number(skipLines) >= 0 && Number(skipLines) < 1e6))
    throw wrong(from, 'skipLines', String(skipLines));
  return {
    schemaVersion: 1,
    name: typeof given.name === 'string' && given.name ? given.name.slice(0, 120) : 'record',
    of: 'record',
    ...(skipLines !== undefined && { skipLines: Number(skipLines) }),
    ...(separator !== undefined && { separator: oneOf(separator, SEPARATORS, from, 'separator') }),
    ...(decimal !== undefined && { decimal: oneOf(decimal, ['point', 'comma'] as const, from, 'decimal') }),
    ...(dates !== undefined && { dates: oneOf(dates, ['day-first', 'month-first'] as const, from, 'dates') }),
    date: columnAt(given.date, from, 'date'),
    ...(given.columns !== undefined && { columns: columnsAt(given.columns, from) }),
    ...(given.long !== undefined && { long: longAt(given.long, from) }),
  };
}

function columnsAt(value: unknown, from: string): RecordColumn[] {
  const list = listAt(value, from, 'columns');
  if (list.length === 0) throw wrong(from, 'columns', 'at least one column is needed');
  return list.map((one, at) => {
    const place = `columns[${at}]`;
    const column = objectAt(one, from, place);
    return { column: columnAt(column.column, from, `${place}.column`), ...meaningAt(column, from, place) };
  });
}

function longAt(value: unknown, from: string): RecordLong {
  const long = objectAt(value, from, 'long');
  const meanings = long.meanings === undefined ? undefined : listAt(long.meanings, from, 'long.meanings');
  return {
    what: columnAt(long.what, from, 'long.what'),
    value: columnAt(long.value, from, 'long.value'),
    ...(long.unit !== undefined && { unit: columnAt(long.unit, from, 'long.unit') }),
    ...(meanings && {
      meanings: meanings.map((one, at) => {
        const place = `long.meanings[${at}]`;
        const meaning = objectAt(one, from, place);
        if (typeof meaning.name !== 'string' || !meaning.name) throw wrong(from, `${place}.name`, 'a name is needed');
        return { name: meaning.name.slice(0, 200), ...meaningAt(meaning, from, place) };
      }),
    }),
  };
}

function meaningAt(given: Record<string, unknown>, from: string, place: string): RecordMeaning {
  const { means, unit, level, side, posture } = given;
  if (typeof means !== 'string' || !MEANING.test(means))
    throw wrong(from, `${place}.means`, `"${String(means)}": the id of a feature or finding, or a LOINC code`);
  if (/^\d/.test(means) && !isLoinc(means)) throw wrong(from, `${place}.means`, `${means} has a wrong check digit`);
  for (const [key, text] of Object.entries({ unit, level }))
    if (text !== undefined && (typeof text !== 'string' || text.length > 40))
      throw wrong(from, `${place}.${key}`, String(text));
  return {
    means,
    ...(unit !== undefined && { unit: unit as string }),
    ...(level !== undefined && { level: level as string }),
    ...(side !== undefined && { side: oneOf(side, ['left', 'right'] as const, from, `${place}.side`) }),
    ...(posture !== undefined && { posture: oneOf(posture, POSTURES, from, `${place}.posture`) }),
  };
}

function oneOf<T extends string>(value: unknown, options: readonly T[], from: string, place: string): T {
  const found = options.find((option) => option === value);
  if (found === undefined) throw wrong(from, place, `${String(value)}: one of ${options.join(', ')}`);
  return found;
}

function listAt(value: unknown, from: string, place: string): unknown[] {
  if (Array.isArray(value) && value.length <= MOST_COLUMNS) return value;
  throw wrong(from, place, `a list of at most ${MOST_COLUMNS} is needed`);
}

function objectAt(value: unknown, from: string, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(from, place, 'an object is needed');
}

function columnAt(value: unknown, from: string, place: string): string | number {
  if (typeof value === 'string' && value !== '') return value;
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) < 1e6) return Number(value);
  throw wrong(from, place, `${String(value)}: a column's name, or its number from 1`);
}

function wrong(from: string, place: string, detail: string): MsdtError {
  return new MsdtError('parameter.invalid', `The record mapping of ${from} is not right`, {
    where: { file: from, place },
    detail,
    hint: 'Correct it at that place; "date" names the column of days, "columns" what each other column means.',
  });
}
