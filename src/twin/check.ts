/** The door of the store: what may be written. What is refused here is a defect of the caller, never the user's data. */

import {
  ARTIFACT_KINDS,
  ArgumentError,
  assertFeature,
  type BlobRef,
  type Evidence,
  type FeatureDefinition,
  type FeatureDraft,
  featureId,
  UNIT_TEXT,
} from '../model/index.ts';
import { artifactIdOf, IMPORT, runKey } from './ids.ts';
import type { NewFeature, RunRecord } from './run.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Checks a run before it is written: ids that follow from content, sound blobs, features that cannot mislead.
 * @throws ArgumentError names the field that is off
 */
export function assertRun(run: RunRecord): void {
  const { capability, version, params, inputs, weights } = run.provenance;
  const key = runKey({ capability, version, params, inputs, weights });
  if (run.key !== key) throw new ArgumentError('run.key', run.key, `${key}, the hash of what the provenance says`);
  if (!run.slot) throw new ArgumentError('run.slot', run.slot, 'a place in the twin');
  if (capability === IMPORT && run.acquisitions.length !== 1)
    throw new ArgumentError('run.acquisitions', run.acquisitions, 'the one acquisition that was read');
  const ids = new Set<string>();
  for (const artifact of run.artifacts) {
    const at = `${artifact.role}[${artifact.index}]`;
    if (artifact.id !== artifactIdOf(key, artifact.role, artifact.index) || artifact.run !== key)
      throw new ArgumentError(`${at}.id`, artifact.id, 'the hash of its run, role and index');
    if (ids.has(artifact.id)) throw new ArgumentError(at, 'two', 'one artifact per role and index');
    ids.add(artifact.id);
    if (!ARTIFACT_KINDS.includes(artifact.kind)) throw new ArgumentError(`${at}.kind`, artifact.kind, 'a known kind');
    if (artifact.blobs.length === 0) throw new ArgumentError(`${at}.blobs`, 'none', 'at least its primary file');
    assertBlobs(at, artifact.blobs);
  }
  for (const feature of run.features) assertStoredFeature(feature, key);
}

/** @throws ArgumentError a hash, size or name that cannot be a blob's */
export function assertBlobs(at: string, blobs: readonly Pick<BlobRef, 'name' | 'sha256' | 'bytes'>[]): void {
  for (const blob of blobs) {
    if (!SHA256.test(blob.sha256)) throw new ArgumentError(`${at}.sha256`, blob.sha256, '64 hexadecimal digits');
    if (!Number.isSafeInteger(blob.bytes) || blob.bytes < 0)
      throw new ArgumentError(`${at}.bytes`, blob.bytes, 'a size');
    if (!blob.name) throw new ArgumentError(`${at}.name`, blob.name, 'a file name');
  }
}

/** The rules of the model on a feature that has lost its definition on the way. */
function assertStoredFeature(feature: NewFeature, key: string): void {
  const id = featureId(feature);
  if (feature.run !== key) throw new ArgumentError(`${id}.run`, feature.run, key);
  if (!feature.definition) throw new ArgumentError('feature.definition', feature.definition, 'an id of the dictionary');
  if (!(feature.unit in UNIT_TEXT)) throw new ArgumentError(`${id}.unit`, feature.unit, 'a UCUM code of the model');
  if (!(feature.quality >= 0 && feature.quality <= 1))
    throw new ArgumentError(`${id}.quality`, feature.quality, '0 to 1');
  if (!feature.uncertainty?.kind)
    throw new ArgumentError(`${id}.uncertainty`, feature.uncertainty, 'an interval, or why not');
  if (feature.uncertainty.kind === 'interval') {
    const { low, high, sd } = feature.uncertainty;
    if (![low, high, sd].every(Number.isFinite) || low > high || sd < 0)
      throw new ArgumentError(`${id}.uncertainty`, `${low} to ${high}, sd ${sd}`, 'low ≤ high and sd ≥ 0, all finite');
  }
  const evidence: readonly Evidence[] = feature.evidence;
  const draft: FeatureDraft = {
    ...feature,
    evidence: evidence.map(({ artifact, locator }) => ({ role: { input: artifact }, locator })),
  };
  const definition = { id: feature.definition, unit: feature.unit } as FeatureDefinition;
  assertFeature(draft, definition);
}
