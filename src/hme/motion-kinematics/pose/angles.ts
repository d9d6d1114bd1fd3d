/**
 * Joint and trunk angles in degrees, each with its order and sign in its name. Joints are ZXY about moving axes (Grood & Suntay 1983, Wu
 * 2002): flexion about Z of the proximal segment, then about the floating X, then about Y of the distal one. Pelvis and trunk in the room
 * are YXZ (Baker 2001), so that tilt and lean stay what they are when the subject turns. Signs are mirrored for the left side. O(frames).
 */

import {
  cardanAngles,
  DEG_PER_RAD,
  dot3,
  type Mat3,
  norm3,
  relativeRotation,
  sub3,
  unit3,
  unwrapInPlace,
  type Vec3,
} from '../../../kernel/index.ts';
import { type AngleCurve, angleChannels, type Signals } from '../../../model/index.ts';
import { type Body, pointOf } from '../points/body.ts';
import { frameAt, type Segments } from './segments.ts';

/** One angle over time. */
export interface AngleTrack extends AngleCurve {
  motion: string;
  /** share that says how far the points can show this angle at all · 0 to 1 */
  trust: number;
}

interface Joint {
  joint: string;
  proximal: string | 'room';
  distal: string;
  order: 'ZXY' | 'YXZ';
  /** per angle of the order: what it is called, its sign on the right and on the left, what is positive */
  motions: readonly [motion: string, right: 1 | -1, left: 1 | -1, positive: string][];
}

const TRUNK_MOTIONS: Joint['motions'] = [
  ['rotation', 1, 1, 'to the left'],
  ['lateral', 1, 1, 'to the right'],
  ['flexion', -1, -1, 'forward'],
];

const JOINTS: readonly Joint[] = [
  {
    joint: 'pelvis',
    proximal: 'room',
    distal: 'pelvis',
    order: 'YXZ',
    motions: [
      ['rotation', 1, 1, 'to the left'],
      ['obliquity', 1, 1, 'right side down'],
      ['tilt', -1, -1, 'anterior'],
    ],
  },
  { joint: 'trunk', proximal: 'room', distal: 'thorax', order: 'YXZ', motions: TRUNK_MOTIONS },
  {
    joint: 'lumbar',
    proximal: 'pelvis',
    distal: 'thorax',
    order: 'ZXY',
    motions: [TRUNK_MOTIONS[2], TRUNK_MOTIONS[1], TRUNK_MOTIONS[0]],
  },
  {
    joint: 'hip',
    proximal: 'pelvis',
    distal: 'thigh',
    order: 'ZXY',
    motions: [
      ['flexion', 1, 1, 'flexion'],
      ['adduction', 1, -1, 'adduction'],
      ['rotation', 1, -1, 'internal'],
    ],
  },
  {
    joint: 'knee',
    proximal: 'thigh',
    distal: 'shank',
    order: 'ZXY',
    motions: [
      ['flexion', -1, -1, 'flexion'],
      ['adduction', 1, -1, 'adduction'],
      ['rotation', 1, -1, 'internal'],
    ],
  },
  {
    joint: 'ankle',
    proximal: 'shank',
    distal: 'foot',
    order: 'ZXY',
    motions: [
      ['dorsiflexion', 1, 1, 'dorsiflexion'],
      ['inversion', 1, -1, 'inversion'],
      ['adduction', 1, -1, 'toes in'],
    ],
  },
];

const ROOM: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const PAIRED = new Set(['thigh', 'shank', 'foot']);

