import { describe, expect, it } from 'vitest';
import type { Feature, FeatureRecord, InferenceModality } from '../../model/index.ts';
import { DICTIONARY } from '../knowledge/index.ts';
import { describeFeatures, recordsFromFeatures, synchronise } from './index.ts';

const INDEX = '2026-03-02';
const odi = (value: number, time: string, more: Partial<FeatureRecord> = {}): FeatureRecord => ({
  ...{ feature: 'prom.odi', value, unit: '%', time },
  ...more,
});

describe('feature space', () => {
  it('takes the latest value within its window and says why others are left out', () => {
    const space = synchronise(
      [
        odi(30, '2026-02-10'),
        odi(40, '2026-02-25'),
        odi(50, '2026-01-05'),
        odi(60, '2026-03-20'),
        odi(Number.NaN, '2026-03-01'),
        odi(4, '2026-03-01', { unit: '1' }),
        { feature: 'no.such', value: 1, unit: '1' },
        { feature: 'spine.sva', value: 40, unit: 'mm', posture: 'supine', time: '2026-02-25' },
        { feature: 'stenosis.lee', value: 7, unit: '1', time: '2026-02-25' },
      ],
      INDEX,
    );
    expect(space.features.get('prom.odi')?.value).toBe(40);
    expect(space.leftOut.map(({ reason }) => reason).sort()).toEqual(
      [
        'after-index',
        'no-value',
        'no-value',
        'older-than-used',
        'too-old',
        'unknown-feature',
        'wrong-posture',
        'wrong-unit',
      ].sort(),
    );
    expect(() => synchronise([], 'yesterday')).toThrow(/is no date/);
  });

  it('grows doubt with age, and facts of the record do not age', () => {
    const sd = (time: string) => synchronise([odi(40, time)], INDEX).features.get('prom.odi')?.sd ?? 0;
    expect(sd(INDEX)).toBe(4);
    expect(sd('2026-02-20')).toBeGreaterThan(4);
    expect(sd('2026-02-01')).toBeGreaterThan(sd('2026-02-20'));
    const old = synchronise([{ feature: 'care.spineSurgery', value: 1, unit: '1', time: '1999-01-01' }], INDEX);
    expect(old.features.get('care.spineSurgery')?.sd).toBe(0);
  });

  it('takes the worst level of one day: the lowest disc for its level, the narrowest sac', () => {
    const height = (value: number, level: string): FeatureRecord => ({
      ...{ feature: 'disc.height', value, unit: 'mm', level, time: INDEX },
    });
    const space = synchronise([height(9.5, 'L1-L2'), height(9.8, 'L4-L5'), height(12, 'L3-L4')], INDEX);
    expect(space.features.get('disc.height')?.record.level).toBe('L4-L5');
  });

  it('counts a slip at lumbar levels alone', () => {
    const slip = (value: number, level?: string): FeatureRecord => ({
      ...{ feature: 'segment.slip', value, unit: '%', level, time: INDEX },
    });
    const space = synchronise([slip(9, 'T10-T11'), slip(3, 'L4-L5')], INDEX);
    expect(space.features.get('segment.slip')?.record.level).toBe('L4-L5');
    expect(space.leftOut.map(({ reason }) => reason)).toEqual(['wrong-level']);
    expect(synchronise([slip(9)], INDEX).features.get('segment.slip')?.value).toBe(9);
  });
});

const base: Feature = {
  ...{ id: 'f1', run: 'r', capability: 'spine-geometry', version: 1, knownAt: INDEX, evidence: [], synthetic: false },
  ...{
    definition: 'spine.cobbAngle',
    value: 24,
    unit: 'deg',
    quality: 1,
    method: 'endplates',
    validAt: '2026-02-01',
  },
  uncertainty: { kind: 'interval', low: 20, high: 28, sd: 2.4, method: 'bootstrap' },
};

