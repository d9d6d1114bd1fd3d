/**
 * One process per data folder.
 *
 * The lock is a file that appears whole (hard link) and says who holds it. A lock whose process is gone is taken over;
 * a number that was given to another process since is told apart by its start time. Where the holder sits on another
 * machine or in another container, a lock that has not been touched for a while counts as left behind.
 */

import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MsdtError } from '../../model/index.ts';
import { codeOf, randomName } from './files.ts';
import { isAlive, startOf } from './process.ts';

const BEAT_MS = 5_000;
const FOREIGN_STALE_MS = 20_000;
const TRIES = 200;

interface Holder {
  pid: number;
  /** boot and start time of the process, where the platform tells */
  started?: string;
  host: string;
  at: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder.
 * @throws MsdtError `store.locked` another process holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'msdt.lock');
  const own = `${path}.${randomName()}`;
  const holder: Holder = {
    pid: process.pid,
    started: await startOf(process.pid),
    host: hostname(),
    at: new Date().toISOString(),
  };
  const text = JSON.stringify(holder);
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    await take(path, own, folder);
  } finally {
    await rm(own, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await readText(path)) === text) await rm(path, { force: true });
    },
  };
}

async function take(path: string, own: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (await linked(own, path)) return;
    const seen = await readText(path);
    if (seen === undefined) continue;
    if (await isHeld(seen, path)) throw locked(seen, folder);
    if (await takeOver(path, own, seen)) return;
    await sleep(5 + Math.random() * 20);
  }
  throw new MsdtError('store.locked', `The data folder ${basename(folder)} is being opened by several processes`, {
    where: { file: basename(path) },
    hint: 'Wait a moment and start one of them again.',
  });
}

/** Replaces a lock that was left behind; a second file makes sure that only one process does so at a time. */
async function takeOver(path: string, own: string, seen: string): Promise<boolean> {
  const breaker = `${path}.takeover`;
  if (!(await linked(own, breaker))) {
    const other = await readText(breaker);
    if (other !== undefined && !(await isHeld(other, breaker))) await rm(breaker, { force: true });
    return false;
  }
  try {
    if ((await readText(path)) !== seen) return false;
    await rename(breaker, path);
    return true;
  } finally {
    await rm(breaker, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isHeld(text: string, path: string): Promise<boolean> {
  const holder = parseHolder(text);
  if (!holder) return false;
  if (holder.host !== hostname()) {
    const touched = await stat(path).catch(() => undefined);
    return touched !== undefined && Date.now() - touched.mtimeMs < FOREIGN_STALE_MS;
  }
  if (!isAlive(holder.pid)) return false;
  const started = await startOf(holder.pid);
  return started === undefined || holder.started === undefined || started === holder.started;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function locked(text: string, folder: string): MsdtError {
  const holder = parseHolder(text);
  const here = holder?.pid === process.pid && holder.host === hostname();
  const who = here ? 'this same process' : `process ${holder?.pid} on ${holder?.host}`;
  return new MsdtError('store.locked', `The data folder ${basename(folder)} is in use by ${who}`, {
    where: { file: basename(folder) },
    detail: `held since ${holder?.at}`,
    hint: 'Use the msdt that is running, stop it first, or give this one another data folder.',
  });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}
