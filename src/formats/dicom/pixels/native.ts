/** Uncompressed samples: bytes → typed array, with byte order, stored bits and sign handled. */

import type { ImageLayout, Samples } from './image.ts';
import { frameSamples } from './image.ts';

/**
 * Samples of an uncompressed frame.
 * @param bytes - exactly the bytes of the frame
 * @returns samples with stored bits isolated and sign applied; a view of `bytes` where nothing had to change
 */
export function nativeSamples(bytes: Uint8Array, layout: ImageLayout, littleEndian: boolean): Samples {
  if (layout.bitsAllocated === 1) return unpackBits(bytes, 0, frameSamples(layout));
  const raw = typed(bytes, layout, littleEndian);
  return isolateStoredBits(raw, layout);
}

/**
 * Bits of a 1-bit image, least significant first.
 * @param firstBit - frames are packed without padding, so a frame may begin inside a byte
 */
export function unpackBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  let at = firstBit >>> 3;
  let bit = firstBit & 7;
  for (let n = 0; n < count; ) {
    const byte = bytes[at++];
    if (byte === 0) {
      n += 8 - bit;
      bit = 0;
      continue;
    }
    for (; bit < 8 && n < count; bit++, n++) out[n] = (byte >> bit) & 1;
    bit = 0;
  }
  return out;
}

/** The words of the frame in the type that holds them; host order is little endian on every machine we run on. */
function typed(bytes: Uint8Array, layout: ImageLayout, littleEndian: boolean): Samples {
  const width = layout.bitsAllocated / 8;
  let part = bytes;
  if (width === 1) {
    return layout.signed ? new Int8Array(part.buffer, part.byteOffset, part.length) : part;
  }
  const swap = !littleEndian;
  if (swap || part.byteOffset % width !== 0) part = part.slice();
  if (swap) swapBytes(part, width);
  const count = Math.floor(part.length / width);
  const { buffer, byteOffset } = part;
  if (width === 2) {
    return layout.signed ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count);
  }
  if (width === 4) {
    return layout.signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
  }
  return new Float64Array(buffer, byteOffset, count);
}

/** Reverses the bytes of every word, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) {
    for (let a = at, b = at + width - 1; a < b; a++, b--) {
      const byte = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = byte;
    }
  }
}

/** Keeps the stored bits only (others may carry overlays) and extends the sign; the same array where all bits are stored. */
export function isolateStoredBits(raw: Samples, layout: ImageLayout): Samples {
  const { bitsAllocated, bitsStored, highBit, signed } = layout;
  if (bitsStored === bitsAllocated || bitsAllocated > 32) return raw;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  const out = new (raw.constructor as new (length: number) => Samples)(raw.length);
  if (signed) for (let n = 0; n < raw.length; n++) out[n] = (raw[n] << left) >> right;
  else for (let n = 0; n < raw.length; n++) out[n] = (raw[n] << left) >>> right;
  return out;
}
