/** Feature definitions of surface extraction. */

import type { FeatureDefinition } from '../../model/index.ts';

export const VOLUME_CHANGE: FeatureDefinition = {
  id: 'surface.volumeChange',
  name: 'Volume change by smoothing',
  unit: '%',
  scale: 'meso',
  definition:
    'Volume inside the finished surface over the volume of the label’s largest piece, minus one. Says whether smoothing or decimation shrank the vertebra.',
  source: 'divergence theorem on the surface, voxel count of the label',
};

export const SURFACE_FEATURES = [VOLUME_CHANGE] as const;
