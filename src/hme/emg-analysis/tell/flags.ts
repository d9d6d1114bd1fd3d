/** Doubts about a recording, in words a user can act on. */

import type { QualityFlag } from '../../../model/index.ts';
import { type CleanOptions, type CleanRecording, NOTCH_ABOVE } from '../clean/clean.ts';
import type { MeasuredChannel } from '../measure/channel.ts';
import { channelText } from './tell-channel.ts';

/** Above this a channel at rest is noisy · µV */
const NOISY_UV = 10;
/** RMS that no muscle gives on the skin · µV */
const AMPLIFIED_UV = 5000;
/** Share of lost samples above which a channel is not to be used */
const MOST_LOST = 0.1;

/** Doubts about one channel. */
export function channelFlags(channel: MeasuredChannel, rateHz: number, voltage: boolean): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const where = channelText(channel);
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code: `emg.${code}`, severity, where, message });
  const count = channel.clean.length;
  const lost = channel.lost.reduce((sum, { from, to }) => sum + to - from, 0);
  const percent = (part: number) => `${((100 * part) / count).toFixed(part / count < 0.01 ? 2 : 1)} %`;
  if (!Number.isFinite(channel.course.bandwidthHz)) {
    add(
      'unusable',
      'fault',
      'No second of this channel is whole: flat, or missing too often. Check sensor and electrode.',
    );
    return flags;
  }
  if (lost) {
    add(
      'lost-packets',
      lost > MOST_LOST * count ? 'fault' : 'doubt',
      `${channel.lost.length === 1 ? 'Once' : `${channel.lost.length} times`} the signal repeats one value, ${(lost / rateHz).toFixed(2)} s in all (${percent(lost)}): packets lost on the way. They are left out, not read as silence. Keep the sensor nearer to the receiver.`,
    );
  }
  if (channel.missing)
    add('missing', 'doubt', `${percent(channel.missing)} of the samples are missing in the file; they are left out.`);
  if (channel.rails.clipped) {
    const ends = [channel.rails.low, channel.rails.high].filter((end) => end !== undefined).length;
    add(
      'saturated',
      channel.rails.clipped > 0.01 * count ? 'fault' : 'doubt',
      `${channel.rails.clipped} samples (${percent(channel.rails.clipped)}) lie at ${ends === 2 ? 'both ends' : 'an end'} of the range: peaks are cut, amplitudes come out low. Lower the gain.`,
    );
  }
  if (channel.notchedHz.length) {
    const worst = Math.max(...channel.lines.map(({ ratio }) => ratio));
    add(
      'line-noise',
      worst > 100 ? 'doubt' : 'info',
      `Mains hum up to ${worst.toFixed(0)} times its neighbourhood (limit ${NOTCH_ABOVE}); taken out at ${channel.notchedHz.join(', ')} Hz. Check electrodes and cables.`,
    );
  }
  const { rest, contrast } = channel.activity;
  const amplified = voltage && channel.course.rms.some((rms) => rms > AMPLIFIED_UV);
  if (amplified)
    add(
      'amplified',
      'doubt',
      'No muscle gives so much on the skin: these are volts behind an amplifier of unknown gain. Frequencies, slopes and ratios hold, µV do not. Give the gain as scale when reading the file.',
    );
  else if (voltage && rest * 1.2533 > NOISY_UV && contrast)
    add(
      'baseline',
      'doubt',
      `Even the quietest second has ${(rest * 1.2533).toFixed(1)} µV RMS: a noisy contact, or a muscle that never rests.`,
    );
  if (!contrast)
    add(
      'no-contrast',
      'info',
      'Loud and quiet parts differ too little to tell bursts: a sustained hold, or a muscle at rest throughout.',
    );
  return flags;
}

/** Doubts about the whole recording. */
export function recordingFlags(recording: CleanRecording, options: CleanOptions): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const { heart, bandHz, rateHz } = recording;
  if (heart.heart) {
    const { beats, ratePerMin } = heart.heart;
    flags.push({
      code: 'emg.heart',
      severity: 'info',
      message: `The heart is in the recording (${beats.length} beats, ${ratePerMin.toFixed(0)} a minute); its mean shape was taken out of every channel (${heart.method}).`,
    });
  } else if (options.ecg !== 'none') {
    const done =
      heart.method === 'none' ? 'nothing was taken out' : `everything below 30 Hz was taken out (${heart.method})`;
    flags.push({ code: 'emg.heart', severity: 'info', message: `No heart beat was found in the recording; ${done}.` });
  }
  if (bandHz[1] < options.highHz) {
    flags.push({
      code: 'emg.band',
      severity: 'info',
      message: `Sampled at ${Number(rateHz.toFixed(2))} Hz, the band ends at ${bandHz[1].toFixed(0)} Hz instead of ${options.highHz} Hz; frequencies compare only with recordings of the same band.`,
    });
  }
  if (!recording.voltage) {
    flags.push({
      code: 'emg.unit',
      severity: 'doubt',
      message:
        'The file does not say what a count means in volts. Ratios, slopes and frequencies are told, amplitudes in µV are not. Give unit and scale when reading the file.',
    });
  }
  return flags;
}
