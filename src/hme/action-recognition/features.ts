/** What the capability's numbers mean. */

import type { FeatureDefinition } from '../../model/index.ts';

/** Dictionary of action recognition. */
export const ACTION_FEATURES: readonly FeatureDefinition[] = [
  {
    id: 'action.agreement',
    name: 'Agreement of the examples with each other',
    unit: '%',
    scale: 'macro',
    definition:
      'Share of the examples whose nearest example of another subject (of any other example, where no subjects are given) has the same label. It tells what to expect of new subjects; labels of the recordings in question are never read.',
    source: 'Leave-one-subject-out nearest neighbour',
  },
  {
    id: 'action.margin',
    name: 'Margin of recognition',
    unit: '%',
    scale: 'macro',
    definition:
      'How much farther the nearest example of another label is than the nearest example, as share of the former, median over the recordings; 0 is a toss-up.',
    source: 'Ratio of nearest distances, Lowe 2004',
  },
  {
    id: 'action.label',
    name: 'Recognised action',
    unit: '1',
    scale: 'macro',
    definition: 'Label of the nearest example under time warping; given for up to five recordings, the table has all.',
    source: 'Nearest neighbour with dynamic time warping, Sakoe & Chiba 1978',
  },
];
