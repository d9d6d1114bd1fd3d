/**
 * Gradient-descent orientation filter (Madgwick 2010, internal report, University of Bristol; the field's declination taken out
 * as there). O(1) a sample. Written in the ENU frame, in which the reference field is `[0, b_y, b_z]`; the widespread C code
 * halves one term of the field's gradient, this follows the report.
 */

import { rotateAt } from './rotate.ts';
import { checkImuSamples, type ImuSamples, type OrientationEstimate, orientationFromAccMag } from './samples.ts';

/** Gains. */
export interface MadgwickParameters {
  /** how fast the gradient pulls · rad/s; 0.12 is the best single value on the BROAD benchmark */
  beta: number;
}

/** One set for every recording. */
export const MADGWICK_DEFAULTS: Readonly<MadgwickParameters> = { beta: 0.12 };

/**
 * Orientation at each sample, from the samples up to it. Starts from the first acceleration and field.
 *
 * @param samples - one sensor
 * @throws ArgumentError arrays that do not belong together
 */
export function madgwick2010(samples: ImuSamples, parameters: Partial<MadgwickParameters> = {}): OrientationEstimate {
  const n = checkImuSamples(samples);
  const { beta } = { ...MADGWICK_DEFAULTS, ...parameters };
  const { gyr, acc, mag, rateHz, stepsS } = samples;
  const orientation = new Float64Array(4 * n);
  const q = firstOrientation(samples, n);
  const gradient = new Float64Array(4);
  for (let i = 0; i < n; i++) {
    gradient.fill(0);
    addGravity(q, acc, 3 * i, gradient);
    if (mag) addField(q, mag, 3 * i, gradient);
    step(q, gyr, 3 * i, gradient, beta, stepsS ? stepsS[i] : 1 / rateHz);
    orientation.set(q, 4 * i);
  }
  return { orientation };
}

/** From the first sample that has acceleration (and field where there is one). */
export function firstOrientation({ acc, mag }: ImuSamples, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    const [a, b, c] = acc.subarray(3 * i, 3 * i + 3);
    const size = Math.abs(a) + Math.abs(b) + Math.abs(c);
    if (!(size > 0) || (mag && Number.isNaN(mag[3 * i]))) continue;
    return Float64Array.from(orientationFromAccMag([a, b, c], mag && [mag[3 * i], mag[3 * i + 1], mag[3 * i + 2]]));
  }
  return Float64Array.of(1, 0, 0, 0);
}

/** Gradient of ½|Rᵀ·up − a|², a made one long. */
function addGravity(q: Float64Array, acc: Float64Array, at: number, out: Float64Array): void {
  const norm = Math.hypot(acc[at], acc[at + 1], acc[at + 2]);
  if (!(norm > 0)) return;
  const [w, x, y, z] = q;
  const f0 = 2 * (x * z - w * y) - acc[at] / norm;
  const f1 = 2 * (w * x + y * z) - acc[at + 1] / norm;
  const f2 = 1 - 2 * (x * x + y * y) - acc[at + 2] / norm;
  out[0] += 2 * (-y * f0 + x * f1);
  out[1] += 2 * (z * f0 + w * f1) - 4 * x * f2;
  out[2] += 2 * (-w * f0 + z * f1) - 4 * y * f2;
  out[3] += 2 * (x * f0 + y * f1);
}

const EARTH = new Float64Array(3);

/** Gradient of ½|Rᵀ·[0, b, c] − m|², m made one long, b and c its level and upward part as now seen. */
function addField(q: Float64Array, mag: Float64Array, at: number, out: Float64Array): void {
  const norm = Math.hypot(mag[at], mag[at + 1], mag[at + 2]);
  if (!(norm > 0)) return;
  rotateAt(q, 0, mag, at, EARTH);
  const b = Math.hypot(EARTH[0], EARTH[1]) / norm;
  const c = EARTH[2] / norm;
  const [w, x, y, z] = q;
  const f0 = 2 * b * (x * y + w * z) + 2 * c * (x * z - w * y) - mag[at] / norm;
  const f1 = b * (1 - 2 * (x * x + z * z)) + 2 * c * (w * x + y * z) - mag[at + 1] / norm;
  const f2 = 2 * b * (y * z - w * x) + c * (1 - 2 * (x * x + y * y)) - mag[at + 2] / norm;
  out[0] += 2 * (b * z - c * y) * f0 + 2 * c * x * f1 - 2 * b * x * f2;
  out[1] += 2 * (b * y + c * z) * f0 + (2 * c * w - 4 * b * x) * f1 + (-2 * b * w - 4 * c * x) * f2;
  out[2] += 2 * (b * x - c * w) * f0 + 2 * c * z * f1 + (2 * b * z - 4 * c * y) * f2;
  out[3] += 2 * (b * w + c * x) * f0 + (2 * c * y - 4 * b * z) * f1 + 2 * b * y * f2;
}

function step(
  q: Float64Array,
  gyr: Float64Array,
  at: number,
  gradient: Float64Array,
  beta: number,
  stepS: number,
): void {
  const [w, x, y, z] = q;
  const [a, b, c] = [gyr[at], gyr[at + 1], gyr[at + 2]];
  const size = Math.hypot(gradient[0], gradient[1], gradient[2], gradient[3]);
  const pull = size > 0 ? beta / size : 0;
  q[0] = w + (0.5 * (-x * a - y * b - z * c) - pull * gradient[0]) * stepS;
  q[1] = x + (0.5 * (w * a + y * c - z * b) - pull * gradient[1]) * stepS;
  q[2] = y + (0.5 * (w * b - x * c + z * a) - pull * gradient[2]) * stepS;
  q[3] = z + (0.5 * (w * c + x * b - y * a) - pull * gradient[3]) * stepS;
  const norm = Math.hypot(q[0], q[1], q[2], q[3]);
  for (let k = 0; k < 4; k++) q[k] /= norm;
}
