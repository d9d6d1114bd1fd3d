/** Rotations as unit quaternions `[w, x, y, z]` (Hamilton product, active rotation of vectors). Closed-form, O(1). */
import type { Mat3 } from './mat3.ts';
import type { Vec3 } from './vec3.ts';
import { unit3 } from './vec3.ts';

/** Quaternion · scalar first: `[w, x, y, z]`. */
export type Quaternion = readonly [number, number, number, number];

/**
 * Rotation by an angle about an axis, right-hand rule.
 *
 * @param axis - direction · any length but zero
 * @param rad - angle · rad
 * @example quaternionFromAxisAngle([0, 0, 1], 0) // [1, 0, 0, 0]
 */
export function quaternionFromAxisAngle(axis: Vec3, rad: number): Quaternion {
  const [x, y, z] = unit3(axis);
  const s = Math.sin(rad / 2);
  return [Math.cos(rad / 2), x * s, y * s, z * s];
}

/**
 * One quaternion of a list.
 * @param list - `[w, x, y, z]` after each other · shape [4N]
 * @example quaternionAt([1, 0, 0, 0, 0, 1, 0, 0], 1) // [0, 1, 0, 0]
 */
export function quaternionAt(list: ArrayLike<number>, index: number): Quaternion {
  return [list[4 * index], list[4 * index + 1], list[4 * index + 2], list[4 * index + 3]];
}

/**
 * Product `a · b`: the rotation that applies `b` first, then `a`.
 * @example multiplyQuaternion([0, 1, 0, 0], [0, 0, 1, 0]) // [0, 0, 0, 1]
 */
export function multiplyQuaternion(a: Quaternion, b: Quaternion): Quaternion {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

/**
 * The opposite rotation of a unit quaternion.
 * @example conjugateQuaternion([0.5, 0.5, 0.5, 0.5]) // [0.5, -0.5, -0.5, -0.5]
 */
export function conjugateQuaternion(q: Quaternion): Quaternion {
  return [q[0], 0 - q[1], 0 - q[2], 0 - q[3]];
}

/**
 * Quaternion of length one in the same direction; the zero quaternion becomes the identity.
 * @example unitQuaternion([2, 0, 0, 0]) // [1, 0, 0, 0]
 */
export function unitQuaternion(q: Quaternion): Quaternion {
  const n = Math.hypot(q[0], q[1], q[2], q[3]);
  return n > 0 ? [q[0] / n, q[1] / n, q[2] / n, q[3] / n] : [1, 0, 0, 0];
}

/**
 * Rotates a vector by a unit quaternion.
 * @example rotateByQuaternion([0, 0, 0, 1], [1, 0, 0]) // [-1, 0, 0]
 */
export function rotateByQuaternion(q: Quaternion, v: Vec3): Vec3 {
  const [w, x, y, z] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [v[0] + w * tx + (y * tz - z * ty), v[1] + w * ty + (z * tx - x * tz), v[2] + w * tz + (x * ty - y * tx)];
}

/**
 * Rotation matrix of a unit quaternion · row-major.
 * @example quaternionToMat3([1, 0, 0, 0]) // [1, 0, 0, 0, 1, 0, 0, 0, 1]
 */
export function quaternionToMat3(q: Quaternion): Mat3 {
  const [w, x, y, z] = q;
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}

/**
 * Unit quaternion (w ≥ 0) of a proper rotation matrix; the branch with the largest divisor is taken (Shepperd 1978).
 *
 * @param m - proper rotation · row-major
 * @example mat3ToQuaternion([1, 0, 0, 0, 1, 0, 0, 0, 1]) // [1, 0, 0, 0]
 */
export function mat3ToQuaternion(m: Mat3): Quaternion {
  const [a, b, c, d, e, f, g, h, i] = m;
  const four = [1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i];
  const k = four.indexOf(Math.max(...four));
  const raw: Quaternion =
    k === 0
      ? [four[0], h - f, c - g, d - b]
      : k === 1
        ? [h - f, four[1], b + d, c + g]
        : k === 2
          ? [c - g, b + d, four[2], f + h]
          : [d - b, c + g, f + h, four[3]];
  const q = unitQuaternion(raw);
  return q[0] < 0 ? [0 - q[0], 0 - q[1], 0 - q[2], 0 - q[3]] : q;
}

/**
 * Rotation part of the way from `a` to `b` along the shorter arc, at constant speed.
 *
 * @param t - 0 gives `a`, 1 gives `b` (or its negative, the same rotation)
 * @example slerp([1, 0, 0, 0], [1, 0, 0, 0], 0.3) // [1, 0, 0, 0]
 */
export function slerp(a: Quaternion, b: Quaternion, t: number): Quaternion {
  const d = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = d < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(d)));
  const [p, q] =
    angle < 1e-6 ? [1 - t, t] : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
  const mix = (k: number) => p * a[k] + sign * q * b[k];
  return unitQuaternion([mix(0), mix(1), mix(2), mix(3)]);
}
