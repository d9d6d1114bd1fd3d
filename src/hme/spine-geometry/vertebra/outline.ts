/**
 * Rim of an endplate: where rays from its centre, just inside the bone, leave the body; sampled at several depths and carried on to
 * the surface. O(directions × depths × steps).
 */

import type { Endplate } from '../endplate/endplate.ts';
import { planeHeight } from '../endplate/evaluate.ts';
import type { Crop } from '../label/crop.ts';
import { localSampler } from '../label/split.ts';

/** Rim of an endplate in the vertebra's frame. */
export interface Rim {
  /** where the rays start · u, v · mm */
  centre: readonly [number, number];
  /** distance of the rim towards direction n·360/count degrees, counted from left to anterior · mm */
  radii: Float64Array;
  areaMm2: number;
  /** centre of area · u, v · mm */
  middle: readonly [number, number];
}

const DIRECTIONS = 72;
const DEPTHS = [0.8, 1.6, 2.6, 3.8] as const;
/** Rays are averaged with neighbours on each side: ±5°. */
const SMOOTH = 1;

/**
 * Finds the rim of an endplate on its body.
 * @param voxelMm - voxel edge along the body's axis
 * @param roughMm - standard deviation of the label's boundary
 */
export function findRim(body: Crop, plate: Endplate, voxelMm: number, roughMm: number): Rim {
  const inside = localSampler(body, plate.frame);
  const sign = plate.side === 'superior' ? -1 : 1;
  const centre = [plate.plane.centreU, plate.plane.centreV] as const;
  const step = 0.25 * Math.min(...body.grid.spacing, 1.2);
  const raw = new Float64Array(DIRECTIONS);
  const depths = DEPTHS.map((depth) => depth * Math.max(0.7, voxelMm) + roughMm);
  for (let n = 0; n < DIRECTIONS; n++) {
    const angle = (2 * Math.PI * n) / DIRECTIONS;
    const [cu, cv] = [Math.cos(angle), Math.sin(angle)];
    const exits = depths.map((depth) => {
      // by the plane, since the polynomial runs wild beyond its footprint, and from outside in, so that a dent of a rough endplate is not taken for the rim
      let r = 45;
      for (; r > 4; r -= step) {
        const [u, v] = [centre[0] + r * cu, centre[1] + r * cv];
        if (inside(u, v, planeHeight(plate, u, v) + sign * depth)) break;
      }
      return r + step / 2;
    });
    raw[n] = carryToSurface(depths, exits);
  }
  const radii = raw.map((_, n) => {
    let [sum, weight] = [0, 0];
    for (let k = -SMOOTH; k <= SMOOTH; k++) {
      sum += raw[(n + k + DIRECTIONS) % DIRECTIONS];
      weight++;
    }
    return sum / weight;
  });
  return { centre, radii, ...areaOf(centre, radii) };
}

/** Radius at the surface: a straight line through the radii at depth, never beyond the widest by more than a millimetre. */
function carryToSurface(depths: readonly number[], exits: readonly number[]): number {
  const widest = Math.max(...exits);
  const kept = exits.map((r, i) => [depths[i], r]).filter(([, r]) => r > widest - 6);
  const md = kept.reduce((sum, [d]) => sum + d, 0) / kept.length;
  const mr = kept.reduce((sum, [, r]) => sum + r, 0) / kept.length;
  let [sxy, sxx] = [0, 0];
  for (const [d, r] of kept) {
    sxy += (d - md) * (r - mr);
    sxx += (d - md) ** 2;
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return Math.min(mr - slope * md, widest + 1);
}

function areaOf(centre: readonly [number, number], radii: Float64Array) {
  const step = (2 * Math.PI) / radii.length;
  let [area, mu, mv] = [0, 0, 0];
  radii.forEach((r, n) => {
    const next = radii[(n + 1) % radii.length];
    const [a, b] = [n * step, (n + 1) * step];
    const [x0, y0, x1, y1] = [r * Math.cos(a), r * Math.sin(a), next * Math.cos(b), next * Math.sin(b)];
    const cross = (x0 * y1 - x1 * y0) / 2;
    area += cross;
    mu += (cross * (x0 + x1)) / 3;
    mv += (cross * (y0 + y1)) / 3;
  });
  return { areaMm2: area, middle: [centre[0] + mu / area, centre[1] + mv / area] as const };
}

/** Distance of the rim from its centre towards an angle counted from left to anterior · rad → mm. */
function rimTowards(rim: Rim, angle: number): number {
  const t = (((angle / (2 * Math.PI)) % 1) + 1) % 1;
  const at = t * rim.radii.length;
  const a = Math.floor(at) % rim.radii.length;
  const b = (a + 1) % rim.radii.length;
  return rim.radii[a] + (rim.radii[b] - rim.radii[a]) * (at - Math.floor(at));
}

/** True when a place lies inside the rim. */
export function insideRim(rim: Rim, u: number, v: number): boolean {
  const [du, dv] = [u - rim.centre[0], v - rim.centre[1]];
  return Math.hypot(du, dv) <= rimTowards(rim, Math.atan2(dv, du));
}

/** Rim points in front, behind, left and right of the line through the frame's origin · u, v · mm. */
export function rimCorners(rim: Rim): Record<'anterior' | 'posterior' | 'left' | 'right', readonly [number, number]> {
  const along = (du: number, dv: number): readonly [number, number] => {
    // the ray of the mid-sagittal plane starts at u = 0, not at the rim's centre
    let [low, high] = [0, 60];
    const [su, sv] = du !== 0 ? [rim.centre[0], rim.middle[1]] : [0, rim.centre[1]];
    for (let k = 0; k < 40; k++) {
      const t = (low + high) / 2;
      if (insideRim(rim, su + t * du, sv + t * dv)) low = t;
      else high = t;
    }
    return [su + low * du, sv + low * dv];
  };
  return { anterior: along(0, 1), posterior: along(0, -1), left: along(1, 0), right: along(-1, 0) };
}
