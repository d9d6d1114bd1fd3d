/**
 * Eigenvectors of symmetric 3×3 matrices and the singular value decomposition of any 3×3 matrix.
 * Cyclic Jacobi rotations, quadratic convergence (4-6 sweeps), full double accuracy even for equal eigenvalues, where
 * the closed-form cubic loses half its digits. The SVD is one-sided Jacobi on the columns, so small singular values
 * keep their relative accuracy (the route through AᵀA would lose them below 1e-8 of the largest).
 */
import type { Mat3 } from './mat3.ts';
import { columnOfMat3, determinantMat3, mat3FromColumns } from './mat3.ts';
import type { Vec3 } from './vec3.ts';
import { cross3, perpendicular3 } from './vec3.ts';

/** Eigenvalues, largest first, and their unit eigenvectors (a right-handed set). */
export interface SymmetricEigen3 {
  readonly values: Vec3;
  readonly vectors: readonly [Vec3, Vec3, Vec3];
}

/** `a = u · diag(s) · vᵀ` with `s` largest first and not negative; `u` and `v` orthonormal (either may mirror). */
export interface Svd3 {
  readonly u: Mat3;
  readonly s: Vec3;
  readonly v: Mat3;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix; only the upper triangle is read.
 *
 * @param m - symmetric matrix · row-major
 * @example symmetricEigen3([1, 0, 0, 0, 3, 0, 0, 0, 2]).values // [3, 2, 1]
 */
export function symmetricEigen3(m: Mat3): SymmetricEigen3 {
  const a = [
    [m[0], m[1], m[2]],
    [m[1], m[4], m[5]],
    [m[2], m[5], m[8]],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 30; sweep++) {
    if (a[0][1] === 0 && a[0][2] === 0 && a[1][2] === 0) break;
    rotate(a, v, 0, 1);
    rotate(a, v, 0, 2);
    rotate(a, v, 1, 2);
  }
  const order = [0, 1, 2].sort((i, j) => a[j][j] - a[i][i]);
  const column = (k: number): Vec3 => [v[0][order[k]], v[1][order[k]], v[2][order[k]]];
  const [x, y] = [column(0), column(1)];
  return {
    values: [a[order[0]][order[0]], a[order[1]][order[1]], a[order[2]][order[2]]],
    vectors: [x, y, cross3(x, y)],
  };
}

function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const apq = a[p][q];
  if (apq === 0) return;
  const r = 3 - p - q;
  const scale = Math.abs(a[p][p]) + Math.abs(a[q][q]);
  if (Math.abs(apq) < 1e-18 * scale || (scale === 0 && Math.abs(apq) < 1e-300)) {
    a[p][q] = a[q][p] = 0;
    return;
  }
  const theta = (a[q][q] - a[p][p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  a[p][p] -= t * apq;
  a[q][q] += t * apq;
  a[p][q] = a[q][p] = 0;
  const arp = a[r][p];
  const arq = a[r][q];
  a[r][p] = a[p][r] = c * arp - s * arq;
  a[r][q] = a[q][r] = s * arp + c * arq;
  for (const row of v) {
    const x = row[p];
    row[p] = c * x - s * row[q];
    row[q] = s * x + c * row[q];
  }
}

/**
 * Singular value decomposition of any 3×3 matrix, also singular ones.
 *
 * @param m - any matrix · row-major
 * @example svd3([0, -2, 0, 1, 0, 0, 0, 0, 3]).s // [3, 2, 1]
 */
export function svd3(m: Mat3): Svd3 {
  const size = Math.max(...m.map(Math.abs));
  const w = [0, 1, 2].map((c) => columnOfMat3(m, c).map((x) => (size > 0 ? x / size : 0)));
  const v = [0, 1, 2].map((c) => [c === 0 ? 1 : 0, c === 1 ? 1 : 0, c === 2 ? 1 : 0]);
  for (let sweep = 0; sweep < 40; sweep++) {
    let turned = false;
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      turned = orthogonalise(w, v, p, q) || turned;
    if (!turned) break;
  }
  const lengths = w.map((c) => Math.hypot(c[0], c[1], c[2]));
  const order = [0, 1, 2].sort((i, j) => lengths[j] - lengths[i]);
  const s: Vec3 = [lengths[order[0]], lengths[order[1]], lengths[order[2]]];
  // below this a column is rounding noise: its direction is completed from the others instead
  const tiny = s[0] * 1e-14;
  const unit = (k: number): Vec3 | undefined => {
    const c = w[order[k]];
    return s[k] > tiny ? [c[0] / s[k], c[1] / s[k], c[2] / s[k]] : undefined;
  };
  const u0 = unit(0) ?? [1, 0, 0];
  const u1 = unit(1) ?? perpendicular3(u0);
  const u2 = unit(2) ?? cross3(u0, u1);
  const vc = order.map((k) => v[k] as unknown as Vec3);
  return {
    u: mat3FromColumns(u0, u1, u2),
    s: [s[0] * size, s[1] * size, s[2] * size],
    v: mat3FromColumns(vc[0], vc[1], vc[2]),
  };
}

function orthogonalise(w: number[][], v: number[][], p: number, q: number): boolean {
  const a = w[p];
  const b = w[q];
  const alpha = a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
  const beta = b[0] * b[0] + b[1] * b[1] + b[2] * b[2];
  const gamma = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  if (Math.abs(gamma) <= 1e-16 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(zeta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = c * t;
  for (const m of [w, v]) {
    for (let i = 0; i < 3; i++) {
      const x = m[p][i];
      m[p][i] = c * x - s * m[q][i];
      m[q][i] = s * x + c * m[q][i];
    }
  }
  return true;
}

/**
 * The proper rotation nearest to a matrix (Frobenius norm), by its singular vectors.
 *
 * @param m - matrix close to a rotation · row-major
 * @example nearestRotation([2, 0, 0, 0, 2, 0, 0, 0, 2]) // [1, 0, 0, 0, 1, 0, 0, 0, 1]
 */
export function nearestRotation(m: Mat3): Mat3 {
  const { u, v } = svd3(m);
  const flip = determinantMat3(u) * determinantMat3(v) < 0 ? -1 : 1;
  const at = (r: number, c: number) =>
    u[3 * r] * v[3 * c] + u[3 * r + 1] * v[3 * c + 1] + flip * u[3 * r + 2] * v[3 * c + 2] + 0;
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}
