/**
 * The bit grid of an isosurface and its passes in plain TypeScript, one slice at a time; `simd-passes.ts` has the same
 * passes in WebAssembly on the same layout.
 *
 * Bit rows lie in a frame of zero rows, so no pass asks whether a neighbour exists. Row (j, k) owns the x-edges along it, the
 * y-edges down to row j - 1 and the z-edges down to slice k - 1.
 */
import { popCount } from '../../volume/bits/bit-volume.ts';
import type { Size3, VoxelArray } from '../../volume/types.ts';
import { CELL_CASES } from './cases.ts';

/** Vertices keep at least this share of an edge between themselves and its ends. */
const EDGE_MARGIN = 1 / 1024;

/** Sizes of the arrays of an edge grid. */
export interface EdgeLayout {
  readonly size: Size3;
  /** the surface is closed at the faces: edges to the outside count */
  readonly closed: boolean;
  /** 32-bit words per row, an even number; bit nx exists, as the outside */
  readonly stride: number;
  readonly wordCount: number;
  readonly firstCount: number;
  /** last row and slice that own edges */
  readonly jEnd: number;
  readonly kEnd: number;
}

/** What is looked for. */
export interface Level {
  readonly data: VoxelArray;
  /** a voxel is inside when its value is at least this */
  readonly inside: number;
  /** value the vertices are interpolated to */
  readonly level: number;
  /** value beyond the faces, undefined for a flat cap */
  readonly outside: number | undefined;
}

/** The passes, each over one slice. */
export interface EdgePasses {
  /** marks the voxels inside, all slices */
  classify(): void;
  /** numbers the crossed edges of slice k from `total` on; returns the number after the last */
  count(k: number, total: number): number;
  /** writes the vertices of slice k, the first of them being number `from`, to `out[3 · from …]` */
  place(k: number, out: Float32Array, from: number, to: number): void;
  /** triangles of the cells between slices k - 1 and k; valid until the next call */
  connect(k: number): Uint32Array;
}

/**
 * Sizes for a grid.
 *
 * @param size - voxels
 * @param closed - close the surface at the faces
 */
export function edgeLayout(size: Size3, closed: boolean): EdgeLayout {
  const [nx, ny, nz] = size;
  const stride = 2 * ((nx >>> 6) + 1);
  return {
    size,
    closed,
    stride,
    wordCount: stride * (ny + 2) * (nz + 2),
    firstCount: 3 * (ny + 1) * (nz + 1),
    jEnd: closed ? ny : ny - 1,
    kEnd: closed ? nz : nz - 1,
  };
}

/** Words of the x-edges that count: all when closed, those between two voxels when open. */
export function xEdgeMask({ size, closed, stride }: EdgeLayout): Uint32Array {
  const mask = new Uint32Array(stride);
  for (let c = closed ? 0 : 1; c < (closed ? size[0] + 1 : size[0]); c++) mask[c >>> 5] |= 1 << (c & 31);
  return mask;
}

/** Arrays of an edge grid; zero to begin with. */
export interface EdgeArrays {
  readonly words: Uint32Array;
  /** first vertex on the x-, y- and z-edges of each row (j, k), three a row, ny + 1 rows a slice */
  readonly first: Uint32Array;
  readonly xMask: Uint32Array;
}

/**
 * The passes in TypeScript.
 *
 * @param layout - sizes
 * @param find - what is looked for
 * @param arrays - where to work; made when absent
 */
export function plainPasses(layout: EdgeLayout, find: Level, arrays: EdgeArrays = freshArrays(layout)): EdgePasses {
  return new PlainPasses(layout, find, arrays);
}

function freshArrays(layout: EdgeLayout): EdgeArrays {
  return {
    words: new Uint32Array(layout.wordCount),
    first: new Uint32Array(layout.firstCount),
    xMask: xEdgeMask(layout),
  };
}

class PlainPasses implements EdgePasses {
  readonly #layout: EdgeLayout;
  readonly #find: Level;
  readonly #words: Uint32Array;
  readonly #first: Uint32Array;
  readonly #xMask: Uint32Array;
  #triangles = new Uint32Array(0);

  constructor(layout: EdgeLayout, find: Level, arrays: EdgeArrays) {
    this.#layout = layout;
    this.#find = find;
    this.#words = arrays.words;
    this.#first = arrays.first;
    this.#xMask = arrays.xMask;
  }

