/** What an orientation filter takes and gives, and the first orientation from gravity and field. */

import { expectArgument } from '../argument-error.ts';
import { mat3ToQuaternion, type Quaternion } from '../linear/quaternion.ts';
import { cross3, norm3, unit3, type Vec3 } from '../linear/vec3.ts';

/** Samples of one sensor, in the sensor's own axes, all of one rate. */
export interface ImuSamples {
  /** samples per second */
  rateHz: number;
  /** angular rate · shape [3N] · rad/s · finite */
  gyr: Float64Array;
  /** specific force (+g upward at rest) · shape [3N] · m/s² · NaN where missing */
  acc: Float64Array;
  /** magnetic field, any unit · shape [3N] · NaN where missing; absent: heading is relative */
  mag?: Float64Array;
  /** field samples per second where they come slower than the others, NaN in between */
  magRateHz?: number;
  /** time since the sample before, where it is not 1 / rateHz · shape [N] · s */
  stepsS?: Float64Array;
}

/** Orientation of a sensor over time with what the filter found on the way. */
export interface OrientationEstimate {
  /** `[w, x, y, z]` sensor to ENU earth frame; without a field the heading starts anywhere · shape [4N] */
  orientation: Float64Array;
  /** gyroscope bias · shape [3N] · rad/s; absent where the filter estimates none */
  bias?: Float64Array;
  /** sd of the bias (largest over directions, upper bound) · shape [N] · rad/s */
  biasSd?: Float64Array;
  /** 1 at rest · shape [N] */
  rest?: Uint8Array;
  /** 1 where the field was judged disturbed · shape [N]; absent without a field */
  disturbed?: Uint8Array;
}

/** Number of samples. @throws ArgumentError arrays that do not belong together */
export function checkImuSamples(samples: ImuSamples): number {
  const { gyr, acc, mag, rateHz, stepsS } = samples;
  const n = gyr.length / 3;
  expectArgument(rateHz > 0 && Number.isFinite(rateHz), 'rateHz', rateHz, 'a rate above 0');
  expectArgument(Number.isInteger(n), 'gyr', gyr.length, 'three numbers a sample');
  expectArgument(acc.length === gyr.length, 'acc', acc.length, `${gyr.length} numbers`);
  expectArgument(!mag || mag.length === gyr.length, 'mag', mag?.length, `${gyr.length} numbers`);
  expectArgument(!stepsS || stepsS.length === n, 'stepsS', stepsS?.length, `${n} numbers`);
  return n;
}

/**
 * Orientation from one look at gravity and field: up along `acc`, north in the plane of up and field.
 *
 * @param acc - specific force · any length but zero
 * @param mag - magnetic field; without it, or along gravity, north lies over the sensor's y axis (its z axis where y is steep)
 * @returns `[w, x, y, z]` sensor to ENU
 * @example orientationFromAccMag([0, 0, 9.81], [0, 20, -40]) // [1, 0, 0, 0]
 */
export function orientationFromAccMag(acc: Vec3, mag?: Vec3): Quaternion {
  const up = unit3(acc);
  let east = mag ? cross3(mag, up) : ([0, 0, 0] as const);
  if (!mag || !(norm3(east) > 1e-9 * norm3(mag))) {
    east = cross3(Math.abs(up[1]) < 0.9 ? [0, 1, 0] : [0, 0, -Math.sign(up[1])], up);
  }
  east = unit3(east);
  const north = cross3(up, east);
  return mat3ToQuaternion([...east, ...north, ...up]);
}
