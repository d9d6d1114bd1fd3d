/**
 * The walk over DICOM data elements: tag, value representation, where the value lies. Nothing is decoded here.
 *
 * The walk may run out of bytes because only the head of a file was read; it then says how far it would have to read
 * (`needed`) instead of failing, and the caller fetches more or calls the file truncated.
 */

import { fileError } from './failure.ts';
import { TAG, tagText } from './tags.ts';

/** Length that means "until a delimiter". */
export const UNDEFINED_LENGTH = 0xffffffff;

/** Deepest nesting of sequences that is followed; real objects stay below ten. */
const MAX_DEPTH = 32;

/** How headers of data elements are written. */
export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
}

/** One data element: what it is called and where its value lies. */
export interface DataElement {
  tag: number;
  /** two capital letters, or empty where the encoding is implicit */
  vr: string;
  /** first byte of the value */
  start: number;
  /** bytes of the value; for undefined length, up to the delimiter (or the end of what was read) */
  length: number;
  undefinedLength: boolean;
}

/** Bytes with what is known of them. */
export interface ByteSource {
  bytes: Uint8Array;
  view: DataView;
  file: string;
  /** words before a byte offset in messages: empty, or `inflated ` for a deflated data set */
  placePrefix: string;
}

/** Bytes of a file with a view on them. */
export function byteSource(bytes: Uint8Array, file: string, placePrefix = ''): ByteSource {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), file, placePrefix };
}

/** Outcome of a walk. */
export interface Walk {
  elements: Map<number, DataElement>;
  /** first byte after the last whole element, or the delimiter that ended the data set */
  next: number;
  /** more bytes than there are would be needed; 0 when the walk came to its end */
  needed: number;
  /** the element that did not fit, for the message */
  cutIn?: DataElement;
}

/** VRs whose explicit form has two reserved bytes and a 4-byte length (PS3.5 7.1.2). */
const LONG_VRS = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];

/** VRs by their two letters, so that no text is made for every element. */
const VR_TEXT: string[] = [];
const VR_IS_LONG = new Uint8Array(26 * 26);
for (let code = 0; code < 26 * 26; code++) {
  VR_TEXT.push(String.fromCharCode(65 + Math.floor(code / 26), 65 + (code % 26)));
  VR_IS_LONG[code] = LONG_VRS.includes(VR_TEXT[code]) ? 1 : 0;
}

interface Header {
  tag: number;
  vr: string;
  /** bytes of the header */
  size: number;
  length: number;
}

/** Header at `at`, or the number of bytes that must be there to read it. */
function readHeader(source: ByteSource, at: number, encoding: Encoding): Header | number {
  const { view, bytes } = source;
  if (at + 8 > bytes.length) return at + 8;
  const le = encoding.littleEndian;
  const tag = ((view.getUint16(at, le) << 16) | view.getUint16(at + 2, le)) >>> 0;
  // items and delimiters have no VR in any encoding
  if (tag >>> 16 === 0xfffe || !encoding.explicit) {
    return { tag, vr: '', size: 8, length: view.getUint32(at + 4, le) };
  }
  const a = bytes[at + 4];
  const b = bytes[at + 5];
  // some writers slip implicit elements into explicit files: no two capitals, no VR
  if (a < 65 || a > 90 || b < 65 || b > 90) return { tag, vr: '', size: 8, length: view.getUint32(at + 4, le) };
  const code = (a - 65) * 26 + b - 65;
  const vr = VR_TEXT[code];
  if (VR_IS_LONG[code] === 0) return { tag, vr, size: 8, length: view.getUint16(at + 6, le) };
  if (at + 12 > bytes.length) return at + 12;
  return { tag, vr, size: 12, length: view.getUint32(at + 8, le) };
}

/** Where a walk ends before the bytes do. */
export interface WalkOptions {
  /** stop before this tag or any above it, but record the element */
  stopAt?: number;
  /** stop before the first tag of another group than this */
  onlyGroup?: number;
  /** nesting so far */
  depth?: number;
}

/**
 * Walks the data elements from `start` to `end`.
 * @throws MsdtError `file.malformed` when the bytes cannot be data elements
 */
