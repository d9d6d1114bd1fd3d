/**
 * Values between voxels: trilinear interpolation at points, and whole oblique slices. A voxel reaches half a voxel
 * around its centre, so samples up to half a voxel outside the outer centres take the edge value and everything beyond is
 * background. Slices clip each pixel row to the volume once and then run without tests; O(pixels).
 *
 * 16-bit data in an arena is sampled in WebAssembly (see `simd-sample.ts`), slices in tiles of 32×32 pixels so that the voxels
 * around stay in the cache (a sixth faster than row by row). These loops are as fast once compiled for one array type;
 * after five types have passed through them they take three times as long, WebAssembly does not.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Size3, VoxelArray } from '../types.ts';
import { voxelCount, voxelsLike } from '../types.ts';
import { resliceSimd, samplePointsSimd } from './simd-sample.ts';

/** An oblique slice: pixel (x, y) shows the volume at `origin + x · u + y · v`. */
export interface SlicePlane {
  /** position of pixel (0, 0) · voxel coordinates (ijk, fractions allowed) */
  readonly origin: readonly [number, number, number];
  /** step to the next pixel in a row · voxels */
  readonly u: readonly [number, number, number];
  /** step to the next row · voxels */
  readonly v: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
  /** value outside the volume · unit of the data */
  readonly background: number;
}

/**
 * Trilinear value at one point, edge values held; the caller has checked that the point is inside.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param px - x · voxels
 * @param py - y · voxels
 * @param pz - z · voxels
 */
export function trilinearClamped(data: VoxelArray, size: Size3, px: number, py: number, pz: number): number {
  const [nx, ny, nz] = size;
  const cx = Math.min(nx - 1, Math.max(0, px));
  const cy = Math.min(ny - 1, Math.max(0, py));
  const cz = Math.min(nz - 1, Math.max(0, pz));
  const ix = Math.floor(cx);
  const iy = Math.floor(cy);
  const iz = Math.floor(cz);
  const dx = ix + 1 < nx ? 1 : 0;
  const dy = iy + 1 < ny ? nx : 0;
  const dz = iz + 1 < nz ? nx * ny : 0;
  return blend(data, ix + nx * (iy + ny * iz), dx, dy, dz, cx - ix, cy - iy, cz - iz);
}

function blend(
  d: VoxelArray,
  i: number,
  dx: number,
  dy: number,
  dz: number,
  fx: number,
  fy: number,
  fz: number,
): number {
  const a = d[i] + fx * (d[i + dx] - d[i]);
  const b = d[i + dy] + fx * (d[i + dy + dx] - d[i + dy]);
  const k = i + dz;
  const c = d[k] + fx * (d[k + dx] - d[k]);
  const e = d[k + dy] + fx * (d[k + dy + dx] - d[k + dy]);
  const near = a + fy * (b - a);
  return near + fz * (c + fy * (e - c) - near);
}

/**
 * Samples a volume at points.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param points - flat xyz · shape [3N] · voxel coordinates
 * @param background - value for points outside the volume
 * @param out - where to write; made when absent
 * @returns one value per point · unit of the data
 * @throws ArgumentError when the array does not fit the grid
 * @example sampleTrilinear(new Int16Array([0, 10]), [2, 1, 1], new Float32Array([0.25, 0, 0, 9, 0, 0]), -1)[0] // 2.5
 */
export function sampleTrilinear(
  data: VoxelArray,
  size: Size3,
  points: Float32Array | Float64Array,
  background: number,
  out: Float32Array = new Float32Array(points.length / 3),
): Float32Array {
  expectArgument(data.length >= voxelCount(size), 'data', data.length, `${voxelCount(size)} voxels`);
  const [nx, ny, nz] = size;
  const [mx, my, mz] = [nx - 1, ny - 1, nz - 1];
  const near = (x: number, y: number, z: number) =>
    x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= mx + 0.5 && y <= my + 0.5 && z <= mz + 0.5;
  const settle = (x: number, y: number, z: number) =>
    near(x, y, z) ? trilinearClamped(data, size, x, y, z) : background;
  if (samplePointsSimd(data, size, points, out, settle)) return out;
  const slice = nx * ny;
  const n = Math.floor(points.length / 3);
  for (let k = 0, p = 0; k < n; k++, p += 3) {
    const x = points[p];
    const y = points[p + 1];
    const z = points[p + 2];
    if (x >= 0 && y >= 0 && z >= 0 && x < mx && y < my && z < mz) {
      const ix = x | 0;
      const iy = y | 0;
      const iz = z | 0;
      out[k] = blend(data, ix + nx * iy + slice * iz, 1, nx, slice, x - ix, y - iy, z - iz);
    } else out[k] = settle(x, y, z);
  }
  return out;
}

/**
 * Oblique slice with trilinear interpolation.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param plane - slice in voxel coordinates
 * @param out - where to write; made when absent
 * @returns pixels row by row · shape [height · width] · unit of the data
 * @throws ArgumentError when the array does not fit the grid
 */
