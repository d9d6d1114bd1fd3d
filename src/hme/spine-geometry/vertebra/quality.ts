/** How far a vertebra's numbers can be trusted, from 0 to 1. */

import type { Endplate } from '../endplate/endplate.ts';
import type { VertebraShape } from './model.ts';

const SOURCE_QUALITY = { map: 1, label: 0.95, split: 0.92, columns: 0.45 } as const;

/** Quality of a plate: few pairs, strays, roughness and big voxels take from it. */
export function plateQuality(plate: Endplate): number {
  const voxel = plate.fitFrame.voxelMm;
  let quality = 1;
  if (plate.pairs < 150) quality *= 0.5 + (0.5 * plate.pairs) / 150;
  if (plate.strayShare > 0.05) quality *= Math.max(0.4, 1 - 2 * (plate.strayShare - 0.05));
  if (plate.roughnessMm > 0.8) quality *= Math.max(0.4, 1 - 0.35 * (plate.roughnessMm - 0.8));
  if (plate.flatnessMm > 2) quality *= Math.max(0.5, 1 - 0.2 * (plate.flatnessMm - 2));
  if (voxel > 1.6) quality *= Math.max(0.4, 1 - 0.18 * (voxel - 1.6));
  return quality;
}

/** Quality of a vertebra: its worse plate, where the body came from, and whether it is cut or in pieces. */
export function vertebraQuality(shape: VertebraShape): number {
  const plates = [shape.superior, shape.inferior].filter((plate) => plate !== undefined);
  let quality: number = SOURCE_QUALITY[shape.bodySource];
  if (plates.length > 0) quality *= Math.min(...plates.map(plateQuality));
  else quality *= 0.3;
  if (shape.cutBody) quality *= 0.5;
  const loose = shape.droppedVoxels / Math.max(1, shape.region.voxels);
  return quality * Math.max(0.3, 1 - 4 * loose);
}
