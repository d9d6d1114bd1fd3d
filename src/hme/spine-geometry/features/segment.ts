/** What is told of the space and the joint between two vertebrae. */

import type { FeatureDefinition, ReferenceRange } from '../../../model/index.ts';
import { define } from './define.ts';

const ALONG =
  'from the inferior endplate surface of the upper vertebra, along the mean of the two facing normals, to the superior endplate surface of the lower one';

/** Mid-disc heights on MRI, 14 adults of 40-59 years: mean ± 2 SD. */
const MIDDLE_REFERENCE: ReferenceRange[] = (
  [
    ['L1-L2', 10.0, 1.9],
    ['L2-L3', 11.6, 1.5],
    ['L3-L4', 12.5, 1.8],
    ['L4-L5', 13.8, 2.0],
    ['L5-S1', 13.0, 2.5],
  ] as const
).map(([level, mean, sd]) => ({
  low: Number((mean - 2 * sd).toFixed(1)),
  high: Number((mean + 2 * sd).toFixed(1)),
  posture: 'supine',
  level,
  source: 'MRI, 14 adults of 40-59 years, mean ± 2 SD (Anatomical Sciences Journal A-10-159-1): a small group, on MR',
}));

const height = (which: string, where: string, reference?: ReferenceRange[]) =>
  define(
    `disc.height${which}`,
    `Disc height, ${which.toLowerCase()}`,
    'mm',
    `Distance ${ALONG}, ${where} of the upper endplate. Bone to bone: it is the height of the space, the disc fills it.`,
    'Frobin et al. 1997; stations as for vertebral heights',
    { reference },
  );

/** Dictionary of the segment. */
export const SEGMENT_FEATURES: readonly FeatureDefinition[] = [
  height('Anterior', 'on the mid-sagittal line at 15 % of the depth'),
  height('Middle', 'on the mid-sagittal line at 50 % of the depth', MIDDLE_REFERENCE),
  height('Posterior', 'on the mid-sagittal line at 85 % of the depth'),
  height('Left', 'at half depth, 15 % of the width from the left'),
  height('Right', 'at half depth, 15 % of the width from the right'),
  define(
    'disc.heightMean',
    'Disc height, mean',
    'mm',
    `Mean distance ${ALONG}, over the whole footprint of the upper endplate.`,
    'Frobin et al. 1997',
  ),
  define(
    'disc.wedgeSagittal',
    'Sagittal wedge of the disc',
    'deg',
    "Angle between the facing endplates in the upper vertebra's sagittal plane; positive when the front is taller (lordotic).",
    'Frobin et al. 1997',
    { postural: true },
  ),
  define(
    'disc.wedgeCoronal',
    'Coronal wedge of the disc',
    'deg',
    "Angle between the facing endplates in the upper vertebra's coronal plane; positive when the left side is taller.",
    'Frobin et al. 1997',
    { postural: true },
  ),
  define(
    'disc.heightIndex',
    'Disc height index',
    '1',
    'Mean disc height over the mean of the middle heights of the bodies above and below (of the one above at the sacrum).',
    'After Inoue et al. 1999 and Pfirrmann et al. 2006',
  ),
  define(
    'disc.volume',
    'Volume of the disc space',
    'cm3',
    'Mean height times the area of the upper endplate as seen along the axis of the space. The volume of the space between the bones, not of a labelled disc.',
    'Prism rule',
  ),
  define(
    'segment.listhesis',
    'Slip of the upper vertebra',
    'mm',
    "Offset of the upper vertebra's posterior-inferior corner from the lower vertebra's posterior-superior corner along the lower endplate, mid-sagittal; positive forward (anterolisthesis). Below 3 mm it is within what repeated measurement gives.",
    'Meyerding 1932; 3 mm: Simmonds et al. 2015',
    {
      reference: [
        {
          low: -3,
          high: 3,
          source: 'Below 3 mm counts as stable (Simmonds et al. 2015, standing films)',
          posture: 'standing',
        },
      ],
    },
  ),
  define(
    'segment.listhesisShare',
    'Slip, share of the lower endplate',
    '%',
    "Slip over the depth of the lower vertebra's superior endplate; positive forward. Meyerding grade I below 25 %, II below 50, III below 75, IV above.",
    'Meyerding 1932',
  ),
  define(
    'segment.axialRotation',
    'Axial rotation between two vertebrae',
    'deg',
    "Rotation of the upper against the lower vertebra about the lower one's axis; positive when the upper front is turned to the patient's left.",
    'Vrtovec, Pernuš & Likar 2009',
    { postural: true },
  ),
  define(
    'spine.segmentAngleSagittal',
    'Segmental angle, sagittal',
    'deg',
    "Superior endplate of the upper to superior endplate of the lower vertebra in the patient's sagittal plane; positive is lordotic.",
    'Vialle et al. 2005',
    { postural: true },
  ),
  define(
    'spine.segmentAngleCoronal',
    'Segmental angle, coronal',
    'deg',
    "Superior endplate of the upper to superior endplate of the lower vertebra in the patient's coronal plane; positive opens to the left.",
    'Cobb 1948, for a single segment',
    { postural: true },
  ),
];
