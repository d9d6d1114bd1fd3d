/** Pixels of a stack → voxels of its volume: straight into their final place where nothing has to be resampled. */

import { wordLanes } from '../../../kernel/index.ts';
import { isMsdtError, type MsdtError, messageOf, type ReadOptions } from '../../../model/index.ts';
import { asFileError, fileError } from '../parse/failure.ts';
import { TAG } from '../parse/tags.ts';
import { decodeFrame } from '../pixels/decode.ts';
import { type FrameReader, floatSamples, nativeRange, needPixels, openFrames } from '../pixels/frames.ts';
import { prepareCodec } from '../pixels/wasm.ts';
import { laneConstants, rescaleInto, rescaleWords, swapWords } from './rescale.ts';
import { type Slice, type SliceSource, sliceName } from './slice.ts';

/** What a volume of slices is held in. */
export type SliceArray = Int16Array | Float32Array;

/** Most voxels of a volume: 4 GiB as Int16. */
const MAX_VOXELS = 2 ** 31;

/** Outcome of reading the pixels of a stack. */
export interface Assembled {
  data: SliceArray;
  /** slices whose pixels could not be read; their planes are zero */
  failed: { index: number; slice: Slice; error: MsdtError }[];
  /** values beyond Int16 that were saturated */
  saturated: number;
}

/** How often a long read lets other work of the thread in · ms. */
const BREATH_MS = 100;

/** Int16 when every slice has whole slope and intercept and at most 16 bits, Float32 otherwise. */
export function voxelType(slices: Slice[]): 'int16' | 'float32' {
  const whole = slices.every(
    ({ slope, intercept, source }) =>
      Number.isInteger(slope) &&
      Number.isInteger(intercept) &&
      source.layout.bitsAllocated <= 16 &&
      source.file.pixels?.tag === TAG.PixelData,
  );
  return whole ? 'int16' : 'float32';
}

/** Allocates voxels where the caller wants them. */
export function allocateVoxels(
  type: 'int16' | 'float32',
  length: number,
  slice: Slice,
  options: ReadOptions,
): SliceArray {
  try {
    if (length > MAX_VOXELS) throw new RangeError(`${length} voxels`);
    const allocate = options.allocate;
    if (type === 'int16') return allocate ? allocate<Int16Array>(Int16Array, length) : new Int16Array(length);
    return allocate ? allocate<Float32Array>(Float32Array, length) : new Float32Array(length);
  } catch (error) {
    if (isMsdtError(error)) throw error;
    const detail = `a volume of ${length} voxels does not fit in memory (${messageOf(error)})`;
    throw fileError('file.too-large', sliceName(slice), 'pixel data', detail);
  }
}

/**
 * Reads the slices into consecutive planes of `data`.
 * @param data - slices.length planes, in the order of `slices`
 */
export async function readPlanes(slices: Slice[], data: SliceArray, options: ReadOptions): Promise<Assembled> {
  const result: Assembled = { data, failed: [], saturated: 0 };
  const readers = new Map<SliceSource, FrameReader>();
  const plane = data.length / slices.length;
  let lastBreath = performance.now();
  for (let index = 0; index < slices.length; index++) {
    options.signal?.throwIfAborted();
    const slice = slices[index];
    const target = data.subarray(index * plane, (index + 1) * plane);
    try {
      result.saturated += await readPlane(slice, target, readers);
    } catch (error) {
      const failure = asFileError(error, slice.source.file.name, 'pixel data');
      if (!isMsdtError(failure)) throw failure;
      result.failed.push({ index, slice, error: failure });
    }
    if (performance.now() - lastBreath > BREATH_MS) {
      options.progress?.((index + 1) / slices.length, `slice ${index + 1} of ${slices.length}`);
      await new Promise((resolve) => setTimeout(resolve, 0));
      lastBreath = performance.now();
    }
  }
  return result;
}

async function readPlane(slice: Slice, target: SliceArray, readers: Map<SliceSource, FrameReader>): Promise<number> {
  const { file, layout } = slice.source;
  const isNative16 = layout.bitsAllocated === 16 && layout.samples === 1 && file.syntax.pixels === 'native';
  if (isNative16 && target instanceof Int16Array && file.pixels?.length !== undefined)
    return readNative16(slice, target);
  let reader = readers.get(slice.source);
  if (!reader) {
    await prepareCodec(file.syntax.pixels);
    reader = await openFrames(file, layout);
    if (layout.frames > 1) readers.set(slice.source, reader);
  }
  const frame = await reader.frame(slice.frame);
  const isFloat = file.pixels?.tag === TAG.FloatPixelData || file.pixels?.tag === TAG.DoubleFloatPixelData;
  const samples = isFloat ? floatSamples(frame.bytes, file.pixels?.tag ?? 0) : decodeFrame(frame, layout, file.syntax);
  return rescaleInto(samples, target, layout, slice);
}

/** The fast path: no decoder, no copy of the file. */
async function readNative16(slice: Slice, target: Int16Array): Promise<number> {
  const { file, layout } = slice.source;
  const swapped = !file.syntax.littleEndian || file.syntax.swappedPixels;
  const constants = swapped ? undefined : laneConstants(layout, slice);
  if (constants) {
    const lanes = wordLanes(target);
    await readBytes(slice, bytesOf(lanes.words));
    if (!lanes.add(constants)) {
      if (lanes.words !== target) target.set(lanes.words);
      return 0;
    }
  }
  await readBytes(slice, bytesOf(target));
  if (swapped) swapWords(new Uint16Array(target.buffer, target.byteOffset, target.length));
  return rescaleWords(target, layout, slice);
}

function bytesOf(words: Int16Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** The stored bytes of a slice, into memory that is there. */
async function readBytes(slice: Slice, into: Uint8Array): Promise<void> {
  const { file, layout } = slice.source;
  const [start, end] = nativeRange(needPixels(file), layout, slice.frame);
  let there: number;
  if (file.body.readInto) there = await file.body.readInto(into, start);
  else {
    const part = await file.body.slice(start, end);
    into.set(part);
    there = part.length;
  }
  if (there < into.length) {
    throw fileError('file.truncated', file.name, `byte ${start + there}`, `${there} of ${into.length} bytes of pixels`);
  }
}

/** Fills the planes of failed slices from the nearest readable ones; false when there is none. */
export function patchFailed(data: SliceArray, count: number, failed: number[]): boolean {
  const plane = data.length / count;
  const bad = new Set(failed);
  if (bad.size >= count) return false;
  for (const index of failed) {
    let below = index - 1;
    let above = index + 1;
    while (below >= 0 && bad.has(below)) below--;
    while (above < count && bad.has(above)) above++;
    const low = below >= 0 ? below : above;
    const high = above < count ? above : below;
    const weight = high === low ? 0 : (index - low) / (high - low);
    blend(data, { from: low * plane, other: high * plane, weight }, data.subarray(index * plane, (index + 1) * plane));
  }
  return true;
}

/** `target` = from · (1 - weight) + other · weight, rounded for integers. */
function blend(data: SliceArray, mix: { from: number; other: number; weight: number }, target: SliceArray): void {
  const { from, other, weight } = mix;
  const whole = target instanceof Int16Array;
  for (let n = 0; n < target.length; n++) {
    const a = data[from + n];
    const value = a + (data[other + n] - a) * weight;
    target[n] = whole ? Math.round(value) : value;
  }
}
