/** Products and inverse of 3×3 matrices in flat arrays (row-major) for loops over samples: no allocation, O(1). */

/** `out = a · b`; `out` may be neither. */
export function multiplyFlat3(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let r = 0; r < 9; r += 3) {
    const x = a[r];
    const y = a[r + 1];
    const z = a[r + 2];
    out[r] = x * b[0] + y * b[3] + z * b[6];
    out[r + 1] = x * b[1] + y * b[4] + z * b[7];
    out[r + 2] = x * b[2] + y * b[5] + z * b[8];
  }
}

/** `out = a · bᵀ`; `out` may be neither. */
export function multiplyByTransposedFlat3(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let r = 0; r < 9; r += 3) {
    const x = a[r];
    const y = a[r + 1];
    const z = a[r + 2];
    out[r] = x * b[0] + y * b[1] + z * b[2];
    out[r + 1] = x * b[3] + y * b[4] + z * b[5];
    out[r + 2] = x * b[6] + y * b[7] + z * b[8];
  }
}

/** `out = m⁻¹`, all zero where the determinant is zero to rounding; `at` and `outAt` are where the matrices begin; may be the same. */
export function invertFlat3(m: Float64Array, at: number, out: Float64Array, outAt: number): void {
  const a = m[at];
  const b = m[at + 1];
  const c = m[at + 2];
  const d = m[at + 3];
  const e = m[at + 4];
  const f = m[at + 5];
  const g = m[at + 6];
  const h = m[at + 7];
  const i = m[at + 8];
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const determinant = a * A + b * B + c * C;
  if (Math.abs(determinant) <= Number.EPSILON) {
    out.fill(0, outAt, outAt + 9);
    return;
  }
  out[outAt] = A / determinant;
  out[outAt + 1] = (c * h - b * i) / determinant;
  out[outAt + 2] = (b * f - c * e) / determinant;
  out[outAt + 3] = B / determinant;
  out[outAt + 4] = (a * i - c * g) / determinant;
  out[outAt + 5] = (c * d - a * f) / determinant;
  out[outAt + 6] = C / determinant;
  out[outAt + 7] = (b * g - a * h) / determinant;
  out[outAt + 8] = (a * e - b * d) / determinant;
}

/** Largest sum of absolute values in a row: bounds the largest eigenvalue (Gershgorin). */
export function largestRowSum3(m: Float64Array, at = 0): number {
  const first = Math.abs(m[at]) + Math.abs(m[at + 1]) + Math.abs(m[at + 2]);
  const second = Math.abs(m[at + 3]) + Math.abs(m[at + 4]) + Math.abs(m[at + 5]);
  const third = Math.abs(m[at + 6]) + Math.abs(m[at + 7]) + Math.abs(m[at + 8]);
  return Math.max(first, second, third);
}
