/** Feature definitions of label import. */

import type { FeatureDefinition } from '../../model/index.ts';

export const VERTEBRA_COUNT: FeatureDefinition = {
  id: 'labels.vertebraCount',
  name: 'Labelled vertebrae',
  unit: '{count}',
  scale: 'meso',
  definition: 'Number of vertebral levels with a label of their own, the sacrum not counted.',
  source: 'count of the label map',
};

export const LABEL_VOLUME: FeatureDefinition = {
  id: 'labels.volume',
  name: 'Labelled volume',
  unit: 'cm3',
  scale: 'meso',
  definition:
    'Voxels of the label times the volume of a voxel, as the label map has it: of the vertebral body where bodies are labelled by level, else of the whole vertebra.',
  source: 'voxel count, as in the TotalSegmentator spine report',
};

export const LABEL_FEATURES = [VERTEBRA_COUNT, LABEL_VOLUME] as const;
