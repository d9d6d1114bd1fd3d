/** What the capability's numbers mean. */

import type { FeatureDefinition } from '../../model/index.ts';

/** Dictionary of electrode sites. */
export const ELECTRODE_FEATURES: readonly FeatureDefinition[] = [
  {
    id: 'electrode.midlineDepth',
    name: 'Skin to spinous process',
    unit: 'mm',
    scale: 'meso',
    definition:
      'Straight distance from the tip of the spinous process backwards to the skin, at the level the electrodes are placed. A thick layer damps surface signals and widens what they hear.',
    source: 'Landmark of the spinous process and skin surface of the same scan',
  },
];
