/**
 * Time of XDF streams: from each sender's clock to the recorder's, across restarts of the sender, and then without jitter.
 *
 * Offsets are fitted by a line per stretch between two clock resets, robustly (Huber's loss, 0.1 ms, reweighted least squares), so
 * that a late answer of the network does not bend it. Stamps of a regular stream then become a line per stretch without a gap.
 *
 * The reference reader applies the fit of each stretch to as many samples as it had offsets; here the samples are parted where their
 * own stamps jump, so a recording with a reset comes out in order.
 */

/** An offset differing by less counts fully · s */
const HUBER_S = 1e-4;

/** Sizes beyond which two successive offsets speak of a reset, after the reference reader's defaults. */
const RESET = { timeS: 5, timeMad: 5, offsetS: 1, offsetMad: 10 };

/** A gap in a regular stream: as many seconds or samples, whichever is longer. */
const GAP = { seconds: 1, samples: 500 };

/** Neighbouring stamps further apart are not of one stretch · s */
const LEAP_S = 10;

const MOST_ITERATIONS = 200;

/** A line through clock offsets, valid between two times of the sender's clock. */
export interface OffsetLine {
  fromS: number;
  toS: number;
  /** offset at `fromS` · s */
  offsetS: number;
  /** s per s */
  slope: number;
  /** median distance of the offsets from the line · s */
  residualS: number;
}

/**
 * Lines through a stream's clock offsets, one per stretch between resets.
 * @param times   - when each offset was measured · s of the sender · in order of arrival
 * @param offsets - what to add to the sender's time · s
 */
export function fitOffsets(times: readonly number[], offsets: readonly number[]): OffsetLine[] {
  const starts = [0, ...resetsIn(times, offsets), times.length];
  const lines: OffsetLine[] = [];
  for (let index = 0; index + 1 < starts.length; index++) {
    const [from, to] = [starts[index], starts[index + 1]];
    if (to > from) lines.push(fitLine(times.slice(from, to), offsets.slice(from, to)));
  }
  return lines;
}

