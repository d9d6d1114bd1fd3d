/**
 * Takes sheets apart that touch along an edge or in a vertex. Around an edge with more than two triangles, each pair that
 * bounds the same piece of inside is kept together and the others are let go; a vertex becomes as many vertices as there
 * are fans of triangles around it. Where two pairs still share both ends, one of them gets a vertex in the middle of the
 * edge. Triangles that lie on each other face to face go. No point of the surface moves. O(triangles).
 */
import type { Surface } from '../surface.ts';
import { forEachEdge } from './topology.ts';

/** Triangle sides by their edge: the sides of one edge lie next to each other. */
interface Sides {
  /** side i runs from corner i of the triangle list to the next corner of the same triangle */
  readonly order: Uint32Array;
  /** first side of each edge in `order`; one entry more than edges */
  readonly starts: number[];
}

const nextCorner = (i: number) => (i % 3 === 2 ? i - 2 : i + 1);

/**
 * A surface of the same shape in which no edge has more than two triangles and the triangles around each vertex form one
 * fan. A closed, consistently turned surface stays closed.
 *
 * @param surface - any triangle list
 * @returns the same object when nothing was to be done
 */
export function makeManifold(surface: Surface): Surface {
  return takeApart(surface, new Uint8Array(surface.positions.length / 3).fill(1));
}

/**
 * Like {@link makeManifold}, but only where an edge has more than two triangles: vertices in which separate fans merely
 * touch are left alone. Costs one pass over the edges where there is nothing to do.
 *
 * @param surface - any triangle list
 * @returns the same object when nothing was to be done
 */
export function separateSharedEdges(surface: Surface): Surface {
  const near = new Uint8Array(surface.positions.length / 3);
  let found = false;
  forEachEdge(surface, (forward, backward, low, high) => {
    if (forward + backward <= 2) return;
    near[low] = near[high] = 1;
    found = true;
  });
  return found ? takeApart(surface, near) : surface;
}

function takeApart(surface: Surface, near: Uint8Array): Surface {
  const whole = dropPillows(surface, cornersNear(surface, near));
  const corners = cornersNear(whole, near);
  return splitSharedEdges(splitFans(whole, corners, near), corners);
}

/** Corners of all triangles that touch one of the chosen vertices. */
function cornersNear({ triangles }: Surface, near: Uint8Array): Uint32Array {
  const out: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    if (near[triangles[i]] || near[triangles[i + 1]] || near[triangles[i + 2]]) out.push(i, i + 1, i + 2);
  }
  return Uint32Array.from(out);
}

/** Without pairs of triangles that lie on each other face to face: they enclose nothing. */
function dropPillows(surface: Surface, corners: Uint32Array): Surface {
  const { triangles } = surface;
  const sides = sidesByEdge(surface, corners);
  const gone = new Set<number>();
  for (let e = 0; e + 1 < sides.starts.length; e++) {
    const group = sides.order.subarray(sides.starts[e], sides.starts[e + 1]);
    for (const p of group) {
      const t = Math.floor(p / 3);
      if (gone.has(t)) continue;
      const twin = group.find((q) => {
        const opposite = triangles[q] === triangles[nextCorner(p)] && triangles[nextCorner(q)] === triangles[p];
        const sameApex = triangles[nextCorner(nextCorner(q))] === triangles[nextCorner(nextCorner(p))];
        return opposite && sameApex && !gone.has(Math.floor(q / 3));
      });
      if (twin !== undefined) gone.add(t).add(Math.floor(twin / 3));
    }
  }
  if (gone.size === 0) return surface;
  return { positions: surface.positions, triangles: triangles.filter((_, i) => !gone.has(Math.floor(i / 3))) };
}

function splitFans(surface: Surface, corners: Uint32Array, near: Uint8Array): Surface {
  const { triangles } = surface;
  const parent = new Uint32Array(triangles.length);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const root = (i: number) => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  };
  const join = (a: number, b: number) => {
    const [p, q] = [root(a), root(b)];
    if (p < q) parent[q] = p;
    else parent[p] = q;
  };
  const sides = sidesByEdge(surface, corners);
  for (let e = 0; e + 1 < sides.starts.length; e++) {
    for (const [p, q] of groupSides(surface, sides.order.subarray(sides.starts[e], sides.starts[e + 1]))) {
      if (q === undefined) continue;
      const same = triangles[p] === triangles[q];
      join(p, same ? q : nextCorner(q));
      join(nextCorner(p), same ? nextCorner(q) : q);
    }
  }
  return splitCorners(surface, corners, near, root);
}

function sidesByEdge({ positions, triangles }: Surface, corners: Uint32Array): Sides {
  const n = positions.length / 3;
  const low = (i: number) => Math.min(triangles[i], triangles[nextCorner(i)]);
  const high = (i: number) => Math.max(triangles[i], triangles[nextCorner(i)]);
  const first = new Uint32Array(n + 1);
  for (const i of corners) first[low(i) + 1]++;
  for (let v = 0; v < n; v++) first[v + 1] += first[v];
  const place = first.slice();
  const order = new Uint32Array(corners.length);
  for (const i of corners) order[place[low(i)]++] = i;
  const starts: number[] = [];
  for (let v = 0; v < n; v++) {
    if (first[v] === first[v + 1]) continue;
    const bucket = order.subarray(first[v], first[v + 1]).sort((p, q) => high(p) - high(q) || p - q);
    for (let i = 0; i < bucket.length; i++) {
      if (i === 0 || high(bucket[i]) !== high(bucket[i - 1])) starts.push(first[v] + i);
    }
  }
  starts.push(order.length);
  return { order, starts };
}

