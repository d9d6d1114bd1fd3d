/** Makes the database cluster: in a folder of its own, complete and synced, then renamed into place. A kill leaves all or nothing. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MsdtError } from '../../model/index.ts';
import { randomName, removeTree, syncFolder, writeDurable } from '../folder/files.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export const SUPERUSER = 'msdt';

/** Inside the cluster, so that password and cluster are never apart; readable by its owner alone. */
const PASSWORD_FILE = 'msdt.password';

/** @throws MsdtError `store.unavailable` the password is missing */
export async function readPassword(cluster: string): Promise<string> {
  try {
    return (await readFile(join(cluster, PASSWORD_FILE), 'utf8')).trim();
  } catch (cause) {
    throw new MsdtError('store.unavailable', 'The password of the embedded database cannot be read', {
      where: { file: `${basename(cluster)}/${PASSWORD_FILE}` },
      hint: 'Start under the account that made the data folder, or restore the file from the backup of the data folder.',
      cause,
    });
  }
}

export async function clusterExists(cluster: string): Promise<boolean> {
  return stat(join(cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** Clears folders of initialisations that were cut off. Needs the lock of the data folder. */
export async function sweepUnfinished(cluster: string): Promise<void> {
  const [folder, prefix] = [dirname(cluster), `${basename(cluster)}.new-`];
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => removeTree(join(folder, name))));
}

/**
 * Makes a new cluster.
 * @throws MsdtError `store.unavailable` with the last words of initdb
 */
export async function initialiseCluster(cluster: string, binaries: Binaries, account: Account): Promise<void> {
  const building = `${cluster}.new-${randomName()}`;
  await mkdir(building, { mode: 0o700 });
  try {
    const password = randomBytes(24).toString('base64url');
    const passwordFile = `${building}.pw`;
    await writeFile(passwordFile, `${password}\n`, { flag: 'wx', mode: 0o600 });
    try {
      const { owner } = account;
      if (owner) for (const path of [building, passwordFile]) await chown(path, owner.uid, owner.gid);
      await runInitdb(binaries.initdb, initdbArguments(building, passwordFile), account);
    } finally {
      await rm(passwordFile, { force: true });
    }
    await writeDurable(join(building, PASSWORD_FILE), password);
    if (account.owner) await chown(join(building, PASSWORD_FILE), account.owner.uid, account.owner.gid);
    await rename(building, cluster);
    await syncFolder(dirname(cluster));
  } catch (error) {
    await removeTree(building);
    throw error;
  }
}

/** One collation on every machine, checksums on, text as UTF-8. */
function initdbArguments(folder: string, passwordFile: string): string[] {
  const sync = process.platform === 'linux' ? ['--sync-method=syncfs'] : [];
  return [
    `--pgdata=${folder}`,
    `--pwfile=${passwordFile}`,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...sync,
  ];
}

async function runInitdb(initdb: string, args: string[], account: Account): Promise<void> {
  const [program, ...rest] = [...account.prefix, initdb, ...args];
  const child = spawn(program, rest, {
    ...account.spawn,
    cwd: dirname(initdb),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2000);
  });
  const outcome = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? '' : `initdb ended with ${signal ?? code}: ${words.trim()}`),
    );
  });
  if (!outcome) return;
  throw new MsdtError('store.unavailable', 'The embedded database could not be made', {
    where: { file: 'postgres' },
    detail: outcome,
    hint: /No space left/.test(outcome)
      ? 'The disk is full: free some space and start again.'
      : 'Check that the data folder can be written and lies on a disk with 100 MB free.',
  });
}
