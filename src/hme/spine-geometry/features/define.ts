/** Shorthand for feature definitions; every one of this capability is at the meso scale. */

import type { FeatureDefinition, ReferenceRange, Unit } from '../../../model/index.ts';

/** Makes a definition. */
export function define(
  id: string,
  name: string,
  unit: Unit,
  definition: string,
  source: string,
  more: { postural?: boolean; reference?: ReferenceRange[]; code?: FeatureDefinition['code'] } = {},
): FeatureDefinition {
  return { id, name, unit, scale: 'meso', definition, source, ...more };
}

/** Where the axes and endplates come from, said once. */
export const AXES =
  "Endplates are surfaces fitted to the label's boundary inside the rim; the vertebra's axis is the mean of its endplate normals, anterior runs from the middle of the canal to the middle of the body.";
