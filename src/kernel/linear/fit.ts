/**
 * Planes, lines and rigid motions fitted to points: least squares by the eigenvectors of the scatter matrix
 * (O(n)), a robust plane by random triples (Fischler & Bolles 1981, O(trials · n)) and refit on its inliers,
 * rigid alignment by Umeyama 1991.
 */
import { ArgumentError, expectArgument } from '../argument-error.ts';
import { nearestRotation, symmetricEigen3 } from './decompose.ts';
import type { Mat3 } from './mat3.ts';
import { multiplyMat3Vec3 } from './mat3.ts';
import type { Mat4 } from './mat4.ts';
import { composeMat4 } from './mat4.ts';
import type { Vec3 } from './vec3.ts';
import { cross3, dot3, norm3, pointAt, sub3, unit3 } from './vec3.ts';

/** A plane through `centroid` with unit `normal`, and how well the points lie on it. */
export interface PlaneFit {
  readonly centroid: Vec3;
  /** unit normal; its sign is arbitrary: the largest component is positive */
  readonly normal: Vec3;
  /** root mean square distance of the used points · unit of the points */
  readonly rms: number;
  /** indices of the points that were used */
  readonly inliers: Uint32Array;
}

/** A line through `centroid` along unit `direction`. */
export interface LineFit {
  readonly centroid: Vec3;
  readonly direction: Vec3;
  /** root mean square distance of the points from the line · unit of the points */
  readonly rms: number;
}

/** Mean and scatter matrix (mean outer product about the mean) of points. */
export interface Scatter3 {
  readonly centroid: Vec3;
  readonly covariance: Mat3;
}

/**
 * Mean and covariance of points; the covariance divides by the weight sum (population form).
 *
 * @param points - flat xyz · shape [3N]
 * @param use - indices to use (all when absent)
 * @param weights - one per point, not negative (1 when absent)
 * @throws ArgumentError when no point or no weight is left
 * @example scatter3([0, 0, 0, 2, 0, 0]).covariance[0] // 1
 */
export function scatter3(points: ArrayLike<number>, use?: ArrayLike<number>, weights?: ArrayLike<number>): Scatter3 {
  const n = use ? use.length : points.length / 3;
  let total = 0;
  const c = [0, 0, 0];
  const each = (visit: (i: number, w: number) => void) => {
    for (let k = 0; k < n; k++) {
      const i = use ? use[k] : k;
      visit(i, weights ? weights[i] : 1);
    }
  };
  each((i, w) => {
    total += w;
    for (let d = 0; d < 3; d++) c[d] += w * points[3 * i + d];
  });
  if (!(total > 0)) throw new ArgumentError('points', n, 'at least one point of positive weight');
  for (let d = 0; d < 3; d++) c[d] /= total;
  const s = [0, 0, 0, 0, 0, 0];
  each((i, w) => {
    const x = points[3 * i] - c[0];
    const y = points[3 * i + 1] - c[1];
    const z = points[3 * i + 2] - c[2];
    s[0] += w * x * x;
    s[1] += w * x * y;
    s[2] += w * x * z;
    s[3] += w * y * y;
    s[4] += w * y * z;
    s[5] += w * z * z;
  });
  const [a, b, d, e, f, g] = s.map((v) => v / total);
  return { centroid: [c[0], c[1], c[2]], covariance: [a, b, d, b, e, f, d, f, g] };
}

/**
 * Plane that minimises the sum of squared distances.
 *
 * With `inlierTolerance` the fit is repeated on the points within that distance until the set stays the same
 * (at most 20 rounds): a trimmed fit that needs a fair first plane; use {@link ransacPlane} where that is in doubt.
 *
 * @param points - flat xyz · shape [3N], N ≥ 3 · any length unit
 * @param options - `weights` one per point · `inlierTolerance` in the unit of the points
 * @throws ArgumentError fewer than three points
 * @example fitPlane([0, 0, 5, 1, 0, 5, 0, 1, 5, 1, 1, 5]).normal // [0, 0, 1]
 */
export function fitPlane(
  points: ArrayLike<number>,
  options: { readonly weights?: ArrayLike<number>; readonly inlierTolerance?: number } = {},
): PlaneFit {
  expectArgument(points.length >= 9, 'points', points.length / 3, 'at least 3 points');
  let inliers: Uint32Array = Uint32Array.from({ length: Math.floor(points.length / 3) }, (_, i) => i);
  let fit = planeOf(points, inliers, options.weights);
  const tolerance = options.inlierTolerance;
  for (let round = 0; tolerance !== undefined && round < 20; round++) {
    const next = pointsNearPlane(points, fit, tolerance);
    if (next.length < 3 || sameIndices(next, inliers)) break;
    inliers = next;
    fit = planeOf(points, inliers, options.weights);
  }
  return fit;
}

function planeOf(points: ArrayLike<number>, inliers: Uint32Array, weights?: ArrayLike<number>): PlaneFit {
  const { centroid, covariance } = scatter3(points, inliers, weights);
  const { values, vectors } = symmetricEigen3(covariance);
  return { centroid, normal: positiveSide(vectors[2]), rms: Math.sqrt(Math.max(0, values[2])), inliers };
}

function positiveSide(v: Vec3): Vec3 {
  const k = [0, 1, 2].sort((i, j) => Math.abs(v[j]) - Math.abs(v[i]))[0];
  return v[k] < 0 ? [0 - v[0], 0 - v[1], 0 - v[2]] : [v[0] + 0, v[1] + 0, v[2] + 0];
}

