/** OpenSim as an external program: its models and motions are read without it. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Tool } from '../../runtime/index.ts';

const NAMES = process.platform === 'win32' ? ['opensim-cmd.exe'] : ['opensim-cmd'];

const TIMEOUT_MS = 20_000;

async function findProgram(searchPath: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    for (const name of NAMES) {
      if (!folder) continue;
      const path = join(folder, name);
      const there = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (there) return path;
    }
  }
  return undefined;
}

/** OpenSim. Nothing here needs it; where it is installed, files go back to it as MOT, STO and TRC. */
export const openSim: Tool = {
  id: 'opensim',
  title: 'OpenSim',
  async found() {
    return (await findProgram()) !== undefined;
  },
  async detect() {
    const program = await findProgram();
    if (!program) return undefined;
    try {
      const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: TIMEOUT_MS });
      return /(\d+\.\d+\S*)/.exec(stdout)?.[1];
    } catch {
      return undefined;
    }
  },
};
