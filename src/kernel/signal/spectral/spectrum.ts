/**
 * Power spectral density by windowed Fourier transforms: Welch's mean of segments, one spectrum per window of time, or only
 * the mean and median frequency of each. O(n log segment).
 *
 * One-sided density: its integral over frequency is the variance. Equal to SciPy's `welch` and `spectrogram` with
 * `scaling='density'` for the same window, overlap and detrending. Segments go one by one through a `SegmentPower`: in
 * WebAssembly where the length suits it, here otherwise; both give the same bits.
 */
import { expectArgument } from '../../argument-error.ts';
import { createRealFft } from './fft.ts';
import type { BandHz } from './moments.ts';
import { binsOfBand, findHalf, sumBins, WHOLE } from './moments.ts';
import type { SegmentPower } from './simd-spectrum.ts';
import { openSegmentPower } from './simd-spectrum.ts';

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
  const { bins, stepHz } = run;
  const starts = startsOf(values.length, options);
  const density = new Float64Array(starts.length * bins);
  starts.forEach((start, s) => {
    if (run.measure(values, start, false)) density.set(run.engine.power, s * bins);
    else density.fill(Number.NaN, s * bins, (s + 1) * bins);
  });
  return { density, bins, stepHz, starts };
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
  const { engine, measure, stepHz } = prepare(options);
  engine.power.fill(0);
  let segments = 0;
  for (const start of startsOf(values.length, options)) if (measure(values, start, true)) segments++;
  return { density: Float64Array.from(engine.power, (sum) => sum / segments), stepHz, segments };
}

/** Numbers of the spectra of successive segments, the spectra themselves not kept. */
export interface FrequencyCourse {
  /** median frequency of each segment · shape [S] · Hz · NaN where too much was missing or there is no power */
  median: Float64Array;
  /** mean power frequency · shape [S] · Hz · NaN likewise */
  mean: Float64Array;
  /** integral of the density over the band · shape [S] · square of the signal's unit · NaN where too much was missing */
  power: Float64Array;
  /** first sample of each segment */
  starts: Int32Array;
}

/**
 * Median and mean frequency of successive segments: those of `spectra`, in less time and without its memory.
 *
 * @param values - one value per sample, NaN missing · shape [N]
 * @param bandHz - frequencies that count, both ends included · Hz · default all
 * @throws ArgumentError as `spectra`; a band whose lower end is not first
 */
export function frequencyCourse(values: Samples, options: SpectrumOptions, bandHz: BandHz = WHOLE): FrequencyCourse {
  const { engine, measure, bins, stepHz } = prepare(options);
  const [from, to] = binsOfBand(bins, stepHz, bandHz);
  const starts = startsOf(values.length, options);
  const [median, mean, power] = [0, 1, 2].map(() => new Float64Array(starts.length).fill(Number.NaN));
  starts.forEach((start, s) => {
    if (!measure(values, start, false)) return;
    const { total, moment, half } = engine.numbers(from, to);
    power[s] = total * stepHz;
    mean[s] = (stepHz * moment) / total;
    if (total > 0) median[s] = half * stepHz;
  });
  return { median, mean, power, starts };
}

function startsOf(length: number, { segment, overlap = 0 }: SpectrumOptions): Int32Array {
  const hop = segment - overlap;
  const count = length < segment ? 0 : Math.floor((length - segment) / hop) + 1;
  return Int32Array.from({ length: count }, (_, s) => s * hop);
}

interface SegmentRun {
  engine: SegmentPower;
  bins: number;
  stepHz: number;
  /** density of one segment into the engine's power, or added to it; false, and nothing done, when too much is missing */
  measure(values: Samples, start: number, add: boolean): boolean;
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
  const weights = Float64Array.from({ length: segment }, (_, i) =>
    window === 'hann' ? 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / segment) : 1,
  );
  const scale = 1 / (weights.reduce((sum, w) => sum + w * w, 0) * rateHz);
  const engine = openSegmentPower(fftLength, weights) ?? plainSegmentPower(fftLength, weights);
  const mostMissing = Math.min((options.mostMissing ?? 0) * segment, segment - 1);
  const { samples } = engine;
  return {
    engine,
    bins: engine.power.length,
    stepHz: rateHz / fftLength,
    measure(values, start, add) {
      samples.set(values.subarray(start, start + segment));
      if (detrend === 'line') takeOutLine(samples, segment);
      if (engine.run(detrend === 'mean' ? segment : 0, scale, add)) return true;
      const missing = fillPatchy(values, start, samples, { segment, detrend });
      return missing <= mostMissing && engine.run(0, (scale * segment) / (segment - missing), add);
    },
  };
}

/** The plain twin of `openSegmentPower`. */
function plainSegmentPower(fftLength: number, weights: Float64Array): SegmentPower {
  const fft = createRealFft(fftLength);
  const [re, im, power] = [0, 1, 2].map(() => new Float64Array(fft.bins));
  const samples = new Float64Array(fftLength);
  const weighted = new Float64Array(fftLength);
  const sums = new Float64Array(2);
  const last = fftLength % 2 ? -1 : fft.bins - 1;
  return {
    samples,
    power,
    run(meanOver, scale, add) {
      sumBins(samples, 0, fftLength - 1, sums);
      if (!Number.isFinite(sums[0])) return false;
      const mean = meanOver > 0 ? sums[0] / meanOver : 0;
      for (let i = 0; i < weights.length; i++) weighted[i] = (samples[i] - mean) * weights[i];
      fft.forward(weighted, re, im);
      for (let k = 0; k < fft.bins; k++) {
        const twice = k === 0 || k === last ? scale : 2 * scale;
        power[k] = (add ? power[k] : 0) + (re[k] * re[k] + im[k] * im[k]) * twice;
      }
      return true;
    },
    numbers(from, to) {
      sumBins(power, from, to, sums);
      return { total: sums[0], moment: sums[1], half: findHalf(power, from, to, sums[0]).place };
    },
  };
}

/** Takes the straight line of least squares out of the first samples; all become NaN when one is missing. */
function takeOutLine(samples: Float64Array, segment: number): void {
  const middle = (segment - 1) / 2;
  let [sum, slant] = [0, 0];
  for (let i = 0; i < segment; i++) {
    sum += samples[i];
    slant += samples[i] * (i - middle);
  }
  const mean = sum / segment;
  const slope = (12 * slant) / (segment * (segment * segment - 1));
  for (let i = 0; i < segment; i++) samples[i] -= mean + slope * (i - middle);
}

/** Samples without the mean of those that are there, zero where one is missing (a line is not taken out); returns how many are. */
function fillPatchy(
  values: Samples,
  start: number,
  samples: Float64Array,
  { segment, detrend }: { segment: number; detrend: 'none' | 'mean' | 'line' },
): number {
  let [there, sum] = [0, 0];
  for (let i = 0; i < segment; i++) {
    if (!Number.isFinite(values[start + i])) continue;
    there++;
    sum += values[start + i];
  }
  const mean = detrend === 'none' ? 0 : sum / there;
  for (let i = 0; i < segment; i++) samples[i] = Number.isFinite(values[start + i]) ? values[start + i] - mean : 0;
  return segment - there;
}
