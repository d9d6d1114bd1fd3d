/**
 * Min/max pyramid of a channel: any stretch of time is drawn from at most a few numbers a pixel.
 *
 * Levels hold the extremes of 16, 64, 256 … samples: two fifteenths and a bit of the channel's own size, built in one pass and folds.
 */

import type { BlockSums, Channel, PyramidLevel } from './recording.ts';

const FIRST_FACTOR = 16;
const NEXT_FACTOR = 4;
const SMALLEST_LEVEL = 64;
/** Samples of one block of sums. */
export const SUM_BLOCK = 1024;

/** Extremes of each run of `factor` values; NaN where none is a number. */
function fold(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  factor: number,
): { low: Float32Array; high: Float32Array } {
  const count = Math.ceil(low.length / factor);
  const lows = new Float32Array(count);
  const highs = new Float32Array(count);
  for (let block = 0; block < count; block++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const end = Math.min(low.length, (block + 1) * factor);
    for (let i = block * factor; i < end; i++) {
      if (low[i] < least) least = low[i];
      if (high[i] > most) most = high[i];
    }
    lows[block] = least <= most ? least : Number.NaN;
    highs[block] = least <= most ? most : Number.NaN;
  }
  return { low: lows, high: highs };
}

function sumBlocks(values: ArrayLike<number>): BlockSums {
  const blocks = Math.ceil(values.length / SUM_BLOCK);
  const sums = { sum: new Float64Array(blocks), square: new Float64Array(blocks), count: new Uint32Array(blocks) };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    const block = (i / SUM_BLOCK) | 0;
    sums.sum[block] += value;
    sums.square[block] += value * value;
    sums.count[block]++;
  }
  return sums;
}

/** A channel ready to be drawn and measured. */
export function buildChannel(source: ArrayLike<number>): Channel {
  const values = source instanceof Float32Array ? source : Float32Array.from(source);
  const levels: PyramidLevel[] = [];
  let from: { low: ArrayLike<number>; high: ArrayLike<number> } = { low: values, high: values };
  for (
    let factor = FIRST_FACTOR;
    values.length / factor >= SMALLEST_LEVEL || levels.length === 0;
    factor *= NEXT_FACTOR
  ) {
    const level = fold(from.low, from.high, levels.length === 0 ? FIRST_FACTOR : NEXT_FACTOR);
    levels.push({ factor, ...level });
    from = level;
  }
  const top = levels[levels.length - 1];
  const whole = fold(top.low, top.high, Math.max(1, top.low.length));
  const [low = Number.NaN] = whole.low;
  const [high = Number.NaN] = whole.high;
  return { values, levels, sums: sumBlocks(source), low, high };
}

/** Extremes of samples `from` to `to` (exclusive), at the precision a pixel needs; written into `out` as low, high. */
export function extremes(channel: Channel, from: number, to: number, out: Float64Array): void {
  const { values, levels } = channel;
  const span = to - from;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let level: PyramidLevel | undefined;
  for (const one of levels) if (2 * one.factor <= span) level = one;
  if (level) {
    const first = Math.max(0, Math.floor(from / level.factor));
    const last = Math.min(level.low.length, Math.ceil(to / level.factor));
    for (let i = first; i < last; i++) {
      if (level.low[i] < low) low = level.low[i];
      if (level.high[i] > high) high = level.high[i];
    }
  } else {
    const last = Math.min(values.length, to);
    for (let i = Math.max(0, from); i < last; i++) {
      const value = values[i];
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  out[0] = low <= high ? low : Number.NaN;
  out[1] = low <= high ? high : Number.NaN;
}
