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
export interface RepeatRun {
  /** first and last sample */
  start: number;
  end: number;
}

/** Runs shorter than this are never suspect · samples */
const SHORTEST = 8;

/** Runs longer than this are taken out before the chance of equal neighbours is estimated · samples */
const CHANCE_RUN = 16;

/**
 * Runs of one value that are too long to be chance.
 * @param values - shape [N] · any unit
 * @example repeatRuns(Float64Array.from({ length: 60 }, (_, i) => (i > 20 && i < 50 ? 1 : Math.sin(i)))) // [{ start: 21, end: 49 }]
 */
export function repeatRuns(values: Float32Array | Float64Array): RepeatRun[] {
  const runs: RepeatRun[] = [];
  let equal = 0;
  let pairs = 0;
  for (let start = 0; start < values.length; ) {
    let end = start;
    while (end + 1 < values.length && values[end + 1] === values[start]) end++;
    const length = end - start + 1;
    if (length <= CHANCE_RUN) {
      equal += length - 1;
      pairs += length;
    }
    if (length >= SHORTEST) runs.push({ start, end });
    start = end + 1;
  }
  if (pairs < values.length * 0.02) return [];
  const chance = Math.min(0.999, (equal + 0.5) / (pairs + 1));
  return runs.filter(({ start, end }) => values.length * chance ** (end - start) < 1e-3);
}

/** Flags of a recording whose muscle or inertial channels hold such runs: one per channel. */
export function repeatFlags(signals: Signals): QualityFlag[] {
  return signals.channels.filter(isFast).flatMap((channel) => {
    const runs = repeatRuns(channel.values);
    if (runs.length === 0) return [];
    const samples = runs.reduce((sum, { start, end }) => sum + end - start, 0);
    const first = sampleTimeS(signals, runs[0].start).toFixed(3);
    return [
      {
        code: 'signal.repeated',
        severity: 'doubt' as const,
        where: channel.name,
        message: `${channel.name} repeats one value in ${runs.length} ${runs.length === 1 ? 'place' : 'places'}, ${samples} samples in all, first at ${first} s: lost packets, not silence.`,
      },
    ];
  });
}

function isFast({ quantity }: SignalChannel): boolean {
  return quantity === 'emg' || quantity === 'acceleration' || quantity === 'angular-rate';
}
