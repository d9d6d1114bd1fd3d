/** Reads surfaces and makes their light copies away from the page's thread. */

import { messageOf } from '../../../../model/index.ts';
import { coarsen } from './coarsen.ts';
import { readGlb, type SurfaceArrays } from './glb.ts';

export interface SurfaceRequest {
  id: number;
  buffer: ArrayBuffer;
}

export type SurfaceReply =
  | { id: number; ok: true; full: SurfaceArrays; coarse: SurfaceArrays }
  | { id: number; ok: false; message: string };

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<SurfaceRequest>) => void) | null;
  postMessage(reply: SurfaceReply, transfer?: Transferable[]): void;
};

scope.onmessage = async ({ data: { id, buffer } }) => {
  try {
    const full = readGlb(buffer);
    const coarse = await coarsen(full);
    const arrays = coarse === full ? [full] : [full, coarse];
    const transfer = arrays.flatMap((part) => [
      part.positions.buffer,
      part.normals.buffer,
      part.triangles.buffer,
    ]) as ArrayBuffer[];
    scope.postMessage({ id, ok: true, full, coarse }, [...new Set(transfer)]);
  } catch (error) {
    scope.postMessage({ id, ok: false, message: messageOf(error) });
  }
};
