/** A table as it is read, written and shown: named columns, each with its unit and definition. */

import { ArgumentError } from './errors.ts';
import type { Unit } from './units.ts';

/** One column of a table. */
export interface TableColumn {
  /** machine name, also the header of a CSV */
  name: string;
  unit?: Unit;
  definition?: string;
  values: (number | string | boolean | null)[];
}

/** Columns of equal length. `null` is a missing value; NaN never stands for missing. */
export interface Table {
  columns: TableColumn[];
}

/**
 * Number of rows of a table.
 * @throws ArgumentError the columns differ in length
 */
export function tableRows(table: Table): number {
  const rows = table.columns[0]?.values.length ?? 0;
  for (const column of table.columns) {
    if (column.values.length !== rows)
      throw new ArgumentError('table', `${column.name} of ${column.values.length}`, `${rows} rows`);
  }
  return rows;
}

/** Builds a table from row objects; the union of keys, in order of first appearance, makes the columns. */
export function tableFromRows(
  rows: readonly Record<string, number | string | boolean | null | undefined>[],
  about: Record<string, { unit?: Unit; definition?: string }> = {},
): Table {
  const names: string[] = [];
  for (const row of rows) for (const key of Object.keys(row)) if (!names.includes(key)) names.push(key);
  return { columns: names.map((name) => ({ name, ...about[name], values: rows.map((row) => row[name] ?? null) })) };
}
