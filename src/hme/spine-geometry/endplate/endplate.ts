/**
 * One endplate from a body's label: rough heights of the columns, pairs of voxels that bracket the surface, degree of the
 * surface by evidence, maximum likelihood, plane and doubt. A few thousand voxels a plate.
 */

import { MAD_TO_SD, median } from '../../../kernel/index.ts';
import type { Vec3, Volume } from '../../../model/index.ts';
import type { Crop } from '../label/crop.ts';
import { ijkToLocal, type LocalFrame, toPatient, turnToPatient } from '../label/local-frame.ts';
import { chosenFit, roundedFit } from './choose-fit.ts';
import { type Crossings, collectCrossings } from './crossings.ts';
import { type BoundaryNoise, type GridAlignment, type NoiseEvidence, noiseEvidence, termCovariance } from './doubt.ts';
import type { Footprint } from './footprint.ts';
import { type GreyTilt, greyTilt } from './grey-tilt.ts';
import { type FitFrame, fitMidpoints, residualsOf, type SurfaceFit } from './interval-fit.ts';
import { type Surface, surfaceAt } from './surface.ts';

/** A fitted endplate. */
export interface Endplate {
  side: 'superior' | 'inferior';
  frame: LocalFrame;
  /** height field in `frame` · mm */
  surface: Surface;
  /** least-squares plane of the surface over the footprint: w = offset + slopeU·(u - centreU) + slopeV·(v - centreV) */
  plane: { offset: number; slopeU: number; slopeV: number; centreU: number; centreV: number };
  /** plane at the centre of the footprint · patient frame · mm */
  centre: Vec3;
  /** unit, out of the vertebra · patient frame */
  normal: Vec3;
  footprint: Footprint;
  /** root mean square distance of the label's boundary to the surface, less what voxels alone explain · mm */
  roughnessMm: number;
  /** root mean square distance of the surface to its plane: concavity, rim · mm */
  flatnessMm: number;
  /** share of boundary pairs that are far from the surface · [0, 1] */
  strayShare: number;
  pairs: number;
  /** width of the label's error at the surface, by likelihood · mm */
  widthMm: number;
  /** doubt comes from the set of surfaces the label allows */
  clean: boolean;
  evidence: NoiseEvidence;
  fitFrame: FitFrame;
  /** axes of the grid in the plate's frame · columns i, j, k as u, v, w of one voxel step · mm */
  voxelSteps: Float64Array;
  /** inverse information of the likelihood for the surface's terms · mm² */
  information: Float64Array;
  /** plane (offset mm, slopeU, slopeV) from the terms · shape [3 × terms] */
  planeFromTerms: Float64Array;
  /** set by {@link settleDoubt}: covariance of the terms and of the plane (offset, slopeU, slopeV) */
  covariance: Float64Array;
  planeCovariance: Float64Array;
}

/** How endplates are fitted. */
export interface EndplateOptions {
  /** false: mid-points only, for the first rounds */
  likelihood: boolean;
  /** error of the label's boundary, once it is known: shape beyond a bowl is then sought where it stands out from it */
  noise?: BoundaryNoise;
  /** grey levels that the label was drawn on; they settle the tilt of flat plates whose label leaves it open */
  volume?: Volume;
}

/** Rim of the footprint left out, as a share of the root of its area: 0.9 mm at T1, 1.7 mm at L4. */
const RIM_SHARE = 0.045;
/** … and at least this many voxels, or the steps of the side walls are taken for the plate's. */
const RIM_VOXELS = 0.75;

/** Size of a voxel along a direction of the patient: the root of the sum of its squared edges seen along it · mm. */
export function voxelAlong(body: Crop, direction: Vec3): number {
  const { spacing, direction: d } = body.grid;
  let sum = 0;
  for (let a = 0; a < 3; a++) {
    sum += (spacing[a] * (d[a] * direction[0] + d[3 + a] * direction[1] + d[6 + a] * direction[2])) ** 2;
  }
  return Math.sqrt(sum);
}

/**
 * Fits one endplate of a body.
 *
 * @param frame - z along the body's axis; the surface is a height field over its x and y
 * @returns undefined where fewer than 40 pairs bracket it
 */
