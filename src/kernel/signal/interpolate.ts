/**
 * Signals onto another time base by straight lines between samples. O(n + m).
 *
 * For values that vary slowly beside their rate (angles, envelopes). No filter against aliasing: thin out a signal only after
 * it was smoothed.
 */
import { expectArgument } from '../argument-error.ts';

/**
 * Values at wanted times, by straight lines between samples; NaN outside the samples and beside a NaN sample.
 *
 * @param timeS - time of each sample · shape [N] · increasing · s
 * @param values - shape [N]
 * @param atS - wanted times · shape [M] · increasing · s of the same clock
 * @returns shape [M] · unit of `values`
 * @throws ArgumentError lengths that differ
 * @example [...interpolateAt([0, 1, 2], [0, 10, 40], [0.5, 1, 1.5, 3])] // [5, 10, 25, NaN]
 */
export function interpolateAt(
  timeS: ArrayLike<number>,
  values: ArrayLike<number>,
  atS: ArrayLike<number>,
): Float64Array {
  expectArgument(timeS.length === values.length, 'values', values.length, `${timeS.length} values`);
  const out = new Float64Array(atS.length).fill(Number.NaN);
  const n = timeS.length;
  let k = 0;
  for (let i = 0; i < atS.length; i++) {
    const t = atS[i];
    if (!(t >= timeS[0] && t <= timeS[n - 1])) continue;
    while (k + 1 < n - 1 && timeS[k + 1] <= t) k++;
    if (timeS[k] === t || n === 1) out[i] = values[k];
    else if (timeS[k + 1] === t) out[i] = values[k + 1];
    else out[i] = values[k] + ((values[k + 1] - values[k]) * (t - timeS[k])) / (timeS[k + 1] - timeS[k]);
  }
  return out;
}

/** An even time base. */
export interface EvenTime {
  startS: number;
  rateHz: number;
  count: number;
}

/**
 * A signal on another even time base, by straight lines.
 *
 * @param values - shape [N], sampled at `from`
 * @param from - time base of the samples; its count is ignored
 * @param to - wanted time base, s of the same clock
 * @returns shape [to.count]; NaN outside the signal
 * @example [...resampleLinear([0, 10, 20], { startS: 0, rateHz: 1 }, { startS: 0.25, rateHz: 2, count: 3 })] // [2.5, 7.5, 12.5]
 */
export function resampleLinear(values: ArrayLike<number>, from: Omit<EvenTime, 'count'>, to: EvenTime): Float64Array {
  const out = new Float64Array(to.count).fill(Number.NaN);
  for (let i = 0; i < to.count; i++) {
    const at = (to.startS + i / to.rateHz - from.startS) * from.rateHz;
    // a whole index that rounding moved is taken back
    const index = Math.abs(at - Math.round(at)) < 1e-9 ? Math.round(at) : at;
    if (!(index >= 0 && index <= values.length - 1)) continue;
    const below = Math.floor(index);
    out[i] = index === below ? values[below] : values[below] + (values[below + 1] - values[below]) * (index - below);
  }
  return out;
}
