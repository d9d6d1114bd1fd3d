import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMat4, IDENTITY_MAT4, inverseMat4, quaternionFromAxisAngle, quaternionToMat3 } from '../linear/index.ts';
import { transformPositions } from '../mesh/index.ts';
import { createRandom } from '../stats/index.ts';
import {
  alignIcp1992,
  buildKdTree,
  cloudResolution,
  compareVoxelSets,
  convexHullVolume,
  estimateCloudFlow,
  issKeypoints,
  occupiedVoxels,
  shapeContext,
  thinByVoxels,
  voxelCentre,
  voxelGridAround,
  voxelOfPoints,
} from './index.ts';

function cloud(n: number, seed: number): Float32Array {
  const rng = createRandom(seed);
  return Float32Array.from({ length: 3 * n }, () => rng.normal(0, 100));
}

/** Squared distances from a place to all points, ascending. */
function sortedSquares(points: Float32Array, x: number, y: number, z: number): number[] {
  const all: number[] = [];
  for (let i = 0; i < points.length; i += 3)
    all.push((points[i] - x) ** 2 + (points[i + 1] - y) ** 2 + (points[i + 2] - z) ** 2);
  return all.sort((a, b) => a - b);
}

describe('kd-tree', () => {
  it.each([1, 2, 7, 8, 9, 64, 1000])('finds what a search through all %s points finds', (n) => {
    const points = cloud(n, n);
    const queries = cloud(60, 99);
    const tree = buildKdTree(points);
    const one = tree.nearest(queries);
    const five = tree.nearestK(queries, 5);
    const out = new Int32Array(n);
    for (let q = 0; q < 60; q++) {
      const [x, y, z] = queries.subarray(3 * q, 3 * q + 3);
      const all = sortedSquares(points, x, y, z);
      expect(one.squared[q]).toBe(all[0]);
      const i = 3 * one.indices[q];
      expect((points[i] - x) ** 2 + (points[i + 1] - y) ** 2 + (points[i + 2] - z) ** 2).toBe(all[0]);
      for (let k = 0; k < 5; k++) expect(five.squared[5 * q + k]).toBe(all[k] ?? Infinity);
      if (n < 5) expect(five.indices[5 * q + 4]).toBe(-1);
      expect(tree.within(x, y, z, 80, out)).toBe(all.filter((d) => d <= 6400).length);
    }
  });

  it('copes with points on one spot, with missing points and with none', () => {
    const same = new Float32Array(300).fill(4);
    expect(buildKdTree(same).nearest([4, 4, 5]).squared[0]).toBe(1);
    expect(buildKdTree(same).within(4, 4, 4, 0, new Int32Array(100))).toBe(100);
    const holes = Float32Array.of(Number.NaN, 0, 0, 7, 0, 0);
    expect(buildKdTree(holes).nearest([0, 0, 0]).indices[0]).toBe(1);
    expect(buildKdTree([]).nearest([0, 0, 0]).indices[0]).toBe(-1);
    expect(buildKdTree(holes).nearest([Number.NaN, 0, 0]).indices[0]).toBe(-1);
    expect(() => buildKdTree([1, 2])).toThrow(/multiple of three/);
  });

  it('gives the same distances when all is moved', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (n, seed) => {
        const points = Float64Array.from(cloud(n, seed), Math.round);
        const queries = Float64Array.from(cloud(10, seed + 1), Math.round);
        const moved = buildKdTree(points.map((v) => v + 1000)).nearest(queries.map((v) => v + 1000));
        expect(moved.squared).toEqual(buildKdTree(points).nearest(queries).squared);
      }),
      { numRuns: 30 },
    );
  });
});