export function fitEndplate(
  body: Crop,
  frame: LocalFrame,
  footprint: Footprint,
  side: 'superior' | 'inferior',
  options: EndplateOptions,
): Endplate | undefined {
  const voxelMm = voxelAlong(body, frame.z);
  const margin = Math.max(RIM_SHARE * Math.sqrt(footprint.areaMm2), RIM_VOXELS * voxelMm);
  const uses = innerCells(footprint, margin);
  const fitFrame: FitFrame = {
    side: side === 'superior' ? 1 : -1,
    u0: footprint.centre[0],
    v0: footprint.centre[1],
    scale: Math.sqrt(footprint.areaMm2 / Math.PI),
    voxelMm,
  };
  const rough = roughSurface(footprint, side, fitFrame, uses);
  if (!rough) return undefined;
  const crossings = collectCrossings(body, frame, footprint, {
    side: fitFrame.side,
    expected: (u, v) => surfaceAt(rough, u, v),
    band: 2 + 1.5 * voxelMm,
    uses: (cell) => uses[cell] === 1,
  });
  if (crossings.count < 40) return undefined;
  const chosen = options.noise
    ? chosenFit(crossings, fitFrame, options.noise)
    : roundedFit(crossings, fitFrame, options.likelihood);
  if (!chosen) return undefined;
  const { use } = chosen;
  const grey = isFlat(chosen.fit) && isQuiet(options.noise, voxelMm) ? options.volume : undefined;
  const seen = grey && greyTilt(grey, frame, footprint, chosen.fit.surface, fitFrame, uses);
  const fit = seen ? withTilt(chosen.fit, seen, crossings) : chosen.fit;
  const plane = planeOf(fit.surface, footprint, uses);
  const evidence = noiseEvidence(crossings, fit, fitFrame, use);
  let strays = 0;
  for (let c = 0; c < crossings.count; c++) if (!use[c]) strays++;
  return {
    side,
    frame,
    surface: fit.surface,
    plane,
    centre: toPatient(frame, plane.centreU, plane.centreV, plane.offset),
    normal: outward(frame, plane.slopeU, plane.slopeV, fitFrame.side),
    footprint,
    roughnessMm: Math.sqrt(Math.max(0, evidence.products[0] / Math.max(1, evidence.counts[0]))),
    flatnessMm: plane.flatness,
    strayShare: strays / crossings.count,
    pairs: crossings.count,
    widthMm: fit.widthMm,
    clean: fit.clean,
    evidence,
    fitFrame,
    voxelSteps: voxelSteps(body, frame),
    information: fit.information,
    planeFromTerms: planeMap(fit.surface, footprint, uses),
    covariance: fit.information,
    planeCovariance: new Float64Array(9),
  };
}

/** Noise below this share of a voxel is not told from the voxels. */
const QUIET_SHARE = 0.1;

/** A clean flat plate: the voxels allow a set of planes, which may be wide. */
function isFlat(fit: SurfaceFit): boolean {
  return fit.clean && fit.surface.degree === 1;
}

/** On a label that errs by itself, its error and not its voxels is the doubt, and its plate need not be where the grey levels turn. */
function isQuiet(noise: BoundaryNoise | undefined, voxelMm: number): boolean {
  return noise !== undefined && noise.sdMm < QUIET_SHARE * voxelMm;
}

/** A tilt this many standard deviations from what the label allows is another edge's. */
const TILT_GATE = 3;

/** The label's plane with what the grey levels say of its tilt: one step of Kalman's. */
function withTilt(fit: SurfaceFit, seen: GreyTilt, crossings: Crossings): SurfaceFit {
  const p = fit.information;
  const [a, b, d] = [p[4] + seen.covariance[0], p[5] + seen.covariance[1], p[8] + seen.covariance[3]];
  const det = a * d - b * b;
  const [e, f] = [seen.terms[0] - fit.surface.terms[1], seen.terms[1] - fit.surface.terms[2]];
  if (!(det > 0) || (d * e * e - 2 * b * e * f + a * f * f) / det > TILT_GATE ** 2) return fit;
  const terms = fit.surface.terms.slice();
  const information = p.slice();
  for (let r = 0; r < 3; r++) {
    const [x, y] = [p[3 * r + 1], p[3 * r + 2]];
    const gain = [(x * d - y * b) / det, (y * a - x * b) / det];
    terms[r] += gain[0] * e + gain[1] * f;
    for (let c = 0; c < 3; c++) information[3 * r + c] -= gain[0] * p[3 + c] + gain[1] * p[6 + c];
  }
  const surface = { ...fit.surface, terms };
  return { ...fit, surface, information, residuals: residualsOf(crossings, surface) };
}

