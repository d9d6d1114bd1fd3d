/**
 * Which surface an endplate gets: strays left out by robust spread, degree by Akaike's criterion on the interval likelihood, the simplest
 * surface where a clean label allows one. O(degrees · pairs · terms²).
 */

import { MAD_TO_SD, median } from '../../../kernel/index.ts';
import type { Crossings } from './crossings.ts';
import type { BoundaryNoise } from './doubt.ts';
import {
  type FitFrame,
  fitIntervals,
  fitMidpoints,
  residualsOf,
  type SurfaceFit,
  settleClean,
} from './interval-fit.ts';
import { type Surface, termCount } from './surface.ts';

/** Pairs farther from the surface than this many robust standard deviations (and half a voxel) are strays. */
const STRAY_SD = 3.5;

/** A surface with the pairs it rests on. */
interface ChosenFit {
  fit: SurfaceFit;
  use: Uint8Array;
}

/** First rounds, before the noise is known: a bowl by mid-points, so that what it absorbs of the noise can be reckoned. */
export function roundedFit(crossings: Crossings, frame: FitFrame, likelihood: boolean): ChosenFit | undefined {
  const trimmed = trimmedFit(crossings, frame, 2);
  if (!trimmed) return undefined;
  const { surface, use } = trimmed;
  return {
    fit: likelihood ? fitIntervals(crossings, surface, frame, use) : midpointFit(crossings, surface, frame),
    use,
  };
}

/** Endplates are bowls; on a label that is not clean nothing flatter is asked. */
const LEAST_DEGREE = 2;

/**
 * Edge of a patch that counts as one, as a share of the noise's length. Tried on columns with 0.2-0.3 mm of noise and hollows of
 * 1.5 mm: 2.5 (what a Gaussian correlation says) keeps bowls where the hollow is quartic, middle heights 0.3 mm off; 1.5 and 1 gain a
 * third of that, 1 follows the noise.
 */
const PATCH_SHARE = 1.5;

/** A likelihood a pair this near to certainty leaves nothing for more terms to explain. */
const EXPLAINED = 0.01;

/**
 * Degree of the surface by Akaike's criterion on the interval likelihood. Neighbouring pairs tell the same story: a patch of 2.5 mm,
 * of a voxel, or as long as the noise counts as one. (Tried: the Bayesian criterion keeps bowls where a quartic hollow stands out.)
 */
export function chosenFit(crossings: Crossings, frame: FitFrame, noise: BoundaryNoise): ChosenFit | undefined {
  const rough = noise.sdMm > 0.08 * frame.voxelMm ? PATCH_SHARE * noise.lengthMm : 0;
  const patches = countPatches(crossings, frame, Math.max(2.5, frame.voxelMm, rough));
  let best: (ChosenFit & { score: number }) | undefined;
  for (let degree = 1; degree <= 4; degree++) {
    if (degree > 1 && crossings.count < 12 * termCount(degree)) break;
    if (degree > LEAST_DEGREE && patches < 1.5 * termCount(degree)) break;
    const trimmed = trimmedFit(crossings, frame, degree);
    if (!trimmed) break;
    const fit = fitIntervals(crossings, trimmed.surface, frame, trimmed.use);
    // the simplest surface that a clean label allows is the surface
    const clean = settleClean(fit, crossings, frame, trimmed.use);
    if (clean.clean) return { fit: clean, use: trimmed.use };
    let used = 0;
    for (let c = 0; c < trimmed.use.length; c++) used += trimmed.use[c];
    const perPair = fit.logLikelihood / used;
    const score = -2 * perPair * patches + 2 * termCount(degree);
    if (!best || degree === LEAST_DEGREE || score < best.score) best = { fit, use: trimmed.use, score };
    if (perPair > -EXPLAINED) break;
  }
  return best;
}

function countPatches(crossings: Crossings, frame: FitFrame, size: number): number {
  const places = new Set<number>();
  for (let c = 0; c < crossings.count; c++) {
    const a = Math.floor((crossings.places[6 * c] - frame.u0) / size) + 500;
    const b = Math.floor((crossings.places[6 * c + 1] - frame.v0) / size) + 500;
    places.add(a + 1000 * b);
  }
  return places.size;
}

/** Mid-point fit without pairs that are far from it. */
function trimmedFit(
  crossings: Crossings,
  frame: FitFrame,
  degree: number,
): { surface: Surface; use: Uint8Array } | undefined {
  const use = new Uint8Array(crossings.count).fill(1);
  let surface = fitMidpoints(crossings, degree, frame, use);
  if (!surface) return undefined;
  for (let round = 0; round < 2; round++) {
    const residuals = residualsOf(crossings, surface);
    const limit = STRAY_SD * MAD_TO_SD * median(residuals.map(Math.abs)) + 0.5 * frame.voxelMm;
    for (let c = 0; c < use.length; c++) use[c] = Math.abs(residuals[c]) <= limit ? 1 : 0;
    surface = fitMidpoints(crossings, degree, frame, use) ?? surface;
  }
  return { surface, use };
}

/** A fit of the first rounds, in the shape of a full one. */
function midpointFit(crossings: Crossings, surface: Surface, frame: FitFrame): SurfaceFit {
  const n = surface.terms.length;
  return {
    surface,
    widthMm: frame.voxelMm,
    information: new Float64Array(n * n),
    residuals: residualsOf(crossings, surface),
    logLikelihood: 0,
    converged: true,
    clean: false,
  };
}
