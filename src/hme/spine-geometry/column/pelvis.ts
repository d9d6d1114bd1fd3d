/**
 * Sacral slope, pelvic tilt and pelvic incidence in the patient's sagittal plane, as on a lateral film. Closed form.
 * Incidence = tilt + slope holds exactly, because all three are taken in one plane.
 */

import { add3, DEG_PER_RAD, dot3, rejectFrom3, scale3, sub3 } from '../../../kernel/index.ts';
import { LEFT, POSTERIOR, SUPERIOR, type Vec3 } from '../../../model/index.ts';
import type { Endplate } from '../endplate/endplate.ts';
import { type Measured, measurePlates, upwardOf } from './doubt.ts';
import type { FemoralHead } from './femoral-head.ts';
import { tiltDeg } from './tilts.ts';

/** Pelvic parameters · deg. */
export interface PelvicAngles {
  slope: Measured;
  /** only with both femoral heads */
  tilt?: Measured;
  incidence?: Measured;
  hipAxisCentre?: Vec3;
}

/** Tilt of the line from the hips up to the sacral endplate; positive when the hips lie in front · deg. */
function pelvicTilt(hips: Vec3, plateCentre: Vec3): number {
  const line = rejectFrom3(sub3(plateCentre, hips), LEFT);
  return Math.atan2(dot3(line, POSTERIOR), dot3(line, SUPERIOR)) * DEG_PER_RAD;
}

/**
 * Measures the pelvis.
 * @param plate - superior endplate of S1
 * @param centreSdMm - one standard deviation of the endplate's centre along itself · mm
 */
export function measurePelvis(plate: Endplate, heads: readonly FemoralHead[], centreSdMm: number): PelvicAngles {
  const slopeOf = (normal: Vec3) => -tiltDeg(normal, 'sagittal');
  const slope = measurePlates([plate], ([pose]) => slopeOf(upwardOf(pose, 'superior')));
  const left = heads.find((head) => head.side === 'left');
  const right = heads.find((head) => head.side === 'right');
  if (!left || !right) return { slope };
  const hips = scale3(add3(left.centre, right.centre), 0.5);
  const tilt = pelvicTilt(hips, plate.centre);
  const length = Math.hypot(plate.centre[1] - hips[1], plate.centre[2] - hips[2]);
  const across = Math.hypot(centreSdMm, 0.5 * Math.hypot(left.sdMm, right.sdMm));
  const tiltSd = (across / Math.max(20, length)) * DEG_PER_RAD;
  return {
    slope,
    tilt: { value: tilt, sd: tiltSd },
    incidence: { value: tilt + slope.value, sd: Math.hypot(tiltSd, slope.sd) },
    hipAxisCentre: hips,
  };
}