function pointsNearPlane(
  points: ArrayLike<number>,
  plane: { centroid: Vec3; normal: Vec3 },
  tolerance: number,
): Uint32Array {
  const [nx, ny, nz] = plane.normal;
  const d = dot3(plane.normal, plane.centroid);
  const out: number[] = [];
  for (let i = 0; 3 * i + 2 < points.length; i++) {
    const distance = nx * points[3 * i] + ny * points[3 * i + 1] + nz * points[3 * i + 2] - d;
    if (Math.abs(distance) <= tolerance) out.push(i);
  }
  return Uint32Array.from(out);
}

function sameIndices(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/**
 * Plane with the most points within a tolerance, then refitted on them by least squares.
 *
 * Repeatable: everything random comes from `rng`. Ties are won by the earlier trial.
 *
 * @param points - flat xyz · shape [3N], N ≥ 3 · mm
 * @param toleranceMm - a point belongs when it is at most this far from the plane · mm
 * @param trials - number of random triples
 * @param rng - source of uniform numbers in [0, 1)
 * @throws ArgumentError fewer than three points, or all of them on one line
 */
export function ransacPlane(
  points: ArrayLike<number>,
  toleranceMm: number,
  trials: number,
  rng: { uniform(): number },
): PlaneFit {
  const n = Math.floor(points.length / 3);
  expectArgument(n >= 3, 'points', n, 'at least 3 points');
  let best: { centroid: Vec3; normal: Vec3 } | undefined;
  let bestCount = 0;
  for (let trial = 0; trial < trials; trial++) {
    const [a, b, c] = [0, 1, 2].map(() => pointAt(points, Math.min(n - 1, Math.floor(rng.uniform() * n))));
    const normal = unit3(cross3(sub3(b, a), sub3(c, a)));
    if (norm3(normal) === 0) continue;
    const count = countNearPlane(points, normal, dot3(normal, a), toleranceMm);
    if (count > bestCount) {
      bestCount = count;
      best = { centroid: a, normal };
    }
  }
  if (!best) throw new ArgumentError('points', n, 'three points that are not on one line');
  let fit = planeOf(points, pointsNearPlane(points, best, toleranceMm));
  for (let round = 0; round < 5; round++) {
    const next = pointsNearPlane(points, fit, toleranceMm);
    if (next.length < 3 || sameIndices(next, fit.inliers)) break;
    fit = planeOf(points, next);
  }
  return fit;
}

function countNearPlane(points: ArrayLike<number>, normal: Vec3, offset: number, tolerance: number): number {
  const [nx, ny, nz] = normal;
  let count = 0;
  for (let i = 0; i + 2 < points.length; i += 3) {
    const d = nx * points[i] + ny * points[i + 1] + nz * points[i + 2] - offset;
    if (d <= tolerance && d >= -tolerance) count++;
  }
  return count;
}

/**
 * Line that minimises the sum of squared distances.
 *
 * @param points - flat xyz · shape [3N], N ≥ 2
 * @throws ArgumentError fewer than two points
 * @example fitLine([0, 0, 1, 0, 0, 3, 0, 0, 8]).direction // [0, 0, 1]
 */
export function fitLine(points: ArrayLike<number>): LineFit {
  expectArgument(points.length >= 6, 'points', points.length / 3, 'at least 2 points');
  const { centroid, covariance } = scatter3(points);
  const { values, vectors } = symmetricEigen3(covariance);
  return { centroid, direction: positiveSide(vectors[0]), rms: Math.sqrt(Math.max(0, values[1] + values[2])) };
}

/** A rigid motion with what is left over after it. */
export interface RigidFit {
  /** takes `source` points to `target` points */
  readonly sourceToTarget: Mat4;
  /** root mean square of the remaining distances · unit of the points */
  readonly rms: number;
}

/**
 * Rigid motion (rotation and translation, no scale, no mirror) that best takes one point set onto another.
 *
 * @param source - flat xyz · shape [3N], N ≥ 3
 * @param target - flat xyz of the partners · shape [3N]
 * @throws ArgumentError when the lengths differ or fewer than three pairs are given
 * @see Umeyama 1991
 * @example alignUmeyama1991([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 0, 5, 1, 0, 5, 0, 1, 5]).sourceToTarget[11] // 5
 */
export function alignUmeyama1991(source: ArrayLike<number>, target: ArrayLike<number>): RigidFit {
  expectArgument(
    source.length === target.length && source.length >= 9,
    'target',
    target.length,
    'as many points as source, at least 3',
  );
  const a = scatter3(source).centroid;
  const b = scatter3(target).centroid;
  const h = new Array<number>(9).fill(0);
  for (let i = 0; i < source.length; i += 3) {
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) h[3 * r + c] += (target[i + r] - b[r]) * (source[i + c] - a[c]);
  }
  const rotation = nearestRotation(h as unknown as Mat3);
  const turned = multiplyMat3Vec3(rotation, a);
  const translation = sub3(b, turned);
  let sum = 0;
  for (let i = 0; i < source.length; i += 3) {
    const p = multiplyMat3Vec3(rotation, [source[i], source[i + 1], source[i + 2]]);
    sum +=
      (p[0] + translation[0] - target[i]) ** 2 +
      (p[1] + translation[1] - target[i + 1]) ** 2 +
      (p[2] + translation[2] - target[i + 2]) ** 2;
  }
  return { sourceToTarget: composeMat4(rotation, translation), rms: Math.sqrt(sum / (source.length / 3)) };
}
