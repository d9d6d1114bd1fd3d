/** The header of NRRD files: fields and key/value pairs, parsed and checked. */

import type { Vec3 } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import type { ScalarType } from '../voxels.ts';

/** Longest header that is read; a seg.nrrd with hundreds of segments has some 100 kB. */
export const MAX_HEADER_BYTES = 1 << 22;

/** How the data are stored. */
export type NrrdEncoding = 'raw' | 'gzip' | 'ascii' | 'hex';

/** A checked header. */
export interface NrrdHeader {
  type: ScalarType;
  sizes: number[];
  encoding: NrrdEncoding;
  littleEndian: boolean;
  /** per axis: step vector in `space`, or undefined for an axis that is not in space */
  directions: (Vec3 | undefined)[];
  origin?: Vec3;
  /** sign of each space axis against LPS, or undefined when the file names no anatomical space */
  signs?: Vec3;
  /** mm per unit of space */
  scale: number;
  kinds: string[];
  /** free text */
  content?: string;
  /** header holds no orientation, only spacings */
  plain: boolean;
  byteSkip: number;
  lineSkip: number;
  /** names of detached data files in order, or empty */
  dataFiles: string[];
  /** `key:=value` pairs */
  pairs: Map<string, string>;
  /** bytes of the header, with its closing blank line */
  length: number;
}

const TYPES: Record<string, ScalarType> = {
  'signed char': 'int8',
  int8: 'int8',
  int8_t: 'int8',
  uchar: 'uint8',
  'unsigned char': 'uint8',
  uint8: 'uint8',
  uint8_t: 'uint8',
  short: 'int16',
  'short int': 'int16',
  'signed short': 'int16',
  'signed short int': 'int16',
  int16: 'int16',
  int16_t: 'int16',
  ushort: 'uint16',
  'unsigned short': 'uint16',
  'unsigned short int': 'uint16',
  uint16: 'uint16',
  uint16_t: 'uint16',
  int: 'int32',
  'signed int': 'int32',
  int32: 'int32',
  int32_t: 'int32',
  uint: 'uint32',
  'unsigned int': 'uint32',
  uint32: 'uint32',
  uint32_t: 'uint32',
  longlong: 'int64',
  'long long': 'int64',
  'long long int': 'int64',
  'signed long long': 'int64',
  'signed long long int': 'int64',
  int64: 'int64',
  int64_t: 'int64',
  ulonglong: 'uint64',
  'unsigned long long': 'uint64',
  'unsigned long long int': 'uint64',
  uint64: 'uint64',
  uint64_t: 'uint64',
  float: 'float32',
  double: 'float64',
};

const ENCODINGS: Record<string, NrrdEncoding> = {
  raw: 'raw',
  gzip: 'gzip',
  gz: 'gzip',
  txt: 'ascii',
  text: 'ascii',
  ascii: 'ascii',
  hex: 'hex',
};

const FIELD_NAMES: Record<string, string> = {
  datafile: 'data file',
  lineskip: 'line skip',
  byteskip: 'byte skip',
  axismins: 'axis mins',
  axismaxs: 'axis maxs',
  centers: 'centerings',
};

/** Most files of one detached volume. */
const MAX_DATA_FILES = 100_000;

/**
 * Parses the header at the start of `bytes`.
 * @throws MsdtError `file.malformed`, `file.unsupported`
 */
export function parseNrrdHeader(bytes: Uint8Array, file: string): NrrdHeader {
  const { lines, length } = headerLines(bytes, file);
  const fields = new Map<string, string>();
  const pairs = new Map<string, string>();
  let list: string[] | undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.startsWith('#')) continue;
    if (list) {
      if (list.length < MAX_DATA_FILES) list.push(line.trim());
      continue;
    }
    const pair = /^([^:]+):=(.*)$/.exec(line);
    const field = /^([^:]+): ?(.*)$/.exec(line);
    if (pair) pairs.set(pair[1].trim(), unescapeValue(pair[2].trim()));
    else if (field) {
      const name = field[1].trim().toLowerCase();
      fields.set(FIELD_NAMES[name] ?? name, field[2].trim());
      if (name === 'data file' || name === 'datafile') list = field[2].trim().startsWith('LIST') ? [] : undefined;
    } else throw bad(file, `line ${index + 1}`, `"${line.slice(0, 60)}" is neither a field nor a key`);
  }
  return {
    ...interpret(fields, file),
    ...placed(fields, file),
    dataFiles: list ?? dataFilesOf(fields, file),
    pairs,
    length,
  };
}

