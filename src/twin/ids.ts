/** Ids that follow from content: the same work on the same inputs carries the same id, on every machine. */

import type { AcquisitionFile, ParamValues } from '../model/index.ts';
import { hashOf } from './canonical.ts';

/** Capability id under which readers put what they made. */
export const IMPORT = 'import';

/** What decides the result of a run. */
export interface RunIdentity {
  /** capability id, or `import` */
  capability: string;
  version: number;
  /** complete: defaults filled in */
  params: ParamValues;
  /** input role → artifact ids, or sha256 of the imported files; order matters */
  inputs: Record<string, readonly string[]>;
  /** sha256 of model weights, where a model is used */
  weights?: string;
}

/** Key of a run: equal keys mean equal results, so a second run is a cache hit. */
export function runKey({ capability, version, params, inputs, weights }: RunIdentity): string {
  return hashOf({ run: { capability, version, params, inputs, weights } });
}

/**
 * Id of one product of a run.
 * @param product.role  - output role of the capability
 * @param product.index - place in a list output, 0 otherwise
 */
export function artifactId(product: RunIdentity & { role: string; index: number }): string {
  return artifactIdOf(runKey(product), product.role, product.index);
}

/** `artifactId` when the run's key is already known. */
export function artifactIdOf(key: string, role: string, index: number): string {
  return hashOf({ artifact: { run: key, role, index } });
}

/** Seed of a run's random numbers: 32 bits of its key, so chance is as repeatable as the rest. */
export function seedOfRun(key: string): number {
  return Number.parseInt(key.slice(0, 8), 16);
}

/** Id of an acquisition: its modality and the content of its files, whatever their names and order. */
export function acquisitionId(modality: string, files: readonly Pick<AcquisitionFile, 'sha256'>[]): string {
  return hashOf({ acquisition: { modality, files: files.map((file) => file.sha256).sort() } });
}

/** Id of a feature: its run and its place in the run's list. */
export function featureRecordId(key: string, index: number): string {
  return hashOf({ feature: { run: key, index } });
}
