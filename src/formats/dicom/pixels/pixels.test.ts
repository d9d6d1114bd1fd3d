import { describe, expect, it } from 'vitest';
import { compressedBytes, memoryFile, sliceElements } from '../../../../tests/support/formats/dicom.ts';
import { decodeFrames } from '../decode-frames.ts';
import { concat, type ElementSpec, encodeFile } from '../encode.ts';
import { openDicom } from '../parse/file.ts';
import { knownTransferSyntaxes } from '../parse/uids.ts';
import { interleave, ybrFullToRgb } from './colour.ts';
import { type ImageLayout, imageLayout } from './image.ts';
import { nativeSamples, unpackBits } from './native.ts';

const LAYOUT: ImageLayout = {
  rows: 1,
  columns: 4,
  samples: 1,
  photometric: 'MONOCHROME2',
  planar: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: false,
  frames: 1,
};

/** PackBits of one byte plane, literal runs only or replicated runs where they pay. */
function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && at + run < bytes.length && bytes[at + run] === bytes[at]) run++;
    if (run > 1) out.push(257 - run, bytes[at]);
    else out.push(0, bytes[at]);
    at += run;
  }
  if (out.length % 2) out.push(128);
  return Uint8Array.from(out);
}

function rleFrame(planes: Uint8Array[]): Uint8Array {
  const packed = planes.map(packBits);
  const header = new Uint32Array(16);
  header[0] = planes.length;
  packed.reduce((at, plane, n) => {
    header[n + 1] = at;
    return at + plane.length;
  }, 64);
  return concat([new Uint8Array(header.buffer), ...packed]);
}

describe('native samples', () => {
  it('isolates stored bits and extends the sign', () => {
    const bytes = new Uint8Array(new Uint16Array([0x0fff, 0xf801, 0x0800, 0x7000]).buffer);
    const layout = { ...LAYOUT, bitsStored: 12, highBit: 11 };
    expect([...nativeSamples(bytes, layout, true)]).toEqual([4095, 2049, 2048, 0]);
    expect([...nativeSamples(bytes, { ...layout, signed: true }, true)]).toEqual([-1, -2047, -2048, 0]);
    const high = new Uint8Array(new Uint16Array([0xfff0, 0x8010, 0x0007, 0x7ff0]).buffer);
    expect([...nativeSamples(high, { ...layout, highBit: 15, signed: true }, true)]).toEqual([-1, -2047, 0, 2047]);
  });

  it('swaps big endian words and copes with odd offsets', () => {
    const bytes = Uint8Array.from([9, 0x01, 0x02, 0xff, 0xfe, 0, 1, 0x80, 0]).subarray(1);
    expect([...nativeSamples(bytes, LAYOUT, false)]).toEqual([0x0102, 0xfffe, 1, 0x8000]);
    expect([...nativeSamples(bytes, { ...LAYOUT, signed: true }, false)]).toEqual([0x0102, -2, 1, -32768]);
  });

  it('unpacks bits that begin inside a byte', () => {
    const bits = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1];
    const bytes = new Uint8Array(3);
    bits.forEach((bit, n) => {
      bytes[n >> 3] |= bit << (n & 7);
    });
    for (let first = 0; first < 8; first++)
      expect([...unpackBits(bytes, first, 12)]).toEqual(bits.slice(first, first + 12));
  });
});

describe('RLE', () => {
  it('decodes 16-bit grey and 8-bit colour', async () => {
    const words = Uint16Array.from({ length: 80 }, (_, n) => (n % 7 === 0 ? 40_000 : n * 3));
    const planes = [words.map((w) => w >> 8), words.map((w) => w & 255)].map((p) => Uint8Array.from(p));
    const elements = sliceElements({ signed: false });
    const grey = await decodeFrames(compressedBytes(elements, '1.2.840.10008.1.2.5', [rleFrame(planes)]), 'rle.dcm');
    expect(grey.frames[0]).toEqual(words);
    const colours = [1, 2, 3].map((c) => Uint8Array.from({ length: 80 }, (_, n) => (n * c) & 255));
    const decoded = await decodeFrames(
      compressedBytes(colourElements('RGB'), '1.2.840.10008.1.2.5', [rleFrame(colours)]),
      'c.dcm',
    );
    expect(decoded.frames[0]).toEqual(interleave(concat(colours)));
  });

  it('says which segment is short', async () => {
    const frame = rleFrame([new Uint8Array(80).fill(1), new Uint8Array(80).fill(2)]);
    const cut = frame.slice(0, frame.length - 2);
    await expect(
      decodeFrames(compressedBytes(sliceElements(), '1.2.840.10008.1.2.5', [cut]), 'rle.dcm'),
    ).rejects.toMatchObject({
      code: 'file.truncated',
      where: { file: 'rle.dcm', place: expect.stringContaining('segment 2 of 2') },
    });
  });
});

