/** One capability run or import as the twin records it, and how it is assembled from what the capability returned. */

import {
  type Acquisition,
  ArgumentError,
  type Artifact,
  type ArtifactKind,
  assertFeature,
  type BlobRef,
  type Evidence,
  type EvidenceDraft,
  type Feature,
  type FeatureDefinition,
  type FeatureDraft,
  type ParamValues,
  type Provenance,
  type QualityFlag,
  type Unit,
} from '../model/index.ts';
import { artifactIdOf, featureRecordId, IMPORT, runKey, seedOfRun } from './ids.ts';
import { startOfTime } from './time.ts';

/** An artifact with its place in the run that made it. */
export interface StoredArtifact extends Artifact {
  /** key of the run that made it */
  run: string;
  /** output role of the capability */
  role: string;
  /** place in a list output, 0 otherwise */
  index: number;
  /** every acquisition it descends from, the primary first */
  acquisitions: string[];
  /** key of the coordinate system it lies in */
  frameOfReference?: string;
}

/** A feature before the twin has learnt of it. */
export type NewFeature = Omit<Feature, 'knownAt'>;

/** The whole result of one capability run or import, ready to be written at once. */
export interface RunRecord {
  key: string;
  /** place in the twin: a newer run in the same slot supersedes the older one as a whole */
  slot: string;
  provenance: Provenance;
  /** acquisitions it descends from */
  acquisitions: string[];
  /** doubts about the run as a whole */
  quality: QualityFlag[];
  artifacts: StoredArtifact[];
  features: NewFeature[];
  /** ids of artifacts of other runs that this one stands in for while it is current (a corrected label map) */
  replaces: string[];
}

/** A run as it lies in the twin. */
export interface StoredRun extends Omit<RunRecord, 'features'> {
  features: Feature[];
  knownAt: string;
  /** true while the run stands in its slot */
  current: boolean;
}

/** One output, its payload already encoded into blobs. */
export interface RunOutput {
  role: string;
  index: number;
  kind: ArtifactKind;
  name: string;
  level?: string;
  side?: 'left' | 'right';
  unit?: Unit;
  quality?: QualityFlag[];
  blobs: BlobRef[];
  summary: Record<string, number | string | boolean>;
}

/** What both kinds of run say about themselves. */
export interface RunInit {
  version: number;
  params: ParamValues;
  software: string;
  startedAt: string;
  durationMs: number;
  outputs: readonly RunOutput[];
  quality?: readonly QualityFlag[];
  weights?: string;
  /** set where a hand was involved */
  user?: string;
  replaces?: readonly string[];
}

export interface CapabilityRunInit extends RunInit {
  capability: string;
  /** place in the twin, as the planner names it */
  slot: string;
  inputs: Record<string, readonly StoredArtifact[]>;
  features: readonly FeatureDraft[];
  /** the capability's own dictionary */
  definitions: readonly FeatureDefinition[];
}

/**
 * Assembles the record of a capability run: ids, provenance, what is inherited from the inputs, evidence by artifact.
 * @throws ArgumentError a feature without definition, unit, evidence, doubt or posture; a role that is not there
 */
export function assembleRun(init: CapabilityRunInit): RunRecord {
  const inputs = Object.fromEntries(
    Object.entries(init.inputs).map(([role, artifacts]) => [role, artifacts.map((artifact) => artifact.id)]),
  );
  const key = runKey({ ...init, inputs });
  const sources = Object.values(init.inputs).flat();
  const context = inherit(sources);
  const provenance = provenanceOf(init.capability, key, inputs, init);
  const artifacts = init.outputs.map((output) => artifactOf(output, key, provenance, context));
  const dictionary = new Map(init.definitions.map((definition) => [definition.id, definition]));
  const features = init.features.map((draft, index): NewFeature => {
    assertFeature(draft, dictionary.get(draft.definition));
    const evidence = draft.evidence.map((item) => resolveEvidence(item, init.inputs, artifacts));
    return {
      ...draft,
      id: featureRecordId(key, index),
      run: key,
      capability: init.capability,
      version: init.version,
      validAt: context.takenAt,
      evidence,
      synthetic: context.synthetic,
    };
  });
  return record(key, init.slot, provenance, context.acquisitions, artifacts, features, init);
}

