/**
 * Body and arch parted where the label holds the whole vertebra.
 *
 * Rays run backward from inside the body; where they leave it into the canal or a foramen, they see the posterior wall. Below the
 * pedicles every ray leaves, so the wall is known there over the whole width, as a contour over u that leans with w:
 * wall(u, w) = contour(u) + lean·w. What lies in front of it is body. O(rays × steps).
 *
 * Tried: one plane through the middle of the wall (methods of the field): cuts off the posterolateral lobes of a kidney-shaped
 * body, 1.5 % of its volume; the contour keeps them.
 */

import { median, quantile } from '../../../kernel/index.ts';
import type { Canal } from './canal.ts';
import { type Crop, withMask } from './crop.ts';
import { ijkToLocal, type LocalFrame } from './local-frame.ts';

/** The posterior wall in the frame it was sought in: v = contour(u) + lean·w · mm. */
export interface PosteriorWall {
  /** v at u = first + n·step, w = 0 */
  contour: Float64Array;
  first: number;
  step: number;
  lean: number;
  /** v at the canal's middle · mm */
  middle: number;
  /** rays that found the wall, as a share of those sent */
  found: number;
}

/** Sampler of a crop in a local frame: 1 inside, nearest voxel. */
export function localSampler(crop: Crop, frame: LocalFrame): (u: number, v: number, w: number) => number {
  const { start, size, mask, grid } = crop;
  const d = grid.direction;
  const rows = [0, 1, 2].map((a) => {
    const axis = [d[a], d[3 + a], d[6 + a]];
    const along = (p: readonly number[]) => (axis[0] * p[0] + axis[1] * p[1] + axis[2] * p[2]) / grid.spacing[a];
    return [along(frame.x), along(frame.y), along(frame.z), along(frame.origin) - along(grid.origin) - start[a] + 0.5];
  });
  const [r0, r1, r2] = rows;
  const [nx, ny, nz] = size;
  return (u, v, w) => {
    const i = Math.floor(r0[0] * u + r0[1] * v + r0[2] * w + r0[3]);
    const j = Math.floor(r1[0] * u + r1[1] * v + r1[2] * w + r1[3]);
    const k = Math.floor(r2[0] * u + r2[1] * v + r2[2] * w + r2[3]);
    return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? 0 : mask[i + nx * (j + ny * k)];
  };
}

interface Rays {
  us: number[];
  ws: number[];
  /** exit v by u and w; NaN where the ray stays in bone */
  exit: Float64Array;
}

/** Body extent in front of the canal: depth along v at the canal's u, and heights there. */
function bodyExtent(inside: ReturnType<typeof localSampler>, canal: Canal, step: number) {
  let front = canal.v;
  for (let v = canal.v; v < canal.v + 70; v += step) {
    let any = 0;
    for (let w = -6; w <= 6; w += 2) any += inside(canal.u, v, w);
    if (any > 0) front = v;
  }
  const middle = canal.v + canal.halfDepth + 0.5 * (front - canal.v - canal.halfDepth);
  const reach = (sign: number) => {
    let last = 0;
    for (let w = 0; w < 40; w += step) if (inside(canal.u, middle, sign * w)) last = w;
    return sign * last;
  };
  return { middle, top: reach(1), bottom: reach(-1) };
}

function castRays(crop: Crop, frame: LocalFrame, canal: Canal, step: number): Rays & { middle: number } {
  const inside = localSampler(crop, frame);
  const { middle, top, bottom } = bodyExtent(inside, canal, step);
  const us: number[] = [];
  const ws: number[] = [];
  for (let u = -30; u <= 30; u += 1) us.push(canal.u + u);
  for (let share = 0.12; share <= 0.88; share += 0.04) ws.push(bottom + share * (top - bottom));
  const exit = new Float64Array(us.length * ws.length).fill(Number.NaN);
  // farther back than the canal's middle nothing is body any more
  const limit = canal.v;
  ws.forEach((w, r) => {
    us.forEach((u, c) => {
      if (!inside(u, middle, w)) return;
      for (let v = middle; v > limit; v -= step) {
        if (inside(u, v, w)) continue;
        // a gap worth the name: canal or foramen, not a single missing voxel
        if (!inside(u, v - 1.5, w) && !inside(u, v - 3, w)) exit[c + us.length * r] = v + step / 2;
        break;
      }
    });
  });
  return { us, ws, exit, middle };
}

