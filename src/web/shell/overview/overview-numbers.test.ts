import { describe, expect, it } from 'vitest';
import type { TwinView, WireFeature, WireFeatureDefinition } from '../../../contract/index.ts';
import { cardNumbers, earlierDays, isMotionFeature, placeWords } from './overview-numbers.ts';

const definition = (id: string, scale: 'macro' | 'meso', high?: number): [string, WireFeatureDefinition] => [
  id,
  {
    id,
    name: id,
    unit: 'deg',
    scale,
    definition: '',
    source: '',
    reference: high === undefined ? undefined : [{ low: 0, high, source: '' }],
  },
];
const definitions = new Map([
  definition('spine.a', 'meso'),
  definition('spine.b', 'meso', 10),
  definition('spine.c', 'meso'),
  definition('spine.d', 'meso'),
  definition('body.e', 'macro'),
]);

function feature(id: string, value: number | null): WireFeature {
  return {
    id,
    definition: id,
    value,
    unit: 'deg',
    uncertainty: { kind: 'interval', low: (value ?? 0) - 1, high: (value ?? 0) + 1, sd: 0.6, method: '' },
    quality: 1,
    method: '',
    run: '',
    capability: '',
    version: 1,
    knownAt: '',
    evidence: [],
    synthetic: false,
  };
}

function view(values: Record<string, number | null>): TwinView {
  return {
    twin: { id: 't', alias: '', createdAt: '', synthetic: false },
    asOf: {},
    snapshots: [],
    acquisitions: [],
    artifacts: [],
    features: Object.entries(values).map(([id, value]) => feature(id, value)),
    plan: [],
    quality: [],
  };
}

const now = view({ 'spine.a': 1, 'spine.b': 30, 'spine.c': null, 'spine.d': 4, 'body.e': 5 });
const names = (list: ReturnType<typeof cardNumbers>) => list.map(({ feature: { id } }) => id);

describe('cardNumbers', () => {
  it('shows the number of the last recording, whichever was read last', () => {
    const [before, after] = ['2026-01-12', '2026-03-09'].map((takenAt, at) => ({
      feature: {
        ...feature('spine.a', 10 * (at + 1)),
        evidence: [{ artifact: `art${at}`, locator: {} }],
      } as unknown as WireFeature,
      artifact: { id: `art${at}`, acquisition: `acq${at}` },
      acquisition: { id: `acq${at}`, takenAt },
    }));
    for (const order of [
      [before, after],
      [after, before],
    ]) {
      const twin = {
        ...view({}),
        features: order.map((one) => one.feature),
        artifacts: order.map((one) => one.artifact),
        acquisitions: order.map((one) => one.acquisition),
      } as unknown as TwinView;
      expect(cardNumbers(twin, 'meso', definitions, []).map(({ feature: { value } }) => value)).toEqual([20]);
    }
  });

  it('shows what lies outside its range first, and no gaps', () => {
    expect(names(cardNumbers(now, 'meso', definitions, []))).toEqual(['spine.b', 'spine.a', 'spine.d']);
    expect(names(cardNumbers(now, 'macro', definitions, []))).toEqual(['body.e']);
    expect(cardNumbers(now, 'nano', definitions, [])).toEqual([]);
  });

  it('shows what moved most once there is a past', () => {
    const before = view({ 'spine.a': 1, 'spine.b': 30, 'spine.d': 14 });
    const [first] = cardNumbers(now, 'meso', definitions, [before]);
    expect(first.feature.id).toBe('spine.d');
    expect(first.run).toEqual([14, 4]);
  });
});

describe('numbers of recordings on a card', () => {
  const of = (id: string, site: string, value: number): WireFeature => ({
    ...feature(`${id}.${site}`, value),
    definition: id,
    site,
  });
  const features = [
    of('imu.inclinationRange', 'pelvis', 38),
    of('imu.inclinationRange', 'lumbar', 62),
    of('imu.inclinationRange', 'thorax', 80),
    of('segment.rangeOfMotion', 'knee.flexion', 8),
    of('segment.maximum', 'trunk.flexion', 84),
    of('segment.maximum', 'lumbar.flexion', 45),
  ];
  const known = new Map([
    definition('imu.inclinationRange', 'macro'),
    definition('segment.maximum', 'macro'),
    definition('segment.rangeOfMotion', 'macro'),
  ]);

  it('are those a clinician asks for, not what sensors say of themselves', () => {
    const sites = cardNumbers({ ...now, features }, 'macro', known, []).map(({ feature: { site } }) => site);
    expect(sites).toEqual(['trunk.flexion', 'lumbar.flexion', 'knee.flexion']);
  });

  it('are of sensors where there is nothing else', () => {
    const only = features.slice(0, 3);
    expect(cardNumbers({ ...now, features: only }, 'macro', known, [])).toHaveLength(3);
  });
});

describe('earlierDays', () => {
  it('leaves the last day out', () => {
    const days = ['2026-03-02', '2024-01-09T10:00:00Z', '2026-03-02', undefined];
    const acquisitions = days.map((takenAt) => ({ takenAt })) as TwinView['acquisitions'];
    expect(earlierDays({ ...now, acquisitions })).toEqual(['2024-01-09']);
    expect(earlierDays(now)).toEqual([]);
  });
});

describe('numbers of recordings', () => {
  it('say where and in what they were taken', () => {
    expect(placeWords({ site: 'trunk.flexion', side: 'left', task: 'bend' })).toBe('trunk flexion · left · bend');
    expect(placeWords({ site: 'erectorSpinae' })).toBe('erector spinae');
    expect(placeWords({})).toBe('');
  });

  it('lead to the motion screen', () => {
    expect(isMotionFeature({ evidence: [{ artifact: 'a', locator: { timeS: [0, 1] } }] })).toBe(true);
    expect(isMotionFeature({ evidence: [{ artifact: 'a', locator: { level: 'L4' } }] })).toBe(false);
  });
});
