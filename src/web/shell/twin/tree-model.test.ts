import { describe, expect, it } from 'vitest';
import type { TwinView, WireArtifact } from '../../../contract/index.ts';
import { buildTree, stateOfArtifact } from './tree-model.ts';

function artifact(kind: string, name: string, more: Partial<WireArtifact> = {}): WireArtifact {
  const provenance = {
    capability: 'spine-geometry',
    version: 1,
    params: {},
    inputs: {},
    software: '',
    seed: 0,
    startedAt: '',
    durationMs: 0,
  };
  return {
    id: `${kind}${name}`,
    kind,
    name,
    synthetic: false,
    quality: [],
    provenance,
    blobs: [],
    summary: {},
    ...more,
  };
}

const view: TwinView = {
  twin: { id: 't', alias: 'P-1', createdAt: '', synthetic: false },
  asOf: {},
  snapshots: [],
  acquisitions: [
    {
      id: 'a',
      modality: 'ct',
      scales: ['meso', 'macro'],
      posture: 'supine',
      knownAt: '',
      files: [],
      quality: [],
      synthetic: false,
      metadata: {},
    },
  ],
  artifacts: [
    artifact('mesh.vertebra', 'L4', { quality: [{ code: 'x', severity: 'doubt', message: '' }] }),
    artifact('mesh.vertebra', 'L5'),
    artifact('mesh.skin', 'Skin'),
  ],
  features: [],
  plan: [{ capability: 'spine-geometry', state: 'fresh', reason: '' }],
  quality: [],
};

describe('the tree', () => {
  it('has all four scales, empty ones too', () => {
    expect(buildTree(view, undefined).map(({ scale }) => scale)).toEqual(['macro', 'meso', 'micro', 'nano']);
  });

  it('gathers artifacts of a kind, and carries the worst of their states up', () => {
    const [macro, meso] = buildTree(view, undefined);
    expect(macro.groups.map(({ name }) => name)).toEqual(['Skin']);
    expect(meso.groups).toHaveLength(1);
    expect(meso.groups[0]).toMatchObject({ name: 'Vertebrae', state: 'doubt' });
    expect(meso.acquisitions).toHaveLength(1);
  });

  it('shows what runs before what is doubtful', () => {
    const plan: TwinView['plan'] = [{ capability: 'spine-geometry', state: 'running', reason: '' }];
    expect(stateOfArtifact(view.artifacts[0], plan)).toBe('running');
    expect(stateOfArtifact(view.artifacts[1], [{ ...plan[0], state: 'stale' }])).toBe('stale');
  });
});
