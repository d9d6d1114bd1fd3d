/**
 * Exact Euclidean distance transform on anisotropic grids: one sweep along x, then the lower envelope of parabolas along
 * y and along z (Felzenszwalb & Huttenlocher 2012), O(voxels). Columns are handled sixteen at a time so that the strided
 * passes read whole cache lines, and only the stretches between two zeros are solved: a parabola from beyond a zero
 * can never be the lowest, so background is free.
 */
import { expectArgument } from '../../argument-error.ts';
import type { BitVolume } from '../bits/bit-volume.ts';
import { bitsToMask } from '../bits/bit-volume.ts';
import type { Size3 } from '../types.ts';
import { voxelCount } from '../types.ts';

const TILE = 16;

/**
 * Distance of every voxel centre to the nearest voxel centre that is 0; 0 for those voxels themselves.
 *
 * Beyond the grid nothing is known, so the faces count as neither. Without a single 0 the answer is Infinity.
 *
 * @param mask - bytes (0 or not) or bits · x-fastest
 * @param size - grid
 * @param spacing - voxel size · mm
 * @param options - `squared`: leave out the square root (mm²)
 * @returns distances · mm (or mm²)
 * @throws ArgumentError when the mask does not fit the grid or a spacing is not positive
 * @see Felzenszwalb & Huttenlocher 2012
 * @example distanceTransform(new Uint8Array([0, 1, 1, 1]), [4, 1, 1], [0.5, 1, 1])[3] // 1.5
 */
export function distanceTransform(
  mask: Uint8Array | BitVolume,
  size: Size3,
  spacing: readonly [number, number, number],
  options: { readonly squared?: boolean } = {},
): Float32Array {
  const bytes = mask instanceof Uint8Array ? mask : bitsToMask(mask);
  expectArgument(bytes.length >= voxelCount(size), 'mask', bytes.length, `${voxelCount(size)} voxels`);
  expectArgument(
    spacing.every((s) => s > 0 && Number.isFinite(s)),
    'spacing',
    spacing,
    'positive voxel sizes',
  );
  const [nx, ny, nz] = size;
  const out = new Float32Array(voxelCount(size));
  for (let row = 0; row < ny * nz; row++) sweepRow(bytes, out, row * nx, nx, spacing[0]);
  if (ny > 1) {
    const y = new ColumnSolver(ny, spacing[1]);
    for (let z = 0; z < nz; z++)
      for (let x = 0; x < nx; x += TILE) y.solve(out, x + nx * ny * z, nx, Math.min(TILE, nx - x));
  }
  if (nz > 1) {
    const z = new ColumnSolver(nz, spacing[2]);
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x += TILE) z.solve(out, x + nx * y, nx * ny, Math.min(TILE, nx - x));
  }
  if (!options.squared) for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]);
  return out;
}

function sweepRow(mask: Uint8Array, out: Float32Array, base: number, n: number, step: number): void {
  let last = -Infinity;
  for (let x = 0; x < n; x++) {
    if (mask[base + x] === 0) last = x;
    else out[base + x] = (step * (x - last)) ** 2;
  }
  last = Infinity;
  for (let x = n - 1; x >= 0; x--) {
    if (mask[base + x] === 0) last = x;
    else {
      const d = (step * (last - x)) ** 2;
      if (d < out[base + x]) out[base + x] = d;
    }
  }
}

/** Lower envelopes of the parabolas over a bundle of parallel columns; owns the scratch memory. */
class ColumnSolver {
  readonly #n: number;
  readonly #scale: number;
  readonly #tile: Float64Array;
  readonly #site: Int32Array;
  readonly #from: Float64Array;
  readonly #value: Float64Array;

  constructor(n: number, step: number) {
    this.#n = n;
    this.#scale = step * step;
    this.#tile = new Float64Array(TILE * n);
    this.#site = new Int32Array(n);
    this.#from = new Float64Array(n + 1);
    this.#value = new Float64Array(n);
  }

  /** Solves `width` neighbouring columns that start at `base` and step by `stride`, in place. */
  solve(data: Float32Array, base: number, stride: number, width: number): void {
    const n = this.#n;
    const tile = this.#tile;
    let any = 0;
    for (let k = 0, i = base; k < n; k++, i += stride) {
      for (let c = 0; c < width; c++) {
        const v = data[i + c];
        tile[c * n + k] = v;
        any += v;
      }
    }
    if (any === 0) return;
    for (let c = 0; c < width; c++) this.#solveColumn(c * n);
    for (let k = 0, i = base; k < n; k++, i += stride) {
      for (let c = 0; c < width; c++) data[i + c] = tile[c * n + k];
    }
  }

  #solveColumn(base: number): void {
    const n = this.#n;
    const tile = this.#tile;
    let k = 0;
    while (k < n) {
      while (k < n && tile[base + k] === 0) k++;
      if (k === n) return;
      const first = Math.max(0, k - 1);
      while (k < n && tile[base + k] !== 0) k++;
      this.#envelope(base, first, Math.min(k, n - 1));
    }
  }

  #envelope(base: number, first: number, last: number): void {
    const tile = this.#tile;
    const site = this.#site;
    const from = this.#from;
    const value = this.#value;
    const scale = this.#scale;
    let top = -1;
    for (let q = first; q <= last; q++) {
      const f = tile[base + q];
      if (f === Infinity) continue;
      let start = -Infinity;
      while (top >= 0) {
        const r = site[top];
        start = 0.5 * ((f - value[top]) / (scale * (q - r)) + (q + r));
        if (start > from[top]) break;
        top--;
      }
      top++;
      site[top] = q;
      value[top] = f;
      from[top] = top === 0 ? -Infinity : start;
    }
    if (top < 0) return;
    from[top + 1] = Infinity;
    for (let q = first, k = 0; q <= last; q++) {
      while (from[k + 1] < q) k++;
      const d = q - site[k];
      tile[base + q] = scale * d * d + value[k];
    }
  }
}
