/** Reads a set of files one by one; a bad file becomes an error of the report and the rest goes on. */

import {
  ArgumentError,
  type ArtifactKind,
  isMsdtError,
  MsdtError,
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
    detail: error instanceof Error ? error.message : String(error),
    hint: 'It is probably damaged: export it again from its source.',
    cause: error,
  });
}

/**
 * Runs `readOne` over the files and gathers what came out.
 * @throws the reason of `options.signal` when it is cancelled
 */
export async function readEach(
  files: readonly SourceFile[],
  options: ReadOptions,
  readOne: (file: SourceFile) => Promise<ReadItem[]>,
): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / files.length, file.name);
    try {
      report.items.push(...(await readOne(file)));
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
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
