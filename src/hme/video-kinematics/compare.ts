/** Two recordings beside each other: poses, speeds and paths, each with its own distance. O(frames²). */

import {
  chiSquareDistance,
  dtwDistance,
  dtwPath,
  earthMoverDistance,
  histogramShares,
  type WarpingPath,
} from '../../kernel/index.ts';
import type { CentroidPath } from './centroid.ts';
import type { PoseDistances } from './poses.ts';

/** Speed histograms of a recording. */
export interface SpeedHistograms {
  /** upper end of the last bin · mm/s */
  most: number;
  /** shares of all points of all frames */
  whole: Float64Array;
  /** of each frame */
  frames: Float64Array[];
}

/** Bins of a speed histogram. */
export const SPEED_BINS = 16;

/** Shares of the points by speed, over the whole recording and frame by frame. */
export function speedHistograms(speeds: readonly Float32Array[], most: number): SpeedHistograms {
  const range = most > 0 ? most : 1;
  const frames = speeds.map((values) => histogramShares(values, SPEED_BINS, range));
  const whole = new Float64Array(SPEED_BINS);
  const counts = speeds.map((values) => values.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : 1), 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  frames.forEach((shares, f) => {
    for (let b = 0; b < SPEED_BINS; b++) whole[b] += (shares[b] * counts[f]) / Math.max(1, total);
  });
  return { most: range, whole, frames };
}

/** How far two recordings are apart. */
export interface Comparison {
  path: WarpingPath;
  /** mean distance of the poses that belong together */
  pose: number;
  /** earth mover's distance of the speed histograms · mm/s */
  speedMmS: number;
  /** chi-square distance of the speed histograms · 0 to 1 */
  speedShape: number;
  /** warped chi-square distance of the histograms frame by frame · 0 to 1 */
  speedCourse: number;
  /** warped distance of the paths of the middle, each from its start · mm */
  pathMm: number;
}

function flat(histograms: readonly Float64Array[]) {
  return { values: Float64Array.from(histograms.flatMap((shares) => [...shares])), dims: SPEED_BINS };
}

function fromStart({ places }: CentroidPath) {
  return { values: places.map((v, i) => v - places[i % 3]), dims: 3 };
}

/**
 * Compares two recordings.
 *
 * @param poses - distances between their poses
 * @param histograms - of both, over the same range
 */
export function compareRecordings(
  poses: PoseDistances,
  histograms: readonly [SpeedHistograms, SpeedHistograms],
  paths: readonly [CentroidPath, CentroidPath],
): Comparison {
  const path = dtwPath(poses.values, poses.rows, poses.columns, 0.2);
  let sum = 0;
  path.first.forEach((row, k) => {
    sum += poses.values[poses.columns * row + path.second[k]];
  });
  const [a, b] = histograms;
  // a step of the path counts once, whatever its direction: n + m steps at most, so twice the mean
  return {
    path,
    pose: sum / path.first.length,
    speedMmS: (earthMoverDistance(a.whole, b.whole) * a.most) / SPEED_BINS,
    speedShape: chiSquareDistance(a.whole, b.whole),
    speedCourse: 2 * dtwDistance(flat(a.frames), flat(b.frames), { cost: 'chi-square' }),
    pathMm: 2 * dtwDistance(fromStart(paths[0]), fromStart(paths[1]), { cost: 'euclidean' }),
  };
}
