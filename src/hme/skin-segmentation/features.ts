/** Feature definitions of skin segmentation. */

import type { FeatureDefinition } from '../../model/index.ts';

export const BODY_VOLUME: FeatureDefinition = {
  id: 'body.volumeInView',
  name: 'Body volume in view',
  unit: 'cm3',
  scale: 'macro',
  definition:
    'Volume inside the closed skin surface, lungs and bowel gas included, of the part of the body that the scan shows.',
  source: 'divergence theorem on the skin surface',
};

export const SKIN_AREA: FeatureDefinition = {
  id: 'body.skinArea',
  name: 'Skin area in view',
  unit: 'cm2',
  scale: 'macro',
  definition: 'Area of the skin surface without the flat caps where the field of view ends.',
  source: 'sum of the areas of triangles that do not lie on a cap',
};

export const CUT_SHARE: FeatureDefinition = {
  id: 'body.cutShare',
  name: 'Share of caps',
  unit: '%',
  scale: 'macro',
  definition: 'Share of the closed surface that is not skin but a cap where the field of view cuts the body.',
  source: 'area of triangles with all three vertices on a cap, over the whole area',
};

export const SKIN_FEATURES = [BODY_VOLUME, SKIN_AREA, CUT_SHARE] as const;