/** All angles that the segments and points of a body allow. */
export function measureAngles(body: Body, segments: Segments): AngleTrack[] {
  const tracks: AngleTrack[] = [];
  for (const joint of JOINTS) {
    const sides = PAIRED.has(joint.distal) ? (['left', 'right'] as const) : [undefined];
    for (const side of sides) tracks.push(...jointAngles(joint, side, body, segments));
  }
  for (const side of ['left', 'right'] as const) tracks.push(...armAngles(body, segments, side));
  return tracks.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

function jointAngles(joint: Joint, side: 'left' | 'right' | undefined, body: Body, segments: Segments): AngleTrack[] {
  const name = (segment: string) => (PAIRED.has(segment) ? `${segment}.${side}` : segment);
  const distal = segments.frames.get(name(joint.distal));
  const proximal = joint.proximal === 'room' ? undefined : segments.frames.get(name(joint.proximal));
  if (!distal || (joint.proximal !== 'room' && !proximal)) return [];
  const spun = [joint.proximal, joint.distal].some((segment) => segments.spun.has(name(segment)));
  const hinge = spun && joint.joint === 'knee';
  const values = joint.motions.map(() => new Float64Array(body.count));
  for (let i = 0; i < body.count; i++) {
    const rotation = relativeRotation(proximal ? frameAt(proximal, i) : ROOM, frameAt(distal, i));
    const angles = cardanAngles(joint.order, rotation);
    joint.motions.forEach(([, right, left], k) => {
      values[k][i] = (side === 'left' ? left : right) * angles[k] * DEG_PER_RAD;
    });
    // without an axis of its own a hinge is told by its long axes alone
    if (hinge) values[0][i] = Math.acos(Math.max(-1, Math.min(1, rotation[4]))) * DEG_PER_RAD;
  }
  const shown = joint.motions.map(([motion], k) =>
    joint.joint === 'lumbar' && motion === 'flexion' && segments.oneLine ? 0 : trustOf(joint, k, spun, body),
  );
  return joint.motions.flatMap(([motion, , , positive], k) =>
    shown[k] === 0
      ? []
      : [
          {
            id: [joint.joint, motion, side].filter(Boolean).join('.'),
            convention: hinge ? 'between long axes, + flexion' : `${joint.order} ${k + 1} of 3, + ${positive}`,
            joint: joint.joint,
            motion,
            side,
            values: unwrapInPlace(values[k], 360),
            trust: shown[k],
          },
        ],
  );
}

/** How far the points can show an angle: turns about a long axis need more than joint centres. */
function trustOf(joint: Joint, k: number, spun: boolean, body: Body): number {
  const sagittal = /flexion|tilt/.test(joint.motions[k][0]);
  if (body.source === 'targets') return 0.8;
  if (body.source === 'markers')
    return spun ? (sagittal ? 0.7 : 0) : sagittal ? 0.9 : joint.joint === 'knee' ? 0.4 : 0.7;
  if (joint.joint === 'ankle') return sagittal ? 0.3 : 0;
  if (joint.joint === 'knee') return sagittal ? 0.7 : 0;
  if (joint.joint === 'hip') return k === 2 ? 0 : 0.5;
  if (joint.joint === 'trunk') return 0.7;
  return joint.motions[k][0] === 'rotation' ? 0.5 : 0.3;
}

/** Elevation of the upper arm and its plane in the thorax, and flexion of the elbow. */
function armAngles(body: Body, segments: Segments, side: 'left' | 'right'): AngleTrack[] {
  const ids = ['shoulder', 'elbow', 'wrist'].map((stem) => `${stem}.${side}`);
  if (!ids.slice(0, 2).every((id) => body.points.has(id))) return [];
  const thorax = segments.frames.get('thorax');
  const [elevation, plane, flexion] = [0, 1, 2].map(() => new Float64Array(body.count).fill(Number.NaN));
  for (let i = 0; i < body.count; i++) {
    const [shoulder, elbow, wrist] = ids.map((id) => pointOf(body, id, i));
    const upper = unit3(sub3(elbow, shoulder));
    const fore = unit3(sub3(wrist, elbow));
    flexion[i] = angleBetween(upper, fore);
    if (!thorax) continue;
    const t = frameAt(thorax, i);
    const along = (axis: number): number => dot3(upper, [t[axis], t[3 + axis], t[6 + axis]]);
    elevation[i] = angleBetween(upper, [-t[1], -t[4], -t[7]]);
    const outward = side === 'right' ? along(2) : -along(2);
    // near the side of the body the plane has no direction
    if (elevation[i] > 20 && elevation[i] < 160) plane[i] = Math.atan2(along(0), outward) * DEG_PER_RAD;
  }
  const trust = body.source === 'markers' ? 0.7 : 0.6;
  const track = (joint: string, motion: string, convention: string, values: Float64Array): AngleTrack => ({
    id: `${joint}.${motion}.${side}`,
    convention,
    joint,
    motion,
    side,
    values,
    trust,
  });
  return [
    track('shoulder', 'elevation', 'YXY 2 of 3, + away from the trunk', elevation),
    track('shoulder', 'plane', 'YXY 1 of 3, 0 sideways, + forward', unwrapInPlace(plane, 360)),
    track('elbow', 'flexion', 'between long axes, + flexion', flexion),
  ];
}

function angleBetween(a: Vec3, b: Vec3): number {
  const length = norm3(a) * norm3(b);
  return length > 0 ? Math.acos(Math.max(-1, Math.min(1, dot3(a, b) / length))) * DEG_PER_RAD : Number.NaN;
}

/** Takes the mean of the first half second off every angle. */
export function zeroAtStart(tracks: readonly AngleTrack[], rateHz: number): void {
  for (const { values } of tracks) {
    const seen = [...values.subarray(0, Math.max(1, Math.round(rateHz / 2)))].filter((value) => !Number.isNaN(value));
    if (seen.length === 0) continue;
    const start = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    for (let i = 0; i < values.length; i++) values[i] -= start;
  }
}

/** Angles as channels: name, order and sign, joint and side. */
export function anglesAsSignals(
  tracks: readonly AngleTrack[],
  base: { clock: string; startS: number; rateHz: number; timeS?: Float64Array },
): Signals {
  return {
    clock: base.clock,
    startS: base.startS,
    rateHz: base.rateHz,
    ...(base.timeS ? { timeS: base.timeS } : {}),
    channels: angleChannels(tracks),
  };
}
