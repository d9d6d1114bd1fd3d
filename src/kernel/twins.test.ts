/** The SIMD kernels against their plain TypeScript twins. Bits, surfaces, spectra, time warping and trees must agree bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArrayKind, Sections, Size3, StepCost, VoxelArray } from './index.ts';
import {
  buildKdTree,
  butterworth,
  createArena,
  createRandom,
  dtwDistance,
  filterCausal,
  filterZeroPhase,
  forcePlainKernels,
  frequencyCourse,
  isosurface,
  notchFilter,
  prepareKernels,
  resliceTrilinear,
  sampleTrilinear,
  simdAvailable,
  smoothSinc,
  smoothTaubin,
  spectra,
  thresholdBits,
  welch,
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
  it('filter like the plain ones, whatever the length and the sections', () => {
    const rateHz = 2000;
    const filters: Sections[] = [
      butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz }),
      [...butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz }), ...notchFilter(50, 30, rateHz)],
      notchFilter(50, 200, rateHz),
      butterworth({ band: 'low-pass', order: 5, cutoffHz: 6, rateHz }),
      // settles in a second, 100,000 samples, so that every part hands its state on to the end
      butterworth({ band: 'high-pass', order: 2, cutoffHz: 10, rateHz: 100_000 }),
    ];
    const rng = createRandom(8);
    const signal = Float64Array.from({ length: 20_003 }, (_, i) => (i < 9000 ? 1000 : 1) * rng.normal(0.5));
    for (const sections of filters) {
      for (const length of [16_400, 20_000, 20_001, 20_002, 20_003]) {
        for (const x of [signal.subarray(0, length), Float32Array.from(signal.subarray(0, length))]) {
          for (const filter of [filterZeroPhase, filterCausal]) {
            const fast = filter(sections, x);
            const slow = plainly(() => filter(sections, x));
            const most = slow.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
            // rounding in another order; poles within 5e-4 of the circle enlarge it
            expect(fast.reduce((a, v, i) => Math.max(a, Math.abs(v - slow[i])), 0)).toBeLessThan(1e-10 * most);
            expect(fast.length).toBe(length);
            expect(fast).not.toEqual(slow);
          }
        }
      }
      const gone = signal.slice();
      gone[12_000] = Number.NaN;
      expect(filterCausal(sections, gone)).toEqual(plainly(() => filterCausal(sections, gone)));
      expect(filterZeroPhase(sections, gone)).toEqual(plainly(() => filterZeroPhase(sections, gone)));
    }
  });
  it('make the same spectra bit for bit, also with gaps', () => {
    const rng = createRandom(4);
    const x = Float64Array.from({ length: 9000 }, () => rng.normal(3));
    x.fill(Number.NaN, 4000, 4010);
    const lengths = fc.constantFrom(2048, 2000, 1000, 512, 480, 384, 120, 96, 40, 24, 16, 250, 14, 9);
    const detrends = fc.constantFrom('none' as const, 'mean' as const, 'line' as const);
    const windows = fc.constantFrom('hann' as const, 'boxcar' as const);
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 6 }), detrends, windows, (fftLength, less, detrend, window) => {
        const segment = fftLength - less;
        const options = { rateHz: 2000, segment, overlap: segment >> 1, fftLength, detrend, window, mostMissing: 0.05 };
        const all = () => ({
          series: spectra(x, options),
          mean: welch(x, options),
          course: frequencyCourse(x, options, [20, 450]),
          whole: frequencyCourse(x.subarray(0, 3000), options),
        });
        expect(all()).toEqual(plainly(all));
      }),
      { numRuns: 60 },
    );
  });
  it('warp time to the same distance, bit for bit', () => {
    const costs = fc.constantFrom<StepCost>('squared', 'euclidean', 'chi-square');
    const steps = fc.integer({ min: 20, max: 60 });
    const dims = fc.integer({ min: 1, max: 40 });
    const above = fc.constantFrom(Infinity, 40);
    fc.assert(
      fc.property(
        steps,
        steps,
        dims,
        costs,
        fc.double({ min: 0, max: 1, noNaN: true }),
        above,
        fc.integer(),
        (...of) => {
          const [n, m, size, cost, band, abandonAbove, seed] = of;
          const rng = createRandom(seed);
          const sequence = (count: number) => ({
            values: Float64Array.from({ length: count * size }, () => Math.max(0, rng.normal(1))),
            dims: size,
          });
          const [a, b] = [sequence(n), sequence(m)];
          const far = () => dtwDistance(a, b, { band, cost, abandonAbove });
          expect(far()).toBe(plainly(far));
        },
      ),
    );
  });
  it('build the same search tree', () => {
    const rng = createRandom(6);
    for (const count of [500, 777, 4096, 5000]) {
      // whole numbers: many points share a coordinate, some all three
      const points = Float32Array.from({ length: 3 * count }, (_, i) => rng.int(0, i % 3 ? 9 : 40));
      points[7] = Number.NaN;
      const ask = (tree: ReturnType<typeof buildKdTree>) => {
        const near = new Int32Array(count);
        const found = [3, 9, 17].map((x) => tree.within(x, 4, 5, 3, near));
        return { found, near, one: tree.nearest(points.subarray(9)), five: tree.nearestK(points.subarray(9, 900), 5) };
      };
      expect(ask(buildKdTree(points))).toEqual(ask(plainly(() => buildKdTree(points))));
    }
  });
});
