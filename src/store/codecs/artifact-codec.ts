/**
 * Artifacts as standard files and back.
 *
 * The first file holds the artifact completely; the others are the same for other programs. What comes back equals what was
 * given, bit for bit, so that a run on a stored artifact equals a run on a fresh one.
 */

import { isMotionKind, type MotionKind } from '../../formats/index.ts';
import type {
  Artifact,
  ArtifactDraft,
  ArtifactKind,
  BlobRef,
  ClinicalRecord,
  Clocks,
  EventList,
  Mesh,
  PatientGraph,
  PayloadByKind,
  SpineCurve,
  SpineLandmarks,
  Table,
  Unit,
  WrittenFile,
} from '../../model/index.ts';
import type { BlobStore } from '../../twin/index.ts';
import {
  decodeDocument,
  encodeClinical,
  encodeCurve,
  encodeDocument,
  encodeGraph,
  encodeLandmarks,
  encodeTable,
  encodeTimes,
} from './documents.ts';
import { decodeMesh, encodeMesh } from './mesh.ts';
import { decodeMotion, encodeMotion } from './motion.ts';
import { decodeVoxels, encodeVoxels, type Voxels } from './voxels.ts';

export interface EncodedArtifact {
  /** the first is complete */
  files: WrittenFile[];
  unit?: Unit;
  /** small facts for lists */
  summary: Record<string, number | string | boolean>;
}

/** A draft whose payload is known to be of one shape. */
export type Drafted<Payload> = Omit<ArtifactDraft, 'payload'> & { payload: Payload };

type ReadOptions = NonNullable<Parameters<BlobStore['read']>[1]>;

/** Reads the primary file of an artifact. */
export type BlobReader = (options?: ReadOptions) => Promise<Uint8Array>;

/** Memory for voxels. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

export interface DecodeOptions {
  /** where voxels live: plain memory when absent */
  allocate?: Allocate;
}

/**
 * Encodes an artifact into standard files, named by level or kind.
 * @param options.synthetic - generated data say so in the header of their file
 * @throws ArgumentError an empty surface, or a document that is not data
 */
export async function encodeArtifact(
  draft: ArtifactDraft,
  options: { synthetic?: boolean } = {},
): Promise<EncodedArtifact> {
  const { kind } = draft;
  if (isVoxels(kind)) return encodeVoxels(draft as Drafted<Voxels>, options.synthetic ?? false);
  if (kind.startsWith('mesh.')) return encodeMesh(draft as Drafted<Mesh>);
  if (kind.startsWith('landmarks.')) return encodeLandmarks(draft as Drafted<SpineLandmarks>);
  if (kind.startsWith('curve.')) return encodeCurve(draft as Drafted<SpineCurve>);
  if (kind.startsWith('table.')) return encodeTable(draft as Drafted<Table>);
  if (isMotionKind(kind)) return encodeMotion(draft as Drafted<PayloadByKind[MotionKind]>, options.synthetic ?? false);
  if (kind === 'events' || kind === 'clocks') return encodeTimes(draft as Drafted<EventList | Clocks>);
  if (kind === 'record.clinical') return encodeClinical(draft as Drafted<ClinicalRecord>);
  if (kind === 'graph.patient') return encodeGraph(draft as Drafted<PatientGraph>);
  return encodeDocument(draft);
}

/**
 * Decodes the payload of a stored artifact.
 * @param readBlob - reads a file, or a part of it, into the memory that it is given
 * @throws MsdtError `store.damaged`
 */
export async function decodeArtifact<Kind extends ArtifactKind>(
  artifact: Pick<Artifact, 'kind' | 'unit' | 'blobs' | 'summary'> & { kind: Kind },
  readBlob: (ref: BlobRef, options?: ReadOptions) => Promise<Uint8Array>,
  options: DecodeOptions = {},
): Promise<PayloadByKind[Kind]> {
  const { kind, blobs, unit, summary } = artifact;
  const [primary] = blobs;
  const read: BlobReader = async (parts) => placed(await readBlob(primary, parts), primary.bytes, parts);
  const { allocate = (bytes) => new ArrayBuffer(bytes) } = options;
  const payload = isVoxels(kind)
    ? await decodeVoxels(read, primary.name, unit, allocate)
    : kind.startsWith('mesh.')
      ? await decodeMesh(read, primary.name, primary.bytes, summary.frame)
      : isMotionKind(kind)
        ? await decodeMotion(await read(), primary.name)
        : decodeDocument(kind, await read(), primary.name);
  return payload as PayloadByKind[Kind];
}

function isVoxels(kind: ArtifactKind): boolean {
  return kind.startsWith('volume.') || kind.startsWith('labelmap.');
}

/** The part that was asked for, where it was asked to be, also from a reader that gives whole files. */
function placed(got: Uint8Array, whole: number, { range, into }: ReadOptions = {}): Uint8Array {
  const wanted = range ? range.end - range.start : whole;
  const part = range && got.byteLength !== wanted ? got.subarray(range.start, range.end) : got;
  if (!into || part.buffer === into.buffer) return part;
  into.set(part);
  return into.subarray(0, part.byteLength);
}
