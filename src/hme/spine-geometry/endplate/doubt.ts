/**
 * How sure an endplate is: what the voxels leave open, plus what the label's own roughness does to the fit.
 *
 * 1. Voxels. The inverse information of the interval likelihood: wide where the plate lies along the grid and few voxels say
 *    anything about its tilt, narrow where many contour lines cross it.
 * 2. Roughness. Tightly bracketed points of the boundary scatter about the surface. Their mean squares and their products at
 *    growing distance give standard deviation and correlation length of the label's error (moments, corrected for what the fit
 *    absorbs), pooled over all plates of a label map; least squares under a Gaussian correlation turns them into covariance.
 *
 * 3. Alignment. Where contour lines run along a row of voxels, a whole row tells the same thing; the likelihood takes it for many.
 *
 * O(patches² × terms²), about 150 patches a plate.
 * Tried: likelihood information alone covers 90 % on clean labels but 20 % on rough ones (0.4 mm, 4 mm long).
 */

import { median } from '../../../kernel/index.ts';
import type { Crossings } from './crossings.ts';
import type { FitFrame, SurfaceFit } from './interval-fit.ts';
import { cholesky, invertFactored } from './solve.ts';
import { monomials, surfaceSlopes, termCount } from './surface.ts';

/** Error of a label's boundary along the plate's normal. */
export interface BoundaryNoise {
  /** standard deviation · mm */
  sdMm: number;
  /** length of its Gaussian correlation exp(-r² / 2L²) · mm */
  lengthMm: number;
}

/** What one plate tells of the boundary's error. */
export interface NoiseEvidence {
  /** monomials at each patch · shape [patches × terms] */
  rows: Float64Array;
  /** place of each patch · u, v · mm · shape [2 × patches] */
  places: Float64Array;
  /** mean distance of tight points to the surface, NaN where a patch has none · mm */
  residuals: Float64Array;
  patches: number;
  terms: number;
  /** sums and counts of residual products by distance (see LAGS_MM) · mm² */
  products: Float64Array;
  counts: Float64Array;
}

/** Upper ends of the distance classes of residual products; the first class is a patch with itself · mm. */
const LAGS_MM = [0.01, 3, 4.5, 6, 8, 10] as const;
const LENGTHS_MM = [1, 1.5, 2, 2.7, 3.5, 4.5, 6, 8] as const;

/** Gathers patches of the boundary and the scatter of tightly bracketed points. */
export function noiseEvidence(crossings: Crossings, fit: SurfaceFit, frame: FitFrame, use: Uint8Array): NoiseEvidence {
  const size = Math.max(2, 1.5 * frame.voxelMm, frame.scale / 6);
  const found = new Map<number, { n: number; u: number; v: number; tight: number; r: number; q: number }>();
  const p = crossings.places;
  for (let c = 0; c < crossings.count; c++) {
    if (!use[c]) continue;
    const o = 6 * c;
    const [u, v] = [(p[o] + p[o + 3]) / 2, (p[o + 1] + p[o + 4]) / 2];
    const key = Math.floor((u - frame.u0) / size) + 500 + 1000 * (Math.floor((v - frame.v0) / size) + 500);
    const patch = found.get(key) ?? { n: 0, u: 0, v: 0, tight: 0, r: 0, q: 0 };
    patch.n++;
    patch.u += u;
    patch.v += v;
    const [su, sv] = surfaceSlopes(fit.surface, u, v);
    const gap = p[o + 5] - p[o + 2] - su * (p[o + 3] - p[o]) - sv * (p[o + 4] - p[o + 1]);
    if (Math.abs(gap) < 0.6 * frame.voxelMm) {
      patch.tight++;
      patch.r += fit.residuals[c];
      patch.q += (gap * gap) / 12;
    }
    found.set(key, patch);
  }
  const patches = [...found.values()].filter((patch) => patch.n >= 2);
  const terms = termCount(fit.surface.degree);
  const rows = new Float64Array(patches.length * terms);
  const places = new Float64Array(2 * patches.length);
  const residuals = new Float64Array(patches.length);
  const quantum = new Float64Array(patches.length);
  patches.forEach((patch, i) => {
    places.set([patch.u / patch.n, patch.v / patch.n], 2 * i);
    monomials(
      (places[2 * i] - frame.u0) / frame.scale,
      (places[2 * i + 1] - frame.v0) / frame.scale,
      fit.surface.degree,
      rows,
      i * terms,
    );
    residuals[i] = patch.tight > 0 ? patch.r / patch.tight : Number.NaN;
    quantum[i] = patch.tight > 0 ? patch.q / (patch.tight * patch.tight) : 0;
  });
  const evidence = { rows, places, residuals, patches: patches.length, terms };
  return { ...evidence, ...lagProducts(places, residuals, quantum) };
}

