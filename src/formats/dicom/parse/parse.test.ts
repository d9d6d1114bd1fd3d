import { deflateRawSync } from 'node:zlib';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memoryFile, sliceBytes, sliceElements, slicePixels } from '../../../../tests/support/formats/dicom.ts';
import { isMsdtError, type SourceFile } from '../../../model/index.ts';
import { concat, type ElementSpec, encodeDataSet, encodeFile, encodeMeta } from '../encode.ts';
import { DataSet } from './dataset.ts';
import { byteSource, walkElements } from './elements.ts';
import { openDicom, sniffDicom } from './file.ts';
import { TAG } from './tags.ts';

const EXPLICIT = { explicit: true, littleEndian: true };

function dataSet(elements: ElementSpec[], options = {}): DataSet {
  const encoding = { ...EXPLICIT, ...options };
  const source = byteSource(encodeDataSet(elements, encoding), 'test.dcm');
  return new DataSet(source, walkElements(source, 0, source.bytes.length, encoding).elements, encoding);
}

const NESTED: ElementSpec[] = [
  [0x00080060, 'CS', 'CT'],
  [
    0x52009229,
    'SQ',
    [
      [
        [0x00289110, 'SQ', [[[0x00280030, 'DS', '0.5\\0.25']]]],
        [0x00201040, 'LO', 'first'],
      ],
      [[0x00201040, 'LO', 'second']],
    ],
  ],
  [0x0062000d, 'US', [1, 2, 65535]],
  [0x00189087, 'FD', [1.5]],
];

describe('data elements', () => {
  it.each([
    ['explicit little endian', {}],
    ['implicit little endian', { explicit: false }],
    ['explicit big endian', { littleEndian: false }],
    ['undefined lengths', { undefinedLengths: true }],
    ['implicit, undefined lengths', { explicit: false, undefinedLengths: true }],
  ])('read the same in %s', (_, options) => {
    const data = dataSet(NESTED, options);
    expect(data.text(0x00080060)).toBe('CT');
    const items = data.items(0x52009229);
    expect(items.map((item) => item.text(0x00201040))).toEqual(['first', 'second']);
    expect(items[0].item(0x00289110)?.decimals(0x00280030)).toEqual([0.5, 0.25]);
    expect(data.words(0x0062000d)).toEqual([1, 2, 65535]);
    expect(data.doubles(0x00189087)).toEqual([1.5]);
    expect(data.text(0x00100010)).toBeUndefined();
  });

  it('read a sequence that hides in UN as implicit little endian', () => {
    const inside = encodeDataSet(NESTED.slice(1, 2), { explicit: false }).subarray(8);
    const data = dataSet([[0x52009229, 'UN', inside]]);
    expect(data.items(0x52009229)[1].text(0x00201040)).toBe('second');
  });

  it('decode text in the character set the file declares', () => {
    const latin = dataSet([
      [TAG.SpecificCharacterSet, 'CS', 'ISO_IR 100'],
      [TAG.ProtocolName, 'LO', new Uint8Array([0x52, 0xfc, 0x63, 0x6b])],
    ]);
    expect(latin.text(TAG.ProtocolName)).toBe('Rück');
    const utf8 = dataSet([
      [TAG.SpecificCharacterSet, 'CS', 'ISO_IR 192'],
      [TAG.ProtocolName, 'LO', 'Wirbelsäule 脊柱'],
    ]);
    expect(utf8.text(TAG.ProtocolName)).toBe('Wirbelsäule 脊柱');
  });

  it('give undefined for values that cannot be read, never a wrong number', () => {
    const data = dataSet([
      [TAG.SliceThickness, 'DS', 'thick'],
      [TAG.Rows, 'US', []],
      [TAG.PixelSpacing, 'DS', '0.5\\x'],
    ]);
    expect(data.decimal(TAG.SliceThickness)).toBeUndefined();
    expect(data.int16(TAG.Rows)).toBeUndefined();
    expect(data.decimals(TAG.PixelSpacing)).toEqual([0.5]);
    expect(() => data.need(TAG.Rows, undefined)).toThrow(expect.objectContaining({ code: 'file.malformed' }));
  });

  it('refuse endless nesting', () => {
    let inner: ElementSpec[] = [[0x00201040, 'LO', 'deep']];
    for (let n = 0; n < 40; n++) inner = [[0x52009229, 'SQ', [inner]]];
    const bytes = encodeDataSet(inner, { undefinedLengths: true });
    expect(() => walkElements(byteSource(bytes, 'deep.dcm'), 0, bytes.length, EXPLICIT)).toThrow(
      expect.objectContaining({
        code: 'file.malformed',
        where: { file: 'deep.dcm', place: expect.stringMatching(/byte/) },
      }),
    );
  });
});

