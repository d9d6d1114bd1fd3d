/** Reads PCD clouds: text, binary, compressed binary; colours packed into a float are taken apart. */

import type { ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, MAX_ARRAY_BYTES, truncatedError } from '../bytes.ts';
import { cloudItem, type RawCloud } from '../recording/index.ts';
import { numberAt } from '../text-numbers.ts';
import { type PcdField, type PcdHeader, parsePcdHeader } from './header.ts';
import { inflateLzf } from './lzf.ts';

/**
 * Reads a cloud.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readPcd(file: SourceFile, options: ReadOptions): Promise<ReadItem> {
  const bytes = await readWhole(file);
  const header = parsePcdHeader(bytes, file.name);
  const columns =
    header.data === 'ascii' ? textColumns(bytes, header, file.name) : binaryColumns(bytes, header, file.name);
  return cloudItem(file.name, cloudOf(columns, header), undefined, options, `PCD (${header.data})`);
}

/** First value of every field · shape [N] each. */
type Columns = Map<string, Float64Array>;

function cloudOf(columns: Columns, { points }: PcdHeader): RawCloud {
  const positions = new Float64Array(points * 3);
  for (const [axis, name] of ['x', 'y', 'z'].entries()) {
    const column = columns.get(name);
    if (column) for (let point = 0; point < points; point++) positions[point * 3 + axis] = column[point];
  }
  const pointData: Record<string, Float32Array | Uint8Array> = {};
  for (const [name, column] of columns) {
    if (/^[xyz_]$/.test(name)) continue;
    if (name === 'rgb' || name === 'rgba') Object.assign(pointData, coloursOf(column));
    else pointData[name] = Float32Array.from(column);
  }
  return { positions, pointData };
}

function coloursOf(packed: Float64Array): Record<string, Uint8Array> {
  const of = (shift: number): Uint8Array => Uint8Array.from(packed, (value) => (value >>> shift) & 255);
  return { red: of(16), green: of(8), blue: of(0) };
}

function textColumns(bytes: Uint8Array, { fields, points, length }: PcdHeader, file: string): Columns {
  const values = fields.reduce((sum, { count }) => sum + count, 0);
  const left = bytes.length - length;
  if (points * values * 2 - 1 > left) throw truncatedError(file, 'points', points * values * 2, left);
  const columns: Columns = new Map(fields.map(({ name }) => [name, new Float64Array(points)]));
  const bits = new DataView(new ArrayBuffer(4));
  let at = length;
  for (let point = 0; point < points; point++) {
    for (const { name, count, type } of fields) {
      for (let part = 0; part < count; part++) {
        while (at < bytes.length && bytes[at] <= 32) at++;
        const from = at;
        while (at < bytes.length && bytes[at] > 32) at++;
        if (from === at) throw truncatedError(file, `point ${point + 1}`, 1, 0);
        const value = numberAt(bytes, from, at);
        if (value === undefined)
          throw fileError('file.malformed', file, 'A value is not a number', {
            place: `point ${point + 1}, field ${name}`,
            hint: 'The file is damaged: export the cloud again.',
          });
        if (part > 0) continue;
        const column = columns.get(name);
        if (!column) continue;
        if (name === 'rgb' && type === 'F') {
          bits.setFloat32(0, value);
          column[point] = bits.getUint32(0);
        } else column[point] = value;
      }
    }
  }
  return columns;
}

function binaryColumns(bytes: Uint8Array, header: PcdHeader, file: string): Columns {
  const { fields, points, stride, length, data } = header;
  const size = points * stride;
  if (size > MAX_ARRAY_BYTES) throw truncatedError(file, 'points', size, bytes.length - length);
  let body = bytes.subarray(length);
  const packed = data === 'binary_compressed';
  if (packed) body = unpacked(body, size, file);
  if (body.length < size) throw truncatedError(file, 'points', size, body.length);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return new Map(
    fields.map((field): [string, Float64Array] => {
      const column = new Float64Array(points);
      // compressed files keep one field after the other
      const [start, step] = packed ? [field.offset * points, field.size * field.count] : [field.offset, stride];
      const read = readerOf(field);
      for (let point = 0; point < points; point++) column[point] = read(view, start + point * step);
      return [field.name, column];
    }),
  );
}

function unpacked(body: Uint8Array, size: number, file: string): Uint8Array {
  if (body.length < 8) throw truncatedError(file, 'compressed points', 8, body.length);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [compressed, plain] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (8 + compressed > body.length) throw truncatedError(file, 'compressed points', compressed, body.length - 8);
  // LZF makes at most 264 bytes of 3
  const possible = plain === size && plain <= compressed * 88 + 264;
  const out = possible ? inflateLzf(body.subarray(8, 8 + compressed), plain) : undefined;
  if (out) return out;
  throw fileError('file.malformed', file, 'The compressed points are damaged', {
    place: 'compressed points',
    detail: `${plain} bytes from ${compressed}, ${size} expected`,
    hint: 'Export the cloud again.',
  });
}

function readerOf({ name, type, size }: PcdField): (view: DataView, at: number) => number {
  if (name === 'rgb' && size === 4) return (view, at) => view.getUint32(at, true);
  if (type === 'F')
    return size === 8 ? (view, at) => view.getFloat64(at, true) : (view, at) => view.getFloat32(at, true);
  if (size === 8) return (view, at) => Number(type === 'U' ? view.getBigUint64(at, true) : view.getBigInt64(at, true));
  if (size === 4) return type === 'U' ? (view, at) => view.getUint32(at, true) : (view, at) => view.getInt32(at, true);
  if (size === 2) return type === 'U' ? (view, at) => view.getUint16(at, true) : (view, at) => view.getInt16(at, true);
  return type === 'U' ? (view, at) => view.getUint8(at) : (view, at) => view.getInt8(at);
}
