/** Rigid transforms of a model: rotation row by row, then translation · 12 numbers. */

import { mat3FromAxisAngle } from '../../kernel/index.ts';

/** Rotation (row-major 3×3) and translation · shape [12] */
export type Rigid = Float64Array;

/** The transform that changes nothing. */
export function identity(): Rigid {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
}

/** First `b`, then `a`. */
export function compose(a: Rigid, b: Rigid): Rigid {
  const out = new Float64Array(12);
  for (let row = 0; row < 3; row++) {
    const [x, y, z] = [a[3 * row], a[3 * row + 1], a[3 * row + 2]];
    for (let column = 0; column < 3; column++)
      out[3 * row + column] = x * b[column] + y * b[3 + column] + z * b[6 + column];
    out[9 + row] = x * b[9] + y * b[10] + z * b[11] + a[9 + row];
  }
  return out;
}

/** The way back. */
export function invert(a: Rigid): Rigid {
  const out = new Float64Array(12);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) out[3 * row + column] = a[3 * column + row];
    out[9 + row] = -(a[row] * a[9] + a[3 + row] * a[10] + a[6 + row] * a[11]);
  }
  return out;
}

/** Rotation about an axis (need not be of unit length; none for a zero axis) · rad */
export function rotation(axis: readonly number[], angleRad: number): Rigid {
  const [x, y, z] = axis;
  if (x === 0 && y === 0 && z === 0) return identity();
  return Float64Array.of(...mat3FromAxisAngle([x, y, z], angleRad), 0, 0, 0);
}

/** A shift. */
export function translation([x, y, z]: readonly number[]): Rigid {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, x, y, z);
}

/** A frame by its origin and its turn about its own x, then y, then z axis · rad */
export function offsetFrame(origin: readonly number[], angles: readonly number[]): Rigid {
  const turned = compose(
    compose(rotation([1, 0, 0], angles[0]), rotation([0, 1, 0], angles[1])),
    rotation([0, 0, 1], angles[2]),
  );
  return compose(translation(origin), turned);
}

/** Quaternion `[w, x, y, z]` of a transform's rotation (Shepperd 1978). */
export function quaternion(m: Rigid): [number, number, number, number] {
  const trace = m[0] + m[4] + m[8];
  const largest = Math.max(trace, m[0], m[4], m[8]);
  let q: [number, number, number, number];
  if (largest === trace) q = [1 + trace, m[7] - m[5], m[2] - m[6], m[3] - m[1]];
  else if (largest === m[0]) q = [m[7] - m[5], 1 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]];
  else if (largest === m[4]) q = [m[2] - m[6], m[1] + m[3], 1 - m[0] + m[4] - m[8], m[5] + m[7]];
  else q = [m[3] - m[1], m[2] + m[6], m[5] + m[7], 1 - m[0] - m[4] + m[8]];
  const length = Math.hypot(...q);
  const sign = q[0] < 0 ? -1 : 1;
  return [(sign * q[0]) / length, (sign * q[1]) / length, (sign * q[2]) / length, (sign * q[3]) / length];
}
