/**
 * Tilt of a flat endplate from the grey levels about it, for plates whose label leaves the tilt open.
 *
 * Across a flat plate the grey level is one profile p(distance to the plane) wherever on the plate one looks, because voxels hold their
 * share of what they cover. Profile (cubic B-spline), slow changes of brightness on either side (marrow; disc, fat, muscle) and the
 * two tilts are fitted together to all voxels within a few mm by robust Gauss-Newton. Nothing is asked of the profile, no threshold, no thickness of
 * cortex; so the offset, which a profile of unknown shape cannot tell, stays the label's. O(voxels near the plate × 16) a round.
 *
 * Doubt: sandwich of the voxels' scores summed in patches (neighbouring voxels share noise and texture), and a share of a voxel
 * for plates that are not quite flat and profiles that are not quite the same everywhere.
 */

import { MAD_TO_SD, median } from '../../../kernel/index.ts';
import type { Volume } from '../../../model/index.ts';
import { ijkToLocal, type LocalFrame } from '../label/local-frame.ts';
import { cellAt, type Footprint } from './footprint.ts';
import type { FitFrame } from './interval-fit.ts';
import { cholesky, invertFactored, solveFactored } from './solve.ts';
import { type Surface, surfaceAt } from './surface.ts';

/** What the grey levels tell of a plate's two linear terms. */
export interface GreyTilt {
  /** linear terms of the surface (see Surface) · mm */
  terms: readonly [number, number];
  /** their covariance, row-major 2×2 · mm² */
  covariance: Float64Array;
}

/** Voxels of the volume near a plate. */
interface NearVoxels {
  count: number;
  /** place on the plate in units of its half extent, distance to the start surface in mm, grey level · shape [4 × count] */
  values: Float64Array;
  /** voxel edge across the plate · mm */
  voxelMm: number;
}

/** Half thickness of the layer that is looked at: the cortex and its blur, not the next plate beyond a thin disc · mm. */
const REACH_MM = 2.5;
/** … and at least this many voxels. */
const REACH_VOXELS = 1.5;
/** Distance of the spline's knots, in voxels. */
const KNOT_VOXELS = 0.6;
const ROUNDS = 40;
/** Tukey's constant, in robust standard deviations. */
const TUKEY = 4.7;
/** Edge of a patch whose voxels count as one witness · mm. */
const PATCH_MM = 4;
/**
 * By how much the edge may seem moved at a plate's rim, in voxels, one standard deviation. A plate along the grid shows its profile at
 * one phase of the voxels only; between them it is guessed, and where no layer lies on a flank of the cortex little is told.
 */
const FLOOR_SHARE = 0.07;
/**
 * Coarser voxels are not looked at: on virtual columns the tilt is good to 0.08° (root mean square) at 1 mm, but heads of ribs blur into
 * thoracic plates from 1.25 mm on (0.6°, at 2 mm 2.7°, all forward or backward).
 */
const LARGEST_VOXEL_MM = 1.1;
/** Fewest voxels to fit. */
const LEAST_VOXELS = 300;

/**
 * Finds the tilt of a plate in a volume.
 *
 * @param start - surface of degree 1 from the label, within two voxels of the truth
 * @param uses - cells of the footprint to look at
 * @returns undefined where voxels are coarse, too little of the volume lies there, or the fit does not settle
 */
export function greyTilt(
  volume: Volume,
  frame: LocalFrame,
  footprint: Footprint,
  start: Surface,
  fitFrame: FitFrame,
  uses: Uint8Array,
): GreyTilt | undefined {
  const across = ijkToLocal(volume, [0, 0, 0], frame);
  if (Math.hypot(across[8], across[9], across[10]) > LARGEST_VOXEL_MM) return undefined;
  const near = gather(volume, frame, footprint, start, uses);
  if (near.count < LEAST_VOXELS) return undefined;
  const reach = Math.max(REACH_MM, REACH_VOXELS * near.voxelMm);
  const knot = KNOT_VOXELS * near.voxelMm;
  const splines = Math.ceil((2 * reach) / knot) + 3;
  const n = splines + EXTRA;
  const tilt = new Float64Array(2);
  let state: { terms: Float64Array; spread: number } = { terms: new Float64Array(n), spread: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    const model: Model = { splines, knot, reach, side: fitFrame.side, tilt, terms: state.terms };
    const system = normalEquations(near, model, round === 0 ? Infinity : state.spread);
    const factor = cholesky(system.matrix, n);
    if (!factor) return undefined;
    const terms = solveFactored(factor, system.right, n);
    // the first round has no profile yet and so no tilt
    const move = round === 0 ? [0, 0] : [terms[n - 2], terms[n - 1]];
    const limit = 0.5 * near.voxelMm;
    tilt[0] += Math.max(-limit, Math.min(limit, move[0]));
    tilt[1] += Math.max(-limit, Math.min(limit, move[1]));
    terms[n - 2] = terms[n - 1] = 0;
    const spread = spreadOf(near, { ...model, terms });
    state = { terms, spread };
    if (round > 2 && Math.hypot(move[0], move[1]) < 1.5e-3 * near.voxelMm) {
      const covariance = sandwich(near, { ...model, terms }, spread, factor, fitFrame.scale);
      return { terms: [start.terms[1] + tilt[0], start.terms[2] + tilt[1]], covariance };
    }
  }
  return undefined;
}

