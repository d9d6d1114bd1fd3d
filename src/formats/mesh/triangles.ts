/**
 * Triangles out of what files hold: polygons, strips, and soups whose equal corners are welded.
 *
 * A quad is cut along its shorter diagonal, a larger polygon becomes a fan; one that is not convex is cut by ears (Meisters
 * 1975), as real bone surfaces need it.
 */

/** Most corners of a polygon that is cut by ears; the search is quadratic. */
const MOST_EAR_CORNERS = 2000;

/** Triangle indices that grow as polygons come. */
export class TriangleList {
  private data = new Uint32Array(3072);
  private length = 0;

  /** Adds one triangle. */
  add(a: number, b: number, c: number): void {
    if (this.length + 3 > this.data.length) {
      const larger = new Uint32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = a;
    this.data[this.length++] = b;
    this.data[this.length++] = c;
  }

  /**
   * Adds a polygon.
   * @param corners - vertex indices, of which `start` to before `end` are used
   * @param positions - xyz of the vertices so far · shape [3N]; without them the polygon is taken as convex
   */
  addPolygon(corners: ArrayLike<number>, start: number, end: number, positions?: ArrayLike<number>): void {
    if (end - start > 3 && positions && end - start <= MOST_EAR_CORNERS) {
      const flat = flattened(corners, start, end, positions);
      if (end - start === 4 && flat && isFan(flat, 1) && shorterAcross(corners, start, positions)) {
        this.add(corners[start + 1], corners[start + 2], corners[start + 3]);
        this.add(corners[start + 1], corners[start + 3], corners[start]);
        return;
      }
      if (flat && !isFan(flat, 0)) {
        for (const corner of cutEars(flat)) this.addCorner(corners[start + corner]);
        return;
      }
    }
    for (let at = start + 2; at < end; at++) this.add(corners[start], corners[at - 1], corners[at]);
  }

  private pending: number[] = [];

  private addCorner(vertex: number): void {
    this.pending.push(vertex);
    if (this.pending.length < 3) return;
    this.add(this.pending[0], this.pending[1], this.pending[2]);
    this.pending = [];
  }

  /** Adds a strip: every corner after the second makes a triangle, turned around every other time. */
  addStrip(corners: ArrayLike<number>, start = 0, end = corners.length): void {
    for (let at = start + 2; at < end; at++) {
      const odd = (at - start) % 2;
      this.add(corners[at - 2 + odd], corners[at - 1 - odd], corners[at]);
    }
  }

  /** The indices so far, in an array of their own. */
  toArray(): Uint32Array {
    return this.data.slice(0, this.length);
  }
}

/** A polygon in its plane, counter-clockwise: u, v of each corner, one after the other. Undefined when it has no area. */
function flattened(
  corners: ArrayLike<number>,
  start: number,
  end: number,
  positions: ArrayLike<number>,
): Float64Array | undefined {
  // Newell's normal
  const normal = [0, 0, 0];
  for (let at = start; at < end; at++) {
    const a = corners[at] * 3;
    const b = corners[at + 1 < end ? at + 1 : start] * 3;
    for (let axis = 0; axis < 3; axis++) {
      const u = (axis + 1) % 3;
      const v = (axis + 2) % 3;
      normal[axis] += (positions[a + u] - positions[b + u]) * (positions[a + v] + positions[b + v]);
    }
  }
  const sizes = normal.map(Math.abs);
  const largest = sizes.indexOf(Math.max(...sizes));
  if (!(sizes[largest] > 0)) return undefined;
  const [u, v] = normal[largest] > 0 ? [(largest + 1) % 3, (largest + 2) % 3] : [(largest + 2) % 3, (largest + 1) % 3];
  const flat = new Float64Array((end - start) * 2);
  for (let at = start; at < end; at++) {
    flat[2 * (at - start)] = positions[corners[at] * 3 + u];
    flat[2 * (at - start) + 1] = positions[corners[at] * 3 + v];
  }
  return flat;
}

/** Twice the signed area of the triangle of three corners. */
function turn(flat: Float64Array, a: number, b: number, c: number): number {
  const [ax, ay] = [flat[2 * a], flat[2 * a + 1]];
  return (flat[2 * b] - ax) * (flat[2 * c + 1] - ay) - (flat[2 * b + 1] - ay) * (flat[2 * c] - ax);
}

/** True when no triangle of the fan from a corner is turned over. */
function isFan(flat: Float64Array, first: number): boolean {
  const count = flat.length / 2;
  for (let step = 2; step < count; step++)
    if (turn(flat, first, (first + step - 1) % count, (first + step) % count) < 0) return false;
  return true;
}

/** True when the second and fourth corner of a quad are nearer to each other than the first and third. */
function shorterAcross(corners: ArrayLike<number>, start: number, positions: ArrayLike<number>): boolean {
  const square = (a: number, b: number): number => {
    const [p, q] = [corners[start + a] * 3, corners[start + b] * 3];
    return [0, 1, 2].reduce((sum, axis) => sum + (positions[p + axis] - positions[q + axis]) ** 2, 0);
  };
  return square(1, 3) < square(0, 2);
}

/** Corners of the triangles, three by three. A corner is an ear when it turns left and holds no other corner. */
function cutEars(flat: Float64Array): number[] {
  const left = Array.from({ length: flat.length / 2 }, (_, index) => index);
  const out: number[] = [];
  while (left.length > 3) {
    const count = left.length;
    let ear = left.findIndex((corner, at) => {
      const before = left[(at + count - 1) % count];
      const after = left[(at + 1) % count];
      if (turn(flat, before, corner, after) <= 0) return false;
      return left.every(
        (other) =>
          other === before ||
          other === corner ||
          other === after ||
          turn(flat, before, corner, other) < 0 ||
          turn(flat, corner, after, other) < 0 ||
          turn(flat, after, before, other) < 0,
      );
    });
    // a polygon that crosses itself has no right answer; any cut keeps the loop going
    if (ear < 0) ear = 1;
    out.push(left[(ear + count - 1) % count], left[ear], left[(ear + 1) % count]);
    left.splice(ear, 1);
  }
  return [...out, ...left];
}
