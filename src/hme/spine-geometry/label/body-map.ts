/**
 * The vertebral body of one level from a map of bodies: per level, or one value for all bodies met by the vertebra's label.
 * O(voxels of the crop); nearest voxel where the two grids differ.
 */

import { type Labelmap, sameGrid, type VertebraLevel } from '../../../model/index.ts';
import { type Crop, withMask } from './crop.ts';
import { ijkToLocal } from './local-frame.ts';

/** Values of a body map that mean the body of a level, or of any level. */
export function bodyValues(bodies: Labelmap, level: VertebraLevel): { values: number[]; shared: boolean } {
  const isBody = (structure: string | undefined) =>
    structure === undefined || structure === 'vertebral-body' || structure === 'vertebra' || structure === 'sacrum';
  const own = bodies.labels.filter((entry) => entry.level === level && isBody(entry.structure));
  if (own.length > 0) return { values: own.map((entry) => entry.value), shared: false };
  const shared = bodies.labels.filter((entry) => entry.level === undefined && entry.structure === 'vertebral-body');
  return { values: shared.map((entry) => entry.value), shared: true };
}

/**
 * Body of a level: voxels of the vertebra that the body map calls body.
 *
 * @returns undefined where the map knows no body there
 */
export function bodyFromMap(crop: Crop, bodies: Labelmap, level: VertebraLevel): Crop | undefined {
  const { values } = bodyValues(bodies, level);
  if (values.length === 0) return undefined;
  const wanted = new Set(values);
  const mask = new Uint8Array(crop.mask.length);
  const aligned = sameGrid(crop.grid, bodies);
  const map = aligned ? undefined : cropToGrid(crop, bodies);
  const [nx, ny, nz] = crop.size;
  const [bx, by, bz] = bodies.size;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (crop.mask[at] === 0) continue;
        let [p, q, r] = [i + crop.start[0], j + crop.start[1], k + crop.start[2]];
        if (map) {
          [p, q, r] = [0, 1, 2].map((a) =>
            Math.round(map[4 * a] * i + map[4 * a + 1] * j + map[4 * a + 2] * k + map[4 * a + 3]),
          );
          if (p < 0 || q < 0 || r < 0 || p >= bx || q >= by || r >= bz) continue;
        }
        if (wanted.has(bodies.data[p + bx * (q + by * r)])) mask[at] = 1;
      }
    }
  }
  const body = withMask(crop, mask);
  return body.voxels > 0 ? body : undefined;
}

/** Affine from crop voxels to voxels of another grid · row-major 3×4. */
function cropToGrid(crop: Crop, other: Labelmap): Float64Array {
  const d = other.direction;
  const toMm = ijkToLocal(crop.grid, crop.start, {
    origin: other.origin,
    x: [d[0], d[3], d[6]],
    y: [d[1], d[4], d[7]],
    z: [d[2], d[5], d[8]],
  });
  for (let a = 0; a < 3; a++) for (let c = 0; c < 4; c++) toMm[4 * a + c] /= other.spacing[a];
  return toMm;
}
