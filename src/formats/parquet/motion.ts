/**
 * Recordings as Parquet: one row a sample (signals, markers), a point (surfaces, clouds) or a pixel (depth). Whatever is not a
 * column rides as JSON in the metadata `msdt`, so that a file comes back bit for bit, and opens in pandas or DuckDB as it is.
 */

import { type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import {
  type ArtifactKind,
  type CloudSequence,
  type DepthSequence,
  type MeshSequence,
  type MsdtError,
  messageOf,
  type PayloadByKind,
  POINT_SEQUENCE_KINDS,
  type PointSequence,
  SIGNAL_KINDS,
  type SignalChannel,
  type Signals,
  type WrittenFile,
} from '../../model/index.ts';
import { fileError, fileNameOf } from '../bytes.ts';
import { type Columns, columnOf, freeName, timesOf } from './columns.ts';
import {
  depthColumns,
  type FramesHeader,
  framesColumns,
  framesHeader,
  readDepth,
  readFrames,
} from './motion-frames.ts';
import { type PointsHeader, pointColumns, pointHeader, readPoints } from './motion-points.ts';

/** Kinds that lie in Parquet completely. */
export const MOTION_KINDS = [
  ...SIGNAL_KINDS,
  ...POINT_SEQUENCE_KINDS,
  'sequence.mesh',
  'sequence.cloud',
  'sequence.depth',
] as const satisfies readonly ArtifactKind[];

/** A kind that lies in Parquet completely. */
export type MotionKind = (typeof MOTION_KINDS)[number];

/** Metadata of a motion file. */
interface Envelope {
  format: 'msdt-motion';
  schemaVersion: 1;
  kind: MotionKind;
  name: string;
  /** ISO 8601 · when it was recorded */
  takenAt?: string;
  protocol?: string;
  header: unknown;
}

/** What a file says of its recording beside the numbers. */
export interface MotionAbout {
  /** generated data say so */
  synthetic?: boolean;
  /** ISO 8601 · when it was recorded */
  takenAt?: string;
  protocol?: string;
}

type SignalsHeader = Omit<Signals, 'channels' | 'timeS' | 'plates'> & {
  uneven: boolean;
  channels: (Omit<SignalChannel, 'values'> & { column: string })[];
  plates?: { id: string; type: number; corners: number[]; origin: number[]; calibration?: number[] }[];
};

/** True for kinds that this file writes and reads. */
export function isMotionKind(kind: ArtifactKind): kind is MotionKind {
  return (MOTION_KINDS as readonly ArtifactKind[]).includes(kind);
}

/** A recording as a Parquet file, uncompressed, so that it is read as fast as it is copied. */
export function writeMotionParquet(
  artifact: { kind: MotionKind; payload: PayloadByKind[MotionKind]; name: string },
  { synthetic = false, takenAt, protocol }: MotionAbout = {},
): WrittenFile {
  const { kind, payload, name } = artifact;
  const { header, columns } = partsOf(kind, payload);
  const envelope: Envelope = { format: 'msdt-motion', schemaVersion: 1, kind, name, takenAt, protocol, header };
  const columnData: ColumnSource[] = [...columns].map(([column, data]) => ({
    name: column,
    data,
    type: data instanceof Float32Array ? 'FLOAT' : data instanceof Float64Array ? 'DOUBLE' : 'INT32',
    nullable: false,
    encoding: 'PLAIN',
  }));
  const kvMetadata = [{ key: 'msdt', value: JSON.stringify(envelope) }];
  if (synthetic) kvMetadata.push({ key: 'note', value: 'SYNTHETIC' });
  const options = { columnData, kvMetadata, codec: 'UNCOMPRESSED', statistics: false, rowGroupSize: 1 << 22 } as const;
  const bytes = new Uint8Array(parquetWriteBuffer({ ...options, pageSize: 1 << 26 }));
  return { name: `${fileNameOf(name)}.parquet`, bytes, mediaType: 'application/vnd.apache.parquet' };
}

/** A recording as it was written. */
export interface MotionFile<Kind extends MotionKind = MotionKind> extends MotionAbout {
  kind: Kind;
  name: string;
  payload: PayloadByKind[Kind];
  synthetic: boolean;
}

/**
 * Reads what `writeMotionParquet` wrote.
 * @param file - name for messages
 * @throws MsdtError `file.malformed`, `file.unsupported` when the file holds another table
 */
export async function readMotionParquet(bytes: Uint8Array, file: string): Promise<MotionFile> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const { envelope, synthetic, metadata } = envelopeOf(buffer, file);
  const columns = await readColumns(buffer, metadata, file);
  const payload = payloadOf(envelope, columns, file);
  const { kind, name, takenAt, protocol } = envelope;
  return { kind, name, payload, synthetic, takenAt, protocol };
}

interface Opened {
  envelope: Envelope;
  metadata: FileMetaData;
  synthetic: boolean;
}

