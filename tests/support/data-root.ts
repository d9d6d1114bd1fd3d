/** Where real data lies: `MSDT_DATA`, else `../shared/data` beside the project. Free of the test runner, so that benches may use it. */

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of the real data sets. */
export const DATA_ROOT = process.env.MSDT_DATA ?? resolve(root, '../shared/data');

/** Path of a file or folder inside the real data. */
export function dataPath(...parts: string[]): string {
  return join(DATA_ROOT, ...parts);
}
