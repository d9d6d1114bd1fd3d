/**
 * What each label of a map measures in the patient: place, volume, pieces, contact with the border.
 *
 * Method: one run-wise pass for counts and boxes (kernel), then components and faces inside each label's own box.
 * Complexity: O(voxels + sum of boxes).
 */

import { type Bounds3, labelComponents, labelStatistics, maskToBits } from '../../kernel/index.ts';
import { type Grid, ijkToXyz, type Labelmap, type Vec3, voxelVolumeMm3 } from '../../model/index.ts';

/** Measures of one label value. */
export interface LabelMeasure {
  value: number;
  voxels: number;
  volumeMm3: number;
  /** patient frame (LPS) · mm */
  centroid: Vec3;
  /** ijk box, corners included */
  bounds: Bounds3;
  /** share of the box that the label fills · 0-1; bodies fill most of theirs, whole vertebrae little */
  fill: number;
  /** a voxel lies in the outermost layer of the grid */
  touchesBorder: boolean;
}

/** Measures every value of a label map except 0. */
export function measureLabels(map: Labelmap): LabelMeasure[] {
  const voxelMm3 = voxelVolumeMm3(map);
  return labelStatistics(map.data, map.size).map(({ value, voxels, centroid, bounds }) => {
    const box = [0, 1, 2].reduce((product, axis) => product * (bounds.max[axis] - bounds.min[axis] + 1), 1);
    return {
      value,
      voxels,
      volumeMm3: voxels * voxelMm3,
      centroid: ijkToXyz(map, centroid),
      bounds,
      fill: voxels / box,
      touchesBorder: [0, 1, 2].some((a) => bounds.min[a] === 0 || bounds.max[a] === map.size[a] - 1),
    };
  });
}

/** The mask of one label inside its box, with the box. */
export function cropLabel(map: Labelmap, measure: LabelMeasure): { mask: Uint8Array; size: [number, number, number] } {
  const { min, max } = measure.bounds;
  const size: [number, number, number] = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = map.size[0] * (j + map.size[1] * k);
      for (let i = min[0]; i <= max[0]; i++, at++) if (map.data[row + i] === measure.value) mask[at] = 1;
    }
  }
  return { mask, size };
}

/** Number of 26-connected pieces of a label and the share of voxels outside the largest one. */
export function piecesOf(map: Labelmap, measure: LabelMeasure): { count: number; strayShare: number } {
  const { mask, size } = cropLabel(map, measure);
  const components = labelComponents(maskToBits(mask, size), 26);
  return { count: components.count, strayShare: 1 - components.sizes[components.largest] / measure.voxels };
}

/**
 * Surface of a label · mm². Exposed voxel faces, times 2/3: the mean over directions by which a staircase overstates an area.
 */
export function surfaceAreaMm2(map: Labelmap, measure: LabelMeasure): number {
  const { mask, size } = cropLabel(map, measure);
  const [nx, ny, nz] = size;
  const faces = [0, 0, 0];
  const strides = [1, nx, nx * ny];
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at]) continue;
        const place = [i, j, k];
        for (let a = 0; a < 3; a++) {
          if (place[a] === 0 || !mask[at - strides[a]]) faces[a]++;
          if (place[a] === size[a] - 1 || !mask[at + strides[a]]) faces[a]++;
        }
      }
    }
  }
  const [si, sj, sk] = map.spacing;
  return (2 / 3) * (faces[0] * sj * sk + faces[1] * si * sk + faces[2] * si * sj);
}

/** Share of the voxels of `value` that touch a voxel of `other` by a face · 0-1. */
export function contactShare(map: Labelmap, value: number, other: number, measure: LabelMeasure): number {
  const { min, max } = measure.bounds;
  const [nx, ny, nz] = map.size;
  const strides = [1, nx, nx * ny];
  const limits = [nx, ny, nz];
  let touching = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const at = i + nx * (j + ny * k);
        if (map.data[at] !== value) continue;
        const place = [i, j, k];
        for (let a = 0; a < 3; a++) {
          const below = place[a] > 0 && map.data[at - strides[a]] === other;
          if (below || (place[a] < limits[a] - 1 && map.data[at + strides[a]] === other)) {
            touching++;
            break;
          }
        }
      }
    }
  }
  return touching / measure.voxels;
}

/** Places of a label's voxels · patient frame (LPS) · mm · shape [3N] */
export function placesOf(map: Labelmap, measure: LabelMeasure): Float32Array {
  const { min, max } = measure.bounds;
  const places = new Float32Array(3 * measure.voxels);
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = map.size[0] * (j + map.size[1] * k);
      for (let i = min[0]; i <= max[0]; i++) {
        if (map.data[row + i] !== measure.value) continue;
        places.set(ijkToXyz(map, [i, j, k]), at);
        at += 3;
      }
    }
  }
  return places;
}

/** Centre of the uppermost `depthMm` of a label: of a sacrum labelled whole, its first segment · patient frame (LPS) · mm */
export function topCentre(map: Labelmap, measure: LabelMeasure, depthMm: number): Vec3 {
  const places = placesOf(map, measure);
  let top = Number.NEGATIVE_INFINITY;
  for (let p = 2; p < places.length; p += 3) if (places[p] > top) top = places[p];
  const sum = [0, 0, 0];
  let count = 0;
  for (let p = 0; p < places.length; p += 3) {
    if (places[p + 2] <= top - depthMm) continue;
    for (let a = 0; a < 3; a++) sum[a] += places[p + a];
    count++;
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Distance between two points · mm. */
export function distanceMm(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/**
 * Puts a label map on another grid by the nearest voxel.
 * @returns the map itself when `grid` is its own
 */
export function regridLabels(map: Labelmap, grid: Grid): Labelmap {
  const data = map.data instanceof Uint16Array ? new Uint16Array(count(grid)) : new Uint8Array(count(grid));
  const start = toIjk(map, ijkToXyz(grid, [0, 0, 0]));
  const steps = [0, 1, 2].map((axis) => {
    const there = toIjk(map, ijkToXyz(grid, [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0]));
    return [there[0] - start[0], there[1] - start[1], there[2] - start[2]];
  });
  const [nx, ny, nz] = map.size;
  let at = 0;
  for (let k = 0; k < grid.size[2]; k++) {
    for (let j = 0; j < grid.size[1]; j++) {
      const x0 = start[0] + j * steps[1][0] + k * steps[2][0];
      const y0 = start[1] + j * steps[1][1] + k * steps[2][1];
      const z0 = start[2] + j * steps[1][2] + k * steps[2][2];
      for (let i = 0; i < grid.size[0]; i++, at++) {
        const x = Math.round(x0 + i * steps[0][0]);
        const y = Math.round(y0 + i * steps[0][1]);
        const z = Math.round(z0 + i * steps[0][2]);
        if (x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz) data[at] = map.data[x + nx * (y + ny * z)];
      }
    }
  }
  return {
    size: grid.size,
    spacing: grid.spacing,
    origin: grid.origin,
    direction: grid.direction,
    data,
    labels: map.labels,
  };
}

function count(grid: Grid): number {
  return grid.size[0] * grid.size[1] * grid.size[2];
}

function toIjk(grid: Grid, xyz: Vec3): number[] {
  const d = grid.direction;
  const x = xyz[0] - grid.origin[0];
  const y = xyz[1] - grid.origin[1];
  const z = xyz[2] - grid.origin[2];
  return [0, 1, 2].map((a) => (d[a] * x + d[3 + a] * y + d[6 + a] * z) / grid.spacing[a]);
}
