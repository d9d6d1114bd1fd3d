/** Bytes and names as readers meet them: bounded text, file names, errors that say where. */

import { type ErrorCode, MsdtError, type SourceFile } from '../model/index.ts';

/** Largest block of voxels or vertices a reader makes, so that a wrong or hostile header ends in a message · bytes */
export const MAX_ARRAY_BYTES = 2 ** 31;

/** Largest text document read as a whole · bytes */
export const MAX_TEXT_BYTES = 2 ** 28;

/** What a reader knows about a failure. */
export interface FileErrorInit {
  /** place inside the file: "byte 348", "header field dim" */
  place?: string;
  detail?: string;
  hint?: string;
  cause?: unknown;
}

/** An `MsdtError` about one file; readers throw nothing else for bad bytes. */
export function fileError(code: ErrorCode, file: string, message: string, init: FileErrorInit = {}): MsdtError {
  const { place, ...rest } = init;
  return new MsdtError(code, `${message} (${file})`, { where: { file, place: place ?? 'whole file' }, ...rest });
}

/** The error of bytes that end too early. */
export function truncatedError(file: string, place: string, expected: number, found: number): MsdtError {
  return fileError('file.truncated', file, 'The file ends too early', {
    place,
    detail: `expected ${expected} bytes, found ${Math.max(0, found)}`,
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

/**
 * Bytes as Latin-1 text, which never fails.
 * @example latin1(new Uint8Array([78, 82, 82, 68])) // 'NRRD'
 */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  const stop = Math.min(end, bytes.length);
  for (let at = start; at < stop; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 8192, stop)));
  return text;
}

/**
 * Text up to the first zero byte, trimmed.
 * @example fixedText(new Uint8Array([97, 98, 0, 99])) // 'ab'
 */
export function fixedText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return latin1(bytes, 0, end < 0 ? bytes.length : end).trim();
}

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes joined. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** True when the bytes hold no control characters but tab, line feed, form feed and carriage return. */
export function looksLikeText(head: Uint8Array): boolean {
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) return false;
  return head.length > 0;
}

/**
 * Name without its folders.
 * @example baseName('a/b/L4.stl') // 'L4.stl'
 */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}

/**
 * True when the name ends with one of the extensions, whatever its case.
 * @example hasExtension('CT.NII.GZ', ['.nii', '.nii.gz']) // true
 */
export function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(extension));
}

/**
 * Name without folders and without the longest of the given extensions.
 * @example stemOf('scans/ct.nii.gz', ['.nii', '.nii.gz']) // 'ct'
 */
export function stemOf(name: string, extensions: readonly string[]): string {
  const base = baseName(name);
  const lower = base.toLowerCase();
  const known = [...extensions].sort((a, b) => b.length - a.length).find((extension) => lower.endsWith(extension));
  return known && known.length < base.length ? base.slice(0, -known.length) : base;
}

/**
 * The file that a header names, by the name it came under: in the folder of the header, or below it.
 * @param named - as the header has it
 */
export function fileNamed(header: SourceFile, others: readonly SourceFile[], named: string): SourceFile | undefined {
  const called = ({ name, given = name }: SourceFile): string => given;
  const folder = called(header).slice(0, called(header).length - baseName(called(header)).length);
  return (
    others.find((other) => called(other) === folder + named) ??
    others.find((other) => called(other).startsWith(folder) && baseName(called(other)) === baseName(named))
  );
}

/**
 * A name that is safe as a file name on every system; never empty, never a path.
 * @example fileNameOf('../L4: body') // '_L4_ body'
 */
export function fileNameOf(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N} ._+()-]/gu, '_')
    .replace(/^[. ]+/, '')
    .trim()
    .slice(0, 120);
  return safe || 'unnamed';
}
