/** A light copy of a surface for turning: a tenth of its triangles, never more than a scene can draw many times a second. */

import { MeshoptSimplifier } from 'meshoptimizer/simplifier';
import type { SurfaceArrays } from './glb.ts';

const SHARE = 0.06;
const FEWEST = 400;
const MOST = 12_000;

/**
 * Edge collapse first; where the topology of a noisy surface stops it short of the goal, clustering goes the rest of the way.
 * @param share - part of the triangles to keep
 */
export async function coarsen(surface: SurfaceArrays, share = SHARE): Promise<SurfaceArrays> {
  const count = surface.triangles.length / 3;
  const target = Math.min(MOST, Math.max(FEWEST, Math.round(count * share)));
  if (count <= target * 1.3) return surface;
  await MeshoptSimplifier.ready;
  const [collapsed] = MeshoptSimplifier.simplify(surface.triangles, surface.positions, 3, target * 3, 0.02, ['Prune']);
  const good = collapsed.length / 3 <= target * 1.5;
  const [triangles] = good
    ? [collapsed]
    : MeshoptSimplifier.simplifySloppy(collapsed, surface.positions, 3, null, target * 3, 0.2);
  return compacted(surface, triangles);
}

/** Only the vertices that the triangles use. */
function compacted(surface: SurfaceArrays, triangles: Uint32Array): SurfaceArrays {
  const place = new Int32Array(surface.positions.length / 3).fill(-1);
  const kept: number[] = [];
  const renumbered = triangles.map((v) => {
    if (place[v] < 0) place[v] = kept.push(v) - 1;
    return place[v];
  });
  const positions = new Float32Array(kept.length * 3);
  const normals = new Float32Array(kept.length * 3);
  kept.forEach((v, i) => {
    positions.set(surface.positions.subarray(3 * v, 3 * v + 3), 3 * i);
    normals.set(surface.normals.subarray(3 * v, 3 * v + 3), 3 * i);
  });
  return { positions, normals, triangles: renumbered };
}
