/**
 * Frames in which a skeleton cannot be true: bones do not change length. A camera that loses a shoulder behind an arm or a back puts it
 * somewhere, and the bone beside it becomes a third too long or short; joints at such bones are set aside in that frame. O(bones · frames).
 */

import { median } from '../../../kernel/index.ts';
import type { Body } from './body.ts';
import type { PointId } from './names.ts';

/**
 * Joints of the trunk that a camera places together. When it loses a shoulder it moves all of them: of a side bend with an arm overhead the
 * spine's joint, left in, jumped by 60 mm one frame later, and smoothing carried that into the last angle before (35° instead of 28°).
 */
const TRUNK: readonly PointId[] = ['spine', 'thorax', 'neck'];

/** Bones, and which joints lose their place when the length is impossible. */
const BONES: readonly (readonly [from: PointId, to: PointId, blamed: readonly PointId[]])[] = [
  ['pelvis', 'thorax', TRUNK],
  ['thorax', 'shoulder.left', [...TRUNK, 'shoulder.left', 'shoulder.right']],
  ['thorax', 'shoulder.right', [...TRUNK, 'shoulder.left', 'shoulder.right']],
  ...(['left', 'right'] as const).flatMap((side): [PointId, PointId, PointId[]][] => [
    ['pelvis', `hip.${side}`, [`hip.${side}`]],
    [`hip.${side}`, `knee.${side}`, [`knee.${side}`]],
    [`knee.${side}`, `ankle.${side}`, [`ankle.${side}`]],
    [`shoulder.${side}`, `elbow.${side}`, [`elbow.${side}`]],
    [`elbow.${side}`, `wrist.${side}`, [`wrist.${side}`]],
  ]),
];

/** A bone off its usual length by more than this share is impossible. */
const MOST_CHANGE = 0.35;

/**
 * Sets joints at impossible bones to NaN.
 * @returns share of frames in which any joint was set aside · 0 to 1
 */
export function setAsideImplausible(body: Body): number {
  const wrong = new Map<PointId, Uint8Array>();
  for (const [from, to, blamed] of BONES) {
    const lengths = boneLengths(body, from, to);
    const usual = lengths && median(lengths.filter((value) => !Number.isNaN(value)));
    if (!lengths || !usual) continue;
    for (let i = 0; i < body.count; i++) {
      if (!(Math.abs(lengths[i] / usual - 1) > MOST_CHANGE)) continue;
      for (const id of blamed) {
        const marks = wrong.get(id) ?? new Uint8Array(body.count);
        marks[i] = 1;
        wrong.set(id, marks);
      }
    }
  }
  let frames = 0;
  for (let i = 0; i < body.count; i++) frames += [...wrong.values()].some((marks) => marks[i]) ? 1 : 0;
  for (const [id, marks] of wrong) {
    const track = body.points.get(id);
    marks.forEach((mark, i) => {
      if (mark) track?.fill(Number.NaN, 3 * i, 3 * i + 3);
    });
  }
  return frames / body.count;
}

function boneLengths(body: Body, from: PointId, to: PointId): Float64Array | undefined {
  const [a, b] = [body.points.get(from), body.points.get(to)];
  if (!a || !b) return undefined;
  const lengths = new Float64Array(body.count);
  let seen = 0;
  for (let i = 0; i < body.count; i++) {
    lengths[i] = Math.hypot(b[3 * i] - a[3 * i], b[3 * i + 1] - a[3 * i + 1], b[3 * i + 2] - a[3 * i + 2]);
    if (!Number.isNaN(lengths[i])) seen++;
  }
  return seen ? lengths : undefined;
}
