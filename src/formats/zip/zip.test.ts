import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { damaged, memoryFile } from '../../../tests/support/formats/dicom.ts';
import { isMsdtError, type SourceFile } from '../../model/index.ts';
import { isZip, openZip, zip } from './index.ts';

const NOISE = Uint8Array.from({ length: 200_000 }, (_, n) => Math.imul(n, 2654435761) >>> 24);
const PLAIN = strToU8('the spine has thirty-three vertebrae. '.repeat(3000));

function archive(files: Record<string, Uint8Array>, level: 0 | 6 = 6): Uint8Array {
  return zipSync(files, { level, mtime: new Date('2026-01-02T00:00:00') });
}

function open(bytes: Uint8Array, limits = {}): Promise<SourceFile[]> {
  return openZip(memoryFile('study.zip', bytes), limits);
}

/** Changes bytes that begin `offset` after the `nth` occurrence of a signature. */
function patch(bytes: Uint8Array, signature: number, offset: number, values: number[], nth = 0): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  let seen = 0;
  for (let at = 0; at + 4 <= copy.length; at++) {
    if (view.getUint32(at, true) !== signature || seen++ < nth) continue;
    copy.set(values, at + offset);
    return copy;
  }
  throw new Error('signature not found');
}

const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const u32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];

describe('zip archives', () => {
  it('give their files lazily, whole, by the head, in parts and into memory', async () => {
    for (const level of [0, 6] as const) {
      const files = await open(
        archive({ 'a/noise.bin': NOISE, 'b/plain.txt': PLAIN, 'empty.txt': new Uint8Array(0) }, level),
      );
      expect(files.map((f) => [f.name, f.bytes])).toEqual([
        ['study.zip/a/noise.bin', NOISE.length],
        ['study.zip/b/plain.txt', PLAIN.length],
        ['study.zip/empty.txt', 0],
      ]);
      for (const [n, content] of [NOISE, PLAIN].entries()) {
        expect(await files[n].head(1000)).toEqual(content.subarray(0, 1000));
        expect(await files[n].head(1e9)).toEqual(content);
        expect(await files[n].read()).toEqual(content);
        expect(await files[n].slice(50_000, 50_010)).toEqual(content.subarray(50_000, 50_010));
        const target = new Uint8Array(100);
        expect(await files[n].readInto?.(target, content.length - 40)).toBe(40);
        expect(target.subarray(0, 40)).toEqual(content.subarray(-40));
      }
      expect(await files[2].read()).toEqual(new Uint8Array(0));
    }
  });

  it('inflate no more than the head that is asked for', async () => {
    const bytes = archive({ 'noise.bin': NOISE });
    let taken = 0;
    const source = memoryFile('study.zip', bytes);
    const counted: SourceFile = {
      ...source,
      slice: async (start, end) => {
        taken += end - start;
        return source.slice(start, end);
      },
    };
    const [file] = await openZip(counted);
    taken = 0;
    await file.head(500);
    expect(taken).toBeLessThan(20_000);
  });

  it('leave out folders, hidden files, resource forks and links', async () => {
    const bytes = archive({
      'dir/': new Uint8Array(0),
      'dir/.hidden': PLAIN,
      '__MACOSX/x': PLAIN,
      '.DS_Store': PLAIN,
      link: PLAIN,
      'dir/kept': PLAIN,
    });
    // made by Unix, mode "symbolic link", for the fifth entry
    const linked = patch(patch(bytes, CENTRAL, 5, [3], 4), CENTRAL, 38, [0, 0, 0xff, 0xa1], 4);
    expect((await open(linked)).map((f) => f.name)).toEqual(['study.zip/dir/kept']);
  });

  it('open archives inside archives, not endlessly', async () => {
    const inner = archive({ 'x.txt': PLAIN });
    const middle = archive({ 'inner.zip': inner });
    const [first] = await open(archive({ 'middle.zip': middle }));
    const [second] = await openZip(first);
    expect(second.name).toBe('study.zip/middle.zip/inner.zip');
    await expect(openZip(second)).rejects.toMatchObject({
      code: 'file.unsafe',
      detail: expect.stringContaining('3 deep'),
    });
    const [third] = await openZip(second, { maxDepth: 3 });
    expect(await third.read()).toEqual(PLAIN);
  });

  it('belong to the catalogue', async () => {
    const bytes = archive({ a: PLAIN });
    expect(zip.sniff(bytes.subarray(0, 100), 'x')).toBe('yes');
    expect(isZip(strToU8('PK'))).toBe(false);
    expect(await zip.open(memoryFile('s.zip', bytes))).toHaveLength(1);
    expect((await zip.read([memoryFile('s.zip', bytes)])).skipped[0].file).toBe('s.zip');
  });
});

