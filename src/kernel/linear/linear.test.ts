import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import type { Mat3, Vec3 } from './index.ts';
import {
  alignUmeyama1991,
  angleDeg,
  columnOfMat3,
  composeMat4,
  determinantMat3,
  distance3,
  dot3,
  fitLine,
  fitPlane,
  inverseMat3,
  inverseMat4,
  mat3FromAxisAngle,
  mat3ToQuaternion,
  multiplyMat3,
  multiplyMat3Vec3,
  nearestRotation,
  norm3,
  quaternionFromAxisAngle,
  quaternionToMat3,
  ransacPlane,
  rotateByQuaternion,
  signedAngleRad,
  slerp,
  sub3,
  svd3,
  symmetricEigen3,
  transformPoint,
  transposeMat3,
  wrapDeg,
} from './index.ts';

const number = fc.double({ min: -100, max: 100, noNaN: true });
const vec = fc.tuple(number, number, number) as fc.Arbitrary<Vec3>;
const mat = fc.array(number, { minLength: 9, maxLength: 9 }).map((a) => a as unknown as Mat3);
const rotation = fc
  .tuple(vec, fc.double({ min: -3.1, max: 3.1, noNaN: true }))
  .filter(([axis]) => norm3(axis) > 1e-3)
  .map(([axis, rad]) => quaternionToMat3(quaternionFromAxisAngle(axis, rad)));

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(tolerance);
}

describe('angles', () => {
  it('are finite for parallel and opposite vectors of any length', () => {
    fc.assert(
      fc.property(
        vec.filter((v) => norm3(v) > 1e-6),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (v, f) => {
          expect(angleDeg(v, [v[0] * f, v[1] * f, v[2] * f])).toBeCloseTo(0, 5);
          expect(angleDeg(v, [-v[0] * f, -v[1] * f, -v[2] * f])).toBeCloseTo(180, 5);
        },
      ),
    );
  });
  it('keep nine digits where acos would lose them', () => {
    const tiny = 1e-9;
    expect(angleDeg([1, 0, 0], [Math.cos(tiny), Math.sin(tiny), 0]) / ((tiny * 180) / Math.PI)).toBeCloseTo(1, 7);
  });
  it('have the sign of the right-hand rule and ignore the part along the axis', () => {
    expect(signedAngleRad([1, 0, 7], [0, 2, -3], [0, 0, 5])).toBeCloseTo(Math.PI / 2, 14);
    expect(signedAngleRad([1, 0, 7], [0, 2, -3], [0, 0, -5])).toBeCloseTo(-Math.PI / 2, 14);
    expect(wrapDeg(-180)).toBe(180);
    expect(wrapDeg(720 + 13)).toBe(13);
  });
});

describe('matrices', () => {
  it('times their inverse give the identity', () => {
    fc.assert(
      fc.property(
        mat.filter((m) => Math.abs(determinantMat3(m)) > 1),
        (m) => {
          expectClose(multiplyMat3(m, inverseMat3(m)), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-6);
        },
      ),
    );
  });
  it('refuse to invert the singular', () => {
    expect(() => inverseMat3([1, 2, 3, 2, 4, 6, 0, 0, 1])).toThrow(/invertible/);
  });
  it('as affine maps go there and back', () => {
    fc.assert(
      fc.property(rotation, vec, vec, (r, t, p) => {
        const m = composeMat4(r, t);
        expectClose(transformPoint(inverseMat4(m), transformPoint(m, p)), p, 1e-9);
      }),
    );
  });
});

describe('symmetricEigen3', () => {
  it('finds A v = λ v with an orthonormal right-handed set, largest first', () => {
    fc.assert(
      fc.property(mat, (b) => {
        const a = multiplyMat3(transposeMat3(b), b);
        const { values, vectors } = symmetricEigen3(a);
        const size = Math.max(1, values[0]);
        expect(values[0]).toBeGreaterThanOrEqual(values[1]);
        expect(values[1]).toBeGreaterThanOrEqual(values[2]);
        for (let k = 0; k < 3; k++) {
          const v = vectors[k];
          expectClose(multiplyMat3Vec3(a, v), [v[0] * values[k], v[1] * values[k], v[2] * values[k]], 1e-11 * size);
          for (let j = 0; j < 3; j++) expect(Math.abs(dot3(v, vectors[j]) - (j === k ? 1 : 0))).toBeLessThan(1e-12);
        }
        expect(determinantMat3([...vectors[0], ...vectors[1], ...vectors[2]] as unknown as Mat3)).toBeCloseTo(1, 10);
      }),
    );
  });
});

