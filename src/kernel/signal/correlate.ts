/**
 * How far one signal is behind another: normalised cross-correlation over a range of lags by Fourier transform, peak between
 * samples by a parabola through three points. O(n log n).
 *
 * Each lag is normalised by the energy of the samples that overlap there, so a long lag is not punished for its short
 * overlap; lags with less than a quarter of the shorter signal in common are left out.
 */
import { expectArgument } from '../argument-error.ts';
import { createComplexFft, fastFftLength } from './spectral/fft.ts';

/** Correlation over lags. */
export interface CrossCorrelation {
  /** correlation coefficient of each lag, NaN where too little overlaps · shape [last - first + 1] */
  values: Float64Array;
  /** lag of the first value · samples */
  firstLag: number;
}

/** Where two signals fit best. */
export interface LagEstimate {
  /** samples by which the second signal comes later than the first, fractions included */
  lag: number;
  /** correlation coefficient there, by the parabola */
  correlation: number;
  /** best coefficient farther away than half of the main peak's width; a value near `correlation` means that the lag is ambiguous */
  nextBest: number;
  /** false when the best lag lies at the end of the range */
  inside: boolean;
}

/**
 * Normalised cross-correlation of two signals: at lag L, `a[i]` stands beside `b[i + L]`.
 *
 * @param a - shape [N] · finite
 * @param b - shape [M] · finite, same rate
 * @param maxLag - largest lag to both sides · samples
 * @throws ArgumentError an empty signal or a negative lag
 */
export function crossCorrelate(a: ArrayLike<number>, b: ArrayLike<number>, maxLag: number): CrossCorrelation {
  expectArgument(a.length > 0 && b.length > 0, 'signals', `${a.length} and ${b.length}`, 'at least one sample each');
  expectArgument(maxLag >= 0, 'maxLag', maxLag, 'a number from 0');
  const first = -Math.min(Math.floor(maxLag), a.length - 1);
  const last = Math.min(Math.floor(maxLag), b.length - 1);
  const products = correlationSums(centred(a), centred(b), first, last);
  const energies = [centred(a), centred(b)].map(runningEnergy);
  const least = Math.min(a.length, b.length) / 4;
  const values = new Float64Array(last - first + 1);
  for (let lag = first; lag <= last; lag++) {
    const from = Math.max(0, -lag);
    const to = Math.min(a.length, b.length - lag);
    const size = Math.sqrt((energies[0][to] - energies[0][from]) * (energies[1][to + lag] - energies[1][from + lag]));
    values[lag - first] = to - from < least || size === 0 ? Number.NaN : products[lag - first] / size;
  }
  return { values, firstLag: first };
}

function centred(x: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return Float64Array.from(x, (value) => value - sum / x.length);
}

function runningEnergy(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) out[i + 1] = out[i] + x[i] * x[i];
  return out;
}

/** Σ a[i] b[i + lag] for each lag, through one transform of a + ib. */
function correlationSums(a: Float64Array, b: Float64Array, first: number, last: number): Float64Array {
  const n = fastFftLength(a.length + b.length);
  const fft = createComplexFft(n);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  re.set(a);
  im.set(b);
  fft.forward(re, im);
  const outRe = new Float64Array(n);
  const outIm = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const m = k === 0 ? 0 : n - k;
    const [ar, ai] = [(re[k] + re[m]) / 2, (im[k] - im[m]) / 2];
    const [br, bi] = [(im[k] + im[m]) / 2, (re[m] - re[k]) / 2];
    // conj(A) · B, and its conjugate for a backward transform by a forward one
    outRe[k] = ar * br + ai * bi;
    outIm[k] = -(ar * bi - ai * br);
  }
  fft.forward(outRe, outIm);
  return Float64Array.from({ length: last - first + 1 }, (_, i) => outRe[(first + i + n) % n] / n);
}

/**
 * Lag at which two signals fit best, to a fraction of a sample.
 *
 * @param a - shape [N] · finite
 * @param b - shape [M] · finite, same rate
 * @param maxLag - largest lag to both sides · samples
 * @returns lag in samples: `b` delayed by 3.4 samples gives 3.4
 * @throws ArgumentError an empty signal, or no lag at which both vary
 */
export function estimateLag(a: ArrayLike<number>, b: ArrayLike<number>, maxLag: number): LagEstimate {
  const { values, firstLag } = crossCorrelate(a, b, maxLag);
  let best = -1;
  for (let i = 0; i < values.length; i++) if (values[i] > (best < 0 ? -2 : values[best])) best = i;
  expectArgument(best >= 0, 'signals', 'constant', 'signals that vary');
  const { offset, value } = parabolaPeak(values, best);
  let [low, high] = [best, best];
  while (low > 0 && values[low] > value / 2) low--;
  while (high < values.length - 1 && values[high] > value / 2) high++;
  let nextBest = -1;
  for (let i = 0; i < values.length; i++) if ((i < low || i > high) && values[i] > nextBest) nextBest = values[i];
  const inside = best > 0 && best < values.length - 1;
  return { lag: firstLag + best + offset, correlation: value, nextBest, inside };
}

/**
 * Peak of a parabola through a sample and its two neighbours.
 *
 * @returns offset from the sample · samples · -0.5 to 0.5, 0 at an end or beside NaN; value of the parabola there
 * @example parabolaPeak([1, 3, 3], 1) // { offset: 0.5, value: 3.25 }
 */
export function parabolaPeak(values: ArrayLike<number>, at: number): { offset: number; value: number } {
  const [before, middle, after] = [values[at - 1], values[at], values[at + 1]];
  const bend = before - 2 * middle + after;
  if (!(bend < 0)) return { offset: 0, value: middle };
  const offset = Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
  return { offset, value: middle + ((after - before) * offset) / 2 + (bend * offset * offset) / 2 };
}
