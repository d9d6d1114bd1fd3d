/** Runs named steps one after the other on Node 24, says how long each took, and fails when one fails. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOnNode24 } from '../bin/node24.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** Path of a script inside an installed package. */
export function packageScript(name, ...path) {
  return join(dirname(require.resolve(`${name}/package.json`)), ...path);
}

export const TYPES = ['types', [packageScript('typescript', 'bin', 'tsc'), '--noEmit']];
export const LINT = ['lint', [packageScript('@biomejs/biome', 'bin', 'biome'), 'check', '.']];
export const vitest = packageScript('vitest', 'vitest.mjs');

/** Runs the steps; resolves with the names of those that failed. */
export async function runSteps(steps) {
  const failed = [];
  for (const [name, args, env] of steps) {
    const start = Date.now();
    const code = await runOnNode24(args, { cwd: root, env: { ...process.env, ...env } });
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    if (code !== 0) failed.push(name);
  }
  return failed;
}
