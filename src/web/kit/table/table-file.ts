/** A table leaves the page: CSV, Excel or Parquet, each with units and definitions. */

import { RESEARCH_USE } from '../../../contract/index.ts';
import type { Table, TableColumn } from '../../../model/index.ts';
import { saveBlob, saveText, toCsv } from '../download.ts';

export type TableFormat = 'csv' | 'xlsx' | 'parquet';

/** Writes a table and hands it to the browser's downloads. */
export async function saveTable(table: Table, name: string, format: TableFormat): Promise<void> {
  if (format === 'csv') return saveText(tableToCsv(table), `${name}.csv`, 'text/csv');
  const bytes = format === 'xlsx' ? await toXlsx(table, name) : await tableToParquet(table);
  const type =
    format === 'xlsx'
      ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      : 'application/vnd.apache.parquet';
  saveBlob(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), `${name}.${format}`);
}

async function toXlsx(table: Table, name: string): Promise<Uint8Array> {
  const { tableToXlsx } = await import('./xlsx.ts');
  return tableToXlsx(table, [name, new Date().toISOString(), RESEARCH_USE]);
}

/** Names with their units in the first row; what they mean follows the values, behind an empty line. */
export function tableToCsv(table: Table): string {
  const { columns } = table;
  const rows = columns[0]?.values.length ?? 0;
  const head = columns.map(({ name, unit }) => (unit && unit !== '1' ? `${name} [${unit}]` : name));
  const values = Array.from({ length: rows }, (_, row) => columns.map((column) => column.values[row]));
  return toCsv([head, ...values]);
}

/** Numbers as DOUBLE, truth values as BOOLEAN, all else as text; units and definitions in the metadata `msdt`. */
export async function tableToParquet({ columns }: Table): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const about = columns.map(({ name, unit, definition }) => ({ name, unit, definition }));
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({ name: column.name, nullable: true, ...typed(column) })),
    kvMetadata: [{ key: 'msdt', value: JSON.stringify({ columns: about }) }],
  });
  return new Uint8Array(buffer);
}

function typed({ values }: TableColumn): { data: TableColumn['values']; type: 'DOUBLE' | 'BOOLEAN' | 'STRING' } {
  const there = values.filter((value) => value !== null);
  if (there.length > 0 && there.every((value) => typeof value === 'number')) return { data: values, type: 'DOUBLE' };
  if (there.length > 0 && there.every((value) => typeof value === 'boolean')) return { data: values, type: 'BOOLEAN' };
  return { data: values.map((value) => (value === null ? null : String(value))), type: 'STRING' };
}
