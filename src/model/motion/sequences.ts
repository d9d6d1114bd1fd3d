/** Things that move: markers, skeletons, surfaces, clouds, depth pictures, and what happened when. */

import type { FrameName, Vec3 } from '../geometry/frames.ts';
import type { TimeBase } from './signals.ts';

/** Directions that an axis of a recording's frame may have. */
export const AXIS_DIRECTIONS = ['+x', '-x', '+y', '-y', '+z', '-z'] as const;

/** Direction of an axis of a frame in the world of the recording. */
export type AxisDirection = (typeof AXIS_DIRECTIONS)[number];

/** Unit vector of each direction. */
export const AXIS_VECTORS: Readonly<Record<AxisDirection, Vec3>> = {
  '+x': [1, 0, 0],
  '-x': [-1, 0, 0],
  '+y': [0, 1, 0],
  '-y': [0, -1, 0],
  '+z': [0, 0, 1],
  '-z': [0, 0, -1],
};

interface Moving extends TimeBase {
  frame: FrameName;
  /** which axis points up; absent where the source does not say */
  up?: AxisDirection;
}

/** Named points in time: optical markers or the joints of a skeleton. */
export interface PointSequence extends Moving {
  /** names of the points · length P; `pelvis`, `thorax` … for a skeleton after `SKELETON_JOINTS` */
  names: string[];
  /** xyz of each point in each frame, frame by frame, NaN where it was not seen · shape [3PF] · mm in `frame` */
  positions: Float32Array | Float64Array;
  /** index of each point's parent, -1 for a root · length P; present for skeletons */
  parents?: number[];
  /** orientation of each joint `[w, x, y, z]`, segment to `frame` · shape [4PF] */
  orientations?: Float32Array | Float64Array;
  /** residual of the reconstruction, NaN unknown · shape [PF] · mm */
  residualMm?: Float32Array;
}

/** A surface in time. */
export interface MeshSequence extends Moving {
  /** xyz of each vertex, one array a frame · each shape [3N] · mm in `frame` */
  positions: Float32Array[];
  /** one list for all frames (vertices correspond), or one a frame (they do not) · each shape [3M] */
  triangles: Uint32Array[];
  /** named value per vertex, one array a frame */
  pointData?: Record<string, Float32Array[]>;
}

/** A point cloud in time, without correspondence. */
export interface CloudSequence extends Moving {
  /** xyz of each point, one array a frame · each shape [3N] · mm in `frame` */
  positions: Float32Array[];
  /** named value per point, one array a frame */
  pointData?: Record<string, Float32Array[]>;
}

/** Depth pictures of one camera. */
export interface DepthSequence extends TimeBase {
  /** pixels across and down */
  width: number;
  height: number;
  /** depth of each pixel, row by row, frame by frame, 0 where there is none · shape [WHF] · mm */
  depthMm: Uint16Array;
  /** pinhole camera · px; pixel centres at whole numbers */
  intrinsics: { fx: number; fy: number; cx: number; cy: number; source: string };
}

/** Something that happened, or lasted. */
export interface MotionEvent {
  label: string;
  /** s of the list's clock */
  timeS: number;
  /** end of something that lasted */
  endS?: number;
  side?: 'left' | 'right';
}

/** Events on one clock, in order of time. */
export interface EventList {
  clock: string;
  events: MotionEvent[];
}

/** Frames of a sequence of points. */
export function frameCount(sequence: PointSequence): number {
  return sequence.names.length ? sequence.positions.length / (3 * sequence.names.length) : 0;
}
