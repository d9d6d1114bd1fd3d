/** What a worker thread does: a read of files, or a run of a capability; results are written as blobs before they are told. */

import { createHash } from 'node:crypto';
import { csv } from '../../formats/csv/index.ts';
import {
  type Artifact,
  type ArtifactDraft,
  type ArtifactValue,
  type CohortFigures,
  type Grid,
  gridKey,
  MsdtError,
  type ReadItem,
  type SourceFile,
  type Table,
  toErrorRecord,
} from '../../model/index.ts';
import { encodeArtifact } from '../../store/index.ts';
import type { Catalogue } from '../catalogue-types.ts';
import { createFileNamer, type GivenWords } from '../names/file-names.ts';
import { fileInMemory, fileOnDisk } from '../reading/files.ts';
import { readFiles } from '../reading/read.ts';
import { executeCapability } from './execute.ts';
import type { PayloadCache } from './payloads.ts';
import { allocateInArena } from './shared-memory.ts';
import type {
  CohortTask,
  ReadTask,
  ReadTaskResult,
  RunTask,
  RunTaskResult,
  StoredDraft,
  StoredItem,
} from './worker-protocol.ts';

export interface TaskContext {
  catalogue: Catalogue;
  payloads: PayloadCache;
  signal: AbortSignal;
  progress(fraction: number, message?: string): void;
}

/** Where a draft stands among the outputs, and whether its data were generated. */
interface Place {
  role: string;
  index: number;
  synthetic: boolean;
}

/** Share of a task's progress that reading or computing takes; the rest is writing. */
const WORK_SHARE = 0.85;

export async function performRun(task: RunTask, context: TaskContext): Promise<RunTaskResult> {
  const startedAt = new Date();
  const entry = context.catalogue.capabilities.find((candidate) => candidate.id === task.capability);
  if (!entry)
    throw new MsdtError('input.missing', `There is no capability "${task.capability}"`, {
      hint: '`msdt run --list` names them all.',
    });
  const capability = await entry.load();
  const inputs: Record<string, ArtifactValue[]> = {};
  for (const [role, artifacts] of Object.entries(task.inputs)) {
    inputs[role] = await Promise.all(
      artifacts.map((artifact) => loadValue(artifact, task.frames[artifact.id], context.payloads)),
    );
  }
  const result = await executeCapability(capability, inputs, task.params, task.seed, {
    signal: context.signal,
    progress: (fraction, message) => context.progress(fraction * WORK_SHARE, message),
    log: () => undefined,
  });
  const outputs: StoredDraft[] = [];
  const synthetic = Object.values(inputs).some((values) => values.some((value) => value.synthetic));
  for (const { role, index, draft } of result.outputs) {
    outputs.push(await storeDraft(draft, { role, index, synthetic }, context.payloads));
    context.progress(WORK_SHARE + ((1 - WORK_SHARE) * outputs.length) / result.outputs.length, `writing ${draft.name}`);
  }
  return {
    outputs,
    features: result.features,
    quality: result.quality,
    params: result.params,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
  };
}

export async function performRead(task: ReadTask, context: TaskContext): Promise<ReadTaskResult> {
  const started = Date.now();
  const files = await Promise.all(
    task.files.map(async ({ name, given, path }) => ({ ...(await fileOnDisk(path, name)), given })),
  );
  const inside = createFileNamer('inside', task.words);
  const report = await readFiles(context.catalogue, files, {
    signal: context.signal,
    progress: (fraction, message) => context.progress(fraction * WORK_SHARE, message),
    choices: task.choices,
    allocate: allocateInArena,
    rename: inside.neutral,
  });
  const hashes = new Map<SourceFile, KnownSource>();
  const items: StoredItem[] = [];
  const result: ReadTaskResult = {
    items,
    skipped: report.skipped,
    errors: report.errors.map(({ file, error }) => ({ file, error: toErrorRecord(error) })),
    words: inside.words,
  };
  for (const item of report.items) {
    context.progress(WORK_SHARE + ((1 - WORK_SHARE) * items.length) / report.items.length, 'writing');
    try {
      items.push(await storeItem(item, { files, hashes, started, words: inside.words }, context));
    } catch (error) {
      context.signal.throwIfAborted();
      result.errors.push({ file: item.files[0] ?? '', error: toErrorRecord(error) });
    }
  }
  return result;
}

