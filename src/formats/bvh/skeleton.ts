/** Forward kinematics of a BVH file: places and orientations of all joints. */

import type { BvhDocument } from './parse.ts';

/** Names of our own for the joints that writers name in their ways. */
const JOINTS: readonly (readonly [pattern: RegExp, name: string, paired: boolean])[] = [
  [/^(hips?|pelvis|root)$/, 'pelvis', false],
  [/^(spine|torso|abdomen)$/, 'spine', false],
  [/^(spine1|chest|thorax)$/, 'thorax', false],
  [/^neck$/, 'neck', false],
  [/^head$/, 'head', false],
  [/^(arm|upperarm|uparm|shldr)$/, 'shoulder', true],
  [/^(forearm|lowerarm|elbow)$/, 'elbow', true],
  [/^(hand|wrist)$/, 'wrist', true],
  [/^(fingerbase|handindex1|fingers)$/, 'hand', true],
  [/^(upleg|upperleg|thigh|hip)$/, 'hip', true],
  [/^(leg|lowerleg|knee|shin)$/, 'knee', true],
  [/^(foot|ankle)$/, 'ankle', true],
  [/^(toebase|toe|toes)$/, 'foot', true],
];

/**
 * Name of a joint as the house calls it; its own name where it has no such place.
 * @example jointName('LeftForeArm') // 'elbow.left'
 * @example jointName('LHipJoint') // 'LHipJoint'
 */
export function jointName(name: string): string {
  const plain = name
    .replace(/^.*:/, '')
    .replace(/[\s_.-]+/g, '')
    .toLowerCase();
  const side =
    /^(left|right)(.+)$/.exec(plain) ?? /^(l|r)(hip|knee|ankle|shldr|elbow|wrist|thigh|shin|foot|hand)$/.exec(plain);
  const stem = side ? side[2] : plain;
  const found = JOINTS.find(([pattern, , paired]) => paired === (side !== null) && pattern.test(stem));
  if (!found) return name;
  return side ? `${found[1]}.${side[1].startsWith('l') ? 'left' : 'right'}` : found[1];
}

/** Places and orientations of all joints. */
export interface BvhMotion {
  /** shape [3PF] · file unit */
  positions: Float32Array;
  /** `[w, x, y, z]`, joint to world · shape [4PF] */
  orientations: Float32Array;
}

/**
 * Places every joint in every frame. A joint turns by its channels in their order; the root moves from its offset, a joint with
 * position channels of its own has them instead of its offset.
 */
export function moveSkeleton({ joints, frames, values }: BvhDocument): BvhMotion {
  const count = joints.length;
  const positions = new Float32Array(3 * count * frames);
  const orientations = new Float32Array(4 * count * frames);
  // in double precision along the chain
  const place = new Float64Array(3 * count);
  const turn = new Float64Array(4 * count);
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let index = 0; index < count; index++) {
      const { parent, offset, channels } = joints[index];
      const shift = [...offset];
      let q = [1, 0, 0, 0];
      for (const channel of channels) {
        const value = values[at++];
        if (channel.turn) q = multiply(q, axisTurn(channel.axis, value));
        else shift[channel.axis] = parent < 0 ? offset[channel.axis] + value : value;
      }
      const parentTurn = parent < 0 ? [1, 0, 0, 0] : Array.from(turn.subarray(4 * parent, 4 * parent + 4));
      const moved = rotate(parentTurn, shift);
      for (let axis = 0; axis < 3; axis++)
        place[3 * index + axis] = (parent < 0 ? 0 : place[3 * parent + axis]) + moved[axis];
      turn.set(multiply(parentTurn, q), 4 * index);
    }
    positions.set(place, 3 * count * frame);
    orientations.set(turn, 4 * count * frame);
  }
  return { positions, orientations };
}

/** Turn about an axis · degrees */
function axisTurn(axis: 0 | 1 | 2, degrees: number): number[] {
  const half = (degrees * Math.PI) / 360;
  const q = [Math.cos(half), 0, 0, 0];
  q[1 + axis] = Math.sin(half);
  return q;
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

function rotate(q: readonly number[], v: readonly number[]): number[] {
  const [w, x, y, z] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [v[0] + w * tx + y * tz - z * ty, v[1] + w * ty + z * tx - x * tz, v[2] + w * tz + x * ty - y * tx];
}

/** Millimetres of one unit of a BVH file, and why. */
export interface BvhUnit {
  mm: number;
  basis: string;
}

/** Units by what they make of a person's height. */
const UNITS: readonly (readonly [mm: number, name: string])[] = [
  [1, 'millimetres'],
  [10, 'centimetres'],
  [1000, 'metres'],
  [25.4, 'inches'],
  [25.4 / 0.45, 'units of the CMU database (1/0.45 inch)'],
];

/** Height of the skeletons of grown people, ends of head and feet included · mm */
const HEIGHT_MM = 1650;

/**
 * BVH names no unit: the one that makes the skeleton the size of a person, within a factor of 1.6; otherwise centimetres.
 * Height is the longest chain down from the root plus the longest up, along the offsets.
 */
export function unitOf({ joints }: BvhDocument): BvhUnit {
  const reach = joints.map(() => 0);
  for (const [index, { parent, offset }] of joints.entries())
    if (parent >= 0) reach[index] = reach[parent] + Math.hypot(...offset);
  const heights = joints.map(() => 0);
  for (const [index, { parent, offset }] of joints.entries())
    if (parent >= 0) heights[index] = heights[parent] + offset[1];
  const spread = (axis: 0 | 2): number => {
    const along = joints.map(() => 0);
    for (const [index, { parent, offset }] of joints.entries())
      if (parent >= 0) along[index] = along[parent] + offset[axis];
    return Math.max(...along) - Math.min(...along);
  };
  const upright = Math.max(...heights) - Math.min(...heights);
  const height = Math.max(upright, spread(2), Math.max(...reach) * 0.9);
  const fits = UNITS.map(([mm, name]) => ({ mm, name, off: Math.abs(Math.log((height * mm) / HEIGHT_MM)) }));
  const best = fits.sort((a, b) => a.off - b.off)[0];
  if (height > 0 && best.off < Math.log(1.6))
    return { mm: best.mm, basis: `${best.name}, after the skeleton's height` };
  return { mm: 10, basis: 'centimetres, because the skeleton is not the size of a person' };
}
