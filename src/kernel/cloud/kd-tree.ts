/**
 * Nearest neighbours among points in space: a balanced kd-tree in flat arrays, split at the median of the widest axis, points
 * copied in tree order so that a leaf is one run of memory. Build O(n log n), a query O(log n) on average.
 *
 * Node `j` of depth `d` holds points ⌊j·n/2ᵈ⌋ to ⌊(j+1)·n/2ᵈ⌋, so no ranges are stored; a query keeps its own small stack and the
 * distance to the cell along each axis (Arya & Mount 1993). Tried for 20 k points in 20 k: plane distance alone 1.3 times slower,
 * leaves of 4 and 16 points 1.1 times slower than 8. Built in WebAssembly from 500 points on (`asm/tree.ts`): 3.8 ms for 20 k points,
 * the plain twin 5.9 ms.
 */
import { expectArgument } from '../argument-error.ts';
import { openWorkspace } from '../memory.ts';

/** Neighbours of many query points. */
export interface Neighbourhood {
  /** neighbours of each query, nearest first, -1 where there are fewer than `k` · shape [kN] */
  readonly indices: Int32Array;
  /** squared distances, Infinity where there is none · shape [kN] · unit of the points, squared */
  readonly squared: Float64Array;
  readonly k: number;
}

/** Search structure over points; it keeps a copy of them. */
export interface KdTree {
  /** how many points it holds */
  readonly count: number;
  /** nearest point of each query · queries shape [3N] */
  nearest(queries: ArrayLike<number>): Neighbourhood;
  /** the `k` nearest points of each query · queries shape [3N] */
  nearestK(queries: ArrayLike<number>, k: number): Neighbourhood;
  /**
   * Points within a distance of a place, in no order.
   * @param out - indices are written here from its start; as many as fit
   * @returns how many there are
   */
  within(x: number, y: number, z: number, radius: number, out: Int32Array): number;
}

const LEAF = 8;

/** Below this many points the trip to WebAssembly costs more than it saves. */
const SIMD_POINTS = 500;

/**
 * Builds a search structure.
 *
 * Points that are not finite are left out and never found.
 *
 * @param points - flat xyz · shape [3N] · any length unit
 * @throws ArgumentError when the length is no multiple of three
 * @example buildKdTree([0, 0, 0, 5, 0, 0]).nearest([4, 0, 0]).indices[0] // 1
 */
export function buildKdTree(points: ArrayLike<number>): KdTree {
  expectArgument(points.length % 3 === 0, 'points', points.length, 'a multiple of three numbers');
  return new FlatKdTree(points);
}

class FlatKdTree implements KdTree {
  readonly count: number;
  readonly #depth: number;
  /** point of each place in tree order */
  readonly #order: Int32Array;
  readonly #p: Float64Array;
  /** split of each inner node, nodes numbered from 1 like a heap */
  readonly #axis: Uint8Array;
  readonly #split: Float64Array;
  readonly #low = [Infinity, Infinity, Infinity];
  readonly #high = [-Infinity, -Infinity, -Infinity];
  readonly #stackNode = new Int32Array(64);
  readonly #stackOffset = new Float64Array(192);

