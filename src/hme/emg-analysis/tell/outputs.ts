/** Curves, bursts and tables as artifacts. */

import { linearEnvelope } from '../../../kernel/index.ts';
import type {
  ArtifactDraft,
  EventList,
  MotionEvent,
  QualityFlag,
  SignalChannel,
  Signals,
  Table,
  TableColumn,
  Unit,
} from '../../../model/index.ts';
import type { CleanRecording } from '../clean/clean.ts';
import { placeText } from '../clean/recording.ts';
import type { MeasuredChannel } from '../measure/channel.ts';

const ENVELOPE_HZ = 6;
/** Samples of an envelope per second, about */
const ENVELOPE_RATE_HZ = 50;

type Drafts = Record<string, ArtifactDraft>;

/** Everything that is kept beside the features. */
export function outputsOf(
  recording: CleanRecording,
  channels: readonly MeasuredChannel[],
  quality: QualityFlag[],
): Drafts {
  const bursts = burstsOf(recording, channels);
  const curve = (payload: Signals, name: string): ArtifactDraft<'signal.measure'> => ({
    kind: 'signal.measure',
    payload,
    name,
    quality,
  });
  return {
    envelope: curve(envelopeOf(recording, channels), 'EMG envelope'),
    amplitude: curve(amplitudeSignals(recording, channels), 'EMG amplitude'),
    frequency: curve(frequencySignals(recording, channels), 'EMG frequencies'),
    ...(bursts.events.length ? { bursts: { kind: 'events', payload: bursts, name: 'EMG bursts' } } : {}),
    spectra: { kind: 'table.record', payload: spectraTable(recording, channels), name: 'EMG spectra' },
    windows: { kind: 'table.record', payload: windowsTable(recording, channels), name: 'EMG windows' },
  };
}

function channelOf(
  { name, place }: MeasuredChannel,
  what: string,
  { unit, values, quantity }: { unit: Unit; values: Float64Array; quantity: SignalChannel['quantity'] },
): SignalChannel {
  return { name: `${name} ${what}`, unit, values: Float32Array.from(values), quantity, ...place };
}

const amplitudeUnit = ({ voltage }: CleanRecording): Unit => (voltage ? 'uV' : '{arb}');

function envelopeOf(recording: CleanRecording, channels: readonly MeasuredChannel[]): Signals {
  const { clock, startS, rateHz } = recording;
  const step = Math.max(1, Math.round(rateHz / ENVELOPE_RATE_HZ));
  const longestBridge = Math.round(0.05 * rateHz);
  return {
    clock,
    startS,
    rateHz: rateHz / step,
    channels: channels.map((channel) => {
      const envelope = linearEnvelope(channel.clean, { rateHz, cutoffHz: ENVELOPE_HZ, longestBridge });
      const values = Float64Array.from({ length: Math.ceil(envelope.length / step) }, (_, i) => envelope[i * step]);
      return channelOf(channel, 'envelope', { unit: amplitudeUnit(recording), values, quantity: 'emg' });
    }),
  };
}

function amplitudeSignals(recording: CleanRecording, channels: readonly MeasuredChannel[]): Signals {
  const rateHz = channels[0].course.amplitudeRateHz;
  const unit = amplitudeUnit(recording);
  return {
    clock: recording.clock,
    // middle of the first window, which is two hops long
    startS: recording.startS + 1 / rateHz,
    rateHz,
    channels: channels.flatMap((channel) => [
      channelOf(channel, 'RMS', { unit, values: channel.course.rms, quantity: 'emg' }),
      channelOf(channel, 'ARV', { unit, values: channel.course.absolute, quantity: 'emg' }),
    ]),
  };
}

