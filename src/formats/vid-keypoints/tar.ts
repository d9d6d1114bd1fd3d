/** Regular files of a tar archive in memory (POSIX ustar, pax and GNU long names), every size checked before it is believed. */

import { fileError, fixedText, truncatedError } from '../bytes.ts';

/** What an archive of keypoints may ask of the machine. */
export interface TarLimits {
  /** headers of any kind */
  maxEntries: number;
  /** bytes of one file */
  maxEntryBytes: number;
  /** bytes of the inflated archive */
  maxTotalBytes: number;
}

/** Ten times the largest known set of keypoints. */
export const TAR_LIMITS: TarLimits = { maxEntries: 50_000, maxEntryBytes: 2 ** 22, maxTotalBytes: 2 ** 28 };

/** One file of the archive; `name` is for messages only and never opened. */
export interface TarEntry {
  name: string;
  bytes: Uint8Array;
  /** byte of its header in the inflated archive */
  at: number;
}

const BLOCK = 512;

/** A pax record or GNU long name larger than this is no name. */
const MAX_NAME_BYTES = 65_536;

/**
 * True when a tar header stands at `at`: its checksum is right and it is not empty.
 * @param bytes - inflated archive, or its first block
 */
export function isTarHeader(bytes: Uint8Array, at = 0): boolean {
  if (at + BLOCK > bytes.length || bytes[at] === 0) return false;
  const stored = octal(bytes.subarray(at + 148, at + 156));
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += bytes[at + i];
  return stored === sum;
}

/** Octal digits between blanks and zeros; undefined for anything else. */
function octal(field: Uint8Array): number | undefined {
  const text = fixedText(field);
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** Size field: octal, or GNU base 256 for large files (refused: none here is that large). */
function sizeAt(bytes: Uint8Array, at: number, file: string): number {
  const size = octal(bytes.subarray(at + 124, at + 136));
  if (size !== undefined) return size;
  throw fileError('file.malformed', file, 'The archive has an entry of no readable size', {
    place: `byte ${at + 124} of the inflated archive`,
    hint: 'The archive is damaged: download or make it again.',
  });
}

/**
 * Takes an archive apart.
 *
 * @param bytes - inflated archive
 * @param file - name for messages
 * @returns regular files in the order of the archive; folders, links and devices are left out
 * @throws MsdtError `file.malformed` a header whose checksum is wrong · `file.truncated` · `file.too-large` above a limit
 */
export function readTar(bytes: Uint8Array, file: string, limits: TarLimits = TAR_LIMITS): TarEntry[] {
  const entries: TarEntry[] = [];
  let headers = 0;
  let longName: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < BLOCK) throw truncatedError(file, `tar header, byte ${at}`, BLOCK, bytes.length - at);
    if (isEmptyBlock(bytes, at)) return entries;
    if (!isTarHeader(bytes, at)) throw badHeader(file, at);
    if (++headers > limits.maxEntries) throw tooMany(file, at, `more than ${limits.maxEntries} entries`);
    const size = sizeAt(bytes, at, file);
    const type = String.fromCharCode(bytes[at + 156] || 48);
    const extended = type === 'x' || type === 'g' || type === 'L' || type === 'K';
    if (size > (extended ? MAX_NAME_BYTES : limits.maxEntryBytes)) throw tooMany(file, at, `an entry of ${size} bytes`);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw truncatedError(file, `entry at byte ${at}`, size, bytes.length - start);
    const data = bytes.subarray(start, start + size);
    if (type === 'x' || type === 'L') longName = longNameOf(type, data) ?? longName;
    else if (!extended) {
      if (type === '0' || type === '7') entries.push({ name: longName ?? headerName(bytes, at), bytes: data, at });
      longName = undefined;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw truncatedError(file, 'end of the archive', BLOCK, 0);
}

function isEmptyBlock(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) if (bytes[i] !== 0) return false;
  return true;
}

function headerName(bytes: Uint8Array, at: number): string {
  const name = text(bytes.subarray(at, at + 100));
  const ustar = text(bytes.subarray(at + 257, at + 262)) === 'ustar';
  const prefix = ustar ? text(bytes.subarray(at + 345, at + 500)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.slice(0, end < 0 ? bytes.length : end));
}

function longNameOf(type: string, data: Uint8Array): string | undefined {
  if (type === 'L') return text(data);
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(data.slice()))?.[1];
}

function badHeader(file: string, at: number) {
  return fileError('file.malformed', file, 'The archive is damaged', {
    place: `byte ${at} of the inflated archive`,
    detail: 'no tar header with a right checksum here',
    hint: 'Download or make the archive again, or unpack it with your system and drop the folder.',
  });
}

function tooMany(file: string, at: number, detail: string) {
  return fileError('file.too-large', file, 'The archive holds more than a set of keypoints does', {
    place: `byte ${at} of the inflated archive`,
    detail,
    hint: 'Unpack it with your system and drop the keypoint files you need.',
  });
}
