/**
 * Cholesky factor of a symmetric positive definite matrix, and what follows from it: solutions, inverse, log-determinant.
 * Textbook row-by-row form, n³/6 multiplications; matrices here have at most a few hundred rows, where blocking gains nothing.
 */

import { ArgumentError } from '../argument-error.ts';

/**
 * Lower factor L with L Lᵀ = A; row-major, shape [n, n], upper part 0. `a` is not changed.
 *
 * @param a - symmetric positive definite, row-major, shape [n, n]; only the lower part is read
 * @throws ArgumentError the matrix is not positive definite
 * @example [...cholesky(new Float64Array([4, 2, 2, 5]), 2)] // [2, 0, 1, 2]
 */
export function cholesky(a: ArrayLike<number>, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column];
      for (let k = 0; k < column; k++) sum -= factor[row * n + k] * factor[column * n + k];
      if (row !== column) factor[row * n + column] = sum / factor[column * n + column];
      else if (sum > 0) factor[row * n + row] = Math.sqrt(sum);
      else throw new ArgumentError('a', `pivot ${sum} in row ${row}`, 'a positive definite matrix');
    }
  }
  return factor;
}

/**
 * Solves L Lᵀ x = b.
 *
 * @param factor - from {@link cholesky}, shape [n, n]
 * @param b - shape [n]; not changed
 * @example [...choleskySolve(new Float64Array([2, 0, 1, 2]), new Float64Array([4, 2]), 2)] // [1, 0]
 */
export function choleskySolve(factor: Float64Array, b: ArrayLike<number>, n: number): Float64Array {
  const x = Float64Array.from(b);
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) x[row] -= factor[row * n + k] * x[k];
    x[row] /= factor[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) x[row] -= factor[k * n + row] * x[k];
    x[row] /= factor[row * n + row];
  }
  return x;
}

/** Inverse of L Lᵀ; row-major, symmetric, shape [n, n]. */
export function choleskyInverse(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let column = 0; column < n; column++) {
    unit.fill(0);
    unit[column] = 1;
    inverse.set(choleskySolve(factor, unit, n), column * n);
  }
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const mean = (inverse[row * n + column] + inverse[column * n + row]) / 2;
      inverse[row * n + column] = mean;
      inverse[column * n + row] = mean;
    }
  }
  return inverse;
}

/** Natural logarithm of the determinant of L Lᵀ. */
export function choleskyLogDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let row = 0; row < n; row++) sum += Math.log(factor[row * n + row]);
  return 2 * sum;
}
