import { describe, expect, it } from 'vitest';
import {
  type Acquisition,
  type AnyCapability,
  type Artifact,
  type ArtifactKind,
  defineCapability,
} from '../../model/index.ts';
import { inBuildOrder, type PlanWorld, planRuns, unfed } from './planner.ts';

const empty = () => ({ outputs: {}, features: [] });
const labels = defineCapability({
  id: 'labels',
  version: 1,
  title: 'Labels',
  summary: '',
  scales: ['meso'],
  features: [],
  inputs: { sources: 'labelmap.source[]' },
  params: { shift: { type: 'number', label: 'Shift', unit: '1', min: -3, max: 3, default: 0 } },
  outputs: { vertebrae: 'labelmap.vertebrae?' },
  run: empty,
}) as AnyCapability;
const geometry = defineCapability({
  id: 'geometry',
  version: 1,
  title: 'Geometry',
  summary: '',
  scales: ['meso'],
  features: [],
  inputs: { vertebrae: 'labelmap.vertebrae', volume: 'volume.*?' },
  params: {},
  outputs: { curve: 'curve.spine' },
  run: empty,
}) as AnyCapability;
const skin = defineCapability({
  id: 'skin',
  version: 1,
  title: 'Skin',
  summary: '',
  scales: ['macro'],
  features: [],
  inputs: { volume: 'volume.*' },
  params: {},
  outputs: { mesh: 'mesh.skin' },
  run: empty,
}) as AnyCapability;

const acquisition = (id: string, frame: string): Acquisition => ({
  id,
  modality: 'ct',
  scales: ['meso'],
  posture: 'supine',
  knownAt: '2026-01-01',
  frameOfReference: frame,
  files: [],
  quality: [],
  synthetic: false,
  metadata: {},
});
const artifact = (id: string, kind: ArtifactKind, of: string, grid = 'g'): Artifact => ({
  id,
  kind,
  name: id,
  acquisition: of,
  synthetic: false,
  quality: [],
  blobs: [],
  summary: { grid },
  provenance: {
    capability: 'import',
    version: 1,
    params: {},
    inputs: {},
    software: 'x',
    seed: 0,
    startedAt: '2026-01-01',
    durationMs: 0,
  },
});
const world = (part: Partial<PlanWorld>): PlanWorld => ({
  capabilities: [geometry, skin, labels],
  acquisitions: [acquisition('a', 'F'), acquisition('b', 'F'), acquisition('c', 'other')],
  artifacts: [],
  active: [],
  keyOf: (run) => JSON.stringify([run.capability, run.version, run.params, run.inputs]),
  ...part,
});

describe('planRuns', () => {
  it('puts makers before takers', () => {
    expect(inBuildOrder([geometry, skin, labels]).map((capability) => capability.id)).toEqual([
      'skin',
      'labels',
      'geometry',
    ]);
  });

  it('says what is missing', () => {
    const { runs, blocked } = planRuns(world({}));
    expect(runs).toEqual([]);
    expect(blocked.find(({ capability }) => capability.id === 'geometry')?.reason).toBe(
      'needs vertebrae (labelmap.vertebrae)',
    );
  });

  it('runs once per volume, and gathers label files of one grid', () => {
    const { runs } = planRuns(
      world({
        artifacts: [
          artifact('v1', 'volume.ct', 'a'),
          artifact('v2', 'volume.ct', 'c'),
          artifact('s1', 'labelmap.source', 'b', 'g1'),
          artifact('s2', 'labelmap.source', 'b', 'g1'),
          artifact('s3', 'labelmap.source', 'b', 'g2'),
        ],
      }),
    );
    expect(runs.filter((run) => run.capability === skin).map((run) => run.inputs.volume)).toEqual([['v1'], ['v2']]);
    expect(runs.filter((run) => run.capability === labels).map((run) => run.inputs.sources)).toEqual([
      ['s1', 's2'],
      ['s3'],
    ]);
  });

  it('takes a second input only from the same frame of reference', () => {
    const at = (volumeOf: string) =>
      planRuns(
        world({ artifacts: [artifact('L', 'labelmap.vertebrae', 'b'), artifact('V', 'volume.ct', volumeOf)] }),
      ).runs.find((run) => run.capability === geometry)?.inputs;
    expect(at('a')).toEqual({ vertebrae: ['L'], volume: ['V'] });
    expect(at('c')).toEqual({ vertebrae: ['L'] });
  });

  it('knows fresh from stale, and keeps the parameters a user chose', () => {
    const artifacts = [artifact('s1', 'labelmap.source', 'b')];
    const first = planRuns(world({ artifacts }), { capability: 'labels', params: { shift: 1 } }).runs[0];
    expect(first).toMatchObject({ state: 'ready', params: { shift: 1 } });
    const active = [{ key: first.key, slot: first.slot, capability: 'labels', params: first.params }];
    expect(planRuns(world({ artifacts, active })).runs[0]).toMatchObject({ state: 'fresh', params: { shift: 1 } });
    const more = [...artifacts, artifact('s2', 'labelmap.source', 'b')];
    const again = planRuns(world({ artifacts: more, active })).runs[0];
    expect(again).toMatchObject({ state: 'stale', slot: first.slot, params: { shift: 1 } });
  });

  it('never feeds a capability what was made from its own results', () => {
    const clean = {
      ...geometry,
      id: 'clean',
      inputs: { map: 'labelmap.vertebrae' },
      outputs: { map: 'labelmap.vertebrae' },
    };
    const made = (id: string, capability: string, from: string): Artifact => {
      const bare = artifact(id, 'labelmap.vertebrae', 'a');
      return { ...bare, provenance: { ...bare.provenance, capability, inputs: { map: [from] } } };
    };
    const artifacts = [
      artifact('v', 'labelmap.vertebrae', 'a'),
      made('w', 'clean', 'v'),
      made('x', 'other', 'w'),
      made('y', 'other', 'v'),
    ];
    const { runs } = planRuns(world({ capabilities: [clean as AnyCapability], artifacts }));
    expect(runs.map(({ inputs }) => inputs.map)).toEqual([['v'], ['y']]);
  });

  it('takes markers that came in, not a path that was computed', () => {
    const angles = { ...skin, id: 'angles', inputs: { recording: 'sequence.points', standing: 'sequence.markers?' } };
    const path = artifact('path', 'sequence.markers', 'a');
    const made = { ...path, provenance: { ...path.provenance, capability: 'video', inputs: { recording: ['m'] } } };
    const artifacts = [artifact('m', 'sequence.markers', 'a'), made];
    const { runs } = planRuns(world({ capabilities: [angles as AnyCapability], artifacts }));
    expect(runs.map(({ inputs }) => inputs)).toEqual([{ recording: ['m'] }]);
  });

  it('breaks a ring of capabilities where one can do without the other', () => {
    const waves = {
      ...skin,
      id: 'waves',
      inputs: { source: 'signal.emg', clocks: 'clocks?' },
      outputs: { measure: 'signal.measure' },
    };
    const clocks = { ...skin, id: 'clocks', inputs: { all: 'signal.measure' }, outputs: { clocks: 'clocks' } };
    const ring = [clocks, waves] as AnyCapability[];
    expect(inBuildOrder(ring).map(({ id }) => id)).toEqual(['waves', 'clocks']);
    const blind = [
      { ...clocks, inputs: { all: 'clocks' }, id: 'a' },
      { ...clocks, id: 'b', inputs: { all: 'clocks' } },
    ];
    expect(unfed(blind as AnyCapability[], (capability) => capability)).toHaveLength(1);
  });
});
