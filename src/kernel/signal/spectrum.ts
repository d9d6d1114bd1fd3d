/**
 * Power spectral density by windowed Fourier transforms: Welch's mean of segments, and one spectrum per window of time.
 * O(n log segment).
 *
 * One-sided density: its integral over frequency is the variance. Equal to SciPy's `welch` and `spectrogram` with
 * `scaling='density'` for the same window, overlap and detrending.
 */
import { expectArgument } from '../argument-error.ts';
import { createRealFft } from './fft.ts';

type Samples = Float32Array | Float64Array;

/** Windows of a spectrum; both periodic, as Fourier transforms want them. */
export type SpectralWindow = 'hann' | 'boxcar';

/** How a spectrum is taken. */
export interface SpectrumOptions {
  /** samples per second */
  rateHz: number;
  /** samples in a segment */
  segment: number;
  /** samples that neighbouring segments share · default 0 */
  overlap?: number;
  /** length of the transform; a longer one than the segment is filled with zeros · default `segment` */
  fftLength?: number;
  window?: SpectralWindow;
  /** what is taken out of each segment first · default 'mean' */
  detrend?: 'none' | 'mean' | 'line';
  /** share of a segment that may be missing (NaN, counted as zero) · default 0 */
  mostMissing?: number;
}

/** Power spectral density. */
export interface Spectrum {
  /** density at k · stepHz · shape [K] · square of the signal's unit per Hz */
  density: Float64Array;
  stepHz: number;
  /** segments that were averaged */
  segments: number;
}

/** Spectra of successive segments. */
export interface SpectrumSeries {
  /** density of bin k in segment s at s · bins + k · shape [S · bins] · NaN where too much was missing */
  density: Float64Array;
  bins: number;
  stepHz: number;
  /** first sample of each segment */
  starts: Int32Array;
}

/**
 * Spectra of successive segments.
 *
 * @param values - one value per sample, NaN missing · shape [N]
 * @returns one spectrum for each segment that lies within the signal; none for a signal shorter than a segment
 * @throws ArgumentError a segment below 2, an overlap not below it, a transform shorter than it
 */
export function spectra(values: Samples, options: SpectrumOptions): SpectrumSeries {
  const run = prepare(options);
  const hop = options.segment - (options.overlap ?? 0);
  const count = values.length < options.segment ? 0 : Math.floor((values.length - options.segment) / hop) + 1;
  const density = new Float64Array(count * run.bins);
  const starts = new Int32Array(count);
  for (let s = 0; s < count; s++) {
    starts[s] = s * hop;
    run.into(values, starts[s], density.subarray(s * run.bins, (s + 1) * run.bins));
  }
  return { density, bins: run.bins, stepHz: options.rateHz / run.length, starts };
}

/**
 * Mean power spectral density of the segments of a signal (Welch 1967).
 *
 * @param values - one value per sample, NaN missing · shape [N]
 * @returns density; NaN throughout when no segment is complete enough
 * @throws ArgumentError as `spectra`; a signal shorter than a segment
 */
export function welch(values: Samples, options: SpectrumOptions): Spectrum {
  expectArgument(values.length >= options.segment, 'values', values.length, `at least ${options.segment} samples`);
  const run = prepare(options);
  const hop = options.segment - (options.overlap ?? 0);
  const sum = new Float64Array(run.bins);
  const one = new Float64Array(run.bins);
  let segments = 0;
  for (let start = 0; start + options.segment <= values.length; start += hop) {
    run.into(values, start, one);
    if (Number.isNaN(one[0])) continue;
    segments++;
    for (let k = 0; k < run.bins; k++) sum[k] += one[k];
  }
  return { density: sum.map((value) => value / segments), stepHz: options.rateHz / run.length, segments };
}

interface SegmentRun {
  bins: number;
  length: number;
  into(values: Samples, start: number, out: Float64Array): void;
}

function prepare(options: SpectrumOptions): SegmentRun {
  const { rateHz, segment, overlap = 0, fftLength = segment, window = 'hann', detrend = 'mean' } = options;
  expectArgument(Number.isInteger(segment) && segment >= 2, 'segment', segment, 'a whole number of samples from 2');
  expectArgument(
    Number.isInteger(overlap) && overlap >= 0 && overlap < segment,
    'overlap',
    overlap,
    `0 to ${segment - 1} samples`,
  );
  expectArgument(Number.isInteger(fftLength) && fftLength >= segment, 'fftLength', fftLength, `at least ${segment}`);
  const fft = createRealFft(fftLength);
  const weights = Float64Array.from({ length: segment }, (_, i) =>
    window === 'hann' ? 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / segment) : 1,
  );
  const power = weights.reduce((sum, w) => sum + w * w, 0) * rateHz;
  const buffer = new Float64Array(fftLength);
  const im = new Float64Array(fft.bins);
  const mostMissing = (options.mostMissing ?? 0) * segment;
  return {
    bins: fft.bins,
    length: fftLength,
    into(values, start, out) {
      const missing = copySegment(values, start, buffer, { weights, detrend });
      if (missing > mostMissing || missing === segment) {
        out.fill(Number.NaN);
        return;
      }
      fft.forward(buffer, out, im);
      const scale = segment / (segment - missing) / power;
      const last = fftLength % 2 ? -1 : fft.bins - 1;
      for (let k = 0; k < fft.bins; k++) {
        const twice = k === 0 || k === last ? 1 : 2;
        out[k] = (out[k] * out[k] + im[k] * im[k]) * scale * twice;
      }
    },
  };
}

interface SegmentShape {
  weights: Float64Array;
  detrend: 'none' | 'mean' | 'line';
}

/** Copies a weighted segment without its mean or line; missing samples become zero. Returns how many were missing. */
function copySegment(values: Samples, start: number, buffer: Float64Array, { weights, detrend }: SegmentShape): number {
  const segment = weights.length;
  let sum = 0;
  for (let i = 0; i < segment; i++) sum += values[start + i];
  if (!Number.isFinite(sum)) return copyPatchy(values, start, buffer, { weights, detrend });
  const mean = detrend === 'none' ? 0 : sum / segment;
  if (detrend !== 'line') {
    for (let i = 0; i < segment; i++) buffer[i] = (values[start + i] - mean) * weights[i];
    return 0;
  }
  const middle = (segment - 1) / 2;
  let slant = 0;
  for (let i = 0; i < segment; i++) slant += values[start + i] * (i - middle);
  const slope = (12 * slant) / (segment * (segment * segment - 1));
  for (let i = 0; i < segment; i++) buffer[i] = (values[start + i] - mean - slope * (i - middle)) * weights[i];
  return 0;
}

/** As `copySegment` where samples are missing; a line is not taken out, only the mean. */
function copyPatchy(values: Samples, start: number, buffer: Float64Array, { weights, detrend }: SegmentShape): number {
  let [there, sum] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    if (!Number.isFinite(values[start + i])) continue;
    there++;
    sum += values[start + i];
  }
  const mean = detrend === 'none' ? 0 : sum / there;
  for (let i = 0; i < weights.length; i++) {
    buffer[i] = Number.isFinite(values[start + i]) ? (values[start + i] - mean) * weights[i] : 0;
  }
  return weights.length - there;
}
