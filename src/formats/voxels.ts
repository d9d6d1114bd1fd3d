/** Voxel values from bytes: every scalar type, either byte order, into plain or shared memory. */

import type { ReadOptions, VoxelArray } from '../model/index.ts';
import type { ByteSource } from './byte-source.ts';
import { fileError, MAX_ARRAY_BYTES, truncatedError } from './bytes.ts';

/** Scalar types a volume file may hold; 64-bit integers become Int32Array or Float64Array. */
export type ScalarType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'float64'
  | 'int64'
  | 'uint64';

interface VoxelArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): VoxelArray;
}

const ARRAYS: Record<Exclude<ScalarType, 'int64' | 'uint64'>, VoxelArrayType> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/**
 * Bytes of one value.
 * @example scalarBytes('uint16') // 2
 */
export function scalarBytes(type: ScalarType): number {
  return Number(type.replace(/\D/g, '')) / 8;
}

/**
 * Scalar type of a voxel array.
 * @example scalarTypeOf(new Int16Array(2)) // 'int16'
 */
export function scalarTypeOf(data: VoxelArray): ScalarType {
  return data.constructor.name.replace('Array', '').toLowerCase() as ScalarType;
}

/** Types that are kept as they are read, so they are read straight to where the caller wants them. */
const KEPT: readonly ScalarType[] = ['uint8', 'int16', 'uint16'];

/** Arrays that already lie where the caller wants them. */
const placed = new WeakSet<VoxelArray>();

/**
 * Voxels where the caller wants them: copied there unless they are there already, or anywhere is right.
 */
export function placedVoxels(data: VoxelArray, options: ReadOptions): VoxelArray {
  if (!options.allocate || placed.has(data)) return data;
  const out = allocateVoxels(scalarTypeOf(data) as Exclude<ScalarType, 'int64' | 'uint64'>, data.length, options);
  out.set(data as ArrayLike<number>);
  return out;
}

/** A voxel array of `length`, where the caller wants it to live. */
export function allocateVoxels(
  type: Exclude<ScalarType, 'int64' | 'uint64'>,
  length: number,
  options?: ReadOptions,
): VoxelArray {
  const ArrayType = ARRAYS[type];
  if (options?.allocate) {
    const data = options.allocate(ArrayType, length);
    placed.add(data);
    return data;
  }
  return new ArrayType(new ArrayBuffer(length * scalarBytes(type)), 0, length);
}

/**
 * Number of voxels of a size, refused before anything is allocated when it cannot be true.
 * @param bytesPerVoxel - in the file
 * @param most - bytes that can still come from the file
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.too-large`
 */
export function checkedVoxelCount(
  size: readonly number[],
  bytesPerVoxel: number,
  most: number,
  at: { file: string; place: string },
): number {
  if (!size.every((n) => Number.isInteger(n) && n > 0))
    throw fileError('file.malformed', at.file, 'The size of the volume is not three positive integers', {
      place: at.place,
      detail: `found ${size.join(' × ')}`,
      hint: 'The header is damaged: export the volume again.',
    });
  const count = size.reduce((product, n) => product * n, 1);
  if (count * bytesPerVoxel > MAX_ARRAY_BYTES)
    throw fileError('file.too-large', at.file, 'The volume is larger than this program opens', {
      place: at.place,
      detail: `${size.join(' × ')} voxels of ${bytesPerVoxel} bytes; at most ${MAX_ARRAY_BYTES} bytes`,
      hint: 'Crop or resample it first.',
    });
  if (count * bytesPerVoxel > most) throw truncatedError(at.file, 'voxel data', count * bytesPerVoxel, most);
  return count;
}

/** Facts of the values, from one pass over all of them. */
export interface ValueFacts {
  min: number;
  max: number;
  /** every value is a whole number */
  whole: boolean;
  /** NaN or infinite values */
  notFinite: number;
}

/** Facts gathered while the values came in. */
const gathered = new WeakMap<VoxelArray, ValueFacts>();

