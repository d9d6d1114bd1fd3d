/** Label maps of a simple column with known levels, for tests: boxes for bodies, thin bars for arches and processes. */

import type { Labelmap, VertebraLevel } from '../../model/index.ts';
import { REGULAR_COLUMN, SPACING_MM } from './priors.ts';

/** Which levels are drawn and under which numbers. */
export interface SimulatedColumn {
  levels: readonly VertebraLevel[];
  /** label number of each level */
  valueOf(level: VertebraLevel, index: number): number;
  /** name of each label; none when absent */
  nameOf?(level: VertebraLevel): string;
  /** whole vertebrae with arches (default) or bodies only */
  part?: 'whole' | 'body';
  /** also a sacrum under the last level, with this value */
  sacrum?: number;
}

const VOXEL_MM = 3;

/** Draws a straight column on a 3 mm grid, cranial end up, patient axes. */
export function simulateColumn(options: SimulatedColumn): Labelmap {
  const { levels, part = 'whole' } = options;
  const pitch = levels.map((level) => SPACING_MM[Math.min(REGULAR_COLUMN.indexOf(level), SPACING_MM.length - 1)] ?? 36);
  const total = pitch.reduce((sum, step) => sum + step, 0) + (options.sacrum ? 60 : 0);
  const size: [number, number, number] = [36, 40, Math.ceil(total / VOXEL_MM) + 12];
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const box = (value: number, from: number[], to: number[]): void => {
    for (let k = Math.round(from[2]); k < Math.round(to[2]); k++)
      for (let j = from[1]; j < to[1]; j++)
        for (let i = from[0]; i < to[0]; i++) data[i + size[0] * (j + size[1] * k)] = value;
  };
  let top = size[2] - 6;
  for (const [index, level] of levels.entries()) {
    const value = options.valueOf(level, index);
    const height = (0.75 * pitch[index]) / VOXEL_MM;
    box(value, [12, 6, top - height], [24, 16, top]);
    if (part === 'whole') {
      const middle = top - height / 2;
      box(value, [16, 16, middle - 1], [20, 34, middle + 1]);
      box(value, [4, 18, middle - 1], [32, 20, middle + 1]);
    }
    top -= pitch[index] / VOXEL_MM;
  }
  if (options.sacrum) box(options.sacrum, [10, 12, Math.max(2, top - 18)], [26, 24, top]);
  const labels = options.nameOf
    ? levels.map((level, index) => ({ value: options.valueOf(level, index), name: options.nameOf!(level) }))
    : [];
  return {
    size,
    spacing: [VOXEL_MM, VOXEL_MM, VOXEL_MM],
    origin: [-54, -60, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data,
    labels,
  };
}
