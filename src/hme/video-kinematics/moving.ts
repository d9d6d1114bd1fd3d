/** One view of everything that moves: frames of points, whether a point keeps its place in the list, and what region it belongs to. */

import {
  type ArtifactValue,
  type AxisDirection,
  type CloudSequence,
  type DepthSequence,
  depthFrameCount,
  depthPoints,
  type FrameName,
  frameCount,
  type MeshSequence,
  MsdtError,
  type PointSequence,
  sampleTimeS,
  type TimeBase,
} from '../../model/index.ts';

/** A value of any sequence kind. */
export type SequenceValue = ArtifactValue<
  'sequence.markers' | 'sequence.skeleton' | 'sequence.mesh' | 'sequence.cloud' | 'sequence.depth'
>;

/** Regions that a movement is told of. */
export const REGIONS = ['head', 'trunk', 'arms', 'legs'] as const;

/** A region of the body. */
export type Region = (typeof REGIONS)[number];

/** A moving body as frames of points. */
export interface Moving {
  kind: 'points' | 'mesh' | 'cloud' | 'depth';
  name: string;
  time: TimeBase;
  frame: FrameName;
  up?: AxisDirection;
  /** axis that points up and its sign; y where the source does not say */
  upright: { axis: 0 | 1 | 2; sign: 1 | -1 };
  /** xyz of each frame · shape [3N] each · mm */
  frames: Float32Array[];
  /** s of each frame */
  timesS: Float64Array;
  /** frames of the recording without any point, left out */
  emptyFrames: number;
  /** true when point i of a frame is point i of the next */
  corresponds: boolean;
  /** one list for all frames, or one a frame; meshes only */
  triangles?: Uint32Array[];
  /** joints or markers */
  names?: string[];
  parents?: number[];
}

/** Fewest frames of a movement and fewest points of a frame. */
const FEWEST = { frames: 3, points: 1 } as const;

function uprightOf(up: AxisDirection | undefined): Moving['upright'] {
  const direction = up ?? '+y';
  return { axis: 'xyz'.indexOf(direction[1]) as 0 | 1 | 2, sign: direction[0] === '-' ? -1 : 1 };
}

/** Frames of points of any sequence, and the base of what is known of them. */
function framesOf({ kind, payload }: SequenceValue): Pick<Moving, 'kind' | 'frames' | 'corresponds'> & Partial<Moving> {
  if (kind === 'sequence.depth') {
    const depth = payload as DepthSequence;
    const frames = Array.from({ length: depthFrameCount(depth) }, (_, f) => depthPoints(depth, f));
    return { kind: 'depth', frames, corresponds: false };
  }
  if (kind === 'sequence.mesh') {
    const { positions, triangles } = payload as MeshSequence;
    const same = positions.every(({ length }) => length === positions[0].length);
    return { kind: 'mesh', frames: positions, corresponds: triangles.length === 1 && same, triangles };
  }
  if (kind === 'sequence.cloud') {
    return { kind: 'cloud', frames: (payload as CloudSequence).positions, corresponds: false };
  }
  const points = payload as PointSequence;
  const stride = 3 * points.names.length;
  const frames = Array.from({ length: frameCount(points) }, (_, f) =>
    Float32Array.from(points.positions.subarray(f * stride, (f + 1) * stride)),
  );
  return { kind: 'points', frames, corresponds: true, names: points.names, parents: points.parents };
}

/**
 * A sequence of any kind as frames of points. Frames without a point are left out.
 *
 * @param correspondence - false treats points that correspond as if they did not
 * @throws MsdtError `input.empty` fewer than three frames
 */
export function movingOf(value: SequenceValue, correspondence = true): Moving {
  const found = framesOf(value);
  const time = value.payload as TimeBase;
  const about = value.payload as { frame?: FrameName; up?: AxisDirection };
  const depth = found.kind === 'depth';
  const kept = found.frames
    .map((points, index) => ({ points, index }))
    .filter(({ points }) => points.length >= 3 * FEWEST.points && points.some((value) => !Number.isNaN(value)));
  if (kept.length < FEWEST.frames) {
    throw new MsdtError('input.empty', 'There is no movement in this recording', {
      where: { file: value.name },
      detail: `${kept.length} frames with points`,
      hint: 'Give at least three frames with the body cut out of its background.',
    });
  }
  const up = depth ? '-y' : about.up;
  const triangles = found.triangles;
  return {
    ...found,
    corresponds: found.corresponds && correspondence,
    name: value.name ?? 'Movement',
    time,
    frame: about.frame ?? 'camera',
    up,
    upright: uprightOf(up),
    frames: kept.map(({ points }) => points),
    emptyFrames: found.frames.length - kept.length,
    timesS: Float64Array.from(kept, ({ index }) => sampleTimeS(time, index)),
    ...(triangles && triangles.length > 1 ? { triangles: kept.map(({ index }) => triangles[index]) } : {}),
  };
}

/** Heights of the points of a frame · mm, upwards. */
export function heightsOf(points: Float32Array, { upright }: Pick<Moving, 'upright'>): Float32Array {
  return Float32Array.from({ length: points.length / 3 }, (_, i) => upright.sign * points[3 * i + upright.axis]);
}

const OF_JOINT: readonly [RegExp, Region][] = [
  [/head|neck|nose|eye|ear/i, 'head'],
  [/shoulder|elbow|wrist|hand|thumb|arm|finger/i, 'arms'],
  [/knee|ankle|foot|toe|heel|thigh|shank/i, 'legs'],
];

/** Region of a joint after its name; hips count to the trunk. */
export function regionOfJoint(name: string): Region {
  return OF_JOINT.find(([pattern]) => pattern.test(name))?.[1] ?? 'trunk';
}

/** Shares of the stature at which legs end and the head begins, standing. */
const BANDS = { legs: 0.47, head: 0.87 } as const;

/**
 * Region of each point of each frame.
 *
 * Joints by their names. Points of surfaces and clouds by their height in shares of the stature: in the first frame where points correspond, at
 * the moment itself where they do not; arms are then part of the bands they hang in.
 *
 * @returns number of the region in `REGIONS` for each point, one array a frame
 */
export function regionsOf(moving: Moving): Uint8Array[] {
  if (moving.names) {
    const each = Uint8Array.from(moving.names, (name) => REGIONS.indexOf(regionOfJoint(name)));
    return moving.frames.map(() => each);
  }
  const first = heightsOf(moving.frames[0], moving);
  const floor = first.reduce((low, h) => Math.min(low, h), Infinity);
  const stature = first.reduce((high, h) => Math.max(high, h), -Infinity) - floor;
  const bands = (heights: Float32Array) =>
    Uint8Array.from(heights, (h) => {
      const share = (h - floor) / stature;
      return REGIONS.indexOf(share < BANDS.legs ? 'legs' : share < BANDS.head ? 'trunk' : 'head');
    });
  if (!moving.corresponds) return moving.frames.map((points) => bands(heightsOf(points, moving)));
  const each = bands(first);
  return moving.frames.map(() => each);
}
