/**
 * Isosurface by marching cubes over bit rows. The volume is read once to mark what is inside, one bit a voxel; from then
 * on empty space costs 1/32. Crossed grid edges are counted by population counts of exclusive-ors, so every vertex
 * has its place before it is computed and no search structure is needed; triangles follow in one sweep with running
 * counters. O(voxels / 32 + triangles) after the O(voxels) scan.
 *
 * The table decides ambiguous faces by the face alone, so the surface is a closed two-manifold (see `cases.ts`), and
 * vertices are held off the voxels themselves, so no triangle is degenerate even where the data equals the level.
 */
import { expectArgument } from '../../argument-error.ts';
import { popCount } from '../../volume/bits/bit-volume.ts';
import type { Size3, VoxelArray } from '../../volume/types.ts';
import { isIntegerArray, voxelCount } from '../../volume/types.ts';
import type { Surface } from '../surface.ts';
import { CELL_CASES } from './cases.ts';

/** How an isosurface treats the faces of the volume. */
export interface IsosurfaceOptions {
  /** close the surface where it would leave the volume; otherwise it ends there in an open edge. Default false. */
  readonly closeBorders?: boolean;
  /**
   * value all around the volume when borders are closed · unit of the data. Without it the cut is a flat cap half a voxel
   * beyond the outer voxel centres, where the volume ends.
   */
  readonly outside?: number;
}

/** Vertices keep at least this share of an edge between themselves and its ends. */
export const EDGE_MARGIN = 1 / 1024;

/**
 * Surface around all voxels whose value is at least `iso`, in voxel coordinates.
 *
 * For whole-number data and a whole level the surface is drawn at `iso - 0.5`, midway to the last value outside.
 * Not-a-number counts as outside. With `closeBorders` the result is a closed two-manifold on any input.
 *
 * @param data - x-fastest voxels
 * @param size - grid
 * @param iso - level · unit of the data
 * @returns vertices in voxel coordinates (ijk), in scan order; triangles counter-clockwise seen from the low side
 * @throws ArgumentError when the array does not fit the grid or a size is not positive
 * @see Lorensen & Cline 1987; Schroeder, Maynard & Geveci 2015 (order of the passes)
 */
export function isosurface(data: VoxelArray, size: Size3, iso: number, options: IsosurfaceOptions = {}): Surface {
  expectArgument(
    size.every((n) => Number.isInteger(n) && n > 0),
    'size',
    size,
    'positive whole numbers',
  );
  expectArgument(data.length >= voxelCount(size), 'data', data.length, `${voxelCount(size)} voxels`);
  const grid = new EdgeGrid(data, size, iso, options.closeBorders ?? false);
  const total = grid.count();
  const positions = new Float32Array(3 * total);
  const level = isIntegerArray(data) && Number.isInteger(iso) ? iso - 0.5 : iso;
  grid.placeVertices(positions, data, level, options.outside);
  return { positions, triangles: grid.connect(2 * total + 64) };
}

/**
 * Bit rows with a frame of zero rows around them and the first vertex number on the x-, y- and z-edges of each row.
 * Row (j, k) owns the x-edges along it, the y-edges down to row j - 1 and the z-edges down to slice k - 1.
 */
class EdgeGrid {
  readonly #nx: number;
  readonly #ny: number;
  readonly #nz: number;
  readonly #closed: boolean;
  /** words per row; bit nx exists, as the outside */
  readonly #stride: number;
  readonly #words: Uint32Array;
  readonly #first: Uint32Array;
  /** word masks of the x-edges that count: all when closed, those between two voxels when open */
  readonly #xMask: Uint32Array;

