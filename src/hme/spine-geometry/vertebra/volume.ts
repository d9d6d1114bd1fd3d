/** Volumes by counting voxels, with what the boundary leaves open. O(voxels of the crop). */

import type { Measured } from '../column/doubt.ts';
import type { BoundaryNoise } from '../endplate/doubt.ts';
import type { Crop } from '../label/crop.ts';

/** Boundary faces of a mask counted by axis, as an area · mm²; a curved surface has about two thirds of its faces' area. */
function boundaryAreaMm2(crop: Crop): number {
  const { size, mask, grid } = crop;
  const s = grid.spacing;
  const faces = [s[1] * s[2], s[0] * s[2], s[0] * s[1]];
  const strides = [1, size[0], size[0] * size[1]];
  let area = 0;
  for (let k = 0; k < size[2] - 1; k++) {
    for (let j = 0; j < size[1] - 1; j++) {
      const row = size[0] * (j + size[1] * k);
      for (let i = 0; i < size[0] - 1; i++) {
        for (let a = 0; a < 3; a++) if (mask[row + i] !== mask[row + i + strides[a]]) area += faces[a];
      }
    }
  }
  return (2 / 3) * area;
}

/**
 * Volume of a label: voxels times voxel volume, exact for the label; the spread says how far the structure's own volume may lie.
 *
 * A boundary placed voxel by voxel errs by a quarter of a voxel a face, mostly cancelling (√faces); a rough label errs with its own
 * correlation length. Both vary over the surface; a label that is too fat everywhere is not seen by this.
 */
export function measureVolume(crop: Crop, voxels: number, noise: BoundaryNoise): Measured {
  const s = crop.grid.spacing;
  const voxel = s[0] * s[1] * s[2];
  const area = boundaryAreaMm2(crop);
  const face = Math.cbrt(voxel) ** 2;
  const counting = 0.3 * voxel * Math.sqrt(area / face);
  const rough = noise.sdMm * Math.sqrt(2 * Math.PI * area) * noise.lengthMm;
  return { value: voxels * voxel, sd: Math.hypot(counting, rough) };
}
