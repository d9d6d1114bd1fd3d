/**
 * The passes of the isosurface in WebAssembly. Data that lies in an arena is read in place; other data streams through a
 * scratch slice that stays in the cache, and its vertices are placed by the TypeScript pass, so nothing large is copied.
 */
import type { Workspace } from '../../memory.ts';
import { openWorkspace } from '../../memory.ts';
import { bytesToClassify, classifierFor } from '../../volume/bits/simd-threshold.ts';
import { CELL_CASES } from './cases.ts';
import type { EdgeLayout, EdgePasses, Level } from './edge-grid.ts';
import { plainPasses, xEdgeMask } from './edge-grid.ts';

/** Bytes of the case tables: counts, masks of cut edges, edges. */
const TABLE_BYTES = 256 + 512 + 4096;

/**
 * The passes in WebAssembly, or undefined where they cannot run.
 *
 * @param layout - sizes
 * @param find - what is looked for
 */
export function simdPasses(layout: EdgeLayout, find: Level): EdgePasses | undefined {
  const [nx, ny] = layout.size;
  const room = {
    words: 4 * layout.wordCount,
    first: 4 * layout.firstCount,
    mask: 4 * layout.stride,
    tables: TABLE_BYTES,
    ids: 64,
    vertices: 36 * (nx + 1) * (ny + 1),
    triangles: 60 * (nx + 1) * (ny + 1),
    slice: bytesToClassify(find.data, nx * ny),
  };
  const bytes = Object.values(room).reduce((a, b) => a + b + 64, 0);
  const space = openWorkspace(bytes, find.data);
  return space && new SimdPasses(layout, find, space, room);
}

type Room = Readonly<
  Record<'words' | 'first' | 'mask' | 'tables' | 'ids' | 'vertices' | 'triangles' | 'slice', number>
>;

class SimdPasses implements EdgePasses {
  readonly #layout: EdgeLayout;
  readonly #find: Level;
  readonly #space: Workspace;
  readonly #at: Room;
  readonly #plain: EdgePasses;

  constructor(layout: EdgeLayout, find: Level, space: Workspace, room: Room) {
    this.#layout = layout;
    this.#find = find;
    this.#space = space;
    this.#at = Object.fromEntries(Object.entries(room).map(([name, bytes]) => [name, space.take(bytes)])) as Room;
    const words = new Uint32Array(space.buffer, this.#at.words, layout.wordCount).fill(0);
    const first = new Uint32Array(space.buffer, this.#at.first, layout.firstCount);
    const xMask = new Uint32Array(space.buffer, this.#at.mask, layout.stride);
    xMask.set(xEdgeMask(layout));
    const tables = new Uint8Array(space.buffer, this.#at.tables, TABLE_BYTES);
    tables.set(CELL_CASES.counts);
    tables.set(new Uint8Array(CELL_CASES.cut.buffer), 256);
    tables.set(CELL_CASES.edges, 768);
    this.#plain = plainPasses(layout, find, { words, first, xMask });
  }

  classify(): void {
    const { size, stride } = this.#layout;
    const [nx, ny, nz] = size;
    const { data, inside } = this.#find;
    const run = classifierFor(this.#space, data, inside, Infinity, this.#at.slice);
    if (!run) {
      this.#plain.classify();
      return;
    }
    for (let k = 0; k < nz; k++) {
      run(nx * ny * k, this.#at.words + 4 * stride * (1 + (ny + 2) * (k + 1)), nx, ny, 4 * stride);
    }
  }

  count(k: number, total: number): number {
    const { closed, stride, size } = this.#layout;
    const { words, first, mask } = this.#at;
    const next = this.#space.kernels.countSlice(words, first, mask, size[1], 4 * stride, k, closed ? 1 : 0, total);
    return next >>> 0;
  }

  place(k: number, out: Float32Array, from: number, to: number): void {
    const { data, level, outside } = this.#find;
    const place = this.#placer();
    if (!place) {
      this.#plain.place(k, out, from, to);
      return;
    }
    const { closed, stride, size } = this.#layout;
    const [nx, ny, nz] = size;
    const { words, first, mask, vertices } = this.#at;
    const slice = nx * ny * data.BYTES_PER_ELEMENT;
    const upper = data.byteOffset + k * slice;
    place(
      words,
      first,
      mask,
      nx,
      ny,
      nz,
      4 * stride,
      k,
      closed ? 1 : 0,
      upper - slice,
      upper,
      level,
      outside ?? Number.NaN,
      vertices,
      from,
    );
    out.set(new Float32Array(this.#space.buffer, vertices, 3 * (to - from)), 3 * from);
  }

  #placer() {
    const { kernels, holdsData } = this.#space;
    const { data } = this.#find;
    if (!holdsData) return undefined;
    if (data instanceof Int16Array) return kernels.placeSliceI16;
    if (data instanceof Uint16Array) return kernels.placeSliceU16;
    if (data instanceof Uint8Array) return kernels.placeSliceU8;
    if (data instanceof Float32Array) return kernels.placeSliceF32;
    return undefined;
  }

  connect(k: number): Uint32Array {
    const { closed, stride, size } = this.#layout;
    const { words, first, mask, tables, ids, triangles } = this.#at;
    const n = this.#space.kernels.connectSlice(
      words,
      first,
      mask,
      tables,
      ids,
      size[1],
      4 * stride,
      k,
      closed ? 1 : 0,
      triangles,
    );
    return new Uint32Array(this.#space.buffer, triangles, n);
  }
}
