/** Regular 3-D grids of grey levels, in ITK's terms: size, spacing, origin, direction, data. */

import type { Size3, VoxelArray } from '../../kernel/index.ts';
import { ArgumentError } from '../errors.ts';
import type { Unit } from '../units.ts';
import type { Mat3, Vec3 } from './frames.ts';

export type { Size3, VoxelArray } from '../../kernel/index.ts';

/** Where a grid lies in the patient. */
export interface Grid {
  /** voxels along i, j, k */
  size: Size3;
  /** distance between neighbouring voxel centres along i, j, k · mm */
  spacing: Vec3;
  /** centre of voxel (0,0,0) · patient frame (LPS) · mm */
  origin: Vec3;
  /** row-major 3×3; column a is the unit vector of grid axis a · patient frame (LPS) */
  direction: Mat3;
}

/** Grey levels on a grid; `data` is i-fastest: index = i + size[0]·(j + size[1]·k). */
export interface Volume<Data extends VoxelArray = VoxelArray> extends Grid {
  data: Data;
  /** unit of the values; CT is Hounsfield */
  unit: Unit;
}

/** One structure of a label map. */
export interface LabelEntry {
  /** voxel value */
  value: number;
  /** name as the source gave it (`vertebrae_L4`), or ours */
  name: string;
  /** vertebral level, when the label is a vertebra, its body, or S1/sacrum */
  level?: import('../levels.ts').VertebraLevel;
  /** for a disc or endplate: the segment */
  segment?: string;
  structure?: LabelStructure;
  side?: 'left' | 'right';
  /** suggested colour · sRGB 0-255 */
  color?: readonly [number, number, number];
}

export type LabelStructure =
  | 'vertebra'
  | 'vertebral-body'
  | 'posterior-elements'
  | 'disc'
  | 'endplate'
  | 'sacrum'
  | 'spinal-cord'
  | 'spinal-canal'
  | 'femur'
  | 'hip'
  | 'rib'
  | 'bone'
  | 'body'
  | 'other';

/** Integers on a grid with a table that says what each value means; 0 is background and has no entry. */
export interface Labelmap<Data extends VoxelArray = Uint8Array | Uint16Array> extends Grid {
  data: Data;
  labels: LabelEntry[];
}

export const IDENTITY_DIRECTION: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * Patient position of a voxel position (fractions allowed).
 * @param ijk - voxel coordinates · shape [3]
 * @returns xyz · patient frame (LPS) · mm
 * @example ijkToXyz({ size: [2, 2, 2], spacing: [1, 1, 2], origin: [5, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, [1, 0, 1]) // [6, 0, 2]
 */
export function ijkToXyz(grid: Grid, ijk: Vec3): Vec3 {
  const d = grid.direction;
  const a = ijk[0] * grid.spacing[0];
  const b = ijk[1] * grid.spacing[1];
  const c = ijk[2] * grid.spacing[2];
  return [
    grid.origin[0] + d[0] * a + d[1] * b + d[2] * c,
    grid.origin[1] + d[3] * a + d[4] * b + d[5] * c,
    grid.origin[2] + d[6] * a + d[7] * b + d[8] * c,
  ];
}

/**
 * Voxel position (fractional) of a patient position; the direction matrix is orthonormal.
 * @param xyz - patient frame (LPS) · mm
 */
export function xyzToIjk(grid: Grid, xyz: Vec3): Vec3 {
  const d = grid.direction;
  const x = xyz[0] - grid.origin[0];
  const y = xyz[1] - grid.origin[1];
  const z = xyz[2] - grid.origin[2];
  return [
    (d[0] * x + d[3] * y + d[6] * z) / grid.spacing[0],
    (d[1] * x + d[4] * y + d[7] * z) / grid.spacing[1],
    (d[2] * x + d[5] * y + d[8] * z) / grid.spacing[2],
  ];
}

/** Row-major 4×4 that maps voxel coordinates to the patient frame (LPS, mm). */
export function ijkToXyzMatrix(grid: Grid): number[] {
  const [si, sj, sk] = grid.spacing;
  const d = grid.direction;
  const o = grid.origin;
  return [
    d[0] * si,
    d[1] * sj,
    d[2] * sk,
    o[0],
    d[3] * si,
    d[4] * sj,
    d[5] * sk,
    o[1],
    d[6] * si,
    d[7] * sj,
    d[8] * sk,
    o[2],
    0,
    0,
    0,
    1,
  ];
}

/** Volume of one voxel · mm³. */
export function voxelVolumeMm3(grid: Grid): number {
  return grid.spacing[0] * grid.spacing[1] * grid.spacing[2];
}

/** True when two grids have the same size and agree in place within `toleranceMm` at every corner. */
export function sameGrid(a: Grid, b: Grid, toleranceMm = 0.01): boolean {
  if (a.size.some((n, axis) => n !== b.size[axis])) return false;
  const [ni, nj, nk] = a.size;
  for (let corner = 0; corner < 8; corner++) {
    const ijk: Vec3 = [corner & 1 ? ni - 1 : 0, corner & 2 ? nj - 1 : 0, corner & 4 ? nk - 1 : 0];
    const p = ijkToXyz(a, ijk);
    const q = ijkToXyz(b, ijk);
    if (Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > toleranceMm) return false;
  }
  return true;
}

/**
 * Checks that a grid is sound: positive sizes and spacings, orthonormal direction, data of the right length.
 * @throws ArgumentError names the field that is off
 */
export function assertGrid(grid: Grid & { data?: VoxelArray }): void {
  if (!grid.size.every((n) => Number.isInteger(n) && n > 0))
    throw new ArgumentError('size', grid.size.join('×'), 'three positive integers');
  if (!grid.spacing.every((s) => Number.isFinite(s) && s > 0))
    throw new ArgumentError('spacing', grid.spacing.join(', '), 'three positive mm');
  if (!grid.origin.every(Number.isFinite)) throw new ArgumentError('origin', grid.origin.join(', '), 'three finite mm');
  const d = grid.direction;
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const dot = d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b];
      if (!(Math.abs(dot - (a === b ? 1 : 0)) < 1e-3))
        throw new ArgumentError('direction', d.join(' '), 'orthonormal columns');
    }
  }
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  if (grid.data && grid.data.length !== count) throw new ArgumentError('data', grid.data.length, `${count} voxels`);
}
