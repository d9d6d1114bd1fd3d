/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `segment.${id}`, name, unit, scale: 'macro', definition, source };
}

const ISB = 'Wu et al. 2002, 2005; Grood & Suntay 1983; pelvis and trunk in the room after Baker 2001';

/** Dictionary of angles between segments that carry sensors. The site is the angle, `knee.flexion`, or the segment. */
export const SEGMENT_FEATURES: readonly FeatureDefinition[] = [
  define(
    'rangeOfMotion',
    'Range of motion (sensors)',
    'deg',
    'Greatest minus smallest value of the angle over the recording. Order and sign of each angle stand in its channel; the neutral pose is zero.',
    ISB,
  ),
  define(
    'maximum',
    'Greatest angle (sensors)',
    'deg',
    'Greatest value of the angle over the recording; the neutral pose is zero.',
    ISB,
  ),
  define(
    'minimum',
    'Smallest angle (sensors)',
    'deg',
    'Smallest value of the angle over the recording; the neutral pose is zero.',
    ISB,
  ),
  define(
    'peakVelocity',
    'Peak angular velocity (sensors)',
    'deg/s',
    'Largest size of the rate of change of the angle, by central differences of neighbouring samples.',
    'Derivative of the joint angle',
  ),
  define(
    'gravityResidual',
    'Gravity residual of a sensor',
    'deg',
    'Angle between gravity as the accelerometer saw it in the neutral pose and the vertical of the estimated orientation. Zero is right.',
    'Check of the orientation against the raw acceleration',
  ),
  define(
    'headingMismatch',
    'Heading mismatch of a sensor',
    'deg',
    'From the forward direction that the calibration took to the one that the bending axis of the same sensor shows, anticlockwise from above. Zero is right; large values mean a turned or wrongly named sensor.',
    'Principal axis of the angular rate against the static calibration',
  ),
];
