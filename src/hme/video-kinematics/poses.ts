/**
 * How alike the poses of a body are from moment to moment, and what repeats. Points that correspond are compared place by place about their
 * middle; others by how they are spread around it (3D shape context). O(frames² · points), points and frames thinned.
 */

import { chiSquareDistance, quantile, shapeContext, type Vec3 } from '../../kernel/index.ts';
import { meanOfPoints } from './centroid.ts';
import { heightsOf, type Moving } from './moving.ts';

/** Distances between the poses of two recordings, or of one with itself. */
export interface PoseDistances {
  /** distance of pose i of the first and j of the second at `columns·i + j` */
  values: Float64Array;
  rows: number;
  columns: number;
  /** frame of each row and column */
  rowFrames: number[];
  columnFrames: number[];
  unit: 'mm' | '1';
  method: string;
}

/** Most frames that are compared. */
const MOST_FRAMES = 400;
/** Most points of a pose that are compared. */
const MOST_POINTS = 500;
/** Cells of the shape context: turns, belts, shells. */
const CELLS = [12, 11, 15] as const;

/** A pose as numbers. */
type Descriptor = Float32Array;

/** Indices of every so many of a list, at most `most`. */
export function thinned(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** Places of some points about their middle · mm. */
function placeDescriptor(points: Float32Array, use: readonly number[]): Descriptor {
  const own = Float32Array.from(use.flatMap((i) => [...points.subarray(3 * i, 3 * i + 3)]));
  const middle = meanOfPoints(own);
  return own.map((v, i) => v - middle[i % 3]);
}

/** Stature at the start, the reach of a shape context. */
export function statureOf(moving: Moving): number {
  const heights = heightsOf(moving.frames[0], moving);
  return Math.max(1, quantile(heights, 0.99) - quantile(heights, 0.01));
}

/** Fixed axes and cells of the shape contexts of a recording. */
export function shapeAxes({ upright: { axis, sign } }: Pick<Moving, 'upright'>) {
  const up = [0, 1, 2].map((d) => (d === axis ? sign : 0)) as unknown as Vec3;
  const forward = [0, 1, 2].map((d) => (d === (axis + 1) % 3 ? 1 : 0)) as unknown as Vec3;
  return { bins: CELLS, up, forward };
}

function shapeDescriptor(moving: Moving, frame: number, stature: number): Descriptor {
  const points = moving.frames[frame];
  const options = { ...shapeAxes(moving), minRadius: 0.05 * stature, maxRadius: 0.9 * stature };
  return shapeContext(points, meanOfPoints(points), options);
}

/** Root mean square distance of points that both have · mm. */
function placeDistance(a: Descriptor, b: Descriptor): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const gap = a[i] - b[i];
    if (Number.isNaN(gap)) continue;
    sum += gap * gap;
    count++;
  }
  return count > 0 ? Math.sqrt((3 * sum) / count) : 0;
}

/** Points that two recordings can be compared by, place by place: the same joints, or all vertices of one mesh. */
function sharedPoints(a: Moving, b: Moving): [number[], number[]] | undefined {
  if (!a.corresponds || !b.corresponds) return undefined;
  if (a === b) {
    const use = thinned(a.frames[0].length / 3, MOST_POINTS);
    return [use, use];
  }
  if (!a.names || !b.names) return undefined;
  const names = a.names.filter((name) => b.names?.includes(name));
  if (names.length < 4) return undefined;
  return [names.map((name) => a.names?.indexOf(name) ?? 0), names.map((name) => b.names?.indexOf(name) ?? 0)];
}

/**
 * Distances between all poses of two recordings; hand over one twice for its self-similarity.
 *
 * Two skeletons are laid over each other joint by joint, the second in the size of the first; headings are left as they are.
 *
 * @param step - called now and then; may throw to stop
 */
export function poseDistances(a: Moving, b: Moving, step: () => void = () => {}): PoseDistances {
  const rowFrames = thinned(a.frames.length, MOST_FRAMES);
  const columnFrames = a === b ? rowFrames : thinned(b.frames.length, MOST_FRAMES);
  const shared = sharedPoints(a, b);
  const [sizeA, sizeB] = [statureOf(a), statureOf(b)];
  const describe = (moving: Moving, use: readonly number[] | undefined, size: number, scale: number) => (f: number) => {
    step();
    return use ? placeDescriptor(moving.frames[f], use).map((v) => v * scale) : shapeDescriptor(moving, f, size);
  };
  const first = rowFrames.map(describe(a, shared?.[0], sizeA, 1));
  const second = a === b ? first : columnFrames.map(describe(b, shared?.[1], sizeB, sizeA / sizeB));
  const values = new Float64Array(first.length * second.length);
  first.forEach((one, i) => {
    step();
    second.forEach((other, j) => {
      if (a === b && j < i) values[second.length * i + j] = values[second.length * j + i];
      else values[second.length * i + j] = shared ? placeDistance(one, other) : chiSquareDistance(one, other);
    });
  });
  return {
    values,
    rows: first.length,
    columns: second.length,
    rowFrames,
    columnFrames,
    unit: shared ? 'mm' : '1',
    method: shared
      ? 'Root mean square distance of the points about their middle'
      : 'Chi-square distance of 3D shape contexts about the middle',
  };
}

/** For each pose the most alike one of the other recording. */
export interface SimilarPose {
  row: number;
  column: number;
  distance: number;
}

/**
 * Finds for each pose of the first recording the most alike of the second.
 *
 * @param apart - within one recording, moments nearer than this many frames are no answer
 */
export function similarPoses({ values, rows, columns }: PoseDistances, apart: number): SimilarPose[] {
  const found: SimilarPose[] = [];
  for (let row = 0; row < rows; row++) {
    let best: SimilarPose | undefined;
    for (let column = 0; column < columns; column++) {
      if (Math.abs(column - row) < apart) continue;
      const distance = values[columns * row + column];
      if (!best || distance < best.distance) best = { row, column, distance };
    }
    if (best) found.push(best);
  }
  return found;
}