describe('svd3', () => {
  it('multiplies back to the matrix, also when it is singular', () => {
    fc.assert(
      fc.property(mat, fc.integer({ min: 0, max: 3 }), (full, rank) => {
        const m = full.map((v, i) => (i < 3 * rank ? v : 0)) as unknown as Mat3;
        const { u, s, v } = svd3(m);
        const us = u.map((x, i) => x * s[i % 3]) as unknown as Mat3;
        expectClose(multiplyMat3(us, transposeMat3(v)), m, 1e-11 * Math.max(1, s[0]));
        expectClose(multiplyMat3(transposeMat3(u), u), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-7);
        expectClose(multiplyMat3(transposeMat3(v), v), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-12);
        expect(s[0] >= s[1] && s[1] >= s[2] && s[2] >= 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('gives back a rotation that was scaled and disturbed', () => {
    fc.assert(
      fc.property(rotation, (r) => {
        expectClose(nearestRotation(r.map((v) => v * 7) as unknown as Mat3), r, 1e-12);
      }),
    );
  });
});

describe('fits', () => {
  const plane = (seed: number, outliers: number, noise: number) => {
    const rng = createRandom(seed);
    const points: number[] = [];
    for (let i = 0; i < 200; i++) points.push(rng.normal(0, 10), rng.normal(0, 10), 3 + rng.normal(0, noise));
    for (let i = 0; i < outliers; i++) points.push(rng.normal(0, 10), rng.normal(0, 10), 8 + 20 * rng.uniform());
    return points;
  };
  it('finds a plane under any rigid motion with its noise as rms', () => {
    fc.assert(
      fc.property(rotation, vec, (r, t) => {
        const flat = plane(1, 0, 0.1);
        const moved: number[] = [];
        for (let i = 0; i < flat.length; i += 3)
          moved.push(...transformPoint(composeMat4(r, t), [flat[i], flat[i + 1], flat[i + 2]]));
        const here = fitPlane(flat);
        const there = fitPlane(moved);
        expect(there.rms).toBeCloseTo(here.rms, 8);
        expect(Math.abs(dot3(there.normal, multiplyMat3Vec3(r, here.normal)))).toBeCloseTo(1, 10);
      }),
      { numRuns: 30 },
    );
    expect(fitPlane(plane(1, 0, 0.1)).rms).toBeGreaterThan(0.08);
    expect(fitPlane(plane(1, 0, 0.1)).rms).toBeLessThan(0.12);
  });
  it('ignores a third of outliers by random sampling, and the same way each time', () => {
    const points = plane(3, 100, 0.05);
    const fit = ransacPlane(points, 0.3, 200, createRandom(5));
    expect(angleDeg(fit.normal, [0, 0, 1])).toBeLessThan(0.1);
    expect(fit.inliers.length).toBeGreaterThanOrEqual(198);
    expect(ransacPlane(points, 0.3, 200, createRandom(5))).toEqual(fit);
    expect(angleDeg(fitPlane(points, { inlierTolerance: 4 }).normal, [0, 0, 1])).toBeLessThan(
      angleDeg(fitPlane(points).normal, [0, 0, 1]),
    );
  });
  it('finds a line and its spread', () => {
    const fit = fitLine([0, 1, 0, 0, -1, 0, 9, 1, 0, 9, -1, 0]);
    expectClose(fit.direction, [1, 0, 0], 1e-12);
    expect(fit.rms).toBeCloseTo(1, 12);
  });
  it('aligns points by the motion that moved them', () => {
    fc.assert(
      fc.property(rotation, vec, (r, t) => {
        const rng = createRandom(9);
        const a = Array.from({ length: 30 }, () => rng.normal(0, 20));
        const m = composeMat4(r, t);
        const b: number[] = [];
        for (let i = 0; i < a.length; i += 3) b.push(...transformPoint(m, [a[i], a[i + 1], a[i + 2]]));
        const fit = alignUmeyama1991(a, b);
        expect(fit.rms).toBeLessThan(1e-10);
        expectClose(fit.sourceToTarget, m, 1e-9);
      }),
    );
  });
});

describe('quaternions', () => {
  it('turn vectors like their matrix and come back from it', () => {
    fc.assert(
      fc.property(rotation, vec, (r, v) => {
        const q = mat3ToQuaternion(r);
        expectClose(rotateByQuaternion(q, v), multiplyMat3Vec3(r, v), 1e-10);
        expectClose(columnOfMat3(quaternionToMat3(q), 1), columnOfMat3(r, 1), 1e-12);
      }),
    );
  });
  it('an axis and an angle give the same turn as a matrix and as a quaternion, whatever the length of the axis', () => {
    fc.assert(
      fc.property(
        vec.filter((axis) => norm3(axis) > 1e-3),
        fc.double({ min: -3.1, max: 3.1, noNaN: true }),
        (axis, rad) => {
          expectClose(mat3FromAxisAngle(axis, rad), quaternionToMat3(quaternionFromAxisAngle(axis, rad)), 1e-14);
        },
      ),
    );
  });
  it('slerp runs at constant speed along the shorter arc', () => {
    const a = quaternionFromAxisAngle([0, 0, 1], 0);
    const b = quaternionFromAxisAngle([0, 0, 1], 1.2).map((x) => -x) as unknown as [number, number, number, number];
    const quarter = rotateByQuaternion(slerp(a, b, 0.25), [1, 0, 0]);
    expect(distance3(quarter, [Math.cos(0.3), Math.sin(0.3), 0])).toBeLessThan(1e-12);
    expect(norm3(sub3(quarter, [1, 0, 0]))).toBeGreaterThan(0.2);
  });
});
