/**
 * From a channel as it came to clean muscle activity: holes out, heart out, hum out, band-pass without phase. O(n).
 *
 * The order matters: holes before everything, because a filter smears their edges; the heart before the band-pass, because its shape
 * is whole only there. The band-pass has order 4 each way; its power gain is known and divided out of spectra within the band.
 */
import {
  bridgeGaps,
  butterworth,
  filterAcrossGaps,
  filterGain,
  notchFilter,
  type SampleRun,
  type Sections,
} from '../../../kernel/index.ts';
import { type LineRatio, lineRatios, lostPackets, type Rails, railsOf } from './faults.ts';
import { findHeartbeat, type Heartbeat, subtractHeartbeat } from './heartbeat.ts';
import type { EmgRecording, Trace } from './recording.ts';

/** Gaps up to this long are bridged for the filters · s */
const BRIDGE_S = 0.05;
/** Stretches at a rail up to this long are kept · s */
const SHORT_RAIL_S = 0.02;
const NOTCH_QUALITY = 30;
const BAND_ORDER = 4;
/** Line ratio above which a notch is worth its own damage */
export const NOTCH_ABOVE = 3;
/** Corner of the high-pass against the heart · Hz */
const HEART_HIGH_PASS_HZ = 30;

/** How a recording is cleaned. */
export interface CleanOptions {
  lowHz: number;
  highHz: number;
  /** which hum is looked for */
  mains: 'auto' | '50' | '60' | 'none';
  ecg: 'auto' | 'template' | 'high-pass' | 'none';
}

/** What was done about the heart. */
interface HeartRemoval {
  method: 'template subtraction' | 'high-pass at 30 Hz' | 'none';
  heart?: Heartbeat;
}

/** A clean channel. */
export interface CleanTrace extends Trace {
  /** muscle activity within the band, NaN missing · shape [N] · unit of the trace */
  clean: Float64Array;
  /** runs of one repeated value, masked */
  lost: SampleRun[];
  /** samples that were missing in the file itself */
  missing: number;
  rails: Rails;
  lines: LineRatio[];
  /** frequencies that were notched · Hz */
  notchedHz: number[];
}

/** A clean recording. */
export interface CleanRecording extends Omit<EmgRecording, 'traces'> {
  traces: CleanTrace[];
  /** the band that was used · Hz */
  bandHz: [low: number, high: number];
  /** sections of the band-pass */
  band: Sections;
  heart: HeartRemoval;
}

/**
 * Cleans every channel of a recording.
 *
 * @param tell - called after each channel
 * @throws ArgumentError a band that the rate does not hold
 */
export function cleanRecording(
  recording: EmgRecording,
  options: CleanOptions,
  tell: (done: number) => void = () => undefined,
): CleanRecording {
  const { rateHz } = recording;
  const masked = recording.traces.map((trace) => maskOf(trace, rateHz));
  const heart = removalOf(
    masked.map(({ values }) => values),
    rateHz,
    options,
  );
  const lowHz = heart.method === 'high-pass at 30 Hz' ? Math.max(HEART_HIGH_PASS_HZ, options.lowHz) : options.lowHz;
  const bandHz: [number, number] = [lowHz, Math.min(options.highHz, 0.45 * rateHz)];
  const band = butterworth({ band: 'band-pass', order: BAND_ORDER, cutoffHz: bandHz, rateHz });
  const traces = recording.traces.map((trace, k): CleanTrace => {
    const { values, lost, rails, missing } = masked[k];
    const beatless = heart.heart && heart.method !== 'none' ? withoutHeart(values, heart, rateHz) : values;
    const lines = options.mains === 'none' ? [] : lineRatios(beatless, rateHz, bandHz[1]);
    const notchedHz = notchesOf(lines, options.mains);
    const sections = [...notchedHz.flatMap((hz) => notchFilter(hz, NOTCH_QUALITY, rateHz)), ...band];
    const clean = filterAcrossGaps(sections, beatless, Math.round(BRIDGE_S * rateHz));
    tell((k + 1) / recording.traces.length);
    return { ...trace, clean, lost, missing, rails, lines, notchedHz };
  });
  return { ...recording, traces, bandHz, band, heart };
}

interface Masked {
  /** without mean, NaN where missing or lost */
  values: Float64Array;
  lost: SampleRun[];
  rails: Rails;
  missing: number;
}

function maskOf({ values }: Trace, rateHz: number): Masked {
  const rails = railsOf(values);
  const atRail = (value: number) =>
    [rails.low, rails.high].some((end) => Math.abs(value - (end ?? Number.NaN)) < 3 * rails.step);
  // a short stretch at a rail is a peak without its tip, not a lost packet
  const lost = lostPackets(values, rateHz).filter(
    ({ from, to }) => to - from > SHORT_RAIL_S * rateHz || !atRail(values[from]),
  );
  const out = values.slice();
  for (const { from, to } of lost) out.fill(Number.NaN, from, to);
  let [sum, count, missing] = [0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    if (Number.isNaN(values[i])) missing++;
    if (Number.isNaN(out[i])) continue;
    sum += out[i];
    count++;
  }
  for (let i = 0; i < out.length; i++) out[i] -= sum / count;
  return { values: out, lost, rails, missing };
}

function removalOf(channels: readonly Float64Array[], rateHz: number, { ecg }: CleanOptions): HeartRemoval {
  if (ecg === 'none') return { method: 'none' };
  if (ecg === 'high-pass') return { method: 'high-pass at 30 Hz' };
  const heart = findHeartbeat(channels, rateHz);
  if (heart) return { method: 'template subtraction', heart };
  return { method: ecg === 'template' ? 'high-pass at 30 Hz' : 'none' };
}

function withoutHeart(values: Float64Array, { method, heart }: HeartRemoval, rateHz: number): Float64Array {
  if (method !== 'template subtraction' || !heart) return values;
  const without = subtractHeartbeat(bridgeGaps(values, values.length), heart, rateHz);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) without[i] = Number.NaN;
  return without;
}

/**
 * Frequencies that stand out, of one mains only: its own line, or two of its multiples, or any that stands out twice as far. In a
 * recording of few seconds the limit rises with what chance makes.
 */
function notchesOf(lines: readonly LineRatio[], mains: CleanOptions['mains']): number[] {
  const limit = ({ chance }: LineRatio) => NOTCH_ABOVE * chance;
  const families = [50, 60].map((base) => {
    if (mains !== 'auto' && mains !== String(base)) return [];
    const own = lines.filter((line) => line.frequencyHz % base === 0 && line.ratio > limit(line));
    const sure = own.some(({ frequencyHz }) => frequencyHz === base) || own.length >= 2;
    return own.filter((line) => sure || line.ratio > 2 * limit(line));
  });
  const weight = (family: readonly LineRatio[]) => family.reduce((sum, { ratio }) => sum + ratio, 0);
  const [one, other] = families;
  return (weight(other) > weight(one) ? other : one).map(({ frequencyHz }) => frequencyHz).sort((a, b) => a - b);
}

/**
 * Share of the power at a frequency that the band-pass lets through, both ways.
 * @param band - sections of the band-pass
 */
export function bandPower(band: Sections, frequencyHz: number, rateHz: number): number {
  return filterGain(band, frequencyHz, rateHz) ** 4;
}
