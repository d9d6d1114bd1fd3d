/**
 * Thresholding in WebAssembly for the array types that have a SIMD kernel. Bounds are turned into the element type first, so
 * that comparing there is comparing the numbers: whole types round inward and clamp, float32 takes the next float inside.
 */
import type { Workspace } from '../../memory.ts';
import type { VoxelArray } from '../types.ts';

/** Marks `rows` rows of `nx` voxels from element `from` on; `target` is the address of the first row, `stride` in bytes. */
export type Classifier = (from: number, target: number, nx: number, rows: number, stride: number) => void;

/** Largest piece of data copied into the workspace at a time · bytes. */
const CHUNK_BYTES = 1 << 19;

/**
 * Room the classifier needs for data that is not in the workspace's memory.
 *
 * @param data - voxels
 * @param largest - most voxels in one call
 */
export function bytesToClassify(data: VoxelArray, largest: number): number {
  return largest * data.BYTES_PER_ELEMENT;
}

/**
 * A thresholding function for one array, or undefined when its type has no SIMD kernel.
 *
 * @param space - workspace to run in
 * @param data - voxels
 * @param low - lowest value to mark
 * @param high - highest value to mark
 * @param scratch - address of room for a copy of the voxels of one call
 */
export function classifierFor(
  space: Workspace,
  data: VoxelArray,
  low: number,
  high: number,
  scratch: number,
): Classifier | undefined {
  const kernel = kernelFor(space, data);
  if (!kernel) return undefined;
  const bounds = boundsWithin(data, low, high);
  const bytes = data.BYTES_PER_ELEMENT;
  return (from, target, nx, rows, stride) => {
    if (!bounds) {
      const words = new Uint8Array(space.buffer);
      for (let r = 0; r < rows; r++) words.fill(0, target + r * stride, target + r * stride + 4 * ((nx + 31) >>> 5));
      return;
    }
    if (space.holdsData) {
      kernel(data.byteOffset + from * bytes, target, nx, rows, stride, bounds[0], bounds[1]);
      return;
    }
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const copy = new Uint8Array(space.buffer);
    const step = Math.max(1, Math.floor(CHUNK_BYTES / (nx * bytes)));
    for (let r = 0; r < rows; r += step) {
      const n = Math.min(step, rows - r);
      const at = (from + r * nx) * bytes;
      copy.set(source.subarray(at, at + n * nx * bytes), scratch);
      kernel(scratch, target + r * stride, nx, n, stride, bounds[0], bounds[1]);
    }
  };
}

function kernelFor({ kernels }: Workspace, data: VoxelArray) {
  if (data instanceof Int16Array) return kernels.classifyI16;
  if (data instanceof Uint16Array) return kernels.classifyU16;
  if (data instanceof Uint8Array) return kernels.classifyU8;
  if (data instanceof Float32Array) return kernels.classifyF32;
  return undefined;
}

/** Bounds in the element type, or undefined when no value of it lies between. */
function boundsWithin(data: VoxelArray, low: number, high: number): readonly [number, number] | undefined {
  if (data instanceof Float32Array) {
    const l = Math.fround(low) < low ? nextFloat(Math.fround(low), 1) : Math.fround(low);
    const h = Math.fround(high) > high ? nextFloat(Math.fround(high), -1) : Math.fround(high);
    return l <= h ? [l, h] : undefined;
  }
  const [least, most] =
    data instanceof Int16Array ? [-32768, 32767] : data instanceof Uint16Array ? [0, 65535] : [0, 255];
  const l = Math.max(least, Math.ceil(low));
  const h = Math.min(most, Math.floor(high));
  return l <= h ? [l, h] : undefined;
}

/** The float32 next to a finite or infinite one, upwards (1) or downwards (-1). */
function nextFloat(value: number, direction: 1 | -1): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (value === 0) return direction * 2 ** -149;
  bits[0] += value > 0 === direction > 0 ? 1 : -1;
  return float[0];
}
