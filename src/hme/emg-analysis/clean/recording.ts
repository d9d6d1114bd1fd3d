/**
 * A recording as the analysis takes it: channels of muscle activity in µV with names that tell them apart.
 *
 * Voltages of any unit become µV; what is not a voltage keeps its own scale, and its amplitudes are compared but never named in
 * µV. O(samples).
 */
import { type ArtifactValue, MsdtError, type SignalChannel, type Signals, type Unit } from '../../../model/index.ts';

/** Slowest recording that holds muscle activity to speak of · Hz */
const LEAST_RATE_HZ = 200;
/** Shortest recording · s */
const LEAST_S = 1;
const MICROVOLTS: Partial<Record<Unit, number>> = { uV: 1, mV: 1e3, V: 1e6 };

/** Where an electrode lies, as features carry it. */
export interface ElectrodePlace {
  site: string;
  level?: string;
  side?: 'left' | 'right';
}

/** One channel of muscle activity. */
export interface Trace {
  /** name in the file */
  name: string;
  place: ElectrodePlace;
  /** NaN missing · shape [N] · µV, or the file's own unit where that is no voltage */
  values: Float64Array;
}

/** A recording of muscle activity. */
export interface EmgRecording {
  clock: string;
  startS: number;
  endS: number;
  rateHz: number;
  /** true when the values are µV */
  voltage: boolean;
  traces: Trace[];
}

/**
 * Opens a recording.
 *
 * @param value - artifact of kind `signal.emg`
 * @throws MsdtError `input.empty` without channels or samples, or shorter than a second · `file.unsupported` below 200 Hz
 */
export function openRecording(value: Pick<ArtifactValue<'signal.emg'>, 'payload' | 'name'>): EmgRecording {
  const signals = value.payload;
  const where = { file: value.name };
  const muscles = signals.channels.filter((channel) => channel.quantity === 'emg');
  const channels = muscles.length ? muscles : signals.channels;
  const count = channels[0]?.values.length ?? 0;
  if (count < LEAST_S * signals.rateHz) {
    throw new MsdtError('input.empty', 'The recording is too short for muscle activity', {
      where,
      detail: `${count} samples at ${signals.rateHz} Hz`,
      hint: 'Record at least one second; frequencies need ten and more.',
    });
  }
  if (signals.rateHz < LEAST_RATE_HZ) {
    throw new MsdtError('file.unsupported', 'The recording is sampled too slowly for muscle activity', {
      where,
      detail: `${signals.rateHz} Hz, ${LEAST_RATE_HZ} Hz needed`,
      hint: 'This may be an envelope already, or another kind of signal. Give the raw recording.',
    });
  }
  const factors = channels.map((channel) => MICROVOLTS[channel.unit]);
  const voltage = factors.every((factor) => factor !== undefined);
  const places = placesOf(channels);
  return {
    clock: signals.clock,
    startS: signals.startS,
    endS: signals.startS + count / signals.rateHz,
    rateHz: signals.rateHz,
    voltage,
    traces: channels.map((channel, k) => ({
      name: channel.name,
      place: places[k],
      values: scaled(channel, voltage ? (factors[k] as number) : 1),
    })),
  };
}

function scaled({ values }: SignalChannel, factor: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Number.isFinite(values[i]) ? values[i] * factor : Number.NaN;
  return out;
}

/** Places that are all different: the channel's name joins in where two electrodes would share a place. */
function placesOf(channels: readonly SignalChannel[]): ElectrodePlace[] {
  const places = channels.map(({ site, level, side, name }): ElectrodePlace => {
    const place: ElectrodePlace = { site: site ?? plainName(name) };
    if (level) place.level = level;
    if (side) place.side = side;
    return place;
  });
  return places.map((place, k) => {
    const twins = places.filter((other) => placeText(other) === placeText(place)).length;
    if (twins === 1) return place;
    const named = `${place.site}-${plainName(channels[k].name)}`;
    const sameName = channels.filter(({ name }) => plainName(name) === plainName(channels[k].name)).length > 1;
    return { ...place, site: sameName ? `${named}-${k + 1}` : named };
  });
}

/** A name that can stand in an id: letters and digits. */
function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'channel';
}

/**
 * An electrode's place in words.
 * @example placeText({ site: 'erectorSpinae', level: 'L4', side: 'left' }) // 'erectorSpinae L4 left'
 */
export function placeText({ site, level, side }: ElectrodePlace): string {
  return [site, level, side].filter(Boolean).join(' ');
}

/**
 * True where time stamps leave the even grid by more than a sample and a half: blocks were lost, or the clock jumped.
 */
export function isUneven({ timeS, rateHz }: Pick<Signals, 'timeS' | 'rateHz'>): boolean {
  if (!timeS) return false;
  for (let i = 1; i < timeS.length; i++) if (timeS[i] - timeS[i - 1] > 1.5 / rateHz) return true;
  return false;
}
