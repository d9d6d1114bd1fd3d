/**
 * Surfaces of all labels of a label map at once, with common borders (surface nets, Gibson 1998): one vertex in each cell
 * whose corners differ, one quad for each pair of face-neighbours with different labels, given to both. Vertices are smoothed
 * without shrinkage but never leave their cell, so a border moves less than a voxel and both sides move with
 * it. O(voxels + quads · iterations).
 *
 * Where a label meets itself only across an edge or corner of a cell, its surface touches itself; the sheets are taken apart
 * there (the vertices double, nothing moves), so each surface is a closed two-manifold along its edges.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Size3 } from '../../volume/types.ts';
import { voxelCount } from '../../volume/types.ts';
import { separateSharedEdges } from '../query/manifold.ts';
import type { Surface } from '../surface.ts';

/** How surface nets relax. */
export interface SurfaceNetsOptions {
  /** labels to extract; all but 0 when absent */
  readonly values?: readonly number[];
  /** smoothing steps (inward, then a little more outward: Taubin 1995), default 8; 0 leaves the stair steps of the voxels */
  readonly iterations?: number;
  /** farthest a vertex may move from the centre of its cell along each axis · voxels · default 0.5 */
  readonly reach?: number;
}

/** Surface of one label. */
export interface LabelSurface {
  readonly value: number;
  readonly surface: Surface;
}

/**
 * One closed surface per label, in voxel coordinates; labels at the faces of the volume are closed there.
 *
 * @param labels - x-fastest labels, whole numbers, 0 is background
 * @param size - grid
 * @throws ArgumentError when the array does not fit the grid
 * @see Gibson 1998; Frisken 2022
 */
export function surfaceNets(
  labels: Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array,
  size: Size3,
  options: SurfaceNetsOptions = {},
): LabelSurface[] {
  expectArgument(labels.length >= voxelCount(size), 'labels', labels.length, `${voxelCount(size)} voxels`);
  const wanted = options.values ? new Set(options.values) : undefined;
  const quads = collectQuads(labels, size, wanted);
  const net = new Net(quads, size);
  net.relax(options.iterations ?? 8, options.reach ?? 0.5);
  return net.surfaces();
}

/** Quads as cell numbers: inside label, outside label, four cells around the face, counter-clockwise seen from outside. */
interface Quads {
  readonly inside: number[];
  readonly outside: number[];
  readonly cells: number[];
}

function collectQuads(labels: ArrayLike<number>, size: Size3, wanted?: Set<number>): Quads {
  const [nx, ny, nz] = size;
  const out: Quads = { inside: [], outside: [], cells: [] };
  // cell (x, y, z) has voxel (x, y, z) as its highest corner; there is one more cell than voxels along each axis
  const [sx, sy, sz] = [1, nx + 1, (nx + 1) * (ny + 1)];
  const rows = new LabelRows(labels, size, wanted);
  const add = (low: number, high: number, cell: number, s: number, t: number) => {
    out.inside.push(low);
    out.outside.push(high);
    out.cells.push(cell, cell + s, cell + s + t, cell + t);
  };
  for (let z = 0; z <= nz; z++) {
    for (let y = 0; y <= ny; y++) {
      const here = rows.at(y, z, 0);
      const below = rows.at(y - 1, z, 1);
      const under = rows.at(y, z - 1, 2);
      if (!here && !below && !under) continue;
      const [h, b, u] = [here ?? rows.empty, below ?? rows.empty, under ?? rows.empty];
      for (let x = 0, cell = y * sy + z * sz; x <= nx; x++, cell++) {
        const v = h[x];
        if (y < ny && z < nz && v !== (x > 0 ? h[x - 1] : 0)) add(x > 0 ? h[x - 1] : 0, v, cell, sy, sz);
        if (z < nz && v !== b[x]) add(b[x], v, cell, sz, sx);
        if (y < ny && v !== u[x]) add(u[x], v, cell, sx, sy);
      }
    }
  }
  return out;
}

/** Rows of wanted labels with a 0 behind the last voxel; rows without any are left out. */
class LabelRows {
  readonly empty: Int32Array;
  readonly #labels: ArrayLike<number>;
  readonly #size: Size3;
  readonly #wanted: Set<number> | undefined;
  readonly #buffers: Int32Array[];

  constructor(labels: ArrayLike<number>, size: Size3, wanted?: Set<number>) {
    this.#labels = labels;
    this.#size = size;
    this.#wanted = wanted;
    this.empty = new Int32Array(size[0] + 1);
    this.#buffers = [0, 1, 2].map(() => new Int32Array(size[0] + 1));
  }

