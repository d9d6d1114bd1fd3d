/** Where the middle of the body goes: path, speed, smoothness. O(points). */

import { spectralArcLength } from '../../kernel/index.ts';
import type { Moving } from './moving.ts';

/** The middle of a body in time. */
export interface CentroidPath {
  /** xyz of each frame · shape [3F] · mm */
  places: Float64Array;
  /** from each frame to the next, the last repeated · shape [F] · mm/s */
  speed: Float64Array;
  /** sum of the steps · mm */
  lengthMm: number;
  /** the same over every second frame: what coarser frames would have cut off · mm */
  lengthHalfRateMm: number;
  /** from first to last frame · mm */
  displacementMm: number;
  /** spectral arc length of the speed; NaN without movement */
  smoothness: number;
}

/** Mean of the points of a frame that were seen · mm. */
export function meanOfPoints(points: ArrayLike<number>): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let i = 0; i + 2 < points.length; i += 3) {
    if (Number.isNaN(points[i] + points[i + 1] + points[i + 2])) continue;
    for (let d = 0; d < 3; d++) sum[d] += points[i + d];
    count++;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Points seen in every frame, so that one that disappears does not move the middle; all where there is none. */
function alwaysSeen({ frames, corresponds }: Moving): number[] | undefined {
  if (!corresponds) return undefined;
  const seen: number[] = [];
  for (let i = 0; i < frames[0].length / 3; i++) {
    if (frames.every((points) => !Number.isNaN(points[3 * i] + points[3 * i + 1] + points[3 * i + 2]))) seen.push(i);
  }
  return seen.length === 0 || seen.length === frames[0].length / 3 ? undefined : seen;
}

/** Length of a path over every `step`-th frame · mm. */
function pathLength(places: Float64Array, step: number): number {
  let sum = 0;
  const n = places.length / 3;
  for (let f = 0; f + 1 < n; f += step) {
    const to = Math.min(n - 1, f + step);
    sum += Math.hypot(...[0, 1, 2].map((d) => places[3 * to + d] - places[3 * f + d]));
  }
  return sum;
}

/** Path of the mean of all points of a body. */
export function centroidPath(moving: Moving): CentroidPath {
  const { frames, timesS } = moving;
  const use = alwaysSeen(moving);
  const places = new Float64Array(3 * frames.length);
  frames.forEach((points, f) => {
    places.set(meanOfPoints(use ? use.flatMap((i) => [...points.subarray(3 * i, 3 * i + 3)]) : points), 3 * f);
  });
  const speed = new Float64Array(frames.length);
  for (let f = 0; f + 1 < frames.length; f++) {
    const step = Math.hypot(...[0, 1, 2].map((d) => places[3 * f + 3 + d] - places[3 * f + d]));
    speed[f] = step / (timesS[f + 1] - timesS[f]);
  }
  speed[frames.length - 1] = speed[frames.length - 2];
  const last = places.length - 3;
  const rateHz = (frames.length - 1) / (timesS[frames.length - 1] - timesS[0]);
  return {
    places,
    speed,
    lengthMm: pathLength(places, 1),
    lengthHalfRateMm: pathLength(places, 2),
    displacementMm: Math.hypot(...[0, 1, 2].map((d) => places[last + d] - places[d])),
    smoothness: spectralArcLength(speed.subarray(0, -1), rateHz),
  };
}
