import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../linear/index.ts';
import { createRandom } from '../../stats/index.ts';
import { isosurface } from '../extract/isosurface.ts';
import type { Surface } from '../surface.ts';
import { flipTriangles, meshArea, meshVolume, selectTriangles, transformPositions, vertexNormals } from '../surface.ts';
import { makeManifold, separateSharedEdges } from './manifold.ts';
import { edgeReport, keepLargestMeshComponent, meshComponents } from './topology.ts';
import { buildTriangleTree } from './triangle-tree.ts';
import { weldTriangles } from './weld.ts';

/** Unit cube, twelve triangles. */
const CUBE: Surface = {
  positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1]),
  triangles: new Uint32Array([
    0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5,
  ]),
};

/** corners of all triangles, one after the other */
const cornersOf = ({ positions, triangles }: Surface): Float32Array =>
  Float32Array.from([...triangles].flatMap((v) => [...positions.subarray(3 * v, 3 * v + 3)]));

const weldIndexed = (surface: Surface): Surface => weldTriangles(cornersOf(surface));

function noiseSurface(seed: number): Surface {
  const rng = createRandom(seed);
  const data = Int16Array.from({ length: 9 * 8 * 7 }, () => rng.int(0, 100));
  return isosurface(data, [9, 8, 7], 70, { closeBorders: true });
}

describe('surface measures', () => {
  it('know the cube', () => {
    expect(meshVolume(CUBE)).toBeCloseTo(1, 6);
    expect(meshArea(CUBE)).toBeCloseTo(6, 6);
    expect(meshVolume({ positions: CUBE.positions, triangles: flipTriangles(CUBE.triangles) })).toBeCloseTo(-1, 6);
    const normals = vertexNormals(CUBE);
    for (let v = 0; v < 8; v++) {
      for (let d = 0; d < 3; d++) expect(normals[3 * v + d] * (2 * CUBE.positions[3 * v + d] - 1)).toBeGreaterThan(0.2);
    }
  });
  it('scale with the map: volume by its determinant, also far from the origin', () => {
    const m = [2, 0.5, 0, 4000, 0, 3, 0.25, -3000, 0, 0, 4, 2000, 0, 0, 0, 1];
    const moved = { positions: transformPositions(CUBE.positions, m), triangles: CUBE.triangles };
    expect(meshVolume(moved)).toBeCloseTo(24, 2);
  });
});

describe('edgeReport', () => {
  it('finds a hole, a flipped triangle, an edge of three triangles and a triangle without area', () => {
    const with_ = (triangles: number[]) =>
      edgeReport({ positions: CUBE.positions, triangles: new Uint32Array(triangles) });
    const all = [...CUBE.triangles];
    expect(edgeReport(CUBE).closed).toBe(true);
    expect(with_(all.slice(3))).toMatchObject({ closed: false, boundaryEdges: 3, nonManifoldEdges: 0 });
    expect(with_([1, 2, 0, ...all.slice(3)])).toMatchObject({ closed: false, flippedEdges: 3, boundaryEdges: 0 });
    expect(with_([...all, 0, 2, 7])).toMatchObject({ closed: false, nonManifoldEdges: 1, boundaryEdges: 2 });
    expect(with_([0, 0, 1]).degenerate).toBe(1);
    expect(
      edgeReport({ positions: new Float32Array([0, 0, 0, 1, 1, 1, 2, 2, 2]), triangles: new Uint32Array([0, 1, 2]) })
        .degenerate,
    ).toBe(1);
  });
});

