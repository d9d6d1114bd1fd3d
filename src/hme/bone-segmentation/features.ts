/** Feature definitions of bone segmentation. */

import type { FeatureDefinition } from '../../model/index.ts';

export const BONE_VOLUME: FeatureDefinition = {
  id: 'bone.volumeInView',
  name: 'Bone volume in view',
  unit: 'cm3',
  scale: 'macro',
  definition:
    'Volume of the bone mask: voxels above the threshold with the spongy bone they enclose, in the part of the body that the scan shows. Implants count as bone.',
  source: 'voxel count',
};

export const BONE_FEATURES = [BONE_VOLUME] as const;
