/**
 * How a surface hangs together: shared edges, components. Edges are bucketed by their lower
 * vertex (counting sort) and compared within the bucket, O(triangles), no hashing.
 */
import type { Surface } from '../surface.ts';
import { selectTriangles, triangleArea } from '../surface.ts';

/** What the edges of a surface say about it. */
export interface EdgeReport {
  /** every edge has exactly two triangles that run along it in opposite directions */
  readonly closed: boolean;
  /** edges with one triangle */
  readonly boundaryEdges: number;
  /** edges with more than two triangles */
  readonly nonManifoldEdges: number;
  /** edges with two triangles that face different sides */
  readonly flippedEdges: number;
  /** triangles with a repeated vertex or without area */
  readonly degenerate: number;
}

/**
 * Checks whether a surface is watertight and a two-manifold along its edges.
 *
 * @param surface - any triangle list
 */
export function edgeReport(surface: Surface): EdgeReport {
  const { triangles } = surface;
  let boundaryEdges = 0;
  let nonManifoldEdges = 0;
  let flippedEdges = 0;
  forEachEdge(surface, (forward, backward) => {
    if (forward + backward === 1) boundaryEdges++;
    else if (forward + backward > 2) nonManifoldEdges++;
    else if (forward !== 1) flippedEdges++;
  });
  let degenerate = 0;
  for (let t = 0; 3 * t < triangles.length; t++) {
    const [a, b, c] = [triangles[3 * t], triangles[3 * t + 1], triangles[3 * t + 2]];
    if (a === b || b === c || c === a || !(triangleArea(surface, t) > 0)) degenerate++;
  }
  const closed = triangles.length > 0 && boundaryEdges + nonManifoldEdges + flippedEdges === 0;
  return { closed, boundaryEdges, nonManifoldEdges, flippedEdges, degenerate };
}

/**
 * Visits every edge once.
 *
 * @param visit - receives how many triangles run from the lower to the higher vertex, how many the other way, and both
 *   vertices
 */
export function forEachEdge(
  surface: Surface,
  visit: (forward: number, backward: number, low: number, high: number) => void,
): void {
  const { triangles } = surface;
  const starts = new Uint32Array(surface.positions.length / 3 + 1);
  const corners = triangles.length;
  const nextCorner = (i: number) => (i % 3 === 2 ? i - 2 : i + 1);
  for (let i = 0; i < corners; i++) starts[Math.min(triangles[i], triangles[nextCorner(i)]) + 1]++;
  for (let v = 0; v + 1 < starts.length; v++) starts[v + 1] += starts[v];
  const place = starts.slice();
  // twice the higher vertex, odd for an edge that runs downwards
  const ends = new Float64Array(corners);
  for (let i = 0; i < corners; i++) {
    const a = triangles[i];
    const b = triangles[nextCorner(i)];
    ends[place[Math.min(a, b)]++] = 2 * Math.max(a, b) + (a < b ? 0 : 1);
  }
  for (let v = 0; v + 1 < starts.length; v++) {
    const last = starts[v + 1];
    sortRange(ends, starts[v], last);
    for (let i = starts[v]; i < last; ) {
      const high = Math.floor(ends[i] / 2);
      let forward = 0;
      let backward = 0;
      for (; i < last && Math.floor(ends[i] / 2) === high; i++) ends[i] % 2 === 0 ? forward++ : backward++;
      visit(forward, backward, v, high);
    }
  }
}

/** Sorts part of an array in place: by insertion while it is short, as it nearly always is. */
function sortRange(values: Float64Array, from: number, to: number): void {
  if (to - from > 40) {
    values.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const v = values[i];
    let j = i - 1;
    for (; j >= from && values[j] > v; j--) values[j + 1] = values[j];
    values[j + 1] = v;
  }
}

/**
 * Edge-connected pieces of a surface, numbered from 0 in the order of their first triangle.
 *
 * @returns `count` and the piece of each triangle · shape [M]
 */
export function meshComponents(surface: Surface): { readonly count: number; readonly ofTriangle: Uint32Array } {
  const { triangles } = surface;
  const parent = Uint32Array.from({ length: surface.positions.length / 3 }, (_, i) => i);
  const root = (i: number) => {
    let r = i;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]];
      r = parent[r];
    }
    return r;
  };
  for (let t = 0; t + 2 < triangles.length; t += 3) {
    const a = root(triangles[t]);
    const b = root(triangles[t + 1]);
    const low = Math.min(a, b);
    parent[a] = parent[b] = low;
    const c = root(triangles[t + 2]);
    const lowest = Math.min(low, c);
    parent[low] = parent[c] = lowest;
  }
  const number = new Map<number, number>();
  const ofTriangle = new Uint32Array(triangles.length / 3);
  for (let t = 0; t < ofTriangle.length; t++) {
    const r = root(triangles[3 * t]);
    let n = number.get(r);
    if (n === undefined) number.set(r, (n = number.size));
    ofTriangle[t] = n;
  }
  return { count: number.size, ofTriangle };
}

/**
 * The piece of a surface with the largest area; an empty surface stays empty.
 *
 * @param surface - any triangle list
 */
export function keepLargestMeshComponent(surface: Surface): Surface {
  const { count, ofTriangle } = meshComponents(surface);
  const area = new Float64Array(count);
  for (let t = 0; t < ofTriangle.length; t++) area[ofTriangle[t]] += triangleArea(surface, t);
  let best = 0;
  for (let c = 1; c < count; c++) if (area[c] > area[best]) best = c;
  return selectTriangles(surface, (t) => ofTriangle[t] === best);
}
