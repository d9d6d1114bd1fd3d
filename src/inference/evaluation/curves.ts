/** Curves of a screen: predicted against observed risk, and the net benefit of acting above a threshold, both with 90 % intervals. */

/** Predicted probabilities and what happened, one entry a patient. */
export interface Scored {
  probability: ArrayLike<number>;
  /** 0 or 1 */
  outcome: ArrayLike<number>;
}

/** One bin of a calibration curve. */
export interface CalibrationBin {
  /** patients in it; a mean over repeats, and so not always whole */
  count: number;
  predicted: number;
  observed: number;
  /** 90 % interval of the observed share (Wilson 1927) */
  low: number;
  high: number;
}

/** Net benefit at one threshold: true positives less false ones at the odds of the threshold, a patient (Vickers 2006). */
export interface DecisionPoint {
  threshold: number;
  /** of acting on the model */
  model: number;
  /** 90 % interval of it, over patients */
  low: number;
  high: number;
  /** of acting on everybody */
  treatAll: number;
  /** of acting on nobody: 0 */
  treatNone: 0;
}

const Z90 = 1.6448536269514722;

/** Thresholds of the decision curve: 5 to 40 %. */
export const DECISION_THRESHOLDS: readonly number[] = Array.from({ length: 36 }, (_, k) => (k + 5) / 100);

/**
 * Bins of equal count by predicted probability.
 * @param repeats - how often each patient is among the predictions; intervals are as wide as the patients are few
 */
export function calibrationCurve({ probability, outcome }: Scored, bins = 10, repeats = 1): CalibrationBin[] {
  const order = Array.from({ length: outcome.length }, (_, i) => i).sort((a, b) => probability[a] - probability[b]);
  const curve: CalibrationBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const part = order.slice(Math.round((bin * order.length) / bins), Math.round(((bin + 1) * order.length) / bins));
    if (part.length === 0) continue;
    const mean = (of: ArrayLike<number>) => part.reduce((sum, i) => sum + of[i], 0) / part.length;
    const [count, observed] = [part.length / repeats, mean(outcome)];
    const [low, high] = wilson(observed, count);
    curve.push({ count, predicted: mean(probability), observed, low, high });
  }
  return curve;
}

/**
 * Decision curve over {@link DECISION_THRESHOLDS}, or others.
 * @param repeats - how often each patient is among the predictions
 */
export function decisionCurve(
  { probability, outcome }: Scored,
  thresholds: readonly number[] = DECISION_THRESHOLDS,
  repeats = 1,
): DecisionPoint[] {
  const n = outcome.length;
  let events = 0;
  for (let i = 0; i < n; i++) events += outcome[i];
  const rate = events / n;
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold);
    let [right, wrong] = [0, 0];
    for (let i = 0; i < n; i++) {
      if (probability[i] < threshold) continue;
      if (outcome[i]) right++;
      else wrong++;
    }
    const model = (right - odds * wrong) / n;
    const square = (right + odds * odds * wrong) / n;
    const half = Z90 * Math.sqrt((Math.max(0, square - model * model) * repeats) / n);
    const treatAll = rate - odds * (1 - rate);
    return { threshold, model, low: model - half, high: model + half, treatAll, treatNone: 0 };
  });
}

/** Wilson's 90 % interval of a share seen in `count` patients. */
function wilson(share: number, count: number): [low: number, high: number] {
  const z2 = Z90 ** 2 / count;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z90 / (1 + z2)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
