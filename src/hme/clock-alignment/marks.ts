/**
 * Offset and drift of two clocks from marks that both recorded: edges of one trigger, or events of the same name. Every pair of marks
 * proposes an offset; the one that most pairs agree on wins, and a robust line through the agreeing marks gives offset and drift.
 * O(marks² log marks).
 */

import { fitRobustLine, median } from '../../kernel/index.ts';
import type { ClockFit } from './correlate.ts';

/** A mark on two clocks must agree with the others to this · s */
const AGREE_S = 0.1;
/** Marks that are compared; a pulse train has thousands, and says no more. */
const MOST_MARKS = 400;
/** Clocks of devices do not drift more than this · ppm */
const MOST_DRIFT_PPM = 500;

/** A moment, and what it is called where it has a name. */
export interface Mark {
  timeS: number;
  label?: string;
}

/**
 * Compares marks of two clocks: time on `a` = time on `b` · (1 + drift) + offset.
 *
 * @param stepS - time between samples of each source, 0 where the marks are exact · s
 * @returns undefined where no two marks belong together
 */
export function matchMarks(
  a: readonly Mark[],
  b: readonly Mark[],
  stepS: readonly [number, number],
  maxOffsetS: number,
): (ClockFit & { matched: number }) | undefined {
  const [one, two] = [a.slice(0, MOST_MARKS), b.slice(0, MOST_MARKS)];
  const proposal = mostAgreed(one, two, maxOffsetS);
  if (!proposal) return undefined;
  const pairs = agreeing(one, two, proposal.offsetS);
  if (pairs.length === 0) return undefined;
  const reading = Math.hypot(...stepS) / Math.sqrt(12);
  const possible = Math.min(one.length, two.length);
  const share = pairs.length / possible;
  if (pairs.length < 3) {
    const offset = pairs.reduce((sum, [s, t]) => sum + s - t, 0) / pairs.length;
    return {
      offsetS: offset,
      ...(reading > 0 ? { offsetSdS: reading / Math.sqrt(pairs.length) } : {}),
      driftPpm: 0,
      quality: (pairs.length === 2 ? 0.8 : 0.6) * Math.sqrt(share),
      basis: '',
      doubts: pairs.length === 1 ? ['one mark alone: nothing checks it, and no drift is known'] : [],
      matched: pairs.length,
    };
  }
  const middle = pairs.reduce((sum, [, t]) => sum + t, 0) / pairs.length;
  const line = fitRobustLine(
    pairs.map(([, t]) => t - middle),
    pairs.map(([s, t]) => s - t),
    undefined,
    Math.max(1e-6, reading),
  );
  const doubts = proposal.single ? [] : ['another offset fits as many marks, as with an even pulse'];
  const spanS = Math.max(...pairs.map(([, t]) => t)) - Math.min(...pairs.map(([, t]) => t));
  // exact-looking marks are still read to a sample
  const slopeSd = Math.max(line.slopeSd, reading / Math.max(1e-9, spanS * Math.sqrt(pairs.length / 12)));
  const middleSd = Math.max(line.interceptSd, reading / Math.sqrt(pairs.length));
  const drifts = Math.abs(line.slope) > 2 * slopeSd && Math.abs(line.slope) * 1e6 < MOST_DRIFT_PPM;
  if (Math.abs(line.slope) * 1e6 >= MOST_DRIFT_PPM) doubts.push('the marks drift apart by more than clocks do');
  if (share < 0.7) doubts.push(`only ${pairs.length} of ${possible} marks agree`);
  const slope = drifts ? line.slope : 0;
  return {
    offsetS: line.intercept - slope * middle,
    offsetSdS: Math.hypot(middleSd, drifts ? slopeSd * middle : 0),
    driftPpm: slope * 1e6,
    driftSdPpm: slopeSd * 1e6,
    quality: Math.min(1, 0.7 + 0.06 * pairs.length) * Math.sqrt(share) * (proposal.single ? 1 : 0.5),
    basis: `, spread ${(1000 * line.residual).toFixed(2)} ms`,
    doubts,
    matched: pairs.length,
  };
}

/** The offset that most pairs of marks propose, within the tolerance; `single` when no other comes near. */
function mostAgreed(
  a: readonly Mark[],
  b: readonly Mark[],
  maxOffsetS: number,
): { offsetS: number; single: boolean } | undefined {
  const proposals: number[] = [];
  for (const p of a)
    for (const q of b)
      if (p.label === q.label && Math.abs(p.timeS - q.timeS) <= maxOffsetS) proposals.push(p.timeS - q.timeS);
  if (proposals.length === 0) return undefined;
  const sorted = Float64Array.from(proposals).sort();
  const windows: { from: number; to: number }[] = [];
  for (let from = 0, to = 0; from < sorted.length; from++) {
    while (to < sorted.length && sorted[to] - sorted[from] <= AGREE_S) to++;
    windows.push({ from, to });
  }
  const best = windows.reduce((x, y) => (y.to - y.from > x.to - x.from ? y : x));
  const offsetS = median(sorted.subarray(best.from, best.to));
  const size = best.to - best.from;
  const rival = windows.some(
    ({ from, to }) => Math.abs(sorted[from] - offsetS) > 2 * AGREE_S && to - from > 0.85 * size,
  );
  return { offsetS, single: size < 3 ? !rival || size === 1 : !rival };
}

/** Marks of `a`, each with the nearest free mark of `b` of the same name, that agree with an offset but for drift. */
function agreeing(a: readonly Mark[], b: readonly Mark[], offsetS: number): [number, number][] {
  const pairs: [number, number][] = [];
  const taken = new Set<number>();
  for (const { timeS, label } of a) {
    let [best, gap] = [-1, AGREE_S];
    b.forEach((mark, k) => {
      const distance = Math.abs(timeS - offsetS - mark.timeS);
      if (mark.label === label && !taken.has(k) && distance < gap) [best, gap] = [k, distance];
    });
    if (best < 0) continue;
    taken.add(best);
    pairs.push([timeS, b[best].timeS]);
  }
  return pairs;
}
