/** The header of MetaImage files (`.mha`, `.mhd`): `Key = value` lines that end with `ElementDataFile`. */

import { fileError, latin1 } from '../bytes.ts';
import type { ScalarType } from '../voxels.ts';

/** Longest header that is read. */
export const MAX_HEADER_BYTES = 1 << 20;

/** A checked header. */
export interface MetaHeader {
  dims: number[];
  type: ScalarType;
  channels: number;
  littleEndian: boolean;
  binary: boolean;
  compressed: boolean;
  compressedBytes?: number;
  /** rows: direction of grid axis a in world axes, as ITK stores it */
  transform: number[];
  offset: number[];
  spacing: number[];
  /** mm per unit */
  scale: number;
  /** -1: data are the last bytes of the file */
  headerSize: number;
  /** `LOCAL`, or names of data files */
  dataFiles: string[];
  local: boolean;
  modality?: string;
  /** free text */
  comment?: string;
  /** kind as our writer notes it */
  kind?: string;
  /** label names as our writer notes them, JSON */
  labels?: string;
  /** header holds a position and directions */
  placed: boolean;
  length: number;
}

const TYPES: Record<string, ScalarType> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** Most files of one detached volume. */
const MAX_DATA_FILES = 100_000;

/** True when the first lines look like a MetaImage header. */
export function looksLikeMeta(head: Uint8Array): boolean {
  return /^\s*(ObjectType|Comment|NDims|ObjectSubType)\s*=/.test(latin1(head, 0, 80));
}

/**
 * Parses the header at the start of `bytes`.
 * @throws MsdtError `file.malformed`, `file.unsupported`, `file.truncated`
 */
export function parseMetaHeader(bytes: Uint8Array, file: string): MetaHeader {
  const { fields, length, rest } = headerFields(bytes, file);
  const get = (...names: string[]): string | undefined =>
    names.map((name) => fields.get(name)).find((v) => v !== undefined);
  const numbers = (...names: string[]): number[] =>
    (get(...names) ?? '').split(/\s+/).filter(Boolean).slice(0, 128).map(Number);
  const truth = (...names: string[]): boolean => /^(true|1|yes)$/i.test(get(...names) ?? '');
  const objectType = get('objecttype') ?? 'Image';
  if (objectType.toLowerCase() !== 'image') throw unsupported(file, 'ObjectType', `the object type ${objectType}`);
  const count = Number(get('ndims'));
  const dims = numbers('dimsize');
  if (!Number.isInteger(count) || count < 1 || count > 10 || dims.length !== count)
    throw bad(file, 'DimSize', `NDims ${get('ndims')}, DimSize ${get('dimsize')}`);
  if (!dims.every((n) => Number.isInteger(n) && n > 0)) throw bad(file, 'DimSize', `found ${dims.join(' ')}`);
  const typeText = (get('elementtype') ?? '').toUpperCase();
  const type = TYPES[typeText.replace(/_ARRAY$/, '')];
  if (!type) throw unsupported(file, 'ElementType', `values of type "${typeText}"`);
  const channels = Number(get('elementnumberofchannels') ?? 1);
  if (!Number.isInteger(channels) || channels < 1 || channels > 4096)
    throw bad(file, 'ElementNumberOfChannels', `found ${channels}`);
  const headerSize = Number(get('headersize') ?? 0);
  if (!Number.isInteger(headerSize) || headerSize < -1) throw bad(file, 'HeaderSize', `found ${get('headersize')}`);
  const dataFile = get('elementdatafile') ?? '';
  const compressedBytes = Number(get('compresseddatasize'));
  return {
    dims,
    type,
    channels,
    littleEndian: !truth('elementbyteordermsb', 'binarydatabyteordermsb'),
    binary: get('binarydata') === undefined || truth('binarydata'),
    compressed: truth('compresseddata'),
    compressedBytes: compressedBytes > 0 ? compressedBytes : undefined,
    transform: numbers('transformmatrix', 'rotation', 'orientation'),
    offset: numbers('offset', 'origin', 'position'),
    spacing: numbers('elementspacing', 'elementsize'),
    scale: scaleOf(get('distanceunits')),
    headerSize,
    local: /^local$/i.test(dataFile),
    dataFiles: dataFilesOf(dataFile, rest, file),
    modality: get('modality'),
    comment: get('comment'),
    kind: get('msdtkind'),
    labels: get('msdtlabels'),
    placed: get('transformmatrix', 'rotation', 'orientation') !== undefined,
    length,
  };
}

function headerFields(
  bytes: Uint8Array,
  file: string,
): { fields: Map<string, string>; length: number; rest: string[] } {
  const fields = new Map<string, string>();
  const most = Math.min(bytes.length, MAX_HEADER_BYTES);
  for (let at = 0, line = 1; at < most; line++) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 || found > most ? most : found;
    const text = new TextDecoder().decode(bytes.subarray(at, end)).trim();
    at = end + 1;
    if (text === '') continue;
    const field = /^([\w .-]{1,80}?)\s*=\s*(.*)$/.exec(text);
    if (!field) throw bad(file, `line ${line}`, `"${text.slice(0, 60)}" is not "Key = value"`);
    const key = field[1].toLowerCase();
    fields.set(key, field[2]);
    if (key !== 'elementdatafile') continue;
    const rest = /^list/i.test(field[2]) ? latin1(bytes, at, most).split(/\r?\n/) : [];
    return { fields, length: Math.min(at, bytes.length), rest };
  }
  throw fileError('file.truncated', file, 'The header does not end', {
    place: `byte ${most}`,
    detail: 'ElementDataFile must be its last line',
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function dataFilesOf(text: string, rest: readonly string[], file: string): string[] {
  if (/^local$/i.test(text)) return [];
  if (/^list/i.test(text))
    return rest
      .map((line) => line.trim())
      .filter(Boolean)
      .slice(0, MAX_DATA_FILES);
  const pattern = /^(.*%\d*d\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)/.exec(text);
  if (!pattern) return [text];
  const [min, max, step] = pattern.slice(2, 5).map(Number);
  const count = Math.floor((max - min) / step) + 1;
  if (!(count > 0 && count <= MAX_DATA_FILES)) throw bad(file, 'ElementDataFile', `found ${text}`);
  return Array.from({ length: count }, (_, index) =>
    pattern[1].replace(/%(0?)(\d*)d/, (_whole, zero: string, width: string) =>
      String(min + index * step).padStart(Number(width || 0), zero ? '0' : ' '),
    ),
  );
}

function scaleOf(units: string | undefined): number {
  const scales: Record<string, number> = { m: 1000, cm: 10, um: 0.001 };
  return scales[(units ?? 'mm').trim().toLowerCase()] ?? 1;
}

function bad(file: string, place: string, detail: string) {
  return fileError('file.malformed', file, 'The MetaImage header is not right', {
    place: `header ${place}`,
    detail,
    hint: 'The header is damaged or was edited by hand: export the volume again.',
  });
}

function unsupported(file: string, place: string, what: string) {
  return fileError('file.unsupported', file, `This MetaImage holds ${what}, which is not read`, {
    place: `header ${place}`,
    hint: 'Save it again as a plain image of numbers.',
  });
}
