/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

const FLAT =
  'The flat axis is the direction in which the voxels of the label spread least (smallest principal axis of their positions in mm).';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `discLabel.${id}`, name, unit, scale: 'meso', definition, source };
}

/** Dictionary of disc labels. */
export const DISC_FEATURES: readonly FeatureDefinition[] = [
  define(
    'volume',
    'Volume of a disc label',
    'cm3',
    'Number of voxels of the label times the volume of a voxel. The count is exact; the interval says how far the true disc may differ when its surface lies up to half a voxel off.',
    'Voxel counting; Menezes-Reis et al. 2016 used it for lumbar discs',
  ),
  define(
    'thicknessMean',
    'Mean thickness of a disc label',
    'mm',
    `Volume over the area of the label seen along its flat axis. ${FLAT}`,
    'Cavalieri: volume over projected area',
  ),
  define(
    'thicknessMax',
    'Greatest thickness of a disc label',
    'mm',
    `Longest stretch of label along its flat axis, over 1 mm² cells of the plane across it. ${FLAT}`,
    'Line probes through the label',
  ),
  define(
    'area',
    'Area of a disc label',
    'cm2',
    `Area of the label seen along its flat axis. ${FLAT}`,
    'Projection of the label on the plane of its two long principal axes',
  ),
];
