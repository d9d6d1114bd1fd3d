/**
 * Stored values → values of the volume (value = stored · slope + intercept).
 *
 * The common case (16-bit words, slope 1, nothing out of range) runs eight words at a time in the kernel (`wordLanes`); every other
 * one word by word here, saturating.
 */

import type { WordShift } from '../../../kernel/index.ts';
import type { ImageLayout, Samples } from '../pixels/image.ts';

/** The linear modality transform of a slice. */
export interface Rescale {
  slope: number;
  intercept: number;
}

/** Constants of `value = ((word & mask) ^ flip) + add`; undefined where words cannot be treated that way. */
export function laneConstants(layout: ImageLayout, { slope, intercept }: Rescale): WordShift | undefined {
  const { bitsStored, highBit, signed } = layout;
  if (slope !== 1 || highBit !== bitsStored - 1 || !Number.isInteger(intercept)) return undefined;
  const half = 1 << (bitsStored - 1);
  const flip = signed === bitsStored < 16 ? half : 0;
  // flipping the sign bit moves the values by half the range: down for 16 unsigned bits, up for fewer signed ones
  const moved = flip === 0 ? 0 : bitsStored === 16 ? 32768 : -half;
  const add = intercept + moved;
  if (add < -32768 || add > 32767) return undefined;
  return { mask: bitsStored === 16 ? 0xffff : (1 << bitsStored) - 1, flip, add };
}

/**
 * Turns stored words into values, in place, word by word: any slope, any stored bits, saturating.
 * @param words - words as the file has them, in the byte order of the machine
 * @returns values that did not fit and were saturated, padding not counted
 */
export function rescaleWords(words: Int16Array, layout: ImageLayout, rescale: Rescale): number {
  const { bitsStored, highBit, signed } = layout;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  const isPadding = paddingTest(layout);
  let saturated = 0;
  for (let n = 0; n < words.length; n++) {
    const stored = signed ? (words[n] << left) >> right : (words[n] << left) >>> right;
    const value = stored * rescale.slope + rescale.intercept;
    if (value >= -32768 && value <= 32767) words[n] = value;
    else {
      words[n] = value < 0 ? -32768 : 32767;
      if (!isPadding(stored)) saturated++;
    }
  }
  return saturated;
}

/**
 * Turns decoded samples into values of another array.
 * @param target - as long as `samples`; integers are saturated
 * @returns values that did not fit, padding not counted
 */
export function rescaleInto(
  samples: Samples,
  target: Int16Array | Float32Array,
  layout: ImageLayout,
  rescale: Rescale,
): number {
  const { slope, intercept } = rescale;
  if (target instanceof Float32Array) {
    for (let n = 0; n < target.length; n++) target[n] = samples[n] * slope + intercept;
    return 0;
  }
  const isPadding = paddingTest(layout);
  let saturated = 0;
  for (let n = 0; n < target.length; n++) {
    const value = samples[n] * slope + intercept;
    if (value >= -32768 && value <= 32767) target[n] = value;
    else {
      target[n] = value < 0 ? -32768 : 32767;
      if (!isPadding(samples[n])) saturated++;
    }
  }
  return saturated;
}

function paddingTest({ padding, paddingLimit }: ImageLayout): (stored: number) => boolean {
  if (padding === undefined) return () => false;
  const low = Math.min(padding, paddingLimit ?? padding);
  const high = Math.max(padding, paddingLimit ?? padding);
  return (stored) => stored >= low && stored <= high;
}

/** Swaps the bytes of 16-bit words in place. */
export function swapWords(words: Uint16Array): void {
  for (let n = 0; n < words.length; n++) words[n] = (words[n] << 8) | (words[n] >>> 8);
}
