/** Files of a folder, a zip or an upload as the readers see them. */

import { closeSync, openSync, readSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { MsdtError, type SourceFile } from '../../model/index.ts';

/** Deepest folder nesting that is walked, and most files taken, so that a stray root folder ends in a message. */
const MAX_DEPTH = 24;
const MAX_FILES = 100_000;

/** Reads up to this long are done at once: the way through the thread pool and back costs more than they do. */
const SHORT_READ_BYTES = 64 * 1024;

/**
 * A file on disk as a `SourceFile`.
 * @param name - how messages and groups call it
 */
export async function fileOnDisk(path: string, name = basename(path)): Promise<SourceFile> {
  const { size } = await stat(path);
  const slice = async (start: number, end: number): Promise<Uint8Array> => {
    const length = Math.max(0, Math.min(end, size) - start);
    if (length <= SHORT_READ_BYTES) {
      const buffer = new Uint8Array(length);
      return buffer.subarray(0, readNow(path, buffer, start));
    }
    const handle = await open(path, 'r');
    try {
      const buffer = new Uint8Array(length);
      let at = 0;
      while (at < length) {
        const { bytesRead } = await handle.read(buffer, at, length - at, start + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return at === length ? buffer : buffer.subarray(0, at);
    } finally {
      await handle.close();
    }
  };
  return {
    name,
    bytes: size,
    head: (length) => slice(0, length),
    read: () => slice(0, size),
    slice,
    readInto: async (target, start) => readNow(path, target, start),
  };
}

/** Fills `target` from byte `start` on; blocks this thread, so only for short reads and for workers that have nothing else to do. */
function readNow(path: string, target: Uint8Array, start: number): number {
  const file = openSync(path, 'r');
  try {
    let at = 0;
    while (at < target.length) {
      const count = readSync(file, target, at, target.length - at, start + at);
      if (count === 0) break;
      at += count;
    }
    return at;
  } finally {
    closeSync(file);
  }
}

/** Bytes in memory as a `SourceFile`. */
export function fileInMemory(name: string, bytes: Uint8Array): SourceFile {
  return {
    name,
    bytes: bytes.byteLength,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}

/**
 * All files of a folder (or the one file), in a stable order; hidden files and symbolic links are left out.
 * @throws MsdtError `file.unreadable` when the path does not exist
 */
export async function filesOf(path: string): Promise<SourceFile[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new MsdtError('file.unreadable', `Cannot open ${path}`, {
      where: { file: path },
      hint: 'Check the path and the permission to read it.',
      cause,
    });
  });
  if (!info.isDirectory()) return [await fileOnDisk(path)];
  const found: string[] = [];
  await walk(path, 0, found);
  found.sort();
  return Promise.all(found.map((file) => fileOnDisk(file, relative(path, file).split(sep).join('/'))));
}

async function walk(folder: string, depth: number, found: string[]): Promise<void> {
  if (depth > MAX_DEPTH) {
    throw new MsdtError('file.too-large', 'Folders are nested too deeply', {
      where: { file: folder },
      hint: `At most ${MAX_DEPTH} levels; drop the folder that holds the study.`,
    });
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, depth + 1, found);
    else if (entry.isFile()) found.push(path);
    if (found.length > MAX_FILES) {
      throw new MsdtError('file.too-large', `More than ${MAX_FILES} files`, {
        where: { file: folder },
        hint: 'Drop the folder of one study.',
      });
    }
  }
}
