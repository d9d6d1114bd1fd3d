/**
 * Surface extraction: one watertight surface for each labelled vertebra and the sacrum.
 *
 * Method: see `vertebra-surface.ts`. Complexity: O(sum of the labels' boxes).
 */

import { labelStatistics, vertexNormals } from '../../kernel/index.ts';
import {
  type ArtifactDraft,
  type CapabilityResult,
  defineCapability,
  type FeatureDraft,
  type LabelEntry,
  MsdtError,
  type QualityFlag,
} from '../../model/index.ts';
import { SURFACE_FEATURES, VOLUME_CHANGE } from './features.ts';
import { extractVertebra, type VertebraSurface } from './vertebra-surface.ts';

/** Surface extraction. */
export const surfaceExtraction = defineCapability({
  id: 'surface-extraction',
  version: 1,
  title: 'Vertebra surfaces',
  summary: 'Turns each labelled vertebra and the sacrum into a smooth watertight surface of the same volume.',
  scales: ['meso'],
  inputs: { vertebrae: 'labelmap.vertebrae' },
  params: {
    smoothing: {
      type: 'number',
      label: 'Smoothing steps',
      unit: '{count}',
      min: 0,
      max: 60,
      step: 1,
      default: 20,
      help: 'Takes the voxel steps off; the volume is kept whatever the number.',
    },
    triangles: {
      type: 'number',
      label: 'Triangles of a vertebra',
      unit: '{count}',
      min: 500,
      max: 200_000,
      step: 500,
      default: 12_000,
    },
  },
  outputs: { surfaces: 'mesh.vertebra[]' },
  features: SURFACE_FEATURES,
  async run(ctx, inputs, params): Promise<CapabilityResult> {
    const map = inputs.vertebrae.payload;
    const wanted = map.labels.filter(({ level, structure }) => level !== undefined || structure === 'sacrum');
    const found = labelStatistics(
      map.data,
      map.size,
      wanted.map(({ value }) => value),
    );
    if (found.length === 0) throw noVertebrae(inputs.vertebrae.name);
    const drafts: ArtifactDraft<'mesh.vertebra'>[] = [];
    const features: FeatureDraft[] = [];
    for (const [index, { value, bounds }] of found.entries()) {
      const entry = wanted.find((label) => label.value === value)!;
      ctx.progress(index / found.length, `Drawing ${nameOf(entry)}`);
      ctx.signal.throwIfAborted();
      const made = await extractVertebra(map, value, bounds, {
        smoothing: Math.round(params.smoothing),
        triangles: params.triangles,
      });
      if (!made) continue;
      features.push(changeFeature(entry, made, drafts.length));
      drafts.push(draftOf(entry, made));
    }
    return { outputs: { surfaces: drafts }, features };
  },
});

function nameOf(entry: LabelEntry): string {
  return entry.structure === 'sacrum' ? 'Sacrum' : (entry.level ?? entry.name);
}

function draftOf(entry: LabelEntry, made: VertebraSurface): ArtifactDraft<'mesh.vertebra'> {
  const { surface } = made;
  const name = nameOf(entry);
  return {
    kind: 'mesh.vertebra',
    name,
    level: entry.level,
    payload: {
      positions: surface.positions,
      triangles: surface.triangles,
      frame: 'patient',
      normals: vertexNormals(surface),
      vertexData: { cut: made.cut },
      color: entry.color ?? [222, 205, 170],
      name,
      level: entry.level,
    },
    quality: flagsOf(name, made),
  };
}

function changeOf({ surfaceMm3, labelMm3 }: VertebraSurface): number {
  return 100 * (surfaceMm3 / labelMm3 - 1);
}

function changeFeature(entry: LabelEntry, made: VertebraSurface, index: number): FeatureDraft {
  return {
    definition: VOLUME_CHANGE.id,
    level: entry.structure === 'sacrum' ? 'sacrum' : (entry.level ?? entry.name),
    value: changeOf(made),
    unit: '%',
    uncertainty: { kind: 'exact', method: 'both volumes are computed' },
    quality: 1,
    method: 'surface-extraction',
    evidence: [{ role: { output: 'surfaces', index }, locator: { level: entry.level } }],
  };
}

function flagsOf(name: string, made: VertebraSurface): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const add = (code: string, severity: QualityFlag['severity'], message: string) =>
    flags.push({ code, severity, where: name, message });
  if (!made.closed) add('surface.not-closed', 'fault', `The surface of ${name} is not watertight.`);
  if (Math.abs(changeOf(made)) > 1) {
    add(
      'surface.volume',
      'doubt',
      `The surface of ${name} has ${changeOf(made).toFixed(1)} % more volume than its label.`,
    );
  }
  if (made.strayShare > 0.01) {
    add(
      'surface.pieces',
      'info',
      `${(100 * made.strayShare).toFixed(0)} % of ${name}'s label lies in separate pieces and was left out.`,
    );
  }
  if (made.cut.some((value) => value === 1))
    add('surface.cut', 'info', `${name} is cut off by the border of the image.`);
  return flags;
}

function noVertebrae(name: string | undefined): MsdtError {
  return new MsdtError('input.empty', 'The label map holds no vertebra', {
    where: { file: name },
    detail: 'no label has a level',
    hint: 'Import the labels first, so that each gets its level.',
  });
}
