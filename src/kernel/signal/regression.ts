/**
 * A straight line through points by least squares, with percentile intervals from resampled points. O(n · replicates).
 *
 * Points that follow each other in time err alike; blocks of neighbours are drawn together (Künsch 1989, moving blocks). Drawn
 * are points, not residuals, so a spread that grows with time stays as it is (Efron & Tibshirani 1993, chapter 9).
 */
import { expectArgument } from '../argument-error.ts';
import { quantileSorted } from '../stats/order.ts';

/** A straight line y = intercept + slope · x. */
export interface LineThrough {
  intercept: number;
  slope: number;
  /** standard error of the slope, 0 for two points */
  slopeError: number;
  /** square of the correlation coefficient */
  r2: number;
  count: number;
}

/**
 * Line of least squares.
 *
 * @param x - shape [N]
 * @param y - shape [N]
 * @throws ArgumentError fewer than two points, lengths that differ, all x equal
 * @example regressLine([0, 1, 2], [1, 3, 5]).slope // 2
 */
export function regressLine(x: ArrayLike<number>, y: ArrayLike<number>): LineThrough {
  const n = x.length;
  expectArgument(n >= 2 && y.length === n, 'points', `${n} and ${y.length}`, 'at least two, of equal number');
  let [mx, my] = [0, 0];
  for (let i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  let [sxx, sxy, syy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    sxx += (x[i] - mx) ** 2;
    sxy += (x[i] - mx) * (y[i] - my);
    syy += (y[i] - my) ** 2;
  }
  expectArgument(sxx > 0, 'x', 'all equal', 'values that differ');
  const slope = sxy / sxx;
  const left = Math.max(0, syy - slope * sxy);
  return {
    intercept: my - slope * mx,
    slope,
    slopeError: n > 2 ? Math.sqrt(left / (n - 2) / sxx) : 0,
    r2: syy > 0 ? 1 - left / syy : 1,
    count: n,
  };
}

/** How points are drawn again. */
export interface BootstrapOptions {
  /** uniform in [0, 1) */
  rng: () => number;
  /** times that the points are drawn · default 1000 */
  replicates?: number;
  /** neighbours that are drawn together · default 1 */
  block?: number;
  /** share of the replicates within the interval · default 0.9 */
  coverage?: number;
}

/** A percentile interval. */
export interface BootstrapInterval {
  low: number;
  high: number;
  /** standard deviation of the replicates */
  sd: number;
}

/**
 * Draws points again and again and tells how a number made of them varies.
 *
 * @param count - how many points there are · at least 1
 * @param statistic - the number, from indices of points (some several times); not finite counts for nothing
 * @returns replicates that were finite, ascending
 * @throws ArgumentError no points
 */
export function bootstrap(
  count: number,
  statistic: (indices: Int32Array) => number,
  { rng, replicates = 1000, block = 1 }: BootstrapOptions,
): Float64Array {
  expectArgument(count >= 1, 'count', count, 'at least 1');
  const length = Math.max(1, Math.min(block, count));
  const indices = new Int32Array(count);
  const found: number[] = [];
  for (let r = 0; r < replicates; r++) {
    for (let i = 0; i < count; ) {
      const from = Math.floor(rng() * (count - length + 1));
      for (let k = 0; k < length && i < count; k++, i++) indices[i] = from + k;
    }
    const value = statistic(indices);
    if (Number.isFinite(value)) found.push(value);
  }
  return Float64Array.from(found).sort();
}

/**
 * Interval that holds a share of ascending replicates, the rest cut in equal parts at both ends.
 * @throws ArgumentError no replicates
 */
export function percentileInterval(ascending: Float64Array, coverage = 0.9): BootstrapInterval {
  const mean = ascending.reduce((sum, value) => sum + value / ascending.length, 0);
  const squares = ascending.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    low: quantileSorted(ascending, (1 - coverage) / 2),
    high: quantileSorted(ascending, (1 + coverage) / 2),
    sd: Math.sqrt(squares / Math.max(1, ascending.length - 1)),
  };
}

/** A line with the doubt of what it says. */
export interface BootstrappedLine extends LineThrough {
  slopeInterval: BootstrapInterval;
  interceptInterval: BootstrapInterval;
  /** slope over intercept */
  relative: number;
  relativeInterval: BootstrapInterval;
}

/**
 * Line of least squares with percentile intervals of slope, intercept and slope over intercept.
 *
 * @param x - shape [N] · as it follows in time, when blocks are drawn
 * @param y - shape [N]
 * @param options - source of chance, replicates, block, coverage
 * @throws ArgumentError as `regressLine`, with fewer than three points
 */
export function bootstrapLine(x: ArrayLike<number>, y: ArrayLike<number>, options: BootstrapOptions): BootstrappedLine {
  expectArgument(x.length >= 3, 'points', x.length, 'at least three');
  const line = regressLine(x, y);
  const slopes: number[] = [];
  const intercepts: number[] = [];
  const relatives: number[] = [];
  bootstrap(
    x.length,
    (indices) => {
      const drawn = lineOf(x, y, indices);
      if (!drawn) return Number.NaN;
      slopes.push(drawn.slope);
      intercepts.push(drawn.intercept);
      if (drawn.intercept !== 0) relatives.push(drawn.slope / drawn.intercept);
      return drawn.slope;
    },
    options,
  );
  const interval = (values: number[]) => percentileInterval(Float64Array.from(values).sort(), options.coverage);
  return {
    ...line,
    slopeInterval: interval(slopes),
    interceptInterval: interval(intercepts),
    relative: line.slope / line.intercept,
    relativeInterval: interval(relatives),
  };
}

function lineOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  indices: Int32Array,
): { slope: number; intercept: number } | undefined {
  let [mx, my, sxx, sxy] = [0, 0, 0, 0];
  const n = indices.length;
  for (const i of indices) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (const i of indices) {
    sxx += (x[i] - mx) * (x[i] - mx);
    sxy += (x[i] - mx) * (y[i] - my);
  }
  return sxx > 0 ? { slope: sxy / sxx, intercept: my - (sxy / sxx) * mx } : undefined;
}
