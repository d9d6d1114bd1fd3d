/** Orientation of pelvis and thorax from what was recorded: joints of a skeleton, or sensors after their calibration. */

import {
  conjugateQuaternion,
  mat3FromColumns,
  mat3ToQuaternion,
  multiplyQuaternion,
  type Quaternion,
  rotateByQuaternion,
  type Vec3,
} from '../../../../../kernel/index.ts';
import type { AxisDirection } from '../../../../../model/index.ts';
import type { PointFrames } from '../../recording/recording.ts';
import type { SegmentPose } from './own-bones.ts';

/** Segments at one moment, and where the sacrum is. */
export interface BodyPose extends SegmentPose {
  /** middle of the sacrum's body · the room · mm */
  root: Vec3;
}

/** A skeleton as segments that move. */
export interface SkeletonPoses {
  /** undefined where hips or shoulders were not seen */
  at(frame: number): BodyPose | undefined;
  /** the moment that stands for the posture of the CT */
  uprightFrame: number;
  /** upright and facing as at that moment: segment axes to the room */
  upright: Quaternion;
}

type Points = Pick<PointFrames, 'names' | 'positions' | 'up'>;

/** From a joint to the sacrum's body, where no upper vertebra tells its height · mm above the middle of the hips */
const SACRUM_ABOVE_HIPS_MM = 80;
/** The column lies behind the line from hips to shoulders · mm */
const BEHIND_MM = 30;
/** Nearly as upright as can be · deg */
const NEARLY_DEG = 1;

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const half = (a: Vec3, b: Vec3): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vec3): Vec3 => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** The vertical of a room. */
export function upOf(up: AxisDirection = '+y'): Vec3 {
  const sign = up.startsWith('-') ? -1 : 1;
  return ['x', 'y', 'z'].map((axis) => (up.endsWith(axis) ? sign : 0)) as unknown as Vec3;
}

/** Segment axes (X forward, Y up, Z right) from its own up and its right. */
export function segmentFrame(up: Vec3, right: Vec3): Quaternion {
  const y = unit(up);
  const z = unit(minus(right, [dot(right, y) * y[0], dot(right, y) * y[1], dot(right, y) * y[2]]));
  return mat3ToQuaternion(mat3FromColumns(cross(y, z), y, z));
}

interface Trunk {
  hips: Vec3;
  shoulders: Vec3;
  pelvisUp: Vec3;
  thoraxUp: Vec3;
  hipRight: Vec3;
  shoulderRight: Vec3;
}

/** Trunk of one frame; the joint in mid-trunk parts it in two, without one it is straight. */
function trunkAt({ names, positions }: Points, frame: number): Trunk | undefined {
  const point = (name: string): Vec3 | undefined => {
    const at = names.indexOf(name);
    if (at < 0) return undefined;
    const from = 3 * (frame * names.length + at);
    const found: Vec3 = [positions[from], positions[from + 1], positions[from + 2]];
    return found.every(Number.isFinite) ? found : undefined;
  };
  const [hipLeft, hipRight] = [point('hip.left'), point('hip.right')];
  const [left, right] = [point('shoulder.left'), point('shoulder.right')];
  if (!hipLeft || !hipRight || !left || !right) return undefined;
  const [hips, shoulders] = [half(hipLeft, hipRight), half(left, right)];
  const spine = point('spine');
  return {
    hips,
    shoulders,
    pelvisUp: minus(spine ?? shoulders, hips),
    thoraxUp: minus(shoulders, spine ?? hips),
    hipRight: minus(hipRight, hipLeft),
    shoulderRight: minus(right, left),
  };
}

/**
 * Segments of a skeleton, as turns from its most upright moment.
 * @param columnMm - from the sacrum to the first thoracic vertebra, which stands at the height of the shoulders; absent: not known
 * @returns undefined where hips and shoulders are never seen together
 */
export function skeletonPoses(frames: Points & { count: number }, columnMm?: number): SkeletonPoses | undefined {
  const vertical = upOf(frames.up);
  const tilts = Float64Array.from({ length: frames.count }, (_, frame) => {
    const trunk = trunkAt(frames, frame);
    if (!trunk) return Number.NaN;
    return (Math.acos(Math.min(1, dot(unit(minus(trunk.shoulders, trunk.hips)), vertical))) * 180) / Math.PI;
  });
  const least = Math.min(...tilts.filter(Number.isFinite));
  const uprightFrame = tilts.findIndex((tilt) => tilt <= least + NEARLY_DEG);
  const first = uprightFrame < 0 ? undefined : trunkAt(frames, uprightFrame);
  if (!first) return undefined;
  const upright = segmentFrame(vertical, first.hipRight);
  const fromPelvis = conjugateQuaternion(segmentFrame(first.pelvisUp, first.hipRight));
  const fromThorax = conjugateQuaternion(segmentFrame(first.thoraxUp, first.shoulderRight));
  const shoulderMm = dot(minus(first.shoulders, first.hips), vertical);
  const sacrum: Vec3 = [-BEHIND_MM, columnMm ? Math.max(0, shoulderMm - columnMm) : SACRUM_ABOVE_HIPS_MM, 0];
  const turned = (up: Vec3, right: Vec3, back: Quaternion): Quaternion =>
    multiplyQuaternion(multiplyQuaternion(segmentFrame(up, right), back), upright);
  return {
    uprightFrame,
    upright,
    at(frame) {
      const trunk = trunkAt(frames, frame);
      if (!trunk) return undefined;
      const pelvis = turned(trunk.pelvisUp, trunk.hipRight, fromPelvis);
      const thorax = turned(trunk.thoraxUp, trunk.shoulderRight, fromThorax);
      return { pelvis, thorax, root: plus(trunk.hips, rotateByQuaternion(pelvis, sacrum)) };
    },
  };
}

/** Orientation of one segment in time, from the page's channels · `[w, x, y, z]` */
export interface SegmentTrack {
  segment: string;
  /** at a time of the screen's clock; undefined in gaps */
  at(timeS: number): Quaternion | undefined;
}

/**
 * Segments by their sensors: pelvis, and thorax or, without one, lumbar spine.
 * @param upright - segment axes to the room where everything stands upright
 */
export function sensorPoses(
  tracks: readonly SegmentTrack[],
  upright: Quaternion,
): ((timeS: number) => SegmentPose | undefined) | undefined {
  const find = (name: string) => tracks.find(({ segment }) => segment === name);
  const [pelvis, lumbar] = [find('pelvis'), find('lumbar')];
  const thorax = find('thorax') ?? lumbar;
  if (!pelvis || !thorax) return undefined;
  return (timeS) => {
    const [low, high] = [pelvis.at(timeS), thorax.at(timeS)];
    if (!low || !high) return undefined;
    const between = lumbar && lumbar !== thorax ? lumbar.at(timeS) : undefined;
    return {
      pelvis: multiplyQuaternion(upright, low),
      thorax: multiplyQuaternion(upright, high),
      ...(between ? { lumbar: multiplyQuaternion(upright, between) } : {}),
    };
  };
}
