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

/**
 * One slice on the grid of the volume, moved by its shift. The shift is the same for every pixel of a slice, so the four
 * weights are too, and whole rows are blended at once.
 */
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
  const along = split(plan.shifts.i[index]);
  const down = split(plan.shifts.j[index]);
  const row = new Float32Array(ni);
  const lower = new Float32Array(ni);
  for (let j = 0; j < nj; j++) {
    const y = j - down.whole;
    shiftRow(slice, { columns, rows, y, outside, ...along }, row);
    if (down.part > 0) {
      shiftRow(slice, { columns, rows, y: y - 1, outside, ...along }, lower);
      for (let i = 0; i < ni; i++) row[i] += (lower[i] - row[i]) * down.part;
    }
    out.set(row, j * ni);
  }
}

/** Whole pixels and the part that is left; parts of rounding size are none, so they pull nothing in from outside. */
function split(shift: number): { whole: number; part: number } {
  const whole = Math.floor(shift + 1e-6);
  const part = shift - whole;
  return { whole, part: part < 1e-6 ? 0 : part };
}

interface RowShift {
  columns: number;
  rows: number;
  /** row of the slice; may lie outside */
  y: number;
  outside: number;
  whole: number;
  part: number;
}

/** A row of the slice, shifted to the right; what it does not cover is `outside`. */
function shiftRow(slice: SliceArray, { columns, rows, y, outside, whole, part }: RowShift, out: Float32Array): void {
  out.fill(outside);
  if (y < 0 || y >= rows) return;
  const from = y * columns;
  for (let x = 0; x < columns; x++) out[x + whole] = slice[from + x];
  if (part === 0) return;
  // the pixel at i gets `part` of its left neighbour
  const last = Math.min(out.length - 1, columns + whole);
  for (let i = last; i > 0; i--) out[i] += (out[i - 1] - out[i]) * part;
  out[0] += (outside - out[0]) * part;
}
