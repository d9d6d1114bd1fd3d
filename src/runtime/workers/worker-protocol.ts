/** Messages between the process and its worker threads. Payloads never travel: they lie in blobs. */

import type {
  Artifact,
  ArtifactKind,
  BlobRef,
  CohortChoices,
  CohortFigures,
  ErrorRecord,
  FeatureDraft,
  ParamValues,
  Posture,
  QualityFlag,
  Unit,
} from '../../model/index.ts';
import type { GivenWords } from '../names/file-names.ts';

export interface WorkerSettings {
  /** module that exports `catalogue` */
  catalogueUrl: string;
  /** folder of the blob store */
  blobDir: string;
}

/** Runs a capability on stored artifacts. */
export interface RunTask {
  type: 'run';
  capability: string;
  inputs: Record<string, Artifact[]>;
  /** frame of reference per artifact id */
  frames: Record<string, string>;
  params: ParamValues;
  seed: number;
}

/** Reads files into artifacts. */
export interface ReadTask {
  type: 'read';
  /** `name` tells of nobody; `given` is what the user called it */
  files: { name: string; given: string; path: string }[];
  choices: Record<string, string>;
  /** stand-ins in names of files so far */
  words: GivenWords;
}

/** Scores a cohort: learners on a table, or the prior on a generated one. */
export interface CohortTask {
  type: 'cohort';
  work:
    | { kind: 'evaluate'; name: string; csv: string; choices: Omit<CohortChoices, 'onProgress'> }
    | { kind: 'simulate'; patients: number; seed: number };
}

export type WorkerTask = RunTask | ReadTask | CohortTask;

/** An output whose payload has been written and synced as blobs. */
export interface StoredDraft {
  role: string;
  index: number;
  kind: ArtifactKind;
  name: string;
  unit?: Unit;
  level?: string;
  side?: 'left' | 'right';
  quality: QualityFlag[];
  summary: Record<string, number | string | boolean>;
  blobs: BlobRef[];
}

export interface RunTaskResult {
  outputs: StoredDraft[];
  features: FeatureDraft[];
  quality: QualityFlag[];
  params: ParamValues;
  startedAt: string;
  durationMs: number;
}

export interface StoredItem {
  modality: string;
  artifacts: StoredDraft[];
  files: { name: string; sha256: string; bytes: number }[];
  posture?: Posture;
  frameOfReference?: string;
  takenAt?: string;
  device?: string;
  protocol?: string;
  region?: string;
  synthetic?: boolean;
  quality: QualityFlag[];
  metadata: Record<string, string | number | boolean>;
  namesPerson?: boolean;
  startedAt: string;
  durationMs: number;
}

export interface ReadTaskResult {
  items: StoredItem[];
  skipped: { file: string; reason: string }[];
  errors: { file: string; error: ErrorRecord }[];
  /** stand-ins in names of files inside others */
  words: GivenWords;
}

export type WorkerTaskResult<T extends WorkerTask> = T extends RunTask
  ? RunTaskResult
  : T extends CohortTask
    ? CohortFigures
    : ReadTaskResult;

export interface TaskMessage {
  id: number;
  task: WorkerTask;
}

export type WorkerReply =
  | { id: number; type: 'progress'; fraction: number; message?: string }
  | { id: number; type: 'done'; result: WorkerTaskResult<WorkerTask> }
  | { id: number; type: 'error'; error: ErrorRecord };
