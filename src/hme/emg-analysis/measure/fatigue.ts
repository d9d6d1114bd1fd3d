/**
 * How a muscle tires: lines through median frequency, mean frequency and RMS over time, with intervals from resampled windows. O(windows ·
 * replicates).
 *
 * Windows count whose RMS is above half of the stretch's median and above a fifth of its loudest (95 %), so that pauses of a cyclic task
 * and rests between holds drop out. Slopes are told in Hz/s and
 * as a share of their own value at the start of the stretch (%/s), which makes muscles comparable. Windows share half
 * with their neighbours but err nearly independently, so they are drawn one by one.
 */
import { type BootstrapInterval, bootstrapLine, median, normalCdf, quantile } from '../../../kernel/index.ts';
import type { SpectralWindow } from './time-course.ts';

/** Windows that make a slope: ten seconds */
const LEAST_WINDOWS = 20;
/** Windows at both ends whose mean is told: ten seconds */
const END_WINDOWS = 20;
const REPLICATES = 1000;

/** Quadrants of joint analysis of spectrum and amplitude (JASA). */
export type JasaQuadrant = 'fatigue' | 'force increase' | 'recovery' | 'force decrease';

/** A slope over time. */
export interface Trend {
  /** per second */
  slope: number;
  slopeInterval: BootstrapInterval;
  /** value at the start of the stretch, on the line */
  initial: number;
  /** slope over initial · %/s */
  normalised: number;
  normalisedInterval: BootstrapInterval;
}

/** Fatigue over a stretch. */
export interface Fatigue {
  startS: number;
  endS: number;
  /** windows that count */
  windows: number;
  medianHz: Trend;
  meanHz: Trend;
  rms: Trend;
  /** mean median frequency of the first and last windows that count · Hz */
  firstHz: number;
  lastHz: number;
  /** standard errors of these means · Hz */
  firstError: number;
  lastError: number;
  /** windows in each of these means */
  endWindows: number;
  jasa: JasaQuadrant;
  /** probability of this quadrant, both slopes taken as normal and independent */
  jasaShare: number;
}

/**
 * Measures fatigue over a stretch of one channel.
 *
 * @param windows - spectral windows within the stretch, in order of time
 * @param rng - uniform in [0, 1)
 * @returns undefined with fewer than twenty windows of activity
 */
export function measureFatigue(windows: readonly SpectralWindow[], rng: () => number): Fatigue | undefined {
  const whole = windows.filter(({ rms, medianHz }) => Number.isFinite(rms) && Number.isFinite(medianHz));
  if (whole.length < LEAST_WINDOWS) return undefined;
  const amplitudes = whole.map(({ rms }) => rms);
  const least = Math.max(0.5 * median(amplitudes), 0.2 * quantile(amplitudes, 0.95));
  const kept = whole.filter(({ rms }) => rms > least);
  if (kept.length < LEAST_WINDOWS) return undefined;
  const startS = kept[0].startS;
  const times = kept.map((window) => (window.startS + window.endS) / 2 - startS);
  const trend = (values: number[]): Trend => {
    const line = bootstrapLine(times, values, { rng, replicates: REPLICATES });
    const percent = ({ low, high, sd }: BootstrapInterval) => ({ low: 100 * low, high: 100 * high, sd: 100 * sd });
    return {
      slope: line.slope,
      slopeInterval: line.slopeInterval,
      initial: line.intercept,
      normalised: 100 * line.relative,
      normalisedInterval: percent(line.relativeInterval),
    };
  };
  const frequencies = kept.map(({ medianHz }) => medianHz);
  const endWindows = Math.min(END_WINDOWS, Math.floor(kept.length / 2));
  const first = meanOf(frequencies.slice(0, endWindows));
  const last = meanOf(frequencies.slice(-endWindows));
  const medianHz = trend(frequencies);
  const rms = trend(kept.map((window) => window.rms));
  return {
    startS,
    endS: kept[kept.length - 1].endS,
    windows: kept.length,
    medianHz,
    meanHz: trend(kept.map(({ meanHz }) => meanHz)),
    rms,
    firstHz: first.mean,
    lastHz: last.mean,
    firstError: first.error,
    lastError: last.error,
    endWindows,
    jasa: quadrantOf(rms.slope, medianHz.slope),
    jasaShare: signShare(rms) * signShare(medianHz),
  };
}

function meanOf(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, v) => sum + v / values.length, 0);
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/**
 * Quadrant of joint analysis (Luttmann, Jäger & Laurig 2000): amplitude up with frequency down is fatigue.
 * @example quadrantOf(0.2, -0.1) // 'fatigue'
 */
export function quadrantOf(amplitudeSlope: number, frequencySlope: number): JasaQuadrant {
  if (amplitudeSlope >= 0) return frequencySlope < 0 ? 'fatigue' : 'force increase';
  return frequencySlope < 0 ? 'force decrease' : 'recovery';
}

/** Probability that a slope has the sign it has, for normally distributed replicates. */
function signShare({ slope, slopeInterval }: Trend): number {
  return slopeInterval.sd > 0 ? normalCdf(Math.abs(slope) / slopeInterval.sd) : 1;
}
