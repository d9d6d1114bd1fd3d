/**
 * The grey level between air and body.
 *
 * Method: iterative midpoint of the two class means (Ridler and Calvard 1978) on a histogram; for MR it runs on the darker part of
 * the histogram, between noise and tissue. Complexity: O(voxels + bins · iterations).
 */

import type { VoxelArray } from '../../model/index.ts';

/** Threshold with the means of both sides. */
export interface AirThreshold {
  /** grey level half-way between air and tissue, where skin is drawn · unit of the volume */
  level: number;
  /** grey level from which a voxel counts as tissue; above `level` on CT, so that cloth and covers do not · unit of the volume */
  tissueFrom: number;
  /** mean below · unit of the volume */
  air: number;
  /** mean above · unit of the volume */
  body: number;
  iterations: number;
  converged: boolean;
}

interface Histogram {
  low: number;
  width: number;
  counts: Float64Array;
}

const BINS = 1024;

/**
 * Midpoint threshold of a CT, started at −300 HU, over −1024 to 300 HU (denser than that is body whatever the number).
 * @param data - HU
 */
export function airThresholdCt(data: VoxelArray): AirThreshold {
  const found = iterate(histogramOf(data, -1024, 300), -300);
  return { ...found, tissueFrom: (found.level + found.body) / 2 };
}

/**
 * Threshold of a volume without a fixed scale (MR): first between dark and bright, then again within the dark part, so that
 * tissue far from the coil stays on the bright side.
 */
export function airThresholdRelative(data: VoxelArray): AirThreshold {
  const [low, high] = spread(data);
  const first = iterate(histogramOf(data, low, high), otsu(histogramOf(data, low, high)));
  const second = iterate(histogramOf(data, low, first.body), (first.air + first.level) / 2);
  return { ...second, body: first.body, tissueFrom: second.level };
}

function histogramOf(data: VoxelArray, low: number, high: number): Histogram {
  const counts = new Float64Array(BINS);
  const width = (high - low) / BINS || 1;
  for (let i = 0; i < data.length; i++) {
    const bin = Math.floor((data[i] - low) / width);
    counts[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin]++;
  }
  return { low, width, counts };
}

/** 1st and 99th percentile, from a thinned sample. */
function spread(data: VoxelArray): [number, number] {
  const step = Math.max(1, Math.floor(data.length / 200_000));
  const sample = new Float64Array(Math.ceil(data.length / step));
  for (let i = 0, k = 0; i < data.length; i += step, k++) sample[k] = data[i];
  sample.sort();
  const at = (share: number) => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))];
  return [at(0.01), Math.max(at(0.99), at(0.01) + 1e-6)];
}

function iterate(histogram: Histogram, start: number): AirThreshold {
  let level = start;
  let air = histogram.low;
  let body = histogram.low;
  for (let iterations = 1; iterations <= 50; iterations++) {
    [air, body] = classMeans(histogram, level);
    const next = (air + body) / 2;
    if (Math.abs(next - level) < Math.max(0.5, histogram.width / 2))
      return { level: next, tissueFrom: next, air, body, iterations, converged: true };
    level = next;
  }
  return { level, tissueFrom: level, air, body, iterations: 50, converged: false };
}

function classMeans({ low, width, counts }: Histogram, level: number): [number, number] {
  const sums = [0, 0];
  const weights = [0, 0];
  for (let bin = 0; bin < counts.length; bin++) {
    const value = low + (bin + 0.5) * width;
    const side = value < level ? 0 : 1;
    sums[side] += counts[bin] * value;
    weights[side] += counts[bin];
  }
  return [weights[0] ? sums[0] / weights[0] : low, weights[1] ? sums[1] / weights[1] : level];
}

/** Otsu's threshold: largest variance between the classes. */
function otsu({ low, width, counts }: Histogram): number {
  let total = 0;
  let moment = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    total += counts[bin];
    moment += counts[bin] * bin;
  }
  let weight = 0;
  let sum = 0;
  let best = -1;
  let at = 0;
  for (let bin = 0; bin < counts.length - 1; bin++) {
    weight += counts[bin];
    sum += counts[bin] * bin;
    if (weight === 0 || weight === total) continue;
    const between = (moment * weight - sum * total) ** 2 / (weight * (total - weight));
    if (between > best) {
      best = between;
      at = bin;
    }
  }
  return low + (at + 1) * width;
}
