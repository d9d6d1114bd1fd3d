import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointBounds } from '../../cloud/index.ts';
import { createRandom } from '../../stats/index.ts';
import type { Size3, VoxelArray } from '../../volume/types.ts';
import { voxelCount } from '../../volume/types.ts';
import { edgeReport, meshComponents } from '../query/topology.ts';
import { meshArea, meshVolume } from '../surface.ts';
import { CELL_CASES } from './cases.ts';
import { isosurface } from './isosurface.ts';

const CLOSED = { closed: true, boundaryEdges: 0, nonManifoldEdges: 0, flippedEdges: 0, degenerate: 0 };

function fill<T extends VoxelArray>(data: T, size: Size3, value: (x: number, y: number, z: number) => number): T {
  const [nx, ny, nz] = size;
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) data[i++] = value(x, y, z);
  return data;
}

function ball(size: Size3, radius: number): Float32Array {
  const c = size.map((n) => (n - 1) / 2);
  return fill(new Float32Array(voxelCount(size)), size, (x, y, z) => radius - Math.hypot(x - c[0], y - c[1], z - c[2]));
}

describe('the cell cases', () => {
  it('are empty when nothing or everything is inside, and have 820 triangles in all, never more than 5', () => {
    expect(CELL_CASES.counts[0] + CELL_CASES.counts[255]).toBe(0);
    expect(CELL_CASES.counts.reduce((a, v) => a + v, 0)).toBe(820);
    expect(Math.max(...CELL_CASES.counts)).toBe(5);
  });
});

describe('isosurface', () => {
  it('has the volume and area of a ball and faces outward', () => {
    const surface = isosurface(ball([43, 42, 41], 17.3), [43, 42, 41], 0);
    expect(edgeReport(surface)).toEqual(CLOSED);
    expect(meshVolume(surface) / ((4 / 3) * Math.PI * 17.3 ** 3)).toBeCloseTo(1, 2);
    expect(meshArea(surface) / (4 * Math.PI * 17.3 ** 2)).toBeCloseTo(1, 2);
    for (let i = 0; i < surface.positions.length; i += 3) {
      const [x, y, z] = surface.positions.subarray(i, i + 3);
      expect(Math.abs(Math.hypot(x - 21, y - 20.5, z - 20) - 17.3)).toBeLessThan(0.03);
    }
  });
  it('lies exactly on the level of a ramp', () => {
    const size: Size3 = [70, 5, 6];
    const data = fill(new Float64Array(voxelCount(size)), size, (x) => 10 * x);
    const { positions, triangles } = isosurface(data, size, 338);
    expect(triangles.length / 3).toBe(2 * 4 * 5);
    for (let i = 0; i < positions.length; i += 3) expect(positions[i]).toBeCloseTo(33.8, 5);
  });
  it('is closed and a two-manifold on pure noise of any kind, with no degenerate triangle', () => {
    const kinds = [Int16Array, Uint8Array, Float32Array] as const;
    const input = fc.tuple(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 })),
      fc.integer(),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(0, 1, 2),
    );
    fc.assert(
      fc.property(input, ([size, seed, levels, kind]) => {
        const rng = createRandom(seed);
        const data = fill(new kinds[kind](voxelCount(size)), size, () => rng.int(0, levels));
        const surface = isosurface(data, size, Math.ceil(levels / 2), { closeBorders: true });
        const report = edgeReport(surface);
        expect(report).toEqual(surface.triangles.length === 0 ? { ...CLOSED, closed: false } : CLOSED);
        expect(meshVolume(surface)).toBeGreaterThanOrEqual(0);
        expect(new Set(surface.triangles).size).toBe(surface.positions.length / 3);
      }),
      { numRuns: 200 },
    );
  });
  it('only opens at the faces of the volume when borders stay open, and uses every vertex', () => {
    const size: Size3 = [33, 9, 8];
    const rng = createRandom(12);
    const data = fill(new Int16Array(voxelCount(size)), size, () => rng.int(-500, 500));
    const surface = isosurface(data, size, 0);
    const report = edgeReport(surface);
    expect(report.nonManifoldEdges + report.flippedEdges + report.degenerate).toBe(0);
    expect(report.boundaryEdges).toBeGreaterThan(0);
    expect(new Set(surface.triangles).size).toBe(surface.positions.length / 3);
    const { min, max } = pointBounds([surface.positions]);
    expect([...min, ...max]).toEqual([0, 0, 0, 32, 8, 7]);
  });
  it('has one ball per separate voxel: Euler characteristic 2 for each component', () => {
    const size: Size3 = [32, 5, 5];
    const data = fill(new Uint8Array(voxelCount(size)), size, (x, y, z) => (x % 2 && y % 2 && z % 2 ? 1 : 0));
    const surface = isosurface(data, size, 1, { closeBorders: true });
    const { count } = meshComponents(surface);
    expect(count).toBe(16 * 2 * 2);
    expect(surface.positions.length / 3 - surface.triangles.length / 6).toBe(2 * count);
  });
  it('closes a full volume with a flat cap half a voxel beyond the outer centres', () => {
    const surface = isosurface(new Uint8Array(64 * 3 * 4).fill(9), [64, 3, 4], 5, { closeBorders: true });
    const box = pointBounds([surface.positions]);
    expect(box).toEqual({ min: [-0.5, -0.5, -0.5], max: [63.5, 2.5, 3.5] });
    // corners and edges are bevelled: a little less than 64 · 3 · 4
    expect(Math.abs(meshVolume(surface) / (64 * 3 * 4) - 1)).toBeLessThan(0.08);
    const interpolated = isosurface(new Uint8Array(8).fill(100), [2, 2, 2], 75, { closeBorders: true, outside: 0 });
    expect(pointBounds([interpolated.positions]).max[0] - 1).toBeCloseTo(0.255, 5);
  });
  it('takes whole-number data at a whole level halfway to the last value outside', () => {
    const data = new Int16Array([0, 0, 200, 200, 0, 0, 200, 200]);
    const box = pointBounds([isosurface(data, [4, 2, 1], 200, { closeBorders: true }).positions]);
    expect(box.min[0]).toBeCloseTo(1 + 199.5 / 200, 6);
  });
  it('treats not-a-number as outside and gives finite vertices beside it', () => {
    const data = ball([12, 12, 12], 4);
    data.fill(Number.NaN, 0, 900);
    data.fill(Number.POSITIVE_INFINITY, 1000, 1004);
    const surface = isosurface(data, [12, 12, 12], 0, { closeBorders: true });
    expect(surface.positions.every(Number.isFinite)).toBe(true);
    expect(edgeReport(surface)).toEqual(CLOSED);
  });
  it('is empty for an empty volume and refuses one that does not fit', () => {
    expect(isosurface(new Int16Array(8), [2, 2, 2], 100, { closeBorders: true }).triangles.length).toBe(0);
    expect(() => isosurface(new Int16Array(7), [2, 2, 2], 100)).toThrow(/8 voxels/);
  });
});
