/**
 * Amplitude of the reference contraction (MVC) of each electrode: largest RMS of 500 ms. O(n).
 *
 * Electrodes are matched by place, otherwise by name. A second signal of the same recording is no reference (both share a clock), nor is
 * any other recording of the session that does not call itself one, unless the user says so: percent of the wrong task look like percent.
 */
import { movingRms } from '../../../kernel/index.ts';
import type { ArtifactValue, QualityFlag } from '../../../model/index.ts';
import { type CleanOptions, type CleanRecording, cleanRecording } from '../clean/clean.ts';
import { openRecording, placeText, type Trace } from '../clean/recording.ts';

const REFERENCE_WINDOW_S = 0.5;

const NAMED = /mvi?c\b|mvi?c[_\d]|maxim|reference/i;

interface Wanted {
  recording: CleanRecording;
  channels: readonly Trace[];
  options: CleanOptions;
  /** `given`: the user says that it is a reference contraction; `named`: it must say so itself */
  reference: 'named' | 'given';
  /** doubts are added here */
  quality: QualityFlag[];
}

/**
 * Amplitude of the reference contraction for each channel.
 * @param mvc - recording of the reference contractions
 * @returns RMS in the unit of the recording, undefined where an electrode has none
 * @throws MsdtError as `openRecording`
 */
export function referencesOf(
  mvc: ArtifactValue<'signal.emg'> | undefined,
  { recording, channels, options, reference, quality }: Wanted,
): (number | undefined)[] {
  const none = channels.map(() => undefined);
  if (!mvc) return none;
  const say = (message: string) => quality.push({ code: 'emg.reference', severity: 'doubt', message });
  if (mvc.payload.clock === recording.clock) return none;
  const { name = '', metadata = {}, payload } = mvc;
  if (reference === 'named' && !NAMED.test([name, payload.clock, metadata.task, metadata.file].join(' '))) {
    say(
      `The other recording, ${payload.clock}, does not call itself a reference contraction (MVC); amplitudes were not normalised. Set reference to "given" to use it.`,
    );
    return none;
  }
  const opened = openRecording(mvc);
  if (opened.voltage !== recording.voltage) {
    say('The reference contraction and the recording have different units; amplitudes were not normalised.');
    return none;
  }
  const { traces, rateHz } = cleanRecording(opened, options);
  const window = Math.round(REFERENCE_WINDOW_S * rateHz);
  const hop = Math.max(1, Math.round(window / 10));
  const references = channels.map((channel) => {
    const same =
      traces.find(({ place }) => placeText(place) === placeText(channel.place)) ??
      traces.find(({ name }) => name === channel.name);
    if (!same) return undefined;
    const most = movingRms(same.clean, window, { hop }).reduce((best, v) => (v > best ? v : best), 0);
    return most > 0 ? most : undefined;
  });
  const without = channels.filter((_, k) => references[k] === undefined).map(({ name }) => name);
  if (without.length) say(`No reference contraction was found for ${without.join(', ')}.`);
  return references;
}
