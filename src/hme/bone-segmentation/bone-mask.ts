/**
 * Bone by its grey levels, inside the body.
 *
 * Method: hysteresis threshold, contrast-medium pools and specks dropped, closing, enclosed spongy bone filled. Complexity: O(voxels)
 * for the thresholds, O(words · shifts) for the rest, on bit rows. What was tried is in NOTES.md.
 */

import {
  andBits,
  andNotBits,
  type BitVolume,
  type Bounds3,
  boundsOfBits,
  type Components,
  closeBits,
  countBits,
  createBits,
  cropBits,
  dilateBits,
  erodeBits,
  fillHolesSlicewise,
  forEachRun,
  hysteresisThreshold,
  labelComponents,
  orBits,
  thresholdBits,
} from '../../kernel/index.ts';
import { type Volume, type VoxelArray, voxelVolumeMm3 } from '../../model/index.ts';

/** Thresholds and sizes of the bone mask. */
export interface BoneMaskOptions {
  /** HU · a region needs one voxel of at least this */
  seedHu: number;
  /** HU · lowest value of the grown region */
  growHu: number;
  /** mm³ · pieces smaller than this are dropped */
  minPieceMm3: number;
  /** mm · gaps narrower than twice this are closed */
  closingMm: number;
  /** grid axis that runs along the body */
  axis: 0 | 1 | 2;
  /** voxels where bone may be, on the grid of the volume */
  inside?: BitVolume;
}

/** Bone with what was left out and what is doubtful in it. */
export interface BoneMask {
  bone: BitVolume;
  /** pools of contrast medium that were dropped: number and volume */
  contrast: { pools: number; cm3: number };
  /** cm³ of metal inside the mask (implants) */
  metalCm3: number;
}

/** Enclosed holes at least this dense are spongy bone; the spinal canal and yellow marrow are not · HU */
const SPONGY_HU = 75;

/** Gaps of the cortex narrower than twice this are bridged to find what is enclosed · mm */
const BRIDGE_MM = 2;

/** Next to bone, this counts as wall around spongy bone · HU */
const WALL_HU = 120;

/** Half width of the box over which density is averaged · mm */
const AVERAGE_MM = 2.5;

/** Holes smaller than this are filled whatever is in them · mm³ */
const TINY_HOLE_MM3 = 150;

/** A pool of contrast medium has a core, 2.5 mm under its rim, of at least this volume · mm³ */
const POOL_CORE_MM3 = 300;

/** … and this share of the whole; ribs and thin plates have none */
const POOL_CORE_SHARE = 0.15;

/** Denser than any bone · HU */
export const METAL_HU = 2500;

/** Finds bone in a CT. An image without bone gives an empty mask. */
export function segmentBone(volume: Volume, options: BoneMaskOptions): BoneMask {
  const { data, size } = volume;
  const voxelMm3 = voxelVolumeMm3(volume);
  const dense = hysteresisThreshold(data, size, options.growHu, options.seedHu, Number.POSITIVE_INFINITY, 26);
  const inBody = options.inside ? andBits(dense, options.inside) : dense;
  const pieces = labelComponents(inBody, 26);
  const large = (i: number) => pieces.sizes[i] * voxelMm3 >= options.minPieceMm3;
  const pools = contrastPools(volume, pieces, large);
  const kept = pieces.select((i) => large(i) && !pools.has(i));
  const closed = closeWithin(kept, options, volume);
  const bone = fillSpongy(volume, closed, options.axis);
  let poolVoxels = 0;
  for (const i of pools) poolVoxels += pieces.sizes[i];
  return {
    bone,
    contrast: { pools: pools.size, cm3: (poolVoxels * voxelMm3) / 1000 },
    metalCm3: (countAbove(data, bone, METAL_HU) * voxelMm3) / 1000,
  };
}

/**
 * Pieces that are pools of contrast medium: brightest in the middle and fading to the rim, where bone has its dense shell outside.
 * The largest piece is never one.
 */
function contrastPools(volume: Volume, pieces: Components, large: (index: number) => boolean): Set<number> {
  const pools = new Set<number>();
  for (let i = 1; i <= pieces.count; i++) {
    if (i === pieces.largest || !large(i)) continue;
    if (isPool(cropPiece(volume, pieces, i))) pools.add(i);
  }
  return pools;
}

interface Crop {
  volume: Volume;
  bits: BitVolume;
}

function isPool({ volume, bits }: Crop): boolean {
  const spacing = volume.spacing;
  const core = erodeBits(bits, { radiusMm: Math.max(2.5, 1.01 * Math.min(...spacing)), spacing });
  const coreVoxels = countBits(core);
  if (coreVoxels * voxelVolumeMm3(volume) < POOL_CORE_MM3 || coreVoxels < POOL_CORE_SHARE * countBits(bits))
    return false;
  const rim = andNotBits(bits, core);
  const inner = meanUnder(volume.data, core);
  return inner > meanUnder(volume.data, rim) * 1.15 && inner < METAL_HU;
}

function cropPiece(volume: Volume, pieces: Components, index: number): Crop {
  const piece = pieces.select(index);
  const box = grow(boundsOfBits(piece)!, volume.size);
  return cropTo(volume, piece, box);
}

