/** The header of PLY files: elements, their properties and comments. */

import { fileError } from '../bytes.ts';

/** Longest header that is read. */
export const MAX_HEADER_BYTES = 1 << 16;

/** Number types of PLY under their sized names. */
export type PlyType = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64';

/** One property: a value, or a list with its own count type. */
export interface PlyProperty {
  name: string;
  type: PlyType;
  countType?: PlyType;
}

/** One element: so many records of these properties. */
export interface PlyElement {
  name: string;
  count: number;
  properties: PlyProperty[];
}

/** A checked header. */
export interface PlyHeader {
  encoding: 'ascii' | 'little' | 'big';
  elements: PlyElement[];
  /** comments and obj_info lines, one per line */
  comments: string;
  length: number;
}

const TYPES: Record<string, PlyType> = {
  char: 'int8',
  int8: 'int8',
  uchar: 'uint8',
  uint8: 'uint8',
  short: 'int16',
  int16: 'int16',
  ushort: 'uint16',
  uint16: 'uint16',
  int: 'int32',
  int32: 'int32',
  uint: 'uint32',
  uint32: 'uint32',
  float: 'float32',
  float32: 'float32',
  double: 'float64',
  float64: 'float64',
};

const ENCODINGS: Record<string, PlyHeader['encoding']> = {
  ascii: 'ascii',
  binary_little_endian: 'little',
  binary_big_endian: 'big',
};

/** Bytes of a value of this type. */
export function plyBytes(type: PlyType): number {
  return Number(type.replace(/\D/g, '')) / 8;
}

/**
 * Parses the header at the start of `bytes`.
 * @throws MsdtError `file.malformed`, `file.truncated`
 */
export function parsePlyHeader(bytes: Uint8Array, file: string): PlyHeader {
  const header: PlyHeader = { encoding: 'ascii', elements: [], comments: '', length: 0 };
  const comments: string[] = [];
  let encoded = false;
  for (let at = 0, line = 1; at < Math.min(bytes.length, MAX_HEADER_BYTES); line++) {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end > MAX_HEADER_BYTES) break;
    const text = new TextDecoder().decode(bytes.subarray(at, end)).trim();
    at = end + 1;
    const words = text.split(/\s+/);
    const bad = (detail: string) => badHeader(file, `line ${line}`, detail);
    if (line === 1 && text !== 'ply') throw bad('the first line must be "ply"');
    if (words[0] === 'format') {
      const encoding = ENCODINGS[words[1]];
      if (!encoding) throw bad(`unknown format "${words[1]}"`);
      header.encoding = encoding;
      encoded = true;
    } else if (words[0] === 'comment' || words[0] === 'obj_info') comments.push(text.slice(words[0].length + 1));
    else if (words[0] === 'element') {
      const count = Number(words[2]);
      if (!Number.isInteger(count) || count < 0 || words.length !== 3) throw bad(`"${text.slice(0, 60)}"`);
      if (header.elements.length >= 100) throw bad('more than 100 elements');
      header.elements.push({ name: words[1], count, properties: [] });
    } else if (words[0] === 'property') {
      const property = propertyOf(words);
      const element = header.elements.at(-1);
      if (!property || !element || element.properties.length >= 1000) throw bad(`"${text.slice(0, 60)}"`);
      element.properties.push(property);
    } else if (words[0] === 'end_header') {
      if (!encoded) throw bad('the line "format" is missing');
      return { ...header, comments: comments.join('\n'), length: at };
    }
  }
  throw fileError('file.truncated', file, 'The header does not end', {
    place: `byte ${Math.min(bytes.length, MAX_HEADER_BYTES)}`,
    detail: 'the line end_header is missing',
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function propertyOf(words: readonly string[]): PlyProperty | undefined {
  if (words[1] === 'list') {
    const countType = TYPES[words[2]];
    const type = TYPES[words[3]];
    return countType && type && words[4] && !countType.startsWith('float')
      ? { name: words[4], type, countType }
      : undefined;
  }
  const type = TYPES[words[1]];
  return type && words[2] ? { name: words[2], type } : undefined;
}

function badHeader(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The PLY header is not right', {
    place,
    detail,
    hint: 'The header is damaged or was edited by hand: export the surface again.',
  });
}
