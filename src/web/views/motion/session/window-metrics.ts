/** Numbers of one channel in a window: exact, from sums of blocks and the samples at the edges. */

import type { TimeWindow } from '../../../kit/motion.ts';
import { indexAt, type Line } from '../lanes/lane-painter.ts';
import { SUM_BLOCK } from '../recording/pyramid.ts';

export interface WindowMetrics {
  /** samples in the window that are numbers */
  count: number;
  /** samples in the window that are missing */
  missing: number;
  mean: number;
  rms: number;
  low: number;
  high: number;
  range: number;
}

/** First and one past the last sample of a window. */
export function samplesIn(line: Line, [from, to]: TimeWindow): [number, number] {
  const n = line.channel.values.length;
  const clamp = (index: number): number => Math.min(n, Math.max(0, index));
  return [clamp(Math.ceil(indexAt(line, from) - 1e-6)), clamp(Math.floor(indexAt(line, to) + 1e-6) + 1)];
}

/** Mean, RMS and extremes; NaN without a sample. */
export function windowMetrics(line: Line, window: TimeWindow): WindowMetrics {
  const [from, to] = samplesIn(line, window);
  const { values, sums, levels } = line.channel;
  let [sum, square, count] = [0, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const walk = (start: number, end: number): void => {
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (Number.isNaN(value)) continue;
      sum += value;
      square += value * value;
      count++;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  };
  const firstBlock = Math.ceil(from / SUM_BLOCK);
  const lastBlock = Math.floor(to / SUM_BLOCK);
  if (firstBlock >= lastBlock) walk(from, to);
  else {
    walk(from, firstBlock * SUM_BLOCK);
    walk(lastBlock * SUM_BLOCK, to);
    for (let block = firstBlock; block < lastBlock; block++) {
      sum += sums.sum[block];
      square += sums.square[block];
      count += sums.count[block];
    }
    // blocks are whole numbers of the finest level
    const [{ factor, low: lows, high: highs }] = levels;
    for (let i = (firstBlock * SUM_BLOCK) / factor; i < (lastBlock * SUM_BLOCK) / factor; i++) {
      if (lows[i] < low) low = lows[i];
      if (highs[i] > high) high = highs[i];
    }
  }
  if (count === 0) {
    const none = Number.NaN;
    return { count, missing: to - from, mean: none, rms: none, low: none, high: none, range: none };
  }
  return {
    count,
    missing: to - from - count,
    mean: sum / count,
    rms: Math.sqrt(square / count),
    low,
    high,
    range: high - low,
  };
}

/**
 * A channel over a window as `points` values at equal steps of the window, 0 to 100 %: the mean of the samples that a step stands for, or
 * their RMS, for a signal such as raw EMG whose mean is nothing.
 */
export function sampled(line: Line, [from, to]: TimeWindow, points: number, by: 'mean' | 'rms' = 'mean'): Float64Array {
  const out = new Float64Array(points);
  const { values } = line.channel;
  const step = (to - from) / (points - 1);
  for (let p = 0; p < points; p++) {
    // the mean over what a step stands for, so that a fast signal is not met by chance
    const a = indexAt(line, from + (p - 0.5) * step);
    const b = indexAt(line, from + (p + 0.5) * step);
    const [first, last] = [Math.max(0, Math.ceil(a)), Math.min(values.length - 1, Math.floor(b))];
    let [sum, count] = [0, 0];
    for (let i = first; i <= last; i++) {
      if (Number.isNaN(values[i])) continue;
      sum += by === 'rms' ? values[i] ** 2 : values[i];
      count++;
    }
    const mean = by === 'rms' ? Math.sqrt(sum / count) : sum / count;
    out[p] = count > 1 ? mean : between(values, indexAt(line, from + p * step));
  }
  return out;
}

function between(values: Float32Array, index: number): number {
  if (index < -0.5 || index > values.length - 0.5) return Number.NaN;
  const below = Math.min(values.length - 2, Math.max(0, Math.floor(index)));
  const share = Math.min(1, Math.max(0, index - below));
  return values.length < 2 ? values[0] : values[below] * (1 - share) + values[below + 1] * share;
}
