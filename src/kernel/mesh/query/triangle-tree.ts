/**
 * Boxes around boxes around triangles: nearest point on a surface and first hit of a ray in O(log n) each after an
 * O(n log n) build. Median split on the longest axis of the triangle centres, at most 4 triangles a leaf, nodes in
 * one flat array in depth-first order, so a query touches few cache lines and the build makes no objects.
 */
import type { Vec3 } from '../../linear/index.ts';
import type { Surface } from '../surface.ts';

/** The nearest point of a surface. */
export interface ClosestPoint {
  readonly point: Vec3;
  readonly distance: number;
  readonly triangle: number;
}

/** Where a ray first meets a surface. */
export interface RayHit {
  readonly point: Vec3;
  /** along the ray · unit of the positions when the direction has length one */
  readonly distance: number;
  readonly triangle: number;
  /** true when the ray comes from outside (meets the front of the triangle) */
  readonly front: boolean;
}

/** Search structure over a surface; it keeps reading the surface it was built from. */
export interface TriangleTree {
  /** nearest point of the surface, or undefined when none is within `maxDistance` */
  closestPoint(point: Vec3, maxDistance?: number): ClosestPoint | undefined;
  /** first triangle along a ray, or undefined when none is within `maxDistance` */
  raycast(origin: Vec3, direction: Vec3, maxDistance?: number): RayHit | undefined;
}

const LEAF = 4;

/**
 * Builds a search structure for a surface.
 *
 * @param surface - positions and triangles; must not change while the tree is used
 */
export function buildTriangleTree(surface: Surface): TriangleTree {
  return new Tree(surface);
}

class Tree implements TriangleTree {
  readonly #p: Float32Array;
  readonly #t: Uint32Array;
  readonly #order: Uint32Array;
  /** six numbers a node: min xyz, max xyz */
  readonly #box: Float32Array;
  /** two numbers a node: a leaf has its first place in `order` and its count; an inner node its right child and 0 */
  readonly #link: Uint32Array;
  #nodes = 0;

  constructor(surface: Surface) {
    this.#p = surface.positions;
    this.#t = surface.triangles;
    const n = this.#t.length / 3;
    this.#order = Uint32Array.from({ length: n }, (_, i) => i);
    this.#box = new Float32Array(6 * Math.max(1, 2 * n));
    this.#link = new Uint32Array(2 * Math.max(1, 2 * n));
    const centres = new Float32Array(3 * n);
    for (let t = 0; t < n; t++) {
      for (let d = 0; d < 3; d++) {
        centres[3 * t + d] =
          this.#p[3 * this.#t[3 * t] + d] + this.#p[3 * this.#t[3 * t + 1] + d] + this.#p[3 * this.#t[3 * t + 2] + d];
      }
    }
    if (n > 0) this.#build(0, n, centres);
  }

  #build(from: number, to: number, centres: Float32Array): number {
    const node = this.#nodes++;
    this.#fitBox(node, from, to);
    if (to - from <= LEAF) {
      this.#link[2 * node] = from;
      this.#link[2 * node + 1] = to - from;
      return node;
    }
    const axis = this.#longestAxis(from, to, centres);
    const middle = (from + to) >> 1;
    partition(this.#order, centres, axis, from, to - 1, middle);
    this.#build(from, middle, centres);
    this.#link[2 * node] = this.#build(middle, to, centres);
    this.#link[2 * node + 1] = 0;
    return node;
  }

