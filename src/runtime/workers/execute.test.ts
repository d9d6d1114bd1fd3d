import { describe, expect, it } from 'vitest';
import {
  type AnyCapability,
  defineCapability,
  type FeatureDefinition,
  type FeatureDraft,
  IDENTITY_DIRECTION,
  type Volume,
} from '../../model/index.ts';
import { executeCapability } from './execute.ts';

const definition: FeatureDefinition = {
  id: 'noise.mean',
  name: 'Mean',
  unit: '1',
  scale: 'meso',
  definition: 'mean of chance',
  source: 'test',
};
const good: FeatureDraft = {
  definition: 'noise.mean',
  value: 1,
  unit: '1',
  uncertainty: { kind: 'exact', method: 'count' },
  quality: 1,
  method: 'test',
  evidence: [{ role: { input: 'volume' }, locator: {} }],
};
const volume: Volume = {
  size: [1, 1, 1],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: IDENTITY_DIRECTION,
  data: new Int16Array(1),
  unit: "[hnsf'U]",
};

function capability(feature: (rng: () => number) => FeatureDraft): AnyCapability {
  return defineCapability({
    id: 'noise',
    version: 1,
    title: 'Noise',
    summary: '',
    scales: ['meso'],
    inputs: { volume: 'volume.*', labels: 'labelmap.bone?' },
    params: { gain: { type: 'number', label: 'Gain', unit: '1', min: 0, max: 2, default: 1 } },
    outputs: {},
    features: [definition],
    run: (ctx) => ({ outputs: {}, features: [feature(ctx.rng)] }),
  }) as AnyCapability;
}

const hooks = (signal = new AbortController().signal) => ({ signal, progress: () => undefined, log: () => undefined });
const inputs = { volume: [{ kind: 'volume.ct' as const, payload: volume }] };

describe('executeCapability', () => {
  it('repeats chance from the seed', async () => {
    const run = (seed: number) =>
      executeCapability(
        capability((rng) => ({ ...good, value: rng() })),
        inputs,
        {},
        seed,
        hooks(),
      ).then((result) => result.features[0].value);
    expect(await run(5)).toBe(await run(5));
    expect(await run(5)).not.toBe(await run(6));
  });

  it.each<[string, Partial<FeatureDraft>]>([
    ['without evidence', { evidence: [] }],
    ['with another unit', { unit: 'mm' }],
    ['with an unexplained gap', { value: null }],
    ['that is not a number', { value: Number.NaN }],
    ['of no dictionary', { definition: 'noise.other' }],
    ['with doubt unexplained', { uncertainty: { kind: 'unknown', reason: '' } }],
  ])('refuses a feature %s', async (_, change) => {
    await expect(
      executeCapability(
        capability(() => ({ ...good, ...change })),
        inputs,
        {},
        0,
        hooks(),
      ),
    ).rejects.toMatchObject({ tag: 'ArgumentError' });
  });

  it('says what is missing and what does not fit', async () => {
    await expect(
      executeCapability(
        capability(() => good),
        {},
        {},
        0,
        hooks(),
      ),
    ).rejects.toMatchObject({ code: 'input.missing', hint: expect.stringContaining('--in volume=FILE') });
    await expect(
      executeCapability(
        capability(() => good),
        { volume: [{ kind: 'labelmap.bone', payload: {} as never }] },
        {},
        0,
        hooks(),
      ),
    ).rejects.toMatchObject({ code: 'input.missing' });
    await expect(
      executeCapability(
        capability(() => good),
        { ...inputs, other: [] },
        {},
        0,
        hooks(),
      ),
    ).rejects.toThrow('one of volume, labels');
  });

  it('checks parameters by range and name', async () => {
    await expect(
      executeCapability(
        capability(() => good),
        inputs,
        { gain: 3 },
        0,
        hooks(),
      ),
    ).rejects.toThrow('a number from 0 to 2');
    await expect(
      executeCapability(
        capability(() => good),
        inputs,
        { volume: 3 },
        0,
        hooks(),
      ),
    ).rejects.toThrow('one of gain');
    expect(
      (
        await executeCapability(
          capability(() => good),
          inputs,
          { gain: '0.5' },
          0,
          hooks(),
        )
      ).params,
    ).toEqual({ gain: 0.5 });
  });

  it('stops before it starts when cancelled', async () => {
    await expect(
      executeCapability(
        capability(() => good),
        inputs,
        {},
        0,
        hooks(AbortSignal.abort()),
      ),
    ).rejects.toThrow();
  });
});
