/**
 * One channel with all that is measured of it alone. O(n log n).
 *
 * The median frequency of a stretch is that of the mean spectrum of its windows; its interval comes from drawing these windows again.
 */
import {
  amplitudeOf,
  type BootstrapInterval,
  bootstrap,
  meanFrequency,
  medianFrequency,
  percentileInterval,
} from '../../../kernel/index.ts';
import type { CleanRecording, CleanTrace } from '../clean/clean.ts';
import { type Activity, type BurstOptions, findBursts } from './activity.ts';
import { meanDensity, measureTimeCourse, rmsDoubt, type TimeCourse } from './time-course.ts';

/** Replicates for a frequency: each costs a mean of all spectra */
const REPLICATES = 200;
/** Spectra that are drawn from at most */
const MOST_DRAWN = 60;

/** A channel, clean and measured. */
export interface MeasuredChannel extends CleanTrace {
  course: TimeCourse;
  activity: Activity;
  /** 0 to 1: what losses and rails leave of the trust */
  trust: number;
}

/** What is asked of every channel. */
export interface ChannelOptions extends BurstOptions {
  /** length of spectral windows · s */
  windowS: number;
}

/** Measures one channel. */
export function measureChannel(recording: CleanRecording, trace: CleanTrace, options: ChannelOptions): MeasuredChannel {
  const count = trace.clean.length;
  const gone = trace.missing + trace.lost.reduce((sum, { from, to }) => sum + to - from, 0);
  const trust = 1 - (2 * gone) / count - Math.min(0.4, (40 * trace.rails.clipped) / count);
  return {
    ...trace,
    course: measureTimeCourse(recording, trace, options.windowS),
    activity: findBursts(trace.clean, recording.rateHz, options),
    trust: Math.max(0.1, Math.min(1, trust)),
  };
}

/** Amplitude and frequencies of a stretch. */
export interface Stretch {
  fromS: number;
  toS: number;
  rms: number;
  absolute: number;
  integral: number;
  peakRms: number;
  /** relative standard deviation of `rms` by chance */
  doubt: number;
  medianHz: number;
  meanHz: number;
  medianInterval?: BootstrapInterval;
  meanInterval?: BootstrapInterval;
}

/**
 * Amplitude and frequencies of a stretch of one channel.
 *
 * @param span - s of the recording's clock
 * @param rng - uniform in [0, 1)
 */
export function measureStretch(
  recording: CleanRecording,
  channel: MeasuredChannel,
  [fromS, toS]: readonly [number, number],
  rng: () => number,
): Stretch {
  const { rateHz, startS, bandHz } = recording;
  const at = (timeS: number) => Math.round((timeS - startS) * rateHz);
  const { rms, absolute, integral, count } = amplitudeOf(channel.clean, rateHz, at(fromS), at(toS));
  const { course } = channel;
  const chosen = course.windows.flatMap((window, s) =>
    window.startS >= fromS - 1e-9 && window.endS <= toS + 1e-9 && Number.isFinite(window.medianHz) ? [s] : [],
  );
  const bins = course.density.length;
  const spectrum = { density: meanDensity(course.densities, bins, chosen), stepHz: course.stepHz };
  return {
    fromS,
    toS,
    rms,
    absolute,
    integral,
    peakRms: peakOf(course, { startS, fromS, toS }),
    doubt: rmsDoubt(course.bandwidthHz, count / rateHz),
    medianHz: chosen.length ? medianFrequency(spectrum, bandHz) : Number.NaN,
    meanHz: chosen.length ? meanFrequency(spectrum, bandHz) : Number.NaN,
    ...intervalsOf(course, { chosen, bandHz, rng }),
  };
}

function peakOf(course: TimeCourse, { startS, fromS, toS }: { startS: number; fromS: number; toS: number }): number {
  let most = Number.NaN;
  course.rms.forEach((value, k) => {
    const middleS = startS + (k + 1) / course.amplitudeRateHz;
    if (middleS >= fromS && middleS <= toS && !(value <= most) && Number.isFinite(value)) most = value;
  });
  return most;
}

/** Intervals of both frequencies from the same draws; neighbouring spectra are put together where there are very many. */
function intervalsOf(
  { densities, density, stepHz }: TimeCourse,
  { chosen, bandHz, rng }: { chosen: readonly number[]; bandHz: readonly [number, number]; rng: () => number },
): Pick<Stretch, 'medianInterval' | 'meanInterval'> {
  if (chosen.length < 3) return {};
  // nothing above the band is asked for
  const bins = Math.min(density.length, Math.floor(bandHz[1] / stepHz) + 2);
  const size = Math.ceil(chosen.length / MOST_DRAWN);
  const groups = Math.floor(chosen.length / size);
  const grouped = new Float64Array(groups * bins);
  for (let g = 0; g < groups; g++) {
    const mean = meanDensity(densities, density.length, chosen.slice(g * size, (g + 1) * size));
    grouped.set(mean.subarray(0, bins), g * bins);
  }
  const means: number[] = [];
  const medians = bootstrap(
    groups,
    (indices) => {
      const one = { density: meanDensity(grouped, bins, indices), stepHz };
      means.push(meanFrequency(one, bandHz));
      return medianFrequency(one, bandHz);
    },
    { rng, replicates: REPLICATES },
  );
  return {
    medianInterval: percentileInterval(medians),
    meanInterval: percentileInterval(Float64Array.from(means).sort()),
  };
}
