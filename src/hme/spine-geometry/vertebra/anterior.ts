/** The anterior direction of a vertebra: from its canal (or the cord) to the middle of its body. O(cord voxels). */

import { dot3, rejectFrom3, sub3 } from '../../../kernel/index.ts';
import { ijkToXyz, type Labelmap, type Vec3 } from '../../../model/index.ts';
import type { LocalFrame } from '../label/local-frame.ts';

/** Anterior in the patient frame. */
export const PATIENT_ANTERIOR: Vec3 = [0, -1, 0];

/** Positions of cord (or canal) voxels, thinned · xyz · mm. */
export function cordPoints(anatomy: Labelmap | undefined): Float64Array {
  if (!anatomy) return new Float64Array(0);
  const wanted = new Set(
    anatomy.labels
      .filter((entry) => entry.structure === 'spinal-cord' || entry.structure === 'spinal-canal')
      .map((entry) => entry.value),
  );
  if (wanted.size === 0) return new Float64Array(0);
  const [nx, ny, nz] = anatomy.size;
  const points: number[] = [];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (anatomy.data[at] === 0 || !wanted.has(anatomy.data[at])) continue;
        points.push(...ijkToXyz(anatomy, [i, j, k]));
      }
    }
  }
  return Float64Array.from(points);
}

/** Middle of the cord at the height of a vertebra; undefined where none passes. */
export function cordBehind(points: Float64Array, frame: LocalFrame): Vec3 | undefined {
  let n = 0;
  const sum = [0, 0, 0];
  for (let i = 0; i < points.length; i += 3) {
    const d = sub3([points[i], points[i + 1], points[i + 2]], frame.origin);
    if (Math.abs(dot3(d, frame.z)) > 9) continue;
    const across = Math.hypot(dot3(d, frame.x), dot3(d, frame.y));
    if (across < 5 || across > 55) continue;
    for (let a = 0; a < 3; a++) sum[a] += points[i + a];
    n++;
  }
  return n >= 5 ? [sum[0] / n, sum[1] / n, sum[2] / n] : undefined;
}

/** Anterior direction from a point in the canal to the body's centre, across the axis. */
export function anteriorFrom(behind: Vec3, bodyCentre: Vec3, superior: Vec3): Vec3 {
  return rejectFrom3(sub3(bodyCentre, behind), superior);
}
