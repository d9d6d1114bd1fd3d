/** Files into acquisitions and first artifacts; a result per file, and nothing half-written. */

import { randomUUID } from 'node:crypto';
import { type ErrorRecord, type Grid, parseGridKey, SCALES } from '../../model/index.ts';
import { assembleImport, type StoredAcquisition, type TwinState } from '../../twin/index.ts';
import { loadAll, type Modality } from '../catalogue-types.ts';
import type { EngineParts } from '../engine.ts';
import type { JobHandle } from '../jobs.ts';
import { SOFTWARE } from '../software.ts';
import type { ReadTaskResult, StoredDraft, StoredItem } from '../workers/worker-protocol.ts';
import { describeAcquisition, type KnownPlace } from './acquisitions.ts';

export interface IngestFile {
  /** name as the user knows it, relative to what was dropped */
  name: string;
  /** where the bytes lie now */
  path: string;
}

/** Version of what an import writes; rises when readers give other results. */
const IMPORT_VERSION = 1;

/** Reads files and records an import per acquisition. Bad files become lines of the job, the rest goes on. */
export async function ingestFiles(
  parts: EngineParts,
  twin: string,
  files: readonly IngestFile[],
  choices: Record<string, string>,
  handle: JobHandle,
): Promise<void> {
  handle.progress(0, `reading ${files.length} files`);
  const namer = await parts.names.of(twin);
  const names = namer.neutral(files.map(({ name }) => name));
  await parts.names.save(twin);
  const named = distinctlyNamed(files.map(({ name, path }, at) => ({ name: names[at], given: name, path })));
  const read = await parts.pool.run({ type: 'read', files: named, choices, words: namer.words }, handle);
  namer.learn(read.words);
  await parts.names.save(twin);
  for (const { file, reason } of read.skipped) handle.item({ item: file, status: 'skipped', message: reason });
  for (const { file, error } of read.errors)
    handle.item({ item: errorLine(file, error, read), status: 'error', message: error.message, error });
  const modalities = await loadAll(parts.catalogue.modalities);
  const places = placesOf(await parts.store.twins.current(twin));
  const add = acquisitionAdder(parts, twin, { modalities, places });
  for (const item of volumesFirst(read.items)) {
    handle.signal.throwIfAborted();
    const acquisition = await add(item);
    const shared = sharesFiles(item, read.items);
    const run = assembleImport(acquisition, {
      version: IMPORT_VERSION,
      params: { ...choices, ...(shared && { modality: item.modality }) },
      software: SOFTWARE,
      startedAt: item.startedAt,
      durationMs: item.durationMs,
      outputs: item.artifacts,
      quality: item.quality,
    });
    const name =
      item.files.length === 1
        ? `${item.files[0].name}${shared ? ` · ${item.modality}` : ''}`
        : `${item.artifacts[0]?.name ?? item.modality} (${item.files.length} files)`;
    const { created, snapshot } = await parts.store.twins.putRun(twin, run, `Added ${item.modality}`);
    handle.item({
      item: name,
      status: created ? 'ok' : 'cached',
      message: created ? item.artifacts.map((artifact) => artifact.name).join(', ') : 'was here already',
    });
    parts.bus.publish({ type: 'snapshot', twin, snapshot });
  }
  handle.progress(1, 'files are in');
}

/** A file that was read in part, or has several faults, gets a line a fault: a job has one line a name. */
function errorLine(file: string, { where }: ErrorRecord, { items, errors }: ReadTaskResult): string {
  const inPart = items.some((item) => item.files.some(({ name }) => name === file));
  const several = errors.filter((other) => other.file === file).length > 1;
  return (inPart || several) && where.place ? `${file} · ${where.place}` : file;
}

/** One file may hold several modalities, muscle and motion: what was read of it is told apart by them. */
function sharesFiles(item: StoredItem, all: readonly StoredItem[]): boolean {
  const hashes = (one: StoredItem): string => one.files.map(({ sha256 }) => sha256).join();
  return all.some((other) => other !== item && hashes(other) === hashes(item));
}

/** Files of one name from different places are told apart, or readers would take one for the other. */
function distinctlyNamed<F extends IngestFile>(files: readonly F[]): F[] {
  const taken = new Set<string>();
  return files.map((file) => {
    let free = file.name;
    for (let copy = 2; taken.has(free); copy++) free = `${copy}/${file.name}`;
    taken.add(free);
    return { ...file, name: free };
  });
}

/** Adds what was read to a twin, one batch; what is there already, and what this batch brings, is known to the next. */
function acquisitionAdder(
  parts: EngineParts,
  twin: string,
  { modalities, places }: { modalities: readonly Modality[]; places: KnownPlace[] },
): (item: StoredItem) => Promise<StoredAcquisition> {
  const batch = randomUUID();
  return async (item) => {
    const grid = gridOf(item.artifacts);
    const described = describeAcquisition({ ...item, grid }, places, {
      id: randomUUID(),
      knownAt: '',
      scales: modalities.find(({ id }) => id === item.modality)?.scales ?? SCALES.slice(1, 2),
      files: item.files,
      ...(isRecording(item) && { batch }),
    });
    const { id: _, knownAt: __, ...fresh } = described;
    const acquisition = await parts.store.twins.addAcquisition(twin, fresh);
    const { frameOfReference, posture, takenAt } = acquisition;
    places.push({ frameOfReference, posture, takenAt, grid });
    return acquisition;
  };
}

function isRecording({ artifacts }: StoredItem): boolean {
  return artifacts.some(({ kind }) => kind.startsWith('signal.') || kind.startsWith('sequence.'));
}

function placesOf(state: TwinState): KnownPlace[] {
  return state.acquisitions.map((acquisition) => ({
    frameOfReference: acquisition.frameOfReference,
    posture: acquisition.posture,
    takenAt: acquisition.takenAt,
    grid: gridOf(state.artifacts.filter((artifact) => artifact.acquisition === acquisition.id)),
  }));
}

function gridOf(artifacts: readonly Pick<StoredDraft, 'summary'>[]): Grid | undefined {
  for (const { summary } of artifacts) {
    const grid = typeof summary.grid === 'string' ? parseGridKey(summary.grid) : undefined;
    if (grid) return grid;
  }
  return undefined;
}

/** Volumes open frames of reference that label maps then join. */
function volumesFirst(items: readonly StoredItem[]): StoredItem[] {
  const rank = (item: StoredItem): number =>
    item.frameOfReference ? 0 : item.artifacts.some((artifact) => artifact.kind.startsWith('volume.')) ? 1 : 2;
  return [...items].sort((a, b) => rank(a) - rank(b));
}
