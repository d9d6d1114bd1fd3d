/**
 * Runs of a mask joined into components: one pass collects the runs of each row from its bit words, overlapping runs of
 * neighbouring rows are united (union-find with path halving, the smaller index wins). O(words + runs · α); background
 * costs one compare per 32 voxels. Labels count up in scan order of each component's first voxel.
 */
import type { BitVolume } from './bit-volume.ts';

/** Which neighbouring rows a run joins. */
export interface RowLinks {
  /** rows y - 1 of the same slice */
  readonly y: boolean;
  /** rows of slice z - 1 */
  readonly z: boolean;
  /** also across edges and corners of voxels */
  readonly diagonal: boolean;
}

/** Runs of all rows with the component each belongs to. */
export interface LabelledRuns {
  readonly count: number;
  /** first run of each row; one entry more than rows */
  readonly rowFirst: Uint32Array;
  /** first x of each run */
  readonly start: Int32Array;
  /** one past the last x of each run */
  readonly end: Int32Array;
  /** component of each run · 1 … count */
  readonly label: Uint32Array;
}

/**
 * Finds the runs of a mask and the component of each.
 *
 * @param bits - mask
 * @param links - neighbourhood
 */
export function labelRuns(bits: BitVolume, links: RowLinks): LabelledRuns {
  const [, ny, nz] = bits.size;
  const runs = collectRuns(bits);
  const parent = new Uint32Array(runs.total);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const reach = links.diagonal ? 1 : 0;
  const join = (row: number, other: number) => joinRows(runs, parent, row, other, reach);
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row++) {
      if (runs.rowFirst[row] === runs.rowFirst[row + 1]) continue;
      if (links.y && y > 0) join(row, row - 1);
      if (!links.z || z === 0) continue;
      join(row, row - ny);
      if (!links.diagonal) continue;
      if (y > 0) join(row, row - ny - 1);
      if (y + 1 < ny) join(row, row - ny + 1);
    }
  }
  const label = new Uint32Array(runs.total);
  let count = 0;
  for (let i = 0; i < runs.total; i++) label[i] = parent[i] === i ? ++count : label[findRoot(parent, i)];
  return { count, rowFirst: runs.rowFirst, start: runs.start, end: runs.end, label };
}

interface Runs {
  readonly total: number;
  readonly rowFirst: Uint32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

function collectRuns(bits: BitVolume): Runs {
  const { words, wordsPerRow } = bits;
  const rows = bits.size[1] * bits.size[2];
  const rowFirst = new Uint32Array(rows + 1);
  let capacity = 1 << 16;
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    rowFirst[row] = n;
    if (n + bits.size[0] > capacity) {
      capacity = 2 * capacity + bits.size[0];
      start = grown(start, capacity);
      end = grown(end, capacity);
    }
    const base = row * wordsPerRow;
    let flip = 0;
    for (let k = 0; k < wordsPerRow; k++) {
      let change = words[base + k] ^ flip;
      while (change !== 0) {
        const low = change & -change;
        const x = 32 * k + 31 - Math.clz32(low);
        if (flip === 0) start[n] = x;
        else end[n++] = x;
        flip = ~flip;
        // all bits from this one up change meaning; those below are done
        change = ~change & ~(low | (low - 1));
      }
    }
    if (flip !== 0) end[n++] = bits.size[0];
  }
  rowFirst[rows] = n;
  return { total: n, rowFirst, start, end };
}

function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(capacity);
  out.set(array);
  return out;
}

function findRoot(parent: Uint32Array, i: number): number {
  while (parent[i] !== i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

function joinRows(runs: Runs, parent: Uint32Array, row: number, other: number, reach: number): void {
  const { rowFirst, start, end } = runs;
  let a = rowFirst[row];
  let b = rowFirst[other];
  const lastA = rowFirst[row + 1];
  const lastB = rowFirst[other + 1];
  while (a < lastA && b < lastB) {
    if (end[b] + reach <= start[a]) b++;
    else if (end[a] + reach <= start[b]) a++;
    else {
      const p = findRoot(parent, a);
      const q = findRoot(parent, b);
      if (p < q) parent[q] = p;
      else parent[p] = q;
      if (end[a] < end[b]) a++;
      else b++;
    }
  }
}
