/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

const LAIDIG = 'Laidig & Seel, Information Fusion 91 (2023) 187-204';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `imu.${id}`, name, unit, scale: 'macro', definition, source };
}

/** Dictionary of sensors worn on the body. */
export const IMU_FEATURES: readonly FeatureDefinition[] = [
  define(
    'restShare',
    'Share of the recording at rest',
    '%',
    'Samples at which the sensor has rested for 1.5 s: angular rate within 2 °/s and acceleration within 0.5 m/s² of their own low-passed values (0.5 s).',
    LAIDIG,
  ),
  define(
    'disturbedShare',
    'Share of the recording in a disturbed magnetic field',
    '%',
    'Samples at which norm or dip of the field differ from the reference by more than 10 % or 10°, of those since the filter first accepted a reference.',
    LAIDIG,
  ),
  define(
    'gyroBias',
    'Gyroscope bias',
    'deg/s',
    'Length of the bias vector that the filter took off the angular rate, at the sample where its standard deviation is least.',
    LAIDIG,
  ),
  define(
    'inclinationRange',
    'Range of inclination',
    'deg',
    'Largest angle between any two directions of the vertical as the sensor saw them: how far it tilted in all, whatever its mounting and heading.',
    'Great-circle diameter of the path of the vertical on the unit sphere',
  ),
  define(
    'peakAngularVelocity',
    'Peak angular velocity',
    'deg/s',
    'Largest length of the angular rate vector after the bias is taken off.',
    'Vector norm of the three rates',
  ),
];
