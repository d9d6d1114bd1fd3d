/** Where in the room the body moved, and which parts of it. O(points). */

import {
  compareVoxelSets,
  occupiedVoxels,
  type VoxelGrid,
  voxelCentre,
  voxelGridAround,
  voxelOfPoints,
} from '../../kernel/index.ts';
import { type Moving, REGIONS, regionsOf } from './moving.ts';
import type { PointSpeeds } from './speed.ts';

/** What moved where. */
export interface Activity {
  /** activated cubes over all that are occupied before or after, from each frame to the next, the last repeated · shape [F] · 0 to 1 */
  share: Float64Array;
  /** how often each cube was activated */
  counts: Map<number, number>;
  grid: VoxelGrid;
  /** activations by region */
  byRegion: Record<(typeof REGIONS)[number], number>;
}

/** Spacing of points along bones, so that a skeleton fills cubes · mm */
const BONE_STEP_MM = 10;

/** Points with speed and region; for skeletons points along the bones as well. */
interface Filled {
  points: Float32Array;
  speed: Float32Array;
  region: Uint8Array;
}

function alongBones(moving: Moving, { points, speed, region }: Filled): Filled {
  const { parents } = moving;
  if (!parents) return { points, speed, region };
  const [p, s, r]: number[][] = [[...points], [...speed], [...region]];
  parents.forEach((parent, joint) => {
    if (parent < 0) return;
    const [a, b] = [points.subarray(3 * parent, 3 * parent + 3), points.subarray(3 * joint, 3 * joint + 3)];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    const steps = Math.min(100, Math.floor(length / BONE_STEP_MM));
    for (let k = 1; k < steps; k++) {
      const u = k / steps;
      for (let d = 0; d < 3; d++) p.push(a[d] * (1 - u) + b[d] * u);
      s.push(speed[parent] * (1 - u) + speed[joint] * u);
      r.push(region[joint]);
    }
  });
  return { points: Float32Array.from(p), speed: Float32Array.from(s), region: Uint8Array.from(r) };
}

/** Fastest point of each cube: its speed and region. */
function fastest({ points, speed, region }: Filled, grid: VoxelGrid): Map<number, { speed: number; region: number }> {
  const keys = voxelOfPoints(points, grid);
  const out = new Map<number, { speed: number; region: number }>();
  for (let i = 0; i < keys.length; i++) {
    const known = out.get(keys[i]);
    if (keys[i] >= 0 && !(known && known.speed >= speed[i])) out.set(keys[i], { speed: speed[i], region: region[i] });
  }
  return out;
}

/**
 * Activated cubes: those that are occupied in one of two successive frames alone, and in which the points move faster than a limit.
 *
 * @param voxelMm - edge of a cube · mm
 * @param minSpeed - slower points do not activate: they flicker between cubes · mm/s
 * @param shift - moves the cubes' borders by this share of an edge
 * @param step - called after each frame; may throw to stop
 */
export function activityOf(
  moving: Moving,
  speeds: PointSpeeds,
  voxelMm: number,
  minSpeed: number,
  shift = 0,
  step: () => void = () => {},
): Activity {
  const regions = regionsOf(moving);
  const around = voxelGridAround(moving.frames, voxelMm);
  const grid: VoxelGrid = {
    ...around,
    origin: [0, 1, 2].map((d) => around.origin[d] - shift * voxelMm) as unknown as VoxelGrid['origin'],
    size: [around.size[0] + 1, around.size[1] + 1, around.size[2] + 1],
  };
  const counts = new Map<number, number>();
  const byRegion = { head: 0, trunk: 0, arms: 0, legs: 0 };
  const share = new Float64Array(moving.frames.length);
  const fill = (f: number) =>
    alongBones(moving, { points: moving.frames[f], speed: speeds.total[f], region: regions[f] });
  let now = fill(0);
  let [set, quick] = [occupiedVoxels(now.points, grid), fastest(now, grid)];
  for (let f = 0; f + 1 < moving.frames.length; f++) {
    now = fill(f + 1);
    const next = { set: occupiedVoxels(now.points, grid), quick: fastest(now, grid) };
    const { changed, union } = compareVoxelSets(set, next.set);
    let active = 0;
    for (const key of changed) {
      const point = quick.get(key) ?? next.quick.get(key);
      if (!point || !(point.speed > minSpeed)) continue;
      active++;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      byRegion[REGIONS[point.region]]++;
    }
    share[f] = union > 0 ? active / union : 0;
    [set, quick] = [next.set, next.quick];
    step();
  }
  share[share.length - 1] = share[share.length - 2];
  return { share, counts, grid, byRegion };
}

/** The map as points: centre of each activated cube and how often, most often first. */
export function activityPoints({ counts, grid }: Activity): { positions: Float32Array; times: Float32Array } {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return {
    positions: Float32Array.from(sorted.flatMap(([key]) => [...voxelCentre(grid, key)])),
    times: Float32Array.from(sorted, ([, times]) => times),
  };
}

/**
 * Points that move for more than a share of the time.
 *
 * @param minSpeed - faster is moving · mm/s
 * @param timeShare - 0 to 1
 * @returns 1 for dynamic points where points correspond; undefined otherwise · shape [N]
 */
export function dynamicPoints(
  { corresponds }: Moving,
  { total }: PointSpeeds,
  minSpeed: number,
  timeShare: number,
): Float32Array | undefined {
  if (!corresponds) return undefined;
  const frames = total.length - 1;
  return Float32Array.from(total[0], (_, i) => {
    let fast = 0;
    for (let f = 0; f < frames; f++) if (total[f][i] > minSpeed) fast++;
    return fast > timeShare * frames ? 1 : 0;
  });
}
