/** Words shared by all voxel kernels. Voxel arrays are x-fastest: index = x + nx · (y + ny · z). */

/** Number of voxels along x, y, z (i, j, k). */
export type Size3 = readonly [number, number, number];

/** Array types a volume may be stored in. */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A box of voxels, both corners included. */
export interface Bounds3 {
  readonly min: Size3;
  readonly max: Size3;
}

/**
 * Number of voxels of a grid.
 * @example voxelCount([4, 3, 2]) // 24
 */
export function voxelCount(size: Size3): number {
  return size[0] * size[1] * size[2];
}

/**
 * An array of the same kind with another length, filled with zeros.
 * @example voxelsLike(new Int16Array(2), 3).length // 3
 */
export function voxelsLike<T extends VoxelArray>(data: T, length: number): T {
  const Kind = data.constructor as new (length: number) => T;
  return new Kind(length);
}

/**
 * True when the array holds whole numbers only.
 * @example isIntegerArray(new Float32Array(1)) // false
 */
export function isIntegerArray(data: VoxelArray): boolean {
  return !(data instanceof Float32Array || data instanceof Float64Array);
}
