/**
 * Signals with missing samples: runs of samples that are there, bridges over short gaps, filters that know of gaps, runs of one
 * repeated value. O(n).
 *
 * A gap shorter than the bridge is crossed by a straight line, filtered over and taken out again; at a longer one the filter
 * starts anew, because a long straight line would put a step of its own into the result.
 */
import type { Sections } from './butterworth.ts';
import { edgeLength, filterZeroPhase } from './filter.ts';

type Samples = Float32Array | Float64Array;

/** A stretch of samples, `to` not included. */
export interface SampleRun {
  from: number;
  to: number;
}

/**
 * Stretches of samples that are numbers.
 * @example finiteRuns(Float64Array.of(NaN, 1, 2, NaN, 3)) // [{ from: 1, to: 3 }, { from: 4, to: 5 }]
 */
export function finiteRuns(values: ArrayLike<number>): SampleRun[] {
  const runs: SampleRun[] = [];
  for (let i = 0; i < values.length; ) {
    while (i < values.length && !Number.isFinite(values[i])) i++;
    const from = i;
    while (i < values.length && Number.isFinite(values[i])) i++;
    if (i > from) runs.push({ from, to: i });
  }
  return runs;
}

/**
 * Crosses short gaps by straight lines. Gaps at the ends stay.
 *
 * @param values - NaN missing · shape [N]
 * @param longest - samples of the longest gap that is bridged
 * @returns a copy · shape [N]
 * @example [...bridgeGaps(Float64Array.of(1, NaN, 3, NaN, NaN, 9), 1)] // [1, 2, 3, NaN, NaN, 9]
 */
export function bridgeGaps(values: Samples, longest: number): Float64Array {
  const out = Float64Array.from(values);
  const runs = finiteRuns(values);
  for (let r = 1; r < runs.length; r++) {
    const [from, to] = [runs[r - 1].to - 1, runs[r].from];
    if (to - from - 1 > longest) continue;
    for (let i = from + 1; i < to; i++) out[i] = out[from] + ((out[to] - out[from]) * (i - from)) / (to - from);
  }
  return out;
}

/**
 * Zero-phase filter of a signal with gaps: short ones are bridged and taken out again, long ones split the signal; stretches too
 * short to filter become NaN.
 *
 * @param values - NaN missing · shape [N]
 * @param longestBridge - samples of the longest gap that is bridged
 * @returns filtered values, NaN where the input was missing · shape [N] · unit of `values`
 */
export function filterAcrossGaps(sections: Sections, values: Samples, longestBridge: number): Float64Array {
  if (isComplete(values) && values.length > edgeLength(sections)) return filterZeroPhase(sections, values);
  const bridged = bridgeGaps(values, longestBridge);
  const runs = finiteRuns(bridged);
  const out = new Float64Array(values.length);
  if (runs[0]?.to !== values.length || runs[0].from > 0) out.fill(Number.NaN);
  for (const { from, to } of runs) {
    if (to - from > edgeLength(sections)) out.set(filterZeroPhase(sections, bridged.subarray(from, to)), from);
    else out.fill(Number.NaN, from, to);
  }
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) out[i] = Number.NaN;
  return out;
}

/** Whether all samples are numbers and their sum does not overflow. */
function isComplete(values: Samples): boolean {
  let [a, b, sum] = [0, 0, 0];
  const even = values.length & ~1;
  for (let i = 0; i < even; i += 2) {
    a += values[i];
    b += values[i + 1];
  }
  for (let i = even; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum + a + b);
}

/**
 * Stretches in which one value repeats.
 *
 * @param least - samples of the shortest stretch that counts · at least 2
 * @example repeatedRuns(Float64Array.of(1, 5, 5, 5, 2, 2), 3) // [{ from: 1, to: 4 }]
 */
export function repeatedRuns(values: ArrayLike<number>, least: number): SampleRun[] {
  const runs: SampleRun[] = [];
  for (let i = 0; i < values.length; ) {
    const value = values[i];
    let to = i + 1;
    while (to < values.length && values[to] === value) to++;
    if (to - i >= least && !Number.isNaN(value)) runs.push({ from: i, to });
    i = to;
  }
  return runs;
}
