/** Connected components of masks, by runs and union-find (see `runs.ts`); what they measure and how to choose among them. */
import type { Bounds3, Size3 } from '../types.ts';
import { voxelCount } from '../types.ts';
import type { BitVolume } from './bit-volume.ts';
import { createBits, setRun } from './bit-volume.ts';
import type { LabelledRuns } from './runs.ts';
import { labelRuns } from './runs.ts';

/** Voxels touch by faces (6) or also by edges and corners (26). */
export type Connectivity = 6 | 26;

/** Connected components of a mask, numbered 1 … `count` in scan order of their first voxel. */
export interface Components {
  readonly size: Size3;
  readonly count: number;
  /** voxels of each component · shape [count + 1], index 0 unused */
  readonly sizes: Uint32Array;
  /** number of the largest component (the first of equals), 0 when there is none */
  readonly largest: number;
  /** smallest box around a component */
  bounds(index: number): Bounds3;
  /** label volume; 16 bit while the count allows it · x-fastest */
  toLabels(): Uint16Array | Int32Array;
  /** mask of one component, or of all that `choose` accepts */
  select(choose: number | ((index: number) => boolean)): BitVolume;
  /** true where a component holds at least one voxel of another mask of the same grid · shape [count + 1] */
  touching(other: BitVolume): Uint8Array;
}

/**
 * Finds the connected components of a mask.
 *
 * @param bits - mask
 * @param connectivity - 6 or 26
 * @example labelComponents(maskToBits(new Uint8Array([1, 0, 1]), [3, 1, 1]), 6).count // 2
 */
export function labelComponents(bits: BitVolume, connectivity: Connectivity): Components {
  return componentsOf(bits, labelRuns(bits, { y: true, z: true, diagonal: connectivity === 26 }));
}

/**
 * Components from labelled runs.
 *
 * @param bits - the mask the runs came from
 * @param runs - its runs with their labels
 */
export function componentsOf(bits: BitVolume, runs: LabelledRuns): Components {
  const { size } = bits;
  const { sizes, boxes } = measureRuns(size, runs);
  let largest = 0;
  for (let i = 1; i <= runs.count; i++) if (sizes[i] > sizes[largest]) largest = i;
  return {
    size,
    count: runs.count,
    sizes,
    largest,
    bounds: (index) => {
      const b = boxes.subarray(6 * index, 6 * index + 6);
      return { min: [b[0], b[1], b[2]], max: [b[3], b[4], b[5]] };
    },
    toLabels: () => paintLabels(size, runs),
    select: (choose) => selectRuns(size, runs, choose),
    touching: (other) => touchedRuns(other, runs),
  };
}

function measureRuns(size: Size3, runs: LabelledRuns): { sizes: Uint32Array; boxes: Int32Array } {
  const { rowFirst, start, end, label, count } = runs;
  const sizes = new Uint32Array(count + 1);
  const boxes = new Int32Array(6 * (count + 1)).fill(-1);
  for (let z = 0, row = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++, row++) {
      for (let i = rowFirst[row]; i < rowFirst[row + 1]; i++) {
        const b = 6 * label[i];
        if (sizes[label[i]] === 0) {
          boxes[b] = start[i];
          boxes[b + 1] = y;
          boxes[b + 2] = z;
        }
        sizes[label[i]] += end[i] - start[i];
        if (start[i] < boxes[b]) boxes[b] = start[i];
        if (y < boxes[b + 1]) boxes[b + 1] = y;
        if (end[i] - 1 > boxes[b + 3]) boxes[b + 3] = end[i] - 1;
        if (y > boxes[b + 4]) boxes[b + 4] = y;
        boxes[b + 5] = z;
      }
    }
  }
  return { sizes, boxes };
}

function paintLabels(size: Size3, runs: LabelledRuns): Uint16Array | Int32Array {
  const { rowFirst, start, end, label } = runs;
  const n = voxelCount(size);
  const out = runs.count < 65536 ? new Uint16Array(n) : new Int32Array(n);
  for (let row = 0; row < size[1] * size[2]; row++) {
    const base = row * size[0];
    for (let i = rowFirst[row]; i < rowFirst[row + 1]; i++) out.fill(label[i], base + start[i], base + end[i]);
  }
  return out;
}

function selectRuns(size: Size3, runs: LabelledRuns, choose: number | ((index: number) => boolean)): BitVolume {
  const { rowFirst, start, end, label, count } = runs;
  const keep = new Uint8Array(count + 1);
  for (let i = 1; i <= count; i++) keep[i] = (typeof choose === 'number' ? i === choose : choose(i)) ? 1 : 0;
  const out = createBits(size);
  for (let row = 0; row < size[1] * size[2]; row++) {
    for (let i = rowFirst[row]; i < rowFirst[row + 1]; i++) {
      if (keep[label[i]]) setRun(out.words, row * out.wordsPerRow, start[i], end[i]);
    }
  }
  return out;
}

function touchedRuns(other: BitVolume, runs: LabelledRuns): Uint8Array {
  const { rowFirst, start, end, label, count } = runs;
  const hit = new Uint8Array(count + 1);
  const rows = other.size[1] * other.size[2];
  for (let row = 0; row < rows; row++) {
    const base = row * other.wordsPerRow;
    for (let i = rowFirst[row]; i < rowFirst[row + 1]; i++) {
      if (!hit[label[i]] && anyBit(other.words, base, start[i], end[i])) hit[label[i]] = 1;
    }
  }
  return hit;
}

function anyBit(words: Uint32Array, base: number, start: number, end: number): boolean {
  const first = start >>> 5;
  const last = (end - 1) >>> 5;
  for (let k = first; k <= last; k++) {
    let word = words[base + k];
    if (k === first) word &= 0xffffffff << (start & 31);
    if (k === last) word &= 0xffffffff >>> (31 - ((end - 1) & 31));
    if (word !== 0) return true;
  }
  return false;
}

/**
 * Only the largest component; an empty mask stays empty.
 * @example countBits(keepLargestComponent(maskToBits(new Uint8Array([1, 0, 1, 1]), [4, 1, 1]), 6)) // 2
 */
export function keepLargestComponent(bits: BitVolume, connectivity: Connectivity): BitVolume {
  const components = labelComponents(bits, connectivity);
  return components.select(components.largest);
}
