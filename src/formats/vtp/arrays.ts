/** Data arrays of VTK XML files: text, base64 in place, appended raw or base64, plain or zlib-compressed. */

import type { VoxelArray } from '../../model/index.ts';
import { fileError, MAX_ARRAY_BYTES, truncatedError } from '../bytes.ts';
import { inflateZlib } from '../inflate.ts';
import { parseNumbers } from '../text-numbers.ts';
import { swapBytes } from '../voxels.ts';

/** Values of an array; 64-bit integers as doubles. */
export type ArrayValues = VoxelArray;

/** How the file stores binary data. */
export interface VtkStorage {
  file: string;
  bytes: Uint8Array;
  littleEndian: boolean;
  /** bytes of the counts in front of binary data */
  headerBytes: 4 | 8;
  compressor: 'none' | 'zlib';
  /** encoding of appended data, and the byte after its underscore */
  appended?: { encoding: 'raw' | 'base64'; start: number };
}

/** One array as the XML describes it. */
export interface ArrayRef {
  name: string;
  type: string;
  components: number;
  format: string;
  offset: number;
  /** bytes of its content in the file */
  start: number;
  end: number;
}

type Maker = { new (buffer: ArrayBuffer): ArrayValues; BYTES_PER_ELEMENT: number };

const TYPES: Record<string, Maker> = {
  Int8: Int8Array,
  UInt8: Uint8Array,
  Int16: Int16Array,
  UInt16: Uint16Array,
  Int32: Int32Array,
  UInt32: Uint32Array,
  Float32: Float32Array,
  Float64: Float64Array,
};

/** What zlib can make of one byte, at best. */
const BEST_RATIO = 1032;

