/**
 * Graph of nearest neighbours among the rows of a table, as a sparse matrix ready for graph convolution.
 * Brute force over all pairs, rows²·columns; for the few thousand rows of a clinic's cohort that is below a second.
 */

/** Square sparse matrix by rows: entries of row r are at `start[r]` to `start[r + 1]`. */
export interface SparseSquare {
  rows: number;
  start: Uint32Array;
  column: Uint32Array;
  value: Float64Array;
}

/**
 * The `k` nearest rows of every row (itself left out), nearest first; ties go to the lower index.
 *
 * @param rows - row-major, shape [count, columns]
 * @param distance - of two rows by index; squared Euclidean when left out
 * @returns shape [count, min(k, count − 1)]
 * @example [...nearestRows(new Float64Array([0, 1, 5]), 3, 1, 1)] // [1, 0, 1]
 */
export function nearestRows(
  rows: ArrayLike<number>,
  count: number,
  columns: number,
  k: number,
  distance?: (a: number, b: number) => number,
): Uint32Array {
  const kept = Math.min(k, count - 1);
  const found = new Uint32Array(count * kept);
  const far = new Float64Array(count);
  const euclid = (a: number, b: number): number => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += (rows[a * columns + c] - rows[b * columns + c]) ** 2;
    return sum;
  };
  const between = distance ?? euclid;
  const order = Array.from({ length: count }, (_, i) => i);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) far[b] = b === a ? Number.POSITIVE_INFINITY : between(a, b);
    const nearest = order.slice().sort((p, q) => far[p] - far[q] || p - q);
    for (let n = 0; n < kept; n++) found[a * kept + n] = nearest[n];
  }
  return found;
}

/**
 * Symmetric neighbour graph with self loops, normalised as D^−½ (A + I) D^−½ (Kipf and Welling 2017).
 * @param neighbours - from {@link nearestRows}, shape [count, k]
 */
export function convolutionMatrix(neighbours: Uint32Array, count: number): SparseSquare {
  const k = neighbours.length / count;
  const sets = Array.from({ length: count }, (_, row) => new Set<number>([row]));
  for (let row = 0; row < count; row++) {
    for (let n = 0; n < k; n++) {
      sets[row].add(neighbours[row * k + n]);
      sets[neighbours[row * k + n]].add(row);
    }
  }
  const start = new Uint32Array(count + 1);
  sets.forEach((set, row) => {
    start[row + 1] = start[row] + set.size;
  });
  const column = new Uint32Array(start[count]);
  const value = new Float64Array(start[count]);
  sets.forEach((set, row) => {
    [...set]
      .sort((a, b) => a - b)
      .forEach((other, n) => {
        column[start[row] + n] = other;
        value[start[row] + n] = 1 / Math.sqrt(set.size * sets[other].size);
      });
  });
  return { rows: count, start, column, value };
}

/**
 * The matrix that mixes nothing: a graph network over it is a plain network.
 * @example identitySparse(2).value.length // 2
 */
export function identitySparse(count: number): SparseSquare {
  return {
    rows: count,
    start: Uint32Array.from({ length: count + 1 }, (_, row) => row),
    column: Uint32Array.from({ length: count }, (_, row) => row),
    value: new Float64Array(count).fill(1),
  };
}

/**
 * Sparse times dense.
 * @param dense - row-major, shape [matrix.rows, columns]
 */
export function sparseTimes(matrix: SparseSquare, dense: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(matrix.rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.start[row]; at < matrix.start[row + 1]; at++) {
      const factor = matrix.value[at];
      const from = matrix.column[at] * columns;
      for (let c = 0; c < columns; c++) out[row * columns + c] += factor * dense[from + c];
    }
  }
  return out;
}