  constructor(points: ArrayLike<number>) {
    const order = new Int32Array(points.length / 3);
    let n = 0;
    for (let i = 0; i < order.length; i++) {
      if (Number.isFinite(points[3 * i] + points[3 * i + 1] + points[3 * i + 2])) order[n++] = i;
    }
    this.count = n;
    this.#order = order.subarray(0, n);
    const p = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) {
      for (let d = 0; d < 3; d++) {
        const v = points[3 * this.#order[i] + d];
        p[3 * i + d] = v;
        if (v < this.#low[d]) this.#low[d] = v;
        if (v > this.#high[d]) this.#high[d] = v;
      }
    }
    this.#p = p;
    this.#depth = Math.max(0, Math.ceil(Math.log2(n / LEAF)));
    const inner = 1 << this.#depth;
    this.#axis = new Uint8Array(inner);
    this.#split = new Float64Array(inner);
    if (!this.#buildSimd()) this.#build(1, 0, 0);
  }

  /** `#build` in WebAssembly: the same tree in two thirds of the time; false where that cannot run. */
  #buildSimd(): boolean {
    const [n, inner] = [this.count, this.#axis.length];
    if (n < SIMD_POINTS) return false;
    const space = openWorkspace(28 * n + 9 * inner + 320);
    if (!space) return false;
    const [points, order, axes, splits] = [24 * n, 4 * n, inner, 8 * inner].map(space.take);
    const p = new Float64Array(space.buffer, points, 3 * n);
    const numbers = new Int32Array(space.buffer, order, n);
    p.set(this.#p);
    numbers.set(this.#order);
    space.kernels.buildTree(points, order, n, axes, splits, this.#depth);
    this.#p.set(p);
    this.#order.set(numbers);
    this.#axis.set(new Uint8Array(space.buffer, axes, inner));
    this.#split.set(new Float64Array(space.buffer, splits, inner));
    return true;
  }

  #start(depth: number, j: number): number {
    return Math.floor((j * this.count) / 2 ** depth);
  }

  #build(node: number, depth: number, j: number): void {
    if (depth === this.#depth) return;
    const p = this.#p;
    const from = this.#start(depth, j);
    const to = this.#start(depth, j + 1);
    let [ax, ay, az, bx, by, bz] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    for (let i = 3 * from; i < 3 * to; i += 3) {
      const x = p[i];
      const y = p[i + 1];
      const z = p[i + 2];
      if (x < ax) ax = x;
      if (x > bx) bx = x;
      if (y < ay) ay = y;
      if (y > by) by = y;
      if (z < az) az = z;
      if (z > bz) bz = z;
    }
    const axis = bx - ax >= by - ay && bx - ax >= bz - az ? 0 : by - ay >= bz - az ? 1 : 2;
    const middle = this.#start(depth + 1, 2 * j + 1);
    select(p, this.#order, axis, from, to - 1, middle);
    this.#axis[node] = axis;
    this.#split[node] = p[3 * middle + axis];
    this.#build(2 * node, depth + 1, 2 * j);
    this.#build(2 * node + 1, depth + 1, 2 * j + 1);
  }

  nearest(queries: ArrayLike<number>): Neighbourhood {
    const n = Math.floor(queries.length / 3);
    const indices = new Int32Array(n).fill(-1);
    const squared = new Float64Array(n).fill(Infinity);
    if (this.count === 0) return { indices, squared, k: 1 };
    const p = this.#p;
    const order = this.#order;
    const axes = this.#axis;
    const splits = this.#split;
    const stackNode = this.#stackNode;
    const stackOffset = this.#stackOffset;
    const inner = 1 << this.#depth;
    const scale = this.count / inner;
    const [lx, ly, lz] = this.#low;
    const [hx, hy, hz] = this.#high;
    for (let q = 0; q < n; q++) {
      const x = queries[3 * q];
      const y = queries[3 * q + 1];
      const z = queries[3 * q + 2];
      let best = Infinity;
      let found = -1;
      let top = 1;
      stackNode[0] = 1;
      stackOffset[0] = x < lx ? lx - x : x > hx ? x - hx : 0;
      stackOffset[1] = y < ly ? ly - y : y > hy ? y - hy : 0;
      stackOffset[2] = z < lz ? lz - z : z > hz ? z - hz : 0;
      while (top > 0) {
        top--;
        let node = stackNode[top];
        const ox = stackOffset[3 * top];
        const oy = stackOffset[3 * top + 1];
        const oz = stackOffset[3 * top + 2];
        if (ox * ox + oy * oy + oz * oz >= best) continue;
        while (node < inner) {
          const axis = axes[node];
          const gap = (axis === 0 ? x : axis === 1 ? y : z) - splits[node];
          const near = gap < 0 ? 2 * node : 2 * node + 1;
          const far = near ^ 1;
          const rest = axis === 0 ? oy * oy + oz * oz : axis === 1 ? ox * ox + oz * oz : ox * ox + oy * oy;
          if (gap * gap + rest < best) {
            stackNode[top] = far;
            const at = 3 * top;
            stackOffset[at] = axis === 0 ? gap : ox;
            stackOffset[at + 1] = axis === 1 ? gap : oy;
            stackOffset[at + 2] = axis === 2 ? gap : oz;
            top++;
          }
          node = near;
        }
        const to = 3 * Math.floor((node - inner + 1) * scale);
        for (let i = 3 * Math.floor((node - inner) * scale); i < to; i += 3) {
          const dx = p[i] - x;
          const dy = p[i + 1] - y;
          const dz = p[i + 2] - z;
          const d = dx * dx + dy * dy + dz * dz;
          if (d < best) {
            best = d;
            found = i;
          }
        }
      }
      if (found >= 0) indices[q] = order[found / 3];
      squared[q] = best;
    }
    return { indices, squared, k: 1 };
  }

  nearestK(queries: ArrayLike<number>, k: number): Neighbourhood {
    expectArgument(Number.isInteger(k) && k >= 1, 'k', k, 'a whole number from 1');
    const n = Math.floor(queries.length / 3);
    const indices = new Int32Array(n * k).fill(-1);
    const squared = new Float64Array(n * k).fill(Infinity);
    const [p, order, axes, splits] = [this.#p, this.#order, this.#axis, this.#split];
    const [stackNode, stackOffset] = [this.#stackNode, this.#stackOffset];
    const inner = 1 << this.#depth;
    const scale = this.count / inner;
    for (let q = 0; q < n && this.count > 0; q++) {
      const [x, y, z] = [queries[3 * q], queries[3 * q + 1], queries[3 * q + 2]];
      const first = q * k;
      const last = first + k - 1;
      let worst = Infinity;
      this.#enter(x, y, z);
      for (let top = 1; top > 0; ) {
        top--;
        let node = stackNode[top];
        const ox = stackOffset[3 * top];
        const oy = stackOffset[3 * top + 1];
        const oz = stackOffset[3 * top + 2];
        if (ox * ox + oy * oy + oz * oz >= worst) continue;
        while (node < inner) {
          const axis = axes[node];
          const gap = (axis === 0 ? x : axis === 1 ? y : z) - splits[node];
          const near = gap < 0 ? 2 * node : 2 * node + 1;
          const rest = axis === 0 ? oy * oy + oz * oz : axis === 1 ? ox * ox + oz * oz : ox * ox + oy * oy;
          if (gap * gap + rest < worst) {
            stackNode[top] = near ^ 1;
            stackOffset[3 * top] = axis === 0 ? gap : ox;
            stackOffset[3 * top + 1] = axis === 1 ? gap : oy;
            stackOffset[3 * top + 2] = axis === 2 ? gap : oz;
            top++;
          }
          node = near;
        }
        const to = 3 * Math.floor((node - inner + 1) * scale);
        for (let i = 3 * Math.floor((node - inner) * scale); i < to; i += 3) {
          const dx = p[i] - x;
          const dy = p[i + 1] - y;
          const dz = p[i + 2] - z;
          const d = dx * dx + dy * dy + dz * dz;
          if (!(d < worst)) continue;
          let place = last;
          for (; place > first && squared[place - 1] > d; place--) {
            squared[place] = squared[place - 1];
            indices[place] = indices[place - 1];
          }
          squared[place] = d;
          indices[place] = order[i / 3];
          worst = squared[last];
        }
      }
    }
    return { indices, squared, k };
  }

  within(x: number, y: number, z: number, radius: number, out: Int32Array): number {
    // the limit itself still counts
    const limit = radius * radius * (1 + 1e-15) + Number.MIN_VALUE;
    const [p, stackNode, stackOffset] = [this.#p, this.#stackNode, this.#stackOffset];
    const inner = 1 << this.#depth;
    const scale = this.count / inner;
    let count = 0;
    if (this.count > 0) this.#enter(x, y, z);
    for (let top = this.count > 0 ? 1 : 0; top > 0; ) {
      top--;
      let node = stackNode[top];
      const ox = stackOffset[3 * top];
      const oy = stackOffset[3 * top + 1];
      const oz = stackOffset[3 * top + 2];
      if (ox * ox + oy * oy + oz * oz >= limit) continue;
      while (node < inner) {
        const axis = this.#axis[node];
        const gap = (axis === 0 ? x : axis === 1 ? y : z) - this.#split[node];
        const near = gap < 0 ? 2 * node : 2 * node + 1;
        if (gap * gap < limit) {
          stackNode[top] = near ^ 1;
          stackOffset[3 * top] = axis === 0 ? gap : ox;
          stackOffset[3 * top + 1] = axis === 1 ? gap : oy;
          stackOffset[3 * top + 2] = axis === 2 ? gap : oz;
          top++;
        }
        node = near;
      }
      const to = Math.floor((node - inner + 1) * scale);
      for (let i = Math.floor((node - inner) * scale); i < to; i++) {
        const dx = p[3 * i] - x;
        const dy = p[3 * i + 1] - y;
        const dz = p[3 * i + 2] - z;
        if (!(dx * dx + dy * dy + dz * dz < limit)) continue;
        if (count < out.length) out[count] = this.#order[i];
        count++;
      }
    }
    return count;
  }

  /** Puts the whole tree on the stack, as far away as its box. */
  #enter(x: number, y: number, z: number): void {
    const [low, high, offset] = [this.#low, this.#high, this.#stackOffset];
    this.#stackNode[0] = 1;
    offset[0] = Math.max(low[0] - x, 0, x - high[0]);
    offset[1] = Math.max(low[1] - y, 0, y - high[1]);
    offset[2] = Math.max(low[2] - z, 0, z - high[2]);
  }
}

/** Puts the point of rank `middle` along an axis in its place, smaller ones before it (Hoare's selection). */
function select(p: Float64Array, order: Int32Array, axis: number, low: number, high: number, middle: number): void {
  let from = low;
  let to = high;
  while (from < to) {
    const pivot = p[3 * ((from + to) >> 1) + axis];
    let i = from;
    let j = to;
    while (i <= j) {
      while (p[3 * i + axis] < pivot) i++;
      while (p[3 * j + axis] > pivot) j--;
      if (i > j) continue;
      const index = order[i];
      order[i] = order[j];
      order[j] = index;
      for (let d = 0; d < 3; d++) {
        const v = p[3 * i + d];
        p[3 * i + d] = p[3 * j + d];
        p[3 * j + d] = v;
      }
      i++;
      j--;
    }
    if (j < middle) from = i;
    if (i > middle) to = j;
  }
}
