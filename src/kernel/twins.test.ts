/** The SIMD kernels against their plain TypeScript twins. Bits, surfaces and rescaling must agree bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArrayKind, Size3, VoxelArray } from './index.ts';
import {
  createArena,
  createRandom,
  forcePlainKernels,
  isosurface,
  prepareKernels,
  resliceTrilinear,
  sampleTrilinear,
  simdAvailable,
  smoothSinc,
  smoothTaubin,
  thresholdBits,
} from './index.ts';

function plainly<T>(run: () => T): T {
  forcePlainKernels(true);
  try {
    return run();
  } finally {
    forcePlainKernels(false);
  }
}

const KINDS = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
const ARENA = createArena(64 << 20);

/** The same values in an ordinary array and in an arena. */
function both(kind: number, size: Size3, seed: number): [VoxelArray, VoxelArray] {
  const rng = createRandom(seed);
  const Kind = KINDS[kind];
  const n = size[0] * size[1] * size[2];
  const here = new Kind(n);
  for (let i = 0; i < n; i++) here[i] = kind >= 6 ? rng.normal(60, 40) : rng.int(0, 120);
  if (kind >= 6) here.fill(Number.NaN, 5, 9);
  ARENA.release(ARENA.mark() - ARENA.used);
  const there: VoxelArray = ARENA.allocate(Kind as ArrayKind<VoxelArray>, n);
  there.set(here as never);
  return [here, there];
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = (v: ArrayBufferView) => Buffer.from(v.buffer, v.byteOffset, v.byteLength);
  return bytes(a).equals(bytes(b));
}

const sizes = fc.tuple(
  fc.integer({ min: 60, max: 140 }),
  fc.integer({ min: 15, max: 24 }),
  fc.integer({ min: 14, max: 20 }),
) as fc.Arbitrary<Size3>;

describe('SIMD kernels', () => {
  it('are available here, and can be switched off', async () => {
    expect(simdAvailable()).toBe(true);
    expect(plainly(simdAvailable)).toBe(false);
    expect(await prepareKernels()).toBe(true);
  });
  it('threshold like the plain ones, every array type, in and out of an arena', () => {
    const bound = fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.double({ noNaN: true }),
      fc.double({ min: 0, max: 120, noNaN: true }),
    );
    fc.assert(
      fc.property(sizes, fc.integer(), fc.integer({ min: 0, max: 7 }), bound, bound, (size, seed, kind, low, high) => {
        const [here, there] = both(kind, size, seed);
        const truth = plainly(() => thresholdBits(here, size, low, high));
        expect(thresholdBits(here, size, low, high)).toEqual(truth);
        expect(thresholdBits(there, size, low, high)).toEqual(truth);
      }),
      { numRuns: 80 },
    );
  });
  it('make the same isosurface bit for bit', () => {
    const options = fc.constantFrom({}, { closeBorders: true }, { closeBorders: true, outside: 0 });
    const levels = fc.constantFrom(30, 60.25, 100);
    fc.assert(
      fc.property(
        sizes,
        fc.integer(),
        fc.integer({ min: 0, max: 7 }),
        levels,
        options,
        (size, seed, kind, iso, how) => {
          const [here, there] = both(kind, size, seed);
          const truth = plainly(() => isosurface(here, size, iso, how));
          for (const data of [here, there]) {
            const found = isosurface(data, size, iso, how);
            expect(sameBytes(found.triangles, truth.triangles)).toBe(true);
            expect(sameBytes(found.positions, truth.positions)).toBe(true);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
  it('smooth within single precision of the plain ones, closed or not, with and without fixed vertices', () => {
    const size: Size3 = [64, 30, 20];
    const [data] = both(2, size, 9);
    for (const closeBorders of [true, false]) {
      const surface = isosurface(data, size, 90, { closeBorders });
      const fixed = Uint8Array.from({ length: surface.positions.length / 3 }, (_, i) => (i % 7 === 0 ? 1 : 0));
      for (const options of [{}, { fixed }, { iterations: 3 }]) {
        for (const smooth of [smoothTaubin, smoothSinc]) {
          const fast = smooth(surface, options).positions;
          const slow = plainly(() => smooth(surface, options).positions);
          // coordinates up to 64 have steps of 4e-6 in single precision; twenty steps add up
          const worst = fast.reduce((a, v, i) => Math.max(a, Math.abs(v - slow[i])), 0);
          expect(worst).toBeLessThan(1e-4);
        }
      }
    }
  });
  it('sample points and slices within single precision of the plain ones', () => {
    const size: Size3 = [70, 40, 20];
    const [here, there] = both(2, size, 21);
    const rng = createRandom(5);
    const points = Float32Array.from({ length: 3 * 5000 }, (_, i) => -2 + rng.uniform() * (size[i % 3] + 3));
    points[0] = Number.NaN;
    const origin = [-3, 4, 1.5] as const;
    const plane = { origin, u: [0.6, 0.2, 0.1], v: [0.1, 0.5, -0.05], width: 150, height: 60, background: -9 } as const;
    const pairs = [
      [sampleTrilinear(there, size, points, -9), plainly(() => sampleTrilinear(here, size, points, -9))],
      [resliceTrilinear(there, size, plane), plainly(() => resliceTrilinear(here, size, plane))],
    ];
    for (const [fast, slow] of pairs) {
      expect(new Set(fast).size).toBeGreaterThan(1000);
      // values up to 120, seven single-precision blends
      expect(fast.reduce((a, v, i) => Math.max(a, Math.abs(v - slow[i])), 0)).toBeLessThan(1e-4);
    }
  });
});
