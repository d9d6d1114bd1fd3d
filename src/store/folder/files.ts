/** Small durable steps on files: what is written here is on the disk when the promise resolves. */

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMsdtError, MsdtError } from '../../model/index.ts';

/** Makes the entries of a folder durable; a no-op where the platform cannot sync folders. */
export async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EACCES'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}

/** Writes a small file so that it is there whole or not at all. */
export async function writeDurable(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomName()}`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a folder and its parents; their entries are durable when this resolves. */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (!first) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

/** Removes a tree even while a dying process still writes into it. Never fails: what stays is swept by the next start. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 25 }).catch(() => undefined);
}

/** A name that nobody else has chosen. */
export function randomName(): string {
  return randomBytes(8).toString('hex');
}

/** `ENOENT`, `EACCES` … of a system error. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? (error as { code?: string }).code : undefined;
}

/** Turns a system error on the data folder into one a person can act on; anything else passes through. */
export function folderError(error: unknown, path: string): unknown {
  if (isMsdtError(error)) return error;
  const where = { file: join(basename(dirname(path)), basename(path)) };
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new MsdtError('store.full', 'The disk that holds the data folder is full', {
      where,
      hint: 'Free some space or move the data folder to a larger disk, then start again; nothing that was saved is lost.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new MsdtError('store.unavailable', 'The data folder cannot be written', {
      where,
      detail: code === 'EROFS' ? 'the disk is mounted read-only' : 'this account may not write there',
      hint: 'Give this account the right to write the folder, start under the account that made it, or choose another folder.',
      cause: error,
    });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new MsdtError('store.unavailable', 'A file stands where the data folder should be', {
      where,
      hint: 'Move that file away or choose another folder.',
      cause: error,
    });
  }
  return error;
}
