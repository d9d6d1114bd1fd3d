/** Where voxels live while a job works on them: a WebAssembly memory, so that the SIMD kernels read them in place. */

import { createArena } from '../../kernel/index.ts';
import type { ReadOptions } from '../../model/index.ts';

/** Arrays below this gain nothing from a memory of their own · bytes */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Room beside the voxels for the tables and bit rows of the kernels; untouched pages cost address space only · bytes */
const WORK_BYTES = 64 * 1024 * 1024;

/** Largest memory a 32-bit WebAssembly module can address, less a page · bytes */
const MOST_BYTES = 2 ** 32 - 2 ** 17;

/** `allocate` for readers: large arrays each in a memory of their own, which goes when the array goes. */
export const allocateInArena: NonNullable<ReadOptions['allocate']> = (type, length) => {
  const bytes = length * type.BYTES_PER_ELEMENT;
  if (bytes < SMALL_BYTES || bytes + WORK_BYTES > MOST_BYTES) return new type(new ArrayBuffer(bytes), 0, length);
  return createArena(bytes + WORK_BYTES).allocate(type, length);
};
