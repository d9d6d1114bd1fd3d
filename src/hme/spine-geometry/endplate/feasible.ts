/**
 * All surfaces that a clean label allows. Every voxel centre inside the label lies below the surface, every one outside above: each is
 * one linear inequality on the surface's terms, together a convex polytope. Its mean is the estimate, its spread the doubt.
 *
 * Sampled by hit-and-run (Smith 1984) with directions shaped by the samples so far; O(steps × pairs × terms), repeatable.
 * Tried: the likelihood's peak and curvature. Where a plate lies along the grid and one contour line crosses it, any tilt up to two
 * voxels over its width is allowed; the peak sits at the steep end (err 2.0°, claimed ±0.15°), the mean in the middle with ±1.2°.
 */

import { createRandom, type Random } from '../../../kernel/index.ts';
import { cholesky } from './solve.ts';

/** Linear inequalities rows·θ ≤ limits. */
export interface Inequalities {
  /** row-major · shape [count × terms] */
  rows: Float64Array;
  limits: Float64Array;
  count: number;
  terms: number;
}

/** Mean and covariance of the points of a polytope. */
export interface PolytopeSample {
  mean: Float64Array;
  covariance: Float64Array;
  /** by how much the inequalities had to be loosened · unit of the terms */
  slack: number;
}

/** Largest amount by which a point breaks the inequalities; 0 inside. */
export function largestViolation(system: Inequalities, point: Float64Array): number {
  let worst = 0;
  for (let i = 0, o = 0; i < system.count; i++, o += system.terms) {
    let sum = -system.limits[i];
    for (let k = 0; k < system.terms; k++) sum += system.rows[o + k] * point[k];
    if (sum > worst) worst = sum;
  }
  return worst;
}

/** Steps per round and three terms; every round takes its directions from the one before. */
const ROUNDS = [200, 400, 800, 2400] as const;
/** Probes per term that look for the inequalities that matter. */
const PROBES = 130;

/**
 * Samples the polytope of inequalities around a point that may break them a little.
 *
 * The inequalities are loosened by what the start breaks; the mean then mostly breaks less, so the slack shrinks round by round until
 * the set is the one the voxels really allow (or one loosened by a label's own small faults).
 *
 * @param reach - how far terms may move from the start · unit of the terms
 * @param least - slack below which rounds stop · unit of the terms
 */
export function samplePolytope(all: Inequalities, start: Float64Array, reach: number, least: number): PolytopeSample {
  const random = createRandom(17 + all.terms);
  const system = tightest(all, start, reach, random);
  let slack = largestViolation(system, start) + least;
  let sample = hitAndRun(system, start, slack, random);
  for (let round = 0; round < 4 && slack > 2 * least; round++) {
    const next = largestViolation(system, sample.mean) + least;
    if (next > 0.9 * slack) break;
    slack = next;
    sample = hitAndRun(system, sample.mean, slack, random);
  }
  return sample;
}

/** Hit-and-run from a point inside the polytope loosened by `slack`. */
function hitAndRun(system: Inequalities, start: Float64Array, slack: number, random: Random): PolytopeSample {
  const n = system.terms;
  const room = new Float64Array(system.count);
  for (let i = 0, o = 0; i < system.count; i++, o += n) {
    let sum = system.limits[i] + slack;
    for (let k = 0; k < n; k++) sum -= system.rows[o + k] * start[k];
    room[i] = Math.max(1e-12, sum);
  }
  const point = start.slice();
  let shape: Float64Array | undefined;
  let sample: PolytopeSample = { mean: start, covariance: new Float64Array(n * n), slack };
  for (const steps of ROUNDS) {
    sample = { ...walk(system, point, room, shape, Math.round((steps * n) / 3), random), slack };
    shape = cholesky(lifted(sample.covariance, n), n);
  }
  return sample;
}

/**
 * Inequalities that bind first for some surface near the start, in both groups (inside and outside voxels lie in turn). All others
 * are implied by them, up to what the probes miss.
 */
function tightest(all: Inequalities, start: Float64Array, reach: number, random: Random): Inequalities {
  const { terms: n, rows, limits, count } = all;
  const binding = new Set<number>();
  const probe = new Float64Array(n);
  for (let p = 0; p < PROBES * n; p++) {
    const size = reach * 0.01 ** random.uniform();
    for (let k = 0; k < n; k++) probe[k] = start[k] + (k === 0 ? 0 : size * random.normal());
    const worst = [-Infinity, -Infinity];
    const at = [0, 0];
    for (let i = 0, o = 0; i < count; i++, o += n) {
      let sum = -limits[i];
      for (let k = 0; k < n; k++) sum += rows[o + k] * probe[k];
      const side = i & 1;
      if (sum > worst[side]) [worst[side], at[side]] = [sum, i];
    }
    binding.add(at[0]).add(at[1]);
  }
  const kept = [...binding];
  const out: Inequalities = {
    rows: new Float64Array(kept.length * n),
    limits: new Float64Array(kept.length),
    count: kept.length,
    terms: n,
  };
  kept.forEach((i, r) => {
    out.rows.set(rows.subarray(i * n, i * n + n), r * n);
    out.limits[r] = limits[i];
  });
  return out;
}

/** A covariance kept away from zero, so that its root exists. */
function lifted(covariance: Float64Array, n: number): Float64Array {
  const out = covariance.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += out[i * n + i];
  for (let i = 0; i < n; i++) out[i * n + i] += 1e-4 * (trace / n) + 1e-14;
  return out;
}

function walk(
  system: Inequalities,
  point: Float64Array,
  room: Float64Array,
  shape: Float64Array | undefined,
  steps: number,
  random: Random,
): { mean: Float64Array; covariance: Float64Array } {
  const { terms: n, rows, count } = system;
  const direction = new Float64Array(n);
  const along = new Float64Array(count);
  const sum = new Float64Array(n);
  const products = new Float64Array(n * n);
  for (let step = 0; step < steps; step++) {
    drawDirection(direction, shape, random);
    let [low, high] = [-1e6, 1e6];
    for (let i = 0, o = 0; i < count; i++, o += n) {
      let slope = 0;
      for (let k = 0; k < n; k++) slope += rows[o + k] * direction[k];
      along[i] = slope;
      if (slope > 1e-12) high = Math.min(high, room[i] / slope);
      else if (slope < -1e-12) low = Math.max(low, room[i] / slope);
    }
    const t = low + (high - low) * random.uniform();
    for (let i = 0; i < count; i++) room[i] = Math.max(1e-12, room[i] - t * along[i]);
    for (let k = 0; k < n; k++) point[k] += t * direction[k];
    for (let a = 0; a < n; a++) {
      sum[a] += point[a];
      for (let b = 0; b < n; b++) products[a * n + b] += point[a] * point[b];
    }
  }
  const mean = sum.map((s) => s / steps);
  return { mean, covariance: products.map((p, i) => p / steps - mean[Math.floor(i / n)] * mean[i % n]) };
}

function drawDirection(out: Float64Array, shape: Float64Array | undefined, random: Random): void {
  const n = out.length;
  const z = Float64Array.from({ length: n }, () => random.normal());
  if (!shape) {
    out.set(z);
    return;
  }
  for (let r = 0; r < n; r++) {
    let sum = 0;
    for (let c = 0; c <= r; c++) sum += shape[r * n + c] * z[c];
    out[r] = sum;
  }
}
