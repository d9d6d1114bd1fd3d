/** Door: which of the known actions a recording shows, by its nearest example; nothing is trained. */

import { median, quantile, type VectorSequence } from '../../kernel/index.ts';
import {
  type ArtifactDraft,
  type ArtifactValue,
  type CapabilityResult,
  type Ctx,
  defineCapability,
  type FeatureDraft,
  MsdtError,
  type PointSequence,
  type QualityFlag,
  type Signals,
  tableFromRows,
} from '../../model/index.ts';
import { cloudVectors } from './cloud.ts';
import { ACTION_FEATURES } from './features.ts';
import { inertialVectors } from './inertial.ts';
import { poseVectors, usableJoints } from './pose.ts';
import {
  type Example,
  type Examples,
  type Movement,
  prepareExamples,
  type Recognition,
  recognise,
} from './recognise.ts';
import { INERTIAL_WEIGHT } from './settings.ts';

export { cloudVectors } from './cloud.ts';
export { ACTION_FEATURES } from './features.ts';
export { inertialVectors } from './inertial.ts';
export { poseVectors, usableJoints } from './pose.ts';
export {
  type Example,
  type Examples,
  type Movement,
  prepareExamples,
  type Recognition,
  recognise,
} from './recognise.ts';
export { INERTIAL_WEIGHT, POSE_SETTINGS, type PoseSettings } from './settings.ts';

type Sequence = ArtifactValue<
  'sequence.markers' | 'sequence.skeleton' | 'sequence.mesh' | 'sequence.cloud' | 'sequence.depth'
>;
type Inertial = ArtifactValue<'signal.imu'>;

/** One row of a list: the recording and what goes with it. */
interface Row {
  row: number;
  path: string;
  body: Sequence;
  inertial?: Inertial;
}

/** Joins the values of a list row by row. Nothing but `path` and `row` of the metadata is read. */
function rowsOf(values: readonly Sequence[], inertial: readonly Inertial[] | undefined): Row[] {
  const rowOf = (value: ArtifactValue, index: number) => Number(value.metadata?.row ?? index);
  const imuByRow = new Map<number, Inertial>();
  inertial?.forEach((value, index) => {
    const row = rowOf(value, index);
    if (!imuByRow.has(row)) imuByRow.set(row, value);
  });
  const rows = new Map<number, Row>();
  values.forEach((body, index) => {
    const row = rowOf(body, index);
    // of several sequences of one recording the skeleton says most
    const known = rows.get(row);
    if (known && !(body.kind === 'sequence.skeleton' && known.body.kind !== 'sequence.skeleton')) return;
    const path = String(body.metadata?.path ?? body.name ?? `recording ${row + 1}`);
    rows.set(row, { row, path, body, inertial: imuByRow.get(row) });
  });
  return [...rows.values()].sort((a, b) => a.row - b.row);
}

const hasJoints = ({ body }: Row) => body.kind === 'sequence.skeleton' || body.kind === 'sequence.markers';

/** Rows as movements; those that cannot be used are named and left out. */
function movementsOf(rows: readonly Row[], joints: readonly string[], fused: boolean, quality: QualityFlag[]) {
  const kept: { row: Row; movement: Movement }[] = [];
  for (const row of rows) {
    try {
      const body: VectorSequence = hasJoints(row)
        ? poseVectors(row.body.payload as PointSequence, joints, row.path)
        : cloudVectors(row.body.payload as never, row.path);
      const vectors = fused ? [body, inertialVectors((row.inertial as Inertial).payload as Signals, row.path)] : [body];
      kept.push({ row, movement: { vectors } });
    } catch (error) {
      if (!(error instanceof MsdtError)) throw error;
      const message = `${row.path}: ${error.message} (${error.detail}). It was left out.`;
      quality.push({ code: 'action.unusable', severity: 'fault', where: row.path, message });
    }
  }
  return kept;
}

/** Joints that every skeleton has. */
function sharedJoints(rows: readonly Row[]): string[] {
  const lists = rows.filter(hasJoints).map(({ body }) => usableJoints(body.payload as PointSequence));
  return (lists[0] ?? []).filter((joint) => lists.every((list) => list.includes(joint)));
}

