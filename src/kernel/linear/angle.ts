/** Angles between vectors that stay finite: arguments of acos are clamped, small angles use atan2. O(1). */
import type { Vec3 } from './vec3.ts';
import { cross3, dot3, norm3, rejectFrom3, unit3 } from './vec3.ts';

/** Degrees in one radian. */
export const DEG_PER_RAD = 180 / Math.PI;

/**
 * Arc cosine of a number that rounding may have pushed past one.
 *
 * @returns angle · rad · [0, π]
 * @example clampedAcos(1.0000001) // 0
 */
export function clampedAcos(cosine: number): number {
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/**
 * Angle between two directions, exact near 0 and π. Lengths do not matter; 0 when either is the zero vector.
 *
 * @returns angle · rad · [0, π]
 * @example angleRad([1, 0, 0], [0, 3, 0]) // 1.5707963267948966
 */
export function angleRad(a: Vec3, b: Vec3): number {
  return Math.atan2(norm3(cross3(a, b)), dot3(a, b));
}

/**
 * Angle between two directions.
 *
 * @returns angle · deg · [0, 180]
 * @example angleDeg([1, 0, 0], [0, 1, 0]) // 90
 */
export function angleDeg(a: Vec3, b: Vec3): number {
  return angleRad(a, b) * DEG_PER_RAD;
}

/**
 * Signed angle from `a` to `b` as seen along `axis` (right-hand rule), after both are projected into its plane.
 *
 * @param axis - axis of rotation · any length but zero
 * @returns angle · rad · (-π, π]
 * @example signedAngleRad([1, 0, 0], [0, -1, 0], [0, 0, 1]) // -1.5707963267948966
 */
export function signedAngleRad(a: Vec3, b: Vec3, axis: Vec3): number {
  const n = unit3(axis);
  const p = rejectFrom3(a, n);
  const q = rejectFrom3(b, n);
  return Math.atan2(dot3(cross3(p, q), n), dot3(p, q));
}

/**
 * Brings an angle into one turn.
 *
 * @param deg - any angle · deg
 * @returns the same direction · deg · (-180, 180]
 * @example wrapDeg(270) // -90
 */
export function wrapDeg(deg: number): number {
  const r = ((deg % 360) + 360) % 360;
  return r > 180 ? r - 360 : r;
}