function gather(volume: Volume, frame: LocalFrame, footprint: Footprint, start: Surface, uses: Uint8Array): NearVoxels {
  const m = ijkToLocal(volume, [0, 0, 0], frame);
  const voxelMm = Math.hypot(m[8], m[9], m[10]);
  const reach = Math.max(REACH_MM, REACH_VOXELS * voxelMm) + 2 * voxelMm;
  const [from, to] = voxelBox(volume, m, footprint, start, reach);
  const values: number[] = [];
  const [nx, ny] = volume.size;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      for (let i = from[0]; i < to[0]; i++) {
        const u = m[0] * i + m[1] * j + m[2] * k + m[3];
        const v = m[4] * i + m[5] * j + m[6] * k + m[7];
        const cell = cellAt(footprint, u, v);
        if (cell < 0 || !uses[cell]) continue;
        const d = m[8] * i + m[9] * j + m[10] * k + m[11] - surfaceAt(start, u, v);
        if (Math.abs(d) > reach) continue;
        values.push((u - start.u0) / start.scale, (v - start.v0) / start.scale, d, volume.data[i + nx * (j + ny * k)]);
      }
    }
  }
  return { count: values.length / 4, values: Float64Array.from(values), voxelMm };
}

/** Voxels that can lie within `reach` of the surface over the footprint: first and one past the last index. */
function voxelBox(volume: Volume, m: Float64Array, f: Footprint, start: Surface, reach: number): [number[], number[]] {
  const from = [Infinity, Infinity, Infinity];
  const to = [-Infinity, -Infinity, -Infinity];
  const lengths = [0, 1, 2].map((a) => m[a] ** 2 + m[4 + a] ** 2 + m[8 + a] ** 2);
  for (let corner = 0; corner < 8; corner++) {
    const u = f.u0 + (corner & 1 ? f.nu * f.cell : 0);
    const v = f.v0 + (corner & 2 ? f.nv * f.cell : 0);
    const w = surfaceAt(start, u, v) + (corner & 4 ? reach : -reach);
    for (let a = 0; a < 3; a++) {
      const at = (m[a] * (u - m[3]) + m[4 + a] * (v - m[7]) + m[8 + a] * (w - m[11])) / lengths[a];
      from[a] = Math.min(from[a], at);
      to[a] = Math.max(to[a], at);
    }
  }
  return [
    from.map((at) => Math.max(0, Math.floor(at))),
    to.map((at, a) => Math.min(volume.size[a], Math.ceil(at) + 1)),
  ];
}

interface Model {
  splines: number;
  knot: number;
  reach: number;
  side: 1 | -1;
  tilt: Float64Array;
  /** spline coefficients, brightness inside (2) and outside (5) over the plate, tilts (2) */
  terms: Float64Array;
}

interface Basis {
  first: number;
  /** four B-splines and their slopes */
  values: Float64Array;
  slopes: Float64Array;
}

const basis: Basis = { first: 0, values: new Float64Array(4), slopes: new Float64Array(4) };

