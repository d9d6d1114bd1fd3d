/** Reads a set of files one by one; a bad file becomes an error of the report and the rest goes on. */

import {
  ArgumentError,
  type ArtifactKind,
  isMsdtError,
  MsdtError,
  messageOf,
  type ReadItem,
  type ReadOptions,
  type ReadReport,
  type SourceFile,
} from '../model/index.ts';
import { fileError } from './bytes.ts';

/** Whatever was thrown while a file was read, as the error a user sees; cancelling passes through. */
export function asFileError(error: unknown, file: string): MsdtError {
  if (isMsdtError(error, 'job.cancelled') || (error instanceof Error && error.name === 'AbortError')) throw error;
  if (isMsdtError(error)) return error;
  return fileError('file.malformed', file, 'The file could not be understood', {
    detail: messageOf(error),
    hint: 'It is probably damaged: export it again from its source.',
    cause: error,
  });
}

/** Files that are only part of another: the data of a detached header. */
export interface Companions {
  /** true for a file that is read on its own */
  leads(file: SourceFile): boolean | Promise<boolean>;
  /** why a companion that nobody referred to was left out */
  reason: string;
}

/**
 * Runs `readOne` over the files and gathers what came out.
 * @param companions - how to tell the files that belong to others; all files lead when absent
 * @throws the reason of `options.signal` when it is cancelled
 */
export async function readEach(
  files: readonly SourceFile[],
  options: ReadOptions,
  readOne: (file: SourceFile, companions: readonly SourceFile[]) => Promise<ReadItem[]>,
  companions?: Companions,
): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const leading: SourceFile[] = [];
  const others: SourceFile[] = [];
  for (const file of files) (!companions || (await companions.leads(file)) ? leading : others).push(file);
  for (const [index, file] of leading.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / leading.length, file.name);
    try {
      report.items.push(...(await readOne(file, others)));
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  const used = new Set(report.items.flatMap((item) => item.files));
  for (const { name } of others)
    if (!used.has(name)) report.skipped.push({ file: name, reason: companions?.reason ?? '' });
  options.progress?.(1);
  return report;
}

/**
 * Checks that a format is asked to write what it can.
 * @throws ArgumentError `kind` is not among `writes`
 */
export function expectWritable(kind: ArtifactKind, writes: readonly ArtifactKind[]): void {
  if (!writes.includes(kind)) throw new ArgumentError('kind', kind, `one of ${writes.join(', ')}`);
}

/**
 * A choice of the user among given words.
 * @throws MsdtError `parameter.invalid` for another word
 */
export function choiceOf<Word extends string>(
  choices: Record<string, string> | undefined,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = choices?.[key];
  if (value === undefined) return undefined;
  if ((words as readonly string[]).includes(value)) return value as Word;
  throw new MsdtError('parameter.invalid', `The choice ${key} cannot be "${value}"`, {
    where: { place: `choices.${key}` },
    hint: `Use ${words.map((word) => `"${word}"`).join(' or ')}.`,
  });
}

/**
 * A choice that several formats of one batch share: the word when it is one of ours, else undefined.
 */
export function ownChoice<Word extends string>(
  choices: Record<string, string> | undefined,
  key: string,
  words: readonly Word[],
): Word | undefined {
  return words.find((word) => word === choices?.[key]);
}
