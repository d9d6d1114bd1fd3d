/** Numbers of the three machines: Intel little-endian, SGI big-endian, DEC with its own floats. */

import { swapBytes } from '../voxels.ts';
import type { C3dProcessor } from './document.ts';

/** Reads and writes whole words and floats of one machine. */
export interface NumberCodec {
  int16(at: number): number;
  uint16(at: number): number;
  float32(at: number): number;
  setInt16(at: number, value: number): void;
  setFloat32(at: number, value: number): void;
}

/** The codec of a machine over some bytes. Addresses out of range throw, so callers check them first. */
export function codecOf(bytes: Uint8Array, processor: C3dProcessor): NumberCodec {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = processor !== 'sgi';
  const float32 =
    processor === 'dec'
      ? (at: number) => decFloat(view.getUint16(at, true), view.getUint16(at + 2, true))
      : (at: number) => view.getFloat32(at, little);
  const setFloat32 =
    processor === 'dec'
      ? (at: number, value: number) => {
          const [high, low] = decWords(value);
          view.setUint16(at, high, true);
          view.setUint16(at + 2, low, true);
        }
      : (at: number, value: number) => view.setFloat32(at, value, little);
  return {
    int16: (at) => view.getInt16(at, little),
    uint16: (at) => view.getUint16(at, little),
    float32,
    setInt16: (at, value) => view.setInt16(at, value, little),
    setFloat32,
  };
}

const WORDS = new DataView(new ArrayBuffer(4));

/**
 * A DEC F-float: words in the other order, exponent larger by 2 than that of IEEE single precision.
 * @example decFloat(0x4080, 0) // 1
 */
export function decFloat(high: number, low: number): number {
  // exponent 0 is zero, whatever the fraction
  if ((high & 0x7f80) === 0) return 0;
  WORDS.setUint16(0, high);
  WORDS.setUint16(2, low);
  const exponent = (high >> 7) & 0xff;
  if (exponent < 255) return WORDS.getFloat32(0) / 4;
  // IEEE would call this infinite: take the exponent down first
  WORDS.setUint16(0, (high & 0x807f) | (0x7f << 7));
  return WORDS.getFloat32(0) * 2 ** 126;
}

/** The two words of a DEC F-float; too small becomes 0, too large (or not a number) the largest there is. */
export function decWords(value: number): [high: number, low: number] {
  const single = Math.fround(value);
  if (Math.abs(single) < 2 ** -128 || Number.isNaN(single)) return [0, 0];
  if (Math.abs(single) >= 2 ** 127) return [single < 0 ? 0xffff : 0x7fff, 0xffff];
  if (Math.abs(single) >= 2 ** 126) {
    WORDS.setFloat32(0, single / 2 ** 126);
    return [WORDS.getUint16(0) | (0xff << 7), WORDS.getUint16(2)];
  }
  WORDS.setFloat32(0, single * 4);
  return [WORDS.getUint16(0), WORDS.getUint16(2)];
}

/** A block of whole words, copied out of the file. */
export function readInt16s(bytes: Uint8Array, at: number, count: number, processor: C3dProcessor): Int16Array {
  const out = new Int16Array(count);
  const own = new Uint8Array(out.buffer);
  own.set(bytes.subarray(at, at + 2 * count));
  if (processor === 'sgi') swapBytes(own, 2);
  return out;
}

/** A block of floats, copied out of the file. */
export function readFloat32s(bytes: Uint8Array, at: number, count: number, processor: C3dProcessor): Float32Array {
  const out = new Float32Array(count);
  if (processor === 'dec') {
    const codec = codecOf(bytes, 'dec');
    for (let index = 0; index < count; index++) out[index] = codec.float32(at + 4 * index);
    return out;
  }
  const own = new Uint8Array(out.buffer);
  own.set(bytes.subarray(at, at + 4 * count));
  if (processor === 'sgi') swapBytes(own, 4);
  return out;
}

/** Puts a block of whole words or floats into the file. */
export function writeValues(
  bytes: Uint8Array,
  at: number,
  values: Int16Array | Float32Array,
  processor: C3dProcessor,
): void {
  if (values instanceof Float32Array && processor === 'dec') {
    const codec = codecOf(bytes, 'dec');
    for (let index = 0; index < values.length; index++) codec.setFloat32(at + 4 * index, values[index]);
    return;
  }
  const target = bytes.subarray(at, at + values.byteLength);
  target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (processor === 'sgi') swapBytes(target, values.BYTES_PER_ELEMENT);
}
