/**
 * A volume on a finer or coarser grid over the same space: every output voxel is a short weighted sum along each axis in
 * turn (separable, O(voxels · taps)): two taps for linear, the covered share of each voxel for the box average.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Size3, VoxelArray } from '../types.ts';
import { isIntegerArray, voxelCount, voxelsLike } from '../types.ts';

/** How values between voxels are found. `average` is the one to make a volume coarser without aliasing. */
export interface ResampleOptions {
  readonly method?: 'trilinear' | 'nearest' | 'average';
  /** source voxels per output voxel along x, y, z; default size / newSize, which keeps the outer faces in place */
  readonly scale?: readonly [number, number, number];
  /** source position of output voxel (0, 0, 0) · voxels; default (scale - 1) / 2, which keeps the first faces in place */
  readonly offset?: readonly [number, number, number];
}

interface Taps {
  readonly first: Int32Array;
  readonly source: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Resamples a volume. Output voxel i lies at source position `offset + i · scale`; beyond the faces the edge value holds.
 *
 * @param data - x-fastest voxels
 * @param size - grid of the data
 * @param newSize - grid of the answer
 * @returns the same kind of array; whole-number arrays are rounded
 * @throws ArgumentError when the array does not fit the grid or a size is not positive
 * @example resampleVolume(new Uint8Array([0, 10, 20, 30]), [4, 1, 1], [2, 1, 1], { method: 'average' })[1] // 25
 */
export function resampleVolume<T extends VoxelArray>(
  data: T,
  size: Size3,
  newSize: Size3,
  options: ResampleOptions = {},
): T {
  expectArgument(data.length >= voxelCount(size), 'data', data.length, `${voxelCount(size)} voxels`);
  expectArgument(
    newSize.every((n) => Number.isInteger(n) && n > 0),
    'newSize',
    newSize,
    'positive whole numbers',
  );
  const method = options.method ?? 'trilinear';
  const axes = [0, 1, 2].map((d) => {
    const scale = options.scale?.[d] ?? size[d] / newSize[d];
    return axisTaps(method, size[d], newSize[d], scale, options.offset?.[d] ?? (scale - 1) / 2);
  });
  const out = voxelsLike(data, voxelCount(newSize));
  if (method === 'nearest') copyNearest(data, size, newSize, out, axes);
  else sumSeparable(data, size, newSize, out, axes);
  return out;
}

function axisTaps(method: string, n: number, m: number, scale: number, offset: number): Taps {
  const first = new Int32Array(m + 1);
  const source: number[] = [];
  const weight: number[] = [];
  const clamp = (i: number) => Math.min(n - 1, Math.max(0, i));
  for (let i = 0; i < m; i++) {
    const p = offset + i * scale;
    const low = Math.floor(p);
    if (method === 'nearest') push(source, weight, clamp(Math.round(p)), 1);
    else if (method === 'average' && scale > 1)
      coveredVoxels(p - scale / 2 + 0.5, p + scale / 2 + 0.5, n, source, weight);
    else {
      push(source, weight, clamp(low), 1 - (p - low));
      if (p > low) push(source, weight, clamp(low + 1), p - low);
    }
    first[i + 1] = source.length;
  }
  return { first, source: Int32Array.from(source), weight: Float64Array.from(weight) };
}

function push(source: number[], weight: number[], i: number, w: number): void {
  source.push(i);
  weight.push(w);
}

/** Voxels between two face positions (voxel k covers k … k + 1) with the share of the interval each one fills. */
function coveredVoxels(from: number, to: number, n: number, source: number[], weight: number[]): void {
  const a = Math.max(0, Math.min(from, n - 1e-9));
  const b = Math.min(n, Math.max(to, a + 1e-9));
  for (let k = Math.floor(a); k < Math.min(n, Math.ceil(b)); k++) {
    const share = (Math.min(b, k + 1) - Math.max(a, k)) / (b - a);
    if (share > 1e-12) push(source, weight, k, share);
  }
}

function copyNearest(data: VoxelArray, size: Size3, newSize: Size3, out: VoxelArray, [x, y, z]: Taps[]): void {
  let i = 0;
  for (let k = 0; k < newSize[2]; k++) {
    for (let j = 0; j < newSize[1]; j++) {
      const base = size[0] * (y.source[j] + size[1] * z.source[k]);
      for (let c = 0; c < newSize[0]; c++) out[i++] = data[base + x.source[c]];
    }
  }
}

function sumSeparable(data: VoxelArray, size: Size3, newSize: Size3, out: VoxelArray, [x, y, z]: Taps[]): void {
  const [nx, ny] = size;
  const [mx, my, mz] = newSize;
  const round = isIntegerArray(out);
  const slice = new Float64Array(nx * ny);
  const lines = new Float64Array(nx);
  for (let k = 0; k < mz; k++) {
    slice.fill(0);
    for (let t = z.first[k]; t < z.first[k + 1]; t++) {
      const base = nx * ny * z.source[t];
      const w = z.weight[t];
      for (let i = 0; i < nx * ny; i++) slice[i] += w * data[base + i];
    }
    for (let j = 0; j < my; j++) {
      lines.fill(0);
      for (let t = y.first[j]; t < y.first[j + 1]; t++) {
        const base = nx * y.source[t];
        const w = y.weight[t];
        for (let i = 0; i < nx; i++) lines[i] += w * slice[base + i];
      }
      const target = mx * (j + my * k);
      for (let c = 0; c < mx; c++) {
        let sum = 0;
        for (let t = x.first[c]; t < x.first[c + 1]; t++) sum += x.weight[t] * lines[x.source[t]];
        out[target + c] = round ? Math.round(sum) : sum;
      }
    }
  }
}
