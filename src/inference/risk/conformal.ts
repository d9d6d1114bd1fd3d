/** Sets instead of numbers: class-conditional split conformal prediction, off until there are enough own outcomes of both kinds. */

/** Own events needed before sets are shown. */
export const CONFORMAL_EVENTS = 50;

/** What is said of a patient. Both answers: undecided. None: unlike anything seen. */
export type ConformalSet = readonly ('surgery' | 'no surgery')[];

/** Calibration cases of both classes. */
export interface ConformalCalibration {
  alpha: number;
  /** 1 − p(surgery) of those operated, ascending */
  surgery: Float64Array;
  /** p(surgery) of those not operated, ascending */
  none: Float64Array;
}

/** Gathers calibration cases; undefined below {@link CONFORMAL_EVENTS} of either class: then only the interval is shown. */
export function calibrateConformal(
  probability: ArrayLike<number>,
  operated: ArrayLike<number>,
  alpha = 0.1,
): ConformalCalibration | undefined {
  const rows = Array.from({ length: operated.length }, (_, i) => i);
  const surgery = Float64Array.from(
    rows.filter((i) => operated[i]),
    (i) => 1 - probability[i],
  ).sort();
  const none = Float64Array.from(
    rows.filter((i) => !operated[i]),
    (i) => probability[i],
  ).sort();
  return surgery.length < CONFORMAL_EVENTS || none.length < CONFORMAL_EVENTS ? undefined : { alpha, surgery, none };
}

/** Answers whose p-value among the calibration cases of their class exceeds alpha; each class is covered with 1 − alpha. */
export function conformalSet({ alpha, surgery, none }: ConformalCalibration, probability: number): ConformalSet {
  const rank = (scores: Float64Array, score: number) =>
    (scores.reduce((count, other) => count + (other >= score ? 1 : 0), 0) + 1) / (scores.length + 1);
  const set: ('surgery' | 'no surgery')[] = [];
  if (rank(surgery, 1 - probability) > alpha) set.push('surgery');
  if (rank(none, probability) > alpha) set.push('no surgery');
  return set;
}
