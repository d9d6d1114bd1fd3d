/**
 * What an inertial sensor measures while it turns and moves in a known way, with the faults that real ones have. The angular rate of
 * a sample is that which integration needs to come from the orientation before to this one. O(N).
 */

import { conjugateQuaternion, multiplyQuaternion, type Quaternion, rotateByQuaternion } from '../linear/quaternion.ts';
import type { Vec3 } from '../linear/vec3.ts';
import { createRandom } from '../stats/random.ts';
import type { ImuSamples } from './samples.ts';

/** Standard acceleration of gravity · m/s² */
export const GRAVITY_MS2 = 9.80665;

/** Motion and faults; what is absent is zero, the field that of central Europe. */
export interface ImuScript {
  rateHz: number;
  samples: number;
  /** orientation, sensor to ENU, at a time · s */
  orientation: (timeS: number) => Quaternion;
  /** acceleration of the sensor in ENU, without gravity, at a time · m/s² */
  acceleration?: (timeS: number) => Vec3;
  /** earth's field in ENU · µT */
  field?: Vec3;
  /** field that a magnet or iron adds in ENU at a time · µT */
  disturbance?: (timeS: number) => Vec3;
  /** constant gyroscope bias · rad/s */
  bias?: Vec3;
  /** standard deviations of white noise */
  noise?: { gyrRadS?: number; accMs2?: number; magUt?: number };
  seed?: number;
}

/** Samples with the truth that made them. */
export interface SimulatedImu {
  samples: Required<Pick<ImuSamples, 'rateHz' | 'gyr' | 'acc' | 'mag'>>;
  /** `[w, x, y, z]` sensor to ENU · shape [4N] */
  orientation: Float64Array;
}

const FIELD: Vec3 = [0, 20, -44];

/**
 * Samples of a sensor in known motion.
 *
 * @param script - orientation over time, and what else happens
 * @example simulateImu({ rateHz: 100, samples: 3, orientation: () => [1, 0, 0, 0] }).samples.acc[2] // 9.80665
 */
export function simulateImu(script: ImuScript): SimulatedImu {
  const { rateHz, samples: n, noise = {}, bias = [0, 0, 0], field = FIELD } = script;
  const random = createRandom(script.seed ?? 1);
  const samples = { rateHz, gyr: new Float64Array(3 * n), acc: new Float64Array(3 * n), mag: new Float64Array(3 * n) };
  const orientation = new Float64Array(4 * n);
  let before = script.orientation(-1 / rateHz);
  const put = (out: Float64Array, i: number, v: Vec3, sd = 0) => {
    for (let k = 0; k < 3; k++) out[3 * i + k] = v[k] + (sd ? sd * random.normal() : 0);
  };
  for (let i = 0; i < n; i++) {
    const timeS = i / rateHz;
    const now = script.orientation(timeS);
    const inverse = conjugateQuaternion(now);
    const rate = rateBetween(before, now, rateHz);
    put(samples.gyr, i, [rate[0] + bias[0], rate[1] + bias[1], rate[2] + bias[2]], noise.gyrRadS);
    const moved = script.acceleration?.(timeS) ?? [0, 0, 0];
    put(samples.acc, i, rotateByQuaternion(inverse, [moved[0], moved[1], moved[2] + GRAVITY_MS2]), noise.accMs2);
    const extra = script.disturbance?.(timeS) ?? [0, 0, 0];
    const there: Vec3 = [field[0] + extra[0], field[1] + extra[1], field[2] + extra[2]];
    put(samples.mag, i, rotateByQuaternion(inverse, there), noise.magUt);
    orientation.set(now, 4 * i);
    before = now;
  }
  return { samples, orientation };
}

/** Constant angular rate, in the moving frame, that takes one orientation to the next · rad/s. */
function rateBetween(from: Quaternion, to: Quaternion, rateHz: number): Vec3 {
  const [w, x, y, z] = multiplyQuaternion(conjugateQuaternion(from), to);
  const sine = Math.hypot(x, y, z);
  if (sine < 1e-300) return [0, 0, 0];
  const angle = 2 * Math.atan2(sine, Math.abs(w)) * Math.sign(w || 1);
  const factor = (angle * rateHz) / sine;
  return [x * factor, y * factor, z * factor];
}
