/**
 * The SIMD kernels as a WebAssembly module, decoded from the string that ships with the source. Compiled once on first
 * use (21 KB, about 3 ms); pages whose engine refuses to compile on the main thread call {@link prepareKernels} first. One
 * binary serves both kinds of memory: the flag that asks for a shared one is a single byte of its import.
 */
import { KERNEL_WASM_BASE64 } from './asm/kernel-wasm.ts';

/** Functions of the module; every pointer is a byte offset into its memory. */
export interface KernelExports {
  classifyI16(src: number, dst: number, nx: number, rows: number, stride: number, low: number, high: number): void;
  classifyU16(src: number, dst: number, nx: number, rows: number, stride: number, low: number, high: number): void;
  classifyU8(src: number, dst: number, nx: number, rows: number, stride: number, low: number, high: number): void;
  classifyF32(src: number, dst: number, nx: number, rows: number, stride: number, low: number, high: number): void;
  countSlice(
    words: number,
    first: number,
    xMask: number,
    ny: number,
    stride: number,
    k: number,
    closed: number,
    total: number,
  ): number;
  placeSliceI16: PlaceSlice;
  placeSliceU16: PlaceSlice;
  placeSliceU8: PlaceSlice;
  placeSliceF32: PlaceSlice;
  connectSlice(
    words: number,
    first: number,
    xMask: number,
    tables: number,
    ids: number,
    ny: number,
    stride: number,
    k: number,
    closed: number,
    out: number,
  ): number;
  countCorners(triangles: number, corners: number, starts: number): void;
  listFollowers(triangles: number, corners: number, place: number, list: number, balance: number, n: number): number;
  packPositions(xyz: number, n: number, to: number): void;
  unpackPositions(from: number, n: number, xyz: number): void;
  stepTowardsMean(
    from: number,
    to: number,
    starts: number,
    list: number,
    still: number,
    n: number,
    factor: number,
  ): void;
  startSum(p: number, q: number, sum: number, n: number, a: number, b: number): void;
  chebyshevStep(
    before: number,
    here: number,
    sum: number,
    starts: number,
    list: number,
    still: number,
    n: number,
    weight: number,
  ): void;
  resliceI16(
    data: number,
    row: number,
    slice: number,
    out: number,
    width: number,
    height: number,
    ranges: number,
    ox: number,
    oy: number,
    oz: number,
    ux: number,
    uy: number,
    uz: number,
    vx: number,
    vy: number,
    vz: number,
  ): void;
  samplePointsI16(data: number, nx: number, ny: number, nz: number, points: number, n: number, out: number): number;
  filterForwards(x: number, z: number, length: number, sections: number, count: number, states: number): void;
  filterBackwards(z: number, x: number, length: number, sections: number, count: number, states: number): void;
  separateParts(z: number, x: number, length: number): void;
  filterSettle(
    data: number,
    length: number,
    sections: number,
    count: number,
    states: number,
    room: number,
    backwards: number,
    least: number,
  ): void;
  segmentPower(plan: number, segment: number, scale: number, out: number, add: number): number;
  bandNumbers(power: number, from: number, to: number, out: number): void;
  warp(
    a: number,
    n: number,
    b: number,
    m: number,
    dims: number,
    half: number,
    kind: number,
    limit: number,
    rows: number,
  ): number;
  shiftWords(from: number, bytes: number, mask: number, flip: number, add: number): number;
  buildTree(points: number, order: number, n: number, axes: number, splits: number, levels: number): void;
}

type PlaceSlice = (
  words: number,
  first: number,
  xMask: number,
  nx: number,
  ny: number,
  nz: number,
  stride: number,
  k: number,
  closed: number,
  lower: number,
  upper: number,
  level: number,
  outside: number,
  out: number,
  from: number,
) => void;

let plainOnly = false;
const modules: { own?: WebAssembly.Module; shared?: WebAssembly.Module } = {};
let failed = false;

/**
 * Switches the WebAssembly kernels off (or on again) so that the plain TypeScript twins run: for comparisons and benches.
 *
 * @param on - true: only TypeScript from now on, in this thread
 */
export function forcePlainKernels(on: boolean): void {
  plainOnly = on;
}

function moduleBytes(shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(KERNEL_WASM_BASE64), (c) => c.charCodeAt(0));
  if (!shared) bytes[memoryFlagOffset(bytes)] &= ~2;
  return bytes;
}

/** Place of the limits flag in the import `env.memory`: 3 is shared with a maximum, 1 the same unshared. */
function memoryFlagOffset(bytes: Uint8Array): number {
  const name = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2];
  const at = bytes.findIndex((_, i) => name.every((b, k) => bytes[i + k] === b));
  return at + name.length;
}

/**
 * The compiled module, or undefined where WebAssembly, SIMD or compiling on this thread is not to be had.
 *
 * @param shared - for a shared memory
 */
function kernelModule(shared: boolean): WebAssembly.Module | undefined {
  if (plainOnly || failed) return undefined;
  const key = shared ? 'shared' : 'own';
  if (!modules[key]) {
    try {
      modules[key] = new WebAssembly.Module(moduleBytes(shared));
    } catch {
      failed = true;
    }
  }
  return modules[key];
}

/**
 * Compiles the kernels without blocking; needed only on a browser's main thread, where compiling at once may be refused.
 *
 * @returns whether the SIMD kernels are available
 */
export async function prepareKernels(): Promise<boolean> {
  try {
    modules.own ??= await WebAssembly.compile(moduleBytes(false));
    modules.shared ??= await WebAssembly.compile(moduleBytes(true));
    failed = false;
  } catch {
    failed = true;
  }
  return simdAvailable();
}

/** Whether the SIMD kernels run here; otherwise the plain TypeScript twins do the same work. */
export function simdAvailable(): boolean {
  return kernelModule(false) !== undefined;
}

/**
 * Binds the kernels to a memory.
 *
 * @param memory - shared or not, with a maximum of at most 65536 pages
 * @returns the functions, or undefined where the module or the memory cannot be used
 */
export function bindKernels(memory: WebAssembly.Memory): KernelExports | undefined {
  const module = kernelModule(memory.buffer instanceof ArrayBuffer === false);
  if (!module) return undefined;
  try {
    return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  } catch {
    return undefined;
  }
}
