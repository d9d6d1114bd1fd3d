/** Trilinear sampling in WebAssembly for 16-bit data that lies in an arena; the TypeScript loops do everything else. */
import { openWorkspace } from '../../memory.ts';
import type { Size3, VoxelArray } from '../types.ts';

/** Below this many samples the trip to WebAssembly costs more than it saves. */
const SIMD_SAMPLES = 2_000;

/** Writes pixels `from` … `to - 1` of a row to `out[base + x]`. */
export type RowSampler = (
  out: Float32Array,
  base: number,
  from: number,
  to: number,
  ox: number,
  oy: number,
  oz: number,
) => void;

/**
 * A sampler of slice rows, or undefined where it cannot run.
 *
 * @param data - voxels
 * @param size - grid
 * @param plane - step along a row and size of the picture
 */
export function rowSampler(
  data: VoxelArray,
  [nx, ny]: Size3,
  plane: { readonly u: readonly [number, number, number]; readonly width: number; readonly height: number },
): RowSampler | undefined {
  const { u, width, height } = plane;
  if (!(data instanceof Int16Array) || width * height < SIMD_SAMPLES) return undefined;
  const space = openWorkspace(4 * width + 128, data);
  if (!space?.holdsData) return undefined;
  const at = space.take(4 * width);
  const row = new Float32Array(space.buffer, at, width);
  return (out, base, from, to, ox, oy, oz) => {
    if (from >= to) return;
    space.kernels.resliceRowI16(data.byteOffset, 2 * nx, 2 * nx * ny, at, from, to, ox, oy, oz, u[0], u[1], u[2]);
    out.set(row.subarray(from, to), base + from);
  };
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
