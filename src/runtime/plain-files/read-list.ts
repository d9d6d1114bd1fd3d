/**
 * A list of files as one input: a CSV with a column `path`. Each row's file is read, and the row's other columns ride along as
 * metadata of what came out of it.
 *
 * Paths are relative to the list. Columns that end in `_path` name further files of the same row.
 */

import { dirname, resolve } from 'node:path';
import { csv } from '../../formats/index.ts';
import { type ArtifactValue, isMsdtError, MsdtError, type QualityFlag, type Table } from '../../model/index.ts';
import type { WorkCatalogue } from '../catalogue-types.ts';
import { filesOf } from '../reading/files.ts';
import type { ExecuteHooks } from '../workers/execute.ts';
import { type FileValues, valuesOf } from './read-values.ts';

/** Rows that could not be read are named one by one up to this many. */
const NAMED_ROWS = 20;

/**
 * Reads the files of a list, or says that the file is no list.
 * @param path - of the CSV
 * @returns undefined when it has no column `path`
 * @throws MsdtError when no row could be read
 */
export async function readList(
  catalogue: WorkCatalogue,
  path: string,
  hooks: Pick<ExecuteHooks, 'signal' | 'progress'>,
): Promise<FileValues | undefined> {
  const table = await tableOf(path);
  if (!table?.columns.some(({ name }) => name === 'path')) return undefined;
  const rows = table.columns[0].values.length;
  const found: FileValues = { values: [], quality: [], hashes: [] };
  const failures: string[] = [];
  for (let row = 0; row < rows; row++) {
    hooks.signal.throwIfAborted();
    hooks.progress(row / rows, `reading ${row + 1} of ${rows}`);
    const about = Object.fromEntries(table.columns.map(({ name, values }) => [name, values[row]]));
    const metadata = { ...withoutGaps(about), row };
    for (const name of pathsOf(about)) {
      try {
        const read = await valuesOf(catalogue, await filesOf(resolve(dirname(path), name)), { signal: hooks.signal });
        found.hashes.push(...read.hashes);
        found.quality.push(...read.quality);
        for (const value of read.values) found.values.push({ ...value, metadata: { ...value.metadata, ...metadata } });
      } catch (error) {
        if (isMsdtError(error, 'job.cancelled') || !isMsdtError(error)) throw error;
        failures.push(`row ${row + 1}, ${name}: ${(error as Error).message}`);
      }
    }
  }
  if (found.values.length === 0)
    throw new MsdtError('input.missing', 'No file of the list could be read', {
      where: { file: path },
      detail: rows === 0 ? 'it has no row' : failures.slice(0, 3).join('; ') || 'the column path is empty',
      hint: 'A list has a row a file; its paths are relative to the folder of the list.',
    });
  found.quality = [...distinct(found.quality), ...failures.slice(0, NAMED_ROWS).map(failureFlag)];
  return found;
}

async function tableOf(path: string): Promise<Table | undefined> {
  if (!path.toLowerCase().endsWith('.csv')) return undefined;
  const files = await filesOf(path);
  const report = await csv.read(files, { choices: { kind: 'table.record' } });
  const payload = report.items[0]?.artifacts[0]?.payload as Table | undefined;
  return payload && 'columns' in payload ? payload : undefined;
}

type Row = Record<string, string | number | boolean | null>;

function pathsOf(row: Row): string[] {
  return Object.entries(row).flatMap(([name, value]) =>
    (name === 'path' || name.endsWith('_path')) && value !== null && value !== '' ? [String(value)] : [],
  );
}

function withoutGaps(row: Row): NonNullable<ArtifactValue['metadata']> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as never;
}

function failureFlag(message: string): QualityFlag {
  return { code: 'list.row', severity: 'fault', message };
}

/** The same doubt of hundreds of files is said once. */
function distinct(flags: readonly QualityFlag[]): QualityFlag[] {
  return [...new Map(flags.map((flag) => [`${flag.code} ${flag.message}`, flag])).values()];
}