function headerLines(bytes: Uint8Array, file: string): { lines: string[]; length: number } {
  if (latin1(bytes, 0, 4) !== 'NRRD') throw bad(file, 'byte 0', 'the file does not begin with NRRD');
  const most = Math.min(bytes.length, MAX_HEADER_BYTES);
  const lines: string[] = [];
  let at = 0;
  for (let end = bytes.indexOf(10); end >= 0 && end < most; end = bytes.indexOf(10, at)) {
    const stop = end > at && bytes[end - 1] === 13 ? end - 1 : end;
    if (stop === at) return { lines, length: end + 1 };
    lines.push(new TextDecoder().decode(bytes.subarray(at, stop)));
    at = end + 1;
  }
  // a detached header may end without a blank line
  if (bytes.length < MAX_HEADER_BYTES && lines.some((line) => /^data ?file:/i.test(line))) {
    const last = new TextDecoder().decode(bytes.subarray(at)).trim();
    return { lines: last ? [...lines, last] : lines, length: bytes.length };
  }
  throw fileError('file.truncated', file, 'The header does not end', {
    place: `line ${lines.length + 1}`,
    detail: 'a blank line must follow the header',
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

type Interpreted = Pick<
  NrrdHeader,
  'type' | 'sizes' | 'encoding' | 'littleEndian' | 'kinds' | 'content' | 'byteSkip' | 'lineSkip'
>;

function interpret(fields: Map<string, string>, file: string): Interpreted {
  const typeText = required(fields, 'type', file).toLowerCase();
  const type = TYPES[typeText];
  if (!type) throw unsupported(file, 'field type', `values of type "${typeText}"`);
  const encodingText = required(fields, 'encoding', file).toLowerCase();
  const encoding = ENCODINGS[encodingText];
  if (!encoding) throw unsupported(file, 'field encoding', `encoding "${encodingText}"`);
  const dimension = Number(required(fields, 'dimension', file));
  const sizes = numbersOf(required(fields, 'sizes', file));
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 16 || sizes.length !== dimension)
    throw bad(file, 'field sizes', `dimension ${fields.get('dimension')} but sizes ${fields.get('sizes')}`);
  if (!sizes.every((n) => Number.isInteger(n) && n > 0))
    throw bad(file, 'field sizes', `not all positive whole numbers: ${sizes.join(' ')}`);
  const skip = (name: string): number => {
    const value = Number(fields.get(name) ?? 0);
    if (!Number.isInteger(value) || value < -1) throw bad(file, `field ${name}`, `found ${fields.get(name)}`);
    return value;
  };
  return {
    type,
    sizes,
    encoding,
    littleEndian: (fields.get('endian') ?? 'little').toLowerCase() !== 'big',
    content: fields.get('content'),
    kinds: (fields.get('kinds') ?? '').split(/\s+/).filter(Boolean),
    byteSkip: skip('byte skip'),
    lineSkip: Math.max(0, skip('line skip')),
  };
}

type Placed = Pick<NrrdHeader, 'directions' | 'origin' | 'signs' | 'scale' | 'plain'>;

function placed(fields: Map<string, string>, file: string): Placed {
  const scale = scaleOf(fields.get('space units'));
  const signs = signsOf(fields.get('space'));
  const vectors = fields.get('space directions');
  if (vectors !== undefined) {
    const directions = vectorsOf(vectors);
    const origin = vectorsOf(fields.get('space origin') ?? '')[0];
    if (directions.some((vector) => vector && !vector.every(Number.isFinite)))
      throw bad(file, 'field space directions', `found ${vectors.slice(0, 120)}`);
    return { directions, origin, signs, scale, plain: false };
  }
  const spacings = numbersOf(fields.get('spacings') ?? '');
  const mins = numbersOf(fields.get('axis mins') ?? '');
  const dimension = Number(fields.get('dimension'));
  // the last three axes of a plain grid are taken as x, y, z
  const first = Math.max(0, dimension - 3);
  const directions = Array.from({ length: dimension }, (_, axis): Vec3 | undefined => {
    if (axis < first) return undefined;
    const step = Math.abs(spacings[axis]) || 1;
    return [0, 1, 2].map((row) => (row === axis - first ? step : 0)) as unknown as Vec3;
  });
  const origin = [0, 1, 2].map((row) =>
    Number.isFinite(mins[first + row]) ? mins[first + row] : 0,
  ) as unknown as Vec3;
  return { directions, origin, signs, scale, plain: true };
}

/** Signs that turn the axes of a named space into LPS. */
function signsOf(space: string | undefined): Vec3 | undefined {
  const text =
    space
      ?.trim()
      .toLowerCase()
      .replace(/-time$/, '') ?? '';
  const letters = /^[lr][ap][is]t?$/.test(text)
    ? text
    : text
        .split('-')
        .map((word) => word[0])
        .join('');
  if (/^(left|right)-(anterior|posterior)-(inferior|superior)$/.test(text) || /^[lr][ap][is]t?$/.test(text))
    return [letters[0] === 'l' ? 1 : -1, letters[1] === 'p' ? 1 : -1, letters[2] === 's' ? 1 : -1];
  return undefined;
}

function scaleOf(units: string | undefined): number {
  const word = /"([^"]*)"/.exec(units ?? '')?.[1]?.toLowerCase();
  const scales: Record<string, number> = { m: 1000, cm: 10, um: 0.001, µm: 0.001, micron: 0.001 };
  return scales[word ?? 'mm'] ?? 1;
}

