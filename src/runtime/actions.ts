/** Actions on a twin that more than one face offers. */

import { type Artifact, MsdtError } from '../model/index.ts';
import type { Job } from '../twin/index.ts';
import { loadAll } from './catalogue-types.ts';
import type { Engine, EngineParts } from './engine.ts';
import { createPayloadCache } from './workers/payloads.ts';

const LABEL_IMPORT = 'label-import';

/**
 * Shifts all vertebral labels; everything derived follows, because the shift is a parameter of the run that made the labels.
 * @param by - levels; positive is caudal
 * @throws MsdtError `store.not-found` the artifact is not a current label map made by label import
 */
export async function shiftLabels(engine: Engine, twin: string, artifactId: string, by: number): Promise<Job> {
  const { state } = await engine.view(twin);
  const artifact = state.artifacts.find((candidate) => candidate.id === artifactId);
  if (!artifact || artifact.provenance.capability !== LABEL_IMPORT) {
    throw new MsdtError('store.not-found', 'These labels cannot be shifted', {
      detail: artifact?.name,
      hint: 'Choose the vertebra labels that stand in the twin now.',
    });
  }
  const { params, inputs } = artifact.provenance;
  return engine.run(twin, {
    capability: LABEL_IMPORT,
    inputs,
    params: { ...params, shift: Number(params.shift ?? 0) + by },
  });
}

/**
 * An artifact as one file of a chosen format.
 * @param format - id of a format, e.g. `stl`; empty for the form it is stored in
 * @throws MsdtError `file.unsupported` the format cannot hold this kind
 */
export async function exportArtifact(
  parts: Pick<EngineParts, 'store' | 'catalogue'>,
  artifact: Artifact,
  format: string,
): Promise<{ name: string; bytes: Uint8Array; mediaType: string }> {
  const stored = artifact.blobs.find((blob) => !format || blob.name.endsWith(`.${format}`));
  if (stored)
    return { name: stored.name, mediaType: stored.mediaType, bytes: await parts.store.blobs.read(stored.sha256) };
  const formats = await loadAll(parts.catalogue.formats);
  const writer = formats.find(
    (candidate) => candidate.id === format && candidate.write && candidate.writes.includes(artifact.kind),
  );
  if (!writer?.write) {
    const able = formats
      .filter((candidate) => candidate.write && candidate.writes.includes(artifact.kind))
      .map((candidate) => candidate.id);
    throw new MsdtError('file.unsupported', `${artifact.name} cannot be written as "${format}"`, {
      hint: `It can be written as ${able.join(', ')}.`,
    });
  }
  const payload = await createPayloadCache(parts.store.blobDir).load(artifact);
  const [file] = await writer.write({ kind: artifact.kind, payload, name: artifact.name } as Parameters<
    NonNullable<typeof writer.write>
  >[0]);
  return file;
}
