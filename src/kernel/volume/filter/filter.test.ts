import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../stats/index.ts';
import { maskToBits } from '../bits/bit-volume.ts';
import type { Size3 } from '../types.ts';
import { voxelCount } from '../types.ts';
import { distanceTransform } from './distance.ts';
import { resampleVolume } from './resample.ts';
import { gaussianSmooth, median3 } from './smooth.ts';
import { watershed } from './watershed.ts';

describe('distanceTransform', () => {
  it('equals the smallest distance to any zero, on anisotropic voxels', () => {
    const input = fc.tuple(
      fc.tuple(fc.integer({ min: 1, max: 35 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 })),
      fc.integer(),
      fc.constantFrom(0.02, 0.1, 0.5),
    );
    fc.assert(
      fc.property(input, ([size, seed, zeros]) => {
        const rng = createRandom(seed);
        const spacing = [0.78, 1.3, 2.5] as const;
        const mask = Uint8Array.from({ length: voxelCount(size) }, () => (rng.uniform() < zeros ? 0 : 1));
        const at = (i: number) => [i % size[0], Math.floor(i / size[0]) % size[1], Math.floor(i / (size[0] * size[1]))];
        const free = [...mask.keys()].filter((i) => mask[i] === 0).map(at);
        const found = distanceTransform(mask, size, spacing);
        expect(distanceTransform(maskToBits(mask, size), size, spacing)).toEqual(found);
        for (let i = 0; i < mask.length; i++) {
          const p = at(i);
          let best = Infinity;
          for (const q of free) best = Math.min(best, Math.hypot(...p.map((v, d) => (v - q[d]) * spacing[d])));
          if (best === Infinity) expect(found[i]).toBe(Infinity);
          else expect(Math.abs(found[i] - best)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 60 },
    );
  });
  it('is the depth inside a ball', () => {
    const size: Size3 = [41, 41, 41];
    const mask = new Uint8Array(voxelCount(size));
    for (let z = 0; z < 41; z++)
      for (let y = 0; y < 41; y++)
        for (let x = 0; x < 41; x++) mask[x + 41 * (y + 41 * z)] = Math.hypot(x - 20, y - 20, z - 20) < 15 ? 1 : 0;
    expect(distanceTransform(mask, size, [1, 1, 1])[20 + 41 * (20 + 41 * 20)]).toBe(15);
    expect(distanceTransform(mask, size, [2, 2, 2], { squared: true })[20 + 41 * (20 + 41 * 20)]).toBe(900);
  });
});

describe('gaussianSmooth', () => {
  it('spreads a spike with the wanted standard deviation and keeps its sum', () => {
    const size: Size3 = [41, 31, 21];
    const data = new Float32Array(voxelCount(size));
    data[20 + 41 * (15 + 31 * 10)] = 1000;
    const out = gaussianSmooth(data, size, [3, 2, 1]);
    const sum = [0, 0, 0, 0];
    for (let i = 0; i < out.length; i++) {
      const [x, y, z] = [i % 41, Math.floor(i / 41) % 31, Math.floor(i / (41 * 31))];
      [1, (x - 20) ** 2, (y - 15) ** 2, (z - 10) ** 2].forEach((m, k) => {
        sum[k] += m * out[i];
      });
    }
    expect(sum[0]).toBeCloseTo(1000, 1);
    expect(Math.sqrt(sum[1] / sum[0])).toBeCloseTo(3, 1);
    expect(Math.sqrt(sum[2] / sum[0])).toBeCloseTo(2, 1);
    expect(Math.sqrt(sum[3] / sum[0])).toBeCloseTo(1, 1);
  });
  it('leaves a constant alone at the borders, whatever the kernel', () => {
    const out = gaussianSmooth(new Int16Array(5 * 4 * 3).fill(-70), [5, 4, 3], [9, 9, 9]);
    for (const v of out) expect(v).toBeCloseTo(-70, 4);
  });
});

describe('median3', () => {
  it('equals sorting the neighbourhood', () => {
    const size: Size3 = [7, 5, 4];
    const rng = createRandom(3);
    const data = Int16Array.from({ length: voxelCount(size) }, () => rng.int(-1000, 1000));
    const out = median3(data, size);
    for (let i = 0; i < data.length; i++) {
      const p = [i % 7, Math.floor(i / 7) % 5, Math.floor(i / 35)];
      const around: number[] = [];
      for (let k = 0; k < 27; k++) {
        const q = [k % 3, Math.floor(k / 3) % 3, Math.floor(k / 9)].map((o, d) =>
          Math.min(size[d] - 1, Math.max(0, p[d] + o - 1)),
        );
        around.push(data[q[0] + 7 * (q[1] + 5 * q[2])]);
      }
      expect(out[i]).toBe(around.sort((a, b) => a - b)[13]);
    }
  });
});

describe('resampleVolume', () => {
  it('keeps a ramp a ramp in its inner part and the mean under averaging', () => {
    const size: Size3 = [24, 10, 6];
    const data = Float32Array.from({ length: voxelCount(size) }, (_, i) => i % 24);
    const fine = resampleVolume(data, size, [48, 10, 6]);
    for (let x = 1; x < 47; x++) expect(fine[x + 48 * 5]).toBeCloseTo((x + 0.5) / 2 - 0.5, 5);
    const coarse = resampleVolume(data, size, [5, 3, 4], { method: 'average' });
    expect(coarse.reduce((a, v) => a + v, 0) / coarse.length).toBeCloseTo(11.5, 4);
    expect([...resampleVolume(new Uint8Array([3, 3, 9, 9]), [4, 1, 1], [2, 1, 1], { method: 'nearest' })]).toEqual([
      3, 9,
    ]);
  });
  it('changes nothing on the same grid', () => {
    const rng = createRandom(8);
    const data = Int16Array.from({ length: 60 }, () => rng.int(-1000, 1000));
    for (const method of ['trilinear', 'nearest', 'average'] as const) {
      expect(resampleVolume(data, [5, 4, 3], [5, 4, 3], { method })).toEqual(data);
    }
  });
});

describe('watershed', () => {
  it('splits two touching balls at their waist', () => {
    const size: Size3 = [50, 30, 30];
    const n = voxelCount(size);
    const mask = new Uint8Array(n);
    const markers = new Uint16Array(n);
    const centres = [14, 34];
    for (let i = 0; i < n; i++) {
      const [x, y, z] = [i % 50, Math.floor(i / 50) % 30, Math.floor(i / 1500)];
      mask[i] = centres.some((c) => Math.hypot(x - c, y - 15, z - 15) < 12) ? 1 : 0;
    }
    centres.forEach((c, k) => {
      markers[c + 50 * (15 + 30 * 15)] = k + 1;
    });
    const depth = distanceTransform(mask, size, [1, 1, 1]).map((v) => -v);
    const labels = watershed(depth, markers, size, mask);
    for (let i = 0; i < n; i++) {
      const x = i % 50;
      if (!mask[i]) expect(labels[i]).toBe(0);
      else if (Math.abs(x - 24) > 1) expect(labels[i]).toBe(x < 24 ? 1 : 2);
      else expect(labels[i]).toBeGreaterThan(0);
    }
  });
  it('leaves what no marker reaches', () => {
    const labels = watershed(
      new Float32Array(5),
      new Int32Array([7, 0, 0, 0, 0]),
      [5, 1, 1],
      new Uint8Array([1, 1, 0, 1, 1]),
    );
    expect([...labels]).toEqual([7, 7, 0, 0, 0]);
  });
});
