/**
 * Joint and trunk angles in degrees, order and sign in the name of each. Joints are ZXY about moving axes (Grood & Suntay 1983; Wu 2002), the
 * shoulder YXY (Wu 2005); pelvis and trunk in the room are YXZ (Baker 2001), so that tilt and lean stay what they are when the subject
 * turns. Signs are mirrored for the left side. O(joints · samples).
 */

import {
  type AxisOrder,
  cardanAngles,
  conjugateQuaternion,
  DEG_PER_RAD,
  multiplyQuaternion,
  type Quaternion,
  quaternionToMat3,
  unwrapInPlace,
} from '../../kernel/index.ts';
import type { AngleCurve } from '../../model/index.ts';

/** One angle over time. */
export interface AngleTrack extends AngleCurve {
  /** `knee.flexion` */
  site: string;
  /** proximal (undefined: the room) and distal segment */
  proximal?: string;
  distal: string;
  /** it turns about the vertical of the standing body, so it hangs on headings */
  axial: boolean;
}

type Motion = readonly [name: string, right: 1 | -1, left: 1 | -1, positive: string];

interface Joint {
  joint: string;
  /** segments, the second taken where the first is missing; none: the room */
  proximal: readonly string[];
  distal: string;
  order: AxisOrder;
  motions: readonly [Motion, Motion, Motion];
  /** name where another proximal segment stands in: is made of both */
  paired?: boolean;
}

const FORWARD: Motion = ['flexion', -1, -1, 'forward'];
const ASIDE: Motion = ['lateral', 1, 1, 'to the right'];
const AROUND: Motion = ['rotation', 1, 1, 'to the left'];
const LIMB: readonly [Motion, Motion, Motion] = [
  ['flexion', 1, 1, 'flexion'],
  ['adduction', 1, -1, 'adduction'],
  ['rotation', 1, -1, 'internal'],
];

const JOINTS: readonly Joint[] = [
  {
    joint: 'pelvis',
    proximal: [],
    distal: 'pelvis',
    order: 'YXZ',
    motions: [AROUND, ['obliquity', 1, 1, 'right side down'], ['tilt', -1, -1, 'anterior']],
  },
  { joint: 'trunk', proximal: [], distal: 'thorax', order: 'YXZ', motions: [AROUND, ASIDE, FORWARD] },
  { joint: 'lumbar', proximal: ['pelvis'], distal: 'thorax', order: 'ZXY', motions: [FORWARD, ASIDE, AROUND] },
  { joint: 'lumbarLower', proximal: ['pelvis'], distal: 'lumbar', order: 'ZXY', motions: [FORWARD, ASIDE, AROUND] },
  { joint: 'lumbarUpper', proximal: ['lumbar'], distal: 'thorax', order: 'ZXY', motions: [FORWARD, ASIDE, AROUND] },
  { joint: 'neck', proximal: ['thorax'], distal: 'head', order: 'ZXY', motions: [FORWARD, ASIDE, AROUND] },
  {
    joint: 'shoulder',
    proximal: ['thorax'],
    distal: 'upperArm',
    order: 'YXY',
    paired: true,
    motions: [
      ['plane', 1, -1, 'forward'],
      ['elevation', -1, 1, 'away from the trunk'],
      ['rotation', 1, -1, 'internal'],
    ],
  },
  {
    joint: 'elbow',
    proximal: ['upperArm'],
    distal: 'forearm',
    order: 'ZXY',
    paired: true,
    motions: [LIMB[0], LIMB[1], ['pronation', 1, -1, 'pronation']],
  },
  { joint: 'wrist', proximal: ['forearm'], distal: 'hand', order: 'ZXY', paired: true, motions: LIMB },
  { joint: 'hip', proximal: ['pelvis', 'lumbar'], distal: 'thigh', order: 'ZXY', paired: true, motions: LIMB },
  {
    joint: 'knee',
    proximal: ['thigh'],
    distal: 'shank',
    order: 'ZXY',
    paired: true,
    motions: [['flexion', -1, -1, 'flexion'], LIMB[1], LIMB[2]],
  },
  {
    joint: 'ankle',
    proximal: ['shank'],
    distal: 'foot',
    order: 'ZXY',
    paired: true,
    motions: [
      ['dorsiflexion', 1, 1, 'dorsiflexion'],
      ['inversion', 1, -1, 'inversion'],
      ['adduction', 1, -1, 'toes in'],
    ],
  },
];

