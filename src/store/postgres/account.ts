/**
 * Under which account the database runs.
 *
 * PostgreSQL refuses to run as root. Started by root it runs under the account that owns the cluster, else `postgres` (made
 * where it is missing), else `nobody`. Where that account may not enter the folder (data below /root), it is given the right
 * to enter any, or runs in a user namespace in which root carries another number; which of the two a container allows differs.
 */

import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { MsdtError } from '../../model/index.ts';

const run = promisify(execFile);

interface Numbers {
  uid: number;
  gid: number;
}

export interface Account {
  /** whom the files of the cluster belong to; absent when that is whoever runs this */
  owner?: Numbers;
  /** switches to the account when it is spawned; absent when the prefix does so */
  spawn?: Numbers;
  /** program and arguments to put before a command */
  prefix: string[];
}

const OWN: Account = { prefix: [] };

/**
 * @param cluster - folder of the cluster, which may not exist yet
 * @param binary - a program of the database, which the account must reach
 */
export async function chooseAccount(cluster: string, binary: string): Promise<Account> {
  if (process.getuid?.() !== 0) return OWN;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner?.uid === 0) return (await rootInDisguise(dirname(cluster))) ?? OWN;
  const numbers = owner ? { uid: owner.uid, gid: owner.gid } : await systemAccount();
  const closed = (await closedTo(numbers, dirname(cluster))) ?? (await closedTo(numbers, dirname(binary)));
  if (closed === undefined) return { owner: numbers, spawn: numbers, prefix: [] };
  const account = (await withTheRightToEnter(numbers, closed)) ?? (await rootInDisguise(closed));
  if (account) return account;
  throw new MsdtError('store.unavailable', 'The database cannot reach its folder', {
    detail: `the database does not run as root, and the account it runs under (number ${numbers.uid}) may not enter ${closed}`,
    hint: 'Put project and data where other accounts may look (such as /srv/msdt), start as an ordinary user, or give a PostgreSQL in DATABASE_URL.',
  });
}

async function systemAccount(): Promise<Numbers> {
  const found = await lookUp('postgres');
  if (found) return found;
  const makers: [string, string[]][] = [
    ['useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--user-group', 'postgres']],
    ['adduser', ['-S', '-D', '-H', 'postgres']],
  ];
  for (const [program, args] of makers) {
    await run(program, args).catch(() => undefined);
    const made = await lookUp('postgres');
    if (made) return made;
  }
  const nobody = await lookUp('nobody');
  if (nobody) return nobody;
  throw new MsdtError('store.unavailable', 'The database cannot run as root, and there is no other account', {
    hint: 'Start as an ordinary user, or make an account named postgres.',
  });
}

async function lookUp(name: string): Promise<Numbers | undefined> {
  const table = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = table.split('\n').find((candidate) => candidate.startsWith(`${name}:`));
  const fields = line?.split(':');
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : undefined;
}

/** Outermost folder on the way that an account may not enter. */
async function closedTo(account: Numbers, folder: string): Promise<string | undefined> {
  const { uid, gid, mode } = await stat(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  const parent = dirname(folder);
  const above = parent === folder ? undefined : await closedTo(account, parent);
  return above ?? ((mode & bit) === 0 ? folder : undefined);
}

async function withTheRightToEnter({ uid, gid }: Numbers, folder: string): Promise<Account | undefined> {
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, '--'];
  return (await canEnter(prefix, folder)) ? { owner: { uid, gid }, prefix } : undefined;
}

async function rootInDisguise(folder: string): Promise<Account | undefined> {
  const nobody = await lookUp('nobody');
  if (!nobody) return undefined;
  const prefix = ['unshare', '--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`, '--'];
  return (await canEnter(prefix, folder)) ? { prefix } : undefined;
}

async function canEnter([program, ...args]: string[], folder: string): Promise<boolean> {
  return run(program, [...args, 'test', '-x', folder]).then(
    () => true,
    () => false,
  );
}
