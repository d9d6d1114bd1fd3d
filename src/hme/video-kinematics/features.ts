/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

function define(id: string, name: string, unit: Unit, definition: string, source: string): FeatureDefinition {
  return { id: `video.${id}`, name, unit, scale: 'macro', definition, source };
}

/** Dictionary of moving bodies. */
export const VIDEO_FEATURES: readonly FeatureDefinition[] = [
  define(
    'pathLength',
    'Path of the middle',
    'mm',
    'Sum of the steps of the mean of all points from frame to frame.',
    'Polygon length',
  ),
  define(
    'displacement',
    'Displacement of the middle',
    'mm',
    'Distance of the mean of all points between the first and the last frame.',
    'Straight line',
  ),
  define(
    'smoothness',
    'Smoothness',
    '1',
    'Spectral arc length of the speed of the middle, up to 10 Hz; -1.6 for one smooth reach, more negative for jerky movement.',
    'Balasubramanian et al. 2015',
  ),
  define(
    'speedMean',
    'Mean speed of the surface',
    'm/s',
    'Mean over all points and frames of the speed from a frame to the next.',
    'Point-wise speed',
  ),
  define(
    'speedHigh',
    'High speed of the surface',
    'm/s',
    'Speed that 95 % of all points and frames stay below.',
    'Point-wise speed',
  ),
  define(
    'speedLocal',
    'Mean speed within the body',
    'm/s',
    'Mean over all points and frames of the speed that is left when the rigid motion of the whole body is taken out.',
    'Iterated closest points, Besl & McKay 1992',
  ),
  define(
    'volume',
    'Volume',
    'cm3',
    'Mean volume over the recording: of the closed surface, of the filled cubes of a cloud, or of the hull of joints.',
    'Divergence theorem; voxel counting',
  ),
  define(
    'volumeChange',
    'Greatest change of volume',
    '%',
    'Volume of the frame that differs most from the first, minus the first, over the first.',
    'Divergence theorem; voxel counting',
  ),
  define(
    'activated',
    'Activated space',
    '%',
    'Cubes that are occupied in one of two successive frames alone and hold points faster than the limit, over all cubes occupied in either; mean over the recording.',
    'Activated voxels of 3D video',
  ),
  define(
    'dynamic',
    'Moving part of the body',
    '%',
    'Share of the points that move faster than the limit for more than a fifth of the time; where points do not correspond, share of all points and frames above the limit.',
    'Dynamic and static body map',
  ),
  define(
    'compensation',
    'Compensation index',
    '%',
    'Share of the activated cubes that belong to other regions of the body than the one that should move; site names that region.',
    'Activated voxels by region',
  ),
  define(
    'repetitions',
    'Repetitions in the video',
    '{count}',
    'Length of the recording over the time after which the poses come back; 1 where nothing repeats.',
    'Autocorrelation of the self-similarity matrix',
  ),
  define(
    'period',
    'Time of a repetition in the video',
    's',
    'Lag at which the poses of the recording are most alike to themselves.',
    'Autocorrelation of the self-similarity matrix',
  ),
  define(
    'keypoints',
    'Key points of the surface',
    '{count}',
    'Points whose neighbourhood spreads differently in all three directions and more so than around them (intrinsic shape signatures): hands, feet, head, folds. Mean of the frames.',
    'Zhong 2009',
  ),
  define(
    'keypointDifference',
    'Difference around key points',
    '1',
    'Mean chi-square distance of the shape contexts of key points that choose each other, over moments that belong together after time warping; 0 to 1.',
    'Zhong 2009; Frome et al. 2004',
  ),
  define(
    'poseDifference',
    'Difference of poses',
    'mm',
    'Mean distance of the joints between poses that belong together after time warping, in the size of the first.',
    'Sakoe & Chiba 1978',
  ),
  define(
    'shapeDifference',
    'Difference of shapes',
    '1',
    'Mean chi-square distance of the shape contexts of moments that belong together after time warping; 0 to 1.',
    'Frome et al. 2004; Sakoe & Chiba 1978',
  ),
  define(
    'speedDifference',
    'Difference of speeds',
    'm/s',
    "Earth mover's distance of the speed histograms of the two recordings.",
    'Rubner et al. 2000',
  ),
  define(
    'pathDifference',
    'Difference of paths',
    'mm',
    'Mean distance of the middles after time warping, each from its start.',
    'Sakoe & Chiba 1978',
  ),
];
