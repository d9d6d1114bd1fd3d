/** From the voxel-to-patient matrix of a file to a `Grid`, with the doubts that matrix raises. */

import { determinantMat3, inverseMat3, type Mat3, transposeMat3 } from '../kernel/index.ts';
import { type Grid, ijkToXyz, type QualityFlag, type Size3, type Vec3 } from '../model/index.ts';
import { fileError } from './bytes.ts';

/** Largest cosine between grid axes that counts as rounding, not as shear. */
const ROUNDING_COSINE = 1e-6;

/** Displacement of a corner by straightening a sheared grid above which it is said · mm */
const SAID_MM = 0.01;

/** Rows of the upper 3×4 part of a voxel-to-patient matrix · patient frame (LPS) · mm */
export type Affine = readonly number[];

/**
 * The grid of an affine voxel-to-patient matrix.
 *
 * Column lengths become the spacing. A slightly sheared matrix is straightened to the nearest orthonormal axes (polar
 * decomposition, which keeps a mirrored grid mirrored) and flagged; one that would move a corner by more than half a voxel
 * is refused, because grids here have orthonormal axes.
 *
 * @param affine - row-major, 12 numbers (or 16) · patient frame (LPS) · mm
 * @throws MsdtError `geometry.degenerate` when an axis has no length, two axes coincide, or the shear is too large
 */
export function gridFromAffine(
  affine: Affine,
  size: Size3,
  at: { file: string; place: string; hint?: string },
): { grid: Grid; flags: QualityFlag[] } {
  const column = (axis: number): Vec3 => [affine[axis], affine[4 + axis], affine[8 + axis]];
  const columns = [column(0), column(1), column(2)];
  const spacing = columns.map((c) => Math.hypot(c[0], c[1], c[2])) as unknown as Vec3;
  const origin: Vec3 = [affine[3], affine[7], affine[11]];
  if (!spacing.every((s) => Number.isFinite(s) && s > 1e-9) || !origin.every(Number.isFinite))
    throw degenerate(at, `axis lengths ${spacing.join(', ')} mm, origin ${origin.join(', ')} mm`);
  const unit = [0, 1, 2].flatMap((row) => columns.map((c, axis) => c[row] / spacing[axis])) as unknown as Mat3;
  const cosine = largestCosine(unit);
  if (cosine <= ROUNDING_COSINE) return { grid: { size, spacing, origin, direction: unit }, flags: [] };
  if (Math.abs(determinantMat3(unit)) < 1e-3) throw degenerate(at, 'two axes of the grid point the same way');
  const grid: Grid = { size, spacing, origin, direction: nearestOrthonormal(unit) };
  const moved = cornerDistance(grid, affine);
  if (moved <= SAID_MM) return { grid, flags: [] };
  const detail = `axes are ${((Math.asin(Math.min(1, cosine)) * 180) / Math.PI).toFixed(2)}° off a right angle`;
  if (moved > Math.max(0.5 * Math.min(...spacing), SAID_MM)) {
    throw fileError('geometry.degenerate', at.file, 'The grid is sheared, not rectangular', {
      place: at.place,
      detail: `${detail}; straightening it would move a corner by ${moved.toFixed(2)} mm`,
      hint:
        at.hint ??
        'Resample it to a rectangular grid first (in 3D Slicer: Resample Image), or import the DICOM series.',
    });
  }
  const message = `The grid is slightly sheared (${detail}); it was straightened, which moves corners by up to ${moved.toFixed(2)} mm.`;
  return { grid, flags: [{ code: 'grid.sheared', severity: 'doubt', where: at.place, message }] };
}

/** Largest distance between where a grid and an affine put the eight corner voxels · mm */
export function cornerDistance(grid: Grid, affine: Affine): number {
  const [ni, nj, nk] = grid.size;
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const ijk: Vec3 = [corner & 1 ? ni - 1 : 0, corner & 2 ? nj - 1 : 0, corner & 4 ? nk - 1 : 0];
    const p = ijkToXyz(grid, ijk);
    const d = [0, 4, 8].map(
      (row, axis) =>
        affine[row] * ijk[0] + affine[row + 1] * ijk[1] + affine[row + 2] * ijk[2] + affine[row + 3] - p[axis],
    );
    most = Math.max(most, Math.hypot(d[0], d[1], d[2]));
  }
  return most;
}

/**
 * Anatomical direction in which each index grows, as three letters.
 * @example axisLetters([1, 0, 0, 0, 1, 0, 0, 0, 1]) // 'LPS'
 */
export function axisLetters(direction: Mat3): string {
  const names = ['LR', 'PA', 'SI'];
  return [0, 1, 2]
    .map((axis) => {
      const parts = [direction[axis], direction[3 + axis], direction[6 + axis]];
      const largest = parts.reduce((best, value, row) => (Math.abs(value) > Math.abs(parts[best]) ? row : best), 0);
      return names[largest][parts[largest] >= 0 ? 0 : 1];
    })
    .join('');
}

/**
 * The shortest decimal that rounds to the same 32-bit float: headers hold 0.7 as 0.69999998807…, and 0.7 was meant.
 * @example shortDecimal(Math.fround(0.7)) // 0.7
 */
export function shortDecimal(value: number): number {
  if (Math.fround(value) !== value || Number.isInteger(value)) return value;
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function largestCosine(d: Mat3): number {
  const dot = (a: number, b: number): number => Math.abs(d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b]);
  return Math.max(dot(0, 1), dot(0, 2), dot(1, 2));
}

/** Polar factor by Newton's iteration (Higham 1986): the nearest orthonormal matrix, of the same handedness. */
function nearestOrthonormal(matrix: Mat3): Mat3 {
  let q = matrix;
  for (let step = 0; step < 30; step++) {
    const inverse = transposeMat3(inverseMat3(q));
    const next = q.map((value, index) => (value + inverse[index]) / 2) as unknown as Mat3;
    const change = Math.max(...next.map((value, index) => Math.abs(value - q[index])));
    q = next;
    if (change < 1e-15) break;
  }
  return q;
}

function degenerate(at: { file: string; place: string; hint?: string }, detail: string) {
  return fileError('geometry.degenerate', at.file, 'The file does not say where its voxels lie', {
    place: at.place,
    detail,
    hint: at.hint ?? 'The header is damaged: export the volume again from its source.',
  });
}