/** A bowl is no exact polynomial: it misses the shape by about this share of a voxel, over this length. */
const MISFIT = { share: 0.1, lengthMm: 5 } as const;

function withMisfit(noise: BoundaryNoise, voxelMm: number): BoundaryNoise {
  const misfit = MISFIT.share * voxelMm;
  return {
    sdMm: Math.hypot(noise.sdMm, misfit),
    lengthMm: noise.sdMm > misfit ? noise.lengthMm : Math.max(noise.lengthMm, MISFIT.lengthMm),
  };
}

/** Sets the covariances of a plate for a boundary error pooled over its label map. */
export function settleDoubt(plate: Endplate, noise: BoundaryNoise): void {
  const alignment = plate.clean ? undefined : alignmentOf(plate);
  // on a clean label what looks like a little noise is the voxels themselves, and their doubt is known
  const { voxelMm } = plate.fitFrame;
  const flat = plate.clean && plate.surface.degree === 1;
  const quiet = flat && isQuiet(noise, voxelMm);
  const error = quiet ? { ...noise, sdMm: 0 } : flat ? noise : withMisfit(noise, voxelMm);
  plate.covariance = termCovariance(plate.evidence, plate.information, error, alignment, plate.fitFrame);
  plate.planeCovariance = new Float64Array(9);
  const n = plate.surface.terms.length;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          sum += plate.planeFromTerms[r * n + i] * plate.covariance[i * n + j] * plate.planeFromTerms[c * n + j];
      plate.planeCovariance[3 * r + c] = sum;
    }
  }
}

function voxelSteps(body: Crop, frame: LocalFrame): Float64Array {
  const m = ijkToLocal(body.grid, body.start, frame);
  return Float64Array.from([m[0], m[4], m[8], m[1], m[5], m[9], m[2], m[6], m[10]]);
}

/** How far contour lines leave their row of voxels on the way across the plate. */
function alignmentOf(plate: Endplate): GridAlignment {
  const { slopeU, slopeV } = plate.plane;
  const { scale } = plate.fitFrame;
  const steps = plate.voxelSteps;
  // the plate's slope against the grid, not against its own axis: height of the plate's plane over the grid's own layers
  const layers = [0, 1, 2].map((a) => Math.abs(steps[3 * a + 2] - slopeU * steps[3 * a] - slopeV * steps[3 * a + 1]));
  const main = layers.indexOf(Math.max(...layers));
  const [p, q] = [0, 1, 2].filter((a) => a !== main);
  // steps across layers along the two other axes: their ratio is the direction of the contour lines
  const [sp, sq] = [layers[p] / layers[main], layers[q] / layers[main]];
  const lengths = [p, q].map((a) => Math.hypot(steps[3 * a], steps[3 * a + 1], steps[3 * a + 2]));
  const contours = Math.hypot((sp / lengths[0]) * 2 * scale, (sq / lengths[1]) * 2 * scale);
  const across = (2 * scale) / Math.max(...lengths);
  const drift = across * (Math.min(sp, sq) / Math.max(1e-9, Math.max(sp, sq)));
  // layers change fastest along the part of their axis that lies in the plate
  const [du, dv, dw] = [steps[3 * main], steps[3 * main + 1], steps[3 * main + 2]];
  return { uphillU: du + slopeU * dw, uphillV: dv + slopeV * dw, drift: Math.min(1, drift), contours };
}

/** The plane as a linear map of the terms: the plane of every unit term. */
function planeMap(surface: Surface, footprint: Footprint, uses: Uint8Array): Float64Array {
  const n = surface.terms.length;
  const map = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const terms = new Float64Array(n);
    terms[i] = 1;
    const unit = planeOf({ ...surface, terms }, footprint, uses);
    map[i] = unit.offset;
    map[n + i] = unit.slopeU;
    map[2 * n + i] = unit.slopeV;
  }
  return map;
}

