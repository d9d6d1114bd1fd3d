/** The parts of a VTP file: pieces with their arrays, and the field data of the whole. */

import { fileError, latin1 } from '../bytes.ts';
import { tagsOf } from '../xml-tags.ts';
import type { ArrayRef, VtkStorage } from './arrays.ts';

/** Where arrays stand inside a piece. */
export type Section = 'Points' | 'PointData' | 'CellData' | 'Verts' | 'Lines' | 'Strips' | 'Polys';

/** One piece. */
export interface VtpPiece {
  points: number;
  arrays: Record<Section, ArrayRef[]>;
}

/** A parsed file; arrays are read when they are wanted. */
export interface VtpDocument {
  storage: VtkStorage;
  pieces: VtpPiece[];
  fields: ArrayRef[];
}

const SECTIONS = new Set<string>(['Points', 'PointData', 'CellData', 'Verts', 'Lines', 'Strips', 'Polys']);

/** Most pieces and arrays of a file. */
const MAX_PIECES = 10_000;
const MAX_ARRAYS = 100_000;

/**
 * Reads the structure.
 * @throws MsdtError `file.malformed`, `file.unsupported`, `file.truncated`
 */
export function parseVtp(bytes: Uint8Array, file: string): VtpDocument {
  const storage: VtkStorage = { file, bytes, littleEndian: true, headerBytes: 4, compressor: 'none' };
  const doc: VtpDocument = { storage, pieces: [], fields: [] };
  let section = '';
  let open: ArrayRef | undefined;
  let arrays = 0;
  let closed = false;
  for (const tag of tagsOf(bytes, file, 'AppendedData')) {
    const { name, kind, attributes } = tag;
    // the values end where the next tag begins: VTK may put notes of its own behind them
    if (open) {
      open.end = tag.start;
      open = undefined;
    }
    if (name === 'VTKFile' && kind !== 'close') readFileTag(attributes, storage);
    else if (name === 'AppendedData') readAppended(attributes, tag.end, storage);
    else if (name === 'Piece' && kind === 'open') {
      if (doc.pieces.length >= MAX_PIECES) throw bad(file, `byte ${tag.start}`, 'too many pieces');
      doc.pieces.push(newPiece(Number(attributes.get('NumberOfPoints') ?? 0), file, tag.start));
    } else if (SECTIONS.has(name) || name === 'FieldData') section = kind === 'open' ? name : '';
    else if (name === 'DataArray' || name === 'Array') {
      if (kind !== 'close') {
        if (++arrays > MAX_ARRAYS) throw bad(file, `byte ${tag.start}`, 'too many arrays');
        const ref = refOf(attributes, tag.end);
        addArray(doc, section, ref);
        if (kind === 'open') open = ref;
      }
    } else if (name === 'VTKFile') closed = true;
  }
  if (!closed && !storage.appended) {
    throw fileError('file.truncated', file, 'The file ends too early', {
      place: `byte ${bytes.length}`,
      detail: 'the closing tag of VTKFile is missing',
      hint: 'Copy or export the file again; the last transfer was probably cut short.',
    });
  }
  return doc;
}

function readFileTag(attributes: ReadonlyMap<string, string>, storage: VtkStorage): void {
  const type = attributes.get('type') ?? '';
  if (type !== 'PolyData') {
    throw fileError('file.unsupported', storage.file, `This VTK file holds ${type || 'no known data'}, not a surface`, {
      place: 'tag VTKFile',
      hint: 'Save the surface as PolyData (.vtp).',
    });
  }
  storage.littleEndian = attributes.get('byte_order') !== 'BigEndian';
  storage.headerBytes = attributes.get('header_type') === 'UInt64' ? 8 : 4;
  const compressor = attributes.get('compressor') ?? '';
  if (compressor === '') return;
  if (compressor !== 'vtkZLibDataCompressor') {
    throw fileError('file.unsupported', storage.file, `The data are packed with ${compressor}, which is not read`, {
      place: 'tag VTKFile',
      hint: 'Save it again with zlib compression or none.',
    });
  }
  storage.compressor = 'zlib';
}

function readAppended(attributes: ReadonlyMap<string, string>, end: number, storage: VtkStorage): void {
  const underscore = latin1(storage.bytes, end, end + 200).indexOf('_');
  if (underscore < 0) throw bad(storage.file, `byte ${end}`, 'the underscore before the appended data is missing');
  const encoding = attributes.get('encoding') === 'base64' ? 'base64' : 'raw';
  storage.appended = { encoding, start: end + underscore + 1 };
}

function newPiece(points: number, file: string, byte: number): VtpPiece {
  if (!Number.isInteger(points) || points < 0) throw bad(file, `byte ${byte}`, 'NumberOfPoints is not a count');
  const arrays = { Points: [], PointData: [], CellData: [], Verts: [], Lines: [], Strips: [], Polys: [] };
  return { points, arrays };
}

function refOf(attributes: ReadonlyMap<string, string>, start: number): ArrayRef {
  return {
    name: attributes.get('Name') ?? '',
    type: attributes.get('type') ?? '',
    components: Number(attributes.get('NumberOfComponents') ?? 1) || 1,
    format: attributes.get('format') ?? 'ascii',
    offset: Number(attributes.get('offset') ?? 0),
    start,
    end: start,
  };
}

function addArray(doc: VtpDocument, section: string, ref: ArrayRef): void {
  const piece = doc.pieces.at(-1);
  if (section === 'FieldData') doc.fields.push(ref);
  else if (piece && SECTIONS.has(section)) piece.arrays[section as Section].push(ref);
}

function bad(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The VTP structure is not right', {
    place,
    detail,
    hint: 'The file is damaged: export it again.',
  });
}
