/** Figures of merit of predicted probabilities: discrimination, calibration, use. */

import { bernoulli, fitPosterior, logit, quantileSorted, type Random } from '../../kernel/index.ts';
import { calibrationCurve, type Scored } from './curves.ts';

/**
 * Area under the ROC curve: share of pairs (event, no event) ranked rightly, ties half.
 * NaN where one of the two is missing.
 */
export function auc({ probability, outcome }: Scored): number {
  const order = Array.from({ length: outcome.length }, (_, i) => i).sort((a, b) => probability[a] - probability[b]);
  let [ranks, events, at] = [0, 0, 0];
  while (at < order.length) {
    let end = at;
    while (end + 1 < order.length && probability[order[end + 1]] === probability[order[at]]) end++;
    for (let k = at; k <= end; k++) {
      if (!outcome[order[k]]) continue;
      ranks += (at + end) / 2 + 1;
      events++;
    }
    at = end + 1;
  }
  const others = order.length - events;
  return events && others ? (ranks - (events * (events + 1)) / 2) / (events * others) : Number.NaN;
}

/** Mean squared error of the probability. */
export function brier({ probability, outcome }: Scored): number {
  let sum = 0;
  for (let i = 0; i < outcome.length; i++) sum += (probability[i] - outcome[i]) ** 2;
  return sum / outcome.length;
}

/** 1 − Brier / Brier of the base rate: 0 no better than the base rate, 1 perfect. */
export function scaledBrier(scored: Scored): number {
  const rate = share(scored.outcome);
  return 1 - brier(scored) / (rate * (1 - rate));
}

/** Mean negative log-likelihood. */
export function logLoss({ probability, outcome }: Scored): number {
  let sum = 0;
  for (let i = 0; i < outcome.length; i++) {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, probability[i]));
    sum -= outcome[i] ? Math.log(p) : Math.log(1 - p);
  }
  return sum / outcome.length;
}

/** Expected calibration error over bins of equal count. Biased upwards in small samples: read it with its interval. */
export function calibrationError(scored: Scored, bins = 10): number {
  return calibrationCurve(scored, bins).reduce(
    (sum, { count, predicted, observed }) => sum + (count * Math.abs(predicted - observed)) / scored.outcome.length,
    0,
  );
}

/** Slope and intercept of the logistic recalibration: 1 and 0 are perfect; below 1 the predictions are too extreme. */
export function calibrationLine({ probability, outcome }: Scored): { slope: number; intercept: number } {
  const rows = outcome.length;
  const design = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    design[2 * i] = 1;
    design[2 * i + 1] = logit(Math.min(1 - 1e-9, Math.max(1e-9, probability[i])));
  }
  const { mean } = fitPosterior({
    ...{ design, rows, columns: 2, likelihood: bernoulli(outcome), priorMean: [0, 0], priorPrecision: [1e-9, 1e-9] },
  });
  return { intercept: mean[0], slope: mean[1] };
}

/** Difference of observed and predicted log-odds at slope 1: above 0 the model predicts too little. */
export function calibrationInTheLarge({ probability, outcome }: Scored): number {
  const rows = outcome.length;
  const offset = Float64Array.from(probability, logit);
  const { mean } = fitPosterior({
    ...{ design: new Float64Array(rows).fill(1), rows, columns: 1, offset, likelihood: bernoulli(outcome) },
    ...{ priorMean: [0], priorPrecision: [1e-9] },
  });
  return mean[0];
}

/** All figures of one set of predictions. */
export interface Figures {
  auc: number;
  brier: number;
  scaledBrier: number;
  logLoss: number;
  ece: number;
  slope: number;
  intercept: number;
}

/** Computes {@link Figures}. */
export function figuresOf(scored: Scored): Figures {
  return {
    auc: auc(scored),
    brier: brier(scored),
    scaledBrier: scaledBrier(scored),
    logLoss: logLoss(scored),
    ece: calibrationError(scored),
    ...calibrationLine(scored),
  };
}

/** 90 % bootstrap intervals over patients; each resample takes the mean over all sets of predictions of the same patients. */
export function bootstrapFigures(
  sets: readonly Float64Array[],
  outcome: ArrayLike<number>,
  random: Random,
  resamples = 200,
): Record<keyof Figures, [low: number, high: number]> {
  const n = outcome.length;
  const drawn: Figures[] = [];
  for (let r = 0; r < resamples; r++) {
    const pick = Uint32Array.from({ length: n }, () => random.int(0, n - 1));
    const y = Float64Array.from(pick, (i) => outcome[i]);
    const rate = share(y);
    if (rate === 0 || rate === 1) continue;
    drawn.push(
      meanFigures(
        sets.map((probability) =>
          figuresOf({ probability: Float64Array.from(pick, (i) => probability[i]), outcome: y }),
        ),
      ),
    );
  }
  const interval = (name: keyof Figures): [number, number] => {
    const values = Float64Array.from(drawn, (figures) => figures[name]).sort();
    return [quantileSorted(values, 0.05), quantileSorted(values, 0.95)];
  };
  return {
    auc: interval('auc'),
    brier: interval('brier'),
    scaledBrier: interval('scaledBrier'),
    logLoss: interval('logLoss'),
    ece: interval('ece'),
    slope: interval('slope'),
    intercept: interval('intercept'),
  };
}

/** Mean of each figure over several sets of predictions. */
export function meanFigures(all: readonly Figures[]): Figures {
  const mean = (name: keyof Figures) => all.reduce((sum, figures) => sum + figures[name], 0) / all.length;
  return {
    auc: mean('auc'),
    brier: mean('brier'),
    scaledBrier: mean('scaledBrier'),
    logLoss: mean('logLoss'),
    ece: mean('ece'),
    slope: mean('slope'),
    intercept: mean('intercept'),
  };
}

function share(outcome: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < outcome.length; i++) sum += outcome[i];
  return sum / outcome.length;
}