/**
 * Assembles the record of an import: what a reader made of the files of one acquisition.
 * @param acquisition - already added to the twin, or about to be
 */
export function assembleImport(acquisition: Acquisition, init: RunInit): RunRecord {
  const inputs = { files: acquisition.files.map((file) => file.sha256).sort() };
  const key = runKey({ ...init, capability: IMPORT, inputs });
  const { takenAt, posture, synthetic, frameOfReference } = acquisition;
  const context = { acquisitions: [acquisition.id], takenAt, posture, synthetic, frameOfReference };
  const provenance = provenanceOf(IMPORT, key, inputs, init);
  const artifacts = init.outputs.map((output) => artifactOf(output, key, provenance, context));
  return record(key, importSlot(acquisition.id), provenance, context.acquisitions, artifacts, [], init);
}

/** Slot of what was read from an acquisition. */
function importSlot(acquisition: string): string {
  return `${IMPORT}|${acquisition}`;
}

type Context = Pick<StoredArtifact, 'acquisitions' | 'takenAt' | 'posture' | 'synthetic' | 'frameOfReference'>;

/** What a product takes over from its inputs: the latest valid time; posture and frame only where all agree. */
function inherit(sources: readonly StoredArtifact[]): Context {
  const times = sources.flatMap((source) => source.takenAt ?? []);
  return {
    acquisitions: [...new Set(sources.flatMap((source) => source.acquisitions))],
    takenAt: times.sort((a, b) => startOfTime(a) - startOfTime(b)).at(-1),
    posture: agreed(sources.map((source) => source.posture)),
    frameOfReference: agreed(sources.map((source) => source.frameOfReference)),
    synthetic: sources.some((source) => source.synthetic),
  };
}

function agreed<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

function provenanceOf(
  capability: string,
  key: string,
  inputs: Record<string, readonly string[]>,
  init: RunInit,
): Provenance {
  const { version, params, software, weights, startedAt, durationMs, user } = init;
  const copied = Object.fromEntries(Object.entries(inputs).map(([role, ids]) => [role, [...ids]]));
  const seed = seedOfRun(key);
  return { capability, version, params, inputs: copied, software, seed, weights, startedAt, durationMs, user };
}

function artifactOf(output: RunOutput, key: string, provenance: Provenance, context: Context): StoredArtifact {
  const { role, index, kind, name, unit, level, side, blobs, summary } = output;
  return {
    id: artifactIdOf(key, role, index),
    kind,
    name,
    unit,
    level,
    side,
    acquisition: context.acquisitions[0],
    posture: context.posture,
    takenAt: context.takenAt,
    synthetic: context.synthetic,
    quality: output.quality ?? [],
    provenance,
    blobs,
    summary,
    run: key,
    role,
    index,
    acquisitions: context.acquisitions,
    frameOfReference: context.frameOfReference,
  };
}

function resolveEvidence(
  draft: EvidenceDraft,
  inputs: Record<string, readonly StoredArtifact[]>,
  outputs: readonly StoredArtifact[],
): Evidence {
  const { role, locator } = draft;
  const found =
    'input' in role
      ? inputs[role.input]?.[role.index ?? 0]
      : outputs.find((output) => output.role === role.output && output.index === (role.index ?? 0));
  if (!found)
    throw new ArgumentError('feature.evidence', JSON.stringify(role), 'a role among the inputs or outputs of the run');
  return { artifact: found.id, locator };
}

function record(
  key: string,
  slot: string,
  provenance: Provenance,
  acquisitions: string[],
  artifacts: StoredArtifact[],
  features: NewFeature[],
  init: RunInit,
): RunRecord {
  const { quality = [], replaces = [] } = init;
  return { key, slot, provenance, acquisitions, artifacts, features, quality: [...quality], replaces: [...replaces] };
}
