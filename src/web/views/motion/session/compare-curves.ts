/** Two curves over 0 to 100 %: what differs, how alike they are, and what repetition alone would explain. */

export interface Comparison {
  /** second less first, at each per cent */
  difference: Float64Array;
  bias: number;
  /** bias ± 1.96 sd of the difference (Bland and Altman 1986) */
  limits: readonly [number, number];
  rmse: number;
  /** Pearson; NaN where a curve does not move */
  correlation: number;
}

/** Steps of a curve: 0, 0.5 … 100 %. */
export const STEPS = 201;

export function compareCurves(first: Float64Array, second: Float64Array): Comparison {
  const difference = first.map((value, i) => second[i] - value);
  const there = [...difference.keys()].filter((i) => Number.isFinite(difference[i]));
  const n = there.length;
  const mean = (of: Float64Array): number => there.reduce((sum, i) => sum + of[i], 0) / n;
  const [bias, meanA, meanB] = [mean(difference), mean(first), mean(second)];
  let [spread, square, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (const i of there) {
    spread += (difference[i] - bias) ** 2;
    square += difference[i] ** 2;
    aa += (first[i] - meanA) ** 2;
    bb += (second[i] - meanB) ** 2;
    ab += (first[i] - meanA) * (second[i] - meanB);
  }
  const sd = Math.sqrt(spread / Math.max(1, n - 1));
  return {
    difference,
    bias,
    limits: [bias - 1.96 * sd, bias + 1.96 * sd],
    rmse: Math.sqrt(square / n),
    correlation: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN,
  };
}

/**
 * Repeatability limit at each per cent: 1.96 √2 times the standard deviation of repetitions; two repetitions of the same
 * movement differ by less than it in 95 of 100 cases (Bland and Altman 1986). Undefined below three repetitions.
 */
export function repeatabilityLimit(repetitions: readonly Float64Array[]): Float64Array | undefined {
  if (repetitions.length < 3) return undefined;
  return repetitions[0].map((_, i) => {
    const values = repetitions.map((one) => one[i]).filter(Number.isFinite);
    if (values.length < 3) return Number.NaN;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return 1.96 * Math.SQRT2 * Math.sqrt(variance);
  });
}
