/**
 * Inflates deflate, zlib and gzip data with a hard limit on what comes out, and says at which byte the data break.
 *
 * Canonical Huffman codes with one look-up table per block. This is the portable path: small blocks, file heads, and
 * anything the platform's own `DecompressionStream` refuses (several gzip members, damaged data). See RFC 1950-1952.
 */

import { fileError, truncatedError } from './bytes.ts';

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** What inflating may cost, and for whom. */
export interface InflateOptions {
  /** file name for messages */
  file: string;
  /** most bytes that may come out */
  limit: number;
  /** stop quietly at the limit or at the end of the input, for a look at the first bytes */
  partial?: boolean;
}

/** Look-up by the next `bits` bits: symbol << 4 | code length; 0 where no code begins. */
interface Codes {
  bits: number;
  table: Uint16Array;
}

interface State {
  source: Uint8Array;
  at: number;
  buffer: number;
  count: number;
  out: Uint8Array;
  length: number;
  options: InflateOptions;
}

class EndOfInput extends Error {}
class EndOfRoom extends Error {}

/** Raw deflate data from `start`; `end` is the byte after them. */
export function inflateRaw(
  source: Uint8Array,
  start: number,
  options: InflateOptions,
): { bytes: Uint8Array; end: number } {
  const room = Math.min(options.limit, Math.max(1024, (source.length - start) * 4));
  const state: State = { source, at: start, buffer: 0, count: 0, out: new Uint8Array(room), length: 0, options };
  try {
    for (let last = 0; !last; ) {
      last = take(state, 1);
      const type = take(state, 2);
      if (type === 0) copyStored(state);
      else if (type === 1) inflateBlock(state, fixedCodes());
      else if (type === 2) inflateBlock(state, readCodes(state));
      else throw damaged(state, 'unknown block type');
    }
  } catch (error) {
    if (error instanceof EndOfInput && !options.partial)
      throw fileError('file.truncated', options.file, 'The compressed data end too early', {
        place: `byte ${source.length}`,
        detail: `${state.length} bytes came out before the end`,
        hint: 'Copy or export the file again; the last transfer was probably cut short.',
      });
    if (error instanceof EndOfRoom && !options.partial) throw tooLarge(options);
    if (!(error instanceof EndOfInput || error instanceof EndOfRoom)) throw error;
  }
  return { bytes: state.out.subarray(0, state.length), end: state.at - (state.count >> 3) };
}

/** Data of a zlib stream, checksum verified. */
export function inflateZlib(source: Uint8Array, options: InflateOptions): Uint8Array {
  if (source.length < 2 || (source[0] & 15) !== 8 || ((source[0] << 8) | source[1]) % 31 !== 0 || source[1] & 32)
    throw fileError('file.malformed', options.file, 'No zlib data where the header promises them', {
      place: 'start of the compressed data',
      hint: 'The file is damaged: export it again from its source.',
    });
  const { bytes, end } = inflateRaw(source, 2, options);
  if (options.partial) return bytes;
  if (end + 4 > source.length) throw truncatedError(options.file, 'checksum', 4, source.length - end);
  const sum = ((source[end] << 24) | (source[end + 1] << 16) | (source[end + 2] << 8) | source[end + 3]) >>> 0;
  if (sum !== adler32(bytes)) throw badChecksum(options.file);
  return bytes;
}

/** Data of all members of a gzip stream, checksums verified; what follows the last member is left alone. */
export function inflateGzip(source: Uint8Array, options: InflateOptions): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let at = 0;
  while (at === 0 || isGzip(source, at)) {
    const start = gzipDataStart(source, at, options);
    const part = inflateRaw(source, start, { ...options, limit: options.limit - total });
    parts.push(part.bytes);
    total += part.bytes.length;
    at = part.end + 8;
    if (options.partial) break;
    if (at > source.length) throw truncatedError(options.file, 'checksum', 8, source.length - part.end);
    const view = new DataView(source.buffer, source.byteOffset + part.end, 8);
    if (view.getUint32(0, true) !== crc32(part.bytes) || view.getUint32(4, true) !== part.bytes.length % 2 ** 32)
      throw badChecksum(options.file);
  }
  if (parts.length === 1) return parts[0];
  const out = new Uint8Array(total);
  let filled = 0;
  for (const part of parts) {
    out.set(part, filled);
    filled += part.length;
  }
  return out;
}

