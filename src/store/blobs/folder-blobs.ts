/**
 * Content-addressed bytes in a folder: `ab/cd…`, named by their SHA-256, written once, never changed.
 *
 * A blob is written beside its place, synced, renamed into place and its folder synced, so whoever sees its name sees all
 * of it, also after a power cut. Measured (docs/decisions/0003-store.md): the sync is most of the cost of a small blob.
 */

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArgumentError, MsdtError } from '../../model/index.ts';
import type { BlobStore, ByteRange } from '../../twin/index.ts';
import { codeOf, folderError, makeFolder, randomName, syncFolder } from '../folder/files.ts';

/** Name of the folder inside the blob folder where unfinished blobs lie. */
export const UNFINISHED = 'unfinished';

/** Nobody writes a blob twice; Windows cannot rename or remove what is read-only. */
const BLOB_MODE = process.platform === 'win32' ? 0o644 : 0o444;

/** Largest single read or write handed to the system: some refuse 2 GiB at once. */
const STEP_BYTES = 1 << 30;

const SHA256 = /^[0-9a-f]{64}$/;

/** Opens a folder of blobs; it is made with the first blob. Several threads may have the same folder open. */
export function openBlobStore(root: string): FolderBlobs {
  return new FolderBlobs(root);
}

export class FolderBlobs implements BlobStore {
  readonly root: string;
  /** how often each blob was put since the start and not yet named by a row; nothing here is swept */
  private readonly pins = new Map<string, number>();
  private readonly durable = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  /** @throws MsdtError `store.unavailable` the folder cannot be made */
  async prepare(): Promise<void> {
    await makeFolder(join(this.root, UNFINISHED)).catch((error: unknown) => {
      throw folderError(error, this.root);
    });
  }

  /** Path of a blob, for hard links and tools on this machine. */
  pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new ArgumentError('sha256', sha256, '64 hexadecimal digits');
    return join(this.root, sha256.slice(0, 2), sha256.slice(2));
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
    try {
      return bytes instanceof Uint8Array ? await this.putWhole(bytes) : await this.putStream(bytes);
    } catch (error) {
      throw folderError(error, this.root);
    }
  }

  async size(sha256: string): Promise<number | undefined> {
    const found = await stat(this.pathOf(sha256)).catch(absent);
    return found?.size;
  }

  async read(sha256: string, options: { range?: ByteRange; into?: Uint8Array } = {}): Promise<Uint8Array> {
    const handle = await open(this.pathOf(sha256), 'r').catch((error: unknown) => {
      throw missing(sha256, error);
    });
    try {
      const { start, end } = options.range ?? { start: 0, end: (await handle.stat()).size };
      const length = end - start;
      if (!(start >= 0 && length >= 0)) throw new ArgumentError('range', `${start} to ${end}`, '0 ≤ start ≤ end');
      if (options.into && options.into.byteLength < length)
        throw new ArgumentError('into', options.into, `room for ${length} bytes`);
      const target = options.into?.subarray(0, length) ?? new Uint8Array(length);
      await fill(handle, target, start, sha256);
      return target;
    } finally {
      await handle.close();
    }
  }

  async *stream(sha256: string, range?: ByteRange): AsyncIterable<Uint8Array> {
    const part = range ? { start: range.start, end: range.end - 1 } : {};
    if (range && range.end <= range.start) return;
    const stream = createReadStream(this.pathOf(sha256), { ...part, highWaterMark: 1 << 18 });
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? missing(sha256, error) : error;
    }
  }

  async verify(sha256: string): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of this.stream(sha256)) hash.update(chunk);
    } catch {
      return false;
    }
    return hash.digest('hex') === sha256;
  }

  /** Rows name these blobs now: they need no pin any more. */
  unpin(hashes: Iterable<string>): void {
    for (const sha256 of hashes) {
      const left = (this.pins.get(sha256) ?? 0) - 1;
      if (left > 0) this.pins.set(sha256, left);
      else this.pins.delete(sha256);
    }
  }

  /** True while a blob may be about to be named by a row. */
  isPinned(sha256: string): boolean {
    return this.pins.has(sha256);
  }

  /** Takes blobs out; only for those that no row names. */
  async remove(hashes: Iterable<string>): Promise<void> {
    for (const sha256 of hashes) {
      this.durable.delete(sha256);
      await rm(this.pathOf(sha256), { force: true });
    }
  }

  private pin(sha256: string): void {
    this.pins.set(sha256, (this.pins.get(sha256) ?? 0) + 1);
  }

  private async putWhole(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.pin(sha256);
    if (await this.has(sha256, bytes.byteLength)) return { sha256, bytes: bytes.byteLength };
    return this.write(async (handle) => {
      await writeAll(handle, bytes);
      return { sha256, bytes: bytes.byteLength };
    });
  }

  private putStream(chunks: AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
    return this.write(async (handle) => {
      const hash: Hash = createHash('sha256');
      let count = 0;
      for await (const chunk of chunks) {
        hash.update(chunk);
        await writeAll(handle, chunk);
        count += chunk.byteLength;
      }
      const sha256 = hash.digest('hex');
      this.pin(sha256);
      return { sha256, bytes: count };
    });
  }

  /** Writes beside, syncs, renames into place, syncs the folder. */
  private async write(
    fillFile: (handle: FileHandle) => Promise<{ sha256: string; bytes: number }>,
  ): Promise<{ sha256: string; bytes: number }> {
    const temporary = join(this.root, UNFINISHED, randomName());
    await makeFolder(dirname(temporary));
    try {
      const handle = await open(temporary, 'wx', BLOB_MODE);
      let written: { sha256: string; bytes: number };
      try {
        written = await fillFile(handle);
        await handle.sync();
      } finally {
        await handle.close();
      }
      const path = this.pathOf(written.sha256);
      await makeFolder(dirname(path));
      await rename(temporary, path);
      await syncFolder(dirname(path));
      this.durable.add(written.sha256);
      return written;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** True when the blob lies there whole and durable; one left by a killed process is synced first. */
  private async has(sha256: string, bytes: number): Promise<boolean> {
    const path = this.pathOf(sha256);
    const found = await stat(path).catch(absent);
    if (found?.size !== bytes) return false;
    if (this.durable.has(sha256)) return true;
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    await syncFolder(dirname(path));
    this.durable.add(sha256);
    return true;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, at, Math.min(STEP_BYTES, bytes.byteLength - at));
    at += bytesWritten;
  }
}

async function fill(handle: FileHandle, target: Uint8Array, start: number, sha256: string): Promise<void> {
  for (let at = 0; at < target.byteLength; ) {
    const { bytesRead } = await handle.read(target, at, Math.min(STEP_BYTES, target.byteLength - at), start + at);
    if (bytesRead === 0) {
      throw new MsdtError('store.damaged', 'A stored file is shorter than it should be', {
        where: { file: `blobs/${sha256.slice(0, 8)}…`, place: `byte ${start + at}` },
        hint: 'Restore the data folder from its backup, or import the source again.',
      });
    }
    at += bytesRead;
  }
}

function absent(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

function missing(sha256: string, cause: unknown): unknown {
  if (codeOf(cause) !== 'ENOENT') return cause;
  return new MsdtError('store.damaged', 'A stored file is missing', {
    where: { file: `blobs/${sha256.slice(0, 8)}…` },
    hint: 'Restore the data folder from its backup, or import the source again.',
    cause,
  });
}
