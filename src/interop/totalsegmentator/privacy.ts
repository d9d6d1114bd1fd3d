/**
 * An environment in which TotalSegmentator tells nobody that it ran.
 *
 * It sends anonymous usage statistics unless `send_usage_stats` is false in the `config.json` of its home folder. The run gets a home
 * folder of its own with that switch off, the user's licence number kept, and the user's weights by path, so neither their settings nor
 * their downloads are touched. Source: `totalsegmentator/config.py` (Apache-2.0), read at 066e681.
 */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own TotalSegmentator home. */
function userHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.TOTALSEG_HOME_DIR ?? join(homedir(), '.totalsegmentator');
}

/**
 * Makes a private home folder and the environment that points to it.
 * @param folder - empty folder for the home
 * @param env - environment to start from
 */
export async function silentEnvironment(
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  const home = userHome(env);
  const own = await readJson(join(home, 'config.json'));
  const config: Record<string, unknown> = { totalseg_id: '', send_usage_stats: false, prediction_counter: 0 };
  if (typeof own.license_number === 'string') config.license_number = own.license_number;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config, undefined, 2));
  const weights = env.TOTALSEG_WEIGHTS_PATH ?? join(home, 'nnunet', 'results');
  await mkdir(join(folder, 'nnunet', 'results'), { recursive: true });
  return {
    ...env,
    TOTALSEG_HOME_DIR: folder,
    ...(existsSync(weights) ? { TOTALSEG_WEIGHTS_PATH: weights } : {}),
  };
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
