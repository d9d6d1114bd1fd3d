/**
 * Headers of PCD files.
 * @see Point Cloud Library, the PCD file format, version 0.7
 */

import { fileError, latin1 } from '../bytes.ts';

const MAX_HEADER_BYTES = 1 << 16;
const MAX_FIELDS = 256;

/** One field of a point. */
export interface PcdField {
  name: string;
  size: number;
  /** `F` float, `U` unsigned, `I` signed */
  type: 'F' | 'U' | 'I';
  count: number;
  /** bytes before it in a point */
  offset: number;
}

/** A checked header. */
export interface PcdHeader {
  fields: PcdField[];
  points: number;
  data: 'ascii' | 'binary' | 'binary_compressed';
  /** bytes of a point */
  stride: number;
  /** bytes of the header */
  length: number;
}

/**
 * Parses a header.
 * @throws MsdtError `file.malformed`
 */
export function parsePcdHeader(bytes: Uint8Array, file: string): PcdHeader {
  const text = latin1(bytes, 0, MAX_HEADER_BYTES);
  const end = /^DATA[ \t]+(\w+)[ \t]*\r?\n/m.exec(text);
  const bad = (place: string, detail: string) =>
    fileError('file.malformed', file, 'The PCD header is not right', {
      place,
      detail,
      hint: 'Export the cloud again.',
    });
  if (!end) throw bad('header', 'the line DATA is missing');
  const data = end[1];
  if (data !== 'ascii' && data !== 'binary' && data !== 'binary_compressed') throw bad('line DATA', data);
  const lines = new Map(
    text
      .slice(0, end.index)
      .split(/\r?\n/)
      .map((line) => line.trim().split(/\s+/))
      .map(([key, ...words]): [string, string[]] => [key.toUpperCase(), words]),
  );
  const names = lines.get('FIELDS') ?? lines.get('COLUMNS') ?? [];
  if (names.length === 0 || names.length > MAX_FIELDS) throw bad('line FIELDS', `${names.length} fields`);
  let stride = 0;
  const fields = names.map((name, index): PcdField => {
    const size = Number(lines.get('SIZE')?.[index] ?? 4);
    const type = (lines.get('TYPE')?.[index] ?? 'F').toUpperCase();
    const count = Number(lines.get('COUNT')?.[index] ?? 1);
    if (![1, 2, 4, 8].includes(size)) throw bad(`field ${name}`, `size ${size}`);
    if (type !== 'F' && type !== 'U' && type !== 'I') throw bad(`field ${name}`, `type ${type}`);
    if (type === 'F' && size < 4) throw bad(`field ${name}`, `a float of ${size} bytes`);
    if (!Number.isInteger(count) || count < 1 || count > 1 << 16) throw bad(`field ${name}`, `count ${count}`);
    const field = { name, size, type, count, offset: stride } as const;
    stride += size * count;
    return field;
  });
  for (const axis of ['x', 'y', 'z']) if (!names.includes(axis)) throw bad('line FIELDS', `no field ${axis}`);
  const points = Number(
    lines.get('POINTS')?.[0] ?? Number(lines.get('WIDTH')?.[0]) * Number(lines.get('HEIGHT')?.[0] ?? 1),
  );
  if (!Number.isInteger(points) || points < 0) throw bad('line POINTS', String(points));
  return { fields, points, data, stride, length: end.index + end[0].length };
}