describe('opening a file', () => {
  it('reads only the head of a large file', async () => {
    const bytes = sliceBytes({ rows: 512, columns: 512 });
    const asked: number[] = [];
    const file: SourceFile = {
      ...memoryFile('big.dcm', bytes),
      head: async (length) => {
        asked.push(length);
        return bytes.subarray(0, length);
      },
      read: () => Promise.reject(new Error('the whole file was read')),
    };
    const opened = await openDicom(file);
    expect(opened.pixels).toMatchObject({ length: 512 * 512 * 2, start: bytes.length - 512 * 512 * 2 });
    expect(Math.max(...asked)).toBeLessThan(20_000);
  });

  it('reads on when the header is long', async () => {
    const long: ElementSpec = [0x00291010, 'OB', new Uint8Array(300_000)];
    const file = memoryFile(
      'long.dcm',
      encodeFile([...sliceElements({ extra: [long] }), [TAG.PixelData, 'OW', slicePixels()]]),
    );
    expect((await openDicom(file)).data.int16(TAG.Rows)).toBe(8);
  });

  it('reads files without preamble or meta header', async () => {
    const elements = sliceElements();
    for (const explicit of [true, false]) {
      const bare = encodeDataSet([...elements, [TAG.PixelData, 'OW', slicePixels()]], { explicit });
      expect(sniffDicom(bare)).toBe('maybe');
      const opened = await openDicom(memoryFile('bare', bare));
      expect(opened.syntax.explicit).toBe(explicit);
      expect(opened.data.int16(TAG.Rows)).toBe(8);
    }
  });

  it('goes by what is written when the meta header says otherwise', async () => {
    const all: ElementSpec[] = [...sliceElements(), [TAG.PixelData, 'OW', slicePixels()]];
    for (const [syntax, explicit] of [
      ['1.2.840.10008.1.2', true],
      ['1.2.840.10008.1.2.1', false],
    ] as const) {
      const opened = await openDicom(memoryFile('liar.dcm', encodeFile(all, syntax, { explicit })));
      expect(opened.data.int16(TAG.Rows)).toBe(8);
    }
  });

  it('inflates a deflated data set', async () => {
    const elements = sliceElements();
    const packed = deflateSync(encodeDataSet([...elements, [TAG.PixelData, 'OW', slicePixels()]]));
    const opened = await openDicom(
      memoryFile('d.dcm', concat([encodeMeta(elements, '1.2.840.10008.1.2.1.99'), packed])),
    );
    expect(opened.data.int16(TAG.Columns)).toBe(10);
    const { start, length } = opened.pixels ?? { start: 0, length: 0 };
    expect(await opened.body.slice(start, start + (length ?? 0))).toEqual(slicePixels());
  });

  it('refuses a deflate bomb', async () => {
    const elements = sliceElements();
    const packed = new Uint8Array(deflateRawSync(new Uint8Array(66 * 2 ** 20), { level: 1 }));
    const bomb = concat([encodeMeta(elements, '1.2.840.10008.1.2.1.99'), packed]);
    await expect(openDicom(memoryFile('bomb.dcm', bomb))).rejects.toMatchObject({ code: 'file.too-large' });
  });

  it.each([
    ['nothing', 0, 'file.truncated'],
    ['half a preamble', 70, 'file.truncated'],
    ['the meta header cut', 200, 'file.truncated'],
    ['an element cut', -175, 'file.truncated'],
  ])('names file and place: %s', async (_, length, code) => {
    const error = await openDicom(memoryFile('cut.dcm', sliceBytes().slice(0, length))).catch((e: unknown) => e);
    expect(isMsdtError(error, code as 'file.truncated')).toBe(true);
    expect(error).toMatchObject({ where: { file: 'cut.dcm', place: expect.stringMatching(/byte \d+/) } });
    expect((error as { hint: string }).hint.length).toBeGreaterThan(10);
  });

  it('tells foreign bytes apart', async () => {
    const png = new Uint8Array(500).fill(7);
    png.set([0x89, 0x50, 0x4e, 0x47]);
    expect(sniffDicom(png)).toBe('no');
    expect(sniffDicom(sliceBytes())).toBe('yes');
    await expect(openDicom(memoryFile('x.png', png))).rejects.toMatchObject({ code: 'file.unrecognised' });
  });
});
