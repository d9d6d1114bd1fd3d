/** Uploads in chunks that go on where they stopped: progress, cancel, retry. */

import { create } from 'zustand';
import type { WireError, WireUpload } from '../../contract/index.ts';
import { ApiError, call, isAbort, recordOf, sendChunk } from './client.ts';
import type { GivenFile } from './dropped-files.ts';
import { refreshTwin } from './queries.ts';

export interface Upload {
  key: string;
  twin: string;
  title: string;
  files: number;
  bytes: number;
  sent: number;
  state: 'sending' | 'waiting' | 'done' | 'failed' | 'cancelled';
  error?: WireError;
  /** job that reads the files once they are there */
  job?: string;
  /** tables that were sent without a word of what their columns are */
  tables: readonly GivenFile[];
}

interface Running {
  given: GivenFile[];
  choices?: Record<string, string>;
  server?: WireUpload;
  abort: AbortController;
}

const running = new Map<string, Running>();
const TRIES = 5;
let nextKey = 1;

export const useUploads = create<{ list: Upload[] }>(() => ({ list: [] }));

function change(key: string, part: Partial<Upload>): void {
  useUploads.setState(({ list }) => ({ list: list.map((u) => (u.key === key ? { ...u, ...part } : u)) }));
}

/**
 * Starts to send files to a twin.
 * @param choices - how they are to be read
 * @returns key of the upload
 */
export function startUpload(twin: string, given: GivenFile[], choices?: Record<string, string>): string {
  const key = `upload-${nextKey++}`;
  const bytes = given.reduce((sum, { file }) => sum + file.size, 0);
  const title = given.length === 1 ? given[0].name : `${given[0].name.split('/')[0]} · ${given.length} files`;
  const tables = choices ? [] : given.filter(({ name }) => /\.(csv|tsv|txt)$/i.test(name));
  const upload: Upload = { key, twin, title, files: given.length, bytes, sent: 0, state: 'sending', tables };
  useUploads.setState(({ list }) => ({ list: [upload, ...list] }));
  running.set(key, { given, choices, abort: new AbortController() });
  void send(key);
  return key;
}

export function cancelUpload(key: string): void {
  running.get(key)?.abort.abort();
  change(key, { state: 'cancelled' });
}

/** Goes on with an upload that failed or was cancelled, from where the server has it. */
export function resumeUpload(key: string): void {
  const run = running.get(key);
  if (!run) return;
  run.abort = new AbortController();
  change(key, { state: 'sending', error: undefined });
  void send(key);
}

export function forgetUpload(key: string): void {
  running.delete(key);
  useUploads.setState(({ list }) => ({ list: list.filter((u) => u.key !== key) }));
}

async function send(key: string): Promise<void> {
  const run = running.get(key);
  const upload = useUploads.getState().list.find((u) => u.key === key);
  if (!run || !upload) return;
  const { signal } = run.abort;
  try {
    const files = run.given.map(({ name, file }) => ({ name, bytes: file.size }));
    run.server = run.server
      ? await call('getUpload', { params: { upload: run.server.id } }, signal)
      : await call('createUpload', { body: { twin: upload.twin, files, choices: run.choices } }, signal);
    let done = run.server.files.reduce((sum, f) => sum + f.received, 0);
    change(key, { sent: done });
    for (const row of run.server.files) {
      const { file } = run.given[row.index];
      while (row.received < file.size) {
        const chunk = file.slice(row.received, row.received + run.server.chunkBytes);
        const base = done;
        row.received = await sendWithPatience(key, run.server.id, row.index, row.received, chunk, signal, (bytes) =>
          change(key, { sent: base + bytes }),
        );
        done = base + chunk.size;
      }
    }
    const { job } = await call('completeUpload', { params: { upload: run.server.id } }, signal);
    change(key, { state: 'done', sent: upload.bytes, job });
    running.delete(key);
    refreshTwin(upload.twin);
  } catch (error) {
    if (isAbort(error)) return;
    change(key, { state: 'failed', error: recordOf(error) });
  }
}

/** One chunk, tried again when the line breaks; the server is asked where it stands. */
async function sendWithPatience(
  key: string,
  id: string,
  index: number,
  offset: number,
  chunk: Blob,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      const received = await sendChunk(id, index, offset, chunk, signal, onSent);
      change(key, { state: 'sending' });
      return received;
    } catch (error) {
      const mayPass = error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.status === 409);
      if (!mayPass || attempt >= TRIES) throw error;
      change(key, { state: 'waiting' });
      await pause(500 * 2 ** attempt, signal);
      const now = await call('getUpload', { params: { upload: id } }, signal).catch(() => undefined);
      const received = now?.files[index]?.received;
      if (received !== undefined && received > offset) return received;
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new DOMException('cancelled', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