/**
 * Finds the posterior wall of the body.
 * @param frame - z along the vertebra's axis, origin at mid height of the body
 * @returns undefined where too few rays leave the body
 */
export function findPosteriorWall(crop: Crop, frame: LocalFrame, canal: Canal): PosteriorWall | undefined {
  const step = 0.5 * Math.min(...crop.grid.spacing);
  const { us, ws, exit } = castRays(crop, frame, canal, step);
  const lean = leanOf(us, ws, exit, canal);
  const contour = new Float64Array(us.length).fill(Number.NaN);
  let [sent, found] = [0, 0];
  us.forEach((_, c) => {
    const levelled: number[] = [];
    ws.forEach((w, r) => {
      const v = exit[c + us.length * r];
      sent++;
      if (Number.isNaN(v)) return;
      found++;
      levelled.push(v - lean * w);
    });
    // at pedicles only the lower rays leave at the wall; what leaves farther back has run through a pedicle
    if (levelled.length < ws.length / 5) return;
    const front = quantile(levelled, 0.9);
    contour[c] = median(levelled.filter((v) => v > front - 2.5));
  });
  if (!fillGaps(contour)) return undefined;
  const middle = contour[Math.round(canal.u - us[0])];
  return { contour, first: us[0], step: 1, lean, middle, found: found / sent };
}

/** Lean of the wall with height: least squares over the canal's width, each u about its own mean. */
function leanOf(us: number[], ws: number[], exit: Float64Array, canal: Canal): number {
  let [sxy, sxx] = [0, 0];
  us.forEach((u, c) => {
    if (Math.abs(u - canal.u) > 0.6 * canal.halfWidth) return;
    const seen = ws.map((w, r) => [w, exit[c + us.length * r]]).filter(([, v]) => !Number.isNaN(v));
    if (seen.length < 5) return;
    const mw = seen.reduce((s, [w]) => s + w, 0) / seen.length;
    const mv = median(seen.map(([, v]) => v));
    for (const [w, v] of seen) {
      if (Math.abs(v - mv) > 4) continue;
      sxy += (w - mw) * (v - mv);
      sxx += (w - mw) ** 2;
    }
  });
  return sxx > 0 ? Math.max(-0.5, Math.min(0.5, sxy / sxx)) : 0;
}

/** Straight lines across unseen stretches, level beyond the ends. False when nothing was seen. */
function fillGaps(contour: Float64Array): boolean {
  const seen: number[] = [];
  contour.forEach((v, i) => {
    if (!Number.isNaN(v)) seen.push(i);
  });
  if (seen.length < 5) return false;
  for (let i = 0; i < contour.length; i++) {
    if (!Number.isNaN(contour[i])) continue;
    const after = seen.find((s) => s > i);
    const before = seen.findLast((s) => s < i);
    if (before === undefined || after === undefined) contour[i] = contour[(before ?? after) as number];
    else contour[i] = contour[before] + ((contour[after] - contour[before]) * (i - before)) / (after - before);
  }
  return true;
}

/** v of the wall at a place. */
export function wallAt(wall: PosteriorWall, u: number, w: number): number {
  const t = Math.min(wall.contour.length - 1, Math.max(0, (u - wall.first) / wall.step));
  const a = Math.floor(t);
  const b = Math.min(wall.contour.length - 1, a + 1);
  return wall.contour[a] + (wall.contour[b] - wall.contour[a]) * (t - a) + wall.lean * w;
}

/** The body (in front of the wall) and the arch (behind it). */
export function splitAtWall(crop: Crop, frame: LocalFrame, wall: PosteriorWall): { body: Crop; arch: Crop } {
  const m = ijkToLocal(crop.grid, crop.start, frame);
  const body = new Uint8Array(crop.mask.length);
  const arch = new Uint8Array(crop.mask.length);
  const [nx, ny, nz] = crop.size;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (crop.mask[at] === 0) continue;
        const u = m[0] * i + m[1] * j + m[2] * k + m[3];
        const v = m[4] * i + m[5] * j + m[6] * k + m[7];
        const w = m[8] * i + m[9] * j + m[10] * k + m[11];
        if (v > wallAt(wall, u, w)) body[at] = 1;
        else arch[at] = 1;
      }
    }
  }
  return { body: withMask(crop, body), arch: withMask(crop, arch) };
}
