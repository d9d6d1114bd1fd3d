/** Recordings as Parquet, complete and bit for bit. */

import { type MotionKind, readMotionParquet, writeMotionParquet } from '../../formats/index.ts';
import {
  type CloudSequence,
  type DepthSequence,
  frameCount,
  type MeshSequence,
  MsdtError,
  messageOf,
  type PayloadByKind,
  type PointSequence,
  type Signals,
  sampleCount,
  sampleTimeS,
  type TimeBase,
} from '../../model/index.ts';
import type { Drafted, EncodedArtifact } from './artifact-codec.ts';
import { fileStem } from './stem.ts';

type Motion = PayloadByKind[MotionKind];

export function encodeMotion(draft: Drafted<Motion>, synthetic: boolean): EncodedArtifact {
  const kind = draft.kind as MotionKind;
  const file = writeMotionParquet({ kind, payload: draft.payload, name: draft.name }, { synthetic });
  return { files: [{ ...file, name: `${fileStem(draft)}.parquet` }], summary: summaryOf(kind, draft.payload) };
}

/** @throws MsdtError `store.damaged` */
export async function decodeMotion(bytes: Uint8Array, file: string): Promise<Motion> {
  try {
    return (await readMotionParquet(bytes, file)).payload;
  } catch (cause) {
    throw new MsdtError('store.damaged', 'A stored recording cannot be read', {
      where: { file },
      detail: messageOf(cause),
      hint: 'Restore the data folder from its backup, or run the capability again.',
      cause,
    });
  }
}

function summaryOf(kind: MotionKind, payload: Motion): Record<string, number | string | boolean> {
  const base = payload as TimeBase;
  const common = { clock: base.clock, rateHz: Number(base.rateHz.toPrecision(9)) };
  if (kind.startsWith('signal.')) {
    const signals = payload as Signals;
    const samples = sampleCount(signals);
    return { ...common, channels: signals.channels.length, samples, ...spanOf(signals, samples) };
  }
  if (kind === 'sequence.markers' || kind === 'sequence.skeleton') {
    const points = payload as PointSequence;
    const frames = frameCount(points);
    return { ...common, frame: points.frame, points: points.names.length, frames, ...spanOf(points, frames) };
  }
  if (kind === 'sequence.depth') {
    const { width, height, depthMm } = payload as DepthSequence;
    const frames = depthMm.length / (width * height);
    return { ...common, width, height, frames, ...spanOf(base, frames) };
  }
  const { positions, frame } = payload as MeshSequence | CloudSequence;
  const frames = positions.length;
  return { ...common, frame, points: (positions[0]?.length ?? 0) / 3, frames, ...spanOf(base, frames) };
}

function spanOf(base: TimeBase, count: number): { startS: number; endS: number } {
  return count ? { startS: sampleTimeS(base, 0), endS: sampleTimeS(base, count - 1) } : { startS: 0, endS: 0 };
}
