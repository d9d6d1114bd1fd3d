/**
 * Data elements of MATLAB level-5 files: tags, small elements, zlib blocks, arrays of every class.
 * @see MathWorks, MAT-File Format (2019), chapter 1
 */

import { inflatedSource } from '../byte-source.ts';
import { fileError, latin1, MAX_ARRAY_BYTES, truncatedError } from '../bytes.ts';
import type { MatData, MatStruct, MatValue } from './values.ts';

const HEADER_BYTES = 128;

/** Deepest nesting of cells and structures. */
const MAX_DEPTH = 32;

/** Most cells or fields of one array. */
const MAX_PARTS = 1 << 20;

const MI = { int8: 1, uint8: 2, int16: 3, uint16: 4, int32: 5, uint32: 6, single: 7, double: 9, int64: 12, uint64: 13 };
const MI_MATRIX = 14;
const MI_COMPRESSED = 15;
const MI_UTF8 = 16;
const MI_UTF16 = 17;
const MI_UTF32 = 18;

const BYTES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 2,
  5: 4,
  6: 4,
  7: 4,
  9: 8,
  12: 8,
  13: 8,
  16: 1,
  17: 2,
  18: 4,
};

/** Array classes. */
const MX = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, double: 6, single: 7, last: 15 };

/** Bytes being read, with the name for messages. */
interface Reader {
  bytes: Uint8Array;
  view: DataView;
  little: boolean;
  file: string;
  /** where the bytes begin in the file, for messages */
  from: string;
}

interface Tag {
  type: number;
  start: number;
  length: number;
  next: number;
}

/** What a file holds: variables by name. */
export interface MatFile {
  description: string;
  variables: Map<string, MatValue>;
}

/**
 * Parses a level-5 file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function parseMat(bytes: Uint8Array, file: string, signal?: AbortSignal): Promise<MatFile> {
  if (bytes.length < HEADER_BYTES + 8) throw truncatedError(file, 'header', HEADER_BYTES + 8, bytes.length);
  const mark = latin1(bytes, 126, 128);
  if (mark !== 'IM' && mark !== 'MI') throw notMat(file);
  const whole = readerOf(bytes, mark === 'IM', file, 'byte');
  const version = whole.view.getUint16(124, whole.little);
  if (version >> 8 !== 1) throw notMat(file);
  const variables = new Map<string, MatValue>();
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    signal?.throwIfAborted();
    // some writers fill up with zeros
    if (bytes.length - at < 8) break;
    const tag = readTag(whole, at, bytes.length);
    let reader = whole;
    let matrix = tag;
    if (tag.type === MI_COMPRESSED) {
      const source = inflatedSource(bytes.subarray(tag.start, tag.start + tag.length), 'zlib', {
        file,
        limit: MAX_ARRAY_BYTES,
        signal,
      });
      const inflated = await source.rest(MAX_ARRAY_BYTES);
      reader = readerOf(inflated, whole.little, file, `variable at byte ${at}, inflated byte`);
      matrix = readTag(reader, 0, inflated.length);
      at = tag.start + tag.length;
    } else at = tag.next;
    if (matrix.type !== MI_MATRIX) continue;
    const { name, value } = readMatrix(reader, matrix, 0);
    variables.set(name || `variable ${variables.size + 1}`, value);
  }
  return { description: latin1(bytes, 0, 116).replace(/\0/g, ' ').trim(), variables };
}

function notMat(file: string) {
  return fileError('file.unsupported', file, 'This is not a MATLAB file of level 5', {
    place: 'header, byte 124',
    hint: "Save it in MATLAB with save('name.mat', ..., '-v7').",
  });
}

function readerOf(bytes: Uint8Array, little: boolean, file: string, from: string): Reader {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), little, file, from };
}

function damaged(reader: Reader, at: number, detail: string) {
  return fileError('file.malformed', reader.file, 'The MATLAB file is damaged', {
    place: `${reader.from} ${at}`,
    detail,
    hint: 'Save it again in MATLAB, or copy it again from its source.',
  });
}

/** Tag at `at`, small form included; `limit` is where its surroundings end. */
function readTag(reader: Reader, at: number, limit: number): Tag {
  if (at + 8 > limit) throw truncatedError(reader.file, `${reader.from} ${at}`, 8, limit - at);
  const first = reader.view.getUint32(at, reader.little);
  const small = first >>> 16;
  if (small !== 0) {
    const type = first & 0xffff;
    if (small > 4 || !(type in BYTES)) throw damaged(reader, at, `a small element of ${small} bytes, type ${type}`);
    return { type, start: at + 4, length: small, next: at + 8 };
  }
  const length = reader.view.getUint32(at + 4, reader.little);
  const start = at + 8;
  if (start + length > limit) throw truncatedError(reader.file, `${reader.from} ${at}`, length, limit - start);
  return { type: first, start, length, next: start + Math.ceil(length / 8) * 8 };
}

