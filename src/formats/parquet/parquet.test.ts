import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { memoryFile, sampleOf, table } from '../../../tests/support/formats/formats.ts';
import { tableRows } from '../../model/index.ts';
import { MOTION_KINDS, parquet, writeMotionParquet } from './index.ts';

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

  it('says that a table is not read', async () => {
    const [file] = (await parquet.write?.({ kind: 'table.record', payload: table(), name: 'x' })) ?? [];
    const { errors } = await parquet.read([memoryFile('x.parquet', file.bytes)]);
    expect(errors[0].error.code).toBe('file.unsupported');
  });

  it.each(MOTION_KINDS)('gives back %s bit for bit', async (kind) => {
    const { payload } = sampleOf(kind);
    const [{ bytes }] = (await parquet.write?.({ kind, payload, name: 'x' })) ?? [];
    const { items } = await parquet.read([memoryFile('x.parquet', bytes)]);
    expect(items[0].artifacts).toEqual([{ kind, name: 'x', payload }]);
  });

  it('opens elsewhere as columns with their times', async () => {
    const { payload } = sampleOf('signal.emg');
    const [{ bytes }] = (await parquet.write?.({ kind: 'signal.emg', payload, name: 'x' })) ?? [];
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(Object.keys(rows[0])).toEqual(['time_s', 'EMG1', 'EMG2']);
    expect(rows[2].time_s).toBeCloseTo(0.251, 12);
  });

  it('says in generated recordings that they are', async () => {
    const { payload } = sampleOf('signal.emg');
    const { bytes } = writeMotionParquet({ kind: 'signal.emg', payload, name: 'x' }, { synthetic: true });
    const { items } = await parquet.read([memoryFile('x.parquet', bytes)]);
    expect(items[0].synthetic).toBe(true);
  });
});
