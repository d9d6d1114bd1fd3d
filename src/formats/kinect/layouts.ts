/** Which columns belong to which joint: Kinect v1 and v2, optical targets of the KERAAL recordings, BlazePose. */

import { LIMB_JOINTS } from '../../model/index.ts';
import { KINECT1_JOINTS } from '../recording/index.ts';

/** Rows of one width. */
export interface Layout {
  title: string;
  names: readonly string[];
  /** values of a point: a place, or a place and a quaternion x, y, z, w */
  perPoint: 3 | 7;
  rateHz: number;
  /** `camera`: metres, x to the sensor's left, y up, as Kinect has it; `lab`: mm, z up */
  space: 'camera' | 'lab';
}

/** Joints of Kinect v2, in its own order. */
const KINECT2_JOINTS = [
  'pelvis',
  'spine',
  'neck',
  'head',
  ...LIMB_JOINTS,
  'thorax',
  'handTip.left',
  'thumb.left',
  'handTip.right',
  'thumb.right',
] as const;

/** Rigid targets on the segments of the body, in the order of the KERAAL files. */
const OPTICAL_TARGETS = [
  'forearm.right',
  'forearm.left',
  'upperArm.right',
  'upperArm.left',
  'thorax',
  'thigh.right',
  'thigh.left',
  'shoulder.right',
  'shoulder.left',
  'hand.right',
  'hand.left',
  'foot.right',
  'foot.left',
  'pelvis',
  'head',
  'shank.right',
  'shank.left',
] as const;

const LAYOUTS: readonly Layout[] = [
  { title: 'Kinect v2', names: KINECT2_JOINTS, perPoint: 7, rateHz: 30, space: 'camera' },
  { title: 'Kinect v2', names: KINECT2_JOINTS, perPoint: 3, rateHz: 30, space: 'camera' },
  { title: 'Kinect v1', names: KINECT1_JOINTS, perPoint: 7, rateHz: 30, space: 'camera' },
  { title: 'Kinect v1', names: KINECT1_JOINTS, perPoint: 3, rateHz: 30, space: 'camera' },
  { title: 'Optical targets', names: OPTICAL_TARGETS, perPoint: 7, rateHz: 60, space: 'lab' },
];

/**
 * Layout of rows of so many numbers, and whether a time or frame number stands before the points.
 * @example layoutOf(175)?.layout.title // 'Kinect v2'
 */
export function layoutOf(width: number): { layout: Layout; leading: 0 | 1 } | undefined {
  for (const leading of [0, 1] as const) {
    const layout = LAYOUTS.find(({ names, perPoint }) => names.length * perPoint + leading === width);
    if (layout) return { layout, leading };
  }
  return undefined;
}

/** Names of BlazePose landmarks as joints; the others keep their own. */
export const BLAZEPOSE_JOINTS: Readonly<Record<string, string>> = {
  Left_shoulder: 'shoulder.left',
  Right_shoulder: 'shoulder.right',
  Left_elbow: 'elbow.left',
  Right_elbow: 'elbow.right',
  Left_wrist: 'wrist.left',
  Right_wrist: 'wrist.right',
  Left_hip: 'hip.left',
  Right_hip: 'hip.right',
  Left_knee: 'knee.left',
  Right_knee: 'knee.right',
  Left_ankle: 'ankle.left',
  Right_ankle: 'ankle.right',
  Left_foot_index: 'foot.left',
  Right_foot_index: 'foot.right',
  Left_index: 'hand.left',
  Right_index: 'hand.right',
  Nose: 'nose',
};
