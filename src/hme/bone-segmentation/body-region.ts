/**
 * Where bone may be: inside the body, so that couch metal is no bone.
 *
 * Method: the body label map where there is one; else the largest piece of tissue after an opening, filled slice by slice, on voxels of
 * about 3 mm. Complexity: O(voxels).
 */

import {
  type BitVolume,
  closeBits,
  createBits,
  fillHolesSlicewise,
  keepLargestComponent,
  openBits,
  resampleVolume,
  thresholdBits,
} from '../../kernel/index.ts';
import { type Grid, ijkToXyz, type Labelmap, type Vec3, type Volume, xyzToIjk } from '../../model/index.ts';

/** Tissue is denser than this; cloth and foam are not · HU */
const TISSUE_HU = -260;

/** Voxel size for finding the body without a label map · mm */
const COARSE_MM = 3;

/** The body label map on the grid of a volume, by the nearest voxel. */
export function regionFromLabels(body: Labelmap, grid: Grid): BitVolume {
  return sampleRegion(grid, body, (at) => body.data[at] !== 0);
}

/** The body found in the volume itself. */
export function regionFromVolume(volume: Volume, axis: 0 | 1 | 2): BitVolume {
  const size = volume.size.map((n, a) =>
    Math.max(1, Math.round((n * volume.spacing[a]) / Math.max(COARSE_MM, volume.spacing[a]))),
  ) as [number, number, number];
  const scale = size.map((n, a) => volume.size[a] / n) as [number, number, number];
  const spacing = scale.map((s, a) => s * volume.spacing[a]) as unknown as Vec3;
  const data = resampleVolume(volume.data, volume.size, size, { method: 'average' });
  const tissue = thresholdBits(data, size, TISSUE_HU, Number.POSITIVE_INFINITY);
  const largest = keepLargestComponent(openBits(tissue, { radiusMm: 4.5, spacing }), 6);
  const filled = fillHolesSlicewise(closeBits(largest, { radiusMm: 6, spacing }), axis);
  const origin = ijkToXyz(volume, [(scale[0] - 1) / 2, (scale[1] - 1) / 2, (scale[2] - 1) / 2]);
  const coarse: Grid = { size, spacing, origin, direction: volume.direction };
  const { words, wordsPerRow } = filled;
  return sampleRegion(volume, coarse, (at) => {
    const row = Math.floor(at / size[0]);
    const i = at - row * size[0];
    return ((words[row * wordsPerRow + (i >>> 5)] >>> (i & 31)) & 1) === 1;
  });
}

/** How one grid lies in another: where its first voxel is, and how far a step along each of its axes leads · voxels of the other */
interface Sampling {
  grid: Grid;
  other: Grid;
  start: Vec3;
  step: readonly number[][];
  marked: (at: number) => boolean;
}

/**
 * Marks the voxels of a grid whose nearest voxel in another grid is marked; beyond the other grid its border counts.
 *
 * Grids with parallel axes, the usual case, map row to row: each row of the other grid is turned into words once and copied.
 */
function sampleRegion(grid: Grid, other: Grid, marked: (at: number) => boolean): BitVolume {
  const start = xyzToIjk(other, ijkToXyz(grid, [0, 0, 0]));
  const step = [0, 1, 2].map((axis) => {
    const there = xyzToIjk(other, ijkToXyz(grid, [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0]));
    return there.map((value, a) => value - start[a]);
  });
  const skew = step.some((row, axis) => row.some((value, a) => a !== axis && Math.abs(value) * grid.size[axis] > 0.05));
  const sampling: Sampling = { grid, other, start, step, marked };
  return skew ? sampleSkew(sampling) : sampleParallel(sampling);
}

function sampleParallel({ grid, other, start, step, marked }: Sampling): BitVolume {
  const out = createBits(grid.size);
  const { words, wordsPerRow } = out;
  const index = [0, 1, 2].map((axis) => {
    return Int32Array.from({ length: grid.size[axis] }, (_, n) =>
      nearest(start[axis] + n * step[axis][axis], other.size[axis]),
    );
  });
  const [ni, nj] = other.size;
  let source = -1;
  for (let k = 0, row = 0; k < grid.size[2]; k++) {
    for (let j = 0; j < grid.size[1]; j++, row++) {
      const wanted = index[1][j] + nj * index[2][k];
      const base = row * wordsPerRow;
      if (wanted === source) {
        words.copyWithin(base, base - wordsPerRow, base);
        continue;
      }
      source = wanted;
      for (let i = 0; i < grid.size[0]; i++) {
        if (marked(index[0][i] + ni * source)) words[base + (i >>> 5)] |= 1 << (i & 31);
      }
    }
  }
  return out;
}

function sampleSkew({ grid, other, start, step, marked }: Sampling): BitVolume {
  const out = createBits(grid.size);
  const [ni, nj, nk] = other.size;
  for (let k = 0, row = 0; k < grid.size[2]; k++) {
    for (let j = 0; j < grid.size[1]; j++, row++) {
      const base = row * out.wordsPerRow;
      const [x0, y0, z0] = [0, 1, 2].map((a) => start[a] + j * step[1][a] + k * step[2][a]);
      for (let i = 0; i < grid.size[0]; i++) {
        const x = nearest(x0 + i * step[0][0], ni);
        const y = nearest(y0 + i * step[0][1], nj);
        const z = nearest(z0 + i * step[0][2], nk);
        if (marked(x + ni * (y + nj * z))) out.words[base + (i >>> 5)] |= 1 << (i & 31);
      }
    }
  }
  return out;
}

function nearest(value: number, count: number): number {
  const rounded = Math.round(value);
  return rounded < 0 ? 0 : rounded >= count ? count - 1 : rounded;
}
