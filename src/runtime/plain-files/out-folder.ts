/** Folders and files that a person asked for: made and written whole, or refused with what to do about it. */

import { access, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMsdtError, MsdtError } from '../../model/index.ts';

/**
 * Checks, before long work begins, that a folder is there or can be made, and can be written. Makes nothing.
 * @throws MsdtError `parameter.invalid` a file stands in the way, or this account may not write there
 */
export async function checkFolder(path: string): Promise<void> {
  const found = await nearest(resolve(path), path);
  try {
    await access(found, constants.W_OK);
  } catch (error) {
    throw folderError(error, path);
  }
}

/**
 * Makes a folder and those above it, one by one: the recursive way of Node never comes back where a file system refuses
 * new folders by saying that the parent is missing, as `/proc` does.
 * @throws MsdtError `parameter.invalid`, `store.full`
 */
export async function makeFolder(path: string): Promise<void> {
  const wanted = resolve(path);
  const missing: string[] = [];
  const found = await nearest(wanted, path);
  for (let folder = wanted; folder !== found; folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      await mkdir(folder);
    } catch (error) {
      // another program may have made it meanwhile
      if ((error as { code?: string }).code !== 'EEXIST') throw folderError(error, path);
    }
  }
}

/**
 * Writes a file whole or not at all.
 * @throws MsdtError `parameter.invalid`, `store.full`
 */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw folderError(error, path);
  }
}

/** The folder itself or the closest one above it that is there. */
async function nearest(folder: string, asked: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' && dirname(folder) !== folder) return nearest(dirname(folder), asked);
    throw folderError(error, asked);
  }
  throw folderError(Object.assign(new Error('not a folder'), { code: 'ENOTDIR' }), asked);
}

const REASONS: Record<string, readonly [message: string, hint: string]> = {
  ENOTDIR: ['A file stands where the folder should be', 'Choose another folder, or move that file away.'],
  EISDIR: ['A folder stands where the file should be', 'Choose another folder, or move that one away.'],
  ENOENT: ['No folder can be made there', 'Choose a folder on a disk that takes files.'],
  EROFS: ['The disk is mounted read-only', 'Choose a folder on another disk.'],
  EACCES: ['This account may not write there', 'Choose another folder, or give this account the right to write it.'],
  ENAMETOOLONG: ['The name is longer than the disk allows', 'Choose a shorter name.'],
};

/** A system error as one that a person can act on; anything else passes through. */
function folderError(error: unknown, path: string): unknown {
  if (isMsdtError(error)) return error;
  const code = (error as { code?: string }).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new MsdtError('store.full', 'The disk is full', {
      where: { file: path },
      hint: 'Free some space, or choose a folder on another disk.',
      cause: error,
    });
  const reason = REASONS[code === 'EPERM' ? 'EACCES' : code === 'EEXIST' ? 'ENOTDIR' : code];
  if (!reason) return error;
  return new MsdtError('parameter.invalid', `Cannot write to ${path}`, {
    where: { file: path },
    detail: reason[0],
    hint: reason[1],
    cause: error,
  });
}
