import { describe, expect, it } from 'vitest';
import type { Acquisition, FeatureDefinition, FeatureDraft } from '../model/index.ts';
import { assertRun } from './check.ts';
import { assembleImport, assembleRun, type CapabilityRunInit, type RunOutput, type RunRecord } from './run.ts';

const BLOB = { name: 'ct.nii', sha256: 'ab'.repeat(32), bytes: 352, mediaType: 'application/octet-stream' };
const ABOUT = { version: 1, params: {}, software: 'msdt 0.1.0', startedAt: '2026-03-02T10:00:00.000Z', durationMs: 5 };
const HEIGHT: FeatureDefinition = {
  id: 'disc.height',
  name: 'Disc height',
  unit: 'mm',
  scale: 'meso',
  definition: 'd',
  source: 's',
};

function output(role: string, kind: RunOutput['kind'], index = 0): RunOutput {
  return { role, index, kind, name: role, blobs: [BLOB], summary: {} };
}

function imported(id: string, more: Partial<Acquisition> = {}): RunRecord {
  const acquisition: Acquisition = {
    id,
    modality: 'ct',
    scales: ['meso'],
    posture: 'supine',
    takenAt: '2026-03-01',
    knownAt: '2026-03-02T10:00:00.000Z',
    frameOfReference: '1.2.3',
    files: [{ name: 'a.dcm', sha256: 'cd'.repeat(32), bytes: 1 }],
    quality: [],
    synthetic: false,
    metadata: {},
    ...more,
  };
  return assembleImport(acquisition, { ...ABOUT, outputs: [output('items', 'volume.ct')] });
}

function draft(more: Partial<FeatureDraft> = {}): FeatureDraft {
  return {
    definition: 'disc.height',
    level: 'L4-L5',
    value: 9.5,
    unit: 'mm',
    uncertainty: { kind: 'interval', low: 9, high: 10, sd: 0.3, method: 'boundary' },
    quality: 0.9,
    method: 'mid-plane distance',
    evidence: [{ role: { output: 'space' }, locator: { level: 'L4-L5' } }],
    ...more,
  };
}

function measured(more: Partial<CapabilityRunInit> = {}): RunRecord {
  return assembleRun({
    ...ABOUT,
    capability: 'heights',
    slot: 'heights|a1',
    inputs: { volume: imported('a1').artifacts },
    outputs: [output('space', 'mesh.intervertebral-space')],
    features: [draft()],
    definitions: [HEIGHT],
    ...more,
  });
}

describe('assembleRun', () => {
  it('gives ids, provenance and what is inherited from the inputs', () => {
    const run = measured();
    const [space] = run.artifacts;
    expect(space).toMatchObject({
      run: run.key,
      acquisition: 'a1',
      posture: 'supine',
      takenAt: '2026-03-01',
      synthetic: false,
      frameOfReference: '1.2.3',
      provenance: { capability: 'heights', inputs: { volume: [imported('a1').artifacts[0].id] } },
    });
    expect(run.features[0]).toMatchObject({
      run: run.key,
      validAt: '2026-03-01',
      evidence: [{ artifact: space.id, locator: { level: 'L4-L5' } }],
    });
    expect(() => assertRun(run)).not.toThrow();
    expect(measured()).toEqual(run);
  });

  it('says unknown where inputs disagree, and takes the latest of their dates', () => {
    const standing = imported('a2', {
      posture: 'standing',
      takenAt: '2026-05-01',
      frameOfReference: '9',
      synthetic: true,
      modality: 'mr',
    });
    const run = measured({ inputs: { volume: imported('a1').artifacts, other: standing.artifacts } });
    expect(run.artifacts[0]).toMatchObject({
      posture: undefined,
      frameOfReference: undefined,
      takenAt: '2026-05-01',
      synthetic: true,
    });
    expect(run.acquisitions).toEqual(['a1', 'a2']);
  });

  it('leads back to the one of several inputs that a number was taken from', () => {
    const both = [...imported('a1').artifacts, ...imported('a2').artifacts];
    const from = (index?: number) => ({ evidence: [{ role: { input: 'volume', index }, locator: {} }] });
    const run = measured({ inputs: { volume: both }, features: [draft(from(1)), draft(from())] });
    expect(run.features.map(({ evidence }) => evidence[0].artifact)).toEqual([both[1].id, both[0].id]);
  });

  it.each<[string, Partial<FeatureDraft>]>([
    ['no evidence', { evidence: [] }],
    ['evidence from nowhere', { evidence: [{ role: { output: 'space', index: 3 }, locator: {} }] }],
    ['evidence from an input too many', { evidence: [{ role: { input: 'volume', index: 1 }, locator: {} }] }],
    ['evidence from no input', { evidence: [{ role: { input: 'nothing' }, locator: {} }] }],
    ['another unit', { unit: 'deg' }],
    ['a silent gap', { value: null }],
    ['not a number', { value: Number.NaN }],
    ['doubt without a reason', { uncertainty: { kind: 'unknown', reason: '' } }],
    ['no definition', { definition: 'disc.colour' }],
  ])('refuses a feature with %s', (_, wrong) => {
    expect(() => measured({ features: [draft(wrong)] })).toThrow(/got .* expected/);
  });
});

describe('assertRun', () => {
  const wrong: [string, (run: RunRecord) => void][] = [
    ['a key that does not follow from the provenance', (run) => (run.provenance.version = 2)],
    ['a foreign artifact id', (run) => (run.artifacts[0].id = 'f'.repeat(64))],
    ['an artifact without a file', (run) => (run.artifacts[0].blobs = [])],
    ['a hash that climbs', (run) => (run.artifacts[0].blobs = [{ ...BLOB, sha256: '../../etc/passwd' }])],
    ['two artifacts in one place', (run) => run.artifacts.push(run.artifacts[0])],
    ['a feature without evidence', (run) => (run.features[0].evidence = [])],
    [
      'an interval upside down',
      (run) => (run.features[0].uncertainty = { kind: 'interval', low: 2, high: 1, sd: 1, method: 'x' }),
    ],
    ['a quality past 1', (run) => (run.features[0].quality = 1.5)],
    ['a unit nobody knows', (run) => (run.features[0].unit = 'furlong' as 'mm')],
    ['no slot', (run) => (run.slot = '')],
  ];
  it.each(wrong)('refuses %s', (_, spoil) => {
    const run = structuredClone(measured());
    expect(() => assertRun(run)).not.toThrow();
    spoil(run);
    expect(() => assertRun(run)).toThrow(/got .* expected/);
  });
});
