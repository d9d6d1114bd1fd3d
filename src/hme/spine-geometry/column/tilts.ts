/**
 * Tilts of endplates in the patient's coronal and sagittal planes, and angles between two of them. Closed form.
 *
 * A projected angle between two planes is the difference of their tilts: the normal is projected onto the plane of view.
 */

import { DEG_PER_RAD } from '../../../kernel/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import type { Endplate } from '../endplate/endplate.ts';
import { type Measured, measurePlates, upwardOf } from './doubt.ts';

/** Plane of view: coronal as a frontal film, sagittal as a lateral film. */
export type View = 'coronal' | 'sagittal';

/**
 * Tilt of an upward normal · deg · coronal: positive leans to the patient's left; sagittal: positive leans backward.
 * @example tiltDeg([0, 1, 1], 'sagittal') // 45
 */
export function tiltDeg(upward: Vec3, view: View): number {
  return Math.atan2(view === 'coronal' ? upward[0] : upward[1], upward[2]) * DEG_PER_RAD;
}

/** Tilt of an endplate with its spread · deg. */
export function measureTilt(plate: Endplate, view: View): Measured {
  return measurePlates([plate], ([pose]) => tiltDeg(upwardOf(pose, plate.side), view));
}

/** Tilt of the upper less that of the lower plate · deg · sagittal: positive is lordotic. */
export function measureAngle(upper: Endplate, lower: Endplate, view: View): Measured {
  return measurePlates(
    [upper, lower],
    ([a, b]) => tiltDeg(upwardOf(a, upper.side), view) - tiltDeg(upwardOf(b, lower.side), view),
  );
}

/** Angle of two plates in a vertical plane of any direction · deg · `across` is a unit horizontal vector in that plane. */
export function angleInPlane(upper: Vec3, lower: Vec3, across: Vec3): number {
  const tilt = (n: Vec3) => Math.atan2(n[0] * across[0] + n[1] * across[1], n[2]);
  return (tilt(upper) - tilt(lower)) * DEG_PER_RAD;
}
