import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../tests/support/formats/formats.ts';
import { utf8 } from './bytes.ts';
import { gunzipped } from './gunzip.ts';

describe('a file in gzip', () => {
  it('comes out under its own name, whole', async () => {
    const text = utf8('PathFileType\t4\n'.repeat(5000));
    const inner = await gunzipped(memoryFile('s1/squat.trc.gz', new Uint8Array(gzipSync(text))));
    expect(inner).toMatchObject({ name: 's1/squat.trc.gz/squat.trc', bytes: text.length });
    expect(await inner?.read()).toEqual(text);
    expect(await inner?.slice(5, 9)).toEqual(utf8('ileT'));
  });

  it('is left alone where it is none', async () => {
    expect(await gunzipped(memoryFile('x.gz', utf8('plain')))).toBeUndefined();
  });

  it('says that it is damaged', async () => {
    const packed = new Uint8Array(gzipSync(utf8('marker '.repeat(900))));
    await expect(gunzipped(memoryFile('x.gz', packed.slice(0, packed.length - 12)))).rejects.toMatchObject({
      tag: 'MsdtError',
      where: { file: 'x.gz' },
      hint: expect.stringMatching(/./),
    });
  });
});