describe('voxels', () => {
  it('are found as a map of strings finds them', () => {
    const points = cloud(3000, 5);
    const grid = voxelGridAround([points], 20);
    const strings = new Set<string>();
    for (let i = 0; i < points.length; i += 3)
      strings.add([0, 1, 2].map((d) => Math.floor((points[i + d] - grid.origin[d]) / 20)).join(' '));
    const found = occupiedVoxels(points, grid);
    expect(found.length).toBe(strings.size);
    expect([...found]).toEqual([...found].sort((a, b) => a - b));
    for (const key of found) expect(voxelOfPoints(voxelCentre(grid, key), grid)[0]).toBe(key);
  });
  it('compare as sets', () => {
    const [a, b] = [Uint32Array.of(1, 3, 4, 9), Uint32Array.of(3, 4, 10)];
    expect(compareVoxelSets(a, b)).toEqual({ changed: Uint32Array.of(1, 9, 10), union: 5 });
    expect(compareVoxelSets(a, a)).toEqual({ changed: new Uint32Array(0), union: 4 });
  });
  it('thin a cloud to one point a cube', () => {
    const points = cloud(2000, 6);
    const kept = thinByVoxels(points, 50);
    expect(kept.length).toBe(occupiedVoxels(points, voxelGridAround([points], 50)).length);
  });
  it('refuse an empty cloud', () => {
    expect(() => voxelGridAround([[]], 10)).toThrow(/at least one point/);
  });
});

describe('key points and shape contexts', () => {
  /** Surface of a box, on a grid. */
  function box(): Float32Array {
    const out: number[] = [];
    for (let i = 0; i <= 20; i++)
      for (let j = 0; j <= 20; j++)
        for (const s of [0, 1]) out.push(5 * i, 5 * j, 100 * s, 5 * i, 100 * s, 5 * j, 100 * s, 5 * i, 5 * j);
    return Float32Array.from(out);
  }

  it('are the corners of a box and some of its edges, never a place inside a face', () => {
    const points = box();
    const found = issKeypoints(points, { salientRadius: 22, suppressRadius: 20 });
    for (let corner = 0; corner < 8; corner++) {
      const at = [0, 1, 2].map((d) => 100 * ((corner >> d) & 1));
      const nearest = Math.min(...[...found].map((p) => Math.hypot(...at.map((v, d) => v - points[3 * p + d]))));
      expect(nearest).toBeLessThanOrEqual(10);
    }
    for (const p of found) {
      const away = [0, 1, 2].map((d) => Math.min(points[3 * p + d], 100 - points[3 * p + d])).sort((a, b) => a - b);
      expect(away[1]).toBeLessThanOrEqual(10);
    }
  });
  it('have the resolution of the cloud as their scale', () => {
    expect(cloudResolution([0, 0, 0, 5, 0, 0, 10, 0, 0, 15, 0, 0])).toBe(5);
    expect(cloudResolution([1, 2, 3])).toBe(0);
  });
  it('put each direction into its own cell and sum to one', () => {
    const options = { minRadius: 1, maxRadius: 100, bins: [4, 2, 2] as const };
    const at = (x: number, y: number, z: number) => shapeContext([x, y, z], [0, 0, 0], options).indexOf(1);
    const cells = [at(5, 1, 1), at(-5, 1, 1), at(-1, -5, 1), at(1, -5, 1), at(5, 1, -1), at(50, 1, 1)];
    expect(new Set(cells).size).toBe(6);
    expect(at(200, 0, 0)).toBe(-1);
    const points = cloud(500, 8);
    const context = shapeContext(points, [0, 0, 0], { minRadius: 5, maxRadius: 1000 });
    expect(context.length).toBe(1980);
    expect(context.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 5);
  });
  it('turn with the body when forward turns', () => {
    const points = cloud(800, 9);
    const turned = points.slice();
    for (let i = 0; i < turned.length; i += 3) {
      turned[i] = -points[i + 1];
      turned[i + 1] = points[i];
    }
    const options = { minRadius: 5, maxRadius: 400 };
    const a = shapeContext(points, [0, 0, 0], options);
    const b = shapeContext(turned, [0, 0, 0], { ...options, forward: [0, 1, 0] });
    let apart = 0;
    for (let i = 0; i < a.length; i++) apart += Math.abs(a[i] - b[i]);
    expect(apart).toBeLessThan(0.02);
  });
});

