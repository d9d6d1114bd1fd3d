/**
 * How far two curves of the same thing agree: bias with 95 % limits (Bland & Altman 1986), root mean square difference, correlation and
 * coefficient of multiple correlation (Kadaba 1989). Neighbouring samples are not independent: intervals count the independent ones, by the
 * autocorrelation of the difference. O(n · lags).
 */

/** Agreement of two curves on common times; intervals as standard deviations. */
export interface AgreementMeasures {
  samples: number;
  /** samples that count as independent */
  independent: number;
  /** second minus first · unit of the curves */
  bias: number;
  biasSd: number;
  /** standard deviation of the differences · unit of the curves */
  spread: number;
  limits: [low: number, high: number];
  limitSd: number;
  rmse: number;
  rmseSd: number;
  /** root mean square difference once the bias is taken off · unit of the curves */
  rmseCentred: number;
  correlation: number;
  /** standard deviation of Fisher's z of the correlation */
  fisherSd: number;
  /** NaN where the curves differ more from each other than along time */
  cmc: number;
}

/** Two-sided 95 % of a normal number. */
const Z95 = 1.959963984540054;

/**
 * Compares two curves.
 *
 * @param first - shape [N]
 * @param second - shape [N]; pairs with a missing value are left out
 * @returns undefined with fewer than eight pairs
 * @example compareCurves([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8])?.bias // 1
 */
export function compareCurves(first: ArrayLike<number>, second: ArrayLike<number>): AgreementMeasures | undefined {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < first.length; i++) {
    if (!Number.isFinite(first[i]) || !Number.isFinite(second[i])) continue;
    a.push(first[i]);
    b.push(second[i]);
  }
  const n = a.length;
  if (n < 8) return undefined;
  const d = b.map((value, i) => value - a[i]);
  const [ma, mb, bias] = [a, b, d].map((list) => list.reduce((sum, value) => sum + value, 0) / n);
  const centred = d.map((value) => value - bias);
  const variance = centred.reduce((sum, value) => sum + value * value, 0) / (n - 1);
  const spread = Math.sqrt(variance);
  const independent = independentSamples(centred);
  const squares = d.map((value) => value * value);
  const meanSquare = squares.reduce((sum, value) => sum + value, 0) / n;
  const squareVariance = squares.reduce((sum, value) => sum + (value - meanSquare) ** 2, 0) / (n - 1);
  const rmse = Math.sqrt(meanSquare);
  let [saa, sbb, sab] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    saa += (a[i] - ma) ** 2;
    sbb += (b[i] - mb) ** 2;
    sab += (a[i] - ma) * (b[i] - mb);
  }
  const correlation = saa > 0 && sbb > 0 ? sab / Math.sqrt(saa * sbb) : Number.NaN;
  return {
    samples: n,
    independent,
    bias,
    biasSd: spread / Math.sqrt(independent),
    spread,
    limits: [bias - Z95 * spread, bias + Z95 * spread],
    limitSd: spread * Math.sqrt(1 / independent + Z95 ** 2 / (2 * Math.max(1, independent - 1))),
    rmse,
    rmseSd: rmse > 0 ? Math.sqrt(squareVariance / independent) / (2 * rmse) : 0,
    rmseCentred: Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0) / n),
    correlation,
    fisherSd: independent > 3 ? 1 / Math.sqrt(independent - 3) : Number.NaN,
    cmc: multipleCorrelation(a, b, (ma + mb) / 2),
  };
}

/** Samples that carry as much about the mean as these do: N over one plus twice the autocorrelation up to its first zero. */
function independentSamples(centred: readonly number[]): number {
  const n = centred.length;
  const power = centred.reduce((sum, value) => sum + value * value, 0);
  if (power === 0) return n;
  let sum = 0;
  for (let lag = 1; lag < n / 2; lag++) {
    let product = 0;
    for (let i = lag; i < n; i++) product += centred[i] * centred[i - lag];
    if (product <= 0) break;
    sum += product / power;
  }
  return Math.max(2, n / (1 + 2 * sum));
}

/** Coefficient of multiple correlation of two curves; NaN where it is imaginary. */
function multipleCorrelation(a: readonly number[], b: readonly number[], grand: number): number {
  const n = a.length;
  let [within, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    const middle = (a[i] + b[i]) / 2;
    within += (a[i] - middle) ** 2 + (b[i] - middle) ** 2;
    total += (a[i] - grand) ** 2 + (b[i] - grand) ** 2;
  }
  const inside = 1 - within / n / (total / (2 * n - 1));
  return inside >= 0 ? Math.sqrt(inside) : Number.NaN;
}
