/**
 * The 256 cases of marching cubes, worked out here rather than copied: on each face of the cell the surface's traces join
 * cut edges, traces chain into closed loops, loops are cut into triangles.
 *
 * A face whose corners alternate can be joined two ways. The rule here looks at that face alone (inside corners stay apart), so
 * the two cells that share the face always agree and the surface never tears, whatever the data. A loop is only cut along
 * diagonals through the cell's interior, never along one that lies in a face, where the neighbour might use the same one:
 * so every edge of the surface has exactly two triangles. Loops without such a triangulation do not occur with this rule.
 *
 * Corner `i` lies at x = i & 1, y = (i >> 1) & 1, z = i >> 2. Edges 0-3 run along x (at y, z of bits 0, 1), 4-7 along y
 * (at x, z), 8-11 along z (at x, y).
 */

/** Corners of each edge, lower corner first. */
const EDGE_CORNERS: readonly (readonly [number, number])[] = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
];

/** Corners of each face, counter-clockwise as seen from outside the cell. */
const FACE_CORNERS: readonly (readonly number[])[] = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
];

/** The cases in the form the extraction loops read. */
export interface CellCases {
  /** triangles of each case · shape [256] */
  readonly counts: Uint8Array;
  /** edges of the triangles of each case, three each · shape [256 · 16] */
  readonly edges: Uint8Array;
  /** bit e is set when edge e is cut · shape [256] */
  readonly cut: Uint16Array;
}

const edgeBetween = (a: number, b: number) =>
  EDGE_CORNERS.findIndex(([p, q]) => (p === a && q === b) || (p === b && q === a));

const FACE_EDGES = FACE_CORNERS.map((face) => face.map((c, i) => edgeBetween(c, face[(i + 1) % 4])));

const shareFace = (a: number, b: number) => FACE_EDGES.some((edges) => edges.includes(a) && edges.includes(b));

/** For each cut edge the edge its loop goes on to, -1 where the edge is not cut. */
function traceFaces(inside: number): Int8Array {
  const next = new Int8Array(12).fill(-1);
  for (let f = 0; f < 6; f++) {
    const isIn = FACE_CORNERS[f].map((c) => ((inside >> c) & 1) === 1);
    for (let i = 0; i < 4; i++) {
      // a run of inside corners begins at i: the trace leaves through the edge before it and comes from the edge after it
      if (!isIn[i] || isIn[(i + 3) % 4]) continue;
      let j = i;
      const alternating = isIn[(i + 2) % 4] && !isIn[(i + 1) % 4];
      while (!alternating && isIn[(j + 1) % 4]) j = (j + 1) % 4;
      next[FACE_EDGES[f][(i + 3) % 4]] = FACE_EDGES[f][j];
    }
  }
  return next;
}

function loopsOf(inside: number): number[][] {
  const next = traceFaces(inside);
  const seen = new Set<number>();
  const loops: number[][] = [];
  for (let e = 0; e < 12; e++) {
    if (next[e] < 0 || seen.has(e)) continue;
    const loop: number[] = [];
    for (let at = e; !seen.has(at); at = next[at]) {
      seen.add(at);
      loop.push(at);
    }
    loops.push(loop);
  }
  return loops;
}

function middleOf(edge: number): number[] {
  const [a, b] = EDGE_CORNERS[edge];
  return [0, 1, 2].map((d) => (((a >> d) & 1) + ((b >> d) & 1)) / 2);
}

/** Cost of a diagonal between two edges of a loop: its squared length, or infinite when it lies in a face of the cell. */
function diagonalCost(a: number, b: number): number {
  if (shareFace(a, b)) return Infinity;
  const [p, q] = [middleOf(a), middleOf(b)];
  return p.reduce((sum, v, d) => sum + (v - q[d]) ** 2, 0);
}

/** Cheapest triangulation of a loop by dynamic programming over its chords. */
function triangulate(loop: readonly number[]): number[] {
  const n = loop.length;
  const chord = (i: number, j: number) =>
    j - i === 1 || (i === 0 && j === n - 1) ? 0 : diagonalCost(loop[i], loop[j]);
  const best = new Map<number, { cost: number; apex: number }>();
  const solve = (i: number, j: number): number => {
    if (j - i < 2) return 0;
    const known = best.get(i * 16 + j);
    if (known) return known.cost;
    let choice = { cost: Infinity, apex: i + 1 };
    for (let k = i + 1; k < j; k++) {
      const cost = solve(i, k) + solve(k, j) + chord(i, k) + chord(k, j);
      if (cost < choice.cost) choice = { cost, apex: k };
    }
    best.set(i * 16 + j, choice);
    return choice.cost;
  };
  if (solve(0, n - 1) === Infinity)
    throw new Error(`no triangulation of the loop ${loop.join(' ')} stays inside the cell`);
  const out: number[] = [];
  const collect = (i: number, j: number): void => {
    if (j - i < 2) return;
    const k = best.get(i * 16 + j)?.apex ?? i + 1;
    out.push(loop[i], loop[k], loop[j]);
    collect(i, k);
    collect(k, j);
  };
  collect(0, n - 1);
  return out;
}

function buildCases(): CellCases {
  const counts = new Uint8Array(256);
  const edges = new Uint8Array(256 * 16);
  const cut = new Uint16Array(256);
  for (let inside = 0; inside < 256; inside++) {
    const triangles = loopsOf(inside).flatMap((loop) => triangulate(loop));
    counts[inside] = triangles.length / 3;
    edges.set(triangles, 16 * inside);
    for (const e of triangles) cut[inside] |= 1 << e;
  }
  return { counts, edges, cut };
}

/** Case table of marching cubes for every pattern of inside corners. */
export const CELL_CASES: CellCases = buildCases();
