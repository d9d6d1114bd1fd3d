/** From files to read items: sniffs every file, gathers what belongs together, opens archives, keeps going past bad files. */

import { gunzipped, plainText } from '../../formats/index.ts';
import {
  type Format,
  isMsdtError,
  MsdtError,
  POSTURES,
  type ReadOptions,
  type ReadReport,
  type SourceFile,
} from '../../model/index.ts';
import type { Catalogue } from '../catalogue-types.ts';
import { loadAll } from '../catalogue-types.ts';

const HEAD_BYTES = 1024;

/** A format whose files hold other files. */
export interface ArchiveFormat extends Format {
  /** the files inside, names sanitised, limits on size and expansion enforced */
  open(file: SourceFile, options?: ReadOptions): Promise<SourceFile[]>;
}

/** A format that reads the files of another once it is told how: plain tables with a channel mapping. */
export interface AdoptingFormat extends Format {
  /** true where files that another format took are this one's */
  adopts(other: Format, own: readonly SourceFile[], options: ReadOptions): boolean;
}

function isAdopting(format: Format): format is AdoptingFormat {
  return typeof (format as Partial<AdoptingFormat>).adopts === 'function';
}

/** Hands files over to formats that adopt them. */
function adoptFiles(formats: readonly Format[], groups: Map<Format, SourceFile[]>, options: ReadOptions): void {
  for (const format of formats.filter(isAdopting)) {
    for (const [other, files] of [...groups]) {
      if (other === format || !format.adopts(other, groups.get(format) ?? [], options)) continue;
      groups.delete(other);
      groups.set(format, [...(groups.get(format) ?? []), ...files]);
    }
  }
}

function isArchive(format: Format): format is ArchiveFormat {
  return typeof (format as Partial<ArchiveFormat>).open === 'function';
}

/**
 * Reads files of any known format.
 *
 * Every file is sniffed by every format; a file that nobody knows is skipped with a reason, a file that fails is reported,
 * and the rest goes on. Text in UTF-16, behind a byte order mark or with the line ends of old systems is read as plain text.
 * A single file in gzip is unpacked, archives are opened two levels deep. `choices.posture` stands in where a file does not say how the
 * patient lay.
 */
export async function readFiles(
  catalogue: Pick<Catalogue, 'formats'>,
  files: readonly SourceFile[],
  options: ReadOptions = {},
): Promise<ReadReport> {
  const formats = await loadAll(catalogue.formats);
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  await readLevel(formats, files, options, report, 0);
  const posture = POSTURES.find((known) => known === options.choices?.posture);
  if (posture) for (const item of report.items) item.posture ??= posture;
  return report;
}

async function readLevel(
  formats: Format[],
  files: readonly SourceFile[],
  options: ReadOptions,
  report: ReadReport,
  depth: number,
): Promise<void> {
  const groups = new Map<Format, SourceFile[]>();
  const join = (format: Format, file: SourceFile): void => {
    const group = groups.get(format);
    if (group) group.push(file);
    else groups.set(format, [file]);
  };
  const guesses: { file: SourceFile; formats: Format[] }[] = [];
  for (const given of files) {
    options.signal?.throwIfAborted();
    let file = await plainText(given);
    let { sure, perhaps } = await recogniseFile(formats, file);
    if (!sure && perhaps.length === 0) {
      try {
        const inner = await gunzipped(given, options.signal);
        if (inner) {
          file = await plainText(inner);
          ({ sure, perhaps } = await recogniseFile(formats, file));
        }
      } catch (error) {
        noteFailure(report, given.name, error);
        continue;
      }
    }
    if (sure) join(sure, file);
    else if (perhaps.length > 0) guesses.push({ file, formats: perhaps });
    else
      report.skipped.push({
        file: file.name,
        reason: file.bytes === 0 ? 'the file is empty' : 'no known format recognises it',
      });
  }
  const leading = new Map([...groups].map(([format, group]) => [format, group.map(({ name }) => stemOf(name))]));
  for (const { file, formats: perhaps } of guesses) join(companionOf(file, perhaps, leading), file);
  adoptFiles(formats, groups, options);
  for (const [format, group] of groups) {
    if (isArchive(format)) await readArchives(format, group, formats, options, report, depth);
    else await readGroup(format, group, options, report);
  }
}