function grow({ min, max }: Bounds3, size: readonly number[]): Bounds3 {
  return {
    min: [Math.max(0, min[0] - 1), Math.max(0, min[1] - 1), Math.max(0, min[2] - 1)],
    max: [Math.min(size[0] - 1, max[0] + 1), Math.min(size[1] - 1, max[1] + 1), Math.min(size[2] - 1, max[2] + 1)],
  };
}

/** The part of a volume and mask inside a box. */
function cropTo(volume: Volume, bits: BitVolume, box: Bounds3): Crop {
  const { min, max } = box;
  const size: [number, number, number] = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const data = new Float32Array(size[0] * size[1] * size[2]);
  const [ni, nj] = volume.size;
  let at = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      const row = ni * (j + nj * k);
      for (let i = min[0]; i <= max[0]; i++) data[at++] = volume.data[row + i];
    }
  }
  return { volume: { ...volume, size, data }, bits: cropBits(bits, box) };
}

/** Closing in the box around the mask; work grows with the bone, not with the scan. */
function closeWithin(bits: BitVolume, options: BoneMaskOptions, volume: Volume): BitVolume {
  if (options.closingMm <= 0) return bits;
  const closed = closeBits(bits, { radiusMm: options.closingMm, spacing: volume.spacing });
  return options.inside ? andBits(closed, options.inside) : closed;
}

/**
 * Fills spongy bone: what the cortex encloses in axial, sagittal or coronal slices and is, averaged over a few millimetres, as dense as spongy
 * bone. The enclosing wall may be thinner or dimmer than bone itself: it counts from `WALL_HU` next to bone, small gaps bridged.
 */
function fillSpongy(volume: Volume, bits: BitVolume, axis: 0 | 1 | 2): BitVolume {
  const { data, size, spacing } = volume;
  const dim = andBits(
    dilateBits(bits, [1.01, 1.01, 1.01]),
    thresholdBits(data, size, WALL_HU, Number.POSITIVE_INFINITY),
  );
  const wall = closeBits(orBits(bits, dim), { radiusMm: Math.max(BRIDGE_MM, 1.01 * Math.min(...spacing)), spacing });
  let filled = wall;
  for (const across of [0, 1, 2] as const) filled = orBits(filled, fillHolesSlicewise(wall, across));
  const enclosed = andNotBits(filled, bits);
  const dense = locallyDense(volume, enclosed);
  const pieces = labelComponents(orBits(dense, andBits(enclosed, wall)), 6);
  const tiny = TINY_HOLE_MM3 / voxelVolumeMm3(volume);
  const spongy = pieces.select((i) => pieces.sizes[i] >= tiny);
  return fillTiny(volume, orBits(bits, andBits(spongy, dense)), axis);
}

/** Voxels of a mask around which the mask's voxels average `SPONGY_HU` or more, within `AVERAGE_MM`. */
function locallyDense(volume: Volume, mask: BitVolume): BitVolume {
  const { data, size, spacing } = volume;
  const [ni, nj] = size;
  const reach = spacing.map((s) => Math.max(1, Math.round(AVERAGE_MM / s)));
  const out = createBits(size);
  forEachRun(mask, (start, end, row) => {
    const k = Math.floor(row / nj);
    const j = row - k * nj;
    for (let i = start; i < end; i++) {
      let sum = 0;
      let count = 0;
      for (let z = Math.max(0, k - reach[2]); z <= Math.min(size[2] - 1, k + reach[2]); z++) {
        for (let y = Math.max(0, j - reach[1]); y <= Math.min(nj - 1, j + reach[1]); y++) {
          const base = (y + nj * z) * mask.wordsPerRow;
          for (let x = Math.max(0, i - reach[0]); x <= Math.min(ni - 1, i + reach[0]); x++) {
            if (((mask.words[base + (x >>> 5)] >>> (x & 31)) & 1) === 0) continue;
            sum += data[x + ni * (y + nj * z)];
            count++;
          }
        }
      }
      if (sum >= SPONGY_HU * count) out.words[row * out.wordsPerRow + (i >>> 5)] |= 1 << (i & 31);
    }
  });
  return out;
}

/** Fills enclosed specks that are not fat or air. */
function fillTiny(volume: Volume, bits: BitVolume, axis: 0 | 1 | 2): BitVolume {
  const holes = labelComponents(andNotBits(fillHolesSlicewise(bits, axis), bits), 6);
  const tiny = TINY_HOLE_MM3 / voxelVolumeMm3(volume);
  return orBits(
    bits,
    holes.select((i) => holes.sizes[i] < tiny),
  );
}

function meanUnder(data: VoxelArray, bits: BitVolume): number {
  let sum = 0;
  let count = 0;
  forEachRun(bits, (start, end, row) => {
    const base = row * bits.size[0];
    for (let at = base + start; at < base + end; at++) sum += data[at];
    count += end - start;
  });
  return count === 0 ? 0 : sum / count;
}

function countAbove(data: VoxelArray, bits: BitVolume, level: number): number {
  let count = 0;
  forEachRun(bits, (start, end, row) => {
    const base = row * bits.size[0];
    for (let at = base + start; at < base + end; at++) if (data[at] > level) count++;
  });
  return count;
}
