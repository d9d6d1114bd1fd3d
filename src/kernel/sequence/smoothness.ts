/**
 * Smoothness of a movement as the arc length of its normalised speed spectrum (Balasubramanian et al. 2015). O(samples · frequencies).
 */
import { expectArgument } from '../argument-error.ts';

/**
 * Spectral arc length of a speed profile; -1.6 for a single bell, more negative for jerky movements; does not depend on size or duration.
 *
 * The spectrum is taken up to 10 Hz and cut where it stays below 5 % of its first value; zero padding to at least 16 times the length.
 *
 * @param speed - not negative · any unit
 * @param rateHz - samples per second
 * @returns no unit, below 0; NaN for fewer than 4 samples or no motion
 * @see Balasubramanian et al. 2015
 */
export function spectralArcLength(speed: ArrayLike<number>, rateHz: number): number {
  expectArgument(rateHz > 0, 'rateHz', rateHz, 'a rate above 0');
  const n = speed.length;
  if (n < 4) return Number.NaN;
  const padded = 2 ** (Math.ceil(Math.log2(n)) + 4);
  const highest = Math.min(10, rateHz / 2);
  const count = Math.floor((highest / rateHz) * padded) + 1;
  const magnitude = new Float64Array(count);
  for (let f = 0; f < count; f++) {
    const turn = (-2 * Math.PI * f) / padded;
    const [stepC, stepS] = [Math.cos(turn), Math.sin(turn)];
    let [c, s, re, im] = [1, 0, 0, 0];
    for (let t = 0; t < n; t++) {
      re += speed[t] * c;
      im += speed[t] * s;
      const next = c * stepC - s * stepS;
      s = s * stepC + c * stepS;
      c = next;
    }
    magnitude[f] = Math.hypot(re, im);
  }
  const first = magnitude.reduce((most, v) => Math.max(most, v), 0);
  if (!(first > 0)) return Number.NaN;
  let last = 0;
  for (let f = 0; f < count; f++) if (magnitude[f] / first >= 0.05) last = f;
  if (last === 0) return Number.NaN;
  let length = 0;
  for (let f = 1; f <= last; f++) length -= Math.hypot(1 / last, (magnitude[f] - magnitude[f - 1]) / first);
  return length;
}
