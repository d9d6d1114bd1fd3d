/** Two channels on common times: through the clock maps where there are any, on the times of the slower one, by what lag they differ. */

import {
  butterworth,
  edgeLength,
  estimateLag,
  filterAcrossGaps,
  finiteRuns,
  interpolateAt,
} from '../../kernel/index.ts';
import { type Clocks, mapTimeS, type Signals, sampleTimeS, unmapTimeS } from '../../model/index.ts';
import type { ChannelPair } from './pairs.ts';

/** Values of both channels at the same moments. */
export interface CommonTimes {
  /** s of the first source's clock · shape [N] */
  timeS: Float64Array;
  first: Float64Array;
  second: Float64Array;
  rateHz: number;
}

/** How far the second comes later than the first. */
export interface Lag {
  /** s; positive: the second is late */
  lagS: number;
  correlation: number;
  /** one standard deviation from halves of the recording, absent where they are too short · s */
  sdS?: number;
  inside: boolean;
}

/** Takes times of one clock to another through the maps of a twin; the same time where a map is missing. */
export function clockToClock(
  clocks: Clocks | undefined,
  from: string,
  to: string,
): { map(timeS: number): number; known: boolean } {
  if (from === to) return { map: (timeS) => timeS, known: true };
  const find = (clock: string) => (clock === clocks?.reference ? null : clocks?.maps.find((one) => one.from === clock));
  const [a, b] = [find(from), find(to)];
  if (a === undefined || b === undefined) return { map: (timeS) => timeS, known: false };
  return {
    map: (timeS) => {
      const common = a ? mapTimeS(a, timeS) : timeS;
      return b ? unmapTimeS(b, common) : common;
    },
    known: true,
  };
}

/** Degrees where the channel holds radians, in the sign of the pair's name. */
function valuesOf(channel: ChannelPair['first'], sign: 1 | -1): Float64Array {
  const factor = sign * (channel.unit === 'rad' || channel.unit === 'rad/s' ? 180 / Math.PI : 1);
  return Float64Array.from(channel.values, (value) => factor * value);
}

function timesOf(signals: Signals, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => sampleTimeS(signals, i));
}

/**
 * Brings both channels of a pair to the times of the slower one, in the first source's clock.
 * @param shiftS - moves the second earlier by this · s
 */
export function commonTimes(
  pair: ChannelPair,
  first: Signals,
  second: Signals,
  clocks: Clocks | undefined,
  shiftS: number,
): CommonTimes {
  const { map } = clockToClock(clocks, second.clock, first.clock);
  const [a, b] = [valuesOf(pair.first, pair.signs[0]), valuesOf(pair.second, pair.signs[1])];
  const timeA = timesOf(first, a.length);
  const timeB = timesOf(second, b.length).map((timeS) => map(timeS) - shiftS);
  const slowFirst = first.rateHz <= second.rateHz;
  const rateHz = Math.min(first.rateHz, second.rateHz);
  const [from, to] = [Math.max(timeA[0], timeB[0]), Math.min(timeA[timeA.length - 1], timeB[timeB.length - 1])];
  const timeS = (slowFirst ? timeA : timeB).filter((at) => at >= from && at <= to);
  const values = (times: Float64Array, list: Float64Array, ownHz: number) =>
    interpolateAt(times, thinned(list, ownHz, rateHz), timeS);
  return { timeS, first: values(timeA, a, first.rateHz), second: values(timeB, b, second.rateHz), rateHz };
}

/** Smoothed below half of a slower rate before it is read at that rate. */
function thinned(values: Float64Array, ownHz: number, wantedHz: number): Float64Array {
  if (ownHz < 1.5 * wantedHz) return values;
  const sections = butterworth({ band: 'low-pass', order: 2, cutoffHz: 0.4 * wantedHz, rateHz: ownHz });
  return values.length > edgeLength(sections) ? filterAcrossGaps(sections, values, ownHz / 5) : values;
}

/** Curves less alike than this at their best have no lag: they hardly move, or show different things. */
const LEAST_CORRELATION = 0.5;

/** Lag of the second behind the first, to a fraction of a sample; undefined where they are not alike or share too little. */
export function lagOf(common: CommonTimes, maxLagS: number): Lag | undefined {
  const whole = lagWithin(common, maxLagS);
  if (!whole || whole.correlation < LEAST_CORRELATION) return undefined;
  const n = common.timeS.length;
  if (n / common.rateHz < 4) return whole;
  const thirds = [0, 1, 2].flatMap((k) => {
    const part = (list: Float64Array) => list.slice(Math.floor((k * n) / 3), Math.floor(((k + 1) * n) / 3));
    const lag = lagWithin(
      { timeS: part(common.timeS), first: part(common.first), second: part(common.second), rateHz: common.rateHz },
      Math.abs(whole.lagS) + 0.5,
    );
    return lag?.inside ? [lag.lagS] : [];
  });
  if (thirds.length < 3) return whole;
  const mean = thirds.reduce((sum, value) => sum + value, 0) / 3;
  const spread = thirds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
  return { ...whole, sdS: Math.sqrt(spread / 3) };
}

function lagWithin({ timeS, first, second, rateHz }: CommonTimes, maxLagS: number): Lag | undefined {
  const both = first.map((value, i) => value + second[i]);
  const runs = finiteRuns(both);
  if (runs.length === 0) return undefined;
  // the longest stretch in which both are there, on an even grid of at least 60 Hz
  const { from, to } = runs.reduce((x, y) => (y.to - y.from > x.to - x.from ? y : x));
  if (to - from < 12) return undefined;
  const fine = rateHz * Math.max(1, Math.ceil(60 / rateHz));
  const steps = Math.floor((timeS[to - 1] - timeS[from]) * fine - 1e-6);
  const grid = Float64Array.from({ length: steps + 1 }, (_, i) => timeS[from] + i / fine);
  const [a, b] = [first, second].map((values) =>
    interpolateAt(timeS.subarray(from, to), values.subarray(from, to), grid),
  );
  const dull = (values: Float64Array) =>
    values.every((value) => !Number.isFinite(value) || Math.abs(value - values[0]) < 1e-9);
  if (dull(a) || dull(b)) return undefined;
  const { lag, correlation, inside } = estimateLag(a, b, maxLagS * fine);
  return { lagS: lag / fine, correlation, inside };
}