describe('features of capabilities', () => {
  it('land in the feature space with sd, place and way back', () => {
    const [record] = recordsFromFeatures([base]);
    expect(record).toMatchObject({ feature: 'spine.cobb', value: 24, sd: 2.4, time: '2026-02-01', source: 'f1' });
    expect(synchronise([record], INDEX).features.get('spine.cobb')?.value).toBe(24);
    expect(recordsFromFeatures([{ ...base, value: null, missing: 'no sacrum' }])).toEqual([]);
    expect(recordsFromFeatures([{ ...base, definition: 'body.skinArea' }])).toEqual([]);
  });

  it('count as old as their window allows when nobody knows when they were taken', () => {
    const [dated, undated] = [base, { ...base, validAt: undefined }].map((feature) => {
      return synchronise(recordsFromFeatures([feature]), INDEX).features.get('spine.cobb');
    });
    expect(undated?.record).toMatchObject({ undated: true });
    expect(undated?.ageDays).toBe(365);
    expect(undated?.sd).toBeGreaterThan(dated?.sd ?? Number.POSITIVE_INFINITY);
  });

  it('name the examination that was made, where several could have brought them', () => {
    const modality = (...made: InferenceModality[]) => recordsFromFeatures([base], { made: new Set(made) })[0].modality;
    expect([modality(), modality('ct'), modality('ct', 'radiograph')]).toEqual(['radiograph', 'ct', 'radiograph']);
  });

  it('are told apart by site where a definition serves several', () => {
    const reach: Feature = { ...base, definition: 'kinematics.maximum', site: 'lumbar.flexion', value: 48 };
    expect(recordsFromFeatures([reach])[0]).toMatchObject({ feature: 'movement.flexion', modality: 'video' });
    expect(recordsFromFeatures([{ ...reach, site: 'knee.flexion' }])).toEqual([]);
  });

  it('become a grade where the dictionary grades them: loss of height after Genant', () => {
    const grades = [19.9, 20, 25, 39, 40].map((value) => {
      const loss: Feature = { ...base, definition: 'vertebra.heightLoss', unit: '%', level: 'L2', value };
      return recordsFromFeatures([loss])[0];
    });
    expect(grades.map(({ value }) => value)).toEqual([0, 1, 2, 2, 3]);
    expect(grades[1]).toMatchObject({ feature: 'bone.genant', unit: '1', level: 'L2' });
    expect(grades[1].grader).toBe('spine-geometry version 1, Vertebral fracture, Genant grade: cuts at 20, 25, 40 %');
    expect(synchronise(grades, INDEX).features.get('bone.genant')?.value).toBe(3);
  });

  it('carry everything a record is asked for: value, sd, time, posture, side, level, method, version, quality, device', () => {
    const full: Feature = { ...base, posture: 'standing', side: 'left', level: 'L4', task: 'stand', quality: 0.8 };
    expect(recordsFromFeatures([full], { deviceOf: () => 'scanner 7' })[0]).toEqual({
      ...{ feature: 'spine.cobb', value: 24, unit: 'deg', sd: 2.4, time: '2026-02-01', posture: 'standing' },
      ...{ side: 'left', level: 'L4', task: 'stand', device: 'scanner 7', method: 'spine-geometry: endplates' },
      ...{ version: 1, quality: 0.8, modality: 'radiograph', source: 'f1', evidence: [] },
    });
  });

  it('lose a sign that only tells the side: the larger asymmetry counts, whichever side leads', () => {
    const pair = (value: number, id: string): Feature => {
      return { ...base, id, definition: 'emg.asymmetry', unit: '%', value, validAt: '2026-02-01' };
    };
    const records = recordsFromFeatures([pair(12, 'right'), pair(-40, 'left')]);
    expect(synchronise(records, INDEX).features.get('emg.asymmetry')).toMatchObject({
      ...{ value: 40, record: { source: 'left' } },
    });
  });

  it('are taken from one maker each', () => {
    const taken = DICTIONARY.flatMap(({ from }) => from);
    expect(new Set(taken).size).toBe(taken.length);
  });
});

describe('features of a capability that the dictionary has never heard of', () => {
  const gait: Feature = {
    ...{ id: 'g1', run: 'r', capability: 'gait-harmony', version: 3, knownAt: INDEX, evidence: [], synthetic: true },
    ...{
      definition: 'gait.harmonicRatio',
      site: 'trunk',
      side: 'left',
      task: 'walk',
      value: 2.4,
      unit: '1',
      quality: 0.9,
    },
    ...{ method: 'even over odd harmonics', validAt: '2026-02-20' },
    uncertainty: { kind: 'interval', low: 2.1, high: 2.7, sd: 0.18, method: 'bootstrap' },
  };

  it('land at the index date with sd, age and way back, and without a line of code', () => {
    expect(describeFeatures([gait, base], INDEX)).toEqual([
      {
        feature: 'gait.harmonicRatio.trunk.left',
        ageDays: 10,
        record: expect.objectContaining({
          ...{ feature: 'gait.harmonicRatio', value: 2.4, sd: 0.18, unit: '1', side: 'left', task: 'walk', version: 3 },
          ...{ quality: 0.9, method: 'gait-harmony: even over odd harmonics', source: 'g1' },
        }),
      },
    ]);
  });

  it('keep the newest of each, and nothing from after the date, too long ago or not measured', () => {
    const at = (id: string, validAt: string | undefined, value: number | null = 2) => ({ ...gait, id, validAt, value });
    const shown = (...features: Feature[]) => describeFeatures(features, INDEX).map(({ record }) => record.source);
    expect(shown(at('old', '2026-01-10'), at('new', '2026-02-28'), at('undated', undefined))).toEqual(['new']);
    expect(shown(at('later', '2026-05-01'), at('long ago', '2024-05-01'), at('gap', '2026-02-01', null))).toEqual([]);
    expect(shown(at('walk', '2026-02-01'), { ...at('run', '2026-02-01'), task: 'run' })).toEqual(['walk', 'run']);
  });
});
