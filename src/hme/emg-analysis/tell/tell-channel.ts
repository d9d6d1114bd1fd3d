/** Features of one channel: amplitude and frequencies of a stretch, bursts, fatigue, the recording as it came. */

import type { FeatureDraft, Uncertainty } from '../../../model/index.ts';
import { type EmgRecording, placeText } from '../clean/recording.ts';
import { findBursts } from '../measure/activity.ts';
import type { ChannelOptions, MeasuredChannel, Stretch } from '../measure/channel.ts';
import type { Fatigue, Trend } from '../measure/fatigue.ts';
import { measureClassicFatigue, measureRecorded } from '../measure/recorded.ts';
import { AMPLITUDE_WINDOW_S, rmsDoubt } from '../measure/time-course.ts';
import { draftOf, resampled, spread, type Telling, type Told } from './draft.ts';

/** A channel with what its features share. */
export interface ChannelTelling extends Telling {
  channel: MeasuredChannel;
  voltage: boolean;
  timeS: [from: number, to: number];
  window?: string;
}

const CHANCE = 'Chance of a Gaussian signal of this bandwidth and duration: 1 / (2 √(BT))';
const METHOD = 'Zero-phase Butterworth band-pass of order 4, windows, sums';
const WELCH = 'Mean spectrum of Hann windows, median inside the bin';

type Part = Pick<Told, 'id' | 'value' | 'uncertainty' | 'method'> & Partial<Told>;

function tell({ channel, timeS, window, ...telling }: ChannelTelling, parts: readonly Part[]): FeatureDraft[] {
  const { name, place, trust } = channel;
  return parts.map((part) =>
    draftOf({ place, channels: [name], timeS, ...(window ? { window } : {}), quality: trust, ...part }, telling),
  );
}

/**
 * Amplitude and frequencies of a stretch.
 * @param reference - RMS of the reference contraction, µV
 */
export function tellStretch(about: ChannelTelling, stretch: Stretch, reference?: number): FeatureDraft[] {
  const { rms, absolute, integral, peakRms, doubt } = stretch;
  const peakDoubt = rmsDoubt(about.channel.course.bandwidthHz, AMPLITUDE_WINDOW_S);
  const size = (id: string, value: number, relative: number): Part => ({
    id,
    value,
    uncertainty: spread(value, Math.abs(value) * relative, CHANCE),
    method: METHOD,
  });
  const amplitudes = about.voltage
    ? [
        size('rms', rms, doubt),
        // a rectified Gaussian signal varies a little more than its square does
        size('arv', absolute, 1.07 * doubt),
        size('iemg', integral, 1.07 * doubt),
        size('peakRms', peakRms, peakDoubt),
      ]
    : [];
  const half = reference ? rmsDoubt(about.channel.course.bandwidthHz, 0.5) : 0;
  const normalised = reference
    ? [
        size('rmsNormalised', (100 * rms) / reference, Math.hypot(doubt, half)),
        size('peakRmsNormalised', (100 * peakRms) / reference, Math.hypot(peakDoubt, half)),
      ]
    : [];
  const missing = 'No complete window of a second lies within the stretch.';
  const frequency = (id: string, value: number, interval: Stretch['medianInterval']): Part => ({
    id,
    value,
    uncertainty: interval ? resampled(value, interval) : { kind: 'unknown', reason: 'Fewer than three windows.' },
    method: WELCH,
    missing,
    from: [{ role: { output: 'spectra' }, locator: { channels: [about.channel.name] } }],
  });
  return tell(about, [
    ...amplitudes,
    ...normalised,
    frequency('medianFrequency', stretch.medianHz, stretch.medianInterval),
    frequency('meanPowerFrequency', stretch.meanHz, stretch.meanInterval),
  ]);
}

/** Bursts and rest of the whole recording. */
export function tellActivity(about: ChannelTelling, rateHz: number, options: ChannelOptions): FeatureDraft[] {
  const { channel, voltage } = about;
  const { activity, clean } = channel;
  const restS = activity.restFrom / rateHz + about.timeS[0];
  const rest = restRms(clean, activity.restFrom, rateHz);
  const baseline: Part = {
    id: 'baselineRms',
    value: rest,
    uncertainty: spread(rest, rest * rmsDoubt(channel.course.bandwidthHz, 1), CHANCE),
    method: 'Quietest second of the smoothed absolute value',
    timeS: [restS, restS + 1],
  };
  const parts = voltage ? [baseline] : [];
  if (!activity.contrast) return tell(about, parts);
  // thresholds one standard deviation of rest to both sides show how much hangs on the threshold
  const sides = [-1, 1].map((d) => findBursts(clean, rateHz, { ...options, restSds: options.restSds + d }));
  const between = (values: number[], value: number): Uncertainty => {
    const [low, high] = [Math.min(value, ...values), Math.max(value, ...values)];
    const method = `Thresholds of ${options.restSds - 1} to ${options.restSds + 1} standard deviations of rest`;
    return { kind: 'interval', low, high, sd: (high - low) / 2 / 1.645, method };
  };
  const total = (bursts: typeof activity.bursts) => bursts.reduce((sum, { from, to }) => sum + (to - from) / rateHz, 0);
  const mean = (bursts: typeof activity.bursts) => (bursts.length ? total(bursts) / bursts.length : Number.NaN);
  const share = (bursts: typeof activity.bursts) => (100 * rateHz * total(bursts)) / clean.length;
  const part = (id: string, of: (bursts: typeof activity.bursts) => number): Part => ({
    id,
    value: of(activity.bursts),
    uncertainty: between(sides.map(({ bursts }) => of(bursts)).filter(Number.isFinite), of(activity.bursts)),
    method: 'Smoothed absolute value above rest',
    missing: 'No burst was found.',
  });
  return tell(about, [
    ...parts,
    part('burstCount', (bursts) => bursts.length),
    part('burstDuration', mean),
    part('activeShare', share),
  ]);
}

