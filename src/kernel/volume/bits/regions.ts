/**
 * Holes, flooding and hysteresis: questions about which components of a mask touch something. Each is one component
 * labelling (O(words + runs)) on the mask or its complement, so none of them visits single voxels.
 */
import { expectArgument } from '../../argument-error.ts';
import type { Size3, VoxelArray } from '../types.ts';
import type { BitVolume } from './bit-volume.ts';
import { createBits, forEachRun, invertBits, setRun, thresholdBits } from './bit-volume.ts';
import type { Components, Connectivity } from './components.ts';
import { componentsOf, labelComponents } from './components.ts';
import { labelRuns } from './runs.ts';

function touchesFace(components: Components, axes: readonly number[]): (index: number) => boolean {
  return (index) => {
    const { min, max } = components.bounds(index);
    return axes.some((d) => min[d] === 0 || max[d] === components.size[d] - 1);
  };
}

/**
 * The 6-connected part of a mask that reaches one of the six faces of the volume.
 * @example countBits(floodFromFaces(maskToBits(new Uint8Array([1, 0, 1]), [3, 1, 1]))) // 2
 */
export function floodFromFaces(bits: BitVolume): BitVolume {
  const components = labelComponents(bits, 6);
  return components.select(touchesFace(components, [0, 1, 2]));
}

/**
 * Adds every hole: background that cannot be reached from the faces of the volume through voxel faces.
 *
 * @example countBits(fillHoles(maskToBits(new Uint8Array(27).fill(1).fill(0, 13, 14), [3, 3, 3]))) // 27
 */
export function fillHoles(bits: BitVolume): BitVolume {
  return invertBits(floodFromFaces(invertBits(bits)));
}

/**
 * Fills holes slice by slice: background that cannot reach the edge of its own slice.
 *
 * @param axis - axis the slices are stacked along: 0 x (sagittal), 1 y (coronal), 2 z (axial)
 * @throws ArgumentError for another axis
 * @example countBits(fillHolesSlicewise(maskToBits(new Uint8Array(9).fill(1).fill(0, 4, 5), [3, 3, 1]))) // 9
 */
export function fillHolesSlicewise(bits: BitVolume, axis: 0 | 1 | 2 = 2): BitVolume {
  expectArgument(axis === 0 || axis === 1 || axis === 2, 'axis', axis, '0, 1 or 2');
  if (axis === 0) return swapXY(fillHolesSlicewise(swapXY(bits), 1));
  const background = invertBits(bits);
  const runs = labelRuns(background, { y: axis === 2, z: axis === 1, diagonal: false });
  const components = componentsOf(background, runs);
  return invertBits(components.select(touchesFace(components, axis === 2 ? [0, 1] : [0, 2])));
}

function swapXY(bits: BitVolume): BitVolume {
  const [nx, ny, nz] = bits.size;
  const out = createBits([ny, nx, nz]);
  forEachRun(bits, (start, end, row) => {
    const z = Math.floor(row / ny);
    const y = row - z * ny;
    const bit = 1 << (y & 31);
    for (let x = start; x < end; x++) out.words[(x + nx * z) * out.wordsPerRow + (y >>> 5)] |= bit;
  });
  return out;
}

/**
 * Hysteresis threshold: the components of `low <= value <= max` that hold at least one voxel of `value >= high`.
 *
 * Keeps the dim rim of a bright structure and drops what is only dim (for bone: trabecular bone joined to cortex stays,
 * contrast-free soft tissue goes).
 *
 * @param data - x-fastest voxels
 * @param low - lowest value of the grown region · unit of the data
 * @param high - a region needs one voxel of at least this · unit of the data
 * @param max - highest value (to leave metal out); Infinity for no limit
 * @throws ArgumentError when the array does not fit the grid
 * @see Canny 1986
 * @example countBits(hysteresisThreshold(new Int16Array([150, 300, 0, 150]), [4, 1, 1], 100, 250, 3000, 6)) // 2
 */
export function hysteresisThreshold(
  data: VoxelArray,
  size: Size3,
  low: number,
  high: number,
  max: number,
  connectivity: Connectivity,
): BitVolume {
  return growFromSeeds(thresholdBits(data, size, low, max), thresholdBits(data, size, high, max), connectivity);
}

/**
 * The components of a mask that hold at least one voxel of the seeds.
 * @example countBits(growFromSeeds(maskToBits(new Uint8Array([1, 1, 0, 1]), [4, 1, 1]), maskToBits(new Uint8Array([1, 0, 0, 0]), [4, 1, 1]), 6)) // 2
 */
export function growFromSeeds(bits: BitVolume, seeds: BitVolume, connectivity: Connectivity): BitVolume {
  const components = labelComponents(bits, connectivity);
  const seeded = components.touching(seeds);
  return components.select((i) => seeded[i] === 1);
}

/**
 * Mask of a box of voxels.
 *
 * @param min - first voxel
 * @param max - last voxel, included
 * @example countBits(boxBits([4, 4, 4], [1, 1, 1], [2, 2, 3])) // 12
 */
export function boxBits(size: Size3, min: Size3, max: Size3): BitVolume {
  const out = createBits(size);
  for (let z = Math.max(0, min[2]); z <= Math.min(max[2], size[2] - 1); z++) {
    for (let y = Math.max(0, min[1]); y <= Math.min(max[1], size[1] - 1); y++) {
      const from = Math.max(0, min[0]);
      const to = Math.min(max[0], size[0] - 1) + 1;
      if (from < to) setRun(out.words, (y + size[1] * z) * out.wordsPerRow, from, to);
    }
  }
  return out;
}
