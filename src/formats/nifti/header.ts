/** The header of NIfTI-1 and NIfTI-2 files: fields as they are, checked against what a file can hold. */

import { fileError, fixedText, truncatedError } from '../bytes.ts';
import type { ScalarType } from '../voxels.ts';

/** Fields of a NIfTI header; matrices in the file's own frame (RAS) and unit. */
export interface NiftiHeader {
  version: 1 | 2;
  littleEndian: boolean;
  /** header and voxels in one file */
  single: boolean;
  /** sizes of the used axes, 1 to 7 of them */
  dim: number[];
  datatype: number;
  /** grid spacings, element 0 is the handedness of the qform */
  pixdim: number[];
  voxOffset: number;
  slope: number;
  inter: number;
  units: number;
  intentCode: number;
  intentName: string;
  description: string;
  qformCode: number;
  sformCode: number;
  /** quaternion b, c, d and offset x, y, z */
  qform: number[];
  /** rows of the affine, 12 numbers */
  sform: number[];
  /** first byte after the fixed header: extension flag */
  headerBytes: number;
}

/** How the value of a datatype code lies in bytes. */
export interface NiftiType {
  /** scalar that is read; several per voxel for colour and complex values */
  scalar: ScalarType;
  parts: number;
  what: 'number' | 'complex' | 'colour';
}

const number = (scalar: ScalarType): NiftiType => ({ scalar, parts: 1, what: 'number' });

/** Datatype codes of the standard that this reader opens. */
export const NIFTI_TYPES: Readonly<Record<number, NiftiType>> = {
  2: number('uint8'),
  4: number('int16'),
  8: number('int32'),
  16: number('float32'),
  64: number('float64'),
  256: number('int8'),
  512: number('uint16'),
  768: number('uint32'),
  1024: number('int64'),
  1280: number('uint64'),
  32: { scalar: 'float32', parts: 2, what: 'complex' },
  1792: { scalar: 'float64', parts: 2, what: 'complex' },
  128: { scalar: 'uint8', parts: 3, what: 'colour' },
  2304: { scalar: 'uint8', parts: 4, what: 'colour' },
};

/** What the bytes begin with, as far as 8 bytes tell. */
export function headerKind(head: Uint8Array): { version: 1 | 2; littleEndian: boolean } | undefined {
  if (head.length < 4) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === 348) return { version: 1, littleEndian };
    if (size === 540) return { version: 2, littleEndian };
  }
  return undefined;
}

/** `n+1`, `ni1`, `n+2` or `ni2`; empty for ANALYZE and everything else. */
export function magicOf(head: Uint8Array, version: 1 | 2): string {
  const text = fixedText(version === 1 ? head.subarray(344, 348) : head.subarray(4, 8));
  return /^n[+i][12]$/.test(text) && text.endsWith(String(version)) ? text : '';
}

/**
 * Parses a header.
 * @param head - the first 348 (or 540) bytes
 * @throws MsdtError `file.truncated`, `file.malformed`, `file.unsupported`
 */
export function parseNiftiHeader(head: Uint8Array, file: string): NiftiHeader {
  const kind = headerKind(head);
  if (!kind) {
    throw fileError('file.malformed', file, 'This is not a NIfTI header', {
      place: 'byte 0',
      detail: 'the first field must be 348 or 540',
      hint: 'Check that the file is a NIfTI image and was copied whole.',
    });
  }
  const size = kind.version === 1 ? 348 : 540;
  if (head.length < size) throw truncatedError(file, 'header', size, head.length);
  const magic = magicOf(head, kind.version);
  if (magic === '') {
    throw fileError('file.unsupported', file, 'This is an ANALYZE header or a damaged NIfTI header', {
      place: kind.version === 1 ? 'byte 344' : 'byte 4',
      detail: 'the mark n+1 or ni1 is missing; ANALYZE files do not say where left is',
      hint: 'Convert it to NIfTI with the program that wrote it, or import the DICOM series.',
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const header = kind.version === 1 ? parse1(view, head, kind.littleEndian) : parse2(view, head, kind.littleEndian);
  return { ...header, single: magic[1] === '+', dim: checkedDim(header.dim, file) };
}

type Parsed = Omit<NiftiHeader, 'single'>;

function floats(view: DataView, at: number, count: number, littleEndian: boolean): number[] {
  return Array.from({ length: count }, (_, index) => view.getFloat32(at + 4 * index, littleEndian));
}

function doubles(view: DataView, at: number, count: number, littleEndian: boolean): number[] {
  return Array.from({ length: count }, (_, index) => view.getFloat64(at + 8 * index, littleEndian));
}

function parse1(view: DataView, head: Uint8Array, le: boolean): Parsed {
  return {
    version: 1,
    littleEndian: le,
    dim: Array.from({ length: 8 }, (_, index) => view.getInt16(40 + 2 * index, le)),
    intentCode: view.getInt16(68, le),
    datatype: view.getInt16(70, le),
    pixdim: floats(view, 76, 8, le),
    voxOffset: view.getFloat32(108, le),
    slope: view.getFloat32(112, le),
    inter: view.getFloat32(116, le),
    units: head[123],
    description: fixedText(head.subarray(148, 228)),
    qformCode: view.getInt16(252, le),
    sformCode: view.getInt16(254, le),
    qform: floats(view, 256, 6, le),
    sform: floats(view, 280, 12, le),
    intentName: fixedText(head.subarray(328, 344)),
    headerBytes: 348,
  };
}

function parse2(view: DataView, head: Uint8Array, le: boolean): Parsed {
  const int64 = (at: number): number => Number(view.getBigInt64(at, le));
  return {
    version: 2,
    littleEndian: le,
    dim: Array.from({ length: 8 }, (_, index) => int64(16 + 8 * index)),
    datatype: view.getInt16(12, le),
    pixdim: doubles(view, 104, 8, le),
    voxOffset: int64(168),
    slope: view.getFloat64(176, le),
    inter: view.getFloat64(184, le),
    description: fixedText(head.subarray(240, 320)),
    qformCode: view.getInt32(344, le),
    sformCode: view.getInt32(348, le),
    qform: doubles(view, 352, 6, le),
    sform: doubles(view, 400, 12, le),
    units: view.getInt32(500, le) & 255,
    intentCode: view.getInt32(504, le),
    intentName: fixedText(head.subarray(508, 524)),
    headerBytes: 540,
  };
}

function checkedDim(dim: number[], file: string): number[] {
  const used = dim[0];
  if (used >= 1 && used <= 7 && dim.slice(1, used + 1).every((n) => n > 0)) return dim.slice(1, used + 1);
  throw fileError('file.malformed', file, 'The header gives impossible sizes', {
    place: 'header field dim',
    detail: `found ${dim.join(', ')}`,
    hint: 'The header is damaged: export the volume again.',
  });
}
