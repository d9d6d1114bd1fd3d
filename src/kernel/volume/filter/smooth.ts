/**
 * Smoothing of grey volumes: separable Gaussian, O(voxels · kernel), rows accumulated whole so that the y and z passes
 * stream through memory; 3×3×3 median by partial selection. Borders mirror (… c b a | a b c …), as SciPy does by default.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Size3, VoxelArray } from '../types.ts';
import { voxelCount, voxelsLike } from '../types.ts';

/** The Gaussian is cut off at this many standard deviations. */
const TRUNCATE = 4;

/**
 * Gaussian smoothing.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param sigmaVoxels - standard deviation along x, y, z · voxels · 0 leaves an axis alone
 * @returns smoothed values · unit of the data
 * @throws ArgumentError when the array does not fit the grid or a sigma is negative
 * @example gaussianSmooth(new Uint8Array([7, 7, 7, 7]), [4, 1, 1], [1, 1, 1])[2] // 7
 */
export function gaussianSmooth(
  data: VoxelArray,
  size: Size3,
  sigmaVoxels: readonly [number, number, number],
): Float32Array {
  const n = voxelCount(size);
  expectArgument(data.length >= n, 'data', data.length, `${n} voxels`);
  expectArgument(
    sigmaVoxels.every((s) => s >= 0),
    'sigmaVoxels',
    sigmaVoxels,
    'standard deviations that are not negative',
  );
  const out = Float32Array.from(data.length === n ? data : data.subarray(0, n));
  const [nx, ny, nz] = size;
  if (sigmaVoxels[0] > 0 && nx > 1) smoothRows(out, nx, ny * nz, gaussianKernel(sigmaVoxels[0]));
  if (sigmaVoxels[1] > 0 && ny > 1) {
    for (let z = 0; z < nz; z++) smoothLines(out, z * nx * ny, nx, ny, nx, gaussianKernel(sigmaVoxels[1]));
  }
  if (sigmaVoxels[2] > 0 && nz > 1) {
    for (let y = 0; y < ny; y++) smoothLines(out, y * nx, nx, nz, nx * ny, gaussianKernel(sigmaVoxels[2]));
  }
  return out;
}

/** Half of a normalised Gaussian kernel: weight at offsets 0, 1, … */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-0.5 * i * i) / (sigma * sigma)));
  const sum = half.reduce((a, v, i) => a + (i === 0 ? v : 2 * v), 0);
  return half.map((v) => v / sum);
}

function mirror(i: number, n: number): number {
  const period = 2 * n;
  const r = ((i % period) + period) % period;
  return r < n ? r : period - 1 - r;
}

function smoothRows(data: Float32Array, n: number, rows: number, half: Float64Array): void {
  const radius = half.length - 1;
  const padded = new Float64Array(n + 2 * radius);
  const source = Int32Array.from({ length: padded.length }, (_, i) => mirror(i - radius, n));
  for (let row = 0, base = 0; row < rows; row++, base += n) {
    for (let i = 0; i < padded.length; i++) padded[i] = data[base + source[i]];
    for (let i = 0; i < n; i++) {
      let sum = half[0] * padded[i + radius];
      for (let k = 1; k <= radius; k++) sum += half[k] * (padded[i + radius - k] + padded[i + radius + k]);
      data[base + i] = sum;
    }
  }
}

/** Smooths `count` parallel rows of `width` voxels, `stride` apart, across the rows. */
function smoothLines(
  data: Float32Array,
  base: number,
  width: number,
  count: number,
  stride: number,
  half: Float64Array,
): void {
  const radius = half.length - 1;
  const copy = new Float32Array(width * count);
  for (let r = 0; r < count; r++) copy.set(data.subarray(base + r * stride, base + r * stride + width), r * width);
  const sum = new Float64Array(width);
  for (let r = 0; r < count; r++) {
    const here = r * width;
    for (let i = 0; i < width; i++) sum[i] = half[0] * copy[here + i];
    for (let k = 1; k <= radius; k++) {
      const w = half[k];
      const a = mirror(r - k, count) * width;
      const b = mirror(r + k, count) * width;
      for (let i = 0; i < width; i++) sum[i] += w * (copy[a + i] + copy[b + i]);
    }
    data.set(sum, base + r * stride);
  }
}

/**
 * Median of each 3×3×3 neighbourhood; removes single-voxel noise, keeps edges.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @returns the same kind of array
 * @throws ArgumentError when the array does not fit the grid
 * @example median3(new Int16Array([1, 1, 90, 1, 1]), [5, 1, 1])[2] // 1
 */
export function median3<T extends VoxelArray>(data: T, size: Size3): T {
  const n = voxelCount(size);
  expectArgument(data.length >= n, 'data', data.length, `${n} voxels`);
  const [nx, ny, nz] = size;
  const out = voxelsLike(data, n);
  const around = new Float64Array(27);
  const clamp = (i: number, m: number) => (i < 0 ? 0 : i >= m ? m - 1 : i);
  const rows = new Int32Array(9);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let k = 0; k < 9; k++)
        rows[k] = nx * (clamp(y + (k % 3) - 1, ny) + ny * clamp(z + Math.floor(k / 3) - 1, nz));
      for (let x = 0; x < nx; x++, i++) {
        const left = x > 0 ? x - 1 : 0;
        const right = x + 1 < nx ? x + 1 : nx - 1;
        for (let k = 0, m = 0; k < 9; k++) {
          around[m++] = data[rows[k] + left];
          around[m++] = data[rows[k] + x];
          around[m++] = data[rows[k] + right];
        }
        out[i] = selectMiddle(around);
      }
    }
  }
  return out;
}

/** The 14th smallest of 27 numbers (Hoare's selection, in place). */
function selectMiddle(a: Float64Array): number {
  let low = 0;
  let high = 26;
  while (low < high) {
    const pivot = a[13];
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (j < 13) low = i;
    if (i > 13) high = j;
  }
  return a[13];
}
