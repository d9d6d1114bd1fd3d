/**
 * Where the patient's own bones are while the patient moves: bones of a supine CT, hung on measured segments.
 *
 * Thoracic vertebrae turn with the thorax, sacrum and pelvis with the pelvis; lumbar vertebrae take shares of the turn between them. Each vertebra
 * turns about the space below it, so that the column stays one chain from the sacrum upwards. None of it is measured in the bone itself.
 */

import {
  conjugateQuaternion,
  multiplyQuaternion,
  type Quaternion,
  rotateByQuaternion,
  slerp,
  type Vec3,
} from '../../../../../kernel/index.ts';
import { VERTEBRA_LEVELS } from '../../../../../model/index.ts';

/** Range of flexion and extension of the space below each vertebra · deg · White & Panjabi, Clinical Biomechanics of the Spine, 1990 */
export const SPACE_RANGES_DEG = { L5: 17, L4: 16, L3: 15, L2: 14, L1: 12, T12: 12 } as const;

/** Orientation of measured segments: X forward, Y up, Z right of the segment to the room; standing upright all of them are the same. */
export interface SegmentPose {
  pelvis: Quaternion;
  thorax: Quaternion;
  /** where the lumbar spine carries a sensor of its own; its bone is L3 */
  lumbar?: Quaternion;
}

/** One bone of the CT. */
export interface OwnBone {
  id: string;
  name: string;
  level?: string;
  /** middle of its body · patient frame (LPS) · mm */
  centre: Vec3;
}

/** A bone with what it turns about. */
export interface ChainBone extends OwnBone {
  /** share of the turn from pelvis to thorax · 0 to 1 */
  share: number;
  /** number of the bone below in the chain; -1 hangs on the pelvis */
  below: number;
  /** what it turns about, in the space below · patient frame · mm */
  pivot: Vec3;
}

/** From the patient frame to the room: turn, then shift · mm */
export interface BonePlace {
  id: string;
  turn: Quaternion;
  shift: Vec3;
}

/** Patient frame (left, posterior, superior) to a segment that stands upright (forward, up, right). */
export const PATIENT_TO_SEGMENT: Quaternion = [0.5, -0.5, 0.5, 0.5];

const LUMBAR_SENSOR = 'L3';
const PELVIC = /sacrum|pelvis|hip|ilium|coccyx/i;
const THORACIC = /rib|sternum|scapula|clavic/i;

/**
 * Share of the turn between pelvis and thorax that a vertebra has taken.
 * @returns 0 (sacrum) to 1 (T12 and above)
 * @example lumbarShare('S1') // 0
 * @example lumbarShare('T4') // 1
 * @example Math.round(100 * lumbarShare('L3')) // 56
 */
export function lumbarShare(level: string): number {
  const order = VERTEBRA_LEVELS as readonly string[];
  const ranges = Object.entries(SPACE_RANGES_DEG);
  const all = ranges.reduce((sum, [, deg]) => sum + deg, 0);
  const at = order.indexOf(level);
  // below a level number the list goes on downwards
  const moved = ranges.filter(([name]) => order.indexOf(name) >= at).reduce((sum, [, deg]) => sum + deg, 0);
  return moved / all;
}

/** True where a bone has a place in the chain or hangs on one of its ends. */
export function isMovable({ name, level }: Pick<OwnBone, 'name' | 'level'>): boolean {
  return (VERTEBRA_LEVELS as readonly string[]).includes(level ?? '') || PELVIC.test(name) || THORACIC.test(name);
}

/** Vertebrae from the sacrum upwards, each upon the one below; then what hangs on pelvis and thorax. */
export function chainOf(bones: readonly OwnBone[]): ChainBone[] {
  const order = VERTEBRA_LEVELS as readonly string[];
  const rank = ({ level }: OwnBone): number => order.indexOf(level ?? '');
  const column = bones.filter((bone) => rank(bone) >= 0).sort((a, b) => rank(b) - rank(a));
  const chain = column.map((bone, i): ChainBone => {
    const under = column[i - 1];
    const pivot = under ? middle(bone.centre, under.centre) : bone.centre;
    return { ...bone, share: lumbarShare(bone.level ?? ''), below: i - 1, pivot };
  });
  const top = chain.findIndex(({ share }) => share === 1);
  for (const bone of bones) {
    if (rank(bone) >= 0 || !isMovable(bone)) continue;
    const thoracic = THORACIC.test(bone.name) && top >= 0;
    const on = thoracic ? top : -1;
    chain.push({ ...bone, share: thoracic ? 1 : 0, below: on, pivot: on < 0 ? bone.centre : chain[on].centre });
  }
  return chain;
}