function frequencySignals(recording: CleanRecording, channels: readonly MeasuredChannel[]): Signals {
  const [first, second] = channels[0].course.windows;
  const windowS = first.endS - first.startS;
  const stepS = second ? second.startS - first.startS : windowS;
  const series = (channel: MeasuredChannel, of: 'medianHz' | 'meanHz') =>
    Float64Array.from(channel.course.windows, (window) => window[of]);
  return {
    clock: recording.clock,
    startS: recording.startS + windowS / 2,
    rateHz: 1 / stepS,
    channels: channels.flatMap((channel) => [
      channelOf(channel, 'MF', { unit: 'Hz', values: series(channel, 'medianHz'), quantity: 'other' }),
      channelOf(channel, 'MPF', { unit: 'Hz', values: series(channel, 'meanHz'), quantity: 'other' }),
    ]),
  };
}

function burstsOf({ clock, startS, rateHz }: CleanRecording, channels: readonly MeasuredChannel[]): EventList {
  const events = channels.flatMap(({ activity, place }) =>
    activity.bursts.map(
      ({ from, to }): MotionEvent => ({
        label: `burst ${placeText(place)}`,
        timeS: startS + from / rateHz,
        endS: startS + to / rateHz,
        ...(place.side ? { side: place.side } : {}),
      }),
    ),
  );
  return { clock, events: events.sort((a, b) => a.timeS - b.timeS) };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Mean spectrum of each channel within the band, one frequency a row. */
function spectraTable({ bandHz, voltage }: CleanRecording, channels: readonly MeasuredChannel[]): Table {
  const { stepHz, density } = channels[0].course;
  const [from, to] = [Math.ceil(bandHz[0] / stepHz), Math.min(density.length - 1, Math.floor(bandHz[1] / stepHz))];
  const rows = Array.from({ length: to - from + 1 }, (_, k) => from + k);
  const frequency: TableColumn = {
    name: 'frequency_hz',
    unit: 'Hz',
    definition: 'Frequency of the bin',
    values: rows.map((k) => k * stepHz),
  };
  const columns = channels.map(
    (channel): TableColumn => ({
      name: channel.name,
      unit: voltage ? 'uV2/Hz' : '{arb}',
      definition: `Power spectral density of ${placeText(channel.place)}: mean of Hann windows of a second, one-sided, band-pass divided out`,
      values: rows.map((k) => orNull(channel.course.density[k])),
    }),
  );
  return { columns: [frequency, ...columns] };
}

/** Amplitude and frequencies of each window of a second, one window of one channel a row. */
function windowsTable(recording: CleanRecording, channels: readonly MeasuredChannel[]): Table {
  const rows = channels.flatMap((channel) => channel.course.windows.map((window) => ({ channel, window })));
  type Row = (typeof rows)[number];
  const unit = amplitudeUnit(recording);
  const column = (
    name: string,
    of: (row: Row) => number | string | null,
    about: Partial<TableColumn> = {},
  ): TableColumn => ({ name, ...about, values: rows.map(of) });
  return {
    columns: [
      column('channel', ({ channel }) => channel.name, { definition: 'Name in the recording' }),
      column('site', ({ channel }) => channel.place.site),
      column('level', ({ channel }) => channel.place.level ?? null),
      column('side', ({ channel }) => channel.place.side ?? null),
      column('start_s', ({ window }) => window.startS, { unit: 's' }),
      column('end_s', ({ window }) => window.endS, { unit: 's' }),
      column('rms', ({ window }) => orNull(window.rms), { unit, definition: 'Root of the mean square' }),
      column('arv', ({ window }) => orNull(window.absolute), { unit, definition: 'Mean of the absolute values' }),
      column('iemg', ({ window }) => orNull(window.integral), {
        unit: recording.voltage ? 'uV.s' : '{arb}',
        definition: 'Integral of the absolute values',
      }),
      column('mf', ({ window }) => orNull(window.medianHz), { unit: 'Hz', definition: 'Median frequency' }),
      column('mpf', ({ window }) => orNull(window.meanHz), { unit: 'Hz', definition: 'Mean power frequency' }),
    ],
  };
}
