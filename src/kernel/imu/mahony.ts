/**
 * Explicit complementary filter (Mahony, Hamel & Pflimlin 2008): the angular rate is corrected by how gravity and field miss
 * their directions, proportionally and by their integral, which is the bias. O(1) a sample.
 */

import { firstOrientation } from './madgwick.ts';
import { integrateAt, rotateAt } from './rotate.ts';
import { checkImuSamples, type ImuSamples, type OrientationEstimate } from './samples.ts';

/** Gains. */
export interface MahonyParameters {
  /** proportional · 1/s */
  kp: number;
  /** integral · 1/s² */
  ki: number;
}

/** One set for every recording: the best on the BROAD benchmark. */
export const MAHONY_DEFAULTS: Readonly<MahonyParameters> = { kp: 0.74, ki: 0.0012 };

/**
 * Orientation and bias at each sample, from the samples up to it. Starts from the first acceleration and field.
 *
 * @param samples - one sensor
 * @throws ArgumentError arrays that do not belong together
 */
export function mahony2008(samples: ImuSamples, parameters: Partial<MahonyParameters> = {}): OrientationEstimate {
  const n = checkImuSamples(samples);
  const { kp, ki } = { ...MAHONY_DEFAULTS, ...parameters };
  const { gyr, acc, mag, rateHz, stepsS } = samples;
  const orientation = new Float64Array(4 * n);
  const bias = new Float64Array(3 * n);
  const q = firstOrientation(samples, n);
  const integral = new Float64Array(3);
  const error = new Float64Array(3);
  const offset = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    const dt = stepsS ? stepsS[i] : 1 / rateHz;
    error.fill(0);
    addGravity(q, acc, 3 * i, error);
    if (mag) addField(q, mag, 3 * i, error);
    for (let k = 0; k < 3; k++) {
      integral[k] -= ki * error[k] * dt;
      offset[k] = integral[k] - kp * error[k];
    }
    integrateAt(q, 0, gyr, 3 * i, offset, 0, dt);
    orientation.set(q, 4 * i);
    bias.set(integral, 3 * i);
  }
  return { orientation, bias };
}

/** Cross product of the measured and the expected direction of up. */
function addGravity(q: Float64Array, acc: Float64Array, at: number, out: Float64Array): void {
  const norm = Math.hypot(acc[at], acc[at + 1], acc[at + 2]);
  if (!(norm > 0)) return;
  const [w, x, y, z] = q;
  addCross(acc, at, norm, 2 * (x * z - w * y), 2 * (w * x + y * z), 1 - 2 * (x * x + y * y), out);
}

const EARTH = new Float64Array(3);

/** Cross product of the measured field and the field that points north with the same dip. */
function addField(q: Float64Array, mag: Float64Array, at: number, out: Float64Array): void {
  const norm = Math.hypot(mag[at], mag[at + 1], mag[at + 2]);
  if (!(norm > 0)) return;
  rotateAt(q, 0, mag, at, EARTH);
  const b = Math.hypot(EARTH[0], EARTH[1]) / norm;
  const c = EARTH[2] / norm;
  const [w, x, y, z] = q;
  const vx = 2 * b * (x * y + w * z) + 2 * c * (x * z - w * y);
  const vy = b * (1 - 2 * (x * x + z * z)) + 2 * c * (w * x + y * z);
  const vz = 2 * b * (y * z - w * x) + c * (1 - 2 * (x * x + y * y));
  addCross(mag, at, norm, vx, vy, vz, out);
}

function addCross(
  m: Float64Array,
  at: number,
  norm: number,
  vx: number,
  vy: number,
  vz: number,
  out: Float64Array,
): void {
  const a = m[at] / norm;
  const b = m[at + 1] / norm;
  const c = m[at + 2] / norm;
  out[0] += b * vz - c * vy;
  out[1] += c * vx - a * vz;
  out[2] += a * vy - b * vx;
}
