/**
 * Skeletons as vectors that do not know where the subject stood, which way it faced, how tall it is, or how fast the camera ran: joints
 * relative to the pelvis, turned to the hips of the start, over the trunk's length, with their changes and the joint angles. O(frames · joints).
 */

import {
  angleRad,
  bridgeGaps,
  cross3,
  differentiateSequence,
  dot3,
  joinSequences,
  median,
  norm3,
  pointAt,
  rejectFrom3,
  resampleSequence,
  smoothSequence,
  sub3,
  unit3,
  type Vec3,
  type VectorSequence,
} from '../../kernel/index.ts';
import { AXIS_VECTORS, type AxisDirection, frameCount, MsdtError, type PointSequence } from '../../model/index.ts';
import { POSE_SETTINGS, type PoseSettings } from './settings.ts';

/** Joints whose places are compared; hips and shoulders move with the trunk, feet are noisy. */
const PLACED = [
  'head',
  'neck',
  'spine',
  'elbow.left',
  'wrist.left',
  'hand.left',
  'elbow.right',
  'wrist.right',
  'hand.right',
  'knee.left',
  'ankle.left',
  'knee.right',
  'ankle.right',
] as const;

/** Angles that are compared: at the middle one of three joints. */
const ANGLES = (['left', 'right'] as const).flatMap((side) => [
  [`shoulder.${side}`, `elbow.${side}`, `wrist.${side}`],
  ['neck', `shoulder.${side}`, `elbow.${side}`],
  ['spine', `shoulder.${side}`, `elbow.${side}`],
  [`hip.${side}`, `knee.${side}`, `ankle.${side}`],
  ['spine', `hip.${side}`, `knee.${side}`],
]);

/** Other names of a joint, best first. */
const ALSO: Record<string, readonly string[]> = { neck: ['neck', 'thorax'], spine: ['spine', 'thorax', 'neck'] };

/** Place of a joint in the list of names, -1 where there is none. */
function find(names: readonly string[], joint: string): number {
  for (const name of ALSO[joint] ?? [joint]) if (names.includes(name)) return names.indexOf(name);
  return -1;
}

/** Joints that a skeleton gives and a comparison can use. */
export function usableJoints(sequence: PointSequence): string[] {
  const wanted = new Set<string>([...PLACED, ...ANGLES.flat(), 'pelvis']);
  return [...wanted].filter((joint) => find(sequence.names, joint) >= 0);
}

/** A skeleton without gaps, joint by joint. */
interface Skeleton {
  frames: number;
  at(joint: string, frame: number): Vec3;
}

function skeletonOf(sequence: PointSequence, joints: readonly string[], where: string): Skeleton {
  const frames = frameCount(sequence);
  if (frames < 4) throw unusable(where, `${frames} frames`, 'A movement needs at least four frames.');
  const tracks = new Map<string, Float64Array[]>();
  for (const joint of joints) {
    const place = find(sequence.names, joint);
    const track = [0, 1, 2].map((d) => {
      const stride = 3 * sequence.names.length;
      const raw = Float64Array.from({ length: frames }, (_, f) => sequence.positions[f * stride + 3 * place + d]);
      return filled(raw);
    });
    if (Number.isNaN(track[0][0])) throw unusable(where, `${joint} was never seen`, 'Leave this recording out.');
    tracks.set(joint, track);
  }
  return {
    frames,
    at: (joint, frame) => {
      const [x, y, z] = tracks.get(joint) as Float64Array[];
      return [x[frame], y[frame], z[frame]];
    },
  };
}

/** Gaps bridged by straight lines, ends held. */
function filled(values: Float64Array): Float64Array {
  const out = Float64Array.from(bridgeGaps(values, values.length));
  const first = out.findIndex((v) => !Number.isNaN(v));
  const last = out.findLastIndex((v) => !Number.isNaN(v));
  if (first < 0) return out;
  out.fill(out[first], 0, first);
  out.fill(out[last], last + 1);
  return out;
}

function unusable(where: string, detail: string, hint: string): MsdtError {
  return new MsdtError('input.empty', 'This skeleton cannot be compared', { where: { file: where }, detail, hint });
}

