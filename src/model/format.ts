/** The seam every file format obeys: recognise, read, write. */

import type { MsdtError } from './errors.ts';
import type { VoxelArray } from './geometry/volume.ts';
import type { Posture } from './record/acquisition.ts';
import type { ArtifactDraft, ArtifactKind, PayloadByKind } from './record/artifact.ts';
import type { QualityFlag } from './record/quality.ts';

/** Bytes with the name they came under. `read` is lazy so that a folder of thousands of files costs only its heads. */
export interface SourceFile {
  /** path relative to what was given, `/` as separator; for messages and grouping, never opened */
  name: string;
  /** the name it came under, where `name` stands in for it; only to find a file that another one names */
  given?: string;
  bytes: number;
  /** the first bytes · at most `length` */
  head(length: number): Promise<Uint8Array>;
  read(): Promise<Uint8Array>;
  /** a part of the file */
  slice(start: number, end: number): Promise<Uint8Array>;
  /**
   * Fills `target` (which may be shared memory) with bytes from `start` on, without another copy; absent where the source
   * cannot. Returns how many bytes were there.
   */
  readInto?(target: Uint8Array, start: number): Promise<number>;
}

/** How sure a format is that the bytes are its own. */
export type SniffVerdict = 'yes' | 'maybe' | 'no';

/** What a reader may be told. */
export interface ReadOptions {
  signal?: AbortSignal;
  progress?(fraction: number, message?: string): void;
  /** where voxel arrays should live (shared memory); plain typed arrays when absent */
  allocate?<T extends VoxelArray>(
    type: {
      readonly BYTES_PER_ELEMENT: number;
      new (buffer: ArrayBuffer | SharedArrayBuffer, byteOffset: number, length: number): T;
    },
    length: number,
  ): T;
  /** overrides of the user: `frame: 'RAS' | 'LPS'` for a mesh, `use: 'sform' | 'qform'` for a NIfTI … */
  choices?: Record<string, string>;
  /** names of files inside others that tell of nobody, in the same order; they stay as they are when absent */
  rename?(names: readonly string[]): string[];
}

/** What one group of files became. */
export interface ReadItem {
  /** modality id: `ct`, `mr`, `labels`, `surface` … */
  modality: string;
  artifacts: ArtifactDraft[];
  /** names of the files used */
  files: string[];
  posture?: Posture;
  frameOfReference?: string;
  takenAt?: string;
  device?: string;
  protocol?: string;
  region?: string;
  synthetic?: boolean;
  quality: QualityFlag[];
  metadata: Record<string, string | number | boolean>;
  /** true where the files themselves say, or may say, who the person is: they are kept and not shown around */
  namesPerson?: boolean;
}

/** Everything that came out of a set of files: good items and, per file, what went wrong. */
export interface ReadReport {
  items: ReadItem[];
  /** files recognised but not used, with the reason */
  skipped: { file: string; reason: string }[];
  errors: { file: string; error: MsdtError }[];
}

/** A file as a writer made it. */
export interface WrittenFile {
  name: string;
  bytes: Uint8Array;
  mediaType: string;
}

/** A file format: recognises its bytes, reads them, and perhaps writes them. */
export interface Format {
  id: string;
  title: string;
  /** lower case, with the dot; compound endings allowed: `.nii.gz` */
  extensions: readonly string[];
  mediaType: string;
  reads: readonly ArtifactKind[];
  writes: readonly ArtifactKind[];
  /** @param head - the first 1 KiB (or less) of the file */
  sniff(head: Uint8Array, name: string): SniffVerdict;
  /** Reads files already sniffed as this format; several files may make one item (a DICOM series). */
  read(files: SourceFile[], options?: ReadOptions): Promise<ReadReport>;
  /** @throws ArgumentError the payload's kind is not among `writes` */
  write?<Kind extends ArtifactKind>(
    artifact: { kind: Kind; payload: PayloadByKind[Kind]; name: string },
    options?: { choices?: Record<string, string> },
  ): Promise<WrittenFile[]> | WrittenFile[];
  /**
   * Writes several artifacts of one recording into as few files as the format allows; absent where a file holds one.
   * @throws ArgumentError a kind is not among `writes`
   */
  writeTogether?(
    artifacts: readonly { kind: ArtifactKind; payload: PayloadByKind[ArtifactKind]; name: string }[],
    name: string,
    options?: { choices?: Record<string, string> },
  ): Promise<WrittenFile[]> | WrittenFile[];
}
