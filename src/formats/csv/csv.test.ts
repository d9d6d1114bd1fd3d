import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFile, readOne, roundTrip, table } from '../../../tests/support/formats/formats.ts';
import type { Table } from '../../model/index.ts';
import { latin1, utf8 } from '../bytes.ts';
import { csv } from './index.ts';

async function read(text: string | Uint8Array, choices?: Record<string, string>) {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const item = await readOne(csv, [memoryFile('x.csv', bytes)], { choices });
  return { item, columns: (item.artifacts[0].payload as Table).columns };
}

const values = async (text: string, choices?: Record<string, string>) =>
  Object.fromEntries((await read(text, choices)).columns.map((column) => [column.name, column.values]));

const written = async (payload: Table, choices?: Record<string, string>) => {
  const [file] = (await csv.write?.({ kind: 'table.record', payload, name: 't' }, { choices })) ?? [];
  return new TextDecoder().decode(file.bytes);
};

describe('CSV', () => {
  it('round trips numbers, texts, truth values and gaps', async () => {
    for (const separator of ['comma', 'semicolon', 'tab']) {
      const item = await roundTrip(csv, { kind: 'table.record', payload: table(), name: 't' }, { separator });
      const back = (item.artifacts[0].payload as Table).columns;
      expect(back.map(({ name, values }) => [name, values])).toEqual(
        table().columns.map(({ name, values }) => [name, values]),
      );
    }
  });

  it('keeps units in a second header row when asked', async () => {
    const item = await roundTrip(
      csv,
      { kind: 'table.record', payload: table(), name: 't' },
      { units: 'row' },
      {
        choices: { units: 'row' },
      },
    );
    const angle = (item.artifacts[0].payload as Table).columns[1];
    expect(angle).toMatchObject({ name: 'angle', unit: 'deg' });
    expect((await written(table(), { units: 'row' })).split('\r\n')[1]).toBe(',°,,,');
    expect((await written(table())).split('\r\n')[0]).toBe('level,angle,count,flagged,note');
  });

  it('writes nothing a spreadsheet would run', async () => {
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=x", '=HYPERLINK("http://x")', '＝1'];
    const text = await written({ columns: [{ name: '=name', values: evil }] });
    const fields = text.split('\r\n');
    expect(fields[0]).toBe("'=name");
    for (const field of fields.slice(1, 7)) expect(field).toMatch(/^"?'/);
    const item = await roundTrip(csv, {
      kind: 'table.record',
      payload: {
        columns: [
          { name: '=name', values: evil },
          { name: 'b', values: evil.map(() => 1) },
        ],
      },
      name: 't',
    });
    expect((item.artifacts[0].payload as Table).columns[0]).toEqual({ name: '=name', values: evil });
  });

  it('round trips any text and number', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('', '"', ',', '\n', '=', "'", '1', 'true', 'NA', ' x '),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1, maxLength: 8 }),
        async (rows) => {
          const texts = rows.map(([text]) => text.replaceAll('\0', '').replaceAll('\ufeff', ''));
          const numbers = rows.map(([, value]) => value + 0);
          const payload = {
            columns: [
              { name: 'text', values: texts },
              { name: 'number', values: numbers },
            ],
          };
          const item = await roundTrip(csv, { kind: 'table.record', payload, name: 't' });
          const back = (item.artifacts[0].payload as Table).columns;
          expect(back[0].values).toEqual(texts);
          expect(back[1].values).toEqual(numbers);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds separator, header and decimal comma', async () => {
    expect(await values('a;b\n1,5;x\n-2,25;y\n')).toEqual({ a: [1.5, -2.25], b: ['x', 'y'] });
    expect(await values('a\tb\r\n1\t2\r\n')).toEqual({ a: [1], b: [2] });
    expect(await values('1,2\n3,4')).toEqual({ c1: [1, 3], c2: [2, 4] });
    expect(await values('1,2\n3,4', { header: 'yes' })).toEqual({ 1: [3], 2: [4] });
    expect(await values('a b.jpg\nc d.jpg\n')).toEqual({ c1: ['a b.jpg', 'c d.jpg'] });
    expect(await values('x|y\n1|2', { separator: 'pipe' })).toEqual({ x: [1], y: [2] });
    expect(await values('name,size\n"a, b",3\n')).toEqual({ name: ['a, b'], size: [3] });
    const { item } = await read('a;b\n1,5;x\n');
    expect(item.metadata).toMatchObject({ separator: ';', decimal: 'comma', header: 'yes', rows: 1, columns: 2 });
  });

  it('types columns by what stands in them', async () => {
    const text = 'n,id,t,gap,mixed,none\n1,007,TRUE,1,1,\n-2.5e3,010,false,NA,x,\n.5,3,True,,2,\n';
    expect(await values(text)).toEqual({
      n: [1, -2500, 0.5],
      id: ['007', '010', '3'],
      t: [true, false, true],
      gap: [1, null, null],
      mixed: ['1', 'x', '2'],
      none: [null, null, null],
    });
    expect(await values('"a","b"\n"1","x"\n"2","y"')).toEqual({ a: [1, 2], b: ['x', 'y'] });
  });

  it('repairs what can be repaired, and says so', async () => {
    const { item, columns } = await read('a,b,b,\n1,2\n3,4,5,6\n');
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['a', [1, 3]],
      ['b', [2, 4]],
      ['b_2', [null, 5]],
      ['c4', [null, 6]],
    ]);
    expect(item.quality.map(({ code }) => code)).toEqual(['csv.ragged']);
  });

  it('reads other encodings', async () => {
    const latin = Uint8Array.from('Größe,mm\n1,2', (letter) => letter.charCodeAt(0));
    const { columns, item } = await read(latin);
    expect(columns[0].name).toBe('Größe');
    expect(item.quality.map(({ code }) => code)).toEqual(['csv.encoding']);
    const utf16 = new Uint8Array([0xff, 0xfe, ...[...'a,b\n1,2'].flatMap((letter) => [letter.charCodeAt(0), 0])]);
    expect((await read(utf16)).columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await read(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8('a,b\n1,2')]))).columns[0].name).toBe('a');
  });

  it('reads as the kind it is told', async () => {
    const { item } = await read('1,2\n3,4', { kind: 'table.landmarks2d' });
    expect(item.artifacts[0].kind).toBe('table.landmarks2d');
  });

  it('names what is wrong', async () => {
    const cases: [Uint8Array, string, RegExp][] = [
      [utf8('a,b\n1,"never closed\n'), 'file.malformed', /row 2/],
      [utf8(' \n\n'), 'input.empty', /whole file/],
      [new Uint8Array([97, 44, 0, 1, 2]), 'file.malformed', /character 3/],
      [new Uint8Array([0xff, 0xfe, 0, 0xd8]), 'file.malformed', /byte/],
    ];
    for (const [bytes, code, place] of cases) {
      const { errors } = await csv.read([memoryFile('x.csv', bytes)]);
      expect(errors[0].error.code, latin1(bytes)).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
    }
    const { errors } = await csv.read([memoryFile('x.csv', utf8('a'))], { choices: { kind: 'mesh' } });
    expect(errors[0].error.code).toBe('parameter.invalid');
  });

  it('is fast on long fields and many rows', async () => {
    const long = `"${'x"",'.repeat(100_000)}",1\n`;
    const many = '1,2,3\n'.repeat(100_000);
    const start = performance.now();
    await read(`a,b\n${long}`);
    expect((await read(many)).item.metadata.rows).toBe(100_000);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
