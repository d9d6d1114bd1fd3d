/** The anterior direction of a vertebra: from its canal (or the cord) to the middle of its body. O(cord voxels). */

import { dot3, rejectFrom3, sub3 } from '../../../kernel/index.ts';
import { ijkToXyz, type Labelmap, type Vec3 } from '../../../model/index.ts';
import type { LocalFrame } from '../label/local-frame.ts';

/** Anterior in the patient frame. */
export const PATIENT_ANTERIOR: Vec3 = [0, -1, 0];

/** Every cord voxel would be more than is needed: layers this far apart do. */
const CORD_STEP_MM = 2;

/** Positions of cord (or canal) voxels, thinned · xyz · mm. */
export function cordPoints(anatomy: Labelmap | undefined): Float64Array {
  if (!anatomy) return new Float64Array(0);
  const wanted = new Uint8Array(65536);
  let some = false;
  for (const entry of anatomy.labels) {
    if (entry.structure !== 'spinal-cord' && entry.structure !== 'spinal-canal') continue;
    wanted[entry.value] = 1;
    some = true;
  }
  if (!some) return new Float64Array(0);
  const { data, size, spacing } = anatomy;
  const [di, dj, dk] = spacing.map((s) => Math.max(1, Math.round(CORD_STEP_MM / s)));
  const points: number[] = [];
  for (let k = 0; k < size[2]; k += dk) {
    for (let j = 0; j < size[1]; j += dj) {
      const row = size[0] * (j + size[1] * k);
      for (let i = 0; i < size[0]; i += di) {
        if (wanted[data[row + i]] === 0) continue;
        const p = ijkToXyz(anatomy, [i, j, k]);
        points.push(p[0], p[1], p[2]);
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
