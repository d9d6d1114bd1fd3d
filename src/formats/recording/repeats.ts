/**
 * Runs of one repeated value in a muscle or sensor signal: what a radio link writes where packets were lost. They are flagged,
 * never taken for silence.
 *
 * A run is too long when, at the rate at which neighbouring samples are equal by chance in this very channel, fewer than one
 * in a thousand recordings of this length would hold it.
 */

import type { QualityFlag, SignalChannel, Signals } from '../../model/index.ts';
import { sampleTimeS } from '../../model/index.ts';

/** A run of equal values. */
interface RepeatRun {
  /** first and last sample */
  start: number;
  end: number;
}

/** Runs shorter than this are never suspect · samples */
const SHORTEST = 8;

/** Runs longer than this are taken out before the chance of equal neighbours is estimated · samples */
const CHANCE_RUN = 16;

/**
 * Runs of one value that are too long to be chance. Several channels of one packet repeat together or not at all.
 * @param channels - of one sensor · shape [N] each · any unit
 * @example repeatRuns(Float64Array.from({ length: 60 }, (_, i) => (i > 20 && i < 50 ? 1 : Math.sin(i)))) // [{ start: 21, end: 49 }]
 */
export function repeatRuns(...channels: (Float32Array | Float64Array)[]): RepeatRun[] {
  const count = Math.min(...channels.map((values) => values.length));
  const repeats = (at: number): boolean => channels.every((values) => values[at] === values[at - 1]);
  const runs: RepeatRun[] = [];
  let equal = 0;
  let pairs = 0;
  for (let start = 0; start < count; ) {
    let end = start;
    while (end + 1 < count && repeats(end + 1)) end++;
    const length = end - start + 1;
    if (length <= CHANCE_RUN) {
      equal += length - 1;
      pairs += length;
    }
    if (length >= SHORTEST) runs.push({ start, end });
    start = end + 1;
  }
  if (pairs < count * 0.02) return [];
  const chance = Math.min(0.999, (equal + 0.5) / (pairs + 1));
  return runs.filter(({ start, end }) => count * chance ** (end - start) < 1e-3);
}

/** Flags of a recording whose muscle channels or inertial sensors hold such runs: one per channel or sensor. */
export function repeatFlags(signals: Signals): QualityFlag[] {
  return packetsOf(signals.channels).flatMap(({ name, channels }) => {
    const runs = repeatRuns(...channels.map(({ values }) => values));
    if (runs.length === 0) return [];
    const samples = runs.reduce((sum, { start, end }) => sum + end - start, 0);
    const first = sampleTimeS(signals, runs[0].start).toFixed(3);
    const message = `${name} repeats its values in ${runs.length} ${runs.length === 1 ? 'place' : 'places'}, ${samples} samples in all, first at ${first} s: lost packets, not silence.`;
    return [{ code: 'signal.repeated', severity: 'doubt' as const, where: name, message }];
  });
}

/** Channels that travel together: each muscle alone, accelerations and rates of one sensor. */
function packetsOf(channels: readonly SignalChannel[]): { name: string; channels: SignalChannel[] }[] {
  const packets = new Map<string, { name: string; channels: SignalChannel[] }>();
  for (const channel of channels) {
    const { quantity, sensor, name } = channel;
    const inertial = quantity === 'acceleration' || quantity === 'angular-rate';
    if (!inertial && quantity !== 'emg') continue;
    const key = inertial ? `sensor ${sensor ?? ''}` : `muscle ${name} ${packets.size}`;
    const packet = packets.get(key);
    if (packet) packet.channels.push(channel);
    else packets.set(key, { name: inertial && sensor ? sensor : name, channels: [channel] });
  }
  return [...packets.values()];
}
