/**
 * Femoral heads as spheres: the femur's boundary near its hip bone (else its inner upper end) is fitted by an algebraic sphere and
 * refined on the points that lie on it. O(boundary voxels).
 */

import { add3, distance3, median, scale3, sub3 } from '../../../kernel/index.ts';
import { ijkToXyz, type LabelEntry, type Labelmap, type Vec3 } from '../../../model/index.ts';
import { cholesky, solveFactored } from '../endplate/solve.ts';
import { type Crop, cropLabel, touchesVolumeFace } from '../label/crop.ts';
import { type LabelRegion, scanLabels } from '../label/regions.ts';

/** A head. */
export interface FemoralHead {
  side: 'left' | 'right';
  /** patient frame · mm */
  centre: Vec3;
  radiusMm: number;
  /** root mean square distance of the used boundary from the sphere · mm */
  rmsMm: number;
  sdMm: number;
  label: number;
}

const RADIUS_MM = [16, 33] as const;
const HEAD_REACH_MM = 62;
/** Boundary points asked whether the hip lies near. */
const HIP_PROBES = 3000;

/** Finds both heads; sides that cannot be fitted are left out. */
export function findFemoralHeads(anatomy: Labelmap | undefined): FemoralHead[] {
  if (!anatomy) return [];
  const femurs = anatomy.labels.filter((entry) => entry.structure === 'femur');
  const hips = anatomy.labels.filter((entry) => entry.structure === 'hip').map((entry) => entry.value);
  if (femurs.length === 0) return [];
  const regions = scanLabels(
    anatomy,
    femurs.map((femur) => femur.value),
  );
  return femurs
    .map((femur) => fitHead(anatomy, femur, regions.get(femur.value), hips))
    .filter((head) => head !== undefined);
}

function fitHead(
  map: Labelmap,
  femur: LabelEntry,
  region: LabelRegion | undefined,
  hips: readonly number[],
): FemoralHead | undefined {
  if (!region || region.voxels < 30) return undefined;
  const crop = cropLabel(map, region);
  const side = femur.side ?? (region.centroid[0] > 0 ? 'left' : 'right');
  const boundary = boundaryPoints(crop);
  const top = upperEnd(boundary);
  const near = boundary.filter((p) => top - p[2] < HEAD_REACH_MM);
  const stride = Math.max(1, Math.floor(near.length / HIP_PROBES));
  const facing = hips.length ? near.filter((p, n) => n % stride === 0 && nearHip(map, hips, p)) : [];
  const start = facing.length >= 40 ? fitSphere(facing) : undefined;
  const fit = refine(near, start ?? innerUpperStart(near, side));
  if (!fit || fit.radiusMm < RADIUS_MM[0] || fit.radiusMm > RADIUS_MM[1]) return undefined;
  // a head cut by the edge of the volume still has its sphere when enough of it is seen
  if (touchesVolumeFace(crop) && fit.points < 60) return undefined;
  const voxel = Math.max(...map.spacing);
  return {
    side,
    centre: fit.centre,
    radiusMm: fit.radiusMm,
    rmsMm: fit.rmsMm,
    sdMm: Math.hypot(0.12 * voxel, (2 * fit.rmsMm) / Math.sqrt(fit.points / 8)),
    label: femur.value,
  };
}

/** Mid-points of voxel faces between label and background · patient frame · mm. */
function boundaryPoints(crop: Crop): Vec3[] {
  const { size, mask, grid, start } = crop;
  const strides = [1, size[0], size[0] * size[1]];
  const points: Vec3[] = [];
  for (let k = 0; k < size[2] - 1; k++) {
    for (let j = 0; j < size[1] - 1; j++) {
      for (let i = 0; i < size[0] - 1; i++) {
        const at = i + strides[1] * j + strides[2] * k;
        for (let a = 0; a < 3; a++) {
          if (mask[at] === mask[at + strides[a]]) continue;
          const p: [number, number, number] = [i + start[0], j + start[1], k + start[2]];
          p[a] += 0.5;
          if (p[a] < 0.4 || p[a] > grid.size[a] - 1.4) continue;
          points.push(ijkToXyz(grid, p));
        }
      }
    }
  }
  return points;
}

