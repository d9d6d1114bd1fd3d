/** Reads the store's recordings (Parquet with a header in the metadata `msdt`) column by column, by range. */

import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { AxisDirection } from '../../../../model/index.ts';
import type {
  BodyFrames,
  ChannelInfo,
  PlateOutline,
  PointFrames,
  RecordingHead,
  RecordingTime,
  ShapeFrames,
} from './recording.ts';

type Column = Float32Array | Float64Array | Int32Array;

interface Header extends Omit<RecordingTime, 'timeS'> {
  uneven?: boolean;
  timeS?: number[];
  up?: AxisDirection;
  channels?: (ChannelInfo & { column: string })[];
  plates?: PlateOutline[];
  points?: { name: string; column: string }[];
  parents?: number[];
  counts?: number[];
  values?: string[];
  triangles?: string[];
  width?: number;
  height?: number;
  frames?: number;
  intrinsics?: { fx: number; fy: number; cx: number; cy: number };
}

/** A recording whose header has been read; columns are read when they are wanted. */
export interface OpenRecording {
  head: RecordingHead;
  header: Header;
  column(name: string): Promise<Column>;
}

/** @throws Error with a sentence for the reader of the page */
export async function openRecording(file: AsyncBuffer): Promise<OpenRecording> {
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: 256 * 1024 });
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'msdt')?.value;
  const envelope = JSON.parse(text ?? '{}') as { format?: string; kind?: string; name?: string; header?: Header };
  const { header, kind = '' } = envelope;
  if (envelope.format !== 'msdt-motion' || !header) throw new Error('The stored recording has no header.');
  const column = (name: string): Promise<Column> => readColumn(file, metadata, name);
  const timeS = header.uneven
    ? ((await column('time_s')) as Float64Array)
    : header.timeS && Float64Array.from(header.timeS);
  const head: RecordingHead = {
    kind,
    name: envelope.name ?? '',
    clock: header.clock,
    startS: header.startS,
    rateHz: header.rateHz,
    timeS,
    count: header.counts?.length ?? header.frames ?? Number(metadata.num_rows),
    channels: (header.channels ?? []).map(({ column: _, ...about }) => about),
    ...(header.plates && { plates: header.plates.map(({ id, corners }) => ({ id, corners: [...corners] })) }),
  };
  return { head, header, column };
}

async function readColumn(file: AsyncBuffer, metadata: FileMetaData, name: string): Promise<Column> {
  const pieces: ArrayLike<number>[] = [];
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    await parquetRead({
      file,
      metadata,
      columns: [name],
      rowStart,
      rowEnd,
      onChunk: ({ columnData }) => pieces.push(columnData as ArrayLike<number>),
    });
    rowStart = rowEnd;
  }
  const [first] = pieces;
  if (pieces.length === 1 && ArrayBuffer.isView(first)) return first as unknown as Column;
  const Kind = first instanceof Float32Array ? Float32Array : first instanceof Int32Array ? Int32Array : Float64Array;
  const whole = new Kind(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Values of one channel. */
export function readChannel({ header, column }: OpenRecording, index: number): Promise<Column> {
  const channel = header.channels?.[index];
  if (!channel) throw new Error(`The recording has no channel ${index}.`);
  return column(channel.column);
}

/** Everything of a body in motion. */
export async function readBody(recording: OpenRecording): Promise<BodyFrames> {
  const { header } = recording;
  if (header.points) return readPoints(recording);
  return header.intrinsics ? readDepth(recording) : readShapes(recording);
}

function timeOf({ head, header }: OpenRecording): RecordingTime & { count: number; up?: AxisDirection } {
  const { clock, startS, rateHz, timeS, count } = head;
  return { clock, startS, rateHz, timeS, count, up: header.up };
}

async function readPoints(recording: OpenRecording): Promise<PointFrames> {
  const { header, head, column } = recording;
  const points = header.points ?? [];
  const positions = new Float32Array(3 * points.length * head.count);
  for (const [p, point] of points.entries()) {
    for (const [a, axis] of ['x', 'y', 'z'].entries()) {
      const values = await column(`${point.column}.${axis}`);
      for (let f = 0, at = 3 * p + a; f < values.length; f++, at += 3 * points.length) positions[at] = values[f];
    }
  }
  return {
    type: 'points',
    ...timeOf(recording),
    names: points.map(({ name }) => name),
    parents: header.parents,
    positions,
  };
}

async function readShapes(recording: OpenRecording): Promise<ShapeFrames> {
  const { header, column } = recording;
  const counts = header.counts ?? [];
  const start = new Uint32Array(counts.length + 1);
  counts.forEach((count, f) => {
    start[f + 1] = start[f] + count;
  });
  const positions = new Float32Array(3 * start[counts.length]);
  for (const [a, name] of ['x_mm', 'y_mm', 'z_mm'].entries()) {
    const values = await column(name);
    for (let i = 0; i < values.length; i++) positions[3 * i + a] = values[i];
  }
  const values: Record<string, Float32Array> = {};
  for (const name of header.values ?? []) values[name] = Float32Array.from(await column(`value ${name}`));
  const triangles = (header.triangles ?? []).map(fromBase64);
  return { type: triangles.length > 0 ? 'mesh' : 'cloud', ...timeOf(recording), positions, start, triangles, values };
}

/** Depth pictures as the points they see: x right, y down, z away from the camera · mm */
async function readDepth(recording: OpenRecording): Promise<ShapeFrames> {
  const { header, head, column } = recording;
  const { fx, fy, cx, cy } = header.intrinsics as NonNullable<Header['intrinsics']>;
  const width = header.width ?? 1;
  const [frame, pixel, depth] = [await column('frame'), await column('pixel'), await column('depth_mm')];
  const start = new Uint32Array(head.count + 1);
  for (const f of frame) start[f + 1]++;
  for (let f = 0; f < head.count; f++) start[f + 1] += start[f];
  const positions = new Float32Array(3 * frame.length);
  for (let i = 0; i < frame.length; i++) {
    const z = depth[i];
    positions[3 * i] = ((pixel[i] % width) - cx) * (z / fx);
    positions[3 * i + 1] = (Math.floor(pixel[i] / width) - cy) * (z / fy);
    positions[3 * i + 2] = z;
  }
  return { type: 'cloud', ...timeOf(recording), up: '-y', positions, start, triangles: [], values: {} };
}

function fromBase64(text: string): Uint32Array {
  return new Uint32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
