/** Names of joints, segments and electrode sites, so that every source speaks of one body. */

/** Joints of the arms and legs, from the trunk outwards. */
export const LIMB_JOINTS = [
  'shoulder.left',
  'elbow.left',
  'wrist.left',
  'hand.left',
  'shoulder.right',
  'elbow.right',
  'wrist.right',
  'hand.right',
  'hip.left',
  'knee.left',
  'ankle.left',
  'foot.left',
  'hip.right',
  'knee.right',
  'ankle.right',
  'foot.right',
] as const;

/**
 * Joints of a skeleton under the names all readers use; a reader keeps the source's own name for anything else. Paired joints
 * end in `.left` or `.right` of the subject.
 */
export const SKELETON_JOINTS = ['pelvis', 'spine', 'thorax', 'neck', 'head', ...LIMB_JOINTS] as const;

export type SkeletonJoint = (typeof SKELETON_JOINTS)[number];

/** Body segments that carry sensors or have a frame; paired ones take a side beside them. */
export const BODY_SEGMENTS = [
  'head',
  'thorax',
  'lumbar',
  'pelvis',
  'upperArm',
  'forearm',
  'hand',
  'thigh',
  'shank',
  'foot',
] as const;

export type BodySegment = (typeof BODY_SEGMENTS)[number];

/** An electrode site: muscle, vertebral level where it has one, and where on the skin it lies. */
export interface ElectrodeSite {
  muscle: string;
  level?: string;
  side: 'left' | 'right';
  /** distance from the midline · mm */
  lateralMm?: number;
}

/** Sites of the paper's protocol: erector spinae beside L4 (EMG1-2) and L2 (EMG3-4), 3.5 cm from the midline. */
export const PAPER_ELECTRODES: Readonly<Record<'EMG1' | 'EMG2' | 'EMG3' | 'EMG4', ElectrodeSite>> = {
  EMG1: { muscle: 'erectorSpinae', level: 'L4', side: 'left', lateralMm: 35 },
  EMG2: { muscle: 'erectorSpinae', level: 'L4', side: 'right', lateralMm: 35 },
  EMG3: { muscle: 'erectorSpinae', level: 'L2', side: 'left', lateralMm: 35 },
  EMG4: { muscle: 'erectorSpinae', level: 'L2', side: 'right', lateralMm: 35 },
};
