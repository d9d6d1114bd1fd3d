/** Uploads that resume: files are announced, chunks arrive in order, and a lost connection asks how much is there. */

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MsdtError } from '../model/index.ts';

/** Largest upload as a whole · bytes */
const MOST_UPLOAD_BYTES = 16 * 1024 ** 3;
/** Chunk that clients are asked to send · bytes */
export const CHUNK_BYTES = 8 * 1024 * 1024;
/** An upload nobody touched for so long is swept · ms */
const STALE_MS = 24 * 3600 * 1000;

export interface UploadFile {
  index: number;
  name: string;
  bytes: number;
  received: number;
}

export interface Upload {
  id: string;
  twin: string;
  chunkBytes: number;
  files: UploadFile[];
  /** overrides for readers */
  choices?: Record<string, string>;
}

export interface Uploads {
  create(
    twin: string,
    files: readonly { name: string; bytes: number }[],
    choices?: Record<string, string>,
  ): Promise<Upload>;
  /** @throws MsdtError `store.not-found` */
  get(id: string): Upload;
  /** Appends a chunk at its offset. @throws MsdtError `store.conflict` the offset is not where the file ends */
  write(id: string, index: number, offset: number, chunk: AsyncIterable<Uint8Array>): Promise<UploadFile>;
  /** Files of a complete upload with their places on disk. @throws MsdtError `file.truncated` a file is not whole */
  complete(id: string): {
    twin: string;
    files: { name: string; path: string }[];
    choices?: Record<string, string>;
    cleanUp(): Promise<void>;
  };
}

/** Opens the upload area. Stored names are numbers: a name of a user never becomes a path. */
export async function createUploads(folder: string): Promise<Uploads> {
  await mkdir(folder, { recursive: true });
  await sweep(folder);
  const uploads = new Map<string, Upload>();
  const writing = new Set<string>();

  const get = (id: string): Upload => {
    const upload = uploads.get(id);
    if (!upload)
      throw new MsdtError('store.not-found', 'This upload is not known any more', {
        hint: 'Drop the files again; what was finished is kept.',
      });
    return upload;
  };
  const pathOf = (id: string, index: number): string => join(folder, id, String(index));

  return {
    get,
    async create(twin, files, choices) {
      const total = files.reduce((sum, file) => sum + file.bytes, 0);
      if (total > MOST_UPLOAD_BYTES) {
        throw new MsdtError('file.too-large', `${(total / 1024 ** 3).toFixed(1)} GiB in one upload`, {
          hint: `At most ${MOST_UPLOAD_BYTES / 1024 ** 3} GiB; use \`msdt build\` on the machine itself for more.`,
        });
      }
      const upload: Upload = {
        id: randomUUID(),
        twin,
        chunkBytes: CHUNK_BYTES,
        files: files.map((file, index) => ({ index, name: cleanName(file.name), bytes: file.bytes, received: 0 })),
        ...(choices && { choices }),
      };
      await mkdir(join(folder, upload.id));
      uploads.set(upload.id, upload);
      return upload;
    },
    async write(id, index, offset, chunk) {
      const file = get(id).files[index];
      if (!file)
        throw new MsdtError('store.not-found', `The upload has no file ${index}`, {
          hint: 'Announce the files again.',
        });
      const key = `${id}/${index}`;
      if (writing.has(key) || offset !== file.received) {
        throw new MsdtError('store.conflict', `The file continues at byte ${file.received}, not ${offset}`, {
          where: { file: file.name },
          hint: 'Ask how much has arrived and go on from there.',
        });
      }
      writing.add(key);
      const handle = await open(pathOf(id, index), offset === 0 ? 'w' : 'r+');
      try {
        let at = offset;
        for await (const part of chunk) {
          if (at + part.length > file.bytes)
            throw new MsdtError('file.too-large', 'More bytes arrived than were announced', {
              where: { file: file.name },
              hint: 'Announce the file again with its true size.',
            });
          await handle.write(part, 0, part.length, at);
          at += part.length;
          file.received = at;
        }
      } finally {
        await handle.close();
        writing.delete(key);
      }
      return file;
    },
    complete(id) {
      const upload = get(id);
      const missing = upload.files.find((file) => file.received !== file.bytes);
      if (missing) {
        throw new MsdtError('file.truncated', `${missing.name} is not whole yet`, {
          where: { file: missing.name, place: `byte ${missing.received} of ${missing.bytes}` },
          hint: 'Send the rest, then complete the upload.',
        });
      }
      uploads.delete(id);
      return {
        twin: upload.twin,
        choices: upload.choices,
        files: upload.files
          .filter((file) => file.bytes > 0)
          .map((file) => ({ name: file.name, path: pathOf(id, file.index) })),
        cleanUp: () => rm(join(folder, id), { recursive: true, force: true }),
      };
    },
  };
}

/** Names are for messages and grouping only: no leading slashes, no dots that climb, no control characters. */
function cleanName(name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => [...part].filter((character) => character >= ' ' && character !== '\u007f').join(''))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.join('/') || 'file';
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
