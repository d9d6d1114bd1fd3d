/**
 * Key points of a moving surface by its intrinsic shape signatures (Zhong 2009), and how alike two surfaces are around theirs: 3D shape
 * contexts (Frome et al. 2004) of key points that choose each other. O(frames · points · neighbours), frames and points thinned.
 *
 * The radii are set once for a recording, from stature and distance of neighbours in its first frame, so that numbers of frames can be compared.
 */

import {
  buildKdTree,
  chiSquareDistance,
  cloudResolution,
  issKeypoints,
  shapeContext,
  type Vec3,
} from '../../kernel/index.ts';
import type { Moving } from './moving.ts';
import { shapeAxes, statureOf, thinned } from './poses.ts';

/** Most frames whose key points are looked for, and most points of each. */
const MOST_FRAMES = 100;
const MOST_POINTS = 3000;
/** Radius of the scatter and of suppression, in distances of neighbours, but at least this share of the stature: hands and feet, not grain. */
const RADII = { salient: 6, suppress: 4, leastShare: 0.06 } as const;
/** Reach of the context of a key point, in shares of the stature. */
const REACH = { from: 0.02, to: 0.4 } as const;
/** Most pairs of poses that are compared by their key points, and most key points of each. */
const MOST_PAIRS = 10;
const MOST_COMPARED = 60;

/** Key points of a recording. */
export interface Signatures {
  /** frames that were looked at */
  frames: number[];
  /** key points of each · shape [3K] · mm */
  points: Float32Array[];
  /** radius of the neighbourhood whose scatter is looked at · mm */
  salientMm: number;
}

function thinPoints(points: Float32Array): Float32Array {
  const use = thinned(points.length / 3, MOST_POINTS);
  return Float32Array.from(use.flatMap((i) => [...points.subarray(3 * i, 3 * i + 3)]));
}

/** Key points of some frames of one recording. */
function keypointsOf(moving: Moving, frames: readonly number[], step: () => void): Signatures {
  const first = thinPoints(moving.frames[0]);
  const resolution = cloudResolution(first, buildKdTree(first));
  const least = RADII.leastShare * statureOf(moving);
  const options = {
    salientRadius: Math.max(least, RADII.salient * resolution),
    suppressRadius: Math.max(least, RADII.suppress * resolution),
  };
  const points = frames.map((frame) => {
    step();
    const thin = thinPoints(moving.frames[frame]);
    return Float32Array.from([...issKeypoints(thin, options)].flatMap((i) => [...thin.subarray(3 * i, 3 * i + 3)]));
  });
  return { frames: [...frames], points, salientMm: options.salientRadius };
}

/**
 * Key points of a recording.
 *
 * @param step - called before each frame; may throw to stop
 * @returns undefined for joints and markers, which have no surface
 */
export function signaturesOf(moving: Moving, step: () => void = () => {}): Signatures | undefined {
  if (moving.kind === 'points') return undefined;
  return keypointsOf(moving, thinned(moving.frames.length, MOST_FRAMES), step);
}

/** Shape contexts of the key points of one frame. */
function contextsOf(moving: Moving, frame: number, keypoints: Float32Array): Float32Array[] {
  const stature = statureOf(moving);
  const points = thinPoints(moving.frames[frame]);
  const options = { ...shapeAxes(moving), minRadius: REACH.from * stature, maxRadius: REACH.to * stature };
  return thinned(keypoints.length / 3, MOST_COMPARED).map((k) =>
    shapeContext(points, [...keypoints.subarray(3 * k, 3 * k + 3)] as unknown as Vec3, options),
  );
}

/** Mean chi-square distance of contexts that choose each other; 1 where none does. */
function matchedDistance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  if (a.length === 0 || b.length === 0) return 1;
  const cost = a.map((one) => b.map((other) => chiSquareDistance(one, other)));
  const nearest = (row: readonly number[]) => row.indexOf(Math.min(...row));
  const back = b.map((_, j) => nearest(cost.map((row) => row[j])));
  const matched = cost.flatMap((row, i) => {
    const j = nearest(row);
    return back[j] === i ? [row[j]] : [];
  });
  return matched.reduce((sum, value) => sum + value, 0) / matched.length;
}

/**
 * How far two recordings are apart around their key points, over poses that belong together.
 *
 * @param pairs - frames of both that belong together; ten of them at most are looked at
 * @returns 0 to 1; NaN where either has no surface
 */
export function signatureDistance(
  a: Moving,
  b: Moving,
  pairs: readonly (readonly [number, number])[],
  step: () => void = () => {},
): number {
  if (a.kind === 'points' || b.kind === 'points' || pairs.length === 0) return Number.NaN;
  const use = thinned(pairs.length, MOST_PAIRS).map((k) => pairs[k]);
  const of = (moving: Moving, frames: readonly number[]) => {
    const { points } = keypointsOf(moving, frames, step);
    return frames.map((frame, k) => contextsOf(moving, frame, points[k]));
  };
  const [first, second] = [
    of(
      a,
      use.map(([frame]) => frame),
    ),
    of(
      b,
      use.map(([, frame]) => frame),
    ),
  ];
  return first.reduce((sum, contexts, k) => sum + matchedDistance(contexts, second[k]) / first.length, 0);
}
