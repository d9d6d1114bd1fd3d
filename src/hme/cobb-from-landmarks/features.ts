/** What the capability's numbers mean. */

import type { FeatureDefinition } from '../../model/index.ts';

const SOURCE =
  'Cobb 1948; mid-line rule of the AASCE 2019 challenge (SpineWeb 16, Wang et al. 2021), reproduced on its 481 training films';

/** Dictionary of the angles of a frontal film. */
export const FILM_ANGLE_FEATURES: readonly FeatureDefinition[] = [
  {
    id: 'film.cobbAngle1',
    name: 'Largest Cobb angle on the film',
    unit: 'deg',
    scale: 'macro',
    definition:
      'Largest difference of tilt between the mid-lines of two vertebrae on a frontal film. A mid-line joins the mean of the two left corners to the mean of the two right corners. No sign.',
    source: SOURCE,
    postural: true,
  },
  {
    id: 'film.cobbAngle2',
    name: 'Second Cobb angle on the film',
    unit: 'deg',
    scale: 'macro',
    definition:
      'Difference of mid-line tilt between the upper end vertebra of the largest angle and the most tilted vertebra above it (on a C-shaped film: the first vertebra). No sign.',
    source: SOURCE,
    postural: true,
  },
  {
    id: 'film.cobbAngle3',
    name: 'Third Cobb angle on the film',
    unit: 'deg',
    scale: 'macro',
    definition:
      'Difference of mid-line tilt between the lower end vertebra of the largest angle and the most tilted vertebra below it (C-shaped film: the last vertebra; S-shaped film with the largest angle in the lower half of the image: the next curve above angle 2). No sign.',
    source: SOURCE,
    postural: true,
  },
];
