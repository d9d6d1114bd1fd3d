/**
 * 3D shape context: how the points around a place are spread over direction and log distance (Frome et al. 2004). O(n) a place.
 *
 * Cells are told in fixed axes (up, and what the caller turned forward), not in a local frame per point: bodies in one video share
 * their up, and a local frame flips between frames of a noisy cloud.
 */
import { expectArgument } from '../argument-error.ts';
import type { Vec3 } from '../linear/index.ts';

/** Layout of a shape context. */
export interface ShapeContextOptions {
  /** cells around the axis, from pole to pole, along log distance · default 12, 11, 15 */
  readonly bins?: readonly [azimuth: number, elevation: number, radius: number];
  /** points nearer than this fall into the innermost shell · unit of the points */
  readonly minRadius: number;
  /** points farther than this are left out · unit of the points */
  readonly maxRadius: number;
  /** axis of the poles · default [0, 0, 1] */
  readonly up?: Vec3;
  /** direction of azimuth 0, across `up` · default [1, 0, 0] */
  readonly forward?: Vec3;
}

/**
 * Share of the points in each cell around a place; cell `(a, e, r)` is number `a + A·(e + E·r)`.
 *
 * @param points - flat xyz · shape [3N]
 * @param centre - the place
 * @returns shares that sum to 1, all 0 where no point is in reach · shape [A·E·R]
 * @throws ArgumentError radii not in order
 * @see Frome et al. 2004
 */
export function shapeContext(points: ArrayLike<number>, centre: Vec3, options: ShapeContextOptions): Float32Array {
  const { bins = [12, 11, 15], minRadius, maxRadius, up = [0, 0, 1], forward = [1, 0, 0] } = options;
  expectArgument(minRadius > 0 && maxRadius > minRadius, 'maxRadius', maxRadius, 'a radius above minRadius above 0');
  const [na, ne, nr] = bins;
  const side: Vec3 = [
    up[1] * forward[2] - up[2] * forward[1],
    up[2] * forward[0] - up[0] * forward[2],
    up[0] * forward[1] - up[1] * forward[0],
  ];
  const out = new Float32Array(na * ne * nr);
  const perLog = nr / Math.log(maxRadius / minRadius);
  let total = 0;
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = points[i] - centre[0];
    const y = points[i + 1] - centre[1];
    const z = points[i + 2] - centre[2];
    const r = Math.sqrt(x * x + y * y + z * z);
    if (!(r > 1e-9 && r < maxRadius)) continue;
    const h = (x * up[0] + y * up[1] + z * up[2]) / r;
    const f = x * forward[0] + y * forward[1] + z * forward[2];
    const s = x * side[0] + y * side[1] + z * side[2];
    const shell = r <= minRadius ? 0 : Math.min(nr - 1, Math.floor(Math.log(r / minRadius) * perLog));
    const belt = Math.min(ne - 1, Math.floor((Math.acos(Math.min(1, Math.max(-1, h))) / Math.PI) * ne));
    const turn = Math.floor((Math.atan2(s, f) / (2 * Math.PI) + 0.5) * na) % na;
    out[turn + na * (belt + ne * shell)]++;
    total++;
  }
  if (total > 0) for (let i = 0; i < out.length; i++) out[i] /= total;
  return out;
}
