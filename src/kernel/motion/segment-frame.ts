/**
 * Frames of body segments after the ISB: X anterior, Y superior, Z right. Built from one direction that is held and one that only fixes
 * the turn about it. Closed form, O(1).
 */
import type { Mat3, Vec3 } from '../linear/index.ts';
import { cross3, mat3FromColumns, multiplyMat3, norm3, transposeMat3, unit3 } from '../linear/index.ts';

const LOST: Mat3 = [NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN];

/**
 * Frame whose Y is held and whose Z points to the right as far as it can.
 *
 * @param superior - long axis, towards the head · any length
 * @param right - towards the subject's right, not parallel to `superior` · any length
 * @returns segment to world: columns X, Y, Z · row-major; NaN where a direction is missing or both are parallel
 * @see Wu et al. 2002
 * @example frameAlongY([0, 0, 2], [0, -1, 5]) // [1, 0, 0, 0, 0, -1, 0, 1, 0]
 */
export function frameAlongY(superior: Vec3, right: Vec3): Mat3 {
  const forward = cross3(superior, right);
  if (!(norm3(forward) > 1e-9 * norm3(superior) * norm3(right))) return LOST;
  const x = unit3(forward);
  const y = unit3(superior);
  return mat3FromColumns(x, y, cross3(x, y));
}

/**
 * Orientation of a distal segment as the proximal one sees it.
 *
 * @param proximalToWorld - row-major
 * @param distalToWorld - row-major
 * @returns distal to proximal · row-major
 * @example relativeRotation([0, -1, 0, 1, 0, 0, 0, 0, 1], [0, -1, 0, 1, 0, 0, 0, 0, 1]) // [1, 0, 0, 0, 1, 0, 0, 0, 1]
 */
export function relativeRotation(proximalToWorld: Mat3, distalToWorld: Mat3): Mat3 {
  return multiplyMat3(transposeMat3(proximalToWorld), distalToWorld);
}
