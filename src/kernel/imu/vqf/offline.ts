/**
 * A whole recording with hindsight, built on the filter of filter.ts: one pass forward and one backward give bias, rest and
 * disturbance; then integration with that bias, zero-phase low-pass and tilt, and the heading filtered forward and backward
 * (Laidig & Seel 2023, section 6). O(N). See filter.ts for origin and licence.
 */

import { integrateAt, multiplyAt, rotateAt, turnHeadingAt, uprightAt } from '../rotate.ts';
import { checkImuSamples, type ImuSamples, type OrientationEstimate } from '../samples.ts';
import { type Vqf2023, wrapOnce } from './filter.ts';
import { gainOfTau, LowPass } from './low-pass.ts';
import { invertFlat3, largestRowSum3 } from './mat3-flat.ts';
import { vqfFor } from './online.ts';
import { VQF_DEFAULTS, type VqfParameters } from './parameters.ts';

const UNIT = Math.PI / 180 / 100;

/**
 * Orientation, bias, rest and disturbance at each sample, from the samples before and after it.
 *
 * @param samples - one sensor
 * @param parameters - departures from the published defaults
 * @throws ArgumentError arrays that do not belong together
 * @see Laidig & Seel 2023, Information Fusion 91:187-204
 */
export function vqf2023Offline(samples: ImuSamples, parameters: Partial<VqfParameters> = {}): OrientationEstimate {
  const n = checkImuSamples(samples);
  const all = { ...VQF_DEFAULTS, ...parameters };
  const found = passBothWays(samples, n, vqfFor(samples, all));
  const orientation = strapDown(samples, n, found.bias);
  tiltWithHindsight(samples, n, all.tauAccS, orientation);
  if (!samples.mag) return { ...found, orientation, disturbed: undefined };
  const heading = seenHeading(orientation, samples.mag, n);
  const stepS = 1 / (samples.magRateHz ?? samples.rateHz);
  filterHeading(heading, found.disturbed, all, stepS, false);
  filterHeading(heading, found.disturbed, all, stepS, true);
  for (let i = 0; i < n; i++) turnHeadingAt(orientation, 4 * i, heading[i], orientation, 4 * i);
  return { ...found, orientation };
}

interface Found {
  bias: Float64Array;
  biasSd: Float64Array;
  rest: Uint8Array;
  disturbed: Uint8Array;
}

/** Online passes in both directions of time; the biases are weighed by their information. */
function passBothWays(samples: ImuSamples, n: number, filter: Vqf2023): Found {
  const { gyr, stepsS } = samples;
  const found = {
    bias: new Float64Array(3 * n),
    biasSd: new Float64Array(n),
    rest: new Uint8Array(n),
    disturbed: new Uint8Array(n),
  };
  const information = new Float64Array(9 * n);
  for (let i = 0; i < n; i++) {
    filter.updateGyr(gyr, 3 * i, stepsS ? stepsS[i] : undefined);
    updateOthers(filter, samples, i);
    found.rest[i] = filter.rest.resting ? 1 : 0;
    found.disturbed[i] = filter.field.disturbed ? 1 : 0;
    found.bias.set(filter.gyroBias.bias, 3 * i);
    invertFlat3(filter.gyroBias.covariance, 0, information, 9 * i);
  }
  filter.reset();
  const back = new Float64Array(3);
  const other = new Float64Array(9);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = 0; k < 3; k++) back[k] = -gyr[3 * i + k];
    filter.updateGyr(back, 0, stepsS ? stepsS[i] : undefined);
    updateOthers(filter, samples, i);
    if (filter.rest.resting) found.rest[i] = 1;
    if (!filter.field.disturbed) found.disturbed[i] = 0;
    invertFlat3(filter.gyroBias.covariance, 0, other, 0);
    mergeBias(found, information, i, filter.gyroBias.bias, other);
  }
  return found;
}

function updateOthers(filter: Vqf2023, samples: ImuSamples, i: number): void {
  filter.updateAcc(samples.acc, 3 * i);
  if (samples.mag) filter.updateMag(samples.mag, 3 * i);
}

