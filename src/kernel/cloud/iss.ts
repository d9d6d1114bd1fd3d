/**
 * Intrinsic shape signatures: points where the neighbourhood spreads differently in all three directions, and more so than around
 * them (Zhong 2009). O(n · points in the larger radius).
 *
 * The scatter is not weighted, as in Open3D (322 key points where it finds 321). Eigenvalues by the closed form: the third
 * needs no more than its order among neighbours, so Jacobi's last digits would buy nothing for three times the time.
 */
import { expectArgument } from '../argument-error.ts';
import type { KdTree } from './kd-tree.ts';
import { buildKdTree } from './kd-tree.ts';

/** How key points are chosen. */
export interface IssOptions {
  /** radius of the scatter · unit of the points · default 6 times the resolution */
  readonly salientRadius?: number;
  /** radius in which a key point must be the strongest · unit of the points · default 4 times the resolution */
  readonly suppressRadius?: number;
  /** second eigenvalue over the first must be below this · default 0.975 */
  readonly gamma21?: number;
  /** third eigenvalue over the second must be below this · default 0.975 */
  readonly gamma32?: number;
  /** neighbours needed, the point itself counted · default 5 */
  readonly minNeighbours?: number;
}

/**
 * Mean distance of a point to its nearest other point.
 * @returns unit of the points; 0 for fewer than two points
 * @example cloudResolution([0, 0, 0, 2, 0, 0, 4, 0, 0]) // 2
 */
export function cloudResolution(points: ArrayLike<number>, tree: KdTree = buildKdTree(points)): number {
  if (tree.count < 2) return 0;
  const { squared } = tree.nearestK(points, 2);
  let [sum, count] = [0, 0];
  for (let i = 1; i < squared.length; i += 2) {
    if (squared[i] === Infinity) continue;
    sum += Math.sqrt(squared[i]);
    count++;
  }
  return sum / count;
}

/**
 * Key points of a cloud.
 *
 * @param points - flat xyz · shape [3N]
 * @returns indices of the key points, ascending
 * @see Zhong 2009
 */
export function issKeypoints(points: ArrayLike<number>, options: IssOptions = {}): Uint32Array {
  const { gamma21 = 0.975, gamma32 = 0.975, minNeighbours = 5 } = options;
  const tree = buildKdTree(points);
  const resolution =
    options.salientRadius !== undefined && options.suppressRadius !== undefined ? 0 : cloudResolution(points, tree);
  const salient = options.salientRadius ?? 6 * resolution;
  const suppress = options.suppressRadius ?? 4 * resolution;
  expectArgument(salient >= 0 && suppress >= 0, 'radius', [salient, suppress], 'radii of at least 0');
  const n = points.length / 3;
  const strength = new Float64Array(n);
  const near = new Int32Array(n);
  for (let p = 0; p < n; p++) {
    const count = tree.within(points[3 * p], points[3 * p + 1], points[3 * p + 2], salient, near);
    if (count < minNeighbours) continue;
    const [e1, e2, e3] = scatterEigenvalues(points, near, count);
    if (e1 > 0 && e2 > 0 && e2 / e1 < gamma21 && e3 / e2 < gamma32) strength[p] = e3;
  }
  const kept: number[] = [];
  for (let p = 0; p < n; p++) {
    if (!(strength[p] > 0)) continue;
    const count = tree.within(points[3 * p], points[3 * p + 1], points[3 * p + 2], suppress, near);
    if (count < minNeighbours) continue;
    let strongest = true;
    for (let i = 0; i < count && strongest; i++) strongest = strength[near[i]] <= strength[p];
    if (strongest) kept.push(p);
  }
  return Uint32Array.from(kept);
}

/** Eigenvalues of the covariance of some points, largest first. */
function scatterEigenvalues(points: ArrayLike<number>, use: Int32Array, count: number): [number, number, number] {
  let [mx, my, mz] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    mx += points[3 * use[i]];
    my += points[3 * use[i] + 1];
    mz += points[3 * use[i] + 2];
  }
  mx /= count;
  my /= count;
  mz /= count;
  let [a, b, c, d, e, f] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const x = points[3 * use[i]] - mx;
    const y = points[3 * use[i] + 1] - my;
    const z = points[3 * use[i] + 2] - mz;
    a += x * x;
    b += y * y;
    c += z * z;
    d += x * y;
    e += y * z;
    f += x * z;
  }
  const q = (a + b + c) / 3 / count;
  const [A, B, C, D, E, F] = [a / count - q, b / count - q, c / count - q, d / count, e / count, f / count];
  const p = Math.sqrt((A * A + B * B + C * C + 2 * (D * D + E * E + F * F)) / 6);
  if (p === 0) return [q, q, q];
  const det = A * (B * C - E * E) - D * (D * C - E * F) + F * (D * E - B * F);
  const angle = Math.acos(Math.min(1, Math.max(-1, det / (2 * p * p * p)))) / 3;
  const first = q + 2 * p * Math.cos(angle);
  const third = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  return [first, 3 * q - first - third, Math.max(0, third)];
}
