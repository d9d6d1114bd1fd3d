/** Door: geometry of the whole column from vertebra labels. */

import {
  type ArtifactDraft,
  type CapabilityResult,
  type Ctx,
  defineCapability,
  type FeatureDefinition,
  type InputValues,
  MsdtError,
  type QualityFlag,
  sameGrid,
} from '../../model/index.ts';
import { measureCentreLine } from './column/curve.ts';
import { findFemoralHeads } from './column/femoral-head.ts';
import { columnMatrices } from './column/matrices.ts';
import { COLUMN_FEATURES } from './features/column.ts';
import { FeatureWriter } from './features/draft.ts';
import { tellColumn } from './features/emit-column.ts';
import { tellSegments } from './features/emit-segment.ts';
import { tellVertebrae } from './features/emit-vertebra.ts';
import { SEGMENT_FEATURES } from './features/segment.ts';
import { VERTEBRA_FEATURES } from './features/vertebra.ts';
import { landmarksOf } from './landmarks.ts';
import { type ColumnMeasures, measureColumn } from './measure.ts';

export { turningPoints } from './column/cobb.ts';
export { tiltDeg, type View } from './column/tilts.ts';

/** Every feature of the capability. */
export const SPINE_FEATURES: readonly FeatureDefinition[] = [
  ...COLUMN_FEATURES,
  ...VERTEBRA_FEATURES,
  ...SEGMENT_FEATURES,
];

const INPUTS = {
  vertebrae: 'labelmap.vertebrae',
  bodies: 'labelmap.bodies?',
  volume: 'volume.*?',
  anatomy: 'labelmap.anatomy?',
} as const;

/** Geometry of the whole column from vertebra labels. */
export const spineGeometry = defineCapability({
  id: 'spine-geometry',
  version: 1,
  title: 'Spine geometry',
  summary:
    'Endplates, landmarks, centre line, Cobb angles, kyphosis, lordosis, heights, rotation, slip, disc spaces and pelvic angles of every labelled level, each with its interval.',
  scales: ['meso'],
  inputs: INPUTS,
  params: {
    smallestCurveDeg: {
      type: 'number',
      label: 'Smallest curve told apart',
      unit: 'deg',
      min: 1,
      max: 30,
      step: 1,
      default: 5,
      help: 'Swings of coronal tilt below this are not listed as curves of their own. The largest Cobb angle is always told.',
    },
  },
  outputs: {
    landmarks: 'landmarks.vertebra',
    curve: 'curve.spine?',
    spaces: 'mesh.intervertebral-space[]?',
    matrices: 'table.matrix[]?',
  },
  features: SPINE_FEATURES,
  run(ctx, inputs, params) {
    return measureSpine(ctx, inputs, params.smallestCurveDeg);
  },
});

function measureSpine(ctx: Ctx, inputs: InputValues<typeof INPUTS>, smallestCurveDeg: number): CapabilityResult {
  const { payload } = inputs.vertebrae;
  const measures = measureColumn(ctx, {
    vertebrae: payload,
    bodies: inputs.bodies?.payload,
    anatomy: inputs.anatomy?.payload,
    volume: inputs.volume?.payload,
  });
  if (measures.vertebrae.length === 0) {
    throw new MsdtError('input.empty', 'The label map holds no vertebra that can be measured', {
      where: { file: inputs.vertebrae.name },
      detail: `labels: ${payload.labels.map((entry) => entry.name).join(', ') || 'none'}`,
      hint: 'Give each vertebra its own value with a level (T1 … S1), or import the map with the right numbering.',
    });
  }
  ctx.progress(0.9, 'Angles and heights');
  const line = measureCentreLine(measures.column.vertebrae, measures.centreSdMm);
  const heads = findFemoralHeads(inputs.anatomy?.payload);
  const writer = new FeatureWriter(SPINE_FEATURES, inputs.vertebrae.posture ?? 'unknown');
  tellColumn(writer, measures, line, heads, smallestCurveDeg);
  tellVertebrae(writer, measures.vertebrae);
  tellSegments(writer, measures.segments);
  const outputs: CapabilityResult['outputs'] = {
    landmarks: {
      kind: 'landmarks.vertebra',
      payload: landmarksOf(measures, heads),
      name: 'Spine landmarks',
      quality: measures.flags,
    },
  };
  if (line)
    outputs.curve = {
      kind: 'curve.spine',
      payload: line.curve,
      name: 'Centre line',
    } satisfies ArtifactDraft<'curve.spine'>;
  const spaces = spaceDrafts(measures);
  if (spaces.length > 0) outputs.spaces = spaces;
  const matrices = columnMatrices(measures.column.vertebrae);
  if (matrices.length > 0) {
    outputs.matrices = matrices.map(({ name, table }) => ({ kind: 'table.matrix', payload: table, name }));
  }
  ctx.progress(1);
  return { outputs, features: writer.features, quality: [...measures.flags, ...inputFlags(inputs)] };
}

function spaceDrafts(measures: ColumnMeasures): ArtifactDraft<'mesh.intervertebral-space'>[] {
  return measures.segments
    .filter((s) => s.space)
    .map((s) => ({
      kind: 'mesh.intervertebral-space',
      payload: (s.space as NonNullable<typeof s.space>).mesh,
      name: `Disc space ${s.segment}`,
      level: s.segment,
    }));
}

function inputFlags(inputs: InputValues<typeof INPUTS>): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const { vertebrae, bodies, volume } = inputs;
  if (volume && !sameGrid(vertebrae.payload, volume.payload)) {
    flags.push({
      code: 'spine.other-grid',
      severity: 'info',
      message: 'The labels lie on another grid than the volume; measures are taken on the labels’ own grid.',
    });
  }
  if (!bodies) {
    flags.push({
      code: 'spine.no-body-map',
      severity: 'info',
      message: 'Without a map of vertebral bodies, bodies are split from their arches at the posterior wall.',
    });
  }
  if (!vertebrae.posture || vertebrae.posture === 'unknown') {
    flags.push({
      code: 'spine.posture-unknown',
      severity: 'doubt',
      message: 'The posture of the acquisition is unknown; angles must not be compared with standing norms.',
    });
  }
  return flags;
}