function readMatrix(reader: Reader, tag: Tag, depth: number): { name: string; value: MatValue } {
  const limit = tag.start + tag.length;
  if (depth > MAX_DEPTH) throw damaged(reader, tag.start, 'cells or structures nested too deep');
  // an empty element stands for an empty array
  if (tag.length === 0) return { name: '', value: { type: 'numbers', size: [0, 0], data: new Float64Array(0) } };
  const flagsTag = readTag(reader, tag.start, limit);
  if (flagsTag.length < 8) throw damaged(reader, tag.start, 'array flags are missing');
  const flags = reader.view.getUint32(flagsTag.start, reader.little);
  const arrayClass = flags & 0xff;
  const parts: Parts = { reader, limit, at: flagsTag.next, depth };
  if (arrayClass > 15) {
    const value: MatValue = { type: 'other', size: [1, 1], className: `class ${arrayClass}` };
    return { name: nextName(parts), value };
  }
  const size = sizeOf(parts);
  const name = nextName(parts);
  return { name, value: bodyOf(parts, arrayClass, flags, size) };
}

interface Parts {
  reader: Reader;
  limit: number;
  at: number;
  depth: number;
}

function nextTag(parts: Parts): Tag {
  const tag = readTag(parts.reader, parts.at, parts.limit);
  parts.at = tag.next;
  return tag;
}

function nextName(parts: Parts): string {
  const { start, length } = nextTag(parts);
  return latin1(parts.reader.bytes, start, start + length).replace(/\0.*$/s, '');
}

function sizeOf(parts: Parts): number[] {
  const tag = nextTag(parts);
  const size = Array.from(numbersOf(parts.reader, tag));
  if (size.length < 2 || size.length > 16 || size.some((length) => !Number.isInteger(length) || length < 0))
    throw damaged(parts.reader, tag.start, `array size ${size.slice(0, 8).join(' × ')}`);
  return size;
}

function bodyOf(parts: Parts, arrayClass: number, flags: number, size: number[]): MatValue {
  const { reader, at } = parts;
  const count = size.reduce((product, length) => product * length, 1);
  if (arrayClass === MX.cell) return { type: 'cells', size, cells: nested(parts, count) };
  if (arrayClass === MX.struct || arrayClass === MX.object) return structOf(parts, arrayClass, size, count);
  if (arrayClass === MX.char) return textOf(parts, size, count);
  if (arrayClass === MX.sparse) return sparseOf(parts, size, (flags & 0x800) !== 0);
  if (arrayClass < MX.double || arrayClass > MX.last) throw damaged(reader, at, `array class ${arrayClass}`);
  const real = nextTag(parts);
  if (real.length / (BYTES[real.type] ?? 8) < count)
    throw truncatedError(reader.file, `${reader.from} ${at}`, count, 0);
  const data = widened(numbersOf(reader, real, count), arrayClass);
  if ((flags & 0x800) === 0) return { type: 'numbers', size, data };
  const imaginary = widened(numbersOf(reader, nextTag(parts), count), arrayClass);
  return { type: 'numbers', size, data, imaginary };
}

/** MATLAB stores doubles that happen to be whole in the smallest type; they become what they were. */
function widened(data: MatData, arrayClass: number): MatData {
  if (arrayClass === MX.double) return data instanceof Float64Array ? data : Float64Array.from(data);
  if (arrayClass === MX.single) return data instanceof Float32Array ? data : Float32Array.from(data);
  return data;
}

function nested(parts: Parts, count: number): MatValue[] {
  if (count > MAX_PARTS || count * 8 > parts.limit - parts.at + 8)
    throw damaged(parts.reader, parts.at, `${count} cells in ${parts.limit - parts.at} bytes`);
  return Array.from({ length: count }, () => {
    const tag = nextTag(parts);
    if (tag.type !== MI_MATRIX)
      throw damaged(parts.reader, tag.start, `element type ${tag.type} where an array is due`);
    return readMatrix(parts.reader, tag, parts.depth + 1).value;
  });
}

