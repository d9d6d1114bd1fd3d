/**
 * The axis about which a segment bends, from how its sensor turns: principal direction of the angular rate. It lies across the body; its
 * sign is that of the bend that people make from standing (trunk forward, thigh forward, shank backward, heel up). Turning about the
 * vertical is left out: walkers turn round. O(samples).
 */

import {
  DEG_PER_RAD,
  type Quaternion,
  quaternionAt,
  rejectFrom3,
  rotateByQuaternion,
  signedAngleRad,
  symmetricEigen3,
  type Vec3,
} from '../../kernel/index.ts';
import type { Spell } from './stillness.ts';

/** What the movement shows of a sensor's mounting. */
export interface FunctionalAxis {
  /** towards the subject's right, in the sensor's axes · unit vector */
  right: Vec3;
  /** share of the bending that is about it · 1/3 to 1 */
  share: number;
  /** how far it stood from level in the neutral pose · deg */
  tiltDeg: number;
  /** farthest turn about it from the neutral pose · deg */
  rangeDeg: number;
  /** forward direction in the neutral pose, anticlockwise from the first axis of the earth frame · rad */
  headingRad: number;
}

/** +1 where bending turns the segment about its right (distal end forward), -1 where about its left. */
const BEND_SIGN: Record<string, 1 | -1> = {
  head: -1,
  thorax: -1,
  lumbar: -1,
  pelvis: -1,
  upperArm: 1,
  forearm: 1,
  hand: 1,
  thigh: 1,
  shank: -1,
  foot: -1,
};

/**
 * Finds the bending axis of a sensor.
 *
 * @param segment - what it sits on
 * @param q - sensor to earth · shape [4N]
 * @param rates - angular rate in the sensor's axes · shape [3N] · rad/s
 * @param pose - sensor to earth in the neutral pose
 * @param window - samples of the bending movement
 */
export function functionalAxis(
  segment: string,
  q: Float64Array,
  rates: Float64Array,
  pose: Quaternion,
  window: Spell,
): FunctionalAxis | undefined {
  const sum = [0, 0, 0, 0, 0, 0];
  for (let i = window.from; i < window.to; i++) {
    const rate: Vec3 = [rates[3 * i], rates[3 * i + 1], rates[3 * i + 2]];
    if (Number.isNaN(rate[0])) continue;
    // turning on the spot says nothing of how a segment bends
    const [x, y, z] = rejectFrom3(rate, verticalAt(q, i));
    for (const [k, part] of [x * x, x * y, x * z, y * y, y * z, z * z].entries()) sum[k] += part;
  }
  const [xx, xy, xz, yy, yz, zz] = sum;
  const total = xx + yy + zz;
  if (!(total > 0)) return undefined;
  const { values, vectors } = symmetricEigen3([xx, xy, xz, xy, yy, yz, xz, yz, zz]);
  const { mean, range } = turnsAbout(vectors[0], q, pose, window);
  const sign = Math.sign(mean || 1) * (BEND_SIGN[segment] ?? 1);
  const axis = vectors[0];
  const right: Vec3 = [sign * axis[0], sign * axis[1], sign * axis[2]];
  const there = rotateByQuaternion(pose, right);
  return {
    right,
    share: values[0] / total,
    tiltDeg: Math.asin(Math.max(-1, Math.min(1, there[2]))) * DEG_PER_RAD,
    rangeDeg: range * DEG_PER_RAD,
    // forward is a quarter turn to the left of right
    headingRad: Math.atan2(there[1], there[0]) + Math.PI / 2,
  };
}

/** The vertical as a sensor sees it. */
function verticalAt(q: Float64Array, i: number): Vec3 {
  const [w, x, y, z] = quaternionAt(q, i);
  return [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)];
}

/** Mean (weighted by size) and largest turn about an axis of the sensor away from the pose, as the vertical shows it. */
function turnsAbout(axis: Vec3, q: Float64Array, pose: Quaternion, window: Spell) {
  let [sum, range] = [0, 0];
  const before = verticalAt(Float64Array.from(pose), 0);
  for (let i = window.from; i < window.to; i++) {
    const now = verticalAt(q, i);
    if (Number.isNaN(now[0])) continue;
    // the sensor turns one way, what it sees the other
    const angle = -signedAngleRad(before, now, axis);
    sum += angle * Math.abs(angle);
    range = Math.max(range, Math.abs(angle));
  }
  return { mean: sum, range };
}

/** True where the movement shows the axis well enough to trust it: it dominates, lies level and the turn is large. */
export function isTrusted(axis: FunctionalAxis): boolean {
  return axis.share > 0.75 && Math.abs(axis.tiltDeg) < 30 && axis.rangeDeg > 15;
}
