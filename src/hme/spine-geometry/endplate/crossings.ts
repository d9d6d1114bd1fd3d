/**
 * Where the label changes between two neighbouring voxels near an endplate: all a binary label tells of a surface.
 *
 * A pair of neighbours, one inside and one outside, brackets the surface. Pairs along the axis that pierces the plate bracket its
 * height; pairs across its steps pin down the contour lines. Both count. O(voxels of the crop).
 */

import type { Crop } from '../label/crop.ts';
import { ijkToLocal, type LocalFrame } from '../label/local-frame.ts';
import { cellAt, type Footprint } from './footprint.ts';

/** Voxel pairs across a surface, in a local frame. */
export interface Crossings {
  count: number;
  /** place of the inside voxel and of the outside voxel · u, v, w · shape [6 × count] · mm */
  places: Float64Array;
  /** cell of the footprint under the pair */
  cells: Int32Array;
}

/** What to look for. */
export interface CrossingOptions {
  /** 1 for the superior endplate, -1 for the inferior */
  side: 1 | -1;
  /** expected height of the surface · mm in the frame */
  expected(u: number, v: number): number;
  /** pairs farther from it are left out · mm */
  band: number;
  /** true for cells of the footprint to be used */
  uses(cell: number): boolean;
}

/** Collects the pairs of one endplate. */
export function collectCrossings(
  body: Crop,
  frame: LocalFrame,
  footprint: Footprint,
  options: CrossingOptions,
): Crossings {
  const m = ijkToLocal(body.grid, body.start, frame);
  const [nx, ny, nz] = body.size;
  const strides = [1, nx, nx * ny];
  const { mask } = body;
  const places: number[] = [];
  const cells: number[] = [];
  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      const row = nx * (j + ny * k);
      for (let i = 0; i < nx - 1; i++) {
        const here = mask[row + i];
        for (let a = 0; a < 3; a++) {
          const there = mask[row + i + strides[a]];
          if (here === there) continue;
          const u = m[0] * i + m[1] * j + m[2] * k + m[3];
          const v = m[4] * i + m[5] * j + m[6] * k + m[7];
          const w = m[8] * i + m[9] * j + m[10] * k + m[11];
          const [du, dv, dw] = [m[a], m[4 + a], m[8 + a]];
          const [mu, mv, mw] = [u + du / 2, v + dv / 2, w + dw / 2];
          const cell = cellAt(footprint, mu, mv);
          if (cell < 0 || !options.uses(cell)) continue;
          if (Math.abs(mw - options.expected(mu, mv)) > options.band) continue;
          if (here) places.push(u, v, w, u + du, v + dv, w + dw);
          else places.push(u + du, v + dv, w + dw, u, v, w);
          cells.push(cell);
        }
      }
    }
  }
  return { count: cells.length, places: Float64Array.from(places), cells: Int32Array.from(cells) };
}
