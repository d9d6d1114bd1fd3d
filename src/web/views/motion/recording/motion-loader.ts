/** Recordings by content hash: heads, channels and bodies, each decoded once in the worker and kept. */

import { MsdtError, messageOf } from '../../../../model/index.ts';
import type { BlobReader } from '../../../kit/blobs.ts';
import type { MotionReply, MotionRequest } from './motion-worker.ts';
import type { BlobPlace, BodyFrames, Channel, RecordingHead } from './recording.ts';

type Value = RecordingHead | Channel | BodyFrames;
type Asking = { type: 'head' | 'body'; place: BlobPlace } | { type: 'channel'; place: BlobPlace; index: number };

const MOST_BODIES = 6;

const waiting = new Map<number, { resolve(value: Value): void; reject(error: unknown): void }>();
const kept = new Map<string, Promise<Value>>();
let worker: Worker | undefined;
let nextId = 1;

function startWorker(reader: BlobReader): Worker {
  const made = new Worker(new URL('./motion-worker.ts', import.meta.url), { type: 'module' });
  const tell = (request: MotionRequest, transfer: Transferable[] = []): void => made.postMessage(request, transfer);
  made.onmessage = ({ data }: MessageEvent<MotionReply>) => {
    if (data.type === 'need') {
      const { call, sha256, start, end } = data;
      reader.bytes(sha256, { start, end }).then(
        (buffer) => tell({ type: 'range', call, buffer }, [buffer]),
        (error: unknown) => tell({ type: 'range', call, message: messageOf(error) }),
      );
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.type === 'done') asked?.resolve(data.value);
    else asked?.reject(unreadable(data.message));
  };
  made.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(unreadable(event.message));
    waiting.clear();
  };
  return made;
}

function unreadable(detail: string): MsdtError {
  return new MsdtError('file.malformed', 'A recording cannot be shown', { detail, hint: 'Build the twin again.' });
}

function ask<T extends Value>(reader: BlobReader, asking: Asking, key: string): Promise<T> {
  const hit = kept.get(key);
  if (hit) return hit as Promise<T>;
  worker ??= startWorker(reader);
  const id = nextId++;
  const made = new Promise<Value>((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ ...asking, id } satisfies MotionRequest);
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made as Promise<T>;
}

export function loadHead(reader: BlobReader, place: BlobPlace): Promise<RecordingHead> {
  return ask(reader, { type: 'head', place }, `${place.sha256} head`);
}

export function loadChannel(reader: BlobReader, place: BlobPlace, index: number): Promise<Channel> {
  return ask(reader, { type: 'channel', place, index }, `${place.sha256} ${index}`);
}

/** Bodies are large: only the last few are kept. */
export function loadBody(reader: BlobReader, place: BlobPlace): Promise<BodyFrames> {
  const bodies = [...kept.keys()].filter((key) => key.endsWith(' body'));
  for (const key of bodies.slice(0, Math.max(0, bodies.length - MOST_BODIES))) kept.delete(key);
  return ask(reader, { type: 'body', place }, `${place.sha256} body`);
}
