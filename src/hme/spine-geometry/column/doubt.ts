/** First-order spread of numbers that depend on endplates: finite differences of one plate at a time. O(plates). */

import { scale3 } from '../../../kernel/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import { type Endplate, outward } from '../endplate/endplate.ts';
import { toPatient } from '../label/local-frame.ts';

/** Pose of an endplate: where its centre lies and where it faces. */
export interface PlatePose {
  /** patient frame · mm */
  centre: Vec3;
  /** unit, out of the vertebra */
  normal: Vec3;
}

/** A number with one standard deviation. */
export interface Measured {
  value: number;
  sd: number;
}

/** Pose of a plate as fitted. */
function poseOf(plate: Endplate): PlatePose {
  return { centre: plate.centre, normal: plate.normal };
}

/** Pose with the plane moved: offset in mm, slopes added. */
function movedPose(plate: Endplate, offset: number, slopeU: number, slopeV: number): PlatePose {
  const p = plate.plane;
  const side = plate.side === 'superior' ? 1 : -1;
  return {
    centre: toPatient(plate.frame, p.centreU, p.centreV, p.offset + offset),
    normal: outward(plate.frame, p.slopeU + slopeU, p.slopeV + slopeV, side),
  };
}

const STEP = [0.05, 1e-3, 1e-3] as const;

/**
 * Value of a function of plate poses with its spread from the plates' covariances; plates are taken for independent.
 */
export function measurePlates(plates: readonly Endplate[], value: (poses: PlatePose[]) => number): Measured {
  const poses = plates.map(poseOf);
  const at = value(poses);
  let variance = 0;
  plates.forEach((plate, i) => {
    const slope = STEP.map((step, axis) => {
      const d = [0, 0, 0];
      d[axis] = step;
      const moved = poses.slice();
      moved[i] = movedPose(plate, d[0], d[1], d[2]);
      return (value(moved) - at) / step;
    });
    const c = plate.planeCovariance;
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) variance += slope[a] * c[3 * a + b] * slope[b];
  });
  return { value: at, sd: Math.sqrt(Math.max(0, variance)) };
}

/** The upward normal of a plate. */
export function upwardOf(pose: PlatePose, side: Endplate['side']): Vec3 {
  return side === 'superior' ? pose.normal : scale3(pose.normal, -1);
}
