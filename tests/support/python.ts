/** Independent readers in Python, where they are installed. */

import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** The interpreter that has the readers; Debian's own unless `MSDT_PYTHON` names another. */
export const PYTHON = process.env.MSDT_PYTHON ?? '/usr/bin/python3';

/** Output of a script; throws with what it printed when it fails. */
export function runPython(script: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error || status !== 0) throw new Error(`${PYTHON} ${script}: ${error?.message ?? stderr.slice(-2000)}`);
  return stdout;
}

const known = new Map<string, boolean>();

/** True when Python has a module. */
export function hasPython(module: string): boolean {
  let found = known.get(module);
  if (found === undefined) {
    found = spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
    known.set(module, found);
  }
  return found;
}

/** `describe` that is skipped, by name and reason, where Python lacks a module. */
export function describeWithPython(module: string, body: () => void): void {
  if (hasPython(module)) describe(module, body);
  else describe.skip(`${module} (not installed for ${PYTHON}; set MSDT_PYTHON)`, body);
}
