/** The central directory of a zip archive, read and judged before anything is inflated (PKWARE APPNOTE 4.3, 4.4, 4.5). */

import { MsdtError, type SourceFile } from '../../model/index.ts';

/** What an archive may ask of the machine. */
export interface ZipLimits {
  /** files and folders inside */
  maxEntries: number;
  /** bytes of all files inflated, archives inside archives included */
  maxTotalBytes: number;
  /** inflated over packed bytes; judged from `ratioFromBytes` on, because small empty masks legitimately shrink a lot */
  maxRatio: number;
  ratioFromBytes: number;
  /** archives inside archives: 1 is the outermost */
  maxDepth: number;
  /** longest name, in characters */
  maxNameLength: number;
}

/** Room for any study in practice; a deflate bomb reaches a ratio of 1032. */
export const ZIP_LIMITS: ZipLimits = {
  maxEntries: 50_000,
  maxTotalBytes: 8 * 2 ** 30,
  maxRatio: 300,
  ratioFromBytes: 512 * 2 ** 20,
  maxDepth: 2,
  maxNameLength: 1024,
};

/** One file of the archive. */
export interface ZipEntry {
  /** relative path with `/`, checked */
  name: string;
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  /** place of the local header */
  offset: number;
  /** bytes of the name as stored, for finding the data */
  nameBytes: number;
}

const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const MAX_COMMENT = 65535;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END_RECORD = 0x06064b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER_BYTES = 30;

/** Deflate cannot expand more than this (PKWARE and zlib agree on 1032 to 1). */
const DEFLATE_MOST = 1032;

/** A directory larger than this is refused before it is fetched. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;

/** The error of an archive, with a remedy. */
export function zipError(
  code: 'file.malformed' | 'file.truncated' | 'file.unsafe' | 'file.unsupported' | 'file.too-large',
  file: string,
  place: string,
  detail: string,
): MsdtError {
  const what = {
    'file.malformed': [
      'is a damaged zip archive',
      'Make the archive again, or unpack it with your system and drop the folder.',
    ],
    'file.truncated': ['is a zip archive cut short', 'Copy or download it again; the transfer probably stopped early.'],
    'file.unsafe': [
      'is refused: it could do harm',
      'Do not unpack it. Ask its sender for a clean archive of the study.',
    ],
    'file.unsupported': ['uses a zip feature that is not read', 'Unpack it with your system and drop the folder.'],
    'file.too-large': ['holds too much', 'Unpack it with your system and drop one study at a time.'],
  }[code];
  return new MsdtError(code, `${file} ${what[0]}`, { where: { file, place }, detail, hint: what[1] });
}

/**
 * Entries of an archive, in directory order, with folders, links and hidden files left out.
 * @throws MsdtError `file.unsafe` for names that leave the archive, overlapping entries and bombs; `file.malformed`,
 *   `file.truncated`, `file.unsupported`, `file.too-large`
 */
export async function readDirectory(file: SourceFile, limits: ZipLimits): Promise<ZipEntry[]> {
  const end = await findEnd(file);
  if (end.count > limits.maxEntries) {
    throw zipError(
      'file.too-large',
      file.name,
      `byte ${end.offset}`,
      `${end.count} entries, at most ${limits.maxEntries}`,
    );
  }
  if (end.offset + end.bytes > file.bytes || end.bytes > MAX_DIRECTORY_BYTES) {
    throw zipError('file.truncated', file.name, `byte ${end.offset}`, `a directory of ${end.bytes} bytes`);
  }
  const bytes = await file.slice(end.offset, end.offset + end.bytes);
  if (bytes.length < end.bytes)
    throw zipError('file.truncated', file.name, `byte ${end.offset}`, 'the directory ends early');
  const entries = parseEntries(file, bytes, end, limits);
  checkOverlap(file, entries, end.offset);
  return entries.filter((entry) => entry.keep);
}

interface DirectoryEnd {
  count: number;
  bytes: number;
  offset: number;
}

async function findEnd(file: SourceFile): Promise<DirectoryEnd> {
  const tailAt = Math.max(0, file.bytes - END_RECORD_BYTES - MAX_COMMENT);
  const tail = await file.slice(tailAt, file.bytes);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    const end = {
      count: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    if (view.getUint16(at + 4, true) !== 0 && view.getUint16(at + 4, true) !== 0xffff) {
      throw zipError('file.unsupported', file.name, `byte ${tailAt + at}`, 'one part of an archive in several files');
    }
    const large = end.count === 0xffff || end.bytes === 0xffffffff || end.offset === 0xffffffff;
    return large ? await findZip64End(file, tailAt + at, end) : end;
  }
  throw zipError('file.truncated', file.name, `byte ${file.bytes}`, 'no directory at the end of the archive');
}

