/**
 * Grey PNG pictures of 8 or 16 bits, which is what depth cameras write. Other PNG pictures are none.
 * @see W3C, Portable Network Graphics, third edition
 */

import { fileError, latin1, truncatedError } from '../bytes.ts';
import { crc32, inflateZlib } from '../inflate.ts';

const SIGNATURE = '\x89PNG\r\n\x1a\n';
const MAX_SIDE = 16_384;

/** A picture. */
export interface GreyPicture {
  width: number;
  height: number;
  bits: 8 | 16;
  /** row by row · shape [WH] */
  values: Uint16Array;
}

/**
 * True for a grey picture of 16 bits: no photograph is kept so.
 * @param head - the first bytes of the file
 */
export function isDepthPng(head: Uint8Array): boolean {
  return latin1(head, 0, 8) === SIGNATURE && latin1(head, 12, 16) === 'IHDR' && head[24] === 16 && head[25] === 0;
}

/**
 * Decodes a picture.
 * @throws MsdtError `file.unsupported` for colours or interlacing, `file.truncated`, `file.malformed`
 */
export function readGreyPng(bytes: Uint8Array, file: string): GreyPicture {
  if (latin1(bytes, 0, 8) !== SIGNATURE || bytes.length < 33)
    throw fileError('file.unsupported', file, 'This is not a PNG picture', {
      place: 'byte 0',
      hint: 'Give depth pictures as grey PNG of 16 bits.',
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const bits = bytes[24];
  if (latin1(bytes, 12, 16) !== 'IHDR' || (bits !== 8 && bits !== 16) || bytes[25] !== 0 || bytes[28] !== 0)
    throw fileError('file.unsupported', file, 'The picture is no plain grey PNG', {
      place: 'IHDR',
      detail: `${bits} bits, colour type ${bytes[25]}, interlace ${bytes[28]}`,
      hint: 'Save depth as grey PNG of 16 bits, not interlaced.',
    });
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
    throw fileError('file.malformed', file, 'The size of the picture cannot be', {
      place: 'IHDR',
      detail: `${width} × ${height}`,
      hint: 'The file is damaged: export it again.',
    });
  const stride = width * (bits / 8);
  const raw = inflateZlib(dataOf(bytes, view, file), { file, limit: (stride + 1) * height });
  if (raw.length < (stride + 1) * height) throw truncatedError(file, 'rows', (stride + 1) * height, raw.length);
  const rows = unfiltered(raw, { stride, height, step: bits / 8 }, file);
  const values = new Uint16Array(width * height);
  for (let index = 0; index < values.length; index++)
    values[index] = bits === 8 ? rows[index] : (rows[2 * index] << 8) | rows[2 * index + 1];
  return { width, height, bits, values };
}

function dataOf(bytes: Uint8Array, view: DataView, file: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = latin1(bytes, at + 4, at + 8);
    if (at + 12 + length > bytes.length)
      throw truncatedError(file, `chunk ${type} at byte ${at}`, length, bytes.length - at - 12);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw fileError('file.malformed', file, 'The picture is damaged', {
        place: `chunk ${type} at byte ${at}`,
        detail: 'the checksum does not match',
        hint: 'Copy it again from its source.',
      });
    if (type === 'IDAT') {
      parts.push(bytes.subarray(at + 8, at + 8 + length));
      total += length;
    }
    at += 12 + length;
    if (type === 'IEND') break;
  }
  const data = new Uint8Array(total);
  let filled = 0;
  for (const part of parts) {
    data.set(part, filled);
    filled += part.length;
  }
  return data;
}

function unfiltered(
  raw: Uint8Array,
  { stride, height, step }: { stride: number; height: number; step: number },
  file: string,
): Uint8Array {
  const rows = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    if (filter > 4)
      throw fileError('file.malformed', file, 'The picture is damaged', {
        place: `row ${row + 1}`,
        detail: `filter ${filter}`,
        hint: 'Copy it again from its source.',
      });
    const source = row * (stride + 1) + 1;
    const target = row * stride;
    for (let at = 0; at < stride; at++) {
      const left = at >= step ? rows[target + at - step] : 0;
      const up = row > 0 ? rows[target + at - stride] : 0;
      const corner = row > 0 && at >= step ? rows[target + at - stride - step] : 0;
      rows[target + at] = raw[source + at] + predicted(filter, left, up, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
