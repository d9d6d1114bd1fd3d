/** Colour as DICOM stores it → RGB by pixel, 8 bit (PS3.3 C.7.6.3). */

import type { DataSet } from '../parse/dataset.ts';
import { fileError } from '../parse/failure.ts';
import { TAG, tagText } from '../parse/tags.ts';
import type { ImageLayout, Samples } from './image.ts';

/** Full-range luma and chroma (JPEG's YCbCr) → RGB, in place; samples by pixel. */
export function ybrFullToRgb(pixels: Uint8Array): void {
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const y = pixels[at];
    const b = pixels[at + 1] - 128;
    const r = pixels[at + 2] - 128;
    // 16-bit fixed point of 1.402, 0.344136, 0.714136, 1.772
    pixels[at] = clamp(y + ((91881 * r + 32768) >> 16));
    pixels[at + 1] = clamp(y + ((-22554 * b - 46802 * r + 32768) >> 16));
    pixels[at + 2] = clamp(y + ((116130 * b + 32768) >> 16));
  }
}

/** Studio-range luma and chroma (16-235) → RGB, in place. */
export function ybrPartialToRgb(pixels: Uint8Array): void {
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const y = 1.1644 * (pixels[at] - 16);
    const b = pixels[at + 1] - 128;
    const r = pixels[at + 2] - 128;
    pixels[at] = clamp(Math.round(y + 1.596 * r));
    pixels[at + 1] = clamp(Math.round(y - 0.3917 * b - 0.8129 * r));
    pixels[at + 2] = clamp(Math.round(y + 2.0173 * b));
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Pairs of pixels that share their chroma (Y Y Cb Cr) → luma and chroma by pixel. */
export function expand422(packed: Uint8Array, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * 3);
  for (let n = 0, from = 0; n < pixels; n += 2, from += 4) {
    const blue = packed[from + 2];
    const red = packed[from + 3];
    const at = n * 3;
    out[at] = packed[from];
    out[at + 1] = blue;
    out[at + 2] = red;
    out[at + 3] = packed[from + 1];
    out[at + 4] = blue;
    out[at + 5] = red;
  }
  return out;
}

/** Three planes one after the other → by pixel. */
export function interleave<T extends Samples>(planar: T): T {
  const pixels = Math.floor(planar.length / 3);
  const out = new (planar.constructor as new (length: number) => T)(pixels * 3);
  for (let n = 0, at = 0; n < pixels; n++, at += 3) {
    out[at] = planar[n];
    out[at + 1] = planar[pixels + n];
    out[at + 2] = planar[2 * pixels + n];
  }
  return out;
}

/** A colour table of a PALETTE COLOR image. */
export interface Palette {
  /** stored value of the first entry */
  first: number;
  /** RGB by entry, 8 bit */
  colours: Uint8Array;
}

/**
 * The palette of an image, 8- or 16-bit entries.
 * @throws MsdtError naming the tag, when a table is absent, short or segmented
 */
export function readPalette(data: DataSet, layout: ImageLayout): Palette {
  const file = data.source.file;
  if (data.has(TAG.SegmentedRedPaletteData) && !data.has(TAG.RedPaletteData)) {
    throw fileError('file.unsupported', file, `tag ${tagText(TAG.SegmentedRedPaletteData)}`, 'a segmented palette');
  }
  const tables = (['Red', 'Green', 'Blue'] as const).map((name) => {
    const descriptorTag = TAG[`${name}PaletteDescriptor`];
    const [entries, first, bits] = data.words(descriptorTag);
    if (bits === undefined)
      throw fileError('file.malformed', file, `tag ${tagText(descriptorTag)}`, 'three numbers expected');
    const count = entries === 0 ? 65536 : entries;
    const dataTag = TAG[`${name}PaletteData`];
    const raw = data.bytes(dataTag);
    const wide = raw.length >= count * 2;
    if (!wide && raw.length < count) {
      throw fileError('file.malformed', file, `tag ${tagText(dataTag)}`, `${raw.length} bytes for ${count} entries`);
    }
    return { count, first: layout.signed ? (first << 16) >> 16 : first, raw, wide, bits };
  });
  const count = Math.min(...tables.map((t) => t.count));
  const colours = new Uint8Array(count * 3);
  tables.forEach(({ raw, wide, bits }, channel) => {
    const high = data.encoding.littleEndian ? 1 : 0;
    for (let n = 0; n < count; n++) {
      // 8-bit entries in 16-bit words lie in the low byte
      colours[n * 3 + channel] = wide ? raw[2 * n + (bits > 8 ? high : 1 - high)] : raw[n];
    }
  });
  return { first: tables[0].first, colours };
}

/** Stored values → RGB by a palette; values outside take its nearest end. */
export function applyPalette(values: Samples, palette: Palette): Uint8Array {
  const last = palette.colours.length / 3 - 1;
  const out = new Uint8Array(values.length * 3);
  for (let n = 0; n < values.length; n++) {
    const index = Math.max(0, Math.min(last, values[n] - palette.first));
    out[3 * n] = palette.colours[3 * index];
    out[3 * n + 1] = palette.colours[3 * index + 1];
    out[3 * n + 2] = palette.colours[3 * index + 2];
  }
  return out;
}
