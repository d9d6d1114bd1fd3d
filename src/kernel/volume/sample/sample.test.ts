import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../stats/index.ts';
import type { Size3 } from '../types.ts';
import { labelStatistics } from './labels.ts';
import { resliceNearest, resliceTrilinear, sampleTrilinear, trilinearClamped } from './trilinear.ts';

const SIZE: Size3 = [9, 7, 5];
const ramp = (x: number, y: number, z: number) => 3 * x - 2 * y + 11 * z - 40;
const RAMP = Float64Array.from({ length: 315 }, (_, i) => ramp(i % 9, Math.floor(i / 9) % 7, Math.floor(i / 63)));
const NOISE = Int16Array.from({ length: 315 }, createRandom(6).normal).map((_, i) => (i * 7919) % 2000);

const inside = (p: readonly number[]) => p.every((v, d) => v >= -0.5 && v <= SIZE[d] - 0.5);
const clamped = (p: readonly number[]) => p.map((v, d) => Math.min(SIZE[d] - 1, Math.max(0, v)));

describe('sampleTrilinear', () => {
  it('is exact on a ramp, holds the edge for half a voxel, then gives the background', () => {
    const coordinate = fc.double({ min: -2, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 30 }), (points) => {
        const out = sampleTrilinear(RAMP, SIZE, Float64Array.from(points.flat()), -999);
        points.forEach((p, i) => {
          const [x, y, z] = clamped(p);
          expect(out[i]).toBeCloseTo(inside(p) ? ramp(x, y, z) : -999, 3);
        });
      }),
    );
  });
  it('gives the voxel at a voxel centre, corners and far faces included', () => {
    const centres = Float32Array.from({ length: 945 }, (_, k) => {
      const i = Math.floor(k / 3);
      return [i % 9, Math.floor(i / 9) % 7, Math.floor(i / 63)][k % 3];
    });
    expect([...sampleTrilinear(NOISE, SIZE, centres, -1)]).toEqual([...NOISE]);
  });
});

describe('reslice', () => {
  const step = fc.double({ min: -1.5, max: 1.5, noNaN: true });
  const vec = fc.tuple(step, step, step);
  const origin = fc.tuple(...SIZE.map((n) => fc.double({ min: -2, max: n + 1, noNaN: true }))) as fc.Arbitrary<
    [number, number, number]
  >;
  it('equals sampling pixel by pixel', () => {
    fc.assert(
      fc.property(origin, vec, vec, (o, u, v) => {
        const plane = { origin: o, u, v, width: 12, height: 6, background: -5 };
        const image = resliceTrilinear(NOISE, SIZE, plane);
        const labels = resliceNearest(NOISE, SIZE, plane);
        for (let y = 0; y < 6; y++) {
          for (let x = 0; x < 12; x++) {
            const p = [0, 1, 2].map((d) => o[d] + y * v[d] + x * u[d]);
            const expected = inside(p) ? trilinearClamped(NOISE, SIZE, p[0], p[1], p[2]) : -5;
            expect(Math.abs(image[x + 12 * y] - expected)).toBeLessThan(1e-3);
            const q = clamped(p.map((c) => Math.floor(c + 0.5)));
            expect(labels[x + 12 * y]).toBe(inside(p) ? NOISE[q[0] + 9 * (q[1] + 7 * q[2])] : -5);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
  it('shows every axis-aligned slice exactly, also the last one and a volume of one slice', () => {
    const axial = resliceTrilinear(NOISE, SIZE, {
      origin: [0, 0, 4],
      u: [1, 0, 0],
      v: [0, 1, 0],
      width: 9,
      height: 7,
      background: 0,
    });
    expect([...axial]).toEqual([...NOISE.subarray(252)]);
    const flat = resliceTrilinear(NOISE.subarray(0, 63), [9, 7, 1], {
      origin: [0, 0, 0.3],
      u: [1, 0, 0],
      v: [0, 1, 0],
      width: 9,
      height: 7,
      background: 0,
    });
    expect([...flat]).toEqual([...NOISE.subarray(0, 63)]);
  });
});

describe('labelStatistics', () => {
  it('measures a box with a ramp under it', () => {
    const labels = new Uint8Array(315);
    const grey: number[] = [];
    for (let z = 1; z <= 3; z++) {
      for (let y = 2; y <= 4; y++) {
        for (let x = 3; x <= 7; x++) {
          labels[x + 9 * (y + 7 * z)] = 5;
          grey.push(ramp(x, y, z));
        }
      }
    }
    labels[0] = 2;
    const [two, five] = labelStatistics(labels, SIZE, undefined, RAMP);
    expect(two.value).toBe(2);
    expect(two.voxels).toBe(1);
    expect(five.voxels).toBe(45);
    expect(five.centroid).toEqual([5, 3, 2]);
    expect(five.bounds).toEqual({ min: [3, 2, 1], max: [7, 4, 3] });
    expect(five.mean).toBeCloseTo(ramp(5, 3, 2), 10);
    expect(five.median).toBeCloseTo(grey.sort((a, b) => a - b)[22], 10);
    expect(labelStatistics(labels, SIZE, [5]).length).toBe(1);
    expect(labelStatistics(labels, SIZE, [9])).toEqual([]);
  });
});