describe('iterated closest points', () => {
  it('find a known rigid motion again, outliers or not', () => {
    const source = cloud(600, 3);
    const motion = composeMat4(quaternionToMat3(quaternionFromAxisAngle([0.2, 1, 0.1], 0.15)), [12, -8, 5]);
    const target = transformPositions(source, motion);
    for (let i = 0; i < 90; i++) target[3 * i] += 150;
    const found = alignIcp1992(source, target, { keep: 0.6, iterations: 60 });
    expect(found.converged).toBe(true);
    const back = transformPositions(transformPositions(source, motion), inverseMat4(found.sourceToTarget));
    for (let i = 0; i < source.length; i++) expect(Math.abs(back[i] - source[i])).toBeLessThan(0.05);
  });
  it('leave equal clouds where they are', () => {
    const source = cloud(50, 4);
    for (const [i, v] of alignIcp1992(source, source).sourceToTarget.entries())
      expect(v).toBeCloseTo(IDENTITY_MAT4[i], 6);
  });
});

describe('flow', () => {
  /** A trunk with a flat arm that hangs out at an angle from its shoulder. Sampled anew with each seed. */
  function body(angle: number, seed: number, samples = 2400): Float32Array {
    const rng = createRandom(seed);
    const points = new Float32Array(3 * samples);
    const [s, c] = [Math.sin(angle), Math.cos(angle)];
    for (let i = 0; i < samples; i++) {
      const [u, v, side] = [rng.uniform(), rng.uniform(), rng.uniform() < 0.5 ? -1 : 1];
      if (i % 3 < 2) points.set([400 * u - 200, 600 * v, 80 * side + 0.2 * (400 * u - 200)], 3 * i);
      else {
        const [along, across] = [500 * u, 80 * v - 40];
        points.set([220 + along * s + across * c, 550 - along * c + across * s, 25 * side], 3 * i);
      }
    }
    return points;
  }

  it('follows a swinging arm that was sampled anew, where nearest neighbours lose most of it', () => {
    const from = body(0.3, 1);
    const to = body(1.1, 2);
    const truth = body(1.1, 1);
    const { moved } = estimateCloudFlow(from, to);
    const { squared } = buildKdTree(to).nearest(from);
    let [exact, found, nearest, error] = [0, 0, 0, 0];
    for (let i = 0; i < squared.length; i++) {
      const apart = (a: Float32Array, b: Float32Array) =>
        Math.hypot(a[3 * i] - b[3 * i], a[3 * i + 1] - b[3 * i + 1], a[3 * i + 2] - b[3 * i + 2]);
      exact += apart(from, truth);
      found += apart(from, moved);
      error += apart(moved, truth);
      nearest += Math.sqrt(squared[i]);
    }
    expect(nearest / exact).toBeLessThan(0.75);
    // two thirds of the points stand still and seem to move by part of the spacing of the samples
    expect(found / exact).toBeGreaterThan(0.9);
    expect(found / exact).toBeLessThan(1.1);
    expect(error / exact).toBeLessThan(0.3);
  });

  it('is the rigid motion for a rigid motion', () => {
    const points = body(0.5, 3);
    const motion = composeMat4(quaternionToMat3(quaternionFromAxisAngle([0, 1, 0], 0.4)), [200, 0, -100]);
    const target = transformPositions(points, motion);
    const { rigid, residual } = estimateCloudFlow(points, target);
    for (let i = 0; i < 12; i++) expect(Math.abs(rigid[i] - motion[i])).toBeLessThan(i % 4 === 3 ? 8 : 0.02);
    expect(residual).toBeLessThan(25);
  });
});

describe('convex hull', () => {
  it('has the volume of a box whatever lies inside', () => {
    const rng = createRandom(2);
    const points = Array.from({ length: 120 }, () => rng.uniform());
    for (const x of [0, 2]) for (const y of [0, 3]) for (const z of [0, 4]) points.push(x, y, z);
    expect(convexHullVolume(points)).toBeCloseTo(24, 9);
    expect(convexHullVolume([...points, Number.NaN, 0, 0])).toBeCloseTo(24, 9);
  });
  it('is 0 for a plane and for fewer than four points', () => {
    expect(convexHullVolume([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0])).toBe(0);
    expect(convexHullVolume([0, 0, 0])).toBe(0);
    expect(convexHullVolume([])).toBe(0);
  });
});
