/**
 * Angles of a rotation about moving axes, for joints after the ISB. Closed form, O(1).
 *
 * One rule serves all twelve orders: with axes i, j, k of the order, a rotation is Rᵢ(a)·Rⱼ(b)·Rₖ(c). For three different axes b comes
 * from asin, for a repeated axis from acos; a and c come from atan2 and share the turn when b stands in gimbal lock.
 */
import type { Mat3 } from '../linear/index.ts';
import { multiplyMat3 } from '../linear/index.ts';

/** Orders of moving axes that joints are told in. */
export type AxisOrder = 'XYZ' | 'XZY' | 'YXZ' | 'YZX' | 'ZXY' | 'ZYX' | 'XYX' | 'XZX' | 'YXY' | 'YZY' | 'ZXZ' | 'ZYZ';

/** Closer than this to gimbal lock the third angle is set to zero · cosine or sine of the middle angle. */
const LOCKED = 1e-9;

const indexOf = (letter: string) => letter.charCodeAt(0) - 88;

/**
 * Rotation about one axis of the frame.
 *
 * @param axis - 0 X, 1 Y, 2 Z
 * @param rad - angle, right-hand rule · rad
 * @returns matrix that takes coordinates of the turned frame to the resting one · row-major
 * @example axisRotation(2, Math.PI / 2).map(Math.round) // [0, -1, 0, 1, 0, 0, 0, 0, 1]
 */
export function axisRotation(axis: 0 | 1 | 2, rad: number): Mat3 {
  const c = Math.cos(rad);
  const s = Math.sin(rad);
  if (axis === 0) return [1, 0, 0, 0, c, -s, 0, s, c];
  if (axis === 1) return [c, 0, s, 0, 1, 0, -s, 0, c];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

/**
 * Rotation of three turns about moving axes: the first about the proximal segment's axis, the last about the distal one's.
 *
 * @param angles - one per letter of `order` · rad
 * @returns distal to proximal · row-major
 * @example cardanRotation('ZXY', [Math.PI / 2, 0, 0]).map(Math.round) // [0, -1, 0, 1, 0, 0, 0, 0, 1]
 */
export function cardanRotation(order: AxisOrder, angles: readonly [number, number, number]): Mat3 {
  const [i, j, k] = [...order].map((letter, at) => axisRotation(indexOf(letter) as 0 | 1 | 2, angles[at]));
  return multiplyMat3(multiplyMat3(i, j), k);
}

/**
 * The three angles of a rotation about moving axes; the inverse of `cardanRotation`.
 *
 * @param rotation - distal to proximal, proper · row-major
 * @returns rad · first and third in (-π, π]; the middle one in [-π/2, π/2] for three different axes, [0, π] for a repeated one.
 *   In gimbal lock the third is 0 and the first carries the whole turn. NaN in, NaN out.
 * @see Grood & Suntay 1983 (ZXY is their joint coordinate system); Wu et al. 2002, 2005
 * @example cardanAngles('YXY', cardanRotation('YXY', [0.2, 0.5, -0.3])) // [0.2, 0.5, -0.3]
 */
export function cardanAngles(order: AxisOrder, rotation: Mat3): [number, number, number] {
  const i = indexOf(order[0]);
  const j = indexOf(order[1]);
  const at = (row: number, column: number) => rotation[3 * row + column];
  const sign = (j - i + 3) % 3 === 1 ? 1 : -1;
  const k = 3 - i - j;
  if (order[0] === order[2]) {
    const middle = Math.acos(Math.min(1, Math.max(-1, at(i, i))));
    if (Math.sin(middle) < LOCKED) return [Math.atan2(sign * at(k, j), at(j, j)), middle, 0];
    return [Math.atan2(at(j, i), -sign * at(k, i)), middle, Math.atan2(at(i, j), sign * at(i, k))];
  }
  const middle = Math.asin(Math.min(1, Math.max(-1, sign * at(i, k))));
  if (Math.cos(middle) < LOCKED) return [Math.atan2(sign * at(k, j), at(j, j)), middle, 0];
  return [Math.atan2(-sign * at(j, k), at(k, k)), middle, Math.atan2(-sign * at(i, j), at(i, i))];
}

/**
 * Takes the turns out of a series of angles: neighbours never differ by more than half a turn; NaN is stepped over.
 *
 * @param angles - changed in place · in the unit of `turn`
 * @param turn - one whole turn, 360 or 2π
 * @example unwrapInPlace(Float64Array.of(170, 179, -172), 360)[2] // 188
 */
export function unwrapInPlace<A extends Float32Array | Float64Array>(angles: A, turn: number): A {
  let last = Number.NaN;
  for (let at = 0; at < angles.length; at++) {
    if (Number.isNaN(angles[at])) continue;
    if (!Number.isNaN(last)) angles[at] -= turn * Math.round((angles[at] - last) / turn);
    last = angles[at];
  }
  return angles;
}
