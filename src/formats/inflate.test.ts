import fc from 'fast-check';
import { deflateSync, gzipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../kernel/index.ts';
import { isMsdtError } from '../model/index.ts';
import { inflatedSource } from './byte-source.ts';
import { concatBytes, utf8 } from './bytes.ts';
import { crc32, inflateGzip, inflateRaw, inflateZlib } from './inflate.ts';

const options = { file: 'x.gz', limit: 1 << 22 };

/** Bytes of every character: constant, repeating, noisy. */
function sample(seed: number, length: number): Uint8Array {
  const random = createRandom(seed);
  const spread = [1, 3, 20, 256][seed % 4];
  return Uint8Array.from({ length }, () => Math.floor(random.uniform() * spread));
}

describe('inflate', () => {
  it.each([0, 1, 6, 9] as const)('gives back what was deflated at level %i', (level) => {
    for (let seed = 0; seed < 8; seed++) {
      const data = sample(seed, 1 + seed * 3001);
      expect(inflateRaw(deflateSync(data, { level }), 0, options).bytes).toEqual(data);
      expect(inflateZlib(zlibSync(data, { level }), options)).toEqual(data);
      expect(inflateGzip(gzipSync(data, { level, filename: 'scan.nii' }), options)).toEqual(data);
    }
  });

  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 0, max: 9 }), (data, level) => {
        expect(inflateZlib(zlibSync(data, { level: level as 6 }), options)).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it('tells where raw data end', () => {
    const packed = deflateSync(sample(2, 500));
    expect(inflateRaw(concatBytes([packed, utf8('after')]), 0, options).end).toBe(packed.length);
  });

  it('reads several gzip members and leaves what follows', () => {
    const parts = [sample(1, 700), sample(3, 1200)];
    const file = concatBytes([...parts.map((part) => gzipSync(part)), new Uint8Array(30)]);
    expect(inflateGzip(file, options)).toEqual(concatBytes(parts));
  });

  it('stops at the limit', () => {
    const bomb = gzipSync(new Uint8Array(1 << 20));
    expect(() => inflateGzip(bomb, { file: 'bomb.gz', limit: 1000 })).toThrow(/hold more than expected/);
    expect(inflateGzip(bomb, { file: 'bomb.gz', limit: 1000, partial: true }).length).toBeLessThanOrEqual(1000);
  });

  it('says what is wrong with damaged data', () => {
    const packed = gzipSync(sample(2, 40_000));
    for (let cut = 0; cut < packed.length; cut += 211) {
      const error = errorOf(() => inflateGzip(packed.subarray(0, cut), options));
      expect(error?.code).toMatch(/^file\.(truncated|malformed)$/);
      expect(error?.where.place).toBeTruthy();
    }
    for (let at = 10; at < packed.length; at += 127) {
      const bad = packed.slice();
      bad[at] ^= 1 << (at % 8);
      expect(errorOf(() => inflateGzip(bad, options))?.code).toMatch(/^file\.(truncated|malformed|too-large)$/);
    }
  });

  it('knows the checksum of the standard', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
  });
});

describe('inflated source', () => {
  it('gives the same through the platform and without it', async () => {
    const data = sample(2, 300_000);
    const file = concatBytes([gzipSync(data.subarray(0, 100_000)), gzipSync(data.subarray(100_000))]);
    const source = inflatedSource(file, 'gzip', options);
    const target = new Uint8Array(250_000);
    await source.skip(7, 'start');
    await source.into(target, 'middle');
    expect(target).toEqual(data.subarray(7, 250_007));
    expect(await source.rest(1 << 20)).toEqual(data.subarray(250_007));
    await source.close(true);
  });

  it('refuses what cannot be inside before making room for it', async () => {
    const source = inflatedSource(gzipSync(new Uint8Array(10)), 'gzip', options);
    await expect(source.take(2 ** 40, 'voxels')).rejects.toSatisfy((error) => isMsdtError(error, 'file.truncated'));
  });

  it('finds a damaged checksum at the end', async () => {
    const packed = gzipSync(sample(2, 5000));
    packed[packed.length - 6] ^= 1;
    const source = inflatedSource(packed, 'gzip', options);
    const all = async () => {
      await source.into(new Uint8Array(5000), 'voxels');
      await source.close(true);
    };
    await expect(all()).rejects.toSatisfy((error) => isMsdtError(error, 'file.malformed'));
  });
});

function errorOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isMsdtError(error)) return error;
    throw error;
  }
  return undefined;
}