function restRms(clean: Float64Array, from: number, rateHz: number): number {
  let [squares, count] = [0, 0];
  for (let i = from; i < Math.min(clean.length, from + rateHz); i++) {
    if (Number.isNaN(clean[i])) continue;
    squares += clean[i] ** 2;
    count++;
  }
  return Math.sqrt(squares / count);
}

/** Slopes over a stretch. */
export function tellFatigue(about: ChannelTelling, fatigue: Fatigue): FeatureDraft[] {
  const method = `Least squares through ${fatigue.windows} windows`;
  const from = [{ role: { output: 'frequency' } as const, locator: { channels: [about.channel.name] } }];
  const slope = (id: string, { normalised, normalisedInterval }: Trend): Part => ({
    id,
    value: normalised,
    uncertainty: resampled(normalised, normalisedInterval),
    method,
    from,
  });
  const ends = `Standard error of ${fatigue.endWindows} windows`;
  return tell({ ...about, timeS: [fatigue.startS, fatigue.endS] }, [
    {
      id: 'medianFrequencyStart',
      value: fatigue.firstHz,
      uncertainty: spread(fatigue.firstHz, fatigue.firstError, ends),
      method: `Mean of the first ${fatigue.endWindows} active windows`,
      from,
    },
    {
      id: 'medianFrequencyEnd',
      value: fatigue.lastHz,
      uncertainty: spread(fatigue.lastHz, fatigue.lastError, ends),
      method: `Mean of the last ${fatigue.endWindows} active windows`,
      from,
    },
    {
      id: 'medianFrequencySlope',
      value: fatigue.medianHz.slope,
      uncertainty: resampled(fatigue.medianHz.slope, fatigue.medianHz.slopeInterval),
      method,
      from,
    },
    slope('medianFrequencySlopeNormalised', fatigue.medianHz),
    slope('meanPowerFrequencySlopeNormalised', fatigue.meanHz),
    slope('rmsSlopeNormalised', fatigue.rms),
    {
      id: 'jasa',
      value: fatigue.jasa,
      uncertainty: {
        kind: 'unknown',
        reason: `A class has no interval; both slopes have these signs with a probability of ${Math.round(100 * fatigue.jasaShare)} %.`,
      },
      method: `Signs of the slopes of RMS and median frequency over ${fatigue.windows} windows`,
      from,
      quality: about.channel.trust * fatigue.jasaShare,
    },
  ]);
}

/** The recording as it came, and fatigue as other programs tell it. */
export function tellRecorded(about: ChannelTelling, { rateHz }: EmgRecording): FeatureDraft[] {
  const { values } = about.channel;
  if (!(values.length >= 256)) return [];
  const { rms, medianHz, stepHz } = measureRecorded(values, rateHz);
  const spectrum: Part = {
    id: 'recordedMedianFrequency',
    value: medianHz,
    uncertainty: spread(medianHz, stepHz / Math.sqrt(12), `Even within a step of ${stepHz.toFixed(2)} Hz`),
    method: 'Welch, Hann 256, trapezoids',
    missing: 'Samples are missing in every window.',
  };
  const amplitude: Part = {
    id: 'recordedRms',
    value: rms,
    uncertainty: { kind: 'exact', method: 'Computed from the samples as they are' },
    method: 'Root of the mean square',
  };
  return tell(about, [...(about.voltage ? [amplitude] : []), spectrum, ...classicParts(about, rateHz)]);
}

/** Fatigue as other programs tell it. */
function classicParts({ channel }: ChannelTelling, rateHz: number): Part[] {
  const classic = measureClassicFatigue(channel.clean, rateHz);
  if (!classic) return [];
  const method = `${classic.windows} windows of a second side by side, first bin that reaches half`;
  const ten = classic.scatterHz / Math.sqrt(10);
  return [
    {
      id: 'classicMedianFrequencyStart',
      value: classic.firstHz,
      uncertainty: spread(classic.firstHz, ten, 'Scatter of the windows about their line'),
      method,
    },
    {
      id: 'classicMedianFrequencyEnd',
      value: classic.lastHz,
      uncertainty: spread(classic.lastHz, ten, 'Scatter of the windows about their line'),
      method,
    },
    {
      id: 'classicMedianFrequencySlope',
      value: classic.slopeHzPerS,
      uncertainty: spread(classic.slopeHzPerS, classic.slopeError, 'Standard error of the regression'),
      method,
    },
  ];
}

/** Name of a channel for people: where it lies, and its name in the file. */
export function channelText({ place, name }: Pick<MeasuredChannel, 'place' | 'name'>): string {
  const text = placeText(place);
  return text === name ? name : `${text} (${name})`;
}
