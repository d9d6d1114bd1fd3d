/**
 * The browsable folder of a twin: its current snapshot in standard files, by hard link.
 *
 * Built beside its place and renamed into it, so that it is always whole. It is made from rows and blobs alone and can be
 * thrown away at any time.
 */

import { copyFile, link, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NAMES_PERSON } from '../../model/index.ts';
import type { StoredAcquisition, StoredArtifact, TwinState } from '../../twin/index.ts';
import { codeOf, makeFolder, randomName, removeTree } from '../folder/files.ts';
import { acquisitionFolder, freeName, safeName, sourceName } from './names.ts';
import { featuresTable, provenanceDocument } from './tables.ts';

/** Written last, read to see whether a view is up to date. */
const STAMP = '.msdt-view.json';
const VIEW_VERSION = 2;

/** Stands in the folder of an acquisition in place of files that may name the person. */
const WITHHELD = 'withheld.txt';

/** What a view may show. */
export interface ViewOptions {
  /** also original files that say, or may say, who the person is */
  identified?: boolean;
}

interface PlannedFile {
  path: string;
  sha256: string;
}

/** What a view shows, as one text: equal stamps mean equal folders. */
export function stampOf(
  shown: { snapshot: number; acquisitions: readonly string[] },
  { identified = false }: ViewOptions = {},
): string {
  const acquisitions = shown.acquisitions.map((id) => id.slice(0, 16));
  return JSON.stringify({ view: VIEW_VERSION, snapshot: shown.snapshot, acquisitions, identified });
}

/** The stamp of the view of a state. */
export function stampOfState(state: TwinState, options?: ViewOptions): string {
  const acquisitions = state.acquisitions.map((acquisition) => acquisition.id);
  return stampOf({ snapshot: state.snapshot?.id ?? 0, acquisitions }, options);
}

/** The stamp of the folder that is there now. */
export async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, STAMP), 'utf8').catch(() => undefined);
}

/** Writes the view of a twin and puts it in the place of the one before. */
export async function writeView(
  folder: string,
  state: TwinState,
  { blobPath, ...options }: ViewOptions & { blobPath(sha256: string): string },
): Promise<void> {
  const building = join(dirname(folder), `.new-${randomName()}`);
  const { files, withheld, pathsOf } = planFiles(state, options);
  try {
    await makeFolder(building);
    for (const parent of new Set([...files, ...withheld].map((file) => dirname(file.path))))
      await mkdir(join(building, parent), { recursive: true, mode: 0o700 });
    for (const file of files) await place(blobPath(file.sha256), join(building, file.path));
    for (const { path, text } of withheld) await writeFile(join(building, path), text);
    await writeFile(join(building, 'features.csv'), featuresTable(state));
    await writeFile(join(building, 'provenance.json'), provenanceDocument(state, pathsOf));
    await writeFile(join(building, STAMP), stampOfState(state, options));
    await swap(building, folder);
  } catch (error) {
    await removeTree(building);
    throw error;
  }
}

/** Where each file of the state lies in the folder. */
export function planFiles(
  state: TwinState,
  { identified = false }: ViewOptions = {},
): { files: PlannedFile[]; withheld: { path: string; text: string }[]; pathsOf: Map<string, string[]> } {
  const files: PlannedFile[] = [];
  const withheld: { path: string; text: string }[] = [];
  const pathsOf = new Map<string, string[]>();
  const folderOf = new Map<string, string>();
  const folders = new Set<string>();
  for (const acquisition of state.acquisitions) {
    const folder = freeName(folders, acquisitionFolder(acquisition));
    folderOf.set(acquisition.id, folder);
    const count = acquisition.files.length;
    pathsOf.set(acquisition.id, [`acquisitions/${folder}/`]);
    if (!identified && mayName(acquisition)) {
      withheld.push({ path: `acquisitions/${folder}/${WITHHELD}`, text: withheldText(count) });
      continue;
    }
    const placed = acquisition.files.map(({ name, sha256 }, position) => {
      return { path: `acquisitions/${folder}/${sourceName(position, name, count)}`, sha256 };
    });
    files.push(...placed);
  }
  for (const [capability, artifacts] of Map.groupBy(state.artifacts, (item) => item.provenance.capability)) {
    for (const placed of planCapability(safeName(capability), artifacts, folderOf)) {
      files.push(...placed.files);
      pathsOf.set(
        placed.artifact,
        placed.files.map((file) => file.path),
      );
    }
  }
  return { files, withheld, pathsOf };
}

/** True where the original files may say who the person is: as the reader told, and records always. */
function mayName({ modality, metadata }: StoredAcquisition): boolean {
  return modality === 'record' || metadata[NAMES_PERSON] === true;
}

function withheldText(count: number): string {
  const files = count === 1 ? 'The original file is' : `The ${count} original files are`;
  return [
    `${files} kept in the store as ${count === 1 ? 'it' : 'they'} came, and not shown here: the person may be named inside.`,
    'Start msdt with --identified to have them in this folder.',
    '',
  ].join('\n');
}

/** One folder per capability; below it one per acquisition where several have been worked on. */
function planCapability(
  capability: string,
  artifacts: readonly StoredArtifact[],
  folderOf: ReadonlyMap<string, string>,
): { artifact: string; files: PlannedFile[] }[] {
  const several = new Set(artifacts.map((artifact) => artifact.acquisition)).size > 1;
  const taken = new Map<string, Set<string>>();
  return artifacts.map((artifact) => {
    const below = several ? (folderOf.get(artifact.acquisition ?? '') ?? 'other') : '';
    const folder = below ? `${capability}/${below}` : capability;
    const names = taken.get(folder) ?? new Set<string>();
    taken.set(folder, names);
    const stems = new Map<string, string>();
    const files = artifact.blobs.map((blob) => {
      const name = safeName(blob.name);
      const stem = name.split('.')[0];
      const known = stems.get(stem);
      const free = known === undefined ? freeName(names, name) : freeName(names, known + name.slice(stem.length));
      stems.set(stem, known ?? free.split('.')[0]);
      return { path: `${folder}/${free}`, sha256: blob.sha256 };
    });
    return { artifact: artifact.id, files };
  });
}

/** Hard link; a copy where links cannot be made (another disk, a file system without them, too many links). */
async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) throw error;
    await copyFile(from, to);
  }
}

async function swap(building: string, folder: string): Promise<void> {
  const old = join(dirname(folder), `.old-${randomName()}`);
  const hadOld = await rename(folder, old).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
  await rename(building, folder);
  if (hadOld) await removeTree(old);
}
