/** Inverse and size of 3×3 matrices in flat arrays (row-major) for loops over samples: no allocation, O(1). */

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
