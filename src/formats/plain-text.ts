/** Text files of other systems as the readers expect them: UTF-8 without a mark, lines that end in a line feed. */

import type { SourceFile } from '../model/index.ts';
import { looksLikeText, MAX_TEXT_BYTES, utf8 } from './bytes.ts';

/** Bytes that tell how a text is written. */
const LOOK_BYTES = 1024;

const LF = 10;
const CR = 13;

/**
 * The same file as plain text where it is text in another dress: UTF-16 (Excel's "Unicode text"), UTF-8 behind a byte order
 * mark, or lines that end in a carriage return alone. Every other file comes back as it is.
 *
 * @returns a file whose bytes are UTF-8, or `file` itself
 */
export async function plainText(file: SourceFile): Promise<SourceFile> {
  if (file.bytes === 0 || file.bytes > MAX_TEXT_BYTES) return file;
  const head = await file.head(LOOK_BYTES);
  const wide = wideEncoding(head);
  if (wide) return holding(file, utf8(decoded(await file.read(), wide).replace(/\r(?!\n)/g, '\n')));
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return holding(file, withLineFeeds(await rest(file)));
  if (!endsInReturns(head)) return file;
  const bytes = await file.read();
  return looksLikeText(bytes) ? holding(file, withLineFeeds(bytes)) : file;
}

/** UTF-16, by its mark and by what stands behind it: other files may begin with the same two bytes. */
function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
  if (!encoding || head.length < 4) return undefined;
  const text = decoded(head.subarray(0, head.length & ~1), encoding);
  return looksLikeText(utf8(text)) ? encoding : undefined;
}

function decoded(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  return new TextDecoder(encoding).decode(bytes);
}

async function rest(file: SourceFile): Promise<Uint8Array> {
  return (await file.read()).subarray(3);
}

function endsInReturns(head: Uint8Array): boolean {
  const at = head.indexOf(CR);
  // the second half of a CRLF may lie behind what is seen
  return at >= 0 && at < head.length - 1 && !head.includes(LF) && looksLikeText(head);
}

/** Carriage returns that stand alone become line feeds; the same bytes where there is none. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  let copy: Uint8Array | undefined;
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] !== LF) {
      copy ??= bytes.slice();
      copy[at] = LF;
    }
  return copy ?? bytes;
}

function holding(file: SourceFile, bytes: Uint8Array): SourceFile {
  return {
    name: file.name,
    ...(file.given !== undefined && { given: file.given }),
    bytes: bytes.length,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}
