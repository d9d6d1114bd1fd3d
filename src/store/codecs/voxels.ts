/**
 * Volumes and label maps as uncompressed NIfTI, so that parts can be served and read straight into shared memory.
 *
 * The header rounds the grid to single precision; the exact grid and the label table lie in a note between header and voxels,
 * where `formats/nifti` puts them.
 */

import { nifti } from '../../formats/index.ts';
import {
  type Grid,
  type LabelEntry,
  type Labelmap,
  MsdtError,
  type Unit,
  type Volume,
  type VoxelArray,
  type WrittenFile,
} from '../../model/index.ts';
import type { Allocate, BlobReader, Drafted, EncodedArtifact } from './artifact-codec.ts';
import { fileStem } from './stem.ts';

const TYPES: Record<number, new (buffer: ArrayBuffer | SharedArrayBuffer) => VoxelArray> = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
};

const HEADER_BYTES = 348;

export type Voxels = Volume | Labelmap;

export async function encodeVoxels(draft: Drafted<Voxels>, synthetic: boolean): Promise<EncodedArtifact> {
  const { payload } = draft;
  const stem = fileStem(draft);
  const choices: Record<string, string> = {
    version: '1',
    ...(synthetic ? { description: 'SYNTHETIC, made by msdt' } : {}),
  };
  const files: WrittenFile[] =
    (await nifti.write?.({ kind: draft.kind, payload: payload as never, name: stem }, { choices })) ?? [];
  const labels = 'labels' in payload ? payload.labels : undefined;
  if (labels) files.push(labelTable(stem, labels));
  const [i, j, k] = payload.size;
  return {
    files: files.map((file, at) => (at === 0 ? { ...file, name: `${stem}.nii` } : file)),
    unit: 'unit' in payload ? payload.unit : undefined,
    summary: {
      size: `${i}×${j}×${k}`,
      spacingMm: payload.spacing.map((value) => Number(value.toFixed(3))).join('×'),
      dataType: payload.data.constructor.name.replace('Array', '').toLowerCase(),
      ...('unit' in payload ? { unit: payload.unit } : {}),
      ...(labels ? { labels: labels.length, levels: levelsOf(labels) } : {}),
    },
  };
}

function levelsOf(labels: readonly LabelEntry[]): string {
  return [...new Set(labels.flatMap((label) => label.level ?? []))].join(' ');
}

/** The table by itself, for whoever opens the folder. */
function labelTable(stem: string, labels: readonly LabelEntry[]): WrittenFile {
  const text = `{\n  "background": 0,\n  "labels": [\n${labels.map((label) => `    ${JSON.stringify(label)}`).join(',\n')}\n  ]\n}\n`;
  return { name: `${stem}.labels.json`, bytes: new TextEncoder().encode(text), mediaType: 'application/json' };
}

/** Reads the voxels straight into their array, the grid and the labels from the note. */
export async function decodeVoxels(
  read: BlobReader,
  file: string,
  unit: Unit | undefined,
  allocate: Allocate,
): Promise<Voxels> {
  const header = await read({ range: { start: 0, end: HEADER_BYTES } });
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const size = [42, 44, 46].map((at) => view.getInt16(at, true)) as unknown as Grid['size'];
  const type = TYPES[view.getInt16(70, true)];
  const offset = view.getFloat32(108, true);
  if (view.getInt32(0, true) !== HEADER_BYTES || !type || !(offset > HEADER_BYTES) || size.some((n) => n <= 0))
    throw damaged(file, 'its header is not as it was written');
  const note = readNote(await read({ range: { start: HEADER_BYTES, end: offset } }), file);
  const bytes = size[0] * size[1] * size[2] * (type as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
  const buffer = allocate(bytes);
  await read({ range: { start: offset, end: offset + bytes }, into: new Uint8Array(buffer) });
  const data = new type(buffer);
  const grid: Grid = { size, ...note.grid };
  if (note.labels) return { ...grid, data: data as Labelmap['data'], labels: note.labels };
  if (!unit) throw damaged(file, 'the unit of its values is not known');
  return { ...grid, data, unit };
}

interface Note {
  grid: Omit<Grid, 'size'>;
  labels?: LabelEntry[];
}

/** The JSON among the notes: size, code, content padded with zeros, one after the other from byte 352. */
function readNote(bytes: Uint8Array, file: string): Note {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 4; at + 8 <= bytes.length; ) {
    const length = view.getInt32(at, true);
    if (length < 16 || at + length > bytes.length) break;
    const content = bytes.subarray(at + 8, at + length);
    if (content[0] === 0x7b) {
      const end = content.indexOf(0);
      const note = JSON.parse(new TextDecoder().decode(end < 0 ? content : content.subarray(0, end))) as {
        labels?: LabelEntry[];
        msdt?: { grid?: Omit<Grid, 'size'> };
      };
      if (note.msdt?.grid) return { grid: note.msdt.grid, labels: note.labels };
    }
    at += length;
  }
  throw damaged(file, 'the note with its grid is missing');
}

function damaged(file: string, detail: string): MsdtError {
  return new MsdtError('store.damaged', 'A stored volume cannot be read', {
    where: { file },
    detail,
    hint: 'Restore the data folder from its backup, or import the source again.',
  });
}
