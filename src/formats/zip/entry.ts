/** One file of an archive as a `SourceFile`: nothing is inflated before it is asked for, and never more than was declared. */

import { Inflate, inflateSync } from 'fflate';
import { isMsdtError, messageOf, type SourceFile } from '../../model/index.ts';
import { crc32 } from '../inflate.ts';
import { type ZipEntry, zipError } from './directory.ts';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const CHUNK_BYTES = 16 * 1024;

/** Inflated bytes of the file that was asked for last, so that many slices of it inflate once. */
export interface LastEntry {
  entry?: ZipEntry;
  bytes?: Uint8Array;
  /** buffer that `readInto` inflates into, kept between files */
  scratch?: Uint8Array;
}

/** The file of an entry; `last` is shared by all files of one archive. */
export function entryFile(archive: SourceFile, entry: ZipEntry, last: LastEntry): SourceFile {
  const name = `${archive.name}/${entry.name}`;
  const whole = async (): Promise<Uint8Array> => {
    if (last.entry === entry && last.bytes) return last.bytes;
    const bytes = await inflateWhole(archive, entry, name);
    last.entry = entry;
    last.bytes = bytes;
    return bytes;
  };
  return {
    name,
    bytes: entry.bytes,
    head: (length) =>
      last.entry === entry ? whole().then((b) => b.subarray(0, length)) : inflateHead(archive, entry, name, length),
    read: () => (last.entry === entry ? whole() : inflateWhole(archive, entry, name)),
    slice: async (start, end) => (await whole()).subarray(start, end),
    readInto: async (target, start) => {
      const cached = last.entry === entry ? last.bytes : undefined;
      if (!cached && (last.scratch?.length ?? 0) <= entry.bytes) last.scratch = new Uint8Array(entry.bytes + 1);
      const bytes = cached ?? (await inflateWhole(archive, entry, name, last.scratch));
      const part = bytes.subarray(start, start + target.length);
      target.set(part);
      return part.length;
    },
  };
}

/** First byte of the data: the local header has its own name and extra lengths. */
async function dataStart(archive: SourceFile, entry: ZipEntry, name: string): Promise<number> {
  const header = await archive.slice(entry.offset, entry.offset + LOCAL_HEADER_BYTES);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < LOCAL_HEADER_BYTES || view.getUint32(0, true) !== LOCAL_HEADER) {
    throw zipError(
      'file.malformed',
      name,
      `byte ${entry.offset} of ${archive.name}`,
      'no file header where the directory says',
    );
  }
  const start = entry.offset + LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.packedBytes > archive.bytes) {
    throw zipError(
      'file.truncated',
      name,
      `byte ${start} of ${archive.name}`,
      `${entry.packedBytes} bytes are declared`,
    );
  }
  return start;
}

async function inflateWhole(
  archive: SourceFile,
  entry: ZipEntry,
  name: string,
  into?: Uint8Array,
): Promise<Uint8Array> {
  const start = await dataStart(archive, entry, name);
  const packed = await archive.slice(start, start + entry.packedBytes);
  const place = `byte ${start} of ${archive.name}`;
  if (packed.length < entry.packedBytes)
    throw zipError('file.truncated', name, place, `${packed.length} bytes are there`);
  const bytes = entry.method === STORED ? packed : inflateDeclared(packed, entry, name, place, into);
  if (bytes.length !== entry.bytes) {
    const code = bytes.length > entry.bytes ? 'file.unsafe' : 'file.truncated';
    throw zipError(code, name, place, `${entry.bytes} bytes are declared, ${bytes.length} or more come out`);
  }
  const crc = crc32(bytes);
  if (crc !== entry.crc) {
    throw zipError(
      'file.malformed',
      name,
      place,
      `checksum ${crc.toString(16)}, the archive says ${entry.crc.toString(16)}`,
    );
  }
  return bytes;
}

/** Inflates into one byte more than declared: a stream that goes on is noticed without room for it. */
function inflateDeclared(
  packed: Uint8Array,
  entry: ZipEntry,
  name: string,
  place: string,
  into?: Uint8Array,
): Uint8Array {
  if (entry.method !== DEFLATED) throw zipError('file.unsupported', name, place, `compression method ${entry.method}`);
  try {
    const out = into ? into.subarray(0, entry.bytes + 1) : new Uint8Array(entry.bytes + 1);
    return inflateSync(packed, { out });
  } catch (error) {
    throw inflateError(error, name, place);
  }
}

async function inflateHead(archive: SourceFile, entry: ZipEntry, name: string, length: number): Promise<Uint8Array> {
  const wanted = Math.min(length, entry.bytes);
  const start = await dataStart(archive, entry, name);
  if (entry.method === STORED) return archive.slice(start, start + wanted);
  const place = `byte ${start} of ${archive.name}`;
  if (entry.method !== DEFLATED) throw zipError('file.unsupported', name, place, `compression method ${entry.method}`);
  const head = new Uint8Array(wanted);
  let filled = 0;
  const inflate = new Inflate((part) => {
    const use = part.subarray(0, wanted - filled);
    head.set(use, filled);
    filled += use.length;
  });
  try {
    for (let at = 0; at < entry.packedBytes && filled < wanted; at += CHUNK_BYTES) {
      const to = Math.min(at + CHUNK_BYTES, entry.packedBytes);
      inflate.push(await archive.slice(start + at, start + to), to === entry.packedBytes);
    }
  } catch (error) {
    throw inflateError(error, name, place);
  }
  return filled === wanted ? head : head.subarray(0, filled);
}

function inflateError(error: unknown, name: string, place: string): Error {
  if (isMsdtError(error)) return error as Error;
  return zipError('file.malformed', name, place, messageOf(error));
}