/** Unit normal of the height field's plane, out of the vertebra. */
export function outward(frame: LocalFrame, slopeU: number, slopeV: number, side: 1 | -1): Vec3 {
  const length = Math.hypot(slopeU, slopeV, 1) * side;
  return turnToPatient(frame, -slopeU / length, -slopeV / length, 1 / length);
}

/** Cells at least `margin` from the edge; less is asked of small bodies. */
function innerCells(footprint: Footprint, marginMm: number): Uint8Array {
  const deepest = footprint.depth.reduce((most, d) => Math.max(most, d), 0);
  const margin = Math.min(marginMm, 0.35 * deepest);
  return Uint8Array.from(footprint.depth, (d) => (d > margin ? 1 : 0));
}

/** Plane through the column ends, by trimmed least squares on the cells. */
function roughSurface(
  f: Footprint,
  side: 'superior' | 'inferior',
  frame: FitFrame,
  uses: Uint8Array,
): Surface | undefined {
  const ends = side === 'superior' ? f.top : f.bottom;
  const cells: number[] = [];
  for (let c = 0; c < uses.length; c++) if (uses[c]) cells.push(c);
  if (cells.length < 6) return undefined;
  const places = new Float64Array(6 * cells.length);
  cells.forEach((c, r) => {
    const [u, v] = [f.u0 + (c % f.nu) * f.cell, f.v0 + Math.floor(c / f.nu) * f.cell];
    places.set([u, v, ends[c], u, v, ends[c]], 6 * r);
  });
  const crossings: Crossings = { count: cells.length, places, cells: Int32Array.from(cells) };
  const use = new Uint8Array(cells.length).fill(1);
  let surface = fitMidpoints(crossings, 1, frame, use);
  for (let round = 0; round < 4 && surface; round++) {
    const residuals = residualsOf(crossings, surface);
    const sd = Math.max(0.4 * frame.voxelMm, MAD_TO_SD * median(residuals.map(Math.abs)));
    const centre = median(residuals);
    for (let c = 0; c < use.length; c++) use[c] = Math.abs(residuals[c] - centre) <= 2.5 * sd ? 1 : 0;
    surface = fitMidpoints(crossings, 1, frame, use) ?? surface;
  }
  return surface;
}

/** Least-squares plane of the surface over the inner cells. */
function planeOf(surface: Surface, f: Footprint, uses: Uint8Array): Endplate['plane'] & { flatness: number } {
  const [cu, cv] = f.centre;
  let [n, s0, su, sv, suu, suv, svv, sw, swu, swv] = new Array<number>(10).fill(0);
  const each = (visit: (u: number, v: number, w: number) => void) => {
    for (let b = 0, c = 0; b < f.nv; b++) {
      for (let a = 0; a < f.nu; a++, c++) {
        if (!uses[c]) continue;
        const [u, v] = [f.u0 + a * f.cell, f.v0 + b * f.cell];
        visit(u - cu, v - cv, surfaceAt(surface, u, v));
      }
    }
  };
  each((u, v, w) => {
    n++;
    s0++;
    su += u;
    sv += v;
    suu += u * u;
    suv += u * v;
    svv += v * v;
    sw += w;
    swu += w * u;
    swv += w * v;
  });
  const [mu, mv, mw] = [su / s0, sv / s0, sw / s0];
  const [cuu, cuv, cvv] = [suu / n - mu * mu, suv / n - mu * mv, svv / n - mv * mv];
  const [cwu, cwv] = [swu / n - mw * mu, swv / n - mw * mv];
  const det = cuu * cvv - cuv * cuv;
  const slopeU = (cwu * cvv - cwv * cuv) / det;
  const slopeV = (cwv * cuu - cwu * cuv) / det;
  const offset = mw - slopeU * mu - slopeV * mv;
  let squares = 0;
  each((u, v, w) => {
    squares += (w - offset - slopeU * u - slopeV * v) ** 2;
  });
  return { offset, slopeU, slopeV, centreU: cu, centreV: cv, flatness: Math.sqrt(squares / n) };
}