describe('components and welding', () => {
  it('keep the piece with the larger area even when it has fewer triangles', () => {
    const small = noiseSurface(2);
    const offset = CUBE.positions.length / 3;
    const both: Surface = {
      positions: Float32Array.from([...CUBE.positions.map((v) => 100 * v), ...small.positions]),
      triangles: Uint32Array.from([...CUBE.triangles, ...small.triangles.map((v) => v + offset)]),
    };
    expect(meshComponents(both).count).toBe(1 + meshComponents(small).count);
    const kept = keepLargestMeshComponent(both);
    expect(kept.triangles).toEqual(CUBE.triangles);
    expect(meshVolume(kept)).toBeCloseTo(1e6, 0);
  });
  it('weld a triangle soup back to a closed surface', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), (seed) => {
        const surface = noiseSurface(seed);
        const soup = cornersOf(surface);
        const apart = { positions: soup, triangles: surface.triangles.map((_, i) => i) };
        expect(edgeReport(apart).boundaryEdges).toBe(surface.triangles.length);
        const welded = weldTriangles(soup);
        expect(edgeReport(welded).closed).toBe(true);
        expect(welded.positions.length).toBe(surface.positions.length);
        expect(meshVolume(welded)).toBeCloseTo(meshVolume(surface), 4);
      }),
      { numRuns: 10 },
    );
  });
  it('weld corners that are equal to the bit, and fall away when they have no area', () => {
    const soup = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, -0, 1, 1, 0, 1, 1, 0, 0, 0, 0);
    const { positions, triangles } = weldTriangles(soup);
    expect(positions.length).toBe(12);
    expect(Array.from(triangles)).toEqual([0, 1, 2, 1, 3, 2]);
  });
});

describe('makeManifold', () => {
  const two = (offset: Vec3): Surface =>
    weldIndexed({
      positions: Float32Array.from([...CUBE.positions, ...CUBE.positions.map((v, i) => v + offset[i % 3])]),
      triangles: Uint32Array.from([...CUBE.triangles, ...CUBE.triangles.map((v) => v + 8)]),
    });
  it('takes two cubes apart that share an edge, or only a corner', () => {
    const edge = two([1, 1, 0]);
    expect(edgeReport(edge).nonManifoldEdges).toBe(1);
    const apart = makeManifold(edge);
    expect(edgeReport(apart).closed).toBe(true);
    expect(meshComponents(apart).count).toBe(2);
    expect(meshVolume(apart)).toBeCloseTo(2, 6);
    const corner = makeManifold(two([1, 1, 1]));
    expect(meshComponents(corner).count).toBe(2);
    expect(corner.positions.length / 3).toBe(16);
  });
  it('gives a ring that touches itself along an edge a seam there', () => {
    // cells of a 3 × 3 × 1 block without the middle and one corner's neighbour: (0,0) and (1,1) stay joined by a ring
    const cells = [
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [1, -1],
      [0, -1],
      [2, -1],
    ];
    const positions = cells.flatMap(([x, y]) => [...CUBE.positions].map((v, i) => v + [x, y, 0][i % 3]));
    const soup = {
      positions: Float32Array.from(positions),
      triangles: Uint32Array.from(cells.flatMap((_, c) => [...CUBE.triangles].map((v) => v + 8 * c))),
    };
    const welded = weldIndexed(soup);
    // drop the walls between neighbouring cubes: pairs of triangles on the same three vertices
    const key = (t: number) => [...welded.triangles.subarray(3 * t, 3 * t + 3)].sort((a, b) => a - b).join(' ');
    const seen = new Map<string, number>();
    for (let t = 0; 3 * t < welded.triangles.length; t++) seen.set(key(t), (seen.get(key(t)) ?? 0) + 1);
    const ring = selectTriangles(welded, (t) => seen.get(key(t)) === 1);
    expect(edgeReport(ring).nonManifoldEdges).toBeGreaterThan(0);
    for (const repaired of [makeManifold(ring), separateSharedEdges(ring)]) {
      expect(edgeReport(repaired)).toMatchObject({ closed: true, degenerate: 0 });
      expect(meshVolume(repaired)).toBeCloseTo(7, 5);
    }
  });
  it('leaves no edge with more than two triangles, whatever it is given', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 4, max: 12 }), fc.integer({ min: 1, max: 40 }), (seed, n, count) => {
        const rng = createRandom(seed);
        const positions = Float32Array.from({ length: 3 * n }, () => rng.uniform());
        const pick = () => {
          const a = rng.int(0, n - 1);
          const b = (a + rng.int(1, n - 2)) % n;
          const rest = Array.from({ length: n }, (_, v) => v).filter((v) => v !== a && v !== b);
          return [a, b, rest[rng.int(0, rest.length - 1)]];
        };
        const soup = { positions, triangles: Uint32Array.from(Array.from({ length: count }, pick).flat()) };
        for (const out of [makeManifold(soup), separateSharedEdges(soup)]) {
          expect(edgeReport(out).nonManifoldEdges).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
  });
  it('returns a sound surface as it is', () => {
    expect(makeManifold(CUBE)).toBe(CUBE);
    expect(separateSharedEdges(CUBE)).toBe(CUBE);
    const noise = noiseSurface(3);
    expect(makeManifold(noise)).toBe(noise);
  });
});

