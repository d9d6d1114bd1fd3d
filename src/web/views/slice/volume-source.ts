/**
 * A volume that comes over the wire: header, then the slice one looks at, then the rest, nearest first, into one array.
 *
 * Blocks of whole k-slices by range requests, two at a time; listeners hear of every block.
 */

import {
  type Grid,
  ijkToXyz,
  type LabelEntry,
  MsdtError,
  type Vec3,
  type VoxelArray,
  xyzToIjk,
} from '../../../model/index.ts';
import { type BlobReader, payloadOf } from '../../kit/blobs.ts';
import { asLabelEntries, HEAD_BYTES, type NiftiHead, readLabelNote, readNiftiHead } from './nifti.ts';

export interface BlobPlace {
  sha256: string;
  bytes: number;
  name: string;
}

const BLOCK_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 2;

export class VolumeSource {
  readonly grid: Grid;
  readonly data: VoxelArray;
  readonly slope: number;
  readonly intercept: number;
  /** names of a label map's values; empty for grey levels */
  labels: LabelEntry[] = [];
  /** 1 where the k-slice has arrived */
  readonly arrived: Uint8Array;
  error: unknown;
  private readonly listeners = new Set<() => void>();
  private readonly abort = new AbortController();
  private wanted: number;
  private begun = false;
  private readonly pending = new Set<number>();

  private readonly reader: BlobReader;
  private readonly blob: BlobPlace;
  private readonly head: NiftiHead;

  private constructor(reader: BlobReader, blob: BlobPlace, head: NiftiHead) {
    this.reader = reader;
    this.blob = blob;
    this.head = head;
    const [nx, ny, nz] = head.grid.size;
    this.grid = head.grid;
    this.slope = head.slope;
    this.intercept = head.intercept;
    this.arrived = new Uint8Array(nz);
    this.wanted = Math.floor(nz / 2);
    this.data = this.allocate(nx * ny * nz);
  }

  /** Reads the header and the slice at `near` (or the middle one); the rest follows once somebody listens. */
  static async open(
    reader: BlobReader,
    blob: BlobPlace,
    options: { near?: Vec3; labelBlob?: BlobPlace } = {},
  ): Promise<VolumeSource> {
    const first = await reader.bytes(blob.sha256, { start: 0, end: Math.min(blob.bytes, 16 * 1024) });
    const head = readNiftiHead(first, blob.name);
    const source = new VolumeSource(reader, blob, head);
    const k = xyzToIjk(head.grid, options.near ?? source.centre)[2];
    source.wanted = source.clampSlice(k);
    // a place between two slices is blended from both
    const [from, to] = [source.clampSlice(Math.floor(k)), source.clampSlice(Math.ceil(k))];
    const [labels] = await Promise.all([
      readLabels(reader, blob, head, first, options.labelBlob),
      source.fetchBlock(from, to + 1),
    ]);
    source.labels = labels;
    return source;
  }

  /** Middle of the grid · patient frame (LPS) · mm */
  get centre(): Vec3 {
    const [nx, ny, nz] = this.grid.size;
    return ijkToXyz(this.grid, [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]);
  }

  get progress(): number {
    let n = 0;
    for (const one of this.arrived) n += one;
    return n / this.arrived.length;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.begun) {
      this.begun = true;
      // one frame for the picture of what is there already
      setTimeout(() => void this.fetchRest(), 50);
    }
    return () => this.listeners.delete(listener);
  }

  /** The reader looks at this place: fetch what lies there first. */
  lookAt(at: Vec3): void {
    this.wanted = this.clampSlice(xyzToIjk(this.grid, at)[2]);
  }

  /** Value at a place, undefined outside or where nothing has arrived · unit of the volume */
  valueAt(at: Vec3): number | undefined {
    const [i, j, k] = xyzToIjk(this.grid, at).map(Math.round);
    const [nx, ny, nz] = this.grid.size;
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz || !this.arrived[k]) return undefined;
    return this.data[i + nx * (j + ny * k)] * this.slope + this.intercept;
  }

  close(): void {
    this.abort.abort();
    this.listeners.clear();
  }

  private allocate(length: number): VoxelArray {
    const { type } = this.head;
    try {
      const data = new type(new ArrayBuffer(length * type.BYTES_PER_ELEMENT), 0, length);
      // what has not arrived yet is darker than anything that can be
      if (data instanceof Int16Array) data.fill(-32768);
      return data;
    } catch (cause) {
      const detail = `${this.grid.size.join('×')} voxels of ${type.BYTES_PER_ELEMENT} bytes`;
      throw new MsdtError('file.too-large', `${this.blob.name} is too large for this browser`, {
        where: { file: this.blob.name },
        detail,
        hint: 'Close other tabs, or resample the volume.',
        cause,
      });
    }
  }

  private clampSlice(k: number): number {
    return Math.min(this.grid.size[2] - 1, Math.max(0, Math.round(k)));
  }

  private async fetchBlock(from: number, to: number): Promise<void> {
    const sliceBytes = this.grid.size[0] * this.grid.size[1] * this.head.type.BYTES_PER_ELEMENT;
    const start = this.head.dataOffset + from * sliceBytes;
    const bytes = await this.reader.bytes(
      this.blob.sha256,
      { start, end: start + (to - from) * sliceBytes },
      this.abort.signal,
    );
    const target = new Uint8Array(
      this.data.buffer as ArrayBuffer,
      from * sliceBytes,
      Math.min(bytes.byteLength, (to - from) * sliceBytes),
    );
    target.set(new Uint8Array(bytes, 0, target.length));
    this.arrived.fill(1, from, to);
    for (const listener of this.listeners) listener();
  }

  private async fetchRest(): Promise<void> {
    const sliceBytes = this.grid.size[0] * this.grid.size[1] * this.head.type.BYTES_PER_ELEMENT;
    const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / sliceBytes));
    for (let block = 0; block * perBlock < this.arrived.length; block++) this.pending.add(block);
    const lane = async (): Promise<void> => {
      while (this.pending.size > 0 && !this.abort.signal.aborted) {
        const block = this.nearest(perBlock);
        this.pending.delete(block);
        const from = block * perBlock;
        await this.fetchBlock(from, Math.min(this.arrived.length, from + perBlock));
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.error = error;
      for (const listener of this.listeners) listener();
    }
  }

  private nearest(perBlock: number): number {
    let best = -1;
    let bestGap = Number.POSITIVE_INFINITY;
    for (const block of this.pending) {
      const gap = Math.abs(block * perBlock + perBlock / 2 - this.wanted);
      if (gap < bestGap) {
        bestGap = gap;
        best = block;
      }
    }
    return best;
  }
}

async function readLabels(
  reader: BlobReader,
  blob: BlobPlace,
  head: NiftiHead,
  first: ArrayBuffer,
  labelBlob?: BlobPlace,
): Promise<LabelEntry[]> {
  if (labelBlob) return asLabelEntries(payloadOf(await reader.json(labelBlob.sha256)));
  if (head.dataOffset <= HEAD_BYTES) return [];
  const note =
    first.byteLength >= head.dataOffset ? first : await reader.bytes(blob.sha256, { start: 0, end: head.dataOffset });
  return readLabelNote(note, head.dataOffset);
}
