/**
 * Cubic smoothing spline: the natural cubic spline f minimising Σ wᵢ (yᵢ - f(tᵢ))² + λ ∫ f''(t)² dt.
 * Reinsch 1967 in the form of Green & Silverman 1994: a pentadiagonal system for the second derivatives at the knots,
 * solved by band LDLᵀ in O(n) per coordinate. λ = 0 interpolates, λ → ∞ gives the straight least-squares line.
 */
import { expectArgument } from '../argument-error.ts';
import type { Vec3 } from '../linear/index.ts';
import { cross3, dot3, norm3 } from '../linear/index.ts';

/** How strongly and with which weights a spline smooths. */
export interface SmoothingSplineOptions {
  /** λ · unit of t cubed (mm³ for a curve measured in mm); default 0: interpolation */
  readonly lambda?: number;
  /** instead of λ: the weighted root mean square distance to the points to be reached · unit of the points */
  readonly targetRms?: number;
  /** one per point, positive, default 1 */
  readonly weights?: ArrayLike<number>;
  /** strictly increasing parameter of each point; default the summed chord length from the first point */
  readonly t?: ArrayLike<number>;
}

/** A smooth curve in space with its derivatives by the parameter t. Outside the knots it runs on straight. */
export interface SplineCurve {
  readonly t: Float64Array;
  readonly lambda: number;
  /** weighted root mean square distance of the points from the curve · unit of the points */
  readonly rms: number;
  /** first and last parameter */
  readonly range: readonly [number, number];
  /** derivative of the given order (0 position, 1, 2, 3) at t */
  at(t: number, order?: 0 | 1 | 2 | 3): Vec3;
  /** curvature at t · 1 / unit of the points · not negative */
  curvature(t: number): number;
  /** torsion at t · 1 / unit of the points · 0 where the curve is straight */
  torsion(t: number): number;
  /** length of the curve between two parameters (Gauss-Legendre within each knot interval) */
  length(from?: number, to?: number): number;
}

/**
 * Fits a cubic smoothing spline through points in space.
 *
 * @param points - flat xyz · shape [3N], N ≥ 3 · in the order of the curve, neighbours distinct
 * @param options - smoothing, weights and parameter
 * @throws ArgumentError fewer than three points, a parameter that does not increase, a weight that is not positive
 * @see Reinsch 1967; Green & Silverman 1994
 * @example fitSmoothingSpline([0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3]).at(1.5) // [0, 0, 1.5]
 */
export function fitSmoothingSpline(points: ArrayLike<number>, options: SmoothingSplineOptions = {}): SplineCurve {
  const n = Math.floor(points.length / 3);
  expectArgument(n >= 3, 'points', n, 'at least 3 points');
  const t = parameterOf(points, n, options.t);
  const w = Float64Array.from({ length: n }, (_, i) => options.weights?.[i] ?? 1);
  for (let i = 0; i < n; i++) expectArgument(w[i] > 0, 'weights', w[i], 'positive weights');
  for (let i = 1; i < n; i++) expectArgument(t[i] > t[i - 1], 't', t[i], 'a strictly increasing parameter');
  let lambda = options.lambda ?? 0;
  if (options.targetRms !== undefined) lambda = lambdaForRms(t, w, points, options.targetRms);
  return curveOf(t, w, points, lambda);
}

function parameterOf(points: ArrayLike<number>, n: number, given?: ArrayLike<number>): Float64Array {
  if (given) return Float64Array.from(given);
  const t = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    const k = 3 * i;
    t[i] =
      t[i - 1] + Math.hypot(points[k] - points[k - 3], points[k + 1] - points[k - 2], points[k + 2] - points[k - 1]);
  }
  return t;
}

function lambdaForRms(t: Float64Array, w: Float64Array, points: ArrayLike<number>, target: number): number {
  const span = t[t.length - 1] - t[0];
  let low = -30;
  let high = 10;
  const rmsAt = (e: number) => curveOf(t, w, points, span ** 3 * Math.exp(e)).rms;
  if (rmsAt(high) <= target) return span ** 3 * Math.exp(high);
  if (rmsAt(low) >= target) return 0;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rmsAt(middle) < target) low = middle;
    else high = middle;
  }
  return span ** 3 * Math.exp((low + high) / 2);
}

/** Values and second derivatives at the knots of one coordinate. */
interface Knots {
  readonly g: Float64Array;
  readonly m: Float64Array;
}

