/** 3×3 matrices as nine numbers, row by row. Closed-form, O(1). */
import { expectArgument } from '../argument-error.ts';
import type { Vec3 } from './vec3.ts';
import { unit3 } from './vec3.ts';

/** 3×3 matrix · nine numbers, row-major: `m[3 * row + column]`. */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

/**
 * Product `a · b` (first `b`, then `a`, when applied to a vector).
 * @example multiplyMat3([0, -1, 0, 1, 0, 0, 0, 0, 1], [0, -1, 0, 1, 0, 0, 0, 0, 1]) // [-1, 0, 0, 0, -1, 0, 0, 0, 1]
 */
export function multiplyMat3(a: Mat3, b: Mat3): Mat3 {
  const at = (r: number, c: number) => a[3 * r] * b[c] + a[3 * r + 1] * b[3 + c] + a[3 * r + 2] * b[6 + c];
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}

/**
 * Rotation by an angle about an axis, right-hand rule (Rodrigues).
 *
 * @param axis - direction · any length but zero
 * @param rad - angle · rad
 * @example mat3FromAxisAngle([0, 0, 1], 0) // [1, 0, 0, 0, 1, 0, 0, 0, 1]
 */
export function mat3FromAxisAngle(axis: Vec3, rad: number): Mat3 {
  const [x, y, z] = unit3(axis);
  const [c, s] = [Math.cos(rad), Math.sin(rad)];
  const t = 1 - c;
  return [
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
  ];
}

/**
 * Transposed matrix.
 * @example transposeMat3([1, 2, 3, 4, 5, 6, 7, 8, 9]) // [1, 4, 7, 2, 5, 8, 3, 6, 9]
 */
export function transposeMat3(m: Mat3): Mat3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

/**
 * Determinant; negative when the matrix mirrors.
 * @example determinantMat3([2, 0, 0, 0, 3, 0, 0, 0, 4]) // 24
 */
export function determinantMat3(m: Mat3): number {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

/**
 * Inverse matrix.
 *
 * @throws ArgumentError when the matrix is singular or not finite
 * @example inverseMat3([2, 0, 0, 0, 4, 0, 0, 0, 8]) // [0.5, 0, 0, 0, 0.25, 0, 0, 0, 0.125]
 */
export function inverseMat3(m: Mat3): Mat3 {
  const d = determinantMat3(m);
  expectArgument(Number.isFinite(d) && d !== 0, 'm', m, 'an invertible 3×3 matrix');
  const c = (a: number, b: number, e: number, f: number) => (m[a] * m[b] - m[e] * m[f]) / d + 0;
  return [
    c(4, 8, 5, 7),
    c(2, 7, 1, 8),
    c(1, 5, 2, 4),
    c(5, 6, 3, 8),
    c(0, 8, 2, 6),
    c(2, 3, 0, 5),
    c(3, 7, 4, 6),
    c(1, 6, 0, 7),
    c(0, 4, 1, 3),
  ];
}

/**
 * Matrix times column vector.
 * @example multiplyMat3Vec3([0, -1, 0, 1, 0, 0, 0, 0, 1], [1, 0, 0]) // [0, 1, 0]
 */
export function multiplyMat3Vec3(m: Mat3, v: Vec3): Vec3 {
  return [
    m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
    m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
    m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
  ];
}

/**
 * Matrix whose columns are the given vectors: it takes coordinates along them to the outer frame.
 * @example mat3FromColumns([1, 2, 3], [4, 5, 6], [7, 8, 9]) // [1, 4, 7, 2, 5, 8, 3, 6, 9]
 */
export function mat3FromColumns(x: Vec3, y: Vec3, z: Vec3): Mat3 {
  return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
}

/**
 * Column of a matrix.
 *
 * @param column - 0, 1 or 2
 * @example columnOfMat3([1, 2, 3, 4, 5, 6, 7, 8, 9], 1) // [2, 5, 8]
 */
export function columnOfMat3(m: Mat3, column: number): Vec3 {
  return [m[column], m[3 + column], m[6 + column]];
}
