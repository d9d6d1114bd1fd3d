/** How much room the body takes, frame by frame. */

import {
  cloudResolution,
  convexHullVolume,
  countBits,
  createBits,
  dilateBits,
  erodeBits,
  fillHoles,
  meshVolume,
  occupiedVoxels,
  voxelGridAround,
} from '../../kernel/index.ts';
import type { Moving } from './moving.ts';

/** Volume in time and how it was got. */
export interface VolumeCurve {
  /** shape [F] · mm³ */
  values: Float64Array;
  method: string;
}

/** Widest gap between samples of a surface that is closed, in cubes. */
const GAP_CUBES = 2;

/** Edge of a cube over the mean distance of neighbours: smaller ones leave holes, larger ones swallow the space between limbs. */
const EDGE_OF_RESOLUTION = 2.2;
/** Smaller cubes cost memory and tell no more · mm */
const LEAST_EDGE_MM = 10;

/**
 * Volume of what a cloud of surface points encloses: cubes that hold points, gaps closed, the inside filled.
 *
 * Cubes are as large as the points ask for. Two performers of known volume, 2,000 to 20,000 samples: -5 to +1 %.
 *
 * @param scale - cubes larger than needed by this factor
 * @returns mm³; half of the outermost cubes is taken off, because the surface runs through their middle
 */
export function cloudVolume(points: Float32Array, scale = 1): number {
  const edge = scale * Math.max(LEAST_EDGE_MM, EDGE_OF_RESOLUTION * cloudResolution(points));
  const grid = voxelGridAround([points], edge);
  const margin = GAP_CUBES + 1;
  const [ni, nj, nk] = grid.size;
  const size = [ni + 2 * margin, nj + 2 * margin, nk + 2 * margin] as const;
  const bits = createBits(size);
  for (const key of occupiedVoxels(points, grid)) {
    const x = (key % ni) + margin;
    const row = (Math.floor(key / ni) % nj) + margin + size[1] * (Math.floor(key / (ni * nj)) + margin);
    bits.words[row * bits.wordsPerRow + (x >> 5)] |= 1 << (x & 31);
  }
  // a ball that closes gaps in a solid leaves them open in a sheet one cube thick: thicken, fill, thin again
  const ball = [GAP_CUBES, GAP_CUBES, GAP_CUBES] as const;
  const solid = erodeBits(fillHoles(dilateBits(bits, ball)), ball);
  const inside = countBits(erodeBits(solid, [1, 1, 1]));
  return ((countBits(solid) + inside) / 2) * edge ** 3;
}

/**
 * Volume of each frame; undefined where it cannot be told: one camera sees one side.
 *
 * @param scale - for clouds, cubes larger than needed by this factor
 * @param step - called after each frame with the share that is done; may throw to stop
 */
export function volumeCurve(
  moving: Moving,
  scale = 1,
  step: (share: number) => void = () => {},
): VolumeCurve | undefined {
  const { kind, frames, triangles } = moving;
  if (kind === 'depth') return undefined;
  if (kind === 'mesh' && triangles) {
    const values = Float64Array.from(frames, (positions, f) =>
      Math.abs(meshVolume({ positions, triangles: triangles[triangles.length === 1 ? 0 : f] })),
    );
    return { values, method: 'Signed tetrahedra of the triangles' };
  }
  if (kind === 'points') {
    const values = Float64Array.from(frames, (points) => convexHullVolume(points));
    return { values, method: 'Convex hull of the points: the space between them, not the volume of the body' };
  }
  const values = Float64Array.from(frames, (points, f) => {
    const volume = cloudVolume(points, scale);
    step((f + 1) / frames.length);
    return volume;
  });
  return { values, method: 'Cubes as large as the points ask for, gaps closed, inside filled' };
}