/** True when a gzip member begins at `at`. */
export function isGzip(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

const CRC_TABLE = new Int32Array(1024);
for (let index = 0; index < 256; index++) {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  CRC_TABLE[index] = value;
}
for (let index = 256; index < 1024; index++)
  CRC_TABLE[index] = (CRC_TABLE[index - 256] >>> 8) ^ CRC_TABLE[CRC_TABLE[index - 256] & 255];

/**
 * CRC-32 of bytes, as gzip and zip use it; four bytes a step.
 * @example crc32(new Uint8Array([97, 98, 99])) // 0x352441c2
 */
export function crc32(bytes: Uint8Array): number {
  let value = -1;
  const fours = bytes.length & ~3;
  for (let at = 0; at < fours; at += 4) {
    value ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    value =
      CRC_TABLE[768 + (value & 255)] ^
      CRC_TABLE[512 + ((value >>> 8) & 255)] ^
      CRC_TABLE[256 + ((value >>> 16) & 255)] ^
      CRC_TABLE[value >>> 24];
  }
  for (let at = fours; at < bytes.length; at++) value = (value >>> 8) ^ CRC_TABLE[(value ^ bytes[at]) & 255];
  return ~value >>> 0;
}

/**
 * Adler-32 of bytes, as zlib uses it.
 * @example adler32(new Uint8Array([97, 98, 99])) // 0x024d0127
 */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    const stop = Math.min(at + 3800, bytes.length);
    for (; at < stop; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function gzipDataStart(source: Uint8Array, start: number, options: InflateOptions): number {
  if (!isGzip(source, start))
    throw fileError('file.malformed', options.file, 'No gzip data where the name promises them', {
      place: `byte ${start}`,
      hint: 'The file is damaged, or its name ends with .gz although it is not compressed.',
    });
  const flags = source[start + 3];
  let at = start + 10;
  if (flags & 4) at += 2 + (source[at] | (source[at + 1] << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    while (at < source.length && source[at] !== 0) at++;
    at++;
  }
  return flags & 2 ? at + 2 : at;
}

function need(state: State, bits: number): void {
  while (state.count < bits) {
    if (state.at >= state.source.length) throw new EndOfInput();
    state.buffer |= state.source[state.at++] << state.count;
    state.count += 8;
  }
}

function take(state: State, bits: number): number {
  need(state, bits);
  const value = state.buffer & ((1 << bits) - 1);
  state.buffer = (state.buffer >>> bits) | 0;
  state.count -= bits;
  return value;
}

function takeSymbol(state: State, codes: Codes): number {
  while (state.count < codes.bits && state.at < state.source.length) {
    state.buffer |= state.source[state.at++] << state.count;
    state.count += 8;
  }
  const entry = codes.table[state.buffer & ((1 << codes.bits) - 1)];
  const bits = entry & 15;
  if (bits === 0) throw damaged(state, 'a code that is not in the table');
  if (bits > state.count) throw new EndOfInput();
  state.buffer = (state.buffer >>> bits) | 0;
  state.count -= bits;
  return entry >> 4;
}

function grow(state: State, more: number): void {
  const needed = state.length + more;
  if (needed <= state.out.length) return;
  if (needed > state.options.limit) throw new EndOfRoom();
  const out = new Uint8Array(Math.min(state.options.limit, Math.max(needed, state.out.length * 2)));
  out.set(state.out.subarray(0, state.length));
  state.out = out;
}

function copyStored(state: State): void {
  state.at -= state.count >> 3;
  state.buffer = 0;
  state.count = 0;
  const { source, at } = state;
  if (at + 4 > source.length) throw new EndOfInput();
  const length = source[at] | (source[at + 1] << 8);
  if (length !== (~(source[at + 2] | (source[at + 3] << 8)) & 0xffff))
    throw damaged(state, 'a stored block whose length is wrong');
  const stop = at + 4 + length;
  const end = Math.min(stop, source.length);
  grow(state, end - at - 4);
  state.out.set(source.subarray(at + 4, end), state.length);
  state.length += end - at - 4;
  state.at = end;
  if (end < stop) throw new EndOfInput();
}

/** The inner loop: bits are kept in locals, a symbol and its extra bits need at most 28 of them at a time. */
function inflateBlock(state: State, [literals, distances]: [Codes, Codes]): void {
  const { source } = state;
  const literalMask = (1 << literals.bits) - 1;
  const distanceMask = (1 << distances.bits) - 1;
  let { at, buffer, count, out, length: to } = state;
  const save = (): void => {
    Object.assign(state, { at: Math.min(at, source.length), buffer, count, length: to });
  };
  const spend = (bits: number): void => {
    buffer = (buffer >>> bits) | 0;
    count -= bits;
    if (count >= 0) return;
    save();
    throw new EndOfInput();
  };
  for (;;) {
    // past the end of the input zeros are read; spending them shows as a negative count
    for (; count < 24 && at < source.length; count += 8) buffer |= source[at++] << count;
    const entry = literals.table[buffer & literalMask];
    const symbol = entry >> 4;
    if ((entry & 15) === 0) break;
    spend(entry & 15);
    if (symbol < 256) {
      if (to === out.length) {
        save();
        grow(state, 1);
        out = state.out;
      }
      out[to++] = symbol;
      continue;
    }
    if (symbol === 256) {
      save();
      return;
    }
    if (symbol > 285) break;
    const lengthBits = LENGTH_EXTRA[symbol - 257];
    const length = LENGTH_BASE[symbol - 257] + (buffer & ((1 << lengthBits) - 1));
    spend(lengthBits);
    for (; count < 24 && at < source.length; count += 8) buffer |= source[at++] << count;
    const code = distances.table[buffer & distanceMask];
    if ((code & 15) === 0 || code >> 4 > 29) break;
    spend(code & 15);
    for (; count < 16 && at < source.length; count += 8) buffer |= source[at++] << count;
    const distanceBits = DISTANCE_EXTRA[code >> 4];
    const distance = DISTANCE_BASE[code >> 4] + (buffer & ((1 << distanceBits) - 1));
    spend(distanceBits);
    if (distance > to) break;
    if (to + length > out.length) {
      save();
      grow(state, length);
      out = state.out;
    }
    for (const stop = to + length; to < stop; to++) out[to] = out[to - distance];
  }
  save();
  throw damaged(state, 'a code that means nothing here');
}

function readCodes(state: State): [Codes, Codes] {
  const literals = take(state, 5) + 257;
  const distances = take(state, 5) + 1;
  const order = take(state, 4) + 4;
  const lengths = new Uint8Array(19);
  for (let index = 0; index < order; index++) lengths[CODE_ORDER[index]] = take(state, 3);
  const meta = buildCodes(state, lengths);
  const all = new Uint8Array(literals + distances);
  for (let index = 0; index < all.length; ) {
    const symbol = takeSymbol(state, meta);
    if (symbol < 16) {
      all[index++] = symbol;
      continue;
    }
    if (symbol === 16 && index === 0) throw damaged(state, 'a repeat of nothing');
    const value = symbol === 16 ? all[index - 1] : 0;
    const times = symbol === 16 ? 3 + take(state, 2) : symbol === 17 ? 3 + take(state, 3) : 11 + take(state, 7);
    if (index + times > all.length) throw damaged(state, 'too many code lengths');
    all.fill(value, index, index + times);
    index += times;
  }
  return [buildCodes(state, all.subarray(0, literals)), buildCodes(state, all.subarray(literals))];
}

function buildCodes(state: State, lengths: Uint8Array): Codes {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const next = new Uint32Array(16);
  let bits = 1;
  let code = 0;
  for (let length = 1; length < 16; length++) {
    code = (code + counts[length - 1]) << 1;
    next[length] = code;
    if (counts[length]) bits = length;
    if (code + counts[length] > 1 << length) throw damaged(state, 'code lengths that do not fit');
  }
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    let reversed = 0;
    for (let bit = 0, value = next[length]++; bit < length; bit++, value >>= 1)
      reversed = (reversed << 1) | (value & 1);
    for (let index = reversed; index < table.length; index += 1 << length) table[index] = (symbol << 4) | length;
  }
  return { bits, table };
}

let fixed: [Codes, Codes] | undefined;

function fixedCodes(): [Codes, Codes] {
  if (!fixed) {
    const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
    const state = { options: { file: '', limit: 0 } } as State;
    fixed = [buildCodes(state, lengths), buildCodes(state, new Uint8Array(30).fill(5))];
  }
  return fixed;
}

function damaged(state: State, what: string) {
  return fileError('file.malformed', state.options.file, 'The compressed data are damaged', {
    place: `byte ${state.at}`,
    detail: what,
    hint: 'Copy or export the file again from its source.',
  });
}

function badChecksum(file: string) {
  return fileError('file.malformed', file, 'The compressed data are damaged', {
    place: 'checksum',
    detail: 'the checksum does not match the data',
    hint: 'Copy or export the file again from its source.',
  });
}

/** The error of data that inflate to more than allowed. */
function tooLarge(options: InflateOptions) {
  return fileError('file.too-large', options.file, 'The compressed data hold more than expected', {
    place: 'compressed data',
    detail: `more than ${options.limit} bytes`,
    hint: 'The file is damaged or made to overfill memory; export it again, cropped where it is really this large.',
  });
}