/** Axes of the body at its start: right, up, forward. */
function axesOf(skeleton: Skeleton, joints: readonly string[], up: AxisDirection | undefined, where: string): Vec3[] {
  const frames = Math.max(1, Math.floor(skeleton.frames / 10));
  const mean = (from: string, to: string): Vec3 => {
    const sum: [number, number, number] = [0, 0, 0];
    for (let f = 0; f < frames; f++) {
      const way = sub3(skeleton.at(to, f), skeleton.at(from, f));
      for (let d = 0; d < 3; d++) sum[d] += way[d];
    }
    return sum;
  };
  const trunk = mean('pelvis', 'neck');
  const largest = [0, 1, 2].sort((i, j) => Math.abs(trunk[j]) - Math.abs(trunk[i]))[0];
  const guess: Vec3 = [0, 1, 2].map((d) => (d === largest ? Math.sign(trunk[d]) : 0)) as unknown as Vec3;
  const upright = up ? AXIS_VECTORS[up] : guess;
  const pairs = ['hip', 'shoulder'].filter(
    (name) => joints.includes(`${name}.left`) && joints.includes(`${name}.right`),
  );
  for (const name of pairs) {
    const across = rejectFrom3(mean(`${name}.left`, `${name}.right`), upright);
    if (norm3(across) > 0) return [unit3(across), upright, cross3(upright, unit3(across))];
  }
  throw unusable(where, 'neither hips nor shoulders tell left from right', 'Give skeletons with hips or shoulders.');
}

/**
 * A skeleton sequence as a sequence of vectors for time warping.
 *
 * Invariant to where the subject stands, its heading at the start, its size, and the frame rate.
 *
 * @param joints - joints to use, all of them in the sequence; the same for all that are compared
 * @param where - name for messages
 * @param settings - weights and windows, when they are to be tried
 * @returns 32 steps
 * @throws MsdtError `input.empty` too short, a joint never seen, or no trunk
 */
export function poseVectors(
  sequence: PointSequence,
  joints: readonly string[],
  where: string,
  settings: PoseSettings = POSE_SETTINGS,
): VectorSequence {
  for (const needed of ['pelvis', 'neck']) {
    if (!joints.includes(needed))
      throw unusable(where, `no ${needed}`, 'Give skeletons with pelvis and neck or thorax.');
  }
  const skeleton = skeletonOf(sequence, joints, where);
  const axes = axesOf(skeleton, joints, sequence.up, where);
  const lengths = Float64Array.from({ length: skeleton.frames }, (_, f) =>
    norm3(sub3(skeleton.at('neck', f), skeleton.at('pelvis', f))),
  );
  const trunk = median(lengths);
  if (!(trunk > 0)) throw unusable(where, 'the trunk has no length', 'Leave this recording out.');
  const start = pelvisAtStart(skeleton);
  const placed = PLACED.filter((joint) => joints.includes(joint));
  const angles = ANGLES.filter((three) => three.every((joint) => joints.includes(joint)));
  const places = new Float64Array(skeleton.frames * 3 * (placed.length + 1));
  const bends = new Float64Array(skeleton.frames * angles.length);
  for (let f = 0; f < skeleton.frames; f++) {
    const pelvis = skeleton.at('pelvis', f);
    const ways = [...placed.map((joint) => sub3(skeleton.at(joint, f), pelvis)), sub3(pelvis, start)];
    ways.forEach((way, i) => {
      for (let d = 0; d < 3; d++) places[3 * (f * ways.length + i) + d] = dot3(way, axes[d]) / trunk;
    });
    angles.forEach(([a, b, c], i) => {
      const middle = skeleton.at(b, f);
      bends[f * angles.length + i] = angleRad(sub3(skeleton.at(a, f), middle), sub3(skeleton.at(c, f), middle));
    });
  }
  const { fineSteps, smoothing, steps, velocity, angle } = settings;
  const parts = [
    { values: places, dims: 3 * (placed.length + 1) },
    ...(angles.length > 0 ? [{ values: bends, dims: angles.length }] : []),
  ].map((part) => resampleSequence(smoothSequence(resampleSequence(part, fineSteps), smoothing), steps));
  const both = joinSequences(parts, [1, angle].slice(0, parts.length));
  return joinSequences([both, differentiateSequence(both)], [1, velocity]);
}

function pelvisAtStart(skeleton: Skeleton): Vec3 {
  const frames = Math.max(1, Math.floor(skeleton.frames / 10));
  const sum = new Float64Array(3);
  for (let f = 0; f < frames; f++)
    skeleton.at('pelvis', f).forEach((v, d) => {
      sum[d] += v / frames;
    });
  return pointAt(sum, 0);
}
