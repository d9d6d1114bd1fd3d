/**
 * One memory for everything a job works on. Arrays allocated from an arena lie in a WebAssembly memory, so the SIMD
 * kernels read them where they are (copying a 157 MB CT in costs more than its isosurface) and worker threads see the same
 * bytes. Allocation moves a pointer; freeing goes back to a mark. Pages are touched when first used, so a generous
 * maximum costs address space only.
 *
 * Kernels called with other arrays use a private memory of their own and stream the data through it.
 */
import { ArgumentError, expectArgument } from './argument-error.ts';
import type { KernelExports } from './wasm-module.ts';
import { bindKernels, simdAvailable } from './wasm-module.ts';

/** Constructor of a typed array over an existing buffer. */
export interface ArrayKind<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** A memory with a pointer to where it is free. */
export interface Arena {
  /** can be posted to a worker when `shared` */
  readonly memory: WebAssembly.Memory;
  /** true when other threads can see it */
  readonly shared: boolean;
  /** bytes given out so far, and bytes there are */
  readonly used: number;
  readonly capacity: number;
  /**
   * Room for an array, zeroed unless it was used and released before.
   *
   * @throws ArgumentError when the arena is full
   */
  allocate<T>(kind: ArrayKind<T>, length: number): T;
  /** a place to return to with `release` */
  mark(): number;
  /** frees everything allocated after the mark; arrays from there must not be used any more */
  release(mark: number): void;
  /** sets a part aside for a worker, which opens it with {@link openArena} */
  slice(bytes: number): ArenaSlice;
}

/** A part of an arena that can be posted to a worker. */
export interface ArenaSlice {
  readonly memory: WebAssembly.Memory;
  readonly from: number;
  readonly to: number;
}

const PAGE = 65536;
const ALIGN = 64;

/**
 * Makes a memory of its own for a job: shared between threads where the platform allows it.
 *
 * @param maxBytes - all that will ever be allocated · bytes · below 4 GiB
 * @throws ArgumentError when the size is not between 64 KiB and 4 GiB or the platform refuses it
 */
export function createArena(maxBytes: number): Arena {
  const pages = Math.ceil(maxBytes / PAGE) + 1;
  expectArgument(maxBytes >= PAGE && pages <= 65536, 'maxBytes', maxBytes, 'between 64 KiB and 4 GiB');
  const memory = makeMemory(pages, true) ?? makeMemory(pages, false);
  if (!memory) throw new ArgumentError('maxBytes', maxBytes, 'a size this platform can reserve');
  return new BumpArena(memory, PAGE, memory.buffer.byteLength);
}

/**
 * Opens a part of an arena that another thread set aside.
 *
 * @param slice - as made by `arena.slice`
 */
export function openArena(slice: ArenaSlice): Arena {
  return new BumpArena(slice.memory, slice.from, slice.to);
}

function makeMemory(pages: number, shared: boolean): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    return undefined;
  }
}

const arenas = new WeakMap<ArrayBufferLike, BumpArena>();

/** The kernels of the arena an array was allocated from: its `byteOffset` is its address there. Undefined elsewhere. */
export function kernelsOf(data: ArrayBufferView): KernelExports | undefined {
  return simdAvailable() ? arenas.get(data.buffer)?.kernels : undefined;
}

class BumpArena implements Arena {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly #from: number;
  readonly #to: number;
  #next: number;
  #kernels: KernelExports | undefined;

  constructor(memory: WebAssembly.Memory, from: number, to: number) {
    this.memory = memory;
    this.shared = !(memory.buffer instanceof ArrayBuffer);
    this.#from = from;
    this.#to = to;
    this.#next = from;
    arenas.set(memory.buffer, this);
  }

  get used(): number {
    return this.#next - this.#from;
  }

  get capacity(): number {
    return this.#to - this.#from;
  }

  get next(): number {
    return this.#next;
  }

  get kernels(): KernelExports | undefined {
    this.#kernels ??= bindKernels(this.memory);
    return this.#kernels;
  }

  allocate<T>(kind: ArrayKind<T>, length: number): T {
    const bytes = this.#take(length * kind.BYTES_PER_ELEMENT);
    return new kind(this.memory.buffer, bytes, length);
  }

  mark(): number {
    return this.#next;
  }

  release(mark: number): void {
    expectArgument(
      mark >= this.#from && mark <= this.#next,
      'mark',
      mark,
      'a mark of this arena that was not released',
    );
    this.#next = mark;
  }

  slice(bytes: number): ArenaSlice {
    const from = this.#take(bytes);
    return { memory: this.memory, from, to: from + bytes };
  }

  #take(bytes: number): number {
    const at = Math.ceil(this.#next / ALIGN) * ALIGN;
    if (!(bytes >= 0) || at + bytes > this.#to) {
      throw new ArgumentError('length', bytes, `at most the ${Math.max(0, this.#to - at)} bytes that are free`);
    }
    this.#next = at + bytes;
    return at;
  }
}

/** Kernels with room to work in: in the arena that holds the data, or in the private memory. */
export interface Workspace {
  readonly kernels: KernelExports;
  readonly buffer: ArrayBufferLike;
  /** whether the data given lies in this memory, so that its `byteOffset` is its address */
  readonly holdsData: boolean;
  /** address of the next part of the room */
  take(bytes: number): number;
}

/** The private memory is given back when a call needed more than this. */
const KEEP_BYTES = 96 * 1024 * 1024;
let own: { memory: WebAssembly.Memory; kernels: KernelExports } | undefined;

/**
 * Room for one kernel call; it must not be used after the call returns.
 *
 * @param bytes - all that will be taken, with 64 spare bytes per part
 * @param data - array the kernel works on
 * @returns undefined where the SIMD kernels cannot run: then the TypeScript twin has to
 */
export function openWorkspace(bytes: number, data?: ArrayBufferView): Workspace | undefined {
  if (!simdAvailable()) return undefined;
  const arena = data && arenas.get(data.buffer);
  if (arena && arena.used + bytes + ALIGN <= arena.capacity && arena.kernels) {
    return workspace(arena.kernels, arena.memory.buffer, true, arena.next);
  }
  const kernels = ownKernels(bytes);
  return kernels && own ? workspace(kernels, own.memory.buffer, false, PAGE) : undefined;
}

function ownKernels(bytes: number): KernelExports | undefined {
  const pages = Math.ceil(bytes / PAGE) + 2;
  if (pages > 65536) return undefined;
  if (own && own.memory.buffer.byteLength > KEEP_BYTES && pages * PAGE < KEEP_BYTES) own = undefined;
  try {
    if (!own) {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
      const kernels = bindKernels(memory);
      if (!kernels) return undefined;
      own = { memory, kernels };
    }
    const missing = pages - own.memory.buffer.byteLength / PAGE;
    if (missing > 0) own.memory.grow(missing);
  } catch {
    own = undefined;
    return undefined;
  }
  return own.kernels;
}

function workspace(kernels: KernelExports, buffer: ArrayBufferLike, holdsData: boolean, start: number): Workspace {
  let next = start;
  return {
    kernels,
    buffer,
    holdsData,
    take: (bytes) => {
      const at = Math.ceil(next / ALIGN) * ALIGN;
      next = at + bytes;
      return at;
    },
  };
}