/** Limb segments, which come in pairs. */
const PAIRED = new Set(['upperArm', 'forearm', 'hand', 'thigh', 'shank', 'foot']);

/** Elevations nearer to the long axis of the trunk have no plane · sine of 15° */
const NO_PLANE = 0.2588;

/** Orientations of segments, segment to room. */
export interface Posture {
  count: number;
  /** `thigh.left` → orientation at a sample */
  segments: ReadonlyMap<string, (sample: number) => Quaternion>;
}

/** Every angle whose segments are there. */
export function anglesOf(posture: Posture): AngleTrack[] {
  return JOINTS.flatMap((joint) => {
    const sides = joint.paired ? (['left', 'right'] as const) : [undefined];
    return sides.flatMap((side) => jointAngles(joint, side, posture));
  });
}

function jointAngles(joint: Joint, side: 'left' | 'right' | undefined, { count, segments }: Posture): AngleTrack[] {
  const full = (name: string) => (side && PAIRED.has(name) ? `${name}.${side}` : name);
  const distal = segments.get(full(joint.distal));
  const proximalId = joint.proximal.map(full).find((id) => segments.has(id));
  const proximal = proximalId === undefined ? undefined : segments.get(proximalId);
  if (!distal || (joint.proximal.length > 0 && !proximal)) return [];
  const values = joint.motions.map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const to = distal(i);
    const relative = proximal ? multiplyQuaternion(conjugateQuaternion(proximal(i)), to) : to;
    const angles = cardanAngles(joint.order, quaternionToMat3(relative));
    const three = joint.order === 'YXY' ? shoulderAngles(angles, side) : angles;
    joint.motions.forEach(([, right, left], k) => {
      values[k][i] = (side === 'left' ? left : right) * three[k] * DEG_PER_RAD;
    });
    // hanging down or straight up the plane has no direction
    if (joint.order === 'YXY' && Math.abs(Math.sin(three[1])) < NO_PLANE) values[0][i] = values[2][i] = Number.NaN;
  }
  return joint.motions.map(([motion, , , positive], k) => ({
    id: [joint.joint, motion, side].filter(Boolean).join('.'),
    site: `${joint.joint}.${motion}`,
    convention: `${joint.order} ${k + 1} of 3, + ${positive}`,
    joint: joint.joint,
    ...(side ? { side } : {}),
    values: unwrapInPlace(values[k], 360),
    ...(proximalId === undefined ? {} : { proximal: proximalId }),
    distal: full(joint.distal),
    axial: joint.order[k] === 'Y',
  }));
}

/**
 * YXY with the elevation towards the arm's own side: X negative on the right, positive on the left, so that the plane counts from sideways.
 */
function shoulderAngles(
  [a, b, c]: [number, number, number],
  side: 'left' | 'right' | undefined,
): [number, number, number] {
  if (side === 'left') return [a, b, c];
  const half = (angle: number) => (angle > 0 ? angle - Math.PI : angle + Math.PI);
  return [half(a), -b, half(c)];
}

/** Angular velocity of an angle by central differences · deg/s · NaN at gaps and at both ends of them. */
export function velocityOf(values: Float64Array, rateHz: number, timeS?: Float64Array): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 1; i + 1 < values.length; i++) {
    const span = timeS ? timeS[i + 1] - timeS[i - 1] : 2 / rateHz;
    out[i] = (values[i + 1] - values[i - 1]) / span;
  }
  return out;
}