function lagProducts(places: Float64Array, residuals: Float64Array, quantum: Float64Array) {
  const products = new Float64Array(LAGS_MM.length);
  const counts = new Float64Array(LAGS_MM.length);
  for (let a = 0; a < residuals.length; a++) {
    if (Number.isNaN(residuals[a])) continue;
    products[0] += residuals[a] ** 2 - quantum[a];
    counts[0]++;
    for (let b = 0; b < a; b++) {
      if (Number.isNaN(residuals[b])) continue;
      const r = Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]);
      const lag = lagOf(r);
      if (lag === LAGS_MM.length) continue;
      products[lag] += residuals[a] * residuals[b];
      counts[lag]++;
    }
  }
  return { products, counts };
}

/** Σ over pairs of patches of φ·φᵀ·exp(-r²/2L²). */
function correlationMoment(e: NoiseEvidence, lengthMm: number): Float64Array {
  const n = e.terms;
  const moment = new Float64Array(n * n);
  const mixed = new Float64Array(n);
  for (let a = 0; a < e.patches; a++) {
    mixed.fill(0);
    for (let b = 0; b < e.patches; b++) {
      const du = e.places[2 * a] - e.places[2 * b];
      const dv = e.places[2 * a + 1] - e.places[2 * b + 1];
      const r2 = (du * du + dv * dv) / (2 * lengthMm * lengthMm);
      if (r2 > 12) continue;
      const rho = Math.exp(-r2);
      for (let k = 0; k < n; k++) mixed[k] += rho * e.rows[b * n + k];
    }
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) moment[r * n + c] += e.rows[a * n + r] * mixed[c];
  }
  return moment;
}

function inverseGram(e: NoiseEvidence): Float64Array | undefined {
  const n = e.terms;
  const gram = new Float64Array(n * n);
  for (let a = 0; a < e.patches; a++) {
    for (let r = 0; r < n; r++) for (let c = 0; c <= r; c++) gram[r * n + c] += e.rows[a * n + r] * e.rows[a * n + c];
  }
  for (let r = 0; r < n; r++) gram[r * n + r] += 1e-9;
  const factor = cholesky(gram, n);
  return factor && invertFactored(factor, n);
}

/**
 * Residual products that an error of unit variance and a given length would leave after the fit: (I - H)·R·(I - H), where H is the
 * fit's hat matrix, summed by distance over the patches that have tight points.
 */
function expectedProducts(e: NoiseEvidence, inverse: Float64Array, lengthMm: number): Float64Array {
  const { terms: n, patches, rows, places } = e;
  const rho = new Float64Array(patches * patches);
  for (let a = 0; a < patches; a++) {
    for (let b = 0; b <= a; b++) {
      const r2 = (places[2 * a] - places[2 * b]) ** 2 + (places[2 * a + 1] - places[2 * b + 1]) ** 2;
      rho[a * patches + b] = rho[b * patches + a] = Math.exp(-r2 / (2 * lengthMm * lengthMm));
    }
  }
  const g = product(rho, rows, patches, patches, n);
  const x = product(rows, inverse, patches, n, n);
  const middle = product(transpose(rows, patches, n), g, n, patches, n);
  const y = product(x, middle, patches, n, n);
  const sums = new Float64Array(LAGS_MM.length);
  for (let a = 0; a < patches; a++) {
    if (Number.isNaN(e.residuals[a])) continue;
    for (let b = 0; b <= a; b++) {
      if (Number.isNaN(e.residuals[b])) continue;
      const lag = a === b ? 0 : lagOf(Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]));
      if (lag === LAGS_MM.length) continue;
      let value = rho[a * patches + b];
      for (let k = 0; k < n; k++) {
        value += y[a * n + k] * x[b * n + k] - x[a * n + k] * g[b * n + k] - g[a * n + k] * x[b * n + k];
      }
      sums[lag] += value;
    }
  }
  return sums;
}

function lagOf(r: number): number {
  let lag = 1;
  while (lag < LAGS_MM.length && r > LAGS_MM[lag]) lag++;
  return lag;
}

function transpose(m: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(m.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = m[r * columns + c];
  return out;
}

function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < inner; k++) {
      const f = a[r * inner + k];
      for (let c = 0; c < columns; c++) out[r * columns + c] += f * b[k * columns + c];
    }
  }
  return out;
}

/** Plates much rougher than the others are misfits (a cut body, a sacrum's wing), not samples of the label's error. */
function withoutOutliers(plates: readonly NoiseEvidence[]): NoiseEvidence[] {
  if (plates.length < 4) return [...plates];
  const squares = plates.map((e) => Math.max(0, e.products[0] / e.counts[0]));
  const limit = 4 * median(squares) + 1e-9;
  return plates.filter((_, i) => squares[i] <= limit);
}

