/**
 * Vectors of three numbers as plain tuples. Closed-form, O(1); written for clarity, not for loops over millions of
 * vertices (those work on flat typed arrays).
 */

/** Three numbers: a point, a direction or a size. The unit is the caller's; most callers use mm. */
export type Vec3 = readonly [number, number, number];

/**
 * Sum of two vectors.
 * @example add3([1, 2, 3], [4, 5, 6]) // [5, 7, 9]
 */
export function add3(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/**
 * Difference `a - b`.
 * @example sub3([4, 5, 6], [1, 2, 3]) // [3, 3, 3]
 */
export function sub3(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/**
 * A vector times a number.
 * @example scale3([1, 2, 3], 2) // [2, 4, 6]
 */
export function scale3(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/**
 * `a + b * factor`, the step along a ray.
 * @example addScaled3([1, 1, 1], [0, 0, 1], 5) // [1, 1, 6]
 */
export function addScaled3(a: Vec3, b: Vec3, factor: number): Vec3 {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}

/**
 * Scalar product.
 * @example dot3([1, 2, 3], [4, 5, 6]) // 32
 */
export function dot3(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/**
 * Vector product, right-handed.
 * @example cross3([1, 0, 0], [0, 1, 0]) // [0, 0, 1]
 */
export function cross3(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/**
 * Euclidean length.
 * @example norm3([2, 3, 6]) // 7
 */
export function norm3(a: Vec3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/**
 * Distance between two points.
 * @example distance3([1, 1, 1], [1, 1, 4]) // 3
 */
export function distance3(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/**
 * The vector of length one in the same direction; the zero vector stays zero, what is missing (NaN) stays missing.
 * @example unit3([0, 0, 4]) // [0, 0, 1]
 */
export function unit3(a: Vec3): Vec3 {
  const length = norm3(a);
  return length === 0 ? [0, 0, 0] : [a[0] / length, a[1] / length, a[2] / length];
}

/**
 * Point between two points.
 *
 * @param t - 0 gives `a`, 1 gives `b`; values outside extrapolate
 * @example lerp3([0, 0, 0], [10, 20, 40], 0.5) // [5, 10, 20]
 */
export function lerp3(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/**
 * The part of a vector that lies in the plane with the given unit normal.
 * @example rejectFrom3([1, 2, 3], [0, 0, 1]) // [1, 2, 0]
 */
export function rejectFrom3(a: Vec3, unitNormal: Vec3): Vec3 {
  return addScaled3(a, unitNormal, -dot3(a, unitNormal));
}

/**
 * Some unit vector perpendicular to `a`; which one is fixed but arbitrary.
 * @example dot3(perpendicular3([0, 0, 2]), [0, 0, 2]) // 0
 */
export function perpendicular3(a: Vec3): Vec3 {
  const [x, y, z] = [Math.abs(a[0]), Math.abs(a[1]), Math.abs(a[2])];
  const axis: Vec3 = x <= y && x <= z ? [1, 0, 0] : y <= z ? [0, 1, 0] : [0, 0, 1];
  return unit3(cross3(a, axis));
}

/**
 * Reads point `index` of a flat xyz array.
 * @example pointAt([0, 0, 0, 7, 8, 9], 1) // [7, 8, 9]
 */
export function pointAt(points: ArrayLike<number>, index: number): Vec3 {
  return [points[3 * index], points[3 * index + 1], points[3 * index + 2]];
}
