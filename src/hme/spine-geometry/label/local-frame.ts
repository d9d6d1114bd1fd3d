/** Local frames of vertebrae and the map from voxel indices straight into them. Closed form, O(1) a point. */

import { dot3, rejectFrom3, sub3, unit3 } from '../../../kernel/index.ts';
import type { Grid, Vec3, VertebraFrame, VertebraLevel } from '../../../model/index.ts';

/**
 * Frame of a vertebra: x to the patient's left, y anterior, z superior, orthonormal; patient frame (LPS), mm.
 * As the model has it, x·(y×z) is -1: left, anterior, superior is a left-handed order.
 */
export interface LocalFrame {
  origin: Vec3;
  x: Vec3;
  y: Vec3;
  z: Vec3;
}

/**
 * Frame from a superior direction and a rough anterior one.
 * @param origin - patient frame · mm
 * @param superior - any length
 * @param anterior - made orthogonal to `superior`
 * @example frameFrom([0, 0, 0], [0, 0, 2], [0, -1, 1]).x // [1, 0, 0]
 */
export function frameFrom(origin: Vec3, superior: Vec3, anterior: Vec3): LocalFrame {
  const z = unit3(superior);
  const y = unit3(rejectFrom3(anterior, z));
  return { origin, x: leftOf(z, y), y, z };
}

/** Left = superior × anterior. */
function leftOf(z: Vec3, y: Vec3): Vec3 {
  return [z[1] * y[2] - z[2] * y[1] + 0, z[2] * y[0] - z[0] * y[2] + 0, z[0] * y[1] - z[1] * y[0] + 0];
}

/** Patient point → (left, anterior, superior) in the frame · mm. */
export function toLocal(frame: LocalFrame, point: Vec3): Vec3 {
  const d = sub3(point, frame.origin);
  return [dot3(d, frame.x), dot3(d, frame.y), dot3(d, frame.z)];
}

/** Local point → patient frame · mm. */
export function toPatient(frame: LocalFrame, u: number, v: number, w: number): Vec3 {
  const { origin: o, x, y, z } = frame;
  return [
    o[0] + u * x[0] + v * y[0] + w * z[0],
    o[1] + u * x[1] + v * y[1] + w * z[1],
    o[2] + u * x[2] + v * y[2] + w * z[2],
  ];
}

/** Local direction → patient direction. */
export function turnToPatient(frame: LocalFrame, u: number, v: number, w: number): Vec3 {
  const { x, y, z } = frame;
  return [u * x[0] + v * y[0] + w * z[0], u * x[1] + v * y[1] + w * z[1], u * x[2] + v * y[2] + w * z[2]];
}

/** The frame as the model keeps it. */
export function asVertebraFrame(frame: LocalFrame, level: VertebraLevel): VertebraFrame {
  return { level, centre: frame.origin, x: frame.x, y: frame.y, z: frame.z };
}

/**
 * Affine map from voxel indices of a grid (offset by `start`) to a local frame.
 *
 * @returns row-major 3×4: u, v, w in mm from i, j, k, 1
 */
export function ijkToLocal(grid: Grid, start: readonly [number, number, number], frame: LocalFrame): Float64Array {
  const { spacing, direction: d, origin } = grid;
  const out = new Float64Array(12);
  const axes = [frame.x, frame.y, frame.z];
  const delta = sub3(origin, frame.origin);
  for (let r = 0; r < 3; r++) {
    let offset = dot3(axes[r], delta);
    for (let a = 0; a < 3; a++) {
      const slope = spacing[a] * (axes[r][0] * d[a] + axes[r][1] * d[3 + a] + axes[r][2] * d[6 + a]);
      out[4 * r + a] = slope;
      offset += slope * start[a];
    }
    out[4 * r + 3] = offset;
  }
  return out;
}