/** Indices of the first offset after each reset. */
function resetsIn(times: readonly number[], offsets: readonly number[]): number[] {
  if (times.length < 2) return [];
  const steps = differences(times);
  const jumps = differences(offsets).map(Math.abs);
  const usual = { step: median(steps), jump: median(jumps) };
  const spread = {
    step: median(steps.map((step) => Math.abs(step - usual.step))) + Number.EPSILON,
    jump: median(jumps.map((jump) => Math.abs(jump - usual.jump))) + Number.EPSILON,
  };
  return steps.flatMap((step, index) => {
    const late = step - usual.step;
    const far = jumps[index] - usual.jump;
    const broken = step < 0 || (late > RESET.timeS && late / spread.step > RESET.timeMad);
    const jumped = far > RESET.offsetS && far / spread.jump > RESET.offsetMad;
    return broken && jumped ? [index + 1] : [];
  });
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function fitLine(times: readonly number[], offsets: readonly number[]): OffsetLine {
  const fromS = Math.min(...times);
  const toS = Math.max(...times);
  const base = offsets[0];
  const weights = times.map(() => 1);
  let line = { at: 0, slope: 0 };
  for (let round = 0; round < MOST_ITERATIONS; round++) {
    const next = weightedLine(times, offsets, weights, { fromS, base });
    const moved = Math.abs(next.at - line.at) + Math.abs(next.slope - line.slope) * (toS - fromS);
    line = next;
    for (let index = 0; index < times.length; index++) {
      const away = Math.abs(offsets[index] - base - line.at - line.slope * (times[index] - fromS));
      weights[index] = away <= HUBER_S ? 1 : HUBER_S / away;
    }
    if (moved < 1e-13) break;
  }
  const away = times.map((time, index) => Math.abs(offsets[index] - base - line.at - line.slope * (time - fromS)));
  return { fromS, toS, offsetS: base + line.at, slope: line.slope, residualS: median(away) };
}

function weightedLine(
  times: readonly number[],
  offsets: readonly number[],
  weights: readonly number[],
  { fromS, base }: { fromS: number; base: number },
): { at: number; slope: number } {
  let total = 0;
  let meanTime = 0;
  let meanOffset = 0;
  for (let index = 0; index < times.length; index++) {
    total += weights[index];
    meanTime += weights[index] * (times[index] - fromS);
    meanOffset += weights[index] * (offsets[index] - base);
  }
  meanTime /= total;
  meanOffset /= total;
  let square = 0;
  let product = 0;
  for (let index = 0; index < times.length; index++) {
    const away = times[index] - fromS - meanTime;
    square += weights[index] * away * away;
    product += weights[index] * away * (offsets[index] - base - meanOffset);
  }
  const slope = square > 0 ? product / square : 0;
  return { at: meanOffset - slope * meanTime, slope };
}

/**
 * Stamps on the recorder's clock.
 *
 * Samples are parted where their stamps fall back or leap further than a pause of the network; each part takes, of the lines that can
 * still come, the one whose times lie nearest. A fall means that the sender started again: then an earlier line cannot be meant.
 * @param stamps - s of the sender · in order of arrival
 */
export function correctStamps(stamps: readonly number[], lines: readonly OffsetLine[]): Float64Array {
  const out = Float64Array.from(stamps);
  if (lines.length === 0) return out;
  let current = 0;
  for (let from = 0; from < out.length; ) {
    let to = from + 1;
    while (to < out.length && Math.abs(stamps[to] - stamps[to - 1]) < LEAP_S) to++;
    const fell = from > 0 && stamps[from] < stamps[from - 1];
    current = nearest(stamps[from], stamps[to - 1], lines, Math.min(lines.length - 1, current + Number(fell)));
    const line = lines[current];
    for (let index = from; index < to; index++)
      out[index] = stamps[index] + line.offsetS + line.slope * (stamps[index] - line.fromS);
    from = to;
  }
  return out;
}

function nearest(firstS: number, lastS: number, lines: readonly OffsetLine[], from: number): number {
  const [low, high] = [Math.min(firstS, lastS), Math.max(firstS, lastS)];
  const away = ({ fromS, toS }: OffsetLine): number => Math.max(0, fromS - high, low - toS);
  let best = from;
  for (let index = from + 1; index < lines.length; index++) if (away(lines[index]) < away(lines[best])) best = index;
  return best;
}

/** A regular stream without jitter. */
export interface EvenTimes {
  startS: number;
  rateHz: number;
  /** only where the stream has gaps */
  timeS?: Float64Array;
  /** s at which a gap begins, and how long it lasts */
  gaps: { timeS: number; lengthS: number }[];
}

/**
 * Stamps of a regular stream as one line, or one per stretch between gaps.
 * @param timeS - s of one clock
 */
export function removeJitter(timeS: Float64Array, nominalRateHz: number): EvenTimes {
  const limit = Math.max(GAP.seconds, GAP.samples / nominalRateHz);
  const starts = [0];
  const gaps: EvenTimes['gaps'] = [];
  for (let index = 1; index < timeS.length; index++) {
    const step = timeS[index] - timeS[index - 1];
    if (step <= limit && step >= -limit) continue;
    starts.push(index);
    gaps.push({ timeS: timeS[index - 1], lengthS: step });
  }
  starts.push(timeS.length);
  const even = new Float64Array(timeS.length);
  let samples = 0;
  let seconds = 0;
  let only = { startS: timeS[0], stepS: 1 / nominalRateHz };
  for (let part = 0; part + 1 < starts.length; part++) {
    const [from, to] = [starts[part], starts[part + 1]];
    only = stretch(timeS.subarray(from, to), 1 / nominalRateHz);
    for (let index = from; index < to; index++) even[index] = only.startS + (index - from) * only.stepS;
    samples += to - from;
    seconds += (to - from) * only.stepS;
  }
  const rateHz = samples / seconds;
  if (gaps.length === 0) return { startS: only.startS, rateHz: 1 / only.stepS, gaps };
  return { startS: even[0], rateHz, timeS: even, gaps };
}

function stretch(timeS: Float64Array, nominalS: number): { startS: number; stepS: number } {
  const count = timeS.length;
  if (count < 2) return { startS: timeS[0], stepS: nominalS };
  const middle = (count - 1) / 2;
  let mean = 0;
  for (const time of timeS) mean += (time - timeS[0]) / count;
  let product = 0;
  for (let index = 0; index < count; index++) product += (index - middle) * (timeS[index] - timeS[0] - mean);
  const stepS = product / ((count * (count * count - 1)) / 12);
  if (!(stepS > 0)) return { startS: timeS[0], stepS: nominalS };
  return { startS: timeS[0] + mean - middle * stepS, stepS };
}