export function resliceTrilinear(
  data: VoxelArray,
  size: Size3,
  plane: SlicePlane,
  out: Float32Array = new Float32Array(plane.width * plane.height),
): Float32Array {
  expectArgument(data.length >= voxelCount(size), 'data', data.length, `${voxelCount(size)} voxels`);
  const { origin, u, v, width, height, background } = plane;
  const whole = new Int32Array(2 * height);
  const inside = new Int32Array(2 * height);
  for (let r = 0; r < height; r++) {
    const at = (d: number) => origin[d] + r * v[d];
    whole.set(rowInside(size, at(0), at(1), at(2), u, width, true), 2 * r);
    inside.set(rowInside(size, at(0), at(1), at(2), u, width, false), 2 * r);
  }
  const simd = resliceSimd(data, size, plane, whole, out);
  for (let r = 0; r < height; r++) {
    const ox = origin[0] + r * v[0];
    const oy = origin[1] + r * v[1];
    const oz = origin[2] + r * v[2];
    const base = r * width;
    const [from, to] = [inside[2 * r], inside[2 * r + 1]];
    const [a, b] = whole[2 * r] < whole[2 * r + 1] ? [whole[2 * r], whole[2 * r + 1]] : [to, to];
    out.fill(background, base, base + from);
    out.fill(background, base + to, base + width);
    const edge = (first: number, last: number) => {
      for (let x = first; x < last; x++) {
        out[base + x] = trilinearClamped(data, size, ox + x * u[0], oy + x * u[1], oz + x * u[2]);
      }
    };
    edge(from, a);
    edge(b, to);
    if (!simd) sampleRow(data, size[0], size[0] * size[1], out, base, a, b, ox, oy, oz, u[0], u[1], u[2]);
  }
  return out;
}

/** Pixels of a row whose cells are whole. A function of its own: it is compiled well, and once. */
function sampleRow(
  data: VoxelArray,
  nx: number,
  slice: number,
  out: Float32Array,
  base: number,
  from: number,
  to: number,
  ox: number,
  oy: number,
  oz: number,
  ux: number,
  uy: number,
  uz: number,
): void {
  for (let x = from; x < to; x++) {
    const px = ox + x * ux;
    const py = oy + x * uy;
    const pz = oz + x * uz;
    const ix = px | 0;
    const iy = py | 0;
    const iz = pz | 0;
    out[base + x] = blend(data, ix + nx * iy + slice * iz, 1, nx, slice, px - ix, py - iy, pz - iz);
  }
}

/**
 * Oblique slice that takes the nearest voxel: for label maps.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param plane - slice in voxel coordinates
 * @param out - where to write; made when absent
 * @returns pixels row by row · shape [height · width]
 * @throws ArgumentError when the array does not fit the grid
 */
export function resliceNearest<T extends VoxelArray>(
  data: T,
  size: Size3,
  plane: SlicePlane,
  out: T = voxelsLike(data, plane.width * plane.height),
): T {
  expectArgument(data.length >= voxelCount(size), 'data', data.length, `${voxelCount(size)} voxels`);
  const [nx, ny, nz] = size;
  const { origin, u, v, width, height, background } = plane;
  out.fill(background, 0, width * height);
  for (let r = 0; r < height; r++) {
    const ox = origin[0] + r * v[0];
    const oy = origin[1] + r * v[1];
    const oz = origin[2] + r * v[2];
    const [a, d] = rowInside(size, ox, oy, oz, u, width, false);
    for (let x = a; x < d; x++) {
      const ix = Math.min(nx - 1, Math.max(0, Math.floor(ox + x * u[0] + 0.5)));
      const iy = Math.min(ny - 1, Math.max(0, Math.floor(oy + x * u[1] + 0.5)));
      const iz = Math.min(nz - 1, Math.max(0, Math.floor(oz + x * u[2] + 0.5)));
      out[r * width + x] = data[ix + nx * (iy + ny * iz)];
    }
  }
  return out;
}

/**
 * Pixels [first, last) of a row that are inside the volume: within half a voxel (`strict` false) or where all eight
 * neighbours exist (`strict` true). Rounding is settled with the same sums that the sampling uses.
 *
 * @param size - grid
 * @param ox - x of pixel 0 · voxels
 * @param oy - y of pixel 0 · voxels
 * @param oz - z of pixel 0 · voxels
 * @param u - step per pixel · voxels
 * @param width - pixels in the row
 * @param strict - only where the cell around the sample is whole
 */
function rowInside(
  size: Size3,
  ox: number,
  oy: number,
  oz: number,
  u: readonly [number, number, number],
  width: number,
  strict: boolean,
): readonly [number, number] {
  let from = 0;
  let to = width;
  for (let d = 0; d < 3 && from < to; d++) {
    const o = d === 0 ? ox : d === 1 ? oy : oz;
    const low = strict ? 0 : -0.5;
    const high = strict ? size[d] - 1 : size[d] - 0.5;
    const inside = (x: number) => {
      const p = o + x * u[d];
      return p >= low && (strict ? p < high : p <= high);
    };
    if (u[d] === 0) {
      if (!inside(0)) to = from;
      continue;
    }
    const [left, right] = [from, to];
    const t0 = (low - o) / u[d];
    const t1 = (high - o) / u[d];
    from = Math.max(left, Math.floor(Math.min(t0, t1)) - 1);
    to = Math.min(right, Math.ceil(Math.max(t0, t1)) + 2);
    while (from < to && !inside(from)) from++;
    while (from < to && !inside(to - 1)) to--;
    // a step too small to change the sum: the quotients say little, the sums decide
    while (from < to && from > left && inside(from - 1)) from--;
    while (from < to && to < right && inside(to)) to++;
  }
  return from < to ? [from, to] : [0, 0];
}
