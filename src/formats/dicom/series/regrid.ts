/** Slices that do not lie on an even, straight grid → one that does: blends along the normal, shifts inside the plane. */

import type { SliceArray } from './assemble.ts';
import type { StackPlan } from './plan.ts';

/**
 * Composes the planned volume from its slices.
 * @param slices - planes of the slices as they were read
 * @param sliceSize - columns and rows of a slice
 * @param out - voxels of the planned grid
 * @param outside - value where the sheared slices do not reach
 */
export function regrid(
  plan: StackPlan,
  slices: SliceArray,
  sliceSize: readonly [number, number],
  out: SliceArray,
  outside: number,
): void {
  const [ni, nj] = plan.grid.size;
  const whole = out instanceof Int16Array;
  const a = new Float32Array(ni * nj);
  const b = new Float32Array(ni * nj);
  const plane = sliceSize[0] * sliceSize[1];
  plan.planes.forEach(({ slice, other, weight }, k) => {
    place(plan, slices.subarray(slice * plane, (slice + 1) * plane), sliceSize, slice, a, outside);
    if (weight > 0) place(plan, slices.subarray(other * plane, (other + 1) * plane), sliceSize, other, b, outside);
    const to = k * ni * nj;
    for (let n = 0; n < a.length; n++) {
      const value = weight > 0 ? a[n] + (b[n] - a[n]) * weight : a[n];
      out[to + n] = whole ? Math.round(value) : value;
    }
  });
}

/** One slice on the grid of the volume, moved by its shift with bilinear weights. */
function place(
  plan: StackPlan,
  slice: SliceArray,
  [columns, rows]: readonly [number, number],
  index: number,
  out: Float32Array,
  outside: number,
): void {
  if (!plan.shifts) {
    out.set(slice);
    return;
  }
  const [ni, nj] = plan.grid.size;
  const si = plan.shifts.i[index];
  const sj = plan.shifts.j[index];
  for (let j = 0; j < nj; j++) {
    const y = j - sj;
    const y0 = Math.floor(y);
    const wy = y - y0;
    for (let i = 0; i < ni; i++) {
      const x = i - si;
      const x0 = Math.floor(x);
      out[j * ni + i] = bilinear(slice, columns, rows, x0, y0, x - x0, wy, outside);
    }
  }
}

function bilinear(
  s: SliceArray,
  columns: number,
  rows: number,
  x: number,
  y: number,
  wx: number,
  wy: number,
  outside: number,
): number {
  const at = (i: number, j: number) => (i >= 0 && i < columns && j >= 0 && j < rows ? s[j * columns + i] : outside);
  // weights of rounding size must not pull in what lies outside
  const wi = wx < 1e-6 ? 0 : wx;
  const wj = wy < 1e-6 ? 0 : wy;
  const top = wi === 0 ? at(x, y) : at(x, y) * (1 - wi) + at(x + 1, y) * wi;
  if (wj === 0) return top;
  const bottom = wi === 0 ? at(x, y + 1) : at(x, y + 1) * (1 - wi) + at(x + 1, y + 1) * wi;
  return top * (1 - wj) + bottom * wj;
}
