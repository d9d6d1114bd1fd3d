/** The head of an uncompressed NIfTI-1 file as the store writes it: grid in the patient frame, number type, label names. */

import { type Grid, type LabelEntry, MsdtError, type VoxelArray } from '../../../model/index.ts';

type VoxelArrayType = new (buffer: ArrayBuffer, offset: number, length: number) => VoxelArray;

export interface NiftiHead {
  grid: Grid;
  type: VoxelArrayType & { BYTES_PER_ELEMENT: number };
  /** where the voxels begin · bytes */
  dataOffset: number;
  slope: number;
  intercept: number;
}

const TYPES: Record<number, NiftiHead['type']> = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
} as unknown as Record<number, NiftiHead['type']>;

/** Bytes that surely hold the fixed header. */
export const HEAD_BYTES = 352;

function broken(name: string, place: string, detail: string): MsdtError {
  return new MsdtError('file.malformed', `${name} cannot be shown`, {
    where: { file: name, place },
    detail,
    hint: 'Build the twin again; if it stays, the stored file is damaged.',
  });
}

/**
 * Reads the fixed header.
 * @throws MsdtError `file.malformed` where the bytes are no NIfTI-1 head of a kind that can be shown
 */
export function readNiftiHead(buffer: ArrayBuffer, name: string): NiftiHead {
  if (buffer.byteLength < HEAD_BYTES)
    throw broken(name, `byte ${buffer.byteLength}`, `header of ${HEAD_BYTES} bytes expected`);
  const view = new DataView(buffer);
  if (view.getInt32(0, true) !== 348)
    throw broken(name, 'byte 0', `first number is ${view.getInt32(0, true)}, expected 348`);
  const size = [1, 2, 3].map((axis) => Math.max(1, view.getInt16(40 + 2 * axis, true))) as [number, number, number];
  const code = view.getInt16(70, true);
  const type = TYPES[code];
  if (!type) throw broken(name, 'byte 70', `number type ${code} is not shown`);
  const slope = view.getFloat32(112, true);
  const scaled = Number.isFinite(slope) && slope !== 0;
  return {
    grid: gridOf(view, size),
    type,
    dataOffset: Math.max(HEAD_BYTES, Math.round(view.getFloat32(108, true))),
    slope: scaled ? slope : 1,
    intercept: scaled ? view.getFloat32(116, true) : 0,
  };
}

/** Grid from the sform (RAS), or from spacing alone where there is none; turned into LPS. */
function gridOf(view: DataView, size: [number, number, number]): Grid {
  const row = (offset: number): number[] => [0, 1, 2, 3].map((c) => view.getFloat32(offset + 4 * c, true));
  let rows = [row(280), row(296), row(312)];
  if (view.getInt16(254, true) === 0) {
    const spacing = [1, 2, 3].map((axis) => Math.abs(view.getFloat32(76 + 4 * axis, true)) || 1);
    rows = [
      [spacing[0], 0, 0, 0],
      [0, spacing[1], 0, 0],
      [0, 0, spacing[2], 0],
    ];
  }
  const lps = rows.map((r, i) => (i < 2 ? r.map((x) => -x) : r));
  const spacing = [0, 1, 2].map((c) => Math.hypot(lps[0][c], lps[1][c], lps[2][c]) || 1) as [number, number, number];
  const direction = [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => lps[r][c] / spacing[c]));
  return {
    size,
    spacing,
    origin: [lps[0][3], lps[1][3], lps[2][3]],
    direction: direction as unknown as Grid['direction'],
  };
}

/** Label table from the header extensions (JSON note), empty where there is none. */
export function readLabelNote(buffer: ArrayBuffer, dataOffset: number): LabelEntry[] {
  if (buffer.byteLength < 352 || dataOffset <= 352 || new Uint8Array(buffer)[348] === 0) return [];
  const view = new DataView(buffer);
  let at = 352;
  while (at + 8 <= Math.min(dataOffset, buffer.byteLength)) {
    const size = view.getInt32(at, true);
    if (size < 16 || at + size > buffer.byteLength) break;
    const text = new TextDecoder()
      .decode(new Uint8Array(buffer, at + 8, size - 8))
      .replace(/\0+$/, '')
      .trim();
    const entries = labelEntries(text);
    if (entries.length > 0) return entries;
    at += size;
  }
  return [];
}

function labelEntries(text: string): LabelEntry[] {
  if (!/^[[{]/.test(text)) return [];
  try {
    return asLabelEntries(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Label entries of a parsed note or blob: a list, or an object with `labels`. */
export function asLabelEntries(json: unknown): LabelEntry[] {
  const list = Array.isArray(json) ? json : (json as { labels?: unknown } | null)?.labels;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (entry): entry is LabelEntry =>
      typeof entry === 'object' && entry !== null && typeof (entry as LabelEntry).value === 'number',
  );
}
