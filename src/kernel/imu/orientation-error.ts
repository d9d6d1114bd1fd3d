/** How far one orientation is from another, split into heading and inclination after BROAD (Laidig et al. 2021). O(N). */

import { expectArgument } from '../argument-error.ts';

/** Root mean squares of the three errors. */
export interface OrientationError {
  /** whole angle · deg */
  totalDeg: number;
  /** part about the vertical · deg */
  headingDeg: number;
  /** rest · deg */
  inclinationDeg: number;
  /** samples that counted */
  samples: number;
}

/**
 * Compares two orientations of a sensor in one upright earth frame: error quaternion `estimate · truth⁻¹`, total
 * 2 acos|w|, heading 2 atan|z/w|, inclination 2 acos √(w²+z²); root mean square over the samples that count.
 *
 * @param estimate - `[w, x, y, z]` sensor to earth · shape [4N]
 * @param truth - the same · shape [4N]; NaN where unknown
 * @param use - 1 where a sample counts · shape [N]; all when absent
 * @throws ArgumentError different lengths
 * @example orientationError([1, 0, 0, 0], [Math.SQRT1_2, 0, 0, Math.SQRT1_2]).headingDeg // 90
 */
export function orientationError(
  estimate: ArrayLike<number>,
  truth: ArrayLike<number>,
  use?: ArrayLike<number>,
): OrientationError {
  expectArgument(estimate.length === truth.length, 'truth', truth.length, `${estimate.length} numbers`);
  let [total, heading, inclination, samples] = [0, 0, 0, 0];
  for (let i = 0; i < estimate.length / 4; i++) {
    if (use && !use[i]) continue;
    const [a, b, c, d] = [estimate[4 * i], estimate[4 * i + 1], estimate[4 * i + 2], estimate[4 * i + 3]];
    const [e, f, g, h] = [truth[4 * i], truth[4 * i + 1], truth[4 * i + 2], truth[4 * i + 3]];
    const w = Math.abs(a * e + b * f + c * g + d * h);
    const x = -a * f + b * e - c * h + d * g;
    const y = -a * g + b * h + c * e - d * f;
    const z = Math.abs(-a * h - b * g + c * f + d * e);
    if (Number.isNaN(w)) continue;
    // atan2 keeps full precision where acos loses half the digits
    total += (2 * Math.atan2(Math.hypot(x, y, z), w)) ** 2;
    heading += (2 * Math.atan2(z, w)) ** 2;
    inclination += (2 * Math.atan2(Math.hypot(x, y), Math.hypot(w, z))) ** 2;
    samples++;
  }
  const rms = (sum: number) => (Math.sqrt(sum / samples) * 180) / Math.PI;
  return { totalDeg: rms(total), headingDeg: rms(heading), inclinationDeg: rms(inclination), samples };
}