function upperEnd(points: readonly Vec3[]): number {
  let top = -Infinity;
  for (const p of points) if (p[2] > top) top = p[2];
  return top;
}

const HIP_REACH_MM = 7;

/** True when a hip voxel lies within reach, looked for along the grid's axes and diagonals. */
function nearHip(map: Labelmap, hips: readonly number[], p: Vec3): boolean {
  const d = map.direction;
  const q = sub3(p, map.origin);
  const index = [0, 1, 2].map((a) => (d[a] * q[0] + d[3 + a] * q[1] + d[6 + a] * q[2]) / map.spacing[a]);
  for (let dz = -1; dz <= 1; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const length = Math.hypot(dx, dy, dz);
        if (length === 0) continue;
        for (let r = 1; r <= HIP_REACH_MM; r += 1.5) {
          const at = [dx, dy, dz].map((step, a) => Math.round(index[a] + (step * r) / length / map.spacing[a]));
          if (at.some((v, a) => v < 0 || v >= map.size[a])) continue;
          if (hips.includes(map.data[at[0] + map.size[0] * (at[1] + map.size[1] * at[2])])) return true;
        }
      }
    }
  }
  return false;
}

interface Sphere {
  centre: Vec3;
  radiusMm: number;
}

/** Algebraic least squares: |p|² = 2c·p + (r² - |c|²). */
function fitSphere(points: readonly Vec3[]): Sphere | undefined {
  if (points.length < 10) return undefined;
  const origin = scale3(
    points.reduce<Vec3>((sum, p) => add3(sum, p), [0, 0, 0]),
    1 / points.length,
  );
  const normal = new Float64Array(16);
  const right = new Float64Array(4);
  for (const point of points) {
    const p = sub3(point, origin);
    const row = [p[0], p[1], p[2], 1];
    const square = p[0] ** 2 + p[1] ** 2 + p[2] ** 2;
    for (let a = 0; a < 4; a++) {
      right[a] += row[a] * square;
      for (let b = 0; b < 4; b++) normal[4 * a + b] += row[a] * row[b];
    }
  }
  const factor = cholesky(normal, 4);
  if (!factor) return undefined;
  const x = solveFactored(factor, right, 4);
  const c: Vec3 = [x[0] / 2, x[1] / 2, x[2] / 2];
  const square = x[3] + c[0] ** 2 + c[1] ** 2 + c[2] ** 2;
  return square > 0 ? { centre: add3(origin, c), radiusMm: Math.sqrt(square) } : undefined;
}

/** Without a hip bone: the head is the inner, upper end of the femur. */
function innerUpperStart(points: readonly Vec3[], side: 'left' | 'right'): Sphere | undefined {
  if (points.length < 40) return undefined;
  const inward = side === 'left' ? -1 : 1;
  const score = points.map((p) => 0.7 * inward * p[0] + p[2]);
  const best = Math.max(...score.slice(0, 20000));
  const cap = points.filter((_, i) => score[i] > best - 14);
  return fitSphere(cap);
}

/** Repeats the fit on the boundary that lies on the sphere, on the side away from the neck. */
function refine(points: readonly Vec3[], start: Sphere | undefined) {
  let sphere = start;
  let used: Vec3[] = [];
  for (let round = 0; round < 12 && sphere; round++) {
    const { centre, radiusMm } = sphere;
    const radius = Math.min(RADIUS_MM[1], Math.max(RADIUS_MM[0], radiusMm));
    const tolerance = round < 4 ? 3 : 2;
    used = points.filter((p) => Math.abs(distance3(p, centre) - radius) < tolerance);
    const next = fitSphere(used);
    if (!next) break;
    const moved = distance3(next.centre, centre);
    sphere = next;
    if (moved < 0.01 && round > 4) break;
  }
  if (!sphere || used.length < 40) return undefined;
  const { centre } = sphere;
  const radii = used.map((p) => distance3(p, centre));
  const radiusMm = median(radii);
  const rmsMm = Math.sqrt(radii.reduce((sum, r) => sum + (r - sphere.radiusMm) ** 2, 0) / radii.length);
  return { centre, radiusMm, rmsMm, points: used.length };
}
