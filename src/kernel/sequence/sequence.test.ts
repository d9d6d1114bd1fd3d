import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import {
  chiSquareDistance,
  countRepetitions,
  differentiateSequence,
  dtwDistance,
  dtwPath,
  earthMoverDistance,
  histogramShares,
  lowerBoundKeogh2005,
  resampleSequence,
  spectralArcLength,
  type VectorSequence,
  warpingEnvelope,
} from './index.ts';

function walk(steps: number, dims: number, seed: number): VectorSequence {
  const rng = createRandom(seed);
  const values = new Float64Array(steps * dims);
  for (let i = 0; i < values.length; i++) values[i] = (values[i - dims] ?? 0) + rng.normal();
  return { values, dims };
}

/** All costs in a matrix, squared. */
function costs(a: VectorSequence, b: VectorSequence): Float64Array {
  const [n, m] = [a.values.length / a.dims, b.values.length / b.dims];
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      for (let k = 0; k < a.dims; k++) out[i * m + j] += (a.values[i * a.dims + k] - b.values[j * b.dims + k]) ** 2;
  return out;
}

describe('dynamic time warping', () => {
  it('is 0 for the same movement at another pace and not for another movement', () => {
    const slow = Float64Array.from({ length: 60 }, (_, i) => Math.floor(i / 2));
    const fast = Float64Array.from({ length: 30 }, (_, i) => i);
    expect(dtwDistance({ values: slow, dims: 1 }, { values: fast, dims: 1 })).toBe(0);
    expect(dtwDistance({ values: fast, dims: 1 }, { values: fast.toReversed(), dims: 1 })).toBeGreaterThan(10);
  });
  it('agrees with the path through the whole matrix, which is monotone and ends at the ends', () => {
    const [a, b] = [walk(23, 3, 1), walk(31, 3, 2)];
    const path = dtwPath(costs(a, b), 23, 31, 0.3);
    expect(path.distance).toBeCloseTo(dtwDistance(a, b, { band: 0.3 }), 12);
    expect([path.first[0], path.second[0], path.first.at(-1), path.second.at(-1)]).toEqual([0, 0, 22, 30]);
    for (let k = 1; k < path.first.length; k++) {
      const [di, dj] = [path.first[k] - path.first[k - 1], path.second[k] - path.second[k - 1]];
      expect(di + dj >= 1 && di <= 1 && dj <= 1 && di >= 0 && dj >= 0).toBe(true);
    }
  });
  it('is symmetric for equal lengths, shrinks as the band widens and is never below its lower bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 25 }), (seed, n) => {
        const [a, b] = [walk(n, 2, seed), walk(n, 2, seed + 1)];
        const d = dtwDistance(a, b);
        expect(dtwDistance(b, a)).toBeCloseTo(d, 9);
        expect(dtwDistance(a, b, { band: 0.5 })).toBeLessThanOrEqual(d + 1e-12);
        expect(lowerBoundKeogh2005(a, warpingEnvelope(b))).toBeLessThanOrEqual(d + 1e-12);
        expect(dtwDistance(a, b, { abandonAbove: d * 1.001 + 1e-9 })).toBe(d);
        if (d > 1) expect(dtwDistance(a, b, { abandonAbove: d * 0.01 })).toBeGreaterThanOrEqual(d * 0.01);
      }),
    );
  });
  it('refuses what cannot be compared', () => {
    expect(() => dtwDistance(walk(3, 2, 1), walk(3, 3, 1))).toThrow(/dims/);
    expect(() => dtwDistance(walk(0, 2, 1), walk(3, 2, 1))).toThrow(/at least one step/);
  });
});

describe('histograms', () => {
  it('keep all values, the large in the last bin', () => {
    expect([...histogramShares([0, 0.5, 0.99, 1, 99, Number.NaN], 4, 1)]).toEqual([0.2, 0, 0.2, 0.6]);
  });
  it('are apart by the work of moving one into the other', () => {
    expect(earthMoverDistance([0.5, 0.5, 0], [0, 0.5, 0.5])).toBeCloseTo(1, 12);
    expect(chiSquareDistance([0.5, 0.5], [0.5, 0.5])).toBe(0);
    expect(chiSquareDistance([0.25, 0.75], [0.75, 0.25])).toBeCloseTo(0.25, 12);
  });
});

describe('smoothness', () => {
  const bell = (n: number, times: number) =>
    Float64Array.from({ length: n }, (_, i) => {
      const u = ((i / (n - 1)) * times) % 1;
      return 30 * u * u * (1 - u) * (1 - u);
    });
  it('is that of a minimum-jerk reach, whatever its size, and falls with sub-movements', () => {
    // Balasubramanian 2015 gives about -1.41 for a minimum-jerk profile of 1 s at 100 Hz, cut at 0.05
    expect(spectralArcLength(bell(100, 1), 100)).toBeCloseTo(-1.41, 1);
    expect(
      spectralArcLength(
        bell(100, 1).map((v) => 700 * v),
        100,
      ),
    ).toBeCloseTo(spectralArcLength(bell(100, 1), 100), 9);
    expect(spectralArcLength(bell(100, 3), 100)).toBeLessThan(spectralArcLength(bell(100, 1), 100) - 0.5);
    expect(spectralArcLength(new Float64Array(20), 100)).toBeNaN();
  });
});

describe('repetitions', () => {
  const matrix = (values: number[][]) =>
    values.flatMap((a) => values.map((b) => Math.hypot(...a.map((v, k) => v - b[k]))));
  it.each([2, 3, 5.5, 9])('counts %s turns of a circle', (turns) => {
    const n = 120;
    const points = Array.from({ length: n }, (_, i) => {
      const u = (2 * Math.PI * turns * i) / n;
      return [Math.cos(u), Math.sin(u)];
    });
    expect(countRepetitions(matrix(points), n).count).toBeCloseTo(turns, 1);
  });
  it('counts noisy swings and finds none in a single reach', () => {
    const rng = createRandom(4);
    const swings = Array.from({ length: 150 }, (_, i) => [Math.sin((2 * Math.PI * i) / 30) + rng.normal(0, 0.1), 0]);
    expect(countRepetitions(matrix(swings), 150).count).toBeCloseTo(5, 0);
    const reach = Array.from({ length: 80 }, (_, i) => [Math.tanh((i - 40) / 10), 0]);
    expect(countRepetitions(matrix(reach), 80)).toMatchObject({ count: 1, strength: 0 });
  });
});

describe('sequences', () => {
  it('keep their ends when resampled, and straight lines stay straight', () => {
    const line = { values: Float64Array.from({ length: 20 }, (_, i) => 3 * i), dims: 2 };
    const out = resampleSequence(line, 33);
    expect([out.values[0], out.values[64]]).toEqual([line.values[0], line.values[18]]);
    const slope = differentiateSequence(out).values;
    for (const v of slope) expect(v).toBeCloseTo(54 / 32, 9);
    expect([...resampleSequence({ values: Float64Array.of(7), dims: 1 }, 3).values]).toEqual([7, 7, 7]);
  });
});