/** Minimum, maximum and wholeness of the values. */
export function factsOf(data: VoxelArray): ValueFacts {
  return gathered.get(data) ?? addFacts(noFacts(), data, 0, data.length);
}

function noFacts(): ValueFacts {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, whole: true, notFinite: 0 };
}

function addFacts(facts: ValueFacts, data: VoxelArray, from: number, to: number): ValueFacts {
  let { min, max, whole, notFinite } = facts;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    for (let index = from; index < to; index++) {
      const value = data[index];
      if (value < min) min = value;
      if (value > max) max = value;
    }
  } else {
    for (let index = from; index < to; index++) {
      const value = data[index];
      if (value < min && value !== Number.NEGATIVE_INFINITY) min = value;
      if (value > max && value !== Number.POSITIVE_INFINITY) max = value;
      if (value - value !== 0) notFinite++;
      else if (whole && Math.floor(value) !== value) whole = false;
    }
    if (notFinite > 0) whole = false;
  }
  return Object.assign(facts, { min, max, whole, notFinite });
}

/** Values looked at in one go while more are inflated. */
const GATHER_STEP = 1 << 19;

/** How the values of a file lie in its bytes. */
export interface VoxelLayout {
  type: ScalarType;
  littleEndian: boolean;
  count: number;
}

/**
 * Reads `count` values from a source whose bytes have been counted before. What may yet become another type is read into
 * plain memory; `placedVoxels` brings it to its place.
 * @throws MsdtError `file.truncated`
 */
export async function readVoxels(
  source: ByteSource,
  layout: VoxelLayout,
  options: ReadOptions = {},
): Promise<VoxelArray> {
  const { type, littleEndian, count } = layout;
  const width = scalarBytes(type);
  if (type === 'int64' || type === 'uint64') return from64(await source.take(count * 8, 'voxel data'), layout);
  const swap = width > 1 && !littleEndian;
  const direct = options.allocate !== undefined && KEPT.includes(type);
  if (!direct && !swap && !source.inflates) {
    const bytes = await source.take(count * width, 'voxel data');
    if (bytes.byteOffset % width === 0) return new ARRAYS[type](bytes.buffer, bytes.byteOffset, count);
    return new ARRAYS[type](bytes.slice().buffer, 0, count);
  }
  const data = allocateVoxels(type, count, direct ? options : undefined);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (source.inflates && !swap) {
    // the inflater works beside this thread: its waits are used to look at what is there
    const facts = noFacts();
    let seen = 0;
    await source.into(bytes, 'voxel data', (filled) => {
      const there = Math.floor(filled / width);
      if (there - seen < GATHER_STEP && there < count) return;
      addFacts(facts, data, seen, there);
      seen = there;
    });
    gathered.set(data, facts);
    return data;
  }
  await source.into(bytes, 'voxel data');
  if (swap) swapBytes(bytes, width);
  return data;
}

/** Turns the byte order of every value around, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) {
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const kept = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = kept;
    }
  }
}

function from64(bytes: Uint8Array, layout: VoxelLayout): VoxelArray {
  const { count, littleEndian } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const low = littleEndian ? 0 : 4;
  const signed = layout.type === 'int64';
  let narrow = true;
  for (let index = 0; index < count && narrow; index++) {
    const upper = view.getInt32(index * 8 + 4 - low, littleEndian);
    const lower = view.getInt32(index * 8 + low, littleEndian);
    narrow = signed ? upper === lower >> 31 : upper === 0 && lower >= 0;
  }
  const data = allocateVoxels(narrow ? 'int32' : 'float64', count);
  for (let index = 0; index < count; index++) {
    const lower = view.getUint32(index * 8 + low, littleEndian);
    if (narrow) data[index] = lower | 0;
    else {
      const upper = signed
        ? view.getInt32(index * 8 + 4 - low, littleEndian)
        : view.getUint32(index * 8 + 4 - low, littleEndian);
      data[index] = upper * 2 ** 32 + lower;
    }
  }
  return data;
}
