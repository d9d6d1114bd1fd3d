/** Tests that need real data, skipped by name where it is absent. */

import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { DATA_ROOT, dataPath } from './data-root.ts';

export { DATA_ROOT, dataPath };

/** `describe` that is skipped, by name and reason, where a data set is absent. */
export function describeWithData(set: string, body: () => void): void {
  if (existsSync(dataPath(set))) describe(`real data: ${set}`, body);
  else describe.skip(`real data: ${set} (not at ${DATA_ROOT}; set MSDT_DATA)`, body);
}
