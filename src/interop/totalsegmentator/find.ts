/** Where TotalSegmentator is on this machine, and under which version. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MsdtError } from '../../model/index.ts';
import { runProgram } from './process.ts';

const NAMES = process.platform === 'win32' ? ['TotalSegmentator.exe', 'totalsegmentator.exe'] : ['TotalSegmentator'];

/** Asking a program for its version may import half a gigabyte of Python first. */
const VERSION_TIMEOUT_MS = 120_000;

/**
 * Path of the program on the search path.
 * @param searchPath - as in the environment variable PATH
 * @returns undefined when it is not there
 */
export async function findTotalSegmentator(searchPath: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    for (const name of NAMES) {
      if (!folder) continue;
      const path = join(folder, name);
      try {
        await access(path, constants.X_OK);
        return path;
      } catch {
        // not here
      }
    }
  }
  return undefined;
}

/**
 * Version the program says it is.
 * @returns undefined when it does not answer with a version
 */
export async function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, output } = await runProgram(program, ['--version'], { env, timeoutMs: VERSION_TIMEOUT_MS });
  return code === 0 ? /(\d+\.\d+(?:\.\d+)?\S*)/.exec(output)?.[1] : undefined;
}

/** The error for a machine without the program. */
export function missingProgram(): MsdtError {
  return new MsdtError('tool.missing', 'TotalSegmentator is not on this machine', {
    detail: 'no program named TotalSegmentator on the PATH',
    hint: 'Install it (pip install TotalSegmentator) and start again from a terminal that finds it, or drop label maps made elsewhere.',
  });
}
