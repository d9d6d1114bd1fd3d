/** When a challenger may take the trusted model's place: better on enough prospective events, calibrated, and no group harmed. */

import { createRandom, quantileSorted } from '../../kernel/index.ts';
import { brier, calibrationLine } from '../evaluation/index.ts';

export const PROMOTION = { events: 200, slopeLow: 0.9, slopeHigh: 1.1, resamples: 1000 } as const;

/** Predictions of both models on patients neither has learnt from. */
export interface Duel {
  trusted: ArrayLike<number>;
  challenger: ArrayLike<number>;
  outcome: ArrayLike<number>;
  /** ways to part the patients into groups, undefined where it is not known; a group is harmed when its Brier score rises beyond doubt */
  groups?: readonly ArrayLike<string | undefined>[];
}

/** The verdict, with the figures behind it. */
export interface Verdict {
  promoted: boolean;
  events: number;
  /** Brier of the challenger less that of the trusted model, with its 95 % bootstrap interval */
  difference: number;
  low: number;
  high: number;
  slope: number;
  harmed: string[];
  /** why not, in words; empty when promoted */
  reasons: string[];
}

/** Patients below which a group says nothing. */
const LEAST_OF_A_GROUP = 30;

/** Judges a challenger. Without promotion it stays an opinion beside the trusted number. */
export function judgeChallenger(duel: Duel, seed = 1): Verdict {
  const n = duel.outcome.length;
  const rows = Array.from({ length: n }, (_, i) => i);
  const events = rows.reduce((sum, i) => sum + duel.outcome[i], 0);
  const [difference, low, high] = brierDifference(duel, rows, seed);
  const { slope } = calibrationLine({ probability: duel.challenger, outcome: duel.outcome });
  const harmed = (duel.groups ?? []).flatMap((group) => {
    const names = [...new Set(Array.from(group))].filter((name) => name !== undefined).sort();
    return names.filter((name) => {
      const members = rows.filter((i) => group[i] === name);
      return members.length >= LEAST_OF_A_GROUP && brierDifference(duel, members, seed)[1] > 0;
    });
  });
  const reasons = [
    ...(events < PROMOTION.events ? [`${events} events, ${PROMOTION.events} are needed.`] : []),
    ...(high >= 0 ? ['The Brier score is not lower beyond doubt.'] : []),
    ...(slope < PROMOTION.slopeLow || slope > PROMOTION.slopeHigh ? [`Calibration slope ${slope.toFixed(2)}.`] : []),
    ...harmed.map((name) => `Worse for the group ${name}.`),
  ];
  return { promoted: reasons.length === 0, events, difference, low, high, slope, harmed, reasons };
}

function brierDifference(duel: Duel, rows: readonly number[], seed: number): [number, number, number] {
  const of = (predicted: ArrayLike<number>, members: readonly number[]) =>
    brier({ probability: members.map((i) => predicted[i]), outcome: members.map((i) => duel.outcome[i]) });
  const random = createRandom(seed);
  const gain = Float64Array.from(
    rows,
    (i) => (duel.challenger[i] - duel.outcome[i]) ** 2 - (duel.trusted[i] - duel.outcome[i]) ** 2,
  );
  const drawn = new Float64Array(PROMOTION.resamples);
  for (let r = 0; r < drawn.length; r++) {
    for (let k = 0; k < gain.length; k++) drawn[r] += gain[random.int(0, gain.length - 1)] / gain.length;
  }
  drawn.sort();
  return [
    of(duel.challenger, rows) - of(duel.trusted, rows),
    quantileSorted(drawn, 0.025),
    quantileSorted(drawn, 0.975),
  ];
}
