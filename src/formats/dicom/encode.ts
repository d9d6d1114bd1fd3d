/** Data elements → bytes: what the writer and the tests make DICOM files with. */

import { TAG } from './parse/tags.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './parse/uids.ts';

/** A value: text (already with backslashes), numbers of a binary VR, raw bytes, or items of a sequence. */
type ElementValue = string | readonly number[] | Uint8Array | readonly ElementSpec[][];

export type ElementSpec = readonly [tag: number, vr: string, value: ElementValue];

/** Encoding of a data set; explicit little endian with plain lengths unless said otherwise. */
export interface EncodeOptions {
  explicit?: boolean;
  littleEndian?: boolean;
  /** sequences and items of undefined length, closed by delimiters */
  undefinedLengths?: boolean;
}

/** UID root of UUID-derived identifiers (PS3.5 annex B.2), which need no registration. */
const UUID_ROOT = '2.25.';

/** Implementation class of this writer; a fixed random UUID. */
const IMPLEMENTATION_UID = '2.25.219437628530165342701892264705133874125';

const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const NUMBER_BYTES: Record<string, number> = { US: 2, SS: 2, OW: 2, AT: 4, UL: 4, SL: 4, FL: 4, FD: 8 };

/** Bytes of a data set, elements in ascending order of their tags. */
export function encodeDataSet(elements: readonly ElementSpec[], options: EncodeOptions = {}): Uint8Array {
  const sorted = [...elements].sort(([a], [b]) => (a >>> 0) - (b >>> 0));
  return concat(sorted.flatMap((element) => encodeElement(element, options)));
}

/**
 * A whole file: preamble, meta header, data set.
 * @param transferSyntax - UID for the meta header; must agree with `options` and with how pixel data were coded
 */
export function encodeFile(
  elements: readonly ElementSpec[],
  transferSyntax = EXPLICIT_LITTLE_ENDIAN.uid,
  options: EncodeOptions = {},
): Uint8Array {
  return concat([encodeMeta(elements, transferSyntax), encodeDataSet(elements, options)]);
}

/** Preamble and meta header, always explicit little endian. */
export function encodeMeta(elements: readonly ElementSpec[], transferSyntax: string): Uint8Array {
  const uid = (tag: number): string => String(elements.find(([t]) => t === tag)?.[2] ?? '');
  const meta = encodeDataSet([
    [0x00020001, 'OB', new Uint8Array([0, 1])],
    [0x00020002, 'UI', uid(TAG.SOPClassUID)],
    [0x00020003, 'UI', uid(TAG.SOPInstanceUID)],
    [0x00020010, 'UI', transferSyntax],
    [0x00020012, 'UI', IMPLEMENTATION_UID],
    [0x00020013, 'SH', 'MSDT'],
  ]);
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  return concat([preamble, encodeDataSet([[0x00020000, 'UL', [meta.length]]]), meta]);
}

function encodeElement([tag, vr, value]: ElementSpec, options: EncodeOptions): Uint8Array[] {
  const { explicit = true, littleEndian = true, undefinedLengths = false } = options;
  const isSequence = vr === 'SQ';
  const body = isSequence
    ? encodeItems(value as readonly ElementSpec[][], options)
    : encodeValue(vr, value, littleEndian);
  const open = isSequence && undefinedLengths;
  const long = explicit && LONG_VRS.has(vr);
  const header = new Uint8Array(long ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  if (explicit) header.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  const length = open ? 0xffffffff : body.length;
  if (long) view.setUint32(8, length, littleEndian);
  else if (explicit) view.setUint16(6, length, littleEndian);
  else view.setUint32(4, length, littleEndian);
  return open ? [header, body, delimiter(TAG.SequenceDelimitation, 0, littleEndian)] : [header, body];
}

function encodeItems(items: readonly ElementSpec[][], options: EncodeOptions): Uint8Array {
  const { littleEndian = true, undefinedLengths = false } = options;
  return concat(
    items.flatMap((item) => {
      const body = encodeDataSet(item, options);
      if (!undefinedLengths) return [delimiter(TAG.Item, body.length, littleEndian), body];
      return [delimiter(TAG.Item, 0xffffffff, littleEndian), body, delimiter(TAG.ItemDelimitation, 0, littleEndian)];
    }),
  );
}

function delimiter(tag: number, length: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  view.setUint32(4, length, littleEndian);
  return bytes;
}

function encodeValue(vr: string, value: ElementValue, littleEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array) return value.length % 2 === 0 ? value : concat([value, new Uint8Array(1)]);
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    if (bytes.length % 2 === 0) return bytes;
    return concat([bytes, new Uint8Array([vr === 'UI' ? 0 : 0x20])]);
  }
  const numbers = value as readonly number[];
  const width = NUMBER_BYTES[vr] ?? 2;
  const bytes = new Uint8Array(numbers.length * width);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, n) => {
    const at = n * width;
    if (vr === 'FD') view.setFloat64(at, number, littleEndian);
    else if (vr === 'FL') view.setFloat32(at, number, littleEndian);
    else if (vr === 'AT') {
      view.setUint16(at, number >>> 16, littleEndian);
      view.setUint16(at + 2, number & 0xffff, littleEndian);
    } else if (width === 4) view.setUint32(at, number, littleEndian);
    else view.setUint16(at, number, littleEndian);
  });
  return bytes;
}

/** Fragments of compressed pixel data as the value of (7FE0,0010), with an empty offset table and the closing delimiter. */
export function encapsulate(fragments: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [delimiter(TAG.Item, 0, true)];
  for (const fragment of fragments) {
    const even = fragment.length % 2 === 0 ? fragment : concat([fragment, new Uint8Array(1)]);
    parts.push(delimiter(TAG.Item, even.length, true), even);
  }
  parts.push(delimiter(TAG.SequenceDelimitation, 0, true));
  const pixelHeader = new Uint8Array(12);
  const view = new DataView(pixelHeader.buffer);
  view.setUint16(0, 0x7fe0, true);
  view.setUint16(2, 0x0010, true);
  pixelHeader.set([0x4f, 0x42], 4);
  view.setUint32(8, 0xffffffff, true);
  return concat([pixelHeader, ...parts]);
}

/** One array of all parts. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * A decimal string (DS) of at most 16 characters.
 * @example decimalString(0.1 + 0.2) // '0.3'
 */
export function decimalString(value: number): string {
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return '0';
}

/** A UID that is the same for the same words: UUID-derived, made from four 32-bit hashes (FNV-1a with different seeds). */
export function uidFrom(...words: string[]): string {
  const text = words.join('\u0001');
  let number = 0n;
  for (const seed of [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b]) {
    let hash = seed;
    for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    number = (number << 32n) | BigInt((hash ^ (hash >>> 13)) >>> 0);
  }
  return UUID_ROOT + number.toString();
}
