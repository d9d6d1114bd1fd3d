/**
 * A walk along the skin in a plane: the way a tape measure lies. Triangles are crossed edge by edge from where the walk
 * starts, so only the skin under the tape is looked at. O(triangles) for the edges, once, then O(steps).
 */

import { cross3, dot3, lerp3, norm3, pointAt, scale3, sub3 } from '../../kernel/index.ts';
import type { Mesh, Vec3 } from '../../model/index.ts';

/** A surface that can be walked on. */
export interface Walkable {
  mesh: Mesh;
  /** triangles on either side of an edge, by the edge's key */
  byEdge: Map<number, [number, number]>;
}

/** Prepares a closed surface. */
export function walkable(mesh: Mesh): Walkable {
  const byEdge: Walkable['byEdge'] = new Map();
  const vertices = mesh.positions.length / 3;
  for (let triangle = 0; triangle < mesh.triangles.length / 3; triangle++) {
    for (let corner = 0; corner < 3; corner++) {
      const key = edgeKey(mesh, triangle, corner, vertices);
      const known = byEdge.get(key);
      if (known) known[1] = triangle;
      else byEdge.set(key, [triangle, -1]);
    }
  }
  return { mesh, byEdge };
}

function edgeKey({ triangles }: Mesh, triangle: number, corner: number, vertices: number): number {
  const a = triangles[3 * triangle + corner];
  const b = triangles[3 * triangle + ((corner + 1) % 3)];
  return Math.min(a, b) * vertices + Math.max(a, b);
}

/** Where a walk begins and which way it goes. */
export interface Walk {
  start: Vec3;
  /** triangle under `start` */
  triangle: number;
  /** unit normal of the plane that the walk keeps to */
  plane: Vec3;
  /** which of the two ways along the cut */
  towards: Vec3;
  lengthMm: number;
}

/**
 * Goes a way along the skin.
 * @returns where it ends, with the skin's outward normal there; undefined when the skin ends before
 */
export function walkAlong(skin: Walkable, walk: Walk): { point: Vec3; normal: Vec3 } | undefined {
  const { mesh, byEdge } = skin;
  const vertices = mesh.positions.length / 3;
  let { start: point, triangle } = walk;
  let left = walk.lengthMm;
  let entered = -1;
  for (let steps = 0; steps < 10_000; steps++) {
    const exits = crossings(mesh, triangle, walk);
    const choice = exits
      .filter(({ corner }) => edgeKey(mesh, triangle, corner, vertices) !== entered)
      .sort((a, b) => dot3(sub3(b.point, point), walk.towards) - dot3(sub3(a.point, point), walk.towards))[0];
    if (!choice) return undefined;
    const stride = norm3(sub3(choice.point, point));
    if (stride >= left) {
      return { point: lerp3(point, choice.point, left / stride), normal: normalOf(mesh, triangle) };
    }
    left -= stride;
    point = choice.point;
    entered = edgeKey(mesh, triangle, choice.corner, vertices);
    const [a, b] = byEdge.get(entered) ?? [-1, -1];
    triangle = a === triangle ? b : a;
    if (triangle < 0) return undefined;
  }
  return undefined;
}

/** Where a plane through the start cuts the edges of a triangle. */
function crossings(mesh: Mesh, triangle: number, { plane, start }: Walk): { corner: number; point: Vec3 }[] {
  const corners = [0, 1, 2].map((corner) => pointAt(mesh.positions, mesh.triangles[3 * triangle + corner]));
  // a corner that lies in the plane counts as above it: the walk never meets a corner twice
  const heights = corners.map((corner) => dot3(sub3(corner, start), plane) || 1e-12);
  const found: { corner: number; point: Vec3 }[] = [];
  for (let corner = 0; corner < 3; corner++) {
    const next = (corner + 1) % 3;
    if (heights[corner] > 0 === heights[next] > 0) continue;
    const share = heights[corner] / (heights[corner] - heights[next]);
    found.push({ corner, point: lerp3(corners[corner], corners[next], share) });
  }
  return found;
}

function normalOf(mesh: Mesh, triangle: number): Vec3 {
  const [a, b, c] = [0, 1, 2].map((corner) => pointAt(mesh.positions, mesh.triangles[3 * triangle + corner]));
  const normal = cross3(sub3(b, a), sub3(c, a));
  return scale3(normal, 1 / (norm3(normal) || 1));
}