function vectorsOf(text: string): (Vec3 | undefined)[] {
  return [...text.matchAll(/none|\(([^)]{0,200})\)/gi)].slice(0, 16).map((match) => {
    if (match[1] === undefined) return undefined;
    const parts = match[1].split(',').map((part) => Number(part.trim() || Number.NaN));
    return [parts[0], parts[1] ?? 0, parts[2] ?? 0];
  });
}

function numbersOf(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).slice(0, 32).map(Number);
}

function dataFilesOf(fields: Map<string, string>, file: string): string[] {
  const text = fields.get('data file');
  if (text === undefined) return [];
  const pattern = /^(\S*%\d*d\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)/.exec(text);
  if (!pattern) return [text];
  const [min, max, step] = pattern.slice(2, 5).map(Number);
  const count = Math.floor((max - min) / step) + 1;
  if (!(count > 0 && count <= MAX_DATA_FILES)) throw bad(file, 'field data file', `found ${text}`);
  return Array.from({ length: count }, (_, index) =>
    pattern[1].replace(/%(0?)(\d*)d/, (_whole, zero: string, width: string) =>
      String(min + index * step).padStart(Number(width || 0), zero ? '0' : ' '),
    ),
  );
}

function required(fields: Map<string, string>, name: string, file: string): string {
  const value = fields.get(name);
  if (value === undefined) throw bad(file, `field ${name}`, 'the field is missing');
  return value;
}

function unescapeValue(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
}

function bad(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The NRRD header is not right', {
    place,
    detail,
    hint: 'The header is damaged or was edited by hand: export the volume again.',
  });
}

function unsupported(file: string, place: string, what: string) {
  return fileError('file.unsupported', file, `This NRRD holds ${what}, which is not read`, {
    place,
    hint: 'Save it again with raw or gzip encoding and a plain number type (in 3D Slicer: Save, type NRRD).',
  });
}