  /** Row (y, z) in one of three buffers, or undefined when it is empty or outside. */
  at(y: number, z: number, buffer: number): Int32Array | undefined {
    const [nx, ny, nz] = this.#size;
    if (y < 0 || z < 0 || y >= ny || z >= nz) return undefined;
    const labels = this.#labels;
    const row = this.#buffers[buffer];
    const base = nx * (y + ny * z);
    let any = 0;
    for (let x = 0; x < nx; x++) any |= row[x] = labels[base + x];
    if (any === 0) return undefined;
    if (this.#wanted) for (let x = 0; x < nx; x++) if (!this.#wanted.has(row[x])) row[x] = 0;
    return row;
  }
}

class Net {
  readonly #quads: Quads;
  /** vertex of each quad corner */
  readonly #corner: Uint32Array;
  readonly #positions: Float32Array;
  /** centre of each vertex's cell · voxel coordinates */
  readonly #centre: Float32Array;

  constructor(quads: Quads, size: Size3) {
    this.#quads = quads;
    const [mx, my] = [size[0] + 1, size[1] + 1];
    const vertexOf = new Map<number, number>();
    this.#corner = Uint32Array.from(quads.cells, (cell) => {
      const known = vertexOf.get(cell);
      if (known !== undefined) return known;
      vertexOf.set(cell, vertexOf.size);
      return vertexOf.size - 1;
    });
    this.#centre = new Float32Array(3 * vertexOf.size);
    for (const [cell, v] of vertexOf) {
      this.#centre.set(
        [(cell % mx) - 0.5, (Math.floor(cell / mx) % my) - 0.5, Math.floor(cell / (mx * my)) - 0.5],
        3 * v,
      );
    }
    this.#positions = this.#centre.slice();
  }

  relax(iterations: number, reach: number): void {
    const { starts, end, list } = this.#neighbours();
    let from: Float32Array = this.#positions.slice();
    let to: Float32Array = this.#positions;
    for (let step = 0; step < 2 * iterations; step++) {
      const share = step % 2 === 0 ? 0.5 : -0.53;
      for (let v = 0; v < end.length; v++) {
        const n = end[v] - starts[v];
        for (let d = 0; d < 3; d++) {
          let sum = 0;
          for (let i = starts[v]; i < end[v]; i++) sum += from[3 * list[i] + d];
          const p = from[3 * v + d];
          const c = this.#centre[3 * v + d];
          to[3 * v + d] = Math.min(c + reach, Math.max(c - reach, p + share * (sum / n - p)));
        }
      }
      [from, to] = [to, from];
    }
    this.#positions.set(from);
  }

  /** Vertices joined by an edge of a quad; an edge of several quads counts once. */
  #neighbours(): { starts: Uint32Array; end: Uint32Array; list: Uint32Array } {
    const n = this.#positions.length / 3;
    const corner = this.#corner;
    const starts = new Uint32Array(n + 1);
    for (let i = 0; i < corner.length; i++) starts[corner[i] + 1] += 2;
    for (let v = 0; v < n; v++) starts[v + 1] += starts[v];
    const end = starts.slice(0, n);
    const list = new Uint32Array(starts[n]);
    const link = (a: number, b: number) => {
      for (let i = starts[a]; i < end[a]; i++) if (list[i] === b) return;
      list[end[a]++] = b;
    };
    for (let q = 0; q < corner.length; q += 4) {
      for (let k = 0; k < 4; k++) {
        link(corner[q + k], corner[q + ((k + 1) & 3)]);
        link(corner[q + ((k + 1) & 3)], corner[q + k]);
      }
    }
    return { starts, end, list };
  }

  surfaces(): LabelSurface[] {
    const byLabel = new Map<number, number[]>();
    const { inside, outside } = this.#quads;
    const add = (label: number, q: number, flip: boolean) => {
      if (label === 0) return;
      let triangles = byLabel.get(label);
      if (!triangles) byLabel.set(label, (triangles = []));
      const [a, b, c, d] = this.#corner.subarray(4 * q, 4 * q + 4);
      // the shorter diagonal, the same one for both sides of the border
      const along = this.#distance(a, c) <= this.#distance(b, d);
      const list = along ? [a, b, c, a, c, d] : [a, b, d, b, c, d];
      for (let i = 0; i < 6; i += 3) {
        if (flip) triangles.push(list[i], list[i + 2], list[i + 1]);
        else triangles.push(list[i], list[i + 1], list[i + 2]);
      }
    };
    for (let q = 0; q < inside.length; q++) {
      add(inside[q], q, false);
      add(outside[q], q, true);
    }
    return [...byLabel]
      .sort((p, q) => p[0] - q[0])
      .map(([value, list]) => ({ value, surface: separateSharedEdges(this.#compact(list)) }));
  }

  #distance(a: number, b: number): number {
    const p = this.#positions;
    return (p[3 * a] - p[3 * b]) ** 2 + (p[3 * a + 1] - p[3 * b + 1]) ** 2 + (p[3 * a + 2] - p[3 * b + 2]) ** 2;
  }

  #compact(triangles: number[]): Surface {
    const number = new Map<number, number>();
    const out = Uint32Array.from(triangles, (v) => {
      const known = number.get(v);
      if (known !== undefined) return known;
      number.set(v, number.size);
      return number.size - 1;
    });
    const positions = new Float32Array(3 * number.size);
    for (const [v, k] of number) positions.set(this.#positions.subarray(3 * v, 3 * v + 3), 3 * k);
    return { positions, triangles: out };
  }
}