/** @throws MsdtError the table cannot be read or learnt from */
export async function performCohort({ work }: CohortTask, context: TaskContext): Promise<CohortFigures> {
  const engine = await context.catalogue.inference.load();
  if (work.kind === 'simulate') return engine.simulateCohort(work.patients, work.seed);
  const bytes = new TextEncoder().encode(work.csv);
  const report = await csv.read([fileInMemory(work.name, bytes)], { choices: { kind: 'table.record' } });
  const table = report.items.flatMap(({ artifacts }) => artifacts)[0]?.payload as Table | undefined;
  if (!table) throw report.errors[0]?.error ?? new MsdtError('input.empty', `${work.name} holds no table`);
  return engine.evaluateTable(table, {
    ...work.choices,
    onProgress: (fraction, message) => context.progress(fraction, message),
  });
}

/** What is known of an original once it is kept. */
interface KnownSource {
  sha256: string;
  /** it holds words of the names of files that are no words of the field */
  tells: boolean;
}

/** What was given, and what is known of it. */
interface Given {
  files: readonly SourceFile[];
  hashes: Map<SourceFile, KnownSource>;
  started: number;
  words: GivenWords;
}

async function storeItem(
  item: ReadItem,
  { files, hashes, started, words }: Given,
  context: TaskContext,
): Promise<StoredItem> {
  const artifacts: StoredDraft[] = [];
  for (const [index, draft] of item.artifacts.entries())
    artifacts.push(
      await storeDraft(draft, { role: 'read', index, synthetic: item.synthetic ?? false }, context.payloads),
    );
  const { artifacts: _, files: names, ...facts } = item;
  const sources = sourcesOf(names, files);
  const stored = await Promise.all(
    sources.map(async (file) => ({
      name: file.name,
      bytes: file.bytes,
      source: await storeSource(file, { hashes, words }, context.payloads),
    })),
  );
  const tells = stored.some(({ source }) => source.tells);
  return {
    ...facts,
    ...(tells && { namesPerson: true }),
    artifacts,
    files: stored.map(({ source, ...file }) => ({ ...file, sha256: source.sha256 })),
    startedAt: new Date(started).toISOString(),
    durationMs: Date.now() - started,
  };
}

/** The files a user gave that hold these names: themselves, or the archives they lie in. */
function sourcesOf(names: readonly string[], files: readonly SourceFile[]): SourceFile[] {
  const wanted = new Set(names);
  const found = files.filter((file) => wanted.has(file.name));
  if (found.length) return found;
  return files.filter((file) => names.some((name) => name.startsWith(`${file.name}/`)));
}

async function storeSource(
  file: SourceFile,
  { hashes, words }: Pick<Given, 'hashes' | 'words'>,
  payloads: PayloadCache,
): Promise<KnownSource> {
  const known = hashes.get(file);
  if (known) return known;
  const bytes = await file.read();
  const source = { sha256: createHash('sha256').update(bytes).digest('hex'), tells: holdsWords(bytes, words) };
  await payloads.blobs.put(bytes);
  hashes.set(file, source);
  return source;
}

/** Most of a file that is looked through for words of its name, and fewest letters of such a word. */
const LOOKED_THROUGH_BYTES = 2 ** 26;
const FEWEST_LETTERS = 4;

/** A recording often repeats its own name, and an archive those of its files: then the original tells as much as the name. */
function holdsWords(bytes: Uint8Array, words: GivenWords): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LOOKED_THROUGH_BYTES));
  const letters = Object.values(words).flatMap((given) => given.match(/[\p{L}\p{M}]+/gu) ?? []);
  return [...new Set(letters)].some((word) => word.length >= FEWEST_LETTERS && text.includes(word));
}

async function loadValue(
  artifact: Artifact,
  frameOfReference: string | undefined,
  payloads: PayloadCache,
): Promise<ArtifactValue> {
  const { id, kind, name, level, side, posture, takenAt, synthetic, quality } = artifact;
  return {
    id,
    kind,
    name,
    level,
    side,
    posture,
    takenAt,
    synthetic,
    quality,
    frameOfReference,
    payload: await payloads.load(artifact),
  };
}

async function storeDraft(
  draft: ArtifactDraft,
  { role, index, synthetic }: Place,
  payloads: PayloadCache,
): Promise<StoredDraft> {
  const encoded = await encodeArtifact(draft, { synthetic });
  const blobs = [];
  for (const file of encoded.files)
    blobs.push({ name: file.name, mediaType: file.mediaType, ...(await payloads.blobs.put(file.bytes)) });
  const grid = draft.payload as Partial<Grid>;
  const summary = { ...encoded.summary };
  if (draft.kind.startsWith('volume.') || draft.kind.startsWith('labelmap.')) summary.grid = gridKey(grid as Grid);
  return {
    role,
    index,
    kind: draft.kind,
    name: draft.name,
    unit: encoded.unit,
    level: draft.level,
    side: draft.side,
    quality: draft.quality ?? [],
    summary,
    blobs,
  };
}
