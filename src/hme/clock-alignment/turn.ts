/**
 * How far a segment has turned about the axis it turns about most, slow drift taken off: for a gyroscope the rate about that axis summed up, for a
 * bone the angle of its direction in the plane it sweeps. Where a camera jitters, this holds its noise down, while a speed raises it.
 * The sign of the axis is arbitrary. O(samples).
 */

import {
  butterworth,
  cross3,
  edgeLength,
  filterZeroPhase,
  type Mat3,
  scatter3,
  symmetricEigen3,
  unit3,
  unwrapInPlace,
  type Vec3,
} from '../../kernel/index.ts';

/** Slower than this a summed rate tells its own bias · Hz */
const DRIFT_HZ = 0.1;

function interleaved(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(3 * parts[0].length);
  for (let i = 0; i < parts[0].length; i++)
    for (let k = 0; k < 3; k++) out[3 * i + k] = Number.isFinite(parts[k][i]) ? parts[k][i] : 0;
  return out;
}

function withoutDrift(values: Float64Array, rateHz: number): Float64Array | undefined {
  const sections = butterworth({ band: 'high-pass', order: 2, cutoffHz: DRIFT_HZ, rateHz });
  return values.length > edgeLength(sections) ? filterZeroPhase(sections, values) : undefined;
}

/**
 * Turn of a gyroscope about its main axis.
 * @param rates - x, y, z · rad/s or deg/s · each shape [N]
 * @returns shape [N], high-passed at 0.1 Hz; undefined for less than a moment
 */
export function turnOfRates(rates: readonly Float64Array[], rateHz: number): Float64Array | undefined {
  const axis = symmetricEigen3(scatter3(interleaved(rates)).covariance).vectors[0];
  const angle = new Float64Array(rates[0].length);
  let sum = 0;
  for (let i = 0; i < angle.length; i++) {
    const rate = rates[0][i] * axis[0] + rates[1][i] * axis[1] + rates[2][i] * axis[2];
    // sums of both neighbours keep the turn between its samples
    angle[i] = sum + rate / 2 / rateHz;
    sum += (Number.isFinite(rate) ? rate : 0) / rateHz;
    if (!Number.isFinite(angle[i])) angle[i] = sum;
  }
  return withoutDrift(angle, rateHz);
}

/**
 * Turn of a direction in the plane it sweeps most.
 * @param direction - unit vector over time, x, y, z · each shape [N]
 * @returns rad, high-passed at 0.1 Hz · shape [N]; undefined for less than a moment
 */
export function turnOfDirection(direction: readonly Float64Array[], rateHz: number): Float64Array | undefined {
  const { centroid, covariance } = scatter3(interleaved(direction));
  const sweep = symmetricEigen3(covariance as Mat3).vectors[0];
  const normal = unit3(cross3(sweep, centroid));
  const along: Vec3 = cross3(normal, sweep);
  const project = (i: number, axis: Vec3) =>
    direction[0][i] * axis[0] + direction[1][i] * axis[1] + direction[2][i] * axis[2];
  const angle = Float64Array.from(direction[0], (_, i) => Math.atan2(project(i, sweep), project(i, along)));
  unwrapInPlace(angle, 2 * Math.PI);
  let last = 0;
  for (let i = 0; i < angle.length; i++) {
    if (Number.isFinite(angle[i])) last = angle[i];
    else angle[i] = last;
  }
  return withoutDrift(angle, rateHz);
}
