/**
 * Neighbours of every vertex in one flat list (compressed rows). On a closed surface each neighbour follows the vertex in
 * exactly one triangle, so listing the followers is enough and needs no search, O(triangles). Where followers and
 * predecessors of a vertex differ in a checksum (borders, flipped triangles), its list is completed from both.
 */
import type { Surface } from '../surface.ts';

/** Neighbour lists: those of vertex v are `list[starts[v]]` up to `list[starts[v + 1] - 1]`. */
export interface Neighbours {
  readonly starts: Uint32Array;
  readonly list: Uint32Array;
  /** 1 where the triangles around the vertex do not close to one ring · undefined on a closed surface */
  readonly border: Uint8Array | undefined;
}

/**
 * Collects the neighbours of each vertex.
 *
 * @param surface - any triangle list
 */
export function vertexNeighbours(surface: Surface): Neighbours {
  const { triangles } = surface;
  const n = surface.positions.length / 3;
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < triangles.length; i++) starts[triangles[i] + 1]++;
  for (let v = 0; v < n; v++) starts[v + 1] += starts[v];
  const place = starts.slice(0, n);
  const list = new Uint32Array(triangles.length);
  const balance = new Int32Array(n);
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = triangles[t];
    const b = triangles[t + 1];
    const c = triangles[t + 2];
    list[place[a]++] = b;
    list[place[b]++] = c;
    list[place[c]++] = a;
    const [p, q, r] = [mix(a), mix(b), mix(c)];
    balance[a] += q - r;
    balance[b] += r - p;
    balance[c] += p - q;
  }
  return completeNeighbours(triangles, starts, list, balance) ?? { starts, list, border: undefined };
}

/** Scatters a vertex number so that different sets of neighbours have different sums. */
function mix(v: number): number {
  const h = Math.imul(v ^ (v >>> 15), 0x2c1b3c6d);
  return Math.imul(h ^ (h >>> 12), 0x297a2d39) | 0;
}

/**
 * Completes lists of followers where they are not yet all neighbours.
 *
 * @param triangles - three vertex numbers each
 * @param starts - first follower of each vertex
 * @param list - followers
 * @param balance - sum over followers less sum over predecessors, of scattered numbers; not 0 where they differ
 * @returns new lists, or undefined when the given ones are complete
 */
export function completeNeighbours(
  triangles: Uint32Array,
  starts: Uint32Array,
  list: Uint32Array,
  balance: Int32Array,
): Neighbours | undefined {
  const before = new Map<number, number[]>();
  for (let v = 0; v < balance.length; v++) if (balance[v] !== 0) before.set(v, []);
  if (before.size === 0) return undefined;
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = triangles[t];
    const b = triangles[t + 1];
    const c = triangles[t + 2];
    if (balance[a] !== 0) before.get(a)?.push(c);
    if (balance[b] !== 0) before.get(b)?.push(a);
    if (balance[c] !== 0) before.get(c)?.push(b);
  }
  const border = new Uint8Array(balance.length);
  const grown = new Uint32Array(balance.length + 1);
  const out = new Uint32Array(list.length + [...before.values()].reduce((n, p) => n + p.length, 0));
  let from = 0;
  let shift = 0;
  for (const [v, predecessors] of before) {
    out.set(list.subarray(starts[from], starts[v]), starts[from] + shift);
    for (let u = from; u <= v; u++) grown[u] = starts[u] + shift;
    const { ring, open } = ringOf([...list.subarray(starts[v], starts[v + 1]), ...predecessors]);
    if (open) border[v] = 1;
    out.set(ring, starts[v] + shift);
    shift += ring.length - (starts[v + 1] - starts[v]);
    from = v + 1;
  }
  out.set(list.subarray(starts[from]), starts[from] + shift);
  for (let u = from; u <= balance.length; u++) grown[u] = starts[u] + shift;
  return { starts: grown, list: out.subarray(0, grown[balance.length]), border };
}

/** Each neighbour once, and whether one of them is met on one side only. */
function ringOf(both: number[]): { ring: number[]; open: boolean } {
  const times = new Map<number, number>();
  for (const u of both) times.set(u, (times.get(u) ?? 0) + 1);
  return { ring: [...times.keys()].sort((a, b) => a - b), open: [...times.values()].includes(1) };
}

/**
 * Vertices that smoothing leaves alone: those on a border and those the caller fixed; undefined when there are none.
 *
 * @param around - neighbour lists
 * @param fixed - 1 where a vertex must not move
 */
export function stillVertices({ border }: Neighbours, fixed?: Uint8Array): Uint8Array | undefined {
  if (!border) return fixed;
  return fixed ? border.map((b, i) => b | fixed[i]) : border;
}
