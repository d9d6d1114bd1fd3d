/** What the numbers of movement mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `kinematics.${id}`, name, unit, scale: 'macro', definition, source };
}

const ISB = 'Wu et al. 2002; Grood & Suntay 1983; pelvis and trunk in the room after Baker 2001';

/** Dictionary of movement. The site of a feature is the angle it was taken from: `knee.flexion`. */
export const KINEMATIC_FEATURES: readonly FeatureDefinition[] = [
  define(
    'rangeOfMotion',
    'Range of motion',
    'deg',
    'Greatest minus smallest value of the angle over the recording. Order and sign of each angle stand in its channel.',
    ISB,
  ),
  define('maximum', 'Greatest angle', 'deg', 'Greatest value of the angle over the recording.', ISB),
  define('minimum', 'Smallest angle', 'deg', 'Smallest value of the angle over the recording.', ISB),
  define(
    'repetitionPeak',
    'Peak of a repetition',
    'deg',
    'Value of the angle farthest from rest within one repetition; the window says which.',
    'Maximum of the smoothed angle between start and end of the repetition',
  ),
  define(
    'amplitude',
    'Amplitude of a repetition',
    'deg',
    'Greatest minus smallest value of the angle within a repetition, mean over all complete repetitions. A repetition lasts from 5 % to 5 % of its height, so that rest does not count: the full height is up to a twentieth more.',
    'Mean of repetitions',
  ),
  define(
    'repetitions',
    'Repetitions',
    '{count}',
    'Number of complete repetitions of the movement in the recording.',
    'Peaks by prominence',
  ),
  define(
    'repetitionTime',
    'Time of a repetition',
    's',
    'From leaving the rest (5 % of the amplitude) to being back, mean over complete repetitions; for standing up from seat to standing.',
    'Mean of repetitions',
  ),
  define(
    'symmetryIndex',
    'Symmetry index',
    '%',
    '100 · (right − left) / (half the sum) of the amplitude of the angle within the repetitions, or of its range where there are none. Zero is symmetric.',
    'Robinson, Herzog & Nigg 1987',
  ),
  define(
    'sideDifference',
    'Difference of the sides',
    'deg',
    'Mean of the absolute difference of the right and left angle at the same moments of the repetitions.',
    'Mean over the repetitions',
  ),
  define(
    'lumbopelvicRatio',
    'Lumbopelvic rhythm',
    '1',
    'Change of the angle between thorax and pelvis over the change of the forward tilt of the pelvis, in a third of the forward bend of the trunk (window early, middle, late).',
    'Esola et al. 1996',
  ),
  define(
    'cadence',
    'Cadence',
    '/min',
    'Steps of both feet per minute, from the mean time between heel strikes of one foot.',
    'Zeni et al. 2008',
  ),
  define(
    'speed',
    'Walking speed',
    'm/s',
    'Length of a stride over its time, mean over strides; also on a treadmill.',
    'Zeni et al. 2008',
  ),
  define(
    'strideTime',
    'Stride time',
    's',
    'Time between two heel strikes of one foot, mean over strides.',
    'Zeni et al. 2008',
  ),
  define(
    'stepLength',
    'Step length',
    'm',
    'Heel ahead of the other heel along the direction faced, at the heel strike of the named side.',
    'Zeni et al. 2008',
  ),
  define(
    'stepWidth',
    'Step width',
    'm',
    'Distance of the heels across the direction faced, at heel strikes.',
    'Zeni et al. 2008',
  ),
  define(
    'stance',
    'Stance',
    '%',
    'Share of the stride from heel strike to toe off of the same foot, mean over strides.',
    'Zeni et al. 2008',
  ),
];
