/** Grids as short text, for equality, grouping and summaries. */

import type { Mat3, Vec3 } from './frames.ts';
import { type Grid, ijkToXyz } from './volume.ts';

/**
 * Text that is equal for equal grids (to 1 µm) and can be read back.
 * @example gridKey({ size: [2, 3, 4], spacing: [1, 1, 2], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] }) // '2 3 4|1 1 2|0 0 0|1 0 0 0 1 0 0 0 1'
 */
export function gridKey(grid: Grid): string {
  const text = (values: readonly number[], digits: number): string =>
    values.map((value) => Number(value.toFixed(digits)) + 0).join(' ');
  return [grid.size.join(' '), text(grid.spacing, 4), text(grid.origin, 3), text(grid.direction, 5)].join('|');
}

/** Reads `gridKey` back; undefined for other text. */
export function parseGridKey(key: string): Grid | undefined {
  const parts = key.split('|').map((part) => part.split(' ').map(Number));
  if (
    parts.length !== 4 ||
    parts[0].length !== 3 ||
    parts[3].length !== 9 ||
    parts.flat().some((value) => !Number.isFinite(value))
  )
    return undefined;
  const [size, spacing, origin, direction] = parts as unknown as [Vec3, Vec3, Vec3, Mat3];
  return { size, spacing, origin, direction };
}

/** Box around a grid in the patient frame (LPS) · mm. */
export function gridBounds(grid: Grid): { low: Vec3; high: Vec3 } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const at = ijkToXyz(grid, [
      corner & 1 ? grid.size[0] - 0.5 : -0.5,
      corner & 2 ? grid.size[1] - 0.5 : -0.5,
      corner & 4 ? grid.size[2] - 0.5 : -0.5,
    ]);
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], at[axis]);
      high[axis] = Math.max(high[axis], at[axis]);
    }
  }
  return { low: low as unknown as Vec3, high: high as unknown as Vec3 };
}

/** Share of the smaller box that lies in the other, 0 to 1. */
export function gridOverlap(a: Grid, b: Grid): number {
  const p = gridBounds(a);
  const q = gridBounds(b);
  let shared = 1;
  let ofA = 1;
  let ofB = 1;
  for (let axis = 0; axis < 3; axis++) {
    shared *= Math.max(0, Math.min(p.high[axis], q.high[axis]) - Math.max(p.low[axis], q.low[axis]));
    ofA *= p.high[axis] - p.low[axis];
    ofB *= q.high[axis] - q.low[axis];
  }
  return shared / Math.min(ofA, ofB);
}
