/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `ground.${id}`, name, unit, scale: 'macro', definition, source };
}

/** Dictionary of ground reactions. */
export const GROUND_FEATURES: readonly FeatureDefinition[] = [
  define(
    'peakVerticalForce',
    'Largest vertical ground reaction',
    'N',
    'Largest force out of the floor, along the plate’s normal, within one contact; not divided by body weight.',
    'Winter 2009, Biomechanics and Motor Control of Human Movement',
  ),
  define(
    'contactTime',
    'Contact time',
    's',
    'Time for which the vertical force stays at or above the threshold without a break.',
    'Winter 2009; threshold as in the parameters',
  ),
  define(
    'pressurePathLength',
    'Path of the centre of pressure',
    'mm',
    'Length of the way of the centre of pressure on the plate within one contact, positions averaged over 10 ms.',
    'Prieto et al. 1996, IEEE Trans Biomed Eng 43:956',
  ),
  define(
    'peakFreeMoment',
    'Largest free moment',
    'N.m',
    'Moment about the upward normal through the centre of pressure, where it is largest in size within one contact; positive turns counter-clockwise seen from above.',
    'Holden & Cavanagh 1991, J Biomech 24:887',
  ),
];
