/** Surfaces by content hash: fetched once, read in a worker, kept while they fit. */

import { MsdtError } from '../../../../model/index.ts';
import type { BlobReader } from '../../../kit/blobs.ts';
import type { SurfaceArrays } from './glb.ts';
import type { SurfaceReply, SurfaceRequest } from './surface-worker.ts';

export interface Surface {
  full: SurfaceArrays;
  /** light copy for turning; the same object where the surface is light already */
  coarse: SurfaceArrays;
}

const MOST_KEPT = 160;
const AT_ONCE = 3;

const kept = new Map<string, Promise<Surface>>();
const waiting = new Map<number, { resolve(surface: Surface): void; reject(error: unknown): void }>();
const queue: (() => void)[] = [];
let running = 0;
let nextId = 1;
let worker: Worker | undefined;

function startWorker(): Worker {
  const made = new Worker(new URL('./surface-worker.ts', import.meta.url), { type: 'module' });
  made.onmessage = ({ data }: MessageEvent<SurfaceReply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) asked?.resolve({ full: data.full, coarse: data.coarse });
    else
      asked?.reject(
        new MsdtError('file.malformed', 'A surface cannot be shown', {
          detail: data.message,
          hint: 'Build the twin again.',
        }),
      );
  };
  made.onerror = (event) => {
    for (const { reject } of waiting.values())
      reject(
        new MsdtError('job.crashed', 'The surface reader stopped', { detail: event.message, hint: 'Reload the page.' }),
      );
    waiting.clear();
  };
  return made;
}

function readInWorker(buffer: ArrayBuffer): Promise<Surface> {
  worker ??= startWorker();
  const id = nextId++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    const request: SurfaceRequest = { id, buffer };
    worker?.postMessage(request, [buffer]);
  });
}

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((go) => queue.push(go));
  running++;
  try {
    return await task();
  } finally {
    running--;
    queue.shift()?.();
  }
}

/** The surface of a GLB blob. */
export function loadSurface(reader: BlobReader, sha256: string): Promise<Surface> {
  const hit = kept.get(sha256);
  if (hit) return hit;
  const made = inTurn(async () => readInWorker(await reader.bytes(sha256)));
  kept.set(sha256, made);
  made.catch(() => kept.delete(sha256));
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
  return made;
}
