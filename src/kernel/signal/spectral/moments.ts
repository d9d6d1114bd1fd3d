/**
 * Numbers of a power spectrum within a band: moments, mean and median frequency, peak. O(bins).
 *
 * A bin stands for the stretch of half a step to both sides of its frequency. The median frequency lies where half of
 * the power is below, found by a straight line inside that bin; the rule "first bin at which half is reached" (bin)
 * is the same number rounded to the grid. Stulen & De Luca 1981 name the two frequencies.
 */
import { expectArgument } from '../../argument-error.ts';

/** A density on an even grid of frequencies that starts at 0. */
export interface DensityGrid {
  density: ArrayLike<number>;
  stepHz: number;
}

/** Band of frequencies, both ends included · Hz. */
export type BandHz = readonly [low: number, high: number];

/** Bins whose frequency lies in a band, the first and the last. */
export function binsOfBand(bins: number, stepHz: number, [low, high]: BandHz): [number, number] {
  expectArgument(low < high, 'band', [low, high], 'the lower end first');
  return [Math.max(0, Math.ceil(low / stepHz - 1e-9)), Math.min(bins - 1, Math.floor(high / stepHz + 1e-9))];
}

const binsOf = ({ density, stepHz }: DensityGrid, band: BandHz): [number, number] =>
  binsOfBand(density.length, stepHz, band);

/** Every frequency. */
export const WHOLE: BandHz = [0, Number.POSITIVE_INFINITY];

/**
 * Sum of bins and their first moment in steps, four bins at a time so that the additions overlap; the same order as in WebAssembly.
 *
 * @param out - sum, then moment
 */
export function sumBins(density: ArrayLike<number>, from: number, to: number, out: Float64Array): void {
  let [a, b, c, d, p, q, r, s] = [0, 0, 0, 0, 0, 0, 0, 0];
  let k = from;
  for (; k + 4 <= to + 1; k += 4) {
    a += density[k];
    b += density[k + 1];
    c += density[k + 2];
    d += density[k + 3];
    p += k * density[k];
    q += (k + 1) * density[k + 1];
    r += (k + 2) * density[k + 2];
    s += (k + 3) * density[k + 3];
  }
  let total = a + c + (b + d);
  let moment = p + r + (q + s);
  for (; k <= to; k++) {
    total += density[k];
    moment += k * density[k];
  }
  out[0] = total;
  out[1] = moment;
}

/** Where half of a sum of bins is reached: the bin, and the place within it on the grid. */
export function findHalf(
  density: ArrayLike<number>,
  from: number,
  to: number,
  total: number,
): { bin: number; place: number } {
  let below = 0;
  for (let k = from; k <= to; k++) {
    const next = below + density[k];
    if (next < total / 2) below = next;
    else return { bin: k, place: k - 0.5 + (total / 2 - below) / density[k] };
  }
  return { bin: to, place: to };
}

const sums = new Float64Array(2);

/**
 * Moment of a spectrum: Σ fᵒʳᵈᵉʳ P(f) Δf over a band.
 *
 * @param order - 0 gives the power, 1 and 2 the numerators of mean frequency and of its spread
 * @returns square of the signal's unit times Hz to the order
 * @example spectralMoment({ density: [0, 1, 3], stepHz: 2 }, 1) // 28
 */
export function spectralMoment(spectrum: DensityGrid, order: number, band: BandHz = WHOLE): number {
  const [from, to] = binsOf(spectrum, band);
  let sum = 0;
  for (let k = from; k <= to; k++) sum += (order === 0 ? 1 : k ** order) * spectrum.density[k];
  return sum * spectrum.stepHz ** (order + 1);
}

/**
 * Mean power frequency (MPF): Σ f P / Σ P over a band; NaN without power.
 * @returns Hz
 * @example meanFrequency({ density: [0, 1, 3], stepHz: 2 }) // 3.5
 */
export function meanFrequency(spectrum: DensityGrid, band: BandHz = WHOLE): number {
  const { density, stepHz } = spectrum;
  const [from, to] = binsOf(spectrum, band);
  sumBins(density, from, to, sums);
  return (stepHz * sums[1]) / sums[0];
}

/**
 * Median frequency (MF): half of the power of a band lies below it; NaN without power.
 *
 * @param rule - `interpolate` inside the bin; `bin`: the first bin at which the sum reaches half
 * @returns Hz
 * @example medianFrequency({ density: [0, 1, 3], stepHz: 2 }) // 3.6666666666666665
 * @example medianFrequency({ density: [0, 1, 3], stepHz: 2 }, [0, 10], 'bin') // 4
 */
export function medianFrequency(
  spectrum: DensityGrid,
  band: BandHz = WHOLE,
  rule: 'interpolate' | 'bin' = 'interpolate',
): number {
  const { density, stepHz } = spectrum;
  const [from, to] = binsOf(spectrum, band);
  sumBins(density, from, to, sums);
  const total = sums[0];
  if (!(total > 0)) return Number.NaN;
  const { bin, place } = findHalf(density, from, to, total);
  return (rule === 'bin' ? bin : place) * stepHz;
}

/**
 * Frequency of the largest density in a band; NaN for an empty band.
 * @returns Hz, on the grid
 * @example peakFrequency({ density: [0, 5, 3], stepHz: 2 }) // 2
 */
export function peakFrequency(spectrum: DensityGrid, band: BandHz = WHOLE): number {
  const [from, to] = binsOf(spectrum, band);
  let best = from;
  for (let k = from; k <= to; k++) if (spectrum.density[k] > spectrum.density[best]) best = k;
  return to < from ? Number.NaN : best * spectrum.stepHz;
}

/**
 * Width of the flat spectrum that has the same power and the same mean square density: (Σ P)² Δf / Σ P². A Gaussian signal of this
 * width has 2 · width · time independent samples.
 * @returns Hz
 * @example equivalentBandwidth({ density: [2, 2, 2, 0], stepHz: 5 }) // 15
 */
export function equivalentBandwidth(spectrum: DensityGrid, band: BandHz = WHOLE): number {
  const [from, to] = binsOf(spectrum, band);
  let [sum, squares] = [0, 0];
  for (let k = from; k <= to; k++) {
    sum += spectrum.density[k];
    squares += spectrum.density[k] ** 2;
  }
  return (sum * sum * spectrum.stepHz) / squares;
}
