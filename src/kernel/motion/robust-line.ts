/**
 * A straight line through points of which some are wrong: start from the median of pairwise slopes (Theil–Sen), then least squares with
 * Tukey's biweight on residuals scaled by their median absolute deviation, until the line stands still. O(n² + n · rounds).
 */
import { ArgumentError } from '../argument-error.ts';
import { MAD_TO_SD, median } from '../stats/index.ts';

/** A line y = intercept + slope · x with its doubt. */
export interface RobustLine {
  intercept: number;
  slope: number;
  /** standard deviations from the weighted residuals; 0 when all points lie on the line */
  interceptSd: number;
  slopeSd: number;
  /** covariance of intercept and slope */
  covariance: number;
  /** robust spread of the residuals · unit of y */
  residual: number;
  /** points that kept at least half of their weight */
  inliers: number;
}

/** Residuals beyond this many spreads have no weight. */
const REACH = 4.685;

/**
 * Fits a line that a minority of wrong points does not bend.
 *
 * @param x - shape [N], at least two different values
 * @param y - shape [N]
 * @param weights - how much each point counts · shape [N] · not negative (1 when absent)
 * @param floor - smallest residual that can be told from zero · unit of y; keeps exact points from shutting out near ones
 * @throws ArgumentError fewer than two points, or all at one x
 * @see Beaton & Tukey 1974; Sen 1968
 * @example fitRobustLine([0, 1, 2, 3, 4], [1, 3, 5, 70, 9]).slope // 2
 */
export function fitRobustLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
  floor = 1e-9,
): RobustLine {
  const n = x.length;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) if (x[i] !== x[j]) slopes.push((y[j] - y[i]) / (x[j] - x[i]));
  if (slopes.length === 0) throw new ArgumentError('x', n, 'at least two points at different places');
  let slope = median(slopes);
  let intercept = median(Float64Array.from({ length: n }, (_, i) => y[i] - slope * x[i]));
  let fit = { intercept, slope, interceptSd: 0, slopeSd: 0, covariance: 0, residual: 0, inliers: n };
  for (let round = 0; round < 30; round++) {
    const residuals = Float64Array.from({ length: n }, (_, i) => y[i] - intercept - slope * x[i]);
    const spread = Math.max(floor, MAD_TO_SD * median(residuals.map(Math.abs)));
    const share = residuals.map((r) => {
      const u = r / (REACH * spread);
      return Math.abs(u) < 1 ? (1 - u * u) ** 2 : 0;
    });
    fit = weightedLine(
      x,
      y,
      share.map((s, i) => s * (weights ? weights[i] : 1)),
    );
    fit.inliers = share.filter((s) => s >= 0.5).length;
    const moved = Math.abs(fit.slope - slope) + Math.abs(fit.intercept - intercept);
    ({ slope, intercept } = fit);
    if (moved < 1e-14 * (1 + Math.abs(slope) + Math.abs(intercept))) break;
  }
  return fit;
}

function weightedLine(x: ArrayLike<number>, y: ArrayLike<number>, w: Float64Array): RobustLine {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < w.length; i++) {
    s += w[i];
    sx += w[i] * x[i];
    sy += w[i] * y[i];
  }
  const [mx, my] = [sx / s, sy / s];
  for (let i = 0; i < w.length; i++) {
    sxx += w[i] * (x[i] - mx) ** 2;
    sxy += w[i] * (x[i] - mx) * (y[i] - my);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  const intercept = my - slope * mx;
  let [rest, heaviest] = [0, 0];
  for (let i = 0; i < w.length; i++) {
    rest += w[i] * (y[i] - intercept - slope * x[i]) ** 2;
    heaviest = Math.max(heaviest, w[i]);
  }
  // weights count points: the heaviest stands for one
  const count = s / heaviest;
  const variance = count > 2 ? rest / heaviest / (count - 2) : 0;
  const slopeVariance = sxx > 0 ? (variance * heaviest) / sxx : 0;
  return {
    intercept,
    slope,
    interceptSd: Math.sqrt(variance / count + mx * mx * slopeVariance),
    slopeSd: Math.sqrt(slopeVariance),
    covariance: -mx * slopeVariance,
    residual: Math.sqrt(variance),
    inliers: w.length,
  };
}
