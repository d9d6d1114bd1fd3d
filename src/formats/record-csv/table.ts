/** A table of facts split into names and rows. */

import type { RecordProfile } from '../../model/index.ts';
import { readCells } from '../csv/index.ts';
import { isDate } from './names.ts';

/** Lines in which the names of the columns are looked for. */
const HEAD_ROWS = 40;

/** A table split into names and rows, with what its dates need. */
export interface RecordTable {
  names: string[];
  /** rows below the names */
  rows: string[][];
  /** number of the first of them in the file, from 1 */
  firstRow: number;
  comma: boolean;
  separator: string;
}

/**
 * Splits a table; its names stand in the first row that names a column of days, or below the lines the mapping says.
 * @throws MsdtError the file is empty or no text
 */
export function recordTable(bytes: Uint8Array, file: string, profile?: RecordProfile): RecordTable {
  const { rows, separator, comma } = readCells(bytes, file, profile?.separator);
  const found = rows.slice(0, HEAD_ROWS).findIndex((row) => row.length > 1 && row.some(({ text }) => isDate(text)));
  const head = profile?.skipLines ?? Math.max(0, found);
  const texts = rows.map((row) => row.map(({ text }) => text));
  return {
    names: texts[head]?.map((name) => name.trim()) ?? [],
    rows: texts.slice(head + 1),
    firstRow: head + 2,
    comma: profile?.decimal ? profile.decimal === 'comma' : comma,
    separator,
  };
}