/**
 * The format that takes a file when nothing else is told.
 * @returns undefined where none does
 */
export async function formatOf(catalogue: Pick<Catalogue, 'formats'>, file: SourceFile): Promise<Format | undefined> {
  const { sure, perhaps } = await recogniseFile(await loadAll(catalogue.formats), await plainText(file));
  return sure ?? perhaps[0];
}

/** The first format that is sure of a file, or else all that take it for possible. */
async function recogniseFile(
  formats: readonly Format[],
  file: SourceFile,
): Promise<{ sure?: Format; perhaps: Format[] }> {
  const perhaps: Format[] = [];
  if (file.bytes === 0) return { perhaps };
  const head = await file.head(HEAD_BYTES);
  for (const format of formats) {
    const verdict = format.sniff(head, file.name);
    if (verdict === 'yes') return { sure: format, perhaps };
    if (verdict === 'maybe') perhaps.push(format);
  }
  return { perhaps };
}

/** A data file without a mark of its own goes to the format whose header has the same name, if there is one. */
function companionOf(file: SourceFile, perhaps: readonly Format[], leading: ReadonlyMap<Format, string[]>): Format {
  const stem = stemOf(file.name);
  return (
    perhaps.find((format) => leading.get(format)?.includes(stem)) ??
    perhaps.find((format) => leading.has(format)) ??
    perhaps[0]
  );
}

/** Folder and name up to the first dot of the name. */
function stemOf(name: string): string {
  const start = name.lastIndexOf('/') + 1;
  const dot = name.indexOf('.', start);
  return dot < 0 ? name : name.slice(0, dot);
}

async function readArchives(
  format: ArchiveFormat,
  group: SourceFile[],
  formats: Format[],
  options: ReadOptions,
  report: ReadReport,
  depth: number,
): Promise<void> {
  for (const file of group) {
    if (depth >= 2) {
      report.skipped.push({ file: file.name, reason: 'an archive inside an archive inside an archive is not opened' });
      continue;
    }
    try {
      await readLevel(formats, renamed(file, await format.open(file, options), options), options, report, depth + 1);
    } catch (error) {
      noteFailure(report, file.name, error);
    }
  }
}

/** Files inside an archive under names that tell of nobody. They stay the same objects: limits of the archive hang on them. */
function renamed(archive: SourceFile, files: SourceFile[], { rename }: ReadOptions): SourceFile[] {
  if (!rename) return files;
  const prefix = `${archive.name}/`;
  const own = ({ name }: SourceFile): string => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const names = rename(files.map(own));
  const taken = new Set<string>();
  for (const [at, file] of files.entries()) {
    let free = names[at];
    for (let copy = 2; taken.has(free); copy++) free = `${copy}/${names[at]}`;
    taken.add(free);
    file.given = own(file);
    file.name = prefix + free;
  }
  return files;
}

async function readGroup(format: Format, group: SourceFile[], options: ReadOptions, report: ReadReport): Promise<void> {
  try {
    const part = await format.read(group, options);
    report.items.push(...part.items);
    report.skipped.push(...part.skipped);
    report.errors.push(...part.errors);
  } catch (error) {
    for (const file of group) noteFailure(report, file.name, error);
  }
}

function noteFailure(report: ReadReport, file: string, error: unknown): void {
  if (isMsdtError(error, 'job.cancelled') || (error instanceof Error && error.name === 'AbortError')) throw error;
  report.errors.push({
    file,
    error: isMsdtError(error)
      ? error
      : new MsdtError('file.malformed', `${file} could not be read`, {
          where: { file },
          detail: error instanceof Error ? error.message : String(error),
          hint: 'The file may be damaged; export it again from its source.',
          cause: error,
        }),
  });
}