function solveCoordinate(t: Float64Array, w: Float64Array, y: Float64Array, lambda: number): Knots {
  const n = t.length;
  const k = n - 2;
  const h = (i: number) => t[i + 1] - t[i];
  const q = (j: number): Vec3 => [1 / h(j), -1 / h(j) - 1 / h(j + 1), 1 / h(j + 1)];
  const d0 = new Float64Array(k);
  const d1 = new Float64Array(k);
  const d2 = new Float64Array(k);
  const x = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const a = q(j);
    const [u, v, z] = [1 / w[j], 1 / w[j + 1], 1 / w[j + 2]];
    d0[j] = (h(j) + h(j + 1)) / 3 + lambda * (a[0] * a[0] * u + a[1] * a[1] * v + a[2] * a[2] * z);
    if (j + 1 < k) d1[j] = h(j + 1) / 6 + lambda * (a[1] * q(j + 1)[0] * v + a[2] * q(j + 1)[1] * z);
    if (j + 2 < k) d2[j] = lambda * a[2] * q(j + 2)[0] * z;
    x[j] = a[0] * y[j] + a[1] * y[j + 1] + a[2] * y[j + 2];
  }
  solvePentadiagonal(d0, d1, d2, x);
  const m = new Float64Array(n);
  m.set(x, 1);
  const g = Float64Array.from(y);
  for (let j = 0; j < k; j++) {
    const a = q(j);
    for (let e = 0; e < 3; e++) g[j + e] -= (lambda * a[e] * x[j]) / w[j + e];
  }
  return { g, m };
}

/** Solves a symmetric positive definite band system in place by LDLᵀ; the answer is left in `x`. */
function solvePentadiagonal(d0: Float64Array, d1: Float64Array, d2: Float64Array, x: Float64Array): void {
  const k = d0.length;
  for (let j = 0; j < k; j++) {
    const l1 = d1[j] / d0[j];
    const l2 = d2[j] / d0[j];
    if (j + 1 < k) {
      d0[j + 1] -= l1 * d1[j];
      d1[j + 1] -= l1 * d2[j];
      x[j + 1] -= l1 * x[j];
    }
    if (j + 2 < k) {
      d0[j + 2] -= l2 * d2[j];
      x[j + 2] -= l2 * x[j];
    }
    d1[j] = l1;
    d2[j] = l2;
  }
  for (let j = k - 1; j >= 0; j--) {
    x[j] /= d0[j];
    if (j + 1 < k) x[j] -= d1[j] * x[j + 1];
    if (j + 2 < k) x[j] -= d2[j] * x[j + 2];
  }
}

function curveOf(t: Float64Array, w: Float64Array, points: ArrayLike<number>, lambda: number): SplineCurve {
  const n = t.length;
  const column = (d: number) => Float64Array.from({ length: n }, (_, i) => points[3 * i + d]);
  const axes = [0, 1, 2].map((d) => solveCoordinate(t, w, column(d), lambda));
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < n; i++) {
    weight += w[i];
    for (let d = 0; d < 3; d++) sum += w[i] * (points[3 * i + d] - axes[d].g[i]) ** 2;
  }
  const at = (s: number, order: 0 | 1 | 2 | 3 = 0): Vec3 => {
    const value = (d: number) => evaluateNatural(t, axes[d], s, order);
    return [value(0), value(1), value(2)];
  };
  const curvature = (s: number) => {
    const v = at(s, 1);
    const speed = norm3(v);
    return speed > 0 ? norm3(cross3(v, at(s, 2))) / speed ** 3 : 0;
  };
  const torsion = (s: number) => {
    const b = cross3(at(s, 1), at(s, 2));
    const bb = dot3(b, b);
    return bb > 1e-24 * norm3(at(s, 1)) ** 6 ? dot3(b, at(s, 3)) / bb : 0;
  };
  const length = (from = t[0], to = t[n - 1]) => arcLength(t, (s) => norm3(at(s, 1)), from, to);
  return { t, lambda, rms: Math.sqrt(sum / weight), range: [t[0], t[n - 1]], at, curvature, torsion, length };
}

function evaluateNatural(t: Float64Array, { g, m }: Knots, s: number, order: number): number {
  const n = t.length;
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (t[middle] <= s) low = middle;
    else high = middle;
  }
  const h = t[high] - t[low];
  const slope = (g[high] - g[low]) / h;
  if (s < t[0] || s > t[n - 1]) {
    const end = s < t[0] ? low : high;
    const tangent = s < t[0] ? slope - (h / 6) * (2 * m[low] + m[high]) : slope + (h / 6) * (m[low] + 2 * m[high]);
    return order === 0 ? g[end] + tangent * (s - t[end]) : order === 1 ? tangent : 0;
  }
  const a = (t[high] - s) / h;
  const b = (s - t[low]) / h;
  if (order === 0) return a * g[low] + b * g[high] + ((a ** 3 - a) * m[low] + (b ** 3 - b) * m[high]) * ((h * h) / 6);
  if (order === 1) return slope + (h / 6) * ((1 - 3 * a * a) * m[low] + (3 * b * b - 1) * m[high]);
  if (order === 2) return a * m[low] + b * m[high];
  return (m[high] - m[low]) / h;
}

const GAUSS_X = [0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664];
const GAUSS_W = [
  0.5688888888888889, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908,
];

function arcLength(t: Float64Array, speed: (s: number) => number, from: number, to: number): number {
  const cuts = [from, ...Array.from(t).filter((k) => k > from && k < to), to];
  let sum = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const half = (cuts[i + 1] - cuts[i]) / 2;
    const middle = (cuts[i + 1] + cuts[i]) / 2;
    for (let k = 0; k < 5; k++) sum += half * GAUSS_W[k] * speed(middle + half * GAUSS_X[k]);
  }
  return sum;
}