function colourElements(photometric: string, more: ElementSpec[] = []): ElementSpec[] {
  return sliceElements({
    extra: [
      [0x00280002, 'US', [3]],
      [0x00280004, 'CS', photometric],
      [0x00280100, 'US', [8]],
      [0x00280101, 'US', [8]],
      [0x00280102, 'US', [7]],
      [0x00280103, 'US', [0]],
      ...more,
    ],
  });
}

describe('colour', () => {
  it('turns luma and chroma into RGB', () => {
    const pixels = Uint8Array.from([76, 85, 255, 150, 44, 21, 29, 255, 107, 128, 128, 128]);
    ybrFullToRgb(pixels);
    const wanted = [254, 0, 0, 0, 255, 1, 0, 0, 254, 128, 128, 128];
    pixels.forEach((value, n) => {
      expect(Math.abs(value - wanted[n])).toBeLessThanOrEqual(1);
    });
  });

  it('reads planar colour and shared chroma', async () => {
    const planar = Uint8Array.from({ length: 240 }, (_, n) => n);
    const file = encodeFile([...colourElements('RGB', [[0x00280006, 'US', [1]]]), [0x7fe00010, 'OB', planar]]);
    const rgb = (await decodeFrames(file, 'p.dcm')).frames[0];
    expect([...rgb.subarray(0, 6)]).toEqual([0, 80, 160, 1, 81, 161]);
    const shared = Uint8Array.from({ length: 160 }, (_, n) => (n % 4 < 2 ? 100 + (n % 4) : 128));
    const ybr = encodeFile([...colourElements('YBR_FULL_422'), [0x7fe00010, 'OB', shared]]);
    expect([...(await decodeFrames(ybr, 'y.dcm')).frames[0].subarray(0, 6)]).toEqual([100, 100, 100, 101, 101, 101]);
  });

  it.each([
    ['8-bit entries', 8, new Uint8Array([10, 20, 30, 40])],
    ['8-bit entries in words', 8, new Uint8Array([10, 0, 20, 0, 30, 0, 40, 0])],
    ['16-bit entries', 16, new Uint8Array([9, 10, 9, 20, 9, 30, 9, 40])],
  ])('applies a palette of %s', async (_, bits, table) => {
    const tables: ElementSpec[] = [0, 1, 2].flatMap((n): ElementSpec[] => [
      [0x00281101 + n, 'US', [4, 5, bits]],
      [0x00281201 + n, 'OW', table],
    ]);
    const elements = [...colourElements('PALETTE COLOR', [[0x00280002, 'US', [1]]]), ...tables];
    const values = Uint8Array.from({ length: 80 }, (_value, n) => n % 12);
    const { frames, samples } = await decodeFrames(encodeFile([...elements, [0x7fe00010, 'OB', values]]), 'pal.dcm');
    expect(samples).toBe(3);
    // values below the first entry take it, values above the last take that
    const wanted = [10, 10, 10, 10, 10, 10, 20, 30, 40, 40, 40, 40];
    expect([...frames[0]].filter((_value, n) => n % 3 === 0)).toEqual([...values].map((v) => wanted[v]));
  });
});

