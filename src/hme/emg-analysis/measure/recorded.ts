/**
 * Numbers as other programs compute them, so that they can be compared. The recording as it came, after biosignalsnotebooks (PLUX): RMS
 * with offset, Welch spectrum of 256 samples, median frequency by trapezoids. Fatigue after the usual script: windows of a second side by
 * side, first bin that reaches half of the power of the band-passed signal. O(n).
 *
 * Both give published numbers back to every digit; everything else of this capability uses windows that waste less and spectra
 * that the band-pass does not bend.
 */
import {
  amplitudeOf,
  median,
  medianFrequency,
  peakFrequency,
  regressLine,
  spectra,
  spectralMoment,
  welch,
} from '../../../kernel/index.ts';

const SEGMENT = 256;

/** Numbers of the unfiltered recording. */
export interface Recorded {
  rms: number;
  /** of the band that the file holds · Hz */
  medianHz: number;
  peakHz: number;
  /** area under the spectrum by trapezoids */
  power: number;
  /** step of the spectrum · Hz */
  stepHz: number;
}

/**
 * Measures samples as they came.
 *
 * @param values - NaN missing · shape [N], 256 at least
 * @param rateHz - samples per second
 */
export function measureRecorded(values: Float64Array, rateHz: number): Recorded {
  const { density, stepHz } = welch(values, { rateHz, segment: SEGMENT });
  const last = density.length - 1;
  const power = spectralMoment({ density, stepHz }, 0) - (stepHz * (density[0] + density[last])) / 2;
  return {
    rms: amplitudeOf(values, rateHz).rms,
    medianHz: trapezoidMedian(density, stepHz, power),
    peakHz: peakFrequency({ density, stepHz }),
    power,
    stepHz,
  };
}

/** First frequency at which the area by trapezoids reaches half. */
function trapezoidMedian(density: Float64Array, stepHz: number, power: number): number {
  let area = 0;
  for (let k = 1; k < density.length; k++) {
    area += (stepHz * (density[k - 1] + density[k])) / 2;
    if (area >= power / 2) return k * stepHz;
  }
  return medianFrequency({ density, stepHz });
}

/** Fatigue as the usual script computes it. */
export interface ClassicFatigue {
  /** windows of a second with an RMS above half of the median */
  windows: number;
  /** means over the first and the last ten of them · Hz */
  firstHz: number;
  lastHz: number;
  slopeHzPerS: number;
  /** standard error of the slope · Hz/s */
  slopeError: number;
  /** standard deviation of single windows about the line · Hz */
  scatterHz: number;
}

/**
 * Fatigue as the usual script computes it.
 *
 * @param clean - band-passed signal, NaN missing · shape [N]
 * @param rateHz - samples per second
 * @returns undefined with fewer than twenty windows of activity
 */
export function measureClassicFatigue(clean: Float64Array, rateHz: number): ClassicFatigue | undefined {
  const segment = Math.round(rateHz);
  if (clean.length < segment) return undefined;
  const { density, bins, stepHz, starts } = spectra(clean, { rateHz, segment });
  const all = Array.from(starts, (from, s) => ({
    timeS: from / rateHz,
    rms: amplitudeOf(clean, rateHz, from, from + segment).rms,
    hz: medianFrequency({ density: density.subarray(s * bins, (s + 1) * bins), stepHz }, undefined, 'bin'),
  })).filter(({ hz }) => Number.isFinite(hz));
  const half = all.length ? 0.5 * median(all.map(({ rms }) => rms)) : 0;
  const kept = all.filter(({ rms }) => rms > half);
  if (kept.length < 20) return undefined;
  const line = regressLine(
    kept.map(({ timeS }) => timeS),
    kept.map(({ hz }) => hz),
  );
  const meanOf = (part: typeof kept) => part.reduce((sum, { hz }) => sum + hz / part.length, 0);
  const squares = kept.reduce((sum, { timeS, hz }) => sum + (hz - line.intercept - line.slope * timeS) ** 2, 0);
  return {
    windows: kept.length,
    firstHz: meanOf(kept.slice(0, 10)),
    lastHz: meanOf(kept.slice(-10)),
    slopeHzPerS: line.slope,
    slopeError: line.slopeError,
    scatterHz: Math.sqrt(squares / (kept.length - 2)),
  };
}
