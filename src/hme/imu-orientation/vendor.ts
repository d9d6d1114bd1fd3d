/**
 * How far an orientation is from the one that the device fused itself. Devices tell their orientation in axes of their own choice, so the
 * turn between both sensor frames is fitted on angular rates (Wahba's problem), and the device's vertical on accelerations; what is left
 * is compared. O(samples).
 */

import {
  angleRad,
  DEG_PER_RAD,
  type Mat3,
  multiplyMat3Vec3,
  multiplyQuaternion,
  nearestRotation,
  type Quaternion,
  quaternionAt,
  rotateByQuaternion,
  transposeMat3,
  unit3,
  type Vec3,
} from '../../kernel/index.ts';
import type { SensorOrientation } from './estimate.ts';

/** What the comparison found. */
export interface VendorComparison {
  /** root mean square angle between both verticals as the sensor sees them · deg */
  inclinationDeg: number;
  /** turn between the axes of the samples and those of the device's orientation · deg */
  axesDeg: number;
}

/** Undefined where the device gave no orientation, this is it, or it hardly moved. */
export function compareWithVendor({ sensor, filter, orientation }: SensorOrientation): VendorComparison | undefined {
  const { vendor, gyr, acc, base } = sensor;
  if (!vendor || !gyr || !acc || filter === 'vendor') return undefined;
  const turn = fitAxes(vendor, gyr, base.rateHz);
  if (!turn) return undefined;
  const up = fitVertical(vendor, acc, turn);
  const back = transposeMat3(turn);
  let [squares, count] = [0, 0];
  for (let i = 0; 4 * i < vendor.length; i++) {
    const [own, theirs] = [quaternionAt(orientation, i), quaternionAt(vendor, i)];
    if (Number.isNaN(own[0]) || Number.isNaN(theirs[0])) continue;
    const seen = rotateByQuaternion([own[0], -own[1], -own[2], -own[3]], [0, 0, 1]);
    const told = multiplyMat3Vec3(back, rotateByQuaternion([theirs[0], -theirs[1], -theirs[2], -theirs[3]], up));
    squares += angleRad(seen, told) ** 2;
    count++;
  }
  const cosine = (turn[0] + turn[4] + turn[8] - 1) / 2;
  return count === 0
    ? undefined
    : {
        inclinationDeg: Math.sqrt(squares / count) * DEG_PER_RAD,
        axesDeg: Math.acos(Math.max(-1, Math.min(1, cosine))) * DEG_PER_RAD,
      };
}

/** Turn that takes the gyroscope's rates to those of the device's orientation. */
function fitAxes(vendor: Float64Array, gyr: Float64Array, rateHz: number): Mat3 | undefined {
  const sum = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let moved = 0;
  for (let i = 1; 4 * i < vendor.length; i++) {
    const [w, x, y, z] = multiplyQuaternion(conjugate(quaternionAt(vendor, i - 1)), quaternionAt(vendor, i));
    const factor = 2 * rateHz * (w < 0 ? -1 : 1);
    const rate = [x * factor, y * factor, z * factor];
    if (Number.isNaN(w) || Number.isNaN(gyr[3 * i])) continue;
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) sum[3 * r + c] += rate[r] * gyr[3 * i + c];
    moved += rate[0] ** 2 + rate[1] ** 2 + rate[2] ** 2;
  }
  // less than a second at 1 rad/s in all says nothing of the axes
  return moved > rateHz ? nearestRotation(sum as unknown as Mat3) : undefined;
}

function conjugate([w, x, y, z]: Quaternion): Quaternion {
  return [w, -x, -y, -z];
}

/** Mean direction of the acceleration in the device's earth frame. */
function fitVertical(vendor: Float64Array, acc: Float64Array, turn: Mat3): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; 4 * i < vendor.length; i++) {
    const force: Vec3 = [acc[3 * i], acc[3 * i + 1], acc[3 * i + 2]];
    const there = rotateByQuaternion(quaternionAt(vendor, i), multiplyMat3Vec3(turn, force));
    if (there.every(Number.isFinite)) for (let k = 0; k < 3; k++) sum[k] += there[k];
  }
  return unit3(sum);
}