function middle(a: Vec3, b: Vec3): Vec3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

/** Orientation of a segment that has taken a share of the way from pelvis to thorax, by way of the lumbar sensor where there is one. */
export function turnAt(share: number, { pelvis, thorax, lumbar }: SegmentPose): Quaternion {
  if (!lumbar) return between(pelvis, thorax, share);
  const half = lumbarShare(LUMBAR_SENSOR);
  return share < half ? between(pelvis, lumbar, share / half) : between(lumbar, thorax, (share - half) / (1 - half));
}

function between(a: Quaternion, b: Quaternion, share: number): Quaternion {
  return share <= 0 ? a : share >= 1 ? b : slerp(a, b, share);
}

/**
 * Puts the bones where the segments say.
 * @param root - where the middle of the chain's lowest vertebra is · the room · mm
 * @returns as many places as bones, in their order
 */
export function placeBones(chain: readonly ChainBone[], pose: SegmentPose, root: Vec3): BonePlace[] {
  const base = chain[0]?.centre ?? [0, 0, 0];
  const places: BonePlace[] = [];
  for (const { id, share, below, pivot } of chain) {
    const turn = multiplyQuaternion(turnAt(share, pose), PATIENT_TO_SEGMENT);
    const under = places[below];
    // the point it turns about moves with the bone below
    const held: Vec3 = under
      ? added(rotateByQuaternion(under.turn, pivot), under.shift)
      : added(rotateByQuaternion(turn, [pivot[0] - base[0], pivot[1] - base[1], pivot[2] - base[2]]), root);
    const own = rotateByQuaternion(turn, pivot);
    places.push({ id, turn, shift: [held[0] - own[0], held[1] - own[1], held[2] - own[2]] });
  }
  return places;
}

function added(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/**
 * Middle of a vertebra's body: of the front of the bone, which the body takes up; of all of it for other bones.
 * @param positions - patient frame (LPS) · mm · shape [3N]
 */
export function bodyCentre(positions: ArrayLike<number>, isVertebra = true): Vec3 {
  let [front, back] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 1; i < positions.length; i += 3) {
    front = Math.min(front, positions[i]);
    back = Math.max(back, positions[i]);
  }
  const limit = isVertebra ? front + 0.45 * (back - front) : back;
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < positions.length; i += 3) {
    if (positions[i + 1] > limit) continue;
    for (const k of [0, 1, 2]) sum[k] += positions[i + k];
    count++;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** How far a segment has turned from another · deg */
export function turnBetweenDeg(a: Quaternion, b: Quaternion): number {
  const [w] = multiplyQuaternion(conjugateQuaternion(a), b);
  return (2 * Math.acos(Math.min(1, Math.abs(w))) * 180) / Math.PI;
}

/** How the bones are moved, in words for the reader. */
export function boneRule(from: 'sensors' | 'skeleton', hasLumbar: boolean): string {
  const shares = ['L5', 'L4', 'L3', 'L2', 'L1']
    .map((level) => `${level} ${Math.round(100 * lumbarShare(level))} %`)
    .join(', ');
  const way = hasLumbar ? 'by way of the lumbar sensor (L3)' : 'of it';
  return [
    'Thoracic vertebrae turn with the thorax, sacrum with the pelvis.',
    `Of the turn between them the lumbar vertebrae have taken ${shares} ${way}, after the ranges of flexion and extension of White & Panjabi 1990.`,
    from === 'sensors'
      ? 'Segments turn as their sensors say; the neutral pose of the calibration stands for the posture of the CT.'
      : 'Segments turn as hips, mid-trunk and shoulders of the skeleton say; its most upright moment stands for the posture of the CT.',
    'Size and shape are those of the CT; nothing is scaled.',
  ].join(' ');
}
