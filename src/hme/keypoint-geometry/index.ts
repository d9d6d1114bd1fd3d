/** Door: geometry of the column from keypoints of bodies and pedicles. */

import {
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  type Posture,
  type QualityFlag,
  type SpineLandmarks,
} from '../../model/index.ts';
import { gatherColumn, type MarkedColumn } from './column.ts';
import { KEYPOINT_FEATURES } from './features.ts';
import { type CentreLine, fitCentreLine } from './line.ts';
import { featuresOf, landmarksOf, tableOf } from './tell.ts';

export { areNeighbours } from './checks.ts';
export { gatherColumn, type MarkedColumn, type MarkedVertebra } from './column.ts';
export { KEYPOINT_FEATURES } from './features.ts';
export { type CentreLine, coronalCurves, fitCentreLine, lateralOffset, tangentAngle } from './line.ts';
export { measurePedicles, type PediclePair } from './tell.ts';

/** What a scan of keypoints gives. */
export interface KeypointMeasures {
  column: MarkedColumn;
  line: CentreLine;
  features: FeatureDraft[];
}

/** How keypoints are measured. */
export interface KeypointOptions {
  /** one standard deviation of a keypoint along each axis · mm */
  sdMm: number;
  /** coronal curves below this are not told, except the largest · deg */
  leastCurveDeg: number;
  posture: Posture;
  /** uniform in [0, 1) */
  rng(): number;
  /** name for messages */
  file?: string;
}

/**
 * Measures the keypoints of one scan.
 *
 * @param keypoints - bodies and pedicles with levels · patient frame (LPS) · mm
 * @throws MsdtError `input.empty` fewer than three bodies · `geometry.degenerate` bodies in one place · `labels.unknown`
 *   bodies without levels
 */
export function measureKeypoints(keypoints: SpineLandmarks, options: KeypointOptions): KeypointMeasures {
  const column = gatherColumn(keypoints, options.file);
  const line = fitCentreLine(column.bodies, options.sdMm, options.rng);
  return { column, line, features: featuresOf(column, line, options) };
}

/** Geometry of the column from keypoints. */
export const keypointGeometry = defineCapability({
  id: 'keypoint-geometry',
  version: 1,
  title: 'Keypoint geometry',
  summary:
    'Centre line, tangent angles, rotation, spacing and pedicle distances from marked bodies and pedicles, with numbering checks: for scans that were marked elsewhere.',
  scales: ['meso'],
  inputs: { keypoints: 'landmarks.keypoints' },
  params: {
    keypointSdMm: {
      type: 'number',
      label: 'Doubt of a keypoint',
      unit: 'mm',
      min: 0.1,
      max: 10,
      step: 0.1,
      default: 2,
      help: 'One standard deviation along each axis. Every interval follows from it.',
    },
    smallestCurveDeg: {
      type: 'number',
      label: 'Smallest curve told apart',
      unit: 'deg',
      min: 1,
      max: 30,
      step: 1,
      default: 5,
      help: 'Coronal curves above and below the widest are told from this angle on.',
    },
  },
  outputs: { curve: 'curve.spine', landmarks: 'landmarks.vertebra', table: 'table.record' },
  features: KEYPOINT_FEATURES,
  run(ctx, { keypoints }, params): CapabilityResult {
    const posture = keypoints.posture ?? 'unknown';
    const sdMm = params.keypointSdMm;
    const { column, line, features } = measureKeypoints(keypoints.payload, {
      sdMm,
      leastCurveDeg: params.smallestCurveDeg,
      posture,
      rng: ctx.rng,
      file: keypoints.name,
    });
    ctx.progress(0.9, `${column.bodies.length} bodies`);
    const quality = [...column.quality, ...postureFlags(posture)];
    return {
      outputs: {
        curve: { kind: 'curve.spine', payload: line.curve, name: 'Centre line of keypoints', quality },
        landmarks: { kind: 'landmarks.vertebra', payload: landmarksOf(column, line, sdMm), name: 'Marked vertebrae' },
        table: { kind: 'table.record', payload: tableOf(column, line, sdMm), name: 'Marked vertebrae, one a row' },
      },
      features,
      quality,
    };
  },
});

function postureFlags(posture: Posture): QualityFlag[] {
  if (posture !== 'unknown') return [];
  const message = 'The posture is unknown; angles must not be compared with standing norms.';
  return [{ code: 'keypoints.posture-unknown', severity: 'info', message }];
}
