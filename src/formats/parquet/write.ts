/** Writes a table as Parquet. */

import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { type Table, type TableColumn, tableRows, type WrittenFile } from '../../model/index.ts';
import { fileNameOf } from '../bytes.ts';

/**
 * The file. Whole numbers become INT32 where they fit, other numbers DOUBLE, truth values BOOLEAN, all else text; a missing
 * value is null. Metadata `msdt` holds unit and definition of each column as JSON.
 */
export function writeParquet(table: Table, name: string): WrittenFile {
  tableRows(table);
  const about = table.columns.map(({ name: column, unit, definition }) => ({ name: column, unit, definition }));
  const buffer = parquetWriteBuffer({
    columnData: table.columns.map(sourceOf),
    kvMetadata: [{ key: 'msdt', value: JSON.stringify({ columns: about }) }],
  });
  const bytes = new Uint8Array(buffer);
  return { name: `${fileNameOf(name)}.parquet`, bytes, mediaType: 'application/vnd.apache.parquet' };
}

function sourceOf({ name, values }: TableColumn): ColumnSource {
  const present = values.filter((value) => value !== null);
  const nullable = true;
  if (present.length > 0 && present.every((value) => typeof value === 'number')) {
    const small = present.every(
      (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0),
    );
    return { name, data: values, type: small ? 'INT32' : 'DOUBLE', nullable };
  }
  if (present.length > 0 && present.every((value) => typeof value === 'boolean'))
    return { name, data: values, type: 'BOOLEAN', nullable };
  return { name, data: values.map((value) => (value === null ? null : String(value))), type: 'STRING', nullable };
}
