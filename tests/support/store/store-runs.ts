/** Small runs for tests of the store: real ids, real blobs, features with evidence. */

import type { ArtifactKind, FeatureDefinition } from '../../../src/model/index.ts';
import type { Store } from '../../../src/store/index.ts';
import {
  assembleImport,
  assembleRun,
  type BlobStore,
  type RunOutput,
  type RunRecord,
  type StoredAcquisition,
  type StoredArtifact,
} from '../../../src/twin/index.ts';

const HEIGHT: FeatureDefinition = {
  id: 'disc.heightMiddle',
  name: 'Disc height',
  unit: 'mm',
  scale: 'meso',
  definition: 'Distance of two endplates at their middle',
  source: 'test',
};

const ABOUT = { software: 'msdt test', startedAt: '2026-03-02T10:00:00.000Z', durationMs: 12, version: 1 };

export async function putText(blobs: BlobStore, name: string, text: string): Promise<RunOutput['blobs'][number]> {
  const stored = await blobs.put(new TextEncoder().encode(text));
  return { name, mediaType: 'text/plain', ...stored };
}

export interface AcquisitionOptions {
  text?: string;
  takenAt?: string;
  name?: string;
  modality?: string;
  synthetic?: boolean;
}

/** An acquisition of one small file. */
export async function addScan(
  store: Store,
  twin: string,
  options: AcquisitionOptions = {},
): Promise<StoredAcquisition> {
  const { text = 'scan', takenAt = '2026-03-01T08:00:00Z', name = 'DOE^JANE/IM0001.dcm', modality = 'ct' } = options;
  const blob = await putText(store.blobs, name, text);
  return store.twins.addAcquisition(twin, {
    modality,
    scales: ['meso'],
    posture: 'supine',
    region: 'lumbar',
    takenAt,
    frameOfReference: '1.2.3',
    files: [blob].map(({ sha256, bytes }) => ({ name, sha256, bytes })),
    quality: [{ code: 'dicom.missing-slice', severity: 'doubt', message: 'A slice is missing.' }],
    synthetic: options.synthetic ?? false,
    metadata: { kVp: 120 },
  });
}

/** What a reader made of it. */
export async function importOf(store: Store, acquisition: StoredAcquisition, text = 'volume'): Promise<RunRecord> {
  const outputs = [await output(store.blobs, 'volume.ct', 'read', 0, 'ct.nii', text)];
  return assembleImport(acquisition, { ...ABOUT, params: {}, outputs });
}

export interface MeasureOptions {
  levels?: string[];
  params?: Record<string, number>;
  slot?: string;
  capability?: string;
  replaces?: string[];
  value?: number;
}

/** A capability run on one artifact: a mesh and a height per level. */
export async function measureOf(store: Store, input: StoredArtifact, options: MeasureOptions = {}): Promise<RunRecord> {
  const { levels = ['L3-L4', 'L4-L5'], params = { smoothing: 1 }, capability = 'spine-geometry', value = 9 } = options;
  const outputs = await Promise.all(
    levels.map(async (level, index) => ({
      ...(await output(
        store.blobs,
        'mesh.intervertebral-space',
        'spaces',
        index,
        `${level}.glb`,
        `${level} ${JSON.stringify(params)}`,
      )),
      level,
    })),
  );
  return assembleRun({
    ...ABOUT,
    capability,
    params,
    slot: options.slot ?? `${capability}|${input.acquisition}`,
    inputs: { volume: [input] },
    outputs,
    features: levels.map((level, index) => ({
      definition: HEIGHT.id,
      level,
      value: value + index,
      unit: 'mm',
      uncertainty: {
        kind: 'interval',
        low: value + index - 0.5,
        high: value + index + 0.5,
        sd: 0.3,
        method: 'voxel size',
      },
      quality: 0.9,
      method: 'endplate distance',
      evidence: [
        { role: { output: 'spaces', index }, locator: { level } },
        { role: { input: 'volume' }, locator: { xyz: [1, 2, 3] } },
      ],
    })),
    definitions: [HEIGHT],
    replaces: options.replaces,
  });
}

async function output(
  blobs: BlobStore,
  kind: ArtifactKind,
  role: string,
  index: number,
  name: string,
  text: string,
): Promise<RunOutput> {
  const stored = await Promise.all([
    putText(blobs, name, text),
    putText(blobs, name.replace(/\.\w+$/, '.json'), `{"of":"${text}"}`),
  ]);
  return { role, index, kind, name: kind, blobs: stored, summary: { bytes: text.length } };
}