/** Rows of the kind that both lists have, skeletons first; the others are named. */
function comparable(train: readonly Row[], test: readonly Row[], quality: QualityFlag[]): [Row[], Row[]] {
  const wanted = [true, false].find(
    (joints) => train.some((row) => hasJoints(row) === joints) && test.some((row) => hasJoints(row) === joints),
  );
  if (wanted === undefined) {
    throw new MsdtError('input.missing', 'Skeletons and surfaces cannot be compared with each other', {
      detail: `examples: ${kindsOf(train)}; recordings: ${kindsOf(test)}`,
      hint: 'Give lists of one kind: skeletons, or meshes, clouds and depth pictures.',
    });
  }
  const keep = (rows: readonly Row[]) => rows.filter((row) => hasJoints(row) === wanted);
  const left = train.length + test.length - keep(train).length - keep(test).length;
  if (left > 0) {
    const message = `${left} recordings that are ${wanted ? 'no skeletons' : 'skeletons'} were left out.`;
    quality.push({ code: 'action.other-kind', severity: 'doubt', message });
  }
  return [keep(train), keep(test)];
}

const kindsOf = (rows: readonly Row[]) => [...new Set(rows.map(({ body }) => body.kind))].join(', ');

/** True when every row has an inertial record. */
function canFuse(all: readonly Row[], quality: QualityFlag[]): boolean {
  const withInertial = all.filter(({ inertial }) => inertial !== undefined).length;
  if (withInertial > 0 && withInertial < all.length) {
    const message = `Only ${withInertial} of ${all.length} recordings have inertial sensors; they were not used.`;
    quality.push({ code: 'action.inertial-missing', severity: 'doubt', message });
  }
  return withInertial === all.length;
}

function examplesOf(
  rows: readonly Row[],
  joints: readonly string[],
  fused: boolean,
  train: readonly Sequence[],
  quality: QualityFlag[],
): { examples: Example[]; rows: Row[] } {
  const about = new Map(train.map((value, index) => [Number(value.metadata?.row ?? index), value.metadata]));
  const usable = movementsOf(rows, joints, fused, quality);
  const listed = usable.some(({ row }) => about.get(row.row)?.label !== undefined);
  // recordings of a twin come without a list: they are examples of what they are called
  const labelOf = (row: Row) => (listed ? about.get(row.row)?.label : row.body.name);
  const labelled = usable.filter(({ row }) => labelOf(row) !== undefined);
  if (labelled.length < 2) {
    throw new MsdtError('input.missing', 'There are not enough labelled examples', {
      detail: `${labelled.length} of ${rows.length} training recordings can be used and have a label`,
      hint: 'Give a list with the columns path, label and subject.',
    });
  }
  return {
    rows: labelled.map(({ row }) => row),
    examples: labelled.map(({ row, movement }) => ({
      ...movement,
      label: String(labelOf(row)),
      subject: String(about.get(row.row)?.subject ?? `row ${row.row}`),
    })),
  };
}

/** Share of the examples that are recognised without their subject. */
function agreement(ctx: Ctx, examples: Examples): { right: number; of: number } {
  const { list } = examples;
  const subjects = new Set(list.map(({ subject }) => subject));
  let right = 0;
  list.forEach((example, i) => {
    ctx.signal.throwIfAborted();
    if (i % 16 === 0) ctx.progress(0.55 + (0.4 * i) / list.length, 'examples against each other');
    const found = recognise(example, examples, (k) =>
      subjects.size > 1 ? list[k].subject === example.subject : k === i,
    );
    if (found?.label === example.label) right++;
  });
  return { right, of: list.length };
}

