import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import { createRandom, dtwDistance } from '../../kernel/index.ts';
import type { ArtifactValue, CloudSequence, PointSequence, Table } from '../../model/index.ts';
import { actionRecognition, poseVectors, prepareExamples, recognise, usableJoints } from './index.ts';
import { type FigureOptions, SYNTHETIC_ACTIONS, simulateFigure, simulateWristSensor } from './simulate.ts';

const SIZES = [420, 480, 540, 600];

function list(subjects: readonly number[], options: Partial<FigureOptions> = {}): ArtifactValue[] {
  return subjects.flatMap((subject) =>
    SYNTHETIC_ACTIONS.map((action, a): ArtifactValue => {
      const seed = 10 * subject + a;
      const figure = { action, trunkMm: SIZES[subject % 4], headingRad: subject, seed, noiseMm: 8, ...options };
      const row = SYNTHETIC_ACTIONS.length * subjects.indexOf(subject) + a;
      return {
        kind: 'sequence.skeleton',
        payload: simulateFigure(figure),
        metadata: { path: `${action}-${subject}-${row}`, label: action, subject, row },
      };
    }),
  );
}

const imuOf = (values: ArtifactValue[]): ArtifactValue[] =>
  values.map(({ payload, metadata }) => ({
    kind: 'signal.imu',
    payload: simulateWristSensor(payload as PointSequence),
    metadata,
  }));

/** Metadata that may be asked for path and row alone. */
function sealed(values: ArtifactValue[]): ArtifactValue[] {
  return values.map((value) => ({
    ...value,
    metadata: new Proxy(value.metadata ?? {}, {
      get: (target, key) => {
        if (key === 'path' || key === 'row') return Reflect.get(target, key);
        throw new Error(`read ${String(key)} of a test recording`);
      },
      ownKeys: () => {
        throw new Error('listed what is known of a test recording');
      },
    }),
  }));
}

async function predict(inputs: Record<string, ArtifactValue[]>) {
  const result = await runCapability(actionRecognition, inputs);
  const table = result.outputs[0].draft.payload as Table;
  const column = (name: string) => table.columns.find((candidate) => candidate.name === name)?.values ?? [];
  const right = column('predicted').filter((label, i) => String(column('path')[i]).startsWith(String(label))).length;
  return { ...result, column, share: right / column('path').length };
}