export function walkElements(
  source: ByteSource,
  start: number,
  end: number,
  encoding: Encoding,
  options: WalkOptions = {},
): Walk {
  const elements = new Map<number, DataElement>();
  const depth = options.depth ?? 0;
  if (depth > MAX_DEPTH) {
    throw fileError('file.malformed', source.file, place(source, start), `sequences nested deeper than ${MAX_DEPTH}`);
  }
  const limit = Math.min(end, source.bytes.length);
  let at = start;
  while (at < limit) {
    const header = readHeader(source, at, encoding);
    if (typeof header === 'number') {
      // a few padding bytes at the very end of a file are common and harmless
      if (limit - at < 8 && allZero(source.bytes, at, limit)) return { elements, next: limit, needed: 0 };
      return { elements, next: at, needed: header };
    }
    if (header.tag === TAG.ItemDelimitation || header.tag === TAG.SequenceDelimitation) {
      return { elements, next: at + 8, needed: 0 };
    }
    if (options.onlyGroup !== undefined && header.tag >>> 16 !== options.onlyGroup) {
      return { elements, next: at, needed: 0 };
    }
    const valueStart = at + header.size;
    const undefinedLength = header.length === UNDEFINED_LENGTH;
    const element: DataElement = {
      tag: header.tag,
      vr: header.vr,
      start: valueStart,
      length: undefinedLength ? 0 : header.length,
      undefinedLength,
    };
    if (options.stopAt !== undefined && header.tag >= options.stopAt) {
      elements.set(header.tag, element);
      return { elements, next: at, needed: 0 };
    }
    if (undefinedLength) {
      const sequenceEncoding = header.vr === 'UN' ? { explicit: false, littleEndian: true } : encoding;
      const skipped = skipItems(source, valueStart, end, sequenceEncoding, depth + 1);
      if (skipped.needed) return { elements, next: at, needed: skipped.needed, cutIn: element };
      element.length = skipped.next - valueStart;
      at = skipped.next;
    } else {
      at = valueStart + header.length;
      if (at > end) return { elements, next: valueStart, needed: at, cutIn: element };
    }
    elements.set(header.tag, element);
  }
  return { elements, next: at, needed: at > source.bytes.length ? at : 0 };
}

/** Passes over the items of a sequence of undefined length. */
function skipItems(
  source: ByteSource,
  start: number,
  end: number,
  encoding: Encoding,
  depth: number,
): { next: number; needed: number } {
  let at = start;
  for (;;) {
    if (at + 8 > source.bytes.length) return { next: at, needed: at + 8 };
    const header = readHeader(source, at, encoding) as Header;
    if (header.tag === TAG.SequenceDelimitation) return { next: at + 8, needed: 0 };
    if (header.tag !== TAG.Item) throw notAnItem(source, at, header.tag);
    if (header.length === UNDEFINED_LENGTH) {
      const walk = walkElements(source, at + 8, end, encoding, { depth });
      if (walk.needed) return walk;
      if (walk.next === at + 8 || walk.next >= source.bytes.length)
        return { next: walk.next, needed: source.bytes.length + 8 };
      at = walk.next;
    } else {
      at += 8 + header.length;
    }
  }
}

/** Value ranges of the items of a sequence element. */
export function itemRanges(
  source: ByteSource,
  element: DataElement,
  encoding: Encoding,
): { start: number; end: number }[] {
  const items: { start: number; end: number }[] = [];
  const end = Math.min(element.start + element.length, source.bytes.length);
  let at = element.start;
  while (at + 8 <= end) {
    const header = readHeader(source, at, encoding) as Header;
    if (header.tag === TAG.SequenceDelimitation) break;
    if (header.tag !== TAG.Item) throw notAnItem(source, at, header.tag);
    const start = at + 8;
    if (header.length === UNDEFINED_LENGTH) {
      const walk = walkElements(source, start, end, encoding, { depth: 1 });
      items.push({ start, end: walk.next });
      at = Math.max(walk.next, start);
      if (walk.needed) break;
    } else {
      at = start + header.length;
      items.push({ start, end: Math.min(at, end) });
    }
  }
  return items;
}

/** Words for a place in the bytes. */
export function place(source: ByteSource, at: number): string {
  return `${source.placePrefix}byte ${at}`;
}

function notAnItem(source: ByteSource, at: number, tag: number): Error {
  return fileError(
    'file.malformed',
    source.file,
    place(source, at),
    `expected a sequence item (fffe,e000), found ${tagText(tag)}`,
  );
}

function allZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
