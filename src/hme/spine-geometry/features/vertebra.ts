/** What is told of one vertebra. */

import type { FeatureDefinition } from '../../../model/index.ts';
import { AXES, define } from './define.ts';

const HEIGHT_SOURCE =
  'Heights at 15, 50 and 85 % of depth: Genant 1993; Wasserthal et al. 2023 (TotalSegmentator spine report)';

const height = (which: string, where: string) =>
  define(
    `vertebra.height${which}`,
    `Vertebral body height, ${which.toLowerCase()}`,
    'mm',
    `Distance between the superior and the inferior endplate surface along the vertebra's own axis, ${where}. ${AXES}`,
    HEIGHT_SOURCE,
  );

const sliceHeight = (which: string, share: number) =>
  define(
    `vertebra.sliceHeight${which}`,
    `Vertebral body height, ${which.toLowerCase()}, as the TotalSegmentator report takes it`,
    'mm',
    `Height at ${share} % of the depth from the back in the parasagittal slice (inner half of the width, every 5 mm) where the three heights differ most, along the line between the neighbours' centres, ends counted in half-voxel steps inside the label. For comparison with that report; it reads up to one voxel shorter than the surface and shows the worst slice.`,
    'TotalSegmentator totalseg_spine_report v0.1.0, reproduced',
  );

/** Dictionary of the vertebra. */
export const VERTEBRA_FEATURES: readonly FeatureDefinition[] = [
  height('Anterior', 'on the mid-sagittal line at 15 % of the depth from the front'),
  height('Middle', 'on the mid-sagittal line at 50 % of the depth'),
  height('Posterior', 'on the mid-sagittal line at 85 % of the depth from the front'),
  height('Left', 'at half depth, 15 % of the width from the left'),
  height('Right', 'at half depth, 15 % of the width from the right'),
  sliceHeight('Anterior', 85),
  sliceHeight('Middle', 50),
  sliceHeight('Posterior', 15),
  define(
    'vertebra.heightLoss',
    'Loss of vertebral height',
    '%',
    'The largest of: anterior height missing against posterior, middle missing against posterior, posterior missing against the mean posterior height of the two neighbours; 0 when none is lower. In mid-sagittal heights at 15, 50 and 85 % of depth.',
    'After Genant 1993 (wedge, biconcave and crush deformity)',
    {
      reference: [
        {
          low: 0,
          high: 20,
          source: 'Genant 1993: below 20 % no deformity, 20-25 mild, 25-40 moderate, above 40 severe',
        },
      ],
    },
  ),
  define(
    'vertebra.heightLossFlag',
    'Height loss above 20 %',
    '1',
    '"yes" when the height loss is above 20 % (ratio below 0.8) with its whole 90 % interval, "unsure" when only a part of the interval is, else "no". A sign to look, not a diagnosis.',
    'Threshold of Genant 1993 and of the TotalSegmentator spine report',
  ),
  define(
    'vertebra.wedgeSagittal',
    'Sagittal wedge of the body',
    'deg',
    `Angle between the endplates in the vertebra's own sagittal plane; positive when the front is taller. ${AXES}`,
    'Panjabi et al. 1992',
  ),
  define(
    'vertebra.wedgeCoronal',
    'Coronal wedge of the body',
    'deg',
    `Angle between the endplates in the vertebra's own coronal plane; positive when the left side is taller. ${AXES}`,
    'Panjabi et al. 1992',
  ),
  define(
    'vertebra.axialRotation',
    'Axial rotation',
    'deg',
    "Angle of the vertebra's anterior direction (middle of the canal to middle of the body, across its axis) in the patient's axial plane against straight ahead; positive when the front turns to the patient's left.",
    'Vrtovec, Pernuš & Likar 2009 (review of vertebral rotation)',
    { postural: true },
  ),
  define(
    'vertebra.volume',
    'Vertebra volume',
    'cm3',
    'Voxels of the label times the volume of a voxel.',
    'Counting; equals TotalSegmentator statistics',
  ),
  define(
    'vertebra.bodyVolume',
    'Vertebral body volume',
    'cm3',
    'Voxels of the vertebral body times the volume of a voxel. The body is what a map of bodies says, or, without one, what lies in front of the posterior wall as seen from the canal.',
    'Counting',
  ),
  define(
    'vertebra.bodyDepth',
    'Depth of the body',
    'mm',
    'Anterior to posterior rim on the mid-sagittal line, mean of both endplates.',
    'Panjabi et al. 1992',
  ),
  define(
    'vertebra.bodyWidth',
    'Width of the body',
    'mm',
    'Left to right rim at half depth, mean of both endplates.',
    'Panjabi et al. 1992',
  ),
];
