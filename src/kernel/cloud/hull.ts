/**
 * Volume of the convex hull of a few points, grown point by point (incremental hull). O(n²), meant for the joints of a skeleton.
 */

/**
 * Volume of the smallest convex body that holds all points; 0 when they lie in a plane or are fewer than four.
 *
 * Points that are not finite are left out.
 *
 * @param points - flat xyz · shape [3N]
 * @returns cubed unit of the points
 * @example convexHullVolume([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.1, 0.1, 0.1]) // 1 / 6
 */
export function convexHullVolume(points: ArrayLike<number>): number {
  const all: Point[] = [];
  for (let i = 0; i + 2 < points.length; i += 3) {
    const p: Point = [points[i], points[i + 1], points[i + 2]];
    if (Number.isFinite(p[0] + p[1] + p[2])) all.push(p);
  }
  const first = firstTetrahedron(all);
  if (!first) return 0;
  let faces: Face[] = first;
  const [a, b, c] = faces[0];
  const d = faces[1].find((p) => p !== a && p !== b && p !== c) as Point;
  const inside = [0, 1, 2].map((k) => (a[k] + b[k] + c[k] + d[k]) / 4) as Point;
  const size = Math.max(...all.map((p) => Math.hypot(p[0] - inside[0], p[1] - inside[1], p[2] - inside[2])));
  for (const p of all) {
    const seen = faces.filter((face) => volume6(face, p) < -1e-12 * size ** 3);
    if (seen.length === 0) continue;
    const edges = seen.flatMap(([x, y, z]): [Point, Point][] => [
      [x, y],
      [y, z],
      [z, x],
    ]);
    const rim = edges.filter(([from, to]) => !edges.some(([s, t]) => s === to && t === from));
    faces = [...faces.filter((face) => !seen.includes(face)), ...rim.map(([x, y]): Face => [x, y, p])];
  }
  return faces.reduce((sum, face) => sum + volume6(face, inside), 0) / 6;
}

type Point = [number, number, number];
type Face = [Point, Point, Point];

/** Six times the volume of a face and a point; positive when the point lies behind the face. */
function volume6([a, b, c]: Face, p: Point): number {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  return nx * (a[0] - p[0]) + ny * (a[1] - p[1]) + nz * (a[2] - p[2]);
}

function firstTetrahedron(all: readonly Point[]): Face[] | undefined {
  const [a] = all;
  if (!a) return undefined;
  const length = (p: Point) => Math.hypot(p[0] - a[0], p[1] - a[1], p[2] - a[2]);
  const b = farthest(all, length);
  const base = length(b);
  const area = (p: Point) => {
    const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const [vx, vy, vz] = [p[0] - a[0], p[1] - a[1], p[2] - a[2]];
    return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
  };
  const c = farthest(all, area);
  const d = farthest(all, (p) => Math.abs(volume6([a, b, c], p)));
  const six = volume6([a, b, c], d);
  if (!(base > 0) || !(Math.abs(six) > 1e-12 * base ** 3)) return undefined;
  const [x, y] = six > 0 ? [b, c] : [c, b];
  return [
    [a, x, y],
    [a, y, d],
    [y, x, d],
    [x, a, d],
  ];
}

function farthest(all: readonly Point[], measure: (p: Point) => number): Point {
  let best = all[0];
  for (const p of all) if (measure(p) > measure(best)) best = p;
  return best;
}