  #fitBox(node: number, from: number, to: number): void {
    const b = this.#box;
    for (let d = 0; d < 3; d++) {
      let low = Infinity;
      let high = -Infinity;
      for (let i = from; i < to; i++) {
        for (let k = 0; k < 3; k++) {
          const v = this.#p[3 * this.#t[3 * this.#order[i] + k] + d];
          if (v < low) low = v;
          if (v > high) high = v;
        }
      }
      b[6 * node + d] = low;
      b[6 * node + 3 + d] = high;
    }
  }

  #longestAxis(from: number, to: number, centres: Float32Array): number {
    const spread = [0, 1, 2].map((d) => {
      let low = Infinity;
      let high = -Infinity;
      for (let i = from; i < to; i++) {
        const v = centres[3 * this.#order[i] + d];
        if (v < low) low = v;
        if (v > high) high = v;
      }
      return high - low;
    });
    return spread.indexOf(Math.max(...spread));
  }

  closestPoint(point: Vec3, maxDistance = Infinity): ClosestPoint | undefined {
    if (this.#nodes === 0) return undefined;
    let best = maxDistance * maxDistance;
    let triangle = -1;
    const found = [0, 0, 0];
    const candidate = [0, 0, 0];
    const stack = [0];
    while (stack.length > 0) {
      const node = stack.pop() as number;
      if (this.#boxDistance(node, point) > best) continue;
      const count = this.#link[2 * node + 1];
      if (count === 0) {
        const [left, right] = [node + 1, this.#link[2 * node]];
        const near = this.#boxDistance(left, point) <= this.#boxDistance(right, point);
        stack.push(near ? right : left, near ? left : right);
        continue;
      }
      for (let i = this.#link[2 * node]; i < this.#link[2 * node] + count; i++) {
        const d = this.#nearestOnTriangle(this.#order[i], point, candidate);
        if (d > best || (d === best && triangle >= 0)) continue;
        best = d;
        triangle = this.#order[i];
        found.splice(0, 3, ...candidate);
      }
    }
    return triangle < 0 ? undefined : { point: [found[0], found[1], found[2]], distance: Math.sqrt(best), triangle };
  }

  #boxDistance(node: number, p: Vec3): number {
    let sum = 0;
    for (let d = 0; d < 3; d++) {
      const out = Math.max(this.#box[6 * node + d] - p[d], 0, p[d] - this.#box[6 * node + 3 + d]);
      sum += out * out;
    }
    return sum;
  }

  /** Squared distance to a triangle; the point is left in `out` (Voronoi regions, Ericson 2005). */
  #nearestOnTriangle(triangle: number, point: Vec3, out: number[]): number {
    const corner = (k: number): Vec3 => {
      const i = 3 * this.#t[3 * triangle + k];
      return [this.#p[i], this.#p[i + 1], this.#p[i + 2]];
    };
    const [a, b, c] = [corner(0), corner(1), corner(2)];
    const minus = (p: Vec3, q: Vec3): Vec3 => [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
    const dot = (p: Vec3, q: Vec3) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    const [ab, ac, ap] = [minus(b, a), minus(c, a), minus(point, a)];
    const [d1, d2] = [dot(ab, ap), dot(ac, ap)];
    const bp = minus(point, b);
    const [d3, d4] = [dot(ab, bp), dot(ac, bp)];
    const cp = minus(point, c);
    const [d5, d6] = [dot(ab, cp), dot(ac, cp)];
    const [va, vb, vc] = [d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2];
    let [v, w] = [0, 0];
    if (d1 <= 0 && d2 <= 0) [v, w] = [0, 0];
    else if (d3 >= 0 && d4 <= d3) [v, w] = [1, 0];
    else if (vc <= 0 && d1 >= 0 && d3 <= 0) [v, w] = [d1 / (d1 - d3), 0];
    else if (d6 >= 0 && d5 <= d6) [v, w] = [0, 1];
    else if (vb <= 0 && d2 >= 0 && d6 <= 0) [v, w] = [0, d2 / (d2 - d6)];
    else if (va <= 0 && d4 >= d3 && d5 >= d6) {
      w = (d4 - d3) / (d4 - d3 + (d5 - d6));
      v = 1 - w;
    } else {
      const sum = va + vb + vc;
      [v, w] = [vb / sum, vc / sum];
    }
    let distance = 0;
    for (let d = 0; d < 3; d++) {
      out[d] = a[d] + v * ab[d] + w * ac[d];
      distance += (out[d] - point[d]) ** 2;
    }
    return distance;
  }

  raycast(origin: Vec3, direction: Vec3, maxDistance = Infinity): RayHit | undefined {
    if (this.#nodes === 0) return undefined;
    let best = maxDistance;
    let triangle = -1;
    let front = true;
    const inverse: Vec3 = [1 / direction[0], 1 / direction[1], 1 / direction[2]];
    const stack = [0];
    while (stack.length > 0) {
      const node = stack.pop() as number;
      if (this.#boxEntry(node, origin, inverse) > best) continue;
      const count = this.#link[2 * node + 1];
      if (count === 0) {
        const [left, right] = [node + 1, this.#link[2 * node]];
        const near = this.#boxEntry(left, origin, inverse) <= this.#boxEntry(right, origin, inverse);
        stack.push(near ? right : left, near ? left : right);
        continue;
      }
      for (let i = this.#link[2 * node]; i < this.#link[2 * node] + count; i++) {
        const hit = this.#rayTriangle(this.#order[i], origin, direction);
        const t = Math.abs(hit);
        if (Number.isNaN(hit) || t > best || (t === best && triangle >= 0)) continue;
        best = t;
        triangle = this.#order[i];
        front = hit > 0 || Object.is(hit, 0);
      }
    }
    if (triangle < 0) return undefined;
    const at = (d: number) => origin[d] + best * direction[d];
    return { point: [at(0), at(1), at(2)], distance: best, triangle, front };
  }

  /** Ray parameter at which a box is entered, 0 from inside, Infinity when missed. */
  #boxEntry(node: number, o: Vec3, inverse: Vec3): number {
    let enter = 0;
    let leave = Infinity;
    for (let d = 0; d < 3; d++) {
      const low = this.#box[6 * node + d];
      const high = this.#box[6 * node + 3 + d];
      if (!Number.isFinite(inverse[d])) {
        if (o[d] < low || o[d] > high) return Infinity;
        continue;
      }
      const t0 = (low - o[d]) * inverse[d];
      const t1 = (high - o[d]) * inverse[d];
      enter = Math.max(enter, Math.min(t0, t1));
      leave = Math.min(leave, Math.max(t0, t1));
    }
    return enter <= leave * (1 + 1e-12) ? enter : Infinity;
  }

  /** Ray parameter of the hit (Möller & Trumbore 1997), negated on the back of the triangle, NaN when missed. */
  #rayTriangle(triangle: number, o: Vec3, d: Vec3): number {
    const p = this.#p;
    const a = 3 * this.#t[3 * triangle];
    const b = 3 * this.#t[3 * triangle + 1];
    const c = 3 * this.#t[3 * triangle + 2];
    const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
    const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
    const [qx, qy, qz] = [d[1] * vz - d[2] * vy, d[2] * vx - d[0] * vz, d[0] * vy - d[1] * vx];
    const det = ux * qx + uy * qy + uz * qz;
    if (det === 0) return Number.NaN;
    const [sx, sy, sz] = [o[0] - p[a], o[1] - p[a + 1], o[2] - p[a + 2]];
    const u = (sx * qx + sy * qy + sz * qz) / det;
    if (!(u >= 0 && u <= 1)) return Number.NaN;
    const [rx, ry, rz] = [sy * uz - sz * uy, sz * ux - sx * uz, sx * uy - sy * ux];
    const v = (d[0] * rx + d[1] * ry + d[2] * rz) / det;
    if (!(v >= 0 && u + v <= 1)) return Number.NaN;
    const t = (vx * rx + vy * ry + vz * rz) / det;
    if (!(t >= 0 && t < Infinity)) return Number.NaN;
    return det > 0 ? t : -t;
  }
}

/** Puts the element of rank `middle` along an axis in its place, smaller ones before it (Hoare's selection). */
function partition(
  order: Uint32Array,
  centres: Float32Array,
  axis: number,
  low: number,
  high: number,
  middle: number,
): void {
  let from = low;
  let to = high;
  while (from < to) {
    const pivot = centres[3 * order[(from + to) >> 1] + axis];
    let i = from;
    let j = to;
    while (i <= j) {
      while (centres[3 * order[i] + axis] < pivot) i++;
      while (centres[3 * order[j] + axis] > pivot) j--;
      if (i <= j) {
        const swap = order[i];
        order[i++] = order[j];
        order[j--] = swap;
      }
    }
    if (j < middle) from = i;
    if (i > middle) to = j;
  }
}
