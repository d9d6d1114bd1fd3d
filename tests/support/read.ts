/** Real volumes and label maps, through the product's own readers, and capabilities run on them as the runtime runs them. */

import { readFileSync } from 'node:fs';
import { dicom } from '../../src/formats/dicom/index.ts';
import { nifti } from '../../src/formats/nifti/index.ts';
import { openZip } from '../../src/formats/zip/index.ts';
import type { AnyCapability, ArtifactDraft, ArtifactValue, ParamValues } from '../../src/model/index.ts';
import { type ExecuteResult, executeCapability } from '../../src/runtime/index.ts';
import { dataPath } from './data-root.ts';
import { memoryFile } from './formats/formats.ts';

/** First artifact of a NIfTI file of the real data. */
export async function readNiftiArtifact(...parts: string[]): Promise<ArtifactValue> {
  const bytes = new Uint8Array(readFileSync(dataPath(...parts)));
  const report = await nifti.read([memoryFile(parts[parts.length - 1], bytes)]);
  if (report.errors.length > 0) throw report.errors[0].error;
  return report.items[0].artifacts[0];
}

/** The volume of a zipped DICOM series of the real data. */
export async function readZippedSeries(...parts: string[]): Promise<ArtifactValue> {
  const bytes = new Uint8Array(readFileSync(dataPath(...parts)));
  const { items, errors } = await dicom.read(await openZip(memoryFile(parts[parts.length - 1], bytes)));
  if (errors.length > 0) throw errors[0].error;
  return items[0].artifacts[0];
}

/** Runs a capability with its defaults, or the parameters given. */
export function runCapability(
  capability: AnyCapability,
  inputs: Record<string, ArtifactValue[]>,
  params: ParamValues = {},
): Promise<ExecuteResult> {
  const hooks = { signal: new AbortController().signal, progress() {}, log() {} };
  return executeCapability(capability, inputs, params, 1, hooks);
}

/** Drafts of one output role. */
export function outputsOf(result: ExecuteResult, role: string): ArtifactDraft[] {
  return result.outputs.filter((output) => output.role === role).map(({ draft }) => draft);
}