/**
 * Error of a label map's boundary from all its plates: the correlation length and variance whose expected products lie nearest to
 * those seen.
 */
export function poolNoise(plates: readonly NoiseEvidence[]): BoundaryNoise {
  const usable = withoutOutliers(plates.filter((e) => e.counts[0] >= 8));
  const products = new Float64Array(LAGS_MM.length);
  const counts = new Float64Array(LAGS_MM.length);
  for (const e of usable) {
    for (let i = 0; i < products.length; i++) {
      products[i] += e.products[i];
      counts[i] += e.counts[i];
    }
  }
  if (counts[0] < 20 || products[0] <= 0) return { sdMm: 0, lengthMm: 2 };
  const inverses = usable.map(inverseGram);
  let best = { sdMm: 0, lengthMm: 2, misfit: Infinity };
  for (const lengthMm of LENGTHS_MM) {
    const expected = new Float64Array(LAGS_MM.length);
    usable.forEach((e, i) => {
      const inverse = inverses[i];
      if (!inverse) return;
      const own = expectedProducts(e, inverse, lengthMm);
      for (let lag = 0; lag < own.length; lag++) expected[lag] += own[lag];
    });
    let [mm, mo, oo] = [0, 0, 0];
    for (let i = 0; i < expected.length; i++) {
      if (counts[i] === 0) continue;
      const weight = 1 / counts[i] ** 1.5;
      mm += weight * expected[i] ** 2;
      mo += weight * expected[i] * products[i];
      oo += weight * products[i] ** 2;
    }
    const variance = Math.max(0, mo / mm);
    const misfit = oo - variance * mo;
    if (misfit < best.misfit) best = { sdMm: Math.sqrt(variance), lengthMm, misfit };
  }
  return { sdMm: NOISE_FACTOR * best.sdMm, lengthMm: best.lengthMm };
}

/**
 * The moments run short, because noise that a plate's fit absorbs whole is never seen: factor from 5 calibration columns (seeds 201 to
 * 205; 0.2-0.4 mm, 2.5-6 mm long), checked on others; see NOTES.md.
 */
const NOISE_FACTOR = 1.28;

/** How a plate's contour lines lie against the grid. */
export interface GridAlignment {
  /** direction in the plate in which layers of voxels follow each other fastest, any length */
  uphillU: number;
  uphillV: number;
  /** rows by which a contour line leaves its row across the plate; from 1 on rows tell different things */
  drift: number;
  /** contour lines on the plate */
  contours: number;
}

/** Share of a voxel that a repeated row leaves open, from 20 sacra with level endplates (1 mm voxels: 0.15° seen). */
const ROW_SHARE = 0.3;

/** Adds what repeated rows leave open to the covariance of the terms. */
function addAlignment(out: Float64Array, n: number, alignment: GridAlignment, frame: FitFrame): void {
  const repeat = 1 - alignment.drift;
  if (repeat <= 0) return;
  const contours = Math.max(1, alignment.contours);
  const steep = Math.hypot(alignment.uphillU, alignment.uphillV);
  const [eu, ev] = steep > 1e-6 ? [alignment.uphillU / steep, alignment.uphillV / steep] : [0, 1];
  const offset = (ROW_SHARE * repeat * frame.voxelMm) / contours;
  const tilt = (ROW_SHARE * repeat * frame.voxelMm) / (2 * Math.sqrt(contours));
  out[0] += offset * offset;
  out[n + 1] += (tilt * eu) ** 2;
  out[n + 2] += tilt * tilt * eu * ev;
  out[2 * n + 1] += tilt * tilt * eu * ev;
  out[2 * n + 2] += (tilt * ev) ** 2;
}

/**
 * Covariance of a surface's terms.
 * @param noise - error of the label's boundary, pooled over the map
 * @returns row-major terms × terms · mm²
 */
export function termCovariance(
  e: NoiseEvidence,
  information: Float64Array,
  noise: BoundaryNoise,
  alignment: GridAlignment | undefined,
  frame: FitFrame,
): Float64Array {
  const n = e.terms;
  const out = information.slice();
  if (alignment) addAlignment(out, n, alignment, frame);
  if (noise.sdMm < 1e-3) return out;
  const inverse = inverseGram(e);
  if (!inverse) return out;
  const moment = correlationMoment(e, noise.lengthMm);
  const half = multiply(inverse, moment, n);
  const spread = multiply(half, inverse, n);
  for (let i = 0; i < out.length; i++) out[i] += noise.sdMm ** 2 * spread[i];
  return out;
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let r = 0; r < n; r++)
    for (let k = 0; k < n; k++) for (let c = 0; c < n; c++) out[r * n + c] += a[r * n + k] * b[k * n + c];
  return out;
}