/** Wilson's 90 % interval of a share. */
function wilson(right: number, of: number): [number, number] {
  const z = 1.6448536269514722;
  const p = right / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const METHOD = 'Nearest example under dynamic time warping of normalised movements';

interface Answer {
  row: Row;
  found: Recognition;
}

const marginOf = ({ distance, runnerUpDistance }: Recognition) =>
  runnerUpDistance === Infinity ? 1 : runnerUpDistance > 0 ? 1 - distance / runnerUpDistance : 0;

function featuresOf(answers: readonly Answer[], score: { right: number; of: number } | undefined): FeatureDraft[] {
  const evidence = [{ role: { output: 'predictions' }, locator: { row: 0 } }];
  const features: FeatureDraft[] = [];
  if (score) {
    const [low, high] = wilson(score.right, score.of);
    const value = (100 * score.right) / score.of;
    features.push({
      definition: 'action.agreement',
      value,
      unit: '%',
      uncertainty: {
        kind: 'interval',
        low: 100 * low,
        high: 100 * high,
        sd: (100 * (high - low)) / (2 * 1.6448536269514722),
        method: `Wilson's interval of ${score.right} in ${score.of}; examples of one subject are alike, so it is rather too narrow`,
      },
      quality: 0.8,
      method: METHOD,
      evidence: [{ role: { input: 'train' }, locator: {} }],
    });
  }
  const margins = answers.map(({ found }) => 100 * marginOf(found));
  features.push({
    definition: 'action.margin',
    value: median(margins),
    unit: '%',
    uncertainty: {
      kind: 'interval',
      low: quantile(margins, 0.05),
      high: quantile(margins, 0.95),
      sd: (quantile(margins, 0.95) - quantile(margins, 0.05)) / 3.29,
      method: '5 % and 95 % of the recordings',
    },
    quality: 0.8,
    method: METHOD,
    evidence,
  });
  if (answers.length > 5) return features;
  answers.forEach(({ row, found }, index) => {
    features.push({
      definition: 'action.label',
      ...(answers.length > 1 ? { site: `row${row.row + 1}` } : {}),
      value: found.label,
      unit: '1',
      uncertainty: {
        kind: 'unknown',
        reason: 'One nearest neighbour gives no probability; the margin tells how clear it is.',
      },
      quality: Math.min(1, 0.5 + marginOf(found)),
      method: METHOD,
      evidence: [{ role: { output: 'predictions' }, locator: { row: index } }],
    });
  });
  return features;
}

function tableOf(answers: readonly Answer[], trainRows: readonly Row[], examples: readonly Example[]) {
  const rows = answers.map(({ row, found }) => ({
    path: row.path,
    predicted: found.label,
    distance: found.distance,
    'runner-up': found.runnerUp < 0 ? null : examples[found.runnerUp].label,
    margin: marginOf(found),
    nearest: trainRows[found.nearest].path,
  }));
  return tableFromRows(rows, {
    path: { definition: 'The recording, as its list names it' },
    predicted: { definition: 'Label of the nearest example' },
    distance: { unit: '1', definition: 'Distance to the nearest example over the median distance of two examples' },
    'runner-up': { definition: 'Nearest other label' },
    margin: { unit: '1', definition: '1 - distance / distance of the runner-up; 0 is a toss-up' },
    nearest: { definition: 'The nearest example' },
  });
}

/** Actions of recordings, by their nearest labelled examples. */
export const actionRecognition = defineCapability({
  id: 'action-recognition',
  version: 1,
  title: 'Action recognition',
  summary:
    'Names the action in each recording after its nearest labelled example, whatever the subject, heading and frame rate: skeletons, alone or with inertial sensors, meshes, clouds or depth pictures. Nothing is trained.',
  scales: ['macro'],
  inputs: {
    train: 'sequence.*[]',
    test: 'sequence.*[]',
    trainImu: 'signal.imu[]?',
    testImu: 'signal.imu[]?',
  },
  params: {
    crossCheck: {
      type: 'boolean',
      label: 'Check the examples against each other',
      default: true,
      help: 'Tells which share of the examples is recognised by the examples of other subjects.',
    },
  },
  outputs: { predictions: 'table.record' },
  features: ACTION_FEATURES,
  automatic: false,
  run(ctx, { train, test, trainImu, testImu }, { crossCheck }): CapabilityResult {
    const quality: QualityFlag[] = [];
    const [trainRows, testRows] = comparable(rowsOf(train, trainImu), rowsOf(test, testImu), quality);
    const fused = canFuse([...trainRows, ...testRows], quality);
    const joints = sharedJoints([...trainRows, ...testRows]);
    const known = examplesOf(trainRows, joints, fused, train, quality);
    const asked = movementsOf(testRows, joints, fused, quality);
    const examples = prepareExamples(known.examples, fused ? [1, INERTIAL_WEIGHT] : [1]);
    const answers = asked.flatMap(({ row, movement }, i): Answer[] => {
      ctx.signal.throwIfAborted();
      if (i % 16 === 0) ctx.progress(0.1 + (0.45 * i) / asked.length, `${i} of ${asked.length} recordings`);
      const found = recognise(movement, examples);
      return found ? [{ row, found }] : [];
    });
    if (answers.length === 0) {
      throw new MsdtError('input.empty', 'No recording could be compared', {
        detail: quality
          .map(({ message }) => message)
          .slice(0, 3)
          .join(' '),
        hint: 'Give recordings with pelvis, trunk and limbs, or clouds of a body cut out of its background.',
      });
    }
    const score = crossCheck ? agreement(ctx, examples) : undefined;
    const predictions: ArtifactDraft<'table.record'> = {
      kind: 'table.record',
      name: 'Recognised actions',
      payload: tableOf(answers, known.rows, known.examples),
      quality,
    };
    return { outputs: { predictions }, features: featuresOf(answers, score), quality };
  },
});