function structOf(parts: Parts, arrayClass: number, size: number[], count: number): MatStruct {
  const { reader } = parts;
  if (arrayClass === MX.object) nextName(parts);
  const widthTag = nextTag(parts);
  const width = numbersOf(reader, widthTag)[0] ?? 0;
  const names = nextTag(parts);
  if (width < 1 || width > 4096 || names.length % width !== 0)
    throw damaged(reader, names.start, `field names of ${width} bytes in ${names.length}`);
  const labels = Array.from({ length: names.length / width }, (_, index) =>
    latin1(reader.bytes, names.start + index * width, names.start + (index + 1) * width).replace(/\0.*$/s, ''),
  );
  const values = nested(parts, count * labels.length);
  const fields: MatStruct['fields'] = Object.create(null);
  for (const [field, label] of labels.entries())
    fields[label] = Array.from({ length: count }, (_, index) => values[index * labels.length + field]);
  return { type: 'struct', size, fields };
}

function textOf(parts: Parts, size: number[], count: number): MatValue {
  const { reader } = parts;
  const tag = nextTag(parts);
  const bytes = reader.bytes.subarray(tag.start, tag.start + tag.length);
  let letters: string[];
  if (tag.type === MI_UTF8) letters = Array.from(new TextDecoder().decode(bytes));
  else
    letters = Array.from(numbersOf(reader, tag), (code) => String.fromCodePoint(Math.min(0x10ffff, Math.max(0, code))));
  const rows = size[0];
  if (rows <= 1 || letters.length < count) return { type: 'text', size, text: letters.join('') };
  if (rows > MAX_PARTS) throw damaged(reader, tag.start, `${rows} rows of text`);
  const lines = Array.from({ length: rows }, (_, row) =>
    letters
      .filter((_, at) => at % rows === row)
      .join('')
      .trimEnd(),
  );
  return { type: 'text', size, text: lines.join('\n') };
}

/** A sparse array made full where that is small enough. */
function sparseOf(parts: Parts, size: number[], complex: boolean): MatValue {
  const { reader, at } = parts;
  const rows = numbersOf(reader, nextTag(parts));
  const starts = numbersOf(reader, nextTag(parts));
  const values = numbersOf(reader, nextTag(parts));
  const cells = size[0] * size[1];
  if (complex || size.length !== 2 || cells > 1 << 24) return { type: 'other', size, className: 'sparse' };
  if (starts.length < size[1] + 1) throw damaged(reader, at, 'a sparse array without its column starts');
  const data = new Float64Array(cells);
  for (let column = 0; column < size[1]; column++)
    for (let index = starts[column]; index < Math.min(starts[column + 1], values.length); index++)
      if (rows[index] < size[0]) data[column * size[0] + rows[index]] = values[index];
  return { type: 'numbers', size, data };
}

/** Numbers of an element, copied out of the file. */
function numbersOf(reader: Reader, tag: Tag, count?: number): MatData {
  const { bytes, little, view } = reader;
  const width = BYTES[tag.type];
  if (!width) throw damaged(reader, tag.start, `element type ${tag.type}`);
  const length = Math.min(Math.floor(tag.length / width), count ?? Number.MAX_SAFE_INTEGER);
  const copy = bytes.slice(tag.start, tag.start + length * width);
  if (tag.type === MI.int64 || tag.type === MI.uint64) {
    const signed = tag.type === MI.int64;
    return Float64Array.from({ length }, (_, index) => {
      const at = tag.start + index * 8;
      return Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
    });
  }
  if (!little && width > 1) swap(copy, width);
  return viewOf(tag.type, copy.buffer);
}

function viewOf(type: number, buffer: ArrayBuffer): MatData {
  if (type === MI.double) return new Float64Array(buffer);
  if (type === MI.single) return new Float32Array(buffer);
  if (type === MI.int32) return new Int32Array(buffer);
  if (type === MI.uint32 || type === MI_UTF32) return new Uint32Array(buffer);
  if (type === MI.int16) return new Int16Array(buffer);
  if (type === MI.uint16 || type === MI_UTF16) return new Uint16Array(buffer);
  return type === MI.int8 ? new Int8Array(buffer) : new Uint8Array(buffer);
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
