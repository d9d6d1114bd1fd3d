/** How the samples of an image are laid out, as its header says; checked once so that decoders meet no surprise. */

import type { DataSet } from '../parse/dataset.ts';
import { fileError } from '../parse/failure.ts';
import { TAG, tagText } from '../parse/tags.ts';

/** Most samples one frame may have: 16384 × 16384. A larger claim is damage, or made to exhaust memory. */
const MAX_FRAME_SAMPLES = 2 ** 28;

/** Size, sample layout and value range of an image. */
export interface ImageLayout {
  rows: number;
  columns: number;
  samples: 1 | 3;
  photometric: string;
  /** colour by plane (1) or by pixel (0), in native and RLE data */
  planar: 0 | 1;
  bitsAllocated: 1 | 8 | 16 | 32 | 64;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  frames: number;
  /** stored value outside the field of view, and the other end of its range */
  padding?: number;
  paddingLimit?: number;
}

/** Decoded samples of a frame; colour is interleaved by pixel. */
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * Layout of the image of a data set.
 * @throws MsdtError `file.malformed` or `file.unsupported`, naming the tag
 */
export function imageLayout(data: DataSet): ImageLayout {
  const rows = data.need(TAG.Rows, data.int16(TAG.Rows));
  const columns = data.need(TAG.Columns, data.int16(TAG.Columns));
  const samples = data.int16(TAG.SamplesPerPixel) ?? 1;
  const bitsAllocated = data.need(TAG.BitsAllocated, data.int16(TAG.BitsAllocated));
  const bitsStored = data.int16(TAG.BitsStored) ?? bitsAllocated;
  const highBit = data.int16(TAG.HighBit) ?? bitsStored - 1;
  const signed = data.int16(TAG.PixelRepresentation) === 1;
  const frames = data.has(TAG.NumberOfFrames) ? Math.trunc(data.decimal(TAG.NumberOfFrames) ?? Number.NaN) : 1;
  expect(data, TAG.Rows, rows > 0, rows, 'at least 1');
  expect(data, TAG.Columns, columns > 0, columns, 'at least 1');
  expect(data, TAG.SamplesPerPixel, samples === 1 || samples === 3, samples, '1 or 3');
  expect(data, TAG.BitsAllocated, [1, 8, 16, 32, 64].includes(bitsAllocated), bitsAllocated, '1, 8, 16, 32 or 64');
  expect(data, TAG.BitsStored, bitsStored > 0 && bitsStored <= bitsAllocated, bitsStored, `1 to ${bitsAllocated}`);
  expect(
    data,
    TAG.HighBit,
    highBit >= bitsStored - 1 && highBit < bitsAllocated,
    highBit,
    `${bitsStored - 1} or above`,
  );
  expect(data, TAG.NumberOfFrames, frames > 0 && frames <= 1_000_000, frames, '1 to 1000000');
  expect(data, TAG.Rows, rows * columns * samples <= MAX_FRAME_SAMPLES, `${rows} × ${columns}`, 'a sane image size');
  return {
    rows,
    columns,
    samples: samples as 1 | 3,
    photometric: data.text(TAG.PhotometricInterpretation) ?? 'MONOCHROME2',
    planar: data.int16(TAG.PlanarConfiguration) === 1 ? 1 : 0,
    bitsAllocated: bitsAllocated as ImageLayout['bitsAllocated'],
    bitsStored,
    highBit,
    signed,
    frames,
    padding: paddingValue(data, TAG.PixelPaddingValue, signed),
    paddingLimit: paddingValue(data, TAG.PixelPaddingRangeLimit, signed),
  };
}

/** The padding with the sign of the pixels; some writers give it the other one (63536 for -2000). */
function paddingValue(data: DataSet, tag: number, signed: boolean): number | undefined {
  const value = data.int16(tag, signed);
  if (value === undefined) return undefined;
  if (signed && value > 32767) return value - 65536;
  return !signed && value < 0 ? value + 65536 : value;
}

function expect(data: DataSet, tag: number, ok: boolean, got: unknown, wanted: string): void {
  if (!ok) throw fileError('file.malformed', data.source.file, `tag ${tagText(tag)}`, `got ${got}, expected ${wanted}`);
}

/** Bytes of one uncompressed frame (bits for 1-bit images are packed over frames and not counted here). */
export function nativeFrameBytes(layout: ImageLayout): number {
  const perPixel = /^YBR_(FULL|PARTIAL)_422$/.test(layout.photometric) && layout.samples === 3 ? 2 : layout.samples;
  return Math.ceil((layout.rows * layout.columns * perPixel * layout.bitsAllocated) / 8);
}

/** Samples of one decoded frame. */
export function frameSamples(layout: ImageLayout): number {
  return layout.rows * layout.columns * layout.samples;
}
