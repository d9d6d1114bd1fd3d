/** Trilinear sampling in WebAssembly for 16-bit data that lies in an arena; the TypeScript loops do everything else. */
import { openWorkspace } from '../../memory.ts';
import type { Size3, VoxelArray } from '../types.ts';

/** Below this many samples the trip to WebAssembly costs more than it saves. */
const SIMD_SAMPLES = 2_000;

/** The parts of a slice plane a picture is made from. */
interface Plane {
  readonly origin: readonly [number, number, number];
  readonly u: readonly [number, number, number];
  readonly v: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

/**
 * An oblique slice where its cells are whole; the other pixels are left to the caller.
 *
 * @param data - voxels
 * @param size - grid
 * @param plane - slice
 * @param ranges - first pixel of each row whose cell is whole, and one past the last · shape [2 · height]
 * @param out - pixels row by row; those outside the ranges are overwritten with anything
 * @returns false where this cannot run
 */
export function resliceSimd(
  data: VoxelArray,
  [nx, ny]: Size3,
  plane: Plane,
  ranges: Int32Array,
  out: Float32Array,
): boolean {
  const { origin, u, v, width, height } = plane;
  if (!(data instanceof Int16Array) || width * height < SIMD_SAMPLES) return false;
  const space = openWorkspace(4 * width * height + 8 * height + 256, data);
  if (!space?.holdsData) return false;
  const at = space.take(8 * height);
  const pixels = space.take(4 * width * height);
  new Int32Array(space.buffer, at, 2 * height).set(ranges);
  space.kernels.resliceI16(data.byteOffset, 2 * nx, 2 * nx * ny, pixels, width, height, at, ...origin, ...u, ...v);
  out.set(new Float32Array(space.buffer, pixels, width * height));
  return true;
}

/**
 * Values at points.
 *
 * @param data - voxels
 * @param size - grid
 * @param points - flat xyz
 * @param out - one value per point
 * @param settle - value of a point whose cell is not whole
 * @returns false where this cannot run
 */
export function samplePointsSimd(
  data: VoxelArray,
  size: Size3,
  points: Float32Array | Float64Array,
  out: Float32Array,
  settle: (x: number, y: number, z: number) => number,
): boolean {
  const n = Math.floor(points.length / 3);
  if (n < SIMD_SAMPLES || !(data instanceof Int16Array) || !(points instanceof Float32Array)) return false;
  const space = openWorkspace(16 * n + 256, data);
  if (!space?.holdsData) return false;
  const at = space.take(12 * n);
  const answer = space.take(4 * n);
  new Float32Array(space.buffer, at, 3 * n).set(points.subarray(0, 3 * n));
  const left = space.kernels.samplePointsI16(data.byteOffset, ...size, at, n, answer);
  out.set(new Float32Array(space.buffer, answer, n));
  for (let k = 0, found = 0; found < left; k++) {
    if (!Number.isNaN(out[k])) continue;
    found++;
    out[k] = settle(points[3 * k], points[3 * k + 1], points[3 * k + 2]);
  }
  return true;
}
