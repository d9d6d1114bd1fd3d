/** What the voxels of each label measure: count, centre, box, and mean and median of grey values under them. O(voxels). */
import { expectArgument } from '../../argument-error.ts';
import { quantileSorted } from '../../stats/index.ts';
import type { Bounds3, Size3, VoxelArray } from '../types.ts';
import { voxelCount } from '../types.ts';

/** Measures of one label. */
export interface LabelStatistics {
  readonly value: number;
  readonly voxels: number;
  /** mean voxel position · voxel coordinates (ijk) */
  readonly centroid: readonly [number, number, number];
  readonly bounds: Bounds3;
  /** mean of the grey values under the label · unit of the data; absent without data */
  readonly mean?: number;
  /** median of the grey values under the label · unit of the data; absent without data */
  readonly median?: number;
}

/**
 * Voxel count, centroid and box of labels, with mean and median of the data under them.
 *
 * @param labels - x-fastest labels, whole numbers that are not negative
 * @param size - grid
 * @param values - labels to measure; all but 0 when absent
 * @param data - grey values on the same grid
 * @returns labels that have voxels, by rising value
 * @throws ArgumentError when an array does not fit the grid
 * @example labelStatistics(new Uint8Array([0, 2, 2]), [3, 1, 1])[0].centroid // [1.5, 0, 0]
 */
export function labelStatistics(
  labels: VoxelArray,
  size: Size3,
  values?: readonly number[],
  data?: VoxelArray,
): LabelStatistics[] {
  const n = voxelCount(size);
  expectArgument(labels.length >= n, 'labels', labels.length, `${n} voxels`);
  expectArgument(!data || data.length >= n, 'data', data?.length, `${n} voxels`);
  const wanted = values ? new Set(values) : undefined;
  const found = new Map<number, LabelTally>();
  const [nx, ny, nz] = size;
  let i = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const end = i + nx;
      const row = i;
      while (i < end) {
        const value = labels[i];
        const start = i;
        do i++;
        while (i < end && labels[i] === value);
        if (wanted ? !wanted.has(value) : value === 0) continue;
        let tally = found.get(value);
        if (!tally) found.set(value, (tally = new LabelTally()));
        tally.addRun(start - row, i - row, y, z);
      }
    }
  }
  const tallies = [...found.entries()].sort((a, b) => a[0] - b[0]);
  if (!data) return tallies.map(([value, tally]) => tally.result(value));
  return tallies.map(([value, tally]) => ({
    ...tally.result(value),
    ...greyUnder(labels, size, value, tally.bounds(), data),
  }));
}

class LabelTally {
  voxels = 0;
  readonly sum = [0, 0, 0];
  readonly min = [Infinity, Infinity, Infinity];
  readonly max = [-1, -1, -1];

  addRun(from: number, to: number, y: number, z: number): void {
    const n = to - from;
    this.voxels += n;
    this.sum[0] += ((from + to - 1) / 2) * n;
    this.sum[1] += y * n;
    this.sum[2] += z * n;
    const low = [from, y, z];
    const high = [to - 1, y, z];
    for (let d = 0; d < 3; d++) {
      if (low[d] < this.min[d]) this.min[d] = low[d];
      if (high[d] > this.max[d]) this.max[d] = high[d];
    }
  }

  bounds(): Bounds3 {
    return { min: [this.min[0], this.min[1], this.min[2]], max: [this.max[0], this.max[1], this.max[2]] };
  }

  result(value: number): LabelStatistics {
    const [x, y, z] = this.sum.map((s) => s / this.voxels);
    return { value, voxels: this.voxels, centroid: [x, y, z], bounds: this.bounds() };
  }
}

function greyUnder(
  labels: VoxelArray,
  size: Size3,
  value: number,
  bounds: Bounds3,
  data: VoxelArray,
): { mean: number; median: number } {
  const grey: number[] = [];
  let sum = 0;
  for (let z = bounds.min[2]; z <= bounds.max[2]; z++) {
    for (let y = bounds.min[1]; y <= bounds.max[1]; y++) {
      const row = size[0] * (y + size[1] * z);
      for (let i = row + bounds.min[0]; i <= row + bounds.max[0]; i++) {
        if (labels[i] !== value) continue;
        grey.push(data[i]);
        sum += data[i];
      }
    }
  }
  return { mean: sum / grey.length, median: quantileSorted(Float64Array.from(grey).sort(), 0.5) };
}
