/**
 * Neighbours of every vertex in one flat list (compressed rows). On a closed surface each neighbour follows the vertex in
 * exactly one triangle, so listing the followers is enough and needs no search, O(triangles); two checksums per vertex
 * show where that fails (borders, edges with more than two triangles), and there the list is completed and cleaned.
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
  if (balance.every((v) => v === 0)) return { starts, list, border: undefined };
  return completeNeighbours(surface, n);
}

/** Scatters a vertex number so that different sets of neighbours have different sums. */
function mix(v: number): number {
  const h = Math.imul(v ^ (v >>> 15), 0x2c1b3c6d);
  return Math.imul(h ^ (h >>> 12), 0x297a2d39) | 0;
}

function completeNeighbours(surface: Surface, n: number): Neighbours {
  const { triangles } = surface;
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < triangles.length; i++) starts[triangles[i] + 1] += 2;
  for (let v = 0; v < n; v++) starts[v + 1] += starts[v];
  const place = starts.slice(0, n);
  const both = new Uint32Array(2 * triangles.length);
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const v = triangles[t + k];
      both[place[v]++] = triangles[t + ((k + 1) % 3)];
      both[place[v]++] = triangles[t + ((k + 2) % 3)];
    }
  }
  const border = new Uint8Array(n);
  const tidy = new Uint32Array(n + 1);
  let w = 0;
  for (let v = 0; v < n; v++) {
    const ring = both.subarray(starts[v], starts[v + 1]).sort();
    for (let i = 0; i < ring.length; ) {
      let same = i + 1;
      while (same < ring.length && ring[same] === ring[i]) same++;
      if (same - i === 1) border[v] = 1;
      both[w++] = ring[i];
      i = same;
    }
    tidy[v + 1] = w;
  }
  return { starts: tidy, list: both.slice(0, w), border };
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