async function findZip64End(file: SourceFile, endAt: number, plain: DirectoryEnd): Promise<DirectoryEnd> {
  const locator = endAt >= 20 ? await file.slice(endAt - 20, endAt) : new Uint8Array(0);
  const view = new DataView(locator.buffer, locator.byteOffset, locator.byteLength);
  if (locator.length < 20 || view.getUint32(0, true) !== ZIP64_LOCATOR) return plain;
  const at = Number(view.getBigUint64(8, true));
  const record = at + 56 <= file.bytes ? await file.slice(at, at + 56) : new Uint8Array(0);
  const end = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (record.length < 56 || end.getUint32(0, true) !== ZIP64_END_RECORD) {
    throw zipError('file.malformed', file.name, `byte ${endAt - 20}`, 'the zip64 directory is not where it should be');
  }
  return {
    count: Number(end.getBigUint64(32, true)),
    bytes: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

interface ParsedEntry extends ZipEntry {
  keep: boolean;
}

function parseEntries(file: SourceFile, bytes: Uint8Array, end: DirectoryEnd, limits: ZipLimits): ParsedEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ParsedEntry[] = [];
  let at = 0;
  for (let n = 0; n < end.count; n++) {
    const place = `entry ${n + 1} of ${end.count}, byte ${end.offset + at}`;
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL_HEADER) {
      throw zipError('file.malformed', file.name, place, 'no directory entry here');
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > bytes.length) throw zipError('file.malformed', file.name, place, 'a name longer than the directory');
    const entry = parseEntry(view, bytes, at, nameBytes);
    readZip64Extra(entry, view, at + 46 + nameBytes, extraBytes);
    judgeEntry(file, entry, view.getUint16(at + 8, true), place, limits);
    entries.push(entry);
    at = next;
  }
  return entries;
}

function parseEntry(view: DataView, bytes: Uint8Array, at: number, nameBytes: number): ParsedEntry {
  const raw = bytes.subarray(at + 46, at + 46 + nameBytes);
  const name = decodeName(raw).replaceAll('\\', '/');
  const unixMode = view.getUint8(at + 5) === 3 ? view.getUint32(at + 38, true) >>> 16 : 0;
  const link = (unixMode & 0xf000) === 0xa000;
  const hidden = name.split('/').some((part) => part.startsWith('.') && part !== '..' && part !== '.');
  return {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    nameBytes,
    keep: !name.endsWith('/') && !link && !hidden && !name.startsWith('__MACOSX/'),
  };
}

function decodeName(raw: Uint8Array): string {
  const bytes = raw.slice();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('iso-8859-1').decode(bytes);
  }
}

/** 64-bit sizes stand in an extra field, in this order, each only where its 32-bit place is full. */
function readZip64Extra(entry: ParsedEntry, view: DataView, start: number, length: number): void {
  for (let at = start; at + 4 <= start + length; ) {
    const id = view.getUint16(at, true);
    const size = view.getUint16(at + 2, true);
    let p = at + 4;
    at = p + size;
    if (id !== 1 || at > start + length) continue;
    for (const field of ['bytes', 'packedBytes', 'offset'] as const) {
      if (entry[field] !== 0xffffffff || p + 8 > at) continue;
      entry[field] = Number(view.getBigUint64(p, true));
      p += 8;
    }
  }
}

function judgeEntry(file: SourceFile, entry: ParsedEntry, flags: number, place: string, limits: ZipLimits): void {
  const bad = unsafeName(entry.name, limits);
  if (bad) throw zipError('file.unsafe', file.name, place, bad);
  if (!entry.keep) return;
  if (flags & 1)
    throw zipError('file.unsupported', file.name, place, 'the archive is encrypted; unpack it with its password');
  if (entry.bytes > entry.packedBytes * DEFLATE_MOST + 64) {
    throw zipError('file.unsafe', file.name, place, `${entry.packedBytes} bytes that claim to become ${entry.bytes}`);
  }
  if (entry.offset + LOCAL_HEADER_BYTES + entry.packedBytes > file.bytes) {
    throw zipError('file.truncated', file.name, place, `its data run to byte ${entry.offset + entry.packedBytes}`);
  }
}

/** Why a name may not be used; undefined when it may. */
function unsafeName(name: string, limits: ZipLimits): string | undefined {
  const shown = JSON.stringify(name.slice(0, 120));
  if (name.length === 0 || name.length > limits.maxNameLength) return `a name of ${name.length} characters`;
  if (name.split('/').includes('..')) return `the name ${shown} leaves the archive`;
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return `the name ${shown} is an absolute path`;
  if (/[\u0000-\u001f\u007f]/.test(name)) return `the name ${shown} holds control characters`;
  return undefined;
}

/** Entries that share bytes are the trick of the smallest bombs. */
function checkOverlap(file: SourceFile, entries: ParsedEntry[], directoryAt: number): void {
  const byPlace = [...entries].sort((a, b) => a.offset - b.offset);
  byPlace.forEach((entry, n) => {
    const end = entry.offset + LOCAL_HEADER_BYTES + entry.nameBytes + entry.packedBytes;
    const next = byPlace[n + 1]?.offset ?? directoryAt;
    if (end > next)
      throw zipError('file.unsafe', file.name, `byte ${next}`, `${JSON.stringify(entry.name)} overlaps what follows`);
  });
}