/** (I₁ + I₂)⁻¹ (I₁ b₁ − I₂ b₂); backward in time the bias has the other sign. */
function mergeBias(found: Found, information: Float64Array, i: number, b2: Float64Array, other: Float64Array): void {
  const { bias } = found;
  const at = 9 * i;
  const b = 3 * i;
  const sum = [0, 0, 0];
  for (let r = 0; r < 3; r++) {
    const own = information[at + 3 * r] * bias[b] + information[at + 3 * r + 1] * bias[b + 1];
    const theirs = other[3 * r] * b2[0] + other[3 * r + 1] * b2[1] + other[3 * r + 2] * b2[2];
    sum[r] = own + information[at + 3 * r + 2] * bias[b + 2] - theirs;
  }
  for (let k = 0; k < 9; k++) information[at + k] += other[k];
  invertFlat3(information, at, information, at);
  for (let r = 0; r < 3; r++) {
    const m = at + 3 * r;
    bias[b + r] = information[m] * sum[0] + information[m + 1] * sum[1] + information[m + 2] * sum[2];
  }
  found.biasSd[i] = Math.sqrt(largestRowSum3(information, at)) * UNIT;
}

function strapDown({ gyr, rateHz, stepsS }: ImuSamples, n: number, bias: Float64Array): Float64Array {
  const out = new Float64Array(4 * n);
  const q = Float64Array.of(1, 0, 0, 0);
  for (let i = 0; i < n; i++) {
    integrateAt(q, 0, gyr, 3 * i, bias, 3 * i, stepsS ? stepsS[i] : 1 / rateHz);
    out.set(q, 4 * i);
  }
  return out;
}

/** Turns integrated orientations upright by acceleration that is low-passed forward and backward in their frame. */
function tiltWithHindsight({ acc, rateHz }: ImuSamples, n: number, tauS: number, orientation: Float64Array): void {
  const low = new Float64Array(3 * n);
  const v = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    rotateAt(orientation, 4 * i, acc, 3 * i, v);
    low.set(v, 3 * i);
  }
  fillGaps(low);
  const filter = new LowPass(3, tauS, 1 / rateHz);
  for (let i = 0; i < n; i++) filter.step(low, 3 * i);
  if (n > 0) filter.settle(low, 3 * n - 3);
  for (let i = n - 1; i >= 0; i--) filter.step(low, 3 * i);
  const tilt = Float64Array.of(1, 0, 0, 0);
  for (let i = 0; i < n; i++) {
    rotateAt(tilt, 0, low, 3 * i, v);
    const norm = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (norm >= Number.EPSILON) for (let k = 0; k < 3; k++) v[k] /= norm;
    uprightAt(tilt, 0, v);
    multiplyAt(tilt, 0, orientation, 4 * i, orientation, 4 * i);
  }
}

/** Missing vectors take the one before (at the start the first there is; straight up when there is none). */
function fillGaps(values: Float64Array): void {
  const n = values.length / 3;
  let last = 0;
  while (last < n && Number.isNaN(values[3 * last])) last++;
  if (last === n) {
    for (let i = 0; i < n; i++) values.set([0, 0, 1], 3 * i);
    return;
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isNaN(values[3 * i])) last = i;
    else values.copyWithin(3 * i, 3 * last, 3 * last + 3);
  }
}

function seenHeading(orientation: Float64Array, mag: Float64Array, n: number): Float64Array {
  const heading = new Float64Array(n);
  const field = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    rotateAt(orientation, 4 * i, mag, 3 * i, field);
    heading[i] = Math.atan2(field[0], field[1]);
  }
  return heading;
}

/** First-order filter of the heading in place, in one direction of time; NaN (no field) holds the last. */
function filterHeading(
  heading: Float64Array,
  disturbed: Uint8Array,
  parameters: VqfParameters,
  stepS: number,
  backward: boolean,
): void {
  const n = heading.length;
  const gain = gainOfTau(parameters.tauMagS, stepS);
  let current = heading.find((value) => !Number.isNaN(value)) ?? 0;
  if (backward) current = heading.findLast((value) => !Number.isNaN(value)) ?? 0;
  let opening = 1;
  let rejectedS = 0;
  for (let step = 0; step < n; step++) {
    const i = backward ? n - 1 - step : step;
    if (!Number.isNaN(heading[i])) {
      let k = gain;
      if (parameters.disturbanceRejection) {
        if (!disturbed[i]) rejectedS = Math.max(rejectedS - parameters.magRejectionFactor * stepS, 0);
        else if (rejectedS > parameters.magRejectionS) k /= parameters.magRejectionFactor;
        else {
          rejectedS += stepS;
          k = 0;
        }
      }
      if (opening !== 0) {
        if (k < opening) k = opening;
        opening = opening / (opening + 1);
        if (opening * parameters.tauMagS < stepS) opening = 0;
      }
      current = wrapOnce(current + k * wrapOnce(heading[i] - current));
    }
    heading[i] = current;
  }
}
