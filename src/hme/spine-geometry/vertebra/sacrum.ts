/**
 * The endplate of the sacrum: its label (S1 or the whole bone) has wings and a long tail, so the columns that belong are those under
 * the endplate of the vertebra above, and the plate is then trimmed to where the bone really follows it. O(voxels of the crop).
 */

import { dot3, sub3 } from '../../../kernel/index.ts';
import type { VertebraLevel } from '../../../model/index.ts';
import { cellAt, type Footprint, measureFootprint } from '../endplate/footprint.ts';
import { toLocal, toPatient } from '../label/local-frame.ts';
import type { VertebraShape } from './model.ts';

/** True for levels whose body is part of the sacrum. */
export function isSacral(level: VertebraLevel): boolean {
  return level === 'S1';
}

/** A whole label this many times the body above holds more than a body. */
const BODY_LIKE = 1.35;

/** Usual height of the lumbosacral disc on its axis · mm */
const DISC_MM = 9;

/** Columns of the sacrum's endplate. */
export function sacralFootprint(shape: VertebraShape, above: VertebraShape | undefined): Footprint | undefined {
  const own = measureFootprint(shape.body, shape.frame);
  const plate = above?.inferior;
  if (!plate || !above) return own;
  const bodyLike = shape.bodySource === 'map' && own !== undefined && shape.body.voxels < BODY_LIKE * above.body.voxels;
  if (bodyLike) return own;
  // a column belongs when it passes under the upper endplate: met a disc's height below it
  const axis = plate.normal;
  const lean = dot3(shape.frame.z, axis);
  return measureFootprint(shape.body, shape.frame, (u, v) => {
    const foot = toPatient(shape.frame, u, v, 0);
    const w = (DISC_MM - dot3(sub3(foot, plate.centre), axis)) / lean;
    const [pu, pv] = toLocal(plate.frame, toPatient(shape.frame, u, v, w));
    const cell = cellAt(plate.footprint, pu, pv);
    return cell >= 0 && plate.footprint.depth[cell] > 0;
  });
}
