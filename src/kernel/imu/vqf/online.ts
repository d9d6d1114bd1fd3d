/** A whole recording through the filter of filter.ts in one pass: each orientation knows the past alone. O(N). */

import { checkImuSamples, type ImuSamples, type OrientationEstimate } from '../samples.ts';
import { Vqf2023 } from './filter.ts';
import type { VqfParameters } from './parameters.ts';

/** The filter for a recording's rates. */
export function vqfFor(samples: ImuSamples, parameters: Partial<VqfParameters>): Vqf2023 {
  const { rateHz, magRateHz } = samples;
  return new Vqf2023({ gyrHz: rateHz, magHz: magRateHz ?? rateHz }, parameters);
}

/**
 * Orientation, bias, rest and disturbance at each sample, from the samples up to it.
 *
 * @param samples - one sensor
 * @param parameters - departures from the published defaults
 * @throws ArgumentError arrays that do not belong together
 * @see Laidig & Seel 2023, Information Fusion 91:187-204
 */
export function vqf2023Online(samples: ImuSamples, parameters: Partial<VqfParameters> = {}): OrientationEstimate {
  const n = checkImuSamples(samples);
  const { gyr, acc, mag, stepsS } = samples;
  const filter = vqfFor(samples, parameters);
  const orientation = new Float64Array(4 * n);
  const bias = new Float64Array(3 * n);
  const biasSd = new Float64Array(n);
  const rest = new Uint8Array(n);
  const disturbed = mag && new Uint8Array(n);
  const current = filter.gyroBias.bias;
  for (let i = 0, at = 0; i < n; i++, at += 3) {
    filter.updateGyr(gyr, at, stepsS ? stepsS[i] : undefined);
    filter.updateAcc(acc, at);
    if (mag) filter.updateMag(mag, at);
    if (disturbed) filter.orientation9D(orientation, 4 * i);
    else filter.orientation6D(orientation, 4 * i);
    bias[at] = current[0];
    bias[at + 1] = current[1];
    bias[at + 2] = current[2];
    biasSd[i] = filter.gyroBias.sd;
    rest[i] = filter.rest.resting ? 1 : 0;
    if (disturbed) disturbed[i] = filter.field.disturbed ? 1 : 0;
  }
  return { orientation, bias, biasSd, rest, disturbed };
}