describe('action recognition', () => {
  it('names the actions of other subjects without reading what their list says of them', async () => {
    const { share, column, features } = await predict({ train: list([0, 1, 2]), test: sealed(list([3, 4])) });
    expect(share).toBe(1);
    expect(column('runner-up').every((label, i) => label !== column('predicted')[i])).toBe(true);
    for (const margin of column('margin') as number[]) expect(margin > 0 && margin < 1).toBe(true);
    expect(features.find(({ definition }) => definition === 'action.agreement')?.value).toBe(100);
  });

  it('gives the same table whatever the test labels are', async () => {
    const train = list([0, 1]);
    const lied = list([2]).map((value) => ({ ...value, metadata: { ...value.metadata, label: 'squat', subject: 0 } }));
    const a = await predict({ train, test: list([2]) });
    const b = await predict({ train, test: lied as ArtifactValue[] });
    expect(b.column('predicted')).toEqual(a.column('predicted'));
    expect(b.column('distance')).toEqual(a.column('distance'));
  });

  it.each([
    ['half the frame rate', { rateHz: 15 }],
    ['twice the frame rate', { rateHz: 60 }],
    ['noise of 30 mm', { noiseMm: 30 }],
    ['children', { trunkMm: 300 }],
  ] as [string, Partial<FigureOptions>][])('holds under %s', async (_, options) => {
    expect((await predict({ train: list([0, 1, 2]), test: list([3, 4], options) })).share).toBe(1);
  });

  it('does not depend on place, heading and size', () => {
    const one = simulateFigure({ action: 'wave' });
    const other: PointSequence = { ...one, positions: one.positions.slice(), up: '+y' };
    for (let i = 0; i < one.positions.length; i += 3) {
      other.positions[i] = 2 * one.positions[i + 2] + 500;
      other.positions[i + 1] = 2 * one.positions[i + 1];
      other.positions[i + 2] = -2 * one.positions[i];
    }
    const joints = usableJoints(one);
    const [a, b] = [one, other].map((sequence) => poseVectors(sequence, joints, 'x').values);
    for (let i = 0; i < a.length; i++) expect(b[i]).toBeCloseTo(a[i], 9);
    const guessed = poseVectors({ ...one, up: undefined }, joints, 'x').values;
    expect(guessed).toEqual(a);
  });

  it('prunes without changing nearest or runner-up', () => {
    const values = list([0, 1, 2, 3], { noiseMm: 60 });
    const joints = usableJoints(values[0].payload as PointSequence);
    const examples = values.map(({ payload, metadata }) => ({
      vectors: [poseVectors(payload as PointSequence, joints, 'x')],
      label: String(metadata?.label),
      subject: String(metadata?.subject),
    }));
    const prepared = prepareExamples(examples, [1]);
    for (let q = 0; q < 8; q++) {
      const found = recognise(examples[q], prepared, (i) => i === q);
      const all = examples
        .map((example, i) => ({
          i,
          label: example.label,
          d: Math.sqrt(dtwDistance(examples[q].vectors[0], example.vectors[0])),
        }))
        .filter(({ i }) => i !== q)
        .sort((a, b) => a.d - b.d);
      const second = all.find(({ label }) => label !== all[0].label);
      expect([found?.nearest, found?.runnerUp]).toEqual([all[0].i, second?.i]);
      expect((found?.distance ?? 0) / (found?.runnerUpDistance ?? 1)).toBeCloseTo(all[0].d / (second?.d ?? 1), 9);
    }
  });

  it('adds inertial sensors where all recordings have them, and says where they lack', async () => {
    const [train, test] = [list([0, 1]), list([2])];
    const fused = await predict({ train, test, trainImu: imuOf(train), testImu: imuOf(test) });
    expect(fused.share).toBe(1);
    const alone = await predict({ train, test });
    expect(fused.column('distance')).not.toEqual(alone.column('distance'));
    const half = await predict({ train, test, trainImu: imuOf(train), testImu: imuOf(test).slice(1) });
    expect(half.quality.map(({ code }) => code)).toContain('action.inertial-missing');
    expect(half.column('distance')).toEqual(alone.column('distance'));
  });

  it('bridges missing joints and leaves out what cannot be used', async () => {
    const test = list([3]);
    const { positions, names } = test[0].payload as PointSequence;
    for (let f = 10; f < 16; f++) positions.fill(Number.NaN, 3 * (f * names.length + 3), 3 * (f * names.length + 6));
    positions.fill(Number.NaN, 0, 9);
    (test[1].payload as PointSequence).positions = new Float64Array(3 * names.length);
    const { column, quality, share } = await predict({ train: list([0, 1]), test });
    expect(column('path')).toHaveLength(3);
    expect(share).toBe(1);
    expect(quality.find(({ code }) => code === 'action.unusable')?.message).toMatch(/1 frames/);
  });

  it('recognises clouds of points without joints', async () => {
    const cloudOf = ({ payload, metadata }: ArtifactValue): ArtifactValue => {
      const figure = payload as PointSequence;
      const rng = createRandom(figure.positions.length);
      const stride = 3 * figure.names.length;
      const positions = Array.from({ length: figure.positions.length / stride }, (_, f) => {
        const joints = figure.positions.subarray(f * stride, (f + 1) * stride);
        return Float32Array.from({ length: 20 * stride }, (_, i) => joints[i % stride] + rng.normal(0, 40));
      });
      const { names: _n, positions: _p, ...base } = figure;
      return { kind: 'sequence.cloud', payload: { ...base, positions } as CloudSequence, metadata };
    };
    const { share } = await predict({ train: list([0, 1, 2]).map(cloudOf), test: list([3]).map(cloudOf) });
    expect(share).toBe(1);
    await expect(predict({ train: list([0, 1]), test: list([3]).map(cloudOf) })).rejects.toMatchObject({
      code: 'input.missing',
    });
  });

  it('takes what it is called for the label of an example without a list', async () => {
    const train = list([0, 1]).map(({ metadata, ...value }) => ({ ...value, name: String(metadata?.label) }));
    expect((await predict({ train, test: list([2]) })).share).toBe(1);
  });

  it('refuses examples without labels', async () => {
    const train = list([0]).map((value) => ({ ...value, metadata: { path: 'x' } }));
    await expect(predict({ train, test: list([1]) })).rejects.toMatchObject({ code: 'input.missing' });
  });
});
