/** Writes a volume or label map as NIfTI: little-endian, sform and qform both set, label names in the header. */

import { gzipSync } from 'fflate';
import { type Grid, ijkToXyzMatrix, type Labelmap, type Volume, type WrittenFile } from '../../model/index.ts';
import { fileNameOf, utf8 } from '../bytes.ts';
import { scalarBytes, scalarTypeOf } from '../voxels.ts';
import { formatNotes } from './extensions.ts';

const TYPE_CODES: Record<string, number> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
};

const INTENT_LABEL = 1002;

/** Largest size of one axis in NIfTI-1. */
const MOST_PER_AXIS = 32_767;

/**
 * Bytes of a NIfTI file.
 * @param compress - gzip it (`.nii.gz`)
 * @param version - 1, or 2 (taken by itself when an axis is longer than 32767)
 * @param description - text of the header field `descrip`, cut to 79 bytes
 * @param description - text of the header, at most 79 bytes; `SYNTHETIC …` marks generated data
 */
export function writeNifti(
  artifact: { kind: string; payload: Volume | Labelmap; name: string },
  options: { compress?: boolean; version?: 1 | 2; description?: string } = {},
): WrittenFile {
  const { kind, payload, name } = artifact;
  const labels = 'labels' in payload ? payload.labels : undefined;
  const version = options.version ?? (Math.max(...payload.size) > MOST_PER_AXIS ? 2 : 1);
  const fixed = version === 1 ? 348 : 540;
  const notes = formatNotes(kind, payload, labels);
  const offset = fixed + notes.length;
  const { data } = payload;
  const bytes = new Uint8Array(offset + data.byteLength);
  const head = new DataView(bytes.buffer, 0, fixed);
  const fields = {
    ...fieldsOf(payload, labels !== undefined, offset),
    description: utf8(options.description ?? 'msdt').subarray(0, 79),
  };
  if (version === 1) header1(head, bytes, fields);
  else header2(head, bytes, fields);
  bytes.set(notes, fixed);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  const file = fileNameOf(name);
  if (options.compress)
    return { name: `${file}.nii.gz`, bytes: gzipSync(bytes, { level: 6, mtime: 0 }), mediaType: 'application/gzip' };
  return { name: `${file}.nii`, bytes, mediaType: 'application/x-nifti' };
}

interface Fields {
  size: readonly number[];
  type: number;
  bits: number;
  offset: number;
  intent: number;
  pixdim: number[];
  /** b, c, d, x, y, z */
  quaternion: number[];
  /** 12 numbers, RAS */
  srow: number[];
  /** bytes of the description */
  description: Uint8Array;
}

function fieldsOf(grid: Grid & { data: Volume['data'] }, labels: boolean, offset: number): Omit<Fields, 'description'> {
  const type = scalarTypeOf(grid.data);
  const lps = ijkToXyzMatrix(grid);
  const srow = lps.slice(0, 12).map((value, index) => (index < 8 ? -value : value) + 0);
  const { quaternion, handedness } = quaternionOf(grid, srow);
  return {
    size: grid.size,
    type: TYPE_CODES[type],
    bits: scalarBytes(type) * 8,
    offset,
    intent: labels ? INTENT_LABEL : 0,
    pixdim: [handedness, ...grid.spacing, 1, 1, 1, 1],
    quaternion: [...quaternion, srow[3], srow[7], srow[11]],
    srow,
  };
}

/** Unit quaternion (b, c, d with a ≥ 0) of the RAS axes; a left-handed grid has its third axis turned around. */
function quaternionOf(grid: Grid, srow: number[]): { quaternion: number[]; handedness: 1 | -1 } {
  const r = srow.map((value, index) => (index % 4 === 3 ? 0 : value / grid.spacing[index % 4]));
  const [r11, r12, , , r21, r22, , , r31, r32] = r;
  let [r13, r23, r33] = [r[2], r[6], r[10]];
  const determinant = r11 * (r22 * r33 - r23 * r32) - r12 * (r21 * r33 - r23 * r31) + r13 * (r21 * r32 - r22 * r31);
  const handedness = determinant < 0 ? -1 : 1;
  if (handedness < 0) [r13, r23, r33] = [-r13, -r23, -r33];
  // the largest of the four components first, so that nothing small divides
  const squares = [1 + r11 + r22 + r33, 1 + r11 - r22 - r33, 1 - r11 + r22 - r33, 1 - r11 - r22 + r33];
  const largest = squares.indexOf(Math.max(...squares));
  const root = 2 * Math.sqrt(squares[largest]);
  const all = [
    [root / 4, (r32 - r23) / root, (r13 - r31) / root, (r21 - r12) / root],
    [(r32 - r23) / root, root / 4, (r12 + r21) / root, (r13 + r31) / root],
    [(r13 - r31) / root, (r12 + r21) / root, root / 4, (r23 + r32) / root],
    [(r21 - r12) / root, (r13 + r31) / root, (r23 + r32) / root, root / 4],
  ][largest];
  const sign = all[0] < 0 ? -1 : 1;
  return { quaternion: all.slice(1).map((value) => value * sign), handedness };
}

const UNITS_MM = 2;
const SCANNER = 1;

function header1(view: DataView, bytes: Uint8Array, fields: Fields): void {
  view.setInt32(0, 348, true);
  bytes[38] = 'r'.charCodeAt(0);
  [3, ...fields.size, 1, 1, 1, 1].forEach((n, index) => {
    view.setInt16(40 + 2 * index, n, true);
  });
  view.setInt16(68, fields.intent, true);
  view.setInt16(70, fields.type, true);
  view.setInt16(72, fields.bits, true);
  fields.pixdim.forEach((value, index) => {
    view.setFloat32(76 + 4 * index, value, true);
  });
  view.setFloat32(108, fields.offset, true);
  view.setFloat32(112, 1, true);
  bytes[123] = UNITS_MM;
  bytes.set(fields.description, 148);
  view.setInt16(252, SCANNER, true);
  view.setInt16(254, SCANNER, true);
  fields.quaternion.forEach((value, index) => {
    view.setFloat32(256 + 4 * index, value, true);
  });
  fields.srow.forEach((value, index) => {
    view.setFloat32(280 + 4 * index, value, true);
  });
  bytes.set(utf8('n+1'), 344);
}

function header2(view: DataView, bytes: Uint8Array, fields: Fields): void {
  view.setInt32(0, 540, true);
  bytes.set([0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a], 4);
  view.setInt16(12, fields.type, true);
  view.setInt16(14, fields.bits, true);
  [3, ...fields.size, 1, 1, 1, 1].forEach((n, index) => {
    view.setBigInt64(16 + 8 * index, BigInt(n), true);
  });
  fields.pixdim.forEach((value, index) => {
    view.setFloat64(104 + 8 * index, value, true);
  });
  view.setBigInt64(168, BigInt(fields.offset), true);
  view.setFloat64(176, 1, true);
  bytes.set(fields.description, 240);
  view.setInt32(344, SCANNER, true);
  view.setInt32(348, SCANNER, true);
  fields.quaternion.forEach((value, index) => {
    view.setFloat64(352 + 8 * index, value, true);
  });
  fields.srow.forEach((value, index) => {
    view.setFloat64(400 + 8 * index, value, true);
  });
  view.setInt32(500, UNITS_MM, true);
  view.setInt32(504, fields.intent, true);
}
