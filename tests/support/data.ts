/**
 * Where real data for tests lies: `MSDT_DATA`, else `../shared/data` beside the project.
 * Tests that need it are skipped by name where it is absent.
 */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of the real data sets. */
export const DATA_ROOT = process.env.MSDT_DATA ?? resolve(root, '../shared/data');

/** Path of a file or folder inside the real data. */
export function dataPath(...parts: string[]): string {
  return join(DATA_ROOT, ...parts);
}

/** `describe` that is skipped, by name and reason, where a data set is absent. */
export function describeWithData(set: string, body: () => void): void {
  if (existsSync(dataPath(set))) describe(`real data: ${set}`, body);
  else describe.skip(`real data: ${set} (not at ${DATA_ROOT}; set MSDT_DATA)`, body);
}
