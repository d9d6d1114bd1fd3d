/** A whole recording through the versatile quaternion filter, with or without hindsight. O(N). */

import type { ImuSamples, OrientationEstimate } from '../samples.ts';
import { vqf2023Offline } from './offline.ts';
import { vqf2023Online } from './online.ts';
import type { VqfParameters } from './parameters.ts';

/**
 * Orientation, bias, rest and disturbance of one sensor.
 *
 * @param samples - one sensor
 * @param mode - `online` knows the past alone, `offline` the whole recording
 * @param parameters - departures from the published defaults
 * @throws ArgumentError arrays that do not belong together
 * @see Laidig & Seel 2023, Information Fusion 91:187-204
 */
export function vqf2023(
  samples: ImuSamples,
  mode: 'online' | 'offline' = 'offline',
  parameters: Partial<VqfParameters> = {},
): OrientationEstimate {
  return mode === 'offline' ? vqf2023Offline(samples, parameters) : vqf2023Online(samples, parameters);
}
