/**
 * Midlines of canal and body from their side walls: rays to the left and to the right meet the walls, and the mean of both is the
 * midline. Hundreds of rays, each good to half a voxel, place it to a few hundredths of a millimetre. O(rays × steps).
 *
 * Tried for the canal: centre of its shadow (0.17 mm off at 1 mm voxels, a degree of rotation at times). For the body: its centroid,
 * which a coronal wedge of 3° moves aside by 0.2 mm, and the rotation by 0.4°.
 */

import { MAD_TO_SD, median } from '../../../kernel/index.ts';
import type { Canal } from './canal.ts';
import type { Crop } from './crop.ts';
import { type LocalFrame, toLocal } from './local-frame.ts';
import { localSampler } from './split.ts';

/** A midline in a frame. */
export interface Midline {
  /** mm to the left of the frame's origin */
  u: number;
  /** mean v of the rays · mm */
  v: number;
  /** spread of single rays · mm */
  spreadMm: number;
  rays: number;
}

/**
 * Finds the midline.
 * @param frame - z along the vertebra's axis; origin in its body
 * @returns undefined where fewer than 12 rays meet bone on both sides
 */
export function canalMidline(crop: Crop, frame: LocalFrame, canal: Canal): Midline | undefined {
  const inside = localSampler(crop, frame);
  const [cu, cv] = toLocal(frame, canal.centre);
  const step = 0.25 * Math.min(...crop.grid.spacing);
  const reach = 1.7 * canal.halfWidth;
  const middles: number[] = [];
  const places: number[] = [];
  const rise = Math.max(0.5, 0.7 * Math.min(...crop.grid.spacing));
  for (let w = -8; w <= 16; w += rise) {
    for (let share = -0.55; share <= 0.65; share += 0.1) {
      const v = cv + share * canal.halfDepth;
      if (inside(cu, v, w)) continue;
      const wall = (sign: number) => {
        for (let d = 0; d < reach; d += step) if (inside(cu + sign * d, v, w)) return cu + sign * (d - step / 2);
        return Number.NaN;
      };
      const [left, right] = [wall(1), wall(-1)];
      if (Number.isNaN(left) || Number.isNaN(right) || left - right < 0.7 * canal.halfWidth) continue;
      middles.push((left + right) / 2);
      places.push(v);
    }
  }
  return midlineOf(middles, places);
}

/**
 * Finds the midline of the body at half height, over the middle half of its depth.
 * @param depth - half the depth of the body · mm
 * @param height - half its height · mm
 */
export function bodyMidline(body: Crop, frame: LocalFrame, depth: number, height: number): Midline | undefined {
  const inside = localSampler(body, frame);
  const step = 0.25 * Math.min(...body.grid.spacing);
  const middles: number[] = [];
  const places: number[] = [];
  const rise = Math.max(0.5, 0.7 * Math.min(...body.grid.spacing));
  for (let w = -0.45 * height; w <= 0.45 * height; w += rise) {
    for (let v = -0.5 * depth; v <= 0.5 * depth; v += rise) {
      if (!inside(0, v, w)) continue;
      const wall = (sign: number) => {
        let d = 0;
        while (d < 45 && inside(sign * d, v, w)) d += step;
        return sign * (d - step / 2);
      };
      middles.push((wall(1) + wall(-1)) / 2);
      places.push(v);
    }
  }
  return midlineOf(middles, places);
}

function midlineOf(middles: number[], places: number[]): Midline | undefined {
  if (middles.length < 12) return undefined;
  const centre = median(middles);
  const sd = Math.max(0.3, MAD_TO_SD * median(middles.map((m) => Math.abs(m - centre))));
  const kept = middles.map((m, i) => [m, places[i]]).filter(([m]) => Math.abs(m - centre) < 2.5 * sd);
  const mean = (k: number) => kept.reduce((sum, pair) => sum + pair[k], 0) / kept.length;
  return { u: mean(0), v: mean(1), spreadMm: sd, rays: kept.length };
}