/** Sides of one edge in groups that stay together: pairs, and single sides that find no partner. */
function groupSides(surface: Surface, sides: Uint32Array): (readonly number[])[] {
  if (sides.length <= 2) return [Array.from(sides)];
  const around = sortAround(surface, sides);
  const groups: (readonly number[])[] = [];
  // a backward side opens a piece of inside, the next free forward side closes it, like brackets on a ring
  const open: number[] = [];
  const closed = new Set<number>();
  for (let k = 0; k < 2 * around.length; k++) {
    const { side, forward } = around[k % around.length];
    if (closed.has(side)) continue;
    if (!forward) {
      if (k < around.length) open.push(side);
      continue;
    }
    const partner = open.pop();
    if (partner === undefined) continue;
    groups.push([partner, side]);
    closed.add(partner).add(side);
  }
  for (const { side } of around) if (!closed.has(side)) groups.push([side]);
  return groups;
}

/** Sides of an edge in the order of their triangles around it, counter-clockwise seen against the edge's direction. */
function sortAround({ positions: p, triangles }: Surface, sides: Uint32Array): { side: number; forward: boolean }[] {
  const low = Math.min(triangles[sides[0]], triangles[nextCorner(sides[0])]);
  const high = Math.max(triangles[sides[0]], triangles[nextCorner(sides[0])]);
  const at = (v: number) => [p[3 * v], p[3 * v + 1], p[3 * v + 2]];
  const minus = (a: number[], b: number[]) => a.map((x, d) => x - b[d]);
  const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cross = (a: number[], b: number[]) => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const axis = minus(at(high), at(low));
  const length = Math.sqrt(dot(axis, axis)) || 1;
  const u = axis.map((x) => x / length);
  const apex = (side: number) => minus(at(triangles[nextCorner(nextCorner(side))]), at(low));
  const first = apex(sides[0]);
  const x = minus(
    first,
    u.map((c) => c * dot(first, u)),
  );
  const y = cross(u, x);
  return Array.from(sides, (side) => {
    const r = apex(side);
    return { side, forward: triangles[side] === low, angle: Math.atan2(dot(r, y), dot(r, x)) };
  }).sort((a, b) => a.angle - b.angle || a.side - b.side);
}

function splitCorners(
  surface: Surface,
  corners: Uint32Array,
  near: Uint8Array,
  root: (corner: number) => number,
): Surface {
  const { positions, triangles } = surface;
  const owner = new Int32Array(positions.length / 3).fill(-1);
  const number = new Map<number, number>();
  const extra: number[] = [];
  const out = triangles.slice();
  for (const i of corners) {
    const v = triangles[i];
    if (!near[v]) continue;
    const r = root(i);
    if (owner[v] < 0) owner[v] = r;
    if (owner[v] === r) continue;
    let w = number.get(r);
    if (w === undefined) {
      w = owner.length + extra.length;
      number.set(r, w);
      extra.push(v);
    }
    out[i] = w;
  }
  if (extra.length === 0) return surface;
  const grown = new Float32Array(positions.length + 3 * extra.length);
  grown.set(positions);
  extra.forEach((v, i) => {
    grown.set(positions.subarray(3 * v, 3 * v + 3), positions.length + 3 * i);
  });
  return { positions: grown, triangles: out };
}

/** Gives every group but the first on an edge that several still share its own vertex in the middle. */
function splitSharedEdges(surface: Surface, corners: Uint32Array): Surface {
  const sides = sidesByEdge(surface, corners);
  const middle = new Map<number, number>();
  const added: number[] = [];
  const { positions: p, triangles } = surface;
  for (let e = 0; e + 1 < sides.starts.length; e++) {
    if (sides.starts[e + 1] - sides.starts[e] <= 2) continue;
    const groups = groupSides(surface, sides.order.subarray(sides.starts[e], sides.starts[e + 1]));
    for (const group of groups.slice(1)) {
      const [a, b] = [triangles[group[0]], triangles[nextCorner(group[0])]];
      for (const side of group) middle.set(side, (p.length + added.length) / 3);
      for (let d = 0; d < 3; d++) added.push((p[3 * a + d] + p[3 * b + d]) / 2);
    }
  }
  if (added.length === 0) return surface;
  const out: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const ring: number[] = [];
    for (let k = 0; k < 3; k++) {
      ring.push(triangles[t + k]);
      const m = middle.get(t + k);
      if (m !== undefined) ring.push(m);
    }
    // fan from a corner whose own sides are whole where there is one, so that no triangle is flat
    const whole = [0, 1, 2].find((k) => !middle.has(t + k) && !middle.has(t + ((k + 2) % 3)));
    const start =
      ring.length === 3
        ? 0
        : ring.length === 4
          ? ring.indexOf(triangles[t + (whole ?? 0)])
          : ring.findIndex((v) => v * 3 >= p.length);
    for (let k = 1; k + 1 < ring.length; k++) {
      out.push(ring[start], ring[(start + k) % ring.length], ring[(start + k + 1) % ring.length]);
    }
  }
  return { positions: Float32Array.from([...p, ...added]), triangles: Uint32Array.from(out) };
}