/** All columns, one at a time: a damaged one then fails alone and is caught here. */
async function readColumns(buffer: ArrayBuffer, metadata: FileMetaData, file: string): Promise<Columns> {
  const columns: Columns = new Map();
  const names = metadata.schema.slice(1).map(({ name }) => name);
  try {
    for (const name of names) {
      const pieces: ArrayLike<number>[] = [];
      let start = 0;
      for (const { num_rows } of metadata.row_groups) {
        const rows = { rowStart: start, rowEnd: start + Number(num_rows) };
        await parquetRead({
          file: buffer,
          metadata,
          columns: [name],
          ...rows,
          onChunk: ({ columnData }) => pieces.push(columnData as ArrayLike<number>),
        });
        start = rows.rowEnd;
      }
      columns.set(name, joined(pieces));
    }
  } catch (cause) {
    throw damaged(file, `column ${names[columns.size]}`, 'A column of the Parquet file cannot be read', cause);
  }
  return columns;
}

/** The metadata of a motion file, or why it is none. */
function envelopeOf(buffer: ArrayBuffer, file: string): Opened {
  try {
    const metadata = parquetMetadata(buffer);
    const found = metadata.key_value_metadata ?? [];
    const envelope = JSON.parse(found.find(({ key }) => key === 'msdt')?.value ?? '{}') as Envelope;
    if (envelope.format === 'msdt-motion' && isMotionKind(envelope.kind))
      return { envelope, metadata, synthetic: found.some(({ key, value }) => key === 'note' && value === 'SYNTHETIC') };
  } catch (cause) {
    throw damaged(file, 'file metadata', 'The Parquet file cannot be read', cause);
  }
  throw fileError('file.unsupported', file, 'This Parquet file holds no recording of a twin', {
    place: 'metadata "msdt"',
    hint: 'Save the table as CSV.',
  });
}

/** What the reading library stumbles over in damaged bytes is no word for a user: it stays in the cause. */
function damaged(file: string, place: string, message: string, cause: unknown): MsdtError {
  const stumbled = cause instanceof TypeError || cause instanceof RangeError;
  return fileError('file.malformed', file, message, {
    place,
    detail: stumbled ? 'its structure is broken' : messageOf(cause),
    hint: 'Copy or export the file again.',
    cause,
  });
}

function partsOf(kind: MotionKind, payload: PayloadByKind[MotionKind]): { header: unknown; columns: Columns } {
  if (kind.startsWith('signal.')) return signalParts(payload as Signals);
  if (kind === 'sequence.markers' || kind === 'sequence.skeleton')
    return { header: pointHeader(payload as PointSequence), columns: pointColumns(payload as PointSequence) };
  if (kind === 'sequence.depth') {
    const { depthMm: _, timeS, ...rest } = payload as DepthSequence;
    const header = { ...rest, timeS: timeS && [...timeS], frames: frameTotal(payload as DepthSequence) };
    return { header, columns: depthColumns(payload as DepthSequence) };
  }
  const frames = payload as MeshSequence | CloudSequence;
  return { header: framesHeader(frames), columns: framesColumns(frames) };
}

function frameTotal({ depthMm, width, height }: DepthSequence): number {
  return depthMm.length / (width * height);
}

function payloadOf({ kind, header }: Envelope, columns: Columns, file: string): PayloadByKind[MotionKind] {
  try {
    if (kind.startsWith('signal.')) return readSignals(header as SignalsHeader, columns);
    if (kind === 'sequence.markers' || kind === 'sequence.skeleton') return readPoints(header as PointsHeader, columns);
    if (kind === 'sequence.depth') return readDepth(header as Parameters<typeof readDepth>[0], columns);
    return readFrames(header as FramesHeader, columns);
  } catch (cause) {
    throw damaged(file, 'metadata "msdt"', 'The recording does not fit its own header', cause);
  }
}

function signalParts(signals: Signals): { header: SignalsHeader; columns: Columns } {
  const { channels, timeS, plates, ...base } = signals;
  const columns: Columns = new Map([['time_s', timesOf(signals, channels[0]?.values.length ?? 0)]]);
  const described = channels.map(({ values, ...about }) => {
    const column = freeName(columns, about.name);
    columns.set(column, values);
    return { ...about, column };
  });
  const listed = plates?.map(({ corners, calibration, origin, ...plate }) => ({
    ...plate,
    corners: [...corners],
    origin: [...origin],
    ...(calibration && { calibration: [...calibration] }),
  }));
  const header = { ...base, uneven: timeS !== undefined, channels: described, ...(listed && { plates: listed }) };
  return { header, columns };
}

function readSignals({ uneven, channels, plates, ...base }: SignalsHeader, columns: Columns): Signals {
  return {
    ...base,
    ...(uneven && { timeS: columnOf(columns, 'time_s') as Float64Array }),
    channels: channels.map(({ column, ...about }) => ({
      ...about,
      values: columnOf(columns, column) as Float32Array | Float64Array,
    })),
    ...(plates && {
      plates: plates.map(({ corners, origin, calibration, ...plate }) => ({
        ...plate,
        corners: Float64Array.from(corners),
        origin: origin as [number, number, number],
        ...(calibration && { calibration: Float64Array.from(calibration) }),
      })),
    }),
  };
}

/** Pieces of one column as one typed array; hyparquet gives typed arrays for plain pages. */
function joined(pieces: ArrayLike<number>[]): Float32Array | Float64Array | Int32Array {
  const [first] = pieces;
  if (!first) return new Float64Array(0);
  const kind = first instanceof Float32Array ? Float32Array : first instanceof Int32Array ? Int32Array : Float64Array;
  if (pieces.length === 1 && ArrayBuffer.isView(first)) return first as Float32Array;
  const whole = new kind(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
