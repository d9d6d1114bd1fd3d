/**
 * One label cut out of the volume with a margin, as zeros and ones, and its largest connected piece.
 * O(voxels of the crop).
 */

import { type Grid, ijkToXyz, type Labelmap, type Vec3 } from '../../../model/index.ts';
import type { LabelRegion } from './regions.ts';

/** A piece of a grid with one byte a voxel: 1 inside the structure. */
export interface Crop {
  /** grid the crop was taken from */
  grid: Grid;
  /** index of the crop's first voxel in the grid */
  start: readonly [number, number, number];
  size: readonly [number, number, number];
  /** i-fastest · shape size[0]·size[1]·size[2] */
  mask: Uint8Array;
  voxels: number;
}

/** Cuts a label out with `margin` background voxels on every side (also past the faces of the volume). */
export function cropLabel(map: Labelmap, region: LabelRegion, margin = 2): Crop {
  const start = region.min.map((v) => v - margin) as [number, number, number];
  const size = region.max.map((v, a) => v - region.min[a] + 1 + 2 * margin) as [number, number, number];
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  const [nx, ny] = map.size;
  let voxels = 0;
  for (let k = region.min[2]; k <= region.max[2]; k++) {
    for (let j = region.min[1]; j <= region.max[1]; j++) {
      const from = nx * (j + ny * k);
      const to = size[0] * (j - start[1] + size[1] * (k - start[2])) - start[0];
      for (let i = region.min[0]; i <= region.max[0]; i++) {
        if (map.data[from + i] !== region.value) continue;
        mask[to + i] = 1;
        voxels++;
      }
    }
  }
  return { grid: map, start, size, mask, voxels };
}

/** Another mask on the same crop. */
export function withMask(crop: Crop, mask: Uint8Array): Crop {
  let voxels = 0;
  for (let i = 0; i < mask.length; i++) voxels += mask[i];
  return { ...crop, mask, voxels };
}

/** Centre of a crop voxel in the patient · mm. */
function cropToXyz(crop: Crop, i: number, j: number, k: number): Vec3 {
  return ijkToXyz(crop.grid, [i + crop.start[0], j + crop.start[1], k + crop.start[2]]);
}

/** Mean position of the mask · patient frame · mm. Undefined for an empty mask. */
export function cropCentroid(crop: Crop): Vec3 | undefined {
  const [nx, ny, nz] = crop.size;
  let [n, si, sj, sk] = [0, 0, 0, 0];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (crop.mask[at] === 0) continue;
        n++;
        si += i;
        sj += j;
        sk += k;
      }
    }
  }
  return n > 0 ? cropToXyz(crop, si / n, sj / n, sk / n) : undefined;
}

/** True when the mask has a voxel on a face of the volume. */
export function touchesVolumeFace(crop: Crop): boolean {
  const { start, size, mask, grid } = crop;
  for (let axis = 0; axis < 3; axis++) {
    for (const face of [0, grid.size[axis] - 1]) {
      const plane = face - start[axis];
      if (plane < 0 || plane >= size[axis]) continue;
      const [b, c] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
      const stride = [1, size[0], size[0] * size[1]];
      for (let q = 0; q < size[c]; q++) {
        for (let p = 0; p < size[b]; p++) {
          if (mask[plane * stride[axis] + p * stride[b] + q * stride[c]]) return true;
        }
      }
    }
  }
  return false;
}

/** Keeps the largest 6-connected piece; returns it and the number of voxels dropped. */
export function largestPiece(crop: Crop): { crop: Crop; dropped: number } {
  const { mask, size } = crop;
  const [nx, nxy] = [size[0], size[0] * size[1]];
  const piece = new Int32Array(mask.length);
  const queue = new Int32Array(crop.voxels);
  const sizes = [0];
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 0 || piece[seed] !== 0) continue;
    const id = sizes.length;
    let [head, tail] = [0, 0];
    queue[tail++] = seed;
    piece[seed] = id;
    while (head < tail) {
      const at = queue[head++];
      // the margin of background keeps every neighbour inside the crop
      for (const to of [at - 1, at + 1, at - nx, at + nx, at - nxy, at + nxy]) {
        if (mask[to] === 0 || piece[to] !== 0) continue;
        piece[to] = id;
        queue[tail++] = to;
      }
    }
    sizes.push(tail);
  }
  if (sizes.length <= 2) return { crop, dropped: 0 };
  const best = sizes.indexOf(Math.max(...sizes));
  const kept = new Uint8Array(mask.length);
  for (let i = 0; i < piece.length; i++) if (piece[i] === best) kept[i] = 1;
  return { crop: { ...crop, mask: kept, voxels: sizes[best] }, dropped: crop.voxels - sizes[best] };
}
