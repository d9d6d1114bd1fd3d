/** Slices along their normal. */

import { cross3, dot3 } from '../../../kernel/index.ts';
import type { Vec3 } from '../../../model/index.ts';
import type { Slice } from './slice.ts';

/** Normal of a slice, right-handed with its row and column directions · unit vector, patient frame (LPS). */
export function normalOf(slice: Slice): Vec3 {
  return cross3(slice.rowDirection, slice.columnDirection);
}

/** Place of a slice along its own normal · mm. */
export function depthOf(slice: Slice): number {
  return dot3(slice.position, normalOf(slice));
}
