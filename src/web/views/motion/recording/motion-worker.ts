/** Decodes recordings and builds their pyramids away from the page's thread; asks the page for ranges of bytes. */

import { messageOf } from '../../../../model/index.ts';
import { buildChannel } from './pyramid.ts';
import { type OpenRecording, openRecording, readBody, readChannel } from './read-motion.ts';
import type { BlobPlace, BodyFrames, Channel, RecordingHead } from './recording.ts';

export type MotionRequest =
  | { type: 'head'; id: number; place: BlobPlace }
  | { type: 'channel'; id: number; place: BlobPlace; index: number }
  | { type: 'body'; id: number; place: BlobPlace }
  | { type: 'range'; call: number; buffer?: ArrayBuffer; message?: string };

export type MotionReply =
  | { type: 'done'; id: number; value: RecordingHead | Channel | BodyFrames }
  | { type: 'failed'; id: number; message: string }
  | { type: 'need'; call: number; sha256: string; start: number; end: number };

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<MotionRequest>) => void) | null;
  postMessage(reply: MotionReply, transfer?: Transferable[]): void;
};

const opened = new Map<string, Promise<OpenRecording>>();
const asked = new Map<number, { resolve(buffer: ArrayBuffer): void; reject(error: Error): void }>();
let calls = 0;

/** A file on the other side: whole columns come as one range each. */
function remote({ sha256, bytes }: BlobPlace): {
  byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
} {
  return {
    byteLength: bytes,
    slice: (start, end = bytes) =>
      new Promise((resolve, reject) => {
        const call = ++calls;
        asked.set(call, { resolve, reject });
        scope.postMessage({ type: 'need', call, sha256, start: start < 0 ? bytes + start : start, end });
      }),
  };
}

function open(place: BlobPlace): Promise<OpenRecording> {
  let made = opened.get(place.sha256);
  if (!made) {
    made = openRecording(remote(place));
    opened.set(place.sha256, made);
    made.catch(() => opened.delete(place.sha256));
  }
  return made;
}

async function answer(
  request: Exclude<MotionRequest, { type: 'range' }>,
): Promise<RecordingHead | Channel | BodyFrames> {
  const recording = await open(request.place);
  if (request.type === 'head') return recording.head;
  if (request.type === 'channel') return buildChannel(await readChannel(recording, request.index));
  return readBody(recording);
}

/** Large arrays that may leave this thread; what the header holds stays. */
function buffersOf(value: RecordingHead | Channel | BodyFrames): Transferable[] {
  if ('levels' in value) {
    const { sum, square, count } = value.sums;
    const arrays = [value.values, sum, square, count, ...value.levels.flatMap(({ low, high }) => [low, high])];
    return [...new Set(arrays.map(({ buffer }) => buffer))] as ArrayBuffer[];
  }
  return 'positions' in value ? [value.positions.buffer as ArrayBuffer] : [];
}

scope.onmessage = async ({ data }) => {
  if (data.type === 'range') {
    const call = asked.get(data.call);
    asked.delete(data.call);
    if (data.buffer) call?.resolve(data.buffer);
    else call?.reject(new Error(data.message));
    return;
  }
  try {
    const value = await answer(data);
    scope.postMessage({ type: 'done', id: data.id, value }, buffersOf(value));
  } catch (error) {
    scope.postMessage({ type: 'failed', id: data.id, message: messageOf(error) });
  }
};
