/** Surfaces, clouds and depth pictures as columns: one row a point or a pixel that has a depth. */

import type { CloudSequence, DepthSequence, MeshSequence } from '../../model/index.ts';
import { type Columns, columnOf } from './columns.ts';

/** Metadata of surfaces and clouds. */
export type FramesHeader = Omit<CloudSequence, 'positions' | 'pointData' | 'timeS'> & {
  timeS?: number[];
  /** points of each frame */
  counts: number[];
  values: string[];
  /** base64 of little-endian Uint32 lists; absent for clouds */
  triangles?: string[];
};

/** What of surfaces and clouds is no column. */
export function framesHeader(sequence: MeshSequence | CloudSequence): FramesHeader {
  const { positions, pointData, timeS, ...base } = sequence;
  const { triangles, ...rest } = base as typeof base & { triangles?: Uint32Array[] };
  return {
    ...rest,
    ...(timeS && { timeS: [...timeS] }),
    counts: positions.map((frame) => frame.length / 3),
    values: Object.keys(pointData ?? {}),
    ...(triangles && { triangles: triangles.map(toBase64) }),
  };
}

/** One row a point: frame, position, values. */
export function framesColumns({ positions, pointData = {} }: MeshSequence | CloudSequence): Columns {
  const total = positions.reduce((sum, frame) => sum + frame.length / 3, 0);
  const frame = new Int32Array(total);
  const axes = [new Float32Array(total), new Float32Array(total), new Float32Array(total)];
  let row = 0;
  for (const [index, points] of positions.entries()) {
    for (let at = 0; at < points.length; at += 3, row++) {
      frame[row] = index;
      for (let axis = 0; axis < 3; axis++) axes[axis][row] = points[at + axis];
    }
  }
  const columns: Columns = new Map<string, Float32Array | Int32Array>([
    ['frame', frame],
    ['x_mm', axes[0]],
    ['y_mm', axes[1]],
    ['z_mm', axes[2]],
  ]);
  for (const [name, frames] of Object.entries(pointData)) columns.set(`value ${name}`, concatenated(frames, total));
  return columns;
}

/**
 * Surfaces and clouds as they were written.
 * @throws Error header and columns do not agree
 */
export function readFrames(header: FramesHeader, columns: Columns): MeshSequence | CloudSequence {
  const { counts, values, triangles, timeS, ...base } = header;
  const axes = ['x_mm', 'y_mm', 'z_mm'].map((name) => columnOf(columns, name));
  let start = 0;
  const positions = counts.map((count) => {
    const points = new Float32Array(3 * count);
    for (let axis = 0; axis < 3; axis++)
      for (let row = 0; row < count; row++) points[3 * row + axis] = axes[axis][start + row];
    start += count;
    return points;
  });
  if (start !== axes[0].length) throw new Error('points and frames do not agree');
  const pointData = Object.fromEntries(
    values.map((name) => [name, split(columnOf(columns, `value ${name}`) as Float32Array, counts)]),
  );
  return {
    ...base,
    ...(timeS && { timeS: Float64Array.from(timeS) }),
    positions,
    ...(triangles && { triangles: triangles.map(fromBase64) }),
    ...(values.length && { pointData }),
  };
}

/** One row a pixel that has a depth. */
export function depthColumns({ depthMm, width, height }: DepthSequence): Columns {
  const size = width * height;
  let total = 0;
  for (const depth of depthMm) if (depth) total++;
  const [frame, pixel, depth] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  for (let at = 0, row = 0; at < depthMm.length; at++) {
    if (!depthMm[at]) continue;
    frame[row] = Math.floor(at / size);
    pixel[row] = at % size;
    depth[row++] = depthMm[at];
  }
  return new Map([
    ['frame', frame],
    ['pixel', pixel],
    ['depth_mm', depth],
  ]);
}

/** Depth pictures as they were written. */
export function readDepth(
  header: Omit<DepthSequence, 'depthMm' | 'timeS'> & { frames: number; timeS?: number[] },
  columns: Columns,
): DepthSequence {
  const { frames, timeS, ...base } = header;
  const size = base.width * base.height;
  const depthMm = new Uint16Array(frames * size);
  const [frame, pixel, depth] = ['frame', 'pixel', 'depth_mm'].map((name) => columnOf(columns, name));
  for (let row = 0; row < frame.length; row++) depthMm[frame[row] * size + pixel[row]] = depth[row];
  return { ...base, ...(timeS && { timeS: Float64Array.from(timeS) }), depthMm };
}

function concatenated(frames: Float32Array[], total: number): Float32Array {
  const whole = new Float32Array(total);
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}

function split(values: Float32Array, counts: number[]): Float32Array[] {
  let at = 0;
  return counts.map((count) => {
    at += count;
    return values.slice(at - count, at);
  });
}

function toBase64(values: Uint32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8190) text += String.fromCharCode(...bytes.subarray(at, at + 8190));
  return btoa(text);
}

function fromBase64(text: string): Uint32Array {
  return new Uint32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
