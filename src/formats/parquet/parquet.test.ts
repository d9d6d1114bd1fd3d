import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { memoryFile, table } from '../../../tests/support/formats.ts';
import { tableRows } from '../../model/index.ts';
import { parquet } from './index.ts';

describe('Parquet', () => {
  it('is read by hyparquet, values and metadata', async () => {
    const [{ name, bytes }] =
      (await parquet.write?.({ kind: 'table.record', payload: table(), name: 'features' })) ?? [];
    expect(name).toBe('features.parquet');
    const file = bytes.slice().buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(tableRows(table()));
    for (const [index, row] of rows.entries())
      for (const column of table().columns) expect(row[column.name] ?? null).toEqual(column.values[index]);
    const about = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'msdt');
    expect(JSON.parse(about?.value ?? '').columns[1]).toEqual({ name: 'angle', unit: 'deg', definition: 'Cobb angle' });
  });

  it('writes columns that are empty, wide or mixed', async () => {
    const payload = {
      columns: [
        { name: 'none', values: [null, null] },
        { name: 'large', values: [2 ** 40, -0] },
        { name: 'mixed', values: [1, 'a'] },
      ],
    };
    const [{ bytes }] = (await parquet.write?.({ kind: 'table.matrix', payload, name: 'x' })) ?? [];
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows.map(({ large, mixed, none }) => [large, mixed, none ?? null])).toEqual([
      [2 ** 40, '1', null],
      [-0, 'a', null],
    ]);
  });

  it('says that it is not read', async () => {
    const { errors } = await parquet.read([memoryFile('x.parquet', new Uint8Array(8))]);
    expect(errors[0].error.code).toBe('file.unsupported');
  });
});