/** Cubic B-splines at a distance; false beyond the reach. */
function splinesAt(model: Model, d: number): boolean {
  if (Math.abs(d) >= model.reach) return false;
  const x = (d + model.reach) / model.knot;
  const first = Math.floor(x);
  const t = x - first;
  const r = 1 - t;
  basis.first = first;
  const { values, slopes } = basis;
  values[0] = (r * r * r) / 6;
  values[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
  values[2] = (3 * r * r * r - 6 * r * r + 4) / 6;
  values[3] = (t * t * t) / 6;
  slopes[0] = (-r * r) / 2 / model.knot;
  slopes[1] = (3 * t * t - 4 * t) / 2 / model.knot;
  slopes[2] = (4 * r - 3 * r * r) / 2 / model.knot;
  slopes[3] = (t * t) / 2 / model.knot;
  return true;
}

/** Terms beside the spline. */
const EXTRA = 9;
/** Blur of a voxel and a scanner, in voxels. */
const BLUR_VOXELS = 1.3;

/** Row of one voxel in `row`, and what the model says; undefined beyond the reach. */
function rowAt(near: NearVoxels, v: number, model: Model, row: Float64Array): number | undefined {
  const { values } = near;
  const [s, t] = [values[4 * v], values[4 * v + 1]];
  const d = values[4 * v + 2] - model.tilt[0] * s - model.tilt[1] * t;
  if (!splinesAt(model, d)) return undefined;
  row.fill(0);
  const { splines: k, terms } = model;
  const outside = Math.min(1, Math.max(0, 0.5 + (model.side * d) / (BLUR_VOXELS * near.voxelMm)));
  row.set([(1 - outside) * s, (1 - outside) * t], k);
  row.set([outside * s, outside * t, outside * s * s, outside * s * t, outside * t * t], k + 2);
  let slope = 0;
  let value = 0;
  for (let b = k; b < k + 7; b++) value += terms[b] * row[b];
  for (let b = 0; b < 4; b++) {
    row[basis.first + b] = basis.values[b];
    value += terms[basis.first + b] * basis.values[b];
    slope += terms[basis.first + b] * basis.slopes[b];
  }
  row[k + 7] = -slope * s;
  row[k + 8] = -slope * t;
  return value;
}

function tukey(residual: number, spread: number): number {
  const z = residual / (TUKEY * spread);
  return Number.isFinite(spread) ? Math.max(0, 1 - z * z) ** 2 : 1;
}

function normalEquations(near: NearVoxels, model: Model, spread: number) {
  const n = model.splines + EXTRA;
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  const row = new Float64Array(n);
  for (let v = 0; v < near.count; v++) {
    const value = rowAt(near, v, model, row);
    if (value === undefined) continue;
    const grey = near.values[4 * v + 3];
    const weight = tukey(grey - value, spread);
    for (let a = 0; a < n; a++) {
      if (row[a] === 0) continue;
      const wa = weight * row[a];
      right[a] += wa * grey;
      for (let b = 0; b <= a; b++) matrix[a * n + b] += wa * row[b];
    }
  }
  // a slight pull of neighbouring coefficients to a straight line, for knots that no voxel sees
  const pull = 1e-3 * (near.count / model.splines);
  for (let a = 1; a + 1 < model.splines; a++) {
    const parts = [1, -2, 1];
    for (let p = 0; p < 3; p++)
      for (let q = 0; q <= p; q++) matrix[(a - 1 + p) * n + a - 1 + q] += pull * parts[p] * parts[q];
  }
  for (let a = 0; a < n; a++) matrix[a * n + a] += 1e-9 * near.count;
  return { matrix, right };
}

function spreadOf(near: NearVoxels, model: Model): number {
  const row = new Float64Array(model.splines + EXTRA);
  const sizes: number[] = [];
  for (let v = 0; v < near.count; v++) {
    const value = rowAt(near, v, model, row);
    if (value !== undefined) sizes.push(Math.abs(near.values[4 * v + 3] - value));
  }
  return Math.max(1e-6, MAD_TO_SD * median(sizes));
}

/** Covariance of the tilts: scores summed in patches between two inverses of the information, and the floor. */
function sandwich(near: NearVoxels, model: Model, spread: number, factor: Float64Array, scale: number): Float64Array {
  const n = model.splines + EXTRA;
  const row = new Float64Array(n);
  const patches = new Map<number, Float64Array>();
  for (let v = 0; v < near.count; v++) {
    const value = rowAt(near, v, model, row);
    if (value === undefined) continue;
    const residual = near.values[4 * v + 3] - value;
    const score = tukey(residual, spread) * residual;
    const [a, b] = [0, 1].map((axis) => Math.floor((near.values[4 * v + axis] * scale) / PATCH_MM) + 500);
    const sums = patches.get(a + 1000 * b) ?? new Float64Array(n);
    for (let r = 0; r < n; r++) sums[r] += score * row[r];
    patches.set(a + 1000 * b, sums);
  }
  const inverse = invertFactored(factor, n);
  const floor = (FLOOR_SHARE * near.voxelMm) ** 2;
  const out = Float64Array.from([floor, 0, 0, floor]);
  for (const sums of patches.values()) {
    const at = [n - 2, n - 1].map((r) => sums.reduce((sum, g, c) => sum + inverse[r * n + c] * g, 0));
    for (let r = 0; r < 2; r++) for (let c = 0; c < 2; c++) out[2 * r + c] += at[r] * at[c];
  }
  return out;
}