/**
 * Values of an array.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export function readArray(storage: VtkStorage, ref: ArrayRef): ArrayValues {
  const place = `array ${ref.name || ref.type}`;
  const wide = ref.type === 'Int64' || ref.type === 'UInt64';
  const Type = ref.type === 'String' ? Uint8Array : TYPES[ref.type];
  if (!Type && !wide) throw bad(storage, place, `unknown type "${ref.type}"`);
  if (ref.format === 'ascii') return textArray(storage, ref, Type ?? Float64Array, place);
  const bytes = binaryArray(storage, ref, place);
  const width = wide ? 8 : Type.BYTES_PER_ELEMENT;
  if (bytes.length % width !== 0) throw bad(storage, place, `${bytes.length} bytes are not whole values`);
  if (!storage.littleEndian && width > 1) swapBytes(bytes, width);
  if (!wide) return new Type(bytes.buffer as ArrayBuffer);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, index) => {
    const low = view.getUint32(index * 8, true);
    const high = ref.type === 'Int64' ? view.getInt32(index * 8 + 4, true) : view.getUint32(index * 8 + 4, true);
    return high * 2 ** 32 + low;
  });
}

function textArray(storage: VtkStorage, ref: ArrayRef, Type: Maker, place: string): ArrayValues {
  const { bytes } = storage;
  // each value takes a digit and a gap
  const most = Math.ceil((ref.end - ref.start) / 2) + 1;
  const values = new Float64Array(Math.min(most, countWords(bytes, ref.start, ref.end)));
  const found = parseNumbers(bytes, values, { start: ref.start, end: ref.end });
  if (found.bad !== undefined) throw bad(storage, place, `no number at byte ${found.bad}`);
  const out = new Type(new ArrayBuffer(found.count * Type.BYTES_PER_ELEMENT));
  for (let index = 0; index < found.count; index++) out[index] = values[index];
  return out;
}

function countWords(bytes: Uint8Array, start: number, end: number): number {
  let words = 0;
  let inside = false;
  for (let at = start; at < end; at++) {
    const ink = bytes[at] > 32;
    if (ink && !inside) words++;
    inside = ink;
  }
  return words;
}

function binaryArray(storage: VtkStorage, ref: ArrayRef, place: string): Uint8Array {
  const reader = openReader(storage, ref, place);
  const size = storage.headerBytes;
  const counts = (n: number): number[] => {
    const head = reader(n * size);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return Array.from({ length: n }, (_, index) =>
      size === 4
        ? view.getUint32(index * 4, storage.littleEndian)
        : Number(view.getBigUint64(index * 8, storage.littleEndian)),
    );
  };
  if (storage.compressor === 'none') {
    const [length] = counts(1);
    return reader(length);
  }
  const [blocks, blockBytes, lastBytes] = counts(3);
  if (blocks === 0) return new Uint8Array(0);
  if (blocks * size > storage.bytes.length) throw bad(storage, place, `${blocks} blocks`);
  const sizes = counts(blocks);
  const total = (blocks - 1) * blockBytes + (lastBytes || blockBytes);
  const packed = sizes.reduce((sum, n) => sum + n, 0);
  if (packed > storage.bytes.length) throw truncatedError(storage.file, place, packed, storage.bytes.length);
  if (!(total <= MAX_ARRAY_BYTES && total <= packed * BEST_RATIO))
    throw bad(storage, place, `${packed} bytes cannot hold ${total}`);
  const out = new Uint8Array(total);
  for (let block = 0, at = 0; block < blocks; block++) {
    const wanted = block === blocks - 1 && lastBytes ? lastBytes : blockBytes;
    const bytes = inflateZlib(reader(sizes[block]), { file: storage.file, limit: wanted });
    if (bytes.length !== wanted)
      throw bad(storage, place, `block ${block + 1} holds ${bytes.length} of ${wanted} bytes`);
    out.set(bytes, at);
    at += wanted;
  }
  return out;
}

/** Hands out the next bytes of an array, decoded where they are base64, as a copy of their own. */
function openReader(storage: VtkStorage, ref: ArrayRef, place: string): (length: number) => Uint8Array {
  const { bytes, appended, file } = storage;
  if (ref.format === 'appended' && !appended) throw bad(storage, place, 'the appended data are missing');
  const inline = ref.format !== 'appended';
  let at = inline || !appended ? ref.start : appended.start + ref.offset;
  const end = inline ? ref.end : bytes.length;
  if (!Number.isInteger(at) || at < 0) throw bad(storage, place, `offset ${ref.offset}`);
  if (at > end) throw truncatedError(file, place, at - (appended?.start ?? 0), end - (appended?.start ?? 0));
  if (!inline && appended?.encoding === 'raw') {
    return (length) => {
      if (at + length > end) throw truncatedError(file, place, length, end - at);
      at += length;
      return bytes.slice(at - length, at);
    };
  }
  let left: Uint8Array = new Uint8Array(0);
  return (length) => {
    if (length > ((end - at) * 3) / 4 + 3 + left.length)
      throw truncatedError(file, place, length, ((end - at) * 3) / 4);
    const out = new Uint8Array(length);
    let filled = Math.min(left.length, length);
    out.set(left.subarray(0, filled));
    left = left.subarray(filled);
    const group = new Uint8Array(3);
    while (filled < length) {
      const next = decodeGroup(bytes, at, end, group);
      if (next.count === 0) throw truncatedError(file, place, length, filled);
      at = next.at;
      const used = Math.min(next.count, length - filled);
      for (let index = 0; index < used; index++) out[filled++] = group[index];
      if (used < next.count) left = group.slice(used, next.count);
    }
    return out;
  };
}

const SEXTETS = new Int8Array(256).fill(-1);
for (const [index, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  SEXTETS[letter.charCodeAt(0)] = index;

/** Four letters to up to three bytes; padding may stand inside, where VTK put one encoded block after another. */
function decodeGroup(bytes: Uint8Array, from: number, end: number, out: Uint8Array): { at: number; count: number } {
  let value = 0;
  let letters = 0;
  let padding = 0;
  let at = from;
  while (at < end && letters + padding < 4) {
    const byte = bytes[at++];
    if (SEXTETS[byte] >= 0) {
      if (padding > 0) return { at, count: 0 };
      value = (value << 6) | SEXTETS[byte];
      letters++;
    } else if (byte === 61) padding++;
    else if (byte > 32) return { at, count: 0 };
  }
  if (letters < 2) return { at, count: 0 };
  value <<= 6 * (4 - letters);
  out[0] = value >> 16;
  out[1] = value >> 8;
  out[2] = value;
  return { at, count: letters - 1 };
}

/** Base64 letters of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 24_573)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 24_573)));
  return text;
}

/** The error of an array that is not right. */
export function bad(storage: { file: string }, place: string, detail: string) {
  return fileError('file.malformed', storage.file, 'A data array is not right', {
    place,
    detail,
    hint: 'The file is damaged: export it again.',
  });
}
