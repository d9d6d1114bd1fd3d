import { unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../model/index.ts';
import { tableToCsv, tableToParquet } from './table-file.ts';
import { columnName, tableToXlsx } from './xlsx.ts';

const table: Table = {
  columns: [
    { name: 'channel', values: ['EMG1 & <left>', '=1+1', null] },
    { name: 'rms', unit: 'mV', definition: 'root mean square in the window', values: [0.0629, null, -2] },
    { name: 'doubt', values: [true, false, true] },
  ],
};

describe('tables that leave the page', () => {
  it('are workbooks with values, units and definitions; text never becomes a formula', () => {
    const files = unzipSync(tableToXlsx(table, ['Demo']));
    const text = (name: string): string => new TextDecoder().decode(files[name]);
    const values = text('xl/worksheets/sheet1.xml');
    expect(values).toContain('rms [mV]');
    expect(values).toContain('<c r="B2"><v>0.0629</v></c>');
    expect(values).toContain('EMG1 &amp; &lt;left&gt;');
    expect(values).toContain('<c r="A3" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>');
    expect(values).not.toContain('r="B3"');
    expect(text('xl/worksheets/sheet2.xml')).toContain('root mean square in the window');
    expect(Object.keys(files)).toContain('[Content_Types].xml');
    expect([0, 25, 26, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
  });

  it('are Parquet that comes back, with units in the metadata', async () => {
    const file = (await tableToParquet(table)).slice().buffer as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ rms }) => rms)).toEqual([0.0629, null, -2]);
    expect(rows[2].doubt).toBe(true);
    const note = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'msdt')?.value;
    expect(JSON.parse(note ?? '').columns[1]).toEqual({
      name: 'rms',
      unit: 'mV',
      definition: 'root mean square in the window',
    });
  });

  it('are CSV with units in the head', () => {
    expect(tableToCsv(table).split('\r\n')[0]).toBe('channel,rms [mV],doubt');
  });
});
