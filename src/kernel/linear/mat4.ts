/** Affine maps of space as 4×4 matrices, row by row, last row 0 0 0 1. Closed-form, O(1). */
import type { Mat3 } from './mat3.ts';
import { inverseMat3, multiplyMat3Vec3 } from './mat3.ts';
import type { Vec3 } from './vec3.ts';

/** 4×4 matrix · sixteen numbers, row-major: `m[4 * row + column]`; the translation is `m[3], m[7], m[11]`. */
export type Mat4 = readonly number[];

/** The 4×4 identity. */
export const IDENTITY_MAT4: Mat4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * Product `a · b`: the map that applies `b` first, then `a`.
 * @example transformPoint(multiplyMat4(composeMat4([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 0, 0]), composeMat4([2, 0, 0, 0, 2, 0, 0, 0, 2], [0, 0, 0])), [1, 1, 1]) // [3, 2, 2]
 */
export function multiplyMat4(a: Mat4, b: Mat4): Mat4 {
  const out = new Array<number>(16);
  for (let r = 0; r < 4; r++) {
    for (let c = 0; c < 4; c++) {
      out[4 * r + c] = a[4 * r] * b[c] + a[4 * r + 1] * b[4 + c] + a[4 * r + 2] * b[8 + c] + a[4 * r + 3] * b[12 + c];
    }
  }
  return out;
}

/**
 * Affine map from its linear part and translation.
 * @example composeMat4([1, 0, 0, 0, 1, 0, 0, 0, 1], [7, 8, 9]) // [1, 0, 0, 7, 0, 1, 0, 8, 0, 0, 1, 9, 0, 0, 0, 1]
 */
export function composeMat4(linear: Mat3, translation: Vec3): Mat4 {
  const [a, b, c, d, e, f, g, h, i] = linear;
  return [a, b, c, translation[0], d, e, f, translation[1], g, h, i, translation[2], 0, 0, 0, 1];
}

/**
 * Linear part (rotation, scale, shear) of an affine map.
 * @example linearPart(composeMat4([2, 0, 0, 0, 3, 0, 0, 0, 4], [1, 2, 3])) // [2, 0, 0, 0, 3, 0, 0, 0, 4]
 */
export function linearPart(m: Mat4): Mat3 {
  return [m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]];
}

/**
 * Translation of an affine map.
 * @example translationPart(composeMat4([2, 0, 0, 0, 3, 0, 0, 0, 4], [1, 2, 3])) // [1, 2, 3]
 */
export function translationPart(m: Mat4): Vec3 {
  return [m[3], m[7], m[11]];
}

/**
 * Inverse of an affine map (last row 0 0 0 1).
 *
 * @throws ArgumentError when the linear part is singular
 * @example transformPoint(inverseMat4(composeMat4([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 2, 3])), [1, 2, 3]) // [0, 0, 0]
 */
export function inverseMat4(m: Mat4): Mat4 {
  const inverse = inverseMat3(linearPart(m));
  const t = multiplyMat3Vec3(inverse, translationPart(m));
  return composeMat4(inverse, [0 - t[0], 0 - t[1], 0 - t[2]]);
}

/**
 * Where an affine map takes a point.
 * @example transformPoint(composeMat4([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 5]), [1, 2, 3]) // [1, 2, 8]
 */
export function transformPoint(m: Mat4, p: Vec3): Vec3 {
  return [
    m[0] * p[0] + m[1] * p[1] + m[2] * p[2] + m[3],
    m[4] * p[0] + m[5] * p[1] + m[6] * p[2] + m[7],
    m[8] * p[0] + m[9] * p[1] + m[10] * p[2] + m[11],
  ];
}