  #row(j: number, k: number): number {
    return (j + 1 + (this.#layout.size[1] + 2) * (k + 1)) * this.#layout.stride;
  }

  classify(): void {
    const { data, inside } = this.#find;
    const [nx, ny, nz] = this.#layout.size;
    const words = this.#words;
    let i = 0;
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        let w = this.#row(j, k);
        for (let left = nx; left > 0; left -= 32) {
          const n = left < 32 ? left : 32;
          let word = 0;
          for (let b = 0; b < n; b++) word |= (data[i + b] >= inside ? 1 : 0) << b;
          words[w++] = word;
          i += n;
        }
      }
    }
  }

  count(k: number, total: number): number {
    const { closed, jEnd, stride, size } = this.#layout;
    const words = this.#words;
    const xMask = this.#xMask;
    const hasZ = closed || k > 0;
    for (let j = 0; j <= jEnd; j++) {
      const here = this.#row(j, k);
      const below = here - stride;
      const under = this.#row(j, k - 1);
      const hasY = closed || j > 0;
      let nX = 0;
      let nY = 0;
      let nZ = 0;
      let carry = 0;
      for (let w = 0; w < stride; w++) {
        const a = words[here + w];
        const x = ((a << 1) | carry) ^ a;
        carry = a >>> 31;
        const y = a ^ words[below + w];
        const z = a ^ words[under + w];
        if ((x | y | z) === 0) continue;
        nX += popCount(x & xMask[w]);
        if (hasY) nY += popCount(y);
        if (hasZ) nZ += popCount(z);
      }
      const f = 3 * (j + (size[1] + 1) * k);
      this.#first[f] = total;
      this.#first[f + 1] = total + nX;
      this.#first[f + 2] = total + nX + nY;
      total += nX + nY + nZ;
    }
    return total;
  }

  place(k: number, out: Float32Array): void {
    const { closed, jEnd, stride, size } = this.#layout;
    const { data, level, outside } = this.#find;
    const [nx, ny, nz] = size;
    const words = this.#words;
    const hasZ = closed || k > 0;
    const zCap = k === 0 ? 1 : k === nz ? -1 : 0;
    for (let j = 0; j <= jEnd; j++) {
      const f = 3 * (j + (ny + 1) * k);
      let atX = 3 * this.#first[f];
      let atY = 3 * this.#first[f + 1];
      let atZ = 3 * this.#first[f + 2];
      const here = this.#row(j, k);
      const under = this.#row(j, k - 1);
      const hasY = closed || j > 0;
      const base = nx * (j + ny * k);
      const yCap = j === 0 ? 1 : j === ny ? -1 : 0;
      let carry = 0;
      for (let w = 0; w < stride; w++) {
        const a = words[here + w];
        let x = (((a << 1) | carry) ^ a) & this.#xMask[w];
        carry = a >>> 31;
        let y = hasY ? a ^ words[here - stride + w] : 0;
        let z = hasZ ? a ^ words[under + w] : 0;
        for (; x !== 0; x &= x - 1) {
          const c = 32 * w + 31 - Math.clz32(x & -x);
          const xCap = c === 0 ? 1 : c === nx ? -1 : 0;
          out[atX++] = c - 1 + along(data, base + c, 1, xCap, level, outside);
          out[atX++] = j;
          out[atX++] = k;
        }
        for (; y !== 0; y &= y - 1) {
          const c = 32 * w + 31 - Math.clz32(y & -y);
          out[atY++] = c;
          out[atY++] = j - 1 + along(data, base + c, nx, yCap, level, outside);
          out[atY++] = k;
        }
        for (; z !== 0; z &= z - 1) {
          const c = 32 * w + 31 - Math.clz32(z & -z);
          out[atZ++] = c;
          out[atZ++] = j;
          out[atZ++] = k - 1 + along(data, base + c, nx * ny, zCap, level, outside);
        }
      }
    }
  }

  connect(k: number): Uint32Array {
    const { closed, jEnd, size } = this.#layout;
    const room = 15 * (size[0] + 1);
    let n = 0;
    for (let j = closed ? 0 : 1; j <= jEnd; j++) {
      if (n + room > this.#triangles.length) {
        const larger = new Uint32Array(2 * this.#triangles.length + room);
        larger.set(this.#triangles);
        this.#triangles = larger;
      }
      n = this.#connectRow(j, k, this.#triangles, n);
    }
    return this.#triangles.subarray(0, n);
  }

  /** Cells between rows (j - 1, j) of slices (k - 1, k). */
  #connectRow(j: number, k: number, out: Uint32Array, n: number): number {
    const { counts, edges, cut } = CELL_CASES;
    const { stride, size } = this.#layout;
    const words = this.#words;
    const xMask = this.#xMask;
    const rowA = this.#row(j - 1, k - 1);
    const rowB = rowA + stride;
    const rowC = this.#row(j - 1, k);
    const rowD = rowC + stride;
    const first = this.#first;
    const q = 3 * (j + (size[1] + 1) * k);
    const p = q - 3 * (size[1] + 1);
    // next vertex numbers on the four rows of x-edges, two of y-edges and two of z-edges around the cells
    let x0 = first[p - 3];
    let x1 = first[p];
    let x2 = first[q - 3];
    let x3 = first[q];
    let y0 = first[p + 1];
    let y1 = first[q + 1];
    let z0 = first[q - 1];
    let z1 = first[q + 2];
    const e = CELL_VERTICES;
    let carry = 0;
    for (let w = 0; w < stride; w++) {
      const a = words[rowA + w];
      const b = words[rowB + w];
      const c = words[rowC + w];
      const d = words[rowD + w];
      const any = a | b | c | d;
      const all = a & b & c & d;
      if ((any | carry) === 0 || (all === -1 && carry === 15)) continue;
      const aPrev = (a << 1) | (carry & 1);
      const bPrev = (b << 1) | ((carry >> 1) & 1);
      const cPrev = (c << 1) | ((carry >> 2) & 1);
      const dPrev = (d << 1) | (carry >> 3);
      carry = (a >>> 31) | ((b >>> 31) << 1) | ((c >>> 31) << 2) | ((d >>> 31) << 3);
      let active = (any | aPrev | bPrev | cPrev | dPrev) & ~(all & aPrev & bPrev & cPrev & dPrev) & xMask[w];
      for (; active !== 0; active &= active - 1) {
        const s = 31 - Math.clz32(active & -active);
        const kind =
          ((aPrev >>> s) & 1) |
          (((a >>> s) & 1) << 1) |
          (((bPrev >>> s) & 1) << 2) |
          (((b >>> s) & 1) << 3) |
          (((cPrev >>> s) & 1) << 4) |
          (((c >>> s) & 1) << 5) |
          (((dPrev >>> s) & 1) << 6) |
          (((d >>> s) & 1) << 7);
        const m = cut[kind];
        e[0] = x0;
        e[1] = x1;
        e[2] = x2;
        e[3] = x3;
        e[4] = y0;
        e[6] = y1;
        e[8] = z0;
        e[10] = z1;
        x0 += m & 1;
        x1 += (m >> 1) & 1;
        x2 += (m >> 2) & 1;
        x3 += (m >> 3) & 1;
        y0 += (m >> 4) & 1;
        y1 += (m >> 6) & 1;
        z0 += (m >> 8) & 1;
        z1 += (m >> 10) & 1;
        e[5] = y0;
        e[7] = y1;
        e[9] = z0;
        e[11] = z1;
        const last = 16 * kind + 3 * counts[kind];
        for (let t = 16 * kind; t < last; t++) out[n++] = e[edges[t]];
      }
    }
    return n;
  }
}

/** Vertex numbers on the twelve edges of the cell at hand. */
const CELL_VERTICES = new Uint32Array(12);

/** Share of the edge from voxel `i - step` to voxel `i` at which it crosses the level; `side` 1 or -1 at the two faces. */
function along(
  data: VoxelArray,
  i: number,
  step: number,
  side: number,
  level: number,
  outside: number | undefined,
): number {
  if (side === 0) return crossing(data[i - step], data[i], level);
  if (outside === undefined || !(outside < level)) return 0.5;
  return side > 0 ? crossing(outside, data[i], level) : crossing(data[i - step], outside, level);
}

function crossing(a: number, b: number, level: number): number {
  const t = (level - a) / (b - a);
  return t >= EDGE_MARGIN ? (t <= 1 - EDGE_MARGIN ? t : 1 - EDGE_MARGIN) : t < EDGE_MARGIN ? EDGE_MARGIN : 0.5;
}