  constructor(data: VoxelArray, size: Size3, iso: number, closed: boolean) {
    [this.#nx, this.#ny, this.#nz] = size;
    this.#closed = closed;
    this.#stride = (this.#nx >>> 5) + 1;
    this.#words = new Uint32Array(this.#stride * (this.#ny + 2) * (this.#nz + 2));
    this.#first = new Uint32Array(3 * (this.#ny + 1) * (this.#nz + 1));
    this.#xMask = new Uint32Array(this.#stride);
    for (let c = closed ? 0 : 1; c < (closed ? this.#nx + 1 : this.#nx); c++) this.#xMask[c >>> 5] |= 1 << (c & 31);
    this.#classify(data, iso);
  }

  #row(j: number, k: number): number {
    return (j + 1 + (this.#ny + 2) * (k + 1)) * this.#stride;
  }

  #classify(data: VoxelArray, iso: number): void {
    const nx = this.#nx;
    const words = this.#words;
    let i = 0;
    for (let k = 0; k < this.#nz; k++) {
      for (let j = 0; j < this.#ny; j++) {
        let w = this.#row(j, k);
        for (let left = nx; left > 0; left -= 32) {
          const n = left < 32 ? left : 32;
          let word = 0;
          for (let b = 0; b < n; b++) word |= (data[i + b] >= iso ? 1 : 0) << b;
          words[w++] = word;
          i += n;
        }
      }
    }
  }

  /** Numbers the crossed edges row by row and returns how many there are. */
  count(): number {
    const words = this.#words;
    const stride = this.#stride;
    const xMask = this.#xMask;
    const jEnd = this.#closed ? this.#ny : this.#ny - 1;
    const kEnd = this.#closed ? this.#nz : this.#nz - 1;
    let total = 0;
    for (let k = 0; k <= kEnd; k++) {
      for (let j = 0; j <= jEnd; j++) {
        const here = this.#row(j, k);
        const below = here - stride;
        const under = this.#row(j, k - 1);
        const hasY = this.#closed || j > 0;
        const hasZ = this.#closed || k > 0;
        let [nX, nY, nZ] = [0, 0, 0];
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
        const f = 3 * (j + (this.#ny + 1) * k);
        this.#first[f] = total;
        this.#first[f + 1] = total + nX;
        this.#first[f + 2] = total + nX + nY;
        total += nX + nY + nZ;
      }
    }
    return total;
  }

  /** Writes the position of every vertex: linear interpolation along its edge, or the cap beyond the border. */
  placeVertices(out: Float32Array, data: VoxelArray, level: number, outside?: number): void {
    const [nx, ny, nz] = [this.#nx, this.#ny, this.#nz];
    const words = this.#words;
    const stride = this.#stride;
    const jEnd = this.#closed ? ny : ny - 1;
    const kEnd = this.#closed ? nz : nz - 1;
    for (let k = 0; k <= kEnd; k++) {
      for (let j = 0; j <= jEnd; j++) {
        const f = 3 * (j + (ny + 1) * k);
        let atX = 3 * this.#first[f];
        let atY = 3 * this.#first[f + 1];
        let atZ = 3 * this.#first[f + 2];
        const here = this.#row(j, k);
        const under = this.#row(j, k - 1);
        const hasY = this.#closed || j > 0;
        const hasZ = this.#closed || k > 0;
        const base = nx * (j + ny * k);
        const yCap = j === 0 ? 1 : j === ny ? -1 : 0;
        const zCap = k === 0 ? 1 : k === nz ? -1 : 0;
        let carry = 0;
        for (let w = 0; w < stride; w++) {
          const a = words[here + w];
          let x = (((a << 1) | carry) ^ a) & this.#xMask[w];
          carry = a >>> 31;
          let y = hasY ? a ^ words[here - stride + w] : 0;
          let z = hasZ ? a ^ words[under + w] : 0;
          for (; x !== 0; x &= x - 1) {
            const c = 32 * w + 31 - Math.clz32(x & -x);
            const i = base + c;
            const t =
              c > 0 && c < nx
                ? crossing(data[i - 1], data[i], level)
                : c === 0
                  ? cap(data[i], outside, level, true)
                  : cap(data[i - 1], outside, level, false);
            out[atX++] = c - 1 + t;
            out[atX++] = j;
            out[atX++] = k;
          }
          for (; y !== 0; y &= y - 1) {
            const c = 32 * w + 31 - Math.clz32(y & -y);
            const i = base + c;
            const t =
              yCap === 0
                ? crossing(data[i - nx], data[i], level)
                : cap(data[yCap > 0 ? i : i - nx], outside, level, yCap > 0);
            out[atY++] = c;
            out[atY++] = j - 1 + t;
            out[atY++] = k;
          }
          for (; z !== 0; z &= z - 1) {
            const c = 32 * w + 31 - Math.clz32(z & -z);
            const i = base + c;
            const t =
              zCap === 0
                ? crossing(data[i - nx * ny], data[i], level)
                : cap(data[zCap > 0 ? i : i - nx * ny], outside, level, zCap > 0);
            out[atZ++] = c;
            out[atZ++] = j;
            out[atZ++] = k - 1 + t;
          }
        }
      }
    }
  }

  /** Triangles of all cells; `expected` is a first guess of their number, the array grows when it is too small. */
  connect(expected: number): Uint32Array {
    let out = new Uint32Array(3 * expected);
    let n = 0;
    const start = this.#closed ? 0 : 1;
    const jEnd = this.#closed ? this.#ny : this.#ny - 1;
    const kEnd = this.#closed ? this.#nz : this.#nz - 1;
    const room = 15 * (this.#nx + 1);
    for (let k = start; k <= kEnd; k++) {
      for (let j = start; j <= jEnd; j++) {
        if (n + room > out.length) {
          const larger = new Uint32Array(Math.ceil(1.3 * out.length) + room);
          larger.set(out.subarray(0, n));
          out = larger;
        }
        n = this.#connectRow(j, k, out, n);
      }
    }
    return out.length - n > out.length >>> 4 ? out.slice(0, n) : out.subarray(0, n);
  }

  /** Cells between rows (j - 1, j) of slices (k - 1, k). */
  #connectRow(j: number, k: number, out: Uint32Array, n: number): number {
    const { counts, edges, cut } = CELL_CASES;
    const words = this.#words;
    const stride = this.#stride;
    const xMask = this.#xMask;
    const rowA = this.#row(j - 1, k - 1);
    const rowB = rowA + stride;
    const rowC = this.#row(j - 1, k);
    const rowD = rowC + stride;
    let carry = 0;
    let started = false;
    // next vertex numbers on the four x-edge rows, the two y-edge rows and the two z-edge rows around the cells
    const e = ROW_EDGES;
    let [x0, x1, x2, x3, y0, y1, z0, z1] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let w = 0; w < stride; w++) {
      const a = words[rowA + w];
      const b = words[rowB + w];
      const c = words[rowC + w];
      const d = words[rowD + w];
      const any = a | b | c | d;
      const all = a & b & c & d;
      if ((any | (carry & 15)) === 0 || (all === -1 && carry === 15)) continue;
      const aPrev = (a << 1) | (carry & 1);
      const bPrev = (b << 1) | ((carry >> 1) & 1);
      const cPrev = (c << 1) | ((carry >> 2) & 1);
      const dPrev = (d << 1) | (carry >> 3);
      carry = (a >>> 31) | ((b >>> 31) << 1) | ((c >>> 31) << 2) | ((d >>> 31) << 3);
      let active = (any | aPrev | bPrev | cPrev | dPrev) & ~(all & aPrev & bPrev & cPrev & dPrev) & xMask[w];
      if (active !== 0 && !started) {
        started = true;
        const f = this.#first;
        const q = 3 * (j + (this.#ny + 1) * k);
        const qA = q - 3 * (this.#ny + 2);
        const qB = qA + 3;
        const qC = q - 3;
        x0 = j > 0 && k > 0 ? f[qA] : 0;
        x1 = k > 0 ? f[qB] : 0;
        x2 = j > 0 ? f[qC] : 0;
        x3 = f[q];
        y0 = k > 0 ? f[qB + 1] : 0;
        y1 = f[q + 1];
        z0 = j > 0 ? f[qC + 2] : 0;
        z1 = f[q + 2];
      }
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
        x0 += m & 1;
        x1 += (m >> 1) & 1;
        x2 += (m >> 2) & 1;
        x3 += (m >> 3) & 1;
        e[4] = y0;
        e[6] = y1;
        e[8] = z0;
        e[10] = z1;
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

const ROW_EDGES = new Uint32Array(12);

function crossing(a: number, b: number, level: number): number {
  const t = (level - a) / (b - a);
  return t >= EDGE_MARGIN ? (t <= 1 - EDGE_MARGIN ? t : 1 - EDGE_MARGIN) : t < EDGE_MARGIN ? EDGE_MARGIN : 0.5;
}

/** Crossing between a border voxel and the outside; `rising` when the outside comes first. */
function cap(inside: number, outside: number | undefined, level: number, rising: boolean): number {
  if (outside === undefined || outside >= level) return 0.5;
  return rising ? crossing(outside, inside, level) : crossing(inside, outside, level);
}