describe('buildTriangleTree', () => {
  const coordinate = fc.double({ min: -3, max: 12, noNaN: true });
  const points = fc.tuple(coordinate, coordinate, coordinate) as fc.Arbitrary<Vec3>;
  const surface = noiseSurface(7);
  const tree = buildTriangleTree(surface);
  const single = Array.from({ length: surface.triangles.length / 3 }, (_, t) =>
    buildTriangleTree({ positions: surface.positions, triangles: surface.triangles.subarray(3 * t, 3 * t + 3) }),
  );
  it('finds the same nearest point as asking every triangle', () => {
    fc.assert(
      fc.property(points, (p) => {
        const best = Math.min(...single.map((one) => one.closestPoint(p)?.distance ?? Infinity));
        const found = tree.closestPoint(p);
        expect(found?.distance).toBeCloseTo(best, 9);
        expect(Math.hypot(...(found?.point ?? [0, 0, 0]).map((v, d) => v - p[d]))).toBeCloseTo(best, 9);
        expect(tree.closestPoint(p, best * 0.99)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
  it('knows the nearest point in each region of a triangle', () => {
    const one = buildTriangleTree({
      positions: new Float32Array([0, 0, 0, 4, 0, 0, 0, 4, 0]),
      triangles: new Uint32Array([0, 1, 2]),
    });
    const cases: [Vec3, Vec3][] = [
      [
        [1, 1, 5],
        [1, 1, 0],
      ],
      [
        [-2, -3, 0],
        [0, 0, 0],
      ],
      [
        [9, -1, 0],
        [4, 0, 0],
      ],
      [
        [-1, 9, 0],
        [0, 4, 0],
      ],
      [
        [2, -7, 1],
        [2, 0, 0],
      ],
      [
        [-7, 2, 1],
        [0, 2, 0],
      ],
      [
        [4, 4, 0],
        [2, 2, 0],
      ],
    ];
    for (const [p, q] of cases) expect(one.closestPoint(p)?.point).toEqual(q);
  });
  it('finds the first triangle along a ray, its side and its distance', () => {
    fc.assert(
      fc.property(
        points,
        points.filter((d) => Math.hypot(...d) > 1e-3),
        (o, d) => {
          const hits = single.map((one) => one.raycast(o, d)?.distance ?? Infinity);
          const best = Math.min(...hits);
          const found = tree.raycast(o, d);
          if (best === Infinity) expect(found).toBeUndefined();
          else expect((found?.distance ?? 0) / best).toBeCloseTo(1, 12);
          if (found) expect(tree.raycast(o, d, found.distance * 0.999)).toBeUndefined();
        },
      ),
      { numRuns: 50 },
    );
    const cube = buildTriangleTree(CUBE);
    expect(cube.raycast([0.3, 0.4, -2], [0, 0, 1])).toMatchObject({ distance: 2, front: true });
    expect(cube.raycast([0.3, 0.4, 0.5], [0, 0, 1])).toMatchObject({ distance: 0.5, front: false });
    expect(cube.raycast([0.3, 0.4, 2], [0, 0, 1])).toBeUndefined();
  });
  it('answers for an empty surface', () => {
    const empty = buildTriangleTree({ positions: new Float32Array(0), triangles: new Uint32Array(0) });
    expect(empty.closestPoint([0, 0, 0])).toBeUndefined();
    expect(empty.raycast([0, 0, 0], [1, 0, 0])).toBeUndefined();
  });
});