describe('frames', () => {
  const multi = (frames: number): ElementSpec[] =>
    sliceElements({ signed: false, extra: [[0x00280008, 'IS', String(frames)]] });
  const frame = (value: number): Uint8Array => rleFrame([new Uint8Array(80), new Uint8Array(80).fill(value)]);

  it('decodes frames of one fragment each', async () => {
    const bytes = compressedBytes(multi(3), '1.2.840.10008.1.2.5', [frame(1), frame(2), frame(3)]);
    expect((await decodeFrames(bytes, 'm.dcm')).frames.map((f) => f[5])).toEqual([1, 2, 3]);
  });

  it('takes bytes of a big endian file out of their 16-bit words', async () => {
    const values = Uint8Array.from({ length: 46 }, (_, n) => n);
    const words = values.map((_, n) => values[n ^ 1]);
    const elements: ElementSpec[] = [
      ...colourElements('MONOCHROME2', [
        [0x00280002, 'US', [1]],
        [0x00280008, 'IS', '3'],
      ]),
      [0x00280010, 'US', [3]],
      [0x00280011, 'US', [5]],
    ].filter(([tag], n, all) => all.findLastIndex(([other]) => other === tag) === n) as ElementSpec[];
    const bytes = encodeFile([...elements, [0x7fe00010, 'OW', words]], '1.2.840.10008.1.2.2', { littleEndian: false });
    const { frames } = await decodeFrames(bytes, 'be.dcm');
    expect(frames.flatMap((f) => [...f])).toEqual(Array.from({ length: 45 }, (_, n) => n));
  });

  it('says that fragments and frames do not match', async () => {
    const bytes = compressedBytes(multi(4), '1.2.840.10008.1.2.5', [frame(1), frame(2)]);
    await expect(decodeFrames(bytes, 'm.dcm')).rejects.toMatchObject({ code: 'file.truncated' });
  });

  it('refuses pixel data shorter than the header promises', async () => {
    const bytes = encodeFile([...sliceElements(), [0x7fe00010, 'OW', new Uint8Array(100)]]);
    await expect(decodeFrames(bytes, 's.dcm')).rejects.toMatchObject({
      code: 'file.malformed',
      where: { file: 's.dcm', place: expect.stringContaining('(7fe0,0010)') },
    });
    const whole = encodeFile([...sliceElements(), [0x7fe00010, 'OW', new Uint8Array(160)]]);
    await expect(decodeFrames(whole.slice(0, -10), 's.dcm')).rejects.toMatchObject({ code: 'file.truncated' });
  });

  it('names a coding it does not know, with a remedy', async () => {
    const unknown = knownTransferSyntaxes().filter((s) => s.pixels === 'unsupported');
    expect(unknown.length).toBeGreaterThan(5);
    for (const { uid } of [...unknown, { uid: '1.2.3.4.5' }]) {
      await expect(
        decodeFrames(compressedBytes(sliceElements(), uid, [new Uint8Array(80)]), 'u.dcm'),
      ).rejects.toMatchObject({
        code: 'file.unsupported',
        detail: expect.stringContaining(uid),
        hint: expect.stringMatching(/uncompressed/),
      });
    }
  });
});

describe('image layout', () => {
  it.each([
    ['rows', [0x00280010, 'US', [0]]],
    ['bits', [0x00280100, 'US', [12]]],
    ['stored bits', [0x00280101, 'US', [17]]],
    ['high bit', [0x00280102, 'US', [3]]],
    ['samples', [0x00280002, 'US', [4]]],
    ['frames', [0x00280008, 'IS', '-2']],
    ['size', [0x00280010, 'US', [65535]]],
  ] as [string, ElementSpec][])('refuses senseless %s', async (_, element) => {
    const wide: ElementSpec[] = element[0] === 0x00280010 ? [[0x00280011, 'US', [65535]]] : [];
    const bytes = encodeFile([
      ...sliceElements({ extra: [element, ...wide] }),
      [0x7fe00010, 'OW', new Uint8Array(160)],
    ]);
    const file = await openDicom(memoryFile('bad.dcm', bytes));
    expect(() => imageLayout(file.data)).toThrow(
      expect.objectContaining({
        code: 'file.malformed',
        where: { file: 'bad.dcm', place: expect.stringMatching(/^tag \(/) },
      }),
    );
  });
});