describe('zip archives made to do harm', () => {
  it.each(['../../etc/passwd', 'a/../../b', '/etc/passwd', 'C:\\Windows\\x', '..\\x', 'a\u0000b'])(
    'are refused for the name %j',
    async (name) => {
      await expect(open(archive({ [name]: PLAIN }))).rejects.toMatchObject({
        code: 'file.unsafe',
        where: { file: 'study.zip', place: expect.stringMatching(/entry 1 of 1/) },
        hint: expect.stringMatching(/Do not unpack/),
      });
    },
  );

  it('are refused for what they would grow to', async () => {
    const zeros = archive({ 'a.bin': new Uint8Array(3_000_000), 'b.bin': new Uint8Array(3_000_000) });
    await expect(open(zeros, { maxTotalBytes: 5_000_000 })).rejects.toMatchObject({ code: 'file.too-large' });
    await expect(open(zeros, { ratioFromBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'file.unsafe',
      detail: expect.stringContaining('times'),
    });
    expect(await open(zeros)).toHaveLength(2);
    await expect(open(archive({ a: PLAIN, b: PLAIN, c: PLAIN }), { maxEntries: 2 })).rejects.toMatchObject({
      code: 'file.too-large',
    });
  });

  it('count what lies in inner archives', async () => {
    const inner = archive({ 'a.bin': new Uint8Array(3_000_000) });
    const files = await open(archive({ '1.zip': inner, '2.zip': inner }));
    const limits = { maxTotalBytes: 5_000_000 };
    expect(await openZip(files[0], limits)).toHaveLength(1);
    await expect(openZip(files[1], limits)).rejects.toMatchObject({ code: 'file.too-large' });
  });

  it('are refused for entries that share bytes', async () => {
    const bytes = archive({ a: NOISE, b: NOISE });
    await expect(open(patch(bytes, CENTRAL, 42, u32(0), 1))).rejects.toMatchObject({
      code: 'file.unsafe',
      detail: expect.stringContaining('overlaps'),
    });
  });

  it('are refused for sizes that cannot be', async () => {
    const bytes = archive({ a: PLAIN });
    await expect(open(patch(bytes, CENTRAL, 24, u32(2 ** 31)))).rejects.toMatchObject({ code: 'file.unsafe' });
  });

  it('never give more than they declared', async () => {
    const [file] = await open(patch(archive({ a: PLAIN }), CENTRAL, 24, u32(PLAIN.length - 10)));
    await expect(file.read()).rejects.toMatchObject({ code: 'file.unsafe', where: { file: 'study.zip/a' } });
    expect(await file.head(1e9)).toHaveLength(PLAIN.length - 10);
    const [longer] = await open(patch(archive({ a: PLAIN }), CENTRAL, 24, u32(PLAIN.length + 10)));
    await expect(longer.read()).rejects.toMatchObject({ code: 'file.truncated' });
  });
});

describe('damaged zip archives', () => {
  const bytes = archive({ 'a.bin': NOISE, 'b.txt': PLAIN });

  it('are noticed by their checksums', async () => {
    const flipped = bytes.slice();
    flipped[5000] ^= 16;
    const [file] = await open(flipped);
    await expect(file.read()).rejects.toMatchObject({
      where: { file: 'study.zip/a.bin', place: expect.stringMatching(/byte \d+/) },
    });
  });

  it.each([
    ['a missing directory', bytes.slice(0, -200), 'file.truncated'],
    ['an empty file', new Uint8Array(0), 'file.truncated'],
    ['encryption', patch(bytes, CENTRAL, 8, [1]), 'file.unsupported'],
    ['parts', patch(bytes, END, 4, [1]), 'file.unsupported'],
    ['a directory past the end', patch(bytes, END, 16, u32(10_000_000)), 'file.truncated'],
    ['a count that is wrong', patch(bytes, END, 10, [9]), 'file.malformed'],
  ])('are refused: %s', async (_, broken, code) => {
    const error = await open(broken).catch((e: unknown) => e);
    expect(error).toMatchObject({ code, where: { file: 'study.zip' } });
    expect((error as { hint: string }).hint.length).toBeGreaterThan(10);
  });

  it('say so for an unknown compression', async () => {
    const [file] = await open(patch(bytes, CENTRAL, 10, [14]));
    for (const work of [file.read(), file.head(10)])
      await expect(work).rejects.toMatchObject({ code: 'file.unsupported' });
  });

  it('never crash or hang: 200 cut or bit-flipped archives', async () => {
    let state = 20260302;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 8) / 2 ** 24;
    };
    const small = archive({
      'a.txt': PLAIN.subarray(0, 3000),
      'b/c.bin': NOISE.subarray(0, 2000),
      'in.zip': archive({ x: PLAIN.subarray(0, 500) }),
    });
    let failures = 0;
    const started = performance.now();
    for (let n = 0; n < 200; n++) {
      const { bytes: input, how } = damaged(small, random);
      try {
        for (const file of await open(input)) {
          await file.head(100);
          await file.read();
          if (file.name.endsWith('.zip')) await openZip(file);
        }
      } catch (error) {
        failures++;
        expect(isMsdtError(error), `${how}: ${error}`).toBe(true);
        expect(error, how).toMatchObject({
          where: { file: expect.stringContaining('study.zip'), place: expect.stringMatching(/./) },
          hint: expect.stringMatching(/./),
        });
      }
    }
    expect(failures).toBeGreaterThan(100);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
