/**
 * Dilation, erosion, opening and closing with a ball (an ellipsoid on anisotropic voxels). Small balls: the union of
 * shifted bit rows, each widened along x by doubling shifts, O(words · ry · rz); empty rows are skipped. Large balls: a
 * threshold of the exact distance transform, O(voxels) whatever the radius.
 *
 * Nothing is known beyond the grid, so it neither adds to a dilation nor eats into an erosion; therefore opening never
 * adds a voxel and closing never removes one, also at a face where the body was cut.
 */
import { expectArgument } from '../../argument-error.ts';
import { distanceTransform } from '../filter/distance.ts';
import type { BitVolume } from './bit-volume.ts';
import { createBits, invertBits, thresholdBits } from './bit-volume.ts';

/** Radius of the ball: half axes in voxels, or one radius in mm with the voxel size. */
export type BallRadius =
  | readonly [number, number, number]
  | { readonly radiusMm: number; readonly spacing: readonly [number, number, number] };

/** More shifted rows than this and the distance transform is cheaper. */
const MAX_SHIFTS = 160;

/**
 * Every voxel within the radius of a marked voxel centre.
 *
 * @throws ArgumentError for a negative or infinite radius
 * @example countBits(dilateBits(boxBits([5, 5, 5], [2, 2, 2], [2, 2, 2]), [1, 1, 1])) // 7
 */
export function dilateBits(bits: BitVolume, radius: BallRadius): BitVolume {
  const r = halfAxes(radius);
  const shifts = (2 * Math.floor(r[1]) + 1) * (2 * Math.floor(r[2]) + 1);
  return shifts <= MAX_SHIFTS || r[0] <= 0 || r[1] <= 0 || r[2] <= 0
    ? dilateByShifts(bits, r)
    : dilateByDistance(bits, r);
}

/**
 * Every voxel whose ball lies, as far as it is within the grid, inside the mask.
 *
 * @throws ArgumentError for a negative or infinite radius
 * @example countBits(erodeBits(boxBits([7, 7, 7], [2, 2, 2], [4, 4, 4]), [1, 1, 1])) // 1
 */
export function erodeBits(bits: BitVolume, radius: BallRadius): BitVolume {
  return invertBits(dilateBits(invertBits(bits), radius));
}

/** Erosion, then dilation: removes what a ball of this radius cannot enter. Never adds a voxel. */
export function openBits(bits: BitVolume, radius: BallRadius): BitVolume {
  return dilateBits(erodeBits(bits, radius), radius);
}

/** Dilation, then erosion: fills what a ball of this radius cannot enter from outside. Never removes a voxel. */
export function closeBits(bits: BitVolume, radius: BallRadius): BitVolume {
  return erodeBits(dilateBits(bits, radius), radius);
}

function halfAxes(radius: BallRadius): readonly [number, number, number] {
  const r = 'radiusMm' in radius ? radius.spacing.map((s) => radius.radiusMm / s) : [...radius];
  expectArgument(
    r.every((v) => v >= 0 && Number.isFinite(v)),
    'radius',
    r,
    'three finite radii that are not negative',
  );
  return [r[0], r[1], r[2]];
}

/** Half width along x of the ball at row offset (dy, dz) in voxels, or -1 outside the ball. */
function halfWidth(r: readonly [number, number, number], dy: number, dz: number): number {
  const part = (d: number, radius: number) => (d === 0 ? 0 : radius > 0 ? (d / radius) ** 2 : 2);
  const left = 1 - part(dy, r[1]) - part(dz, r[2]);
  // rounding must not lose the voxel that lies exactly on the ball
  return left < -1e-9 ? -1 : Math.floor(r[0] * Math.sqrt(Math.max(0, left)) + 1e-9);
}

function dilateByShifts(bits: BitVolume, r: readonly [number, number, number]): BitVolume {
  const [nx, ny, nz] = bits.size;
  const wpr = bits.wordsPerRow;
  const out = createBits(bits.size);
  const row = new Uint32Array(wpr);
  const lastMask = (nx & 31) === 0 ? 0xffffffff : (1 << (nx & 31)) - 1;
  const [ry, rz] = [Math.floor(r[1] + 1e-9), Math.floor(r[2] + 1e-9)];
  const widths: number[] = [];
  for (let dz = -rz; dz <= rz; dz++) for (let dy = -ry; dy <= ry; dy++) widths.push(halfWidth(r, dy, dz));
  // growing widths: each row is widened step by step instead of from scratch
  const order = widths.map((_, i) => i).sort((a, b) => widths[a] - widths[b]);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const base = (y + ny * z) * wpr;
      if (isEmptyRow(bits.words, base, wpr)) continue;
      let done = -1;
      for (const k of order) {
        const w = widths[k];
        const ty = y + (k % (2 * ry + 1)) - ry;
        const tz = z + Math.floor(k / (2 * ry + 1)) - rz;
        if (w < 0 || ty < 0 || ty >= ny || tz < 0 || tz >= nz) continue;
        if (done < 0) {
          row.set(bits.words.subarray(base, base + wpr));
          done = 0;
        }
        if (w > done) {
          widenRow(row, w - done);
          row[wpr - 1] &= lastMask;
          done = w;
        }
        const target = (ty + ny * tz) * wpr;
        for (let i = 0; i < wpr; i++) out.words[target + i] |= row[i];
      }
    }
  }
  return out;
}

function isEmptyRow(words: Uint32Array, base: number, n: number): boolean {
  for (let i = 0; i < n; i++) if (words[base + i] !== 0) return false;
  return true;
}

/** Widens every run of a row by `w` voxels on both sides, in place. */
function widenRow(row: Uint32Array, w: number): void {
  for (let done = 0; done < w; ) {
    const step = Math.min(w - done, done + 1, 31);
    let carry = 0;
    let here = row[0];
    for (let i = 0; i < row.length; i++) {
      const next = i + 1 < row.length ? row[i + 1] : 0;
      row[i] = here | (here << step) | (carry >>> (32 - step)) | (here >>> step) | (next << (32 - step));
      carry = here;
      here = next;
    }
    done += step;
  }
}

function dilateByDistance(bits: BitVolume, r: readonly [number, number, number]): BitVolume {
  const spacing = [1 / r[0], 1 / r[1], 1 / r[2]] as const;
  const squared = distanceTransform(invertBits(bits), bits.size, spacing, { squared: true });
  return thresholdBits(squared, bits.size, 0, 1 + 1e-6);
}
