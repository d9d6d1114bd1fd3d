/**
 * Offset and drift of two clocks from curves of motion that both recorded: correlations of all pairs that speak of the same segment are
 * averaged (by how much
 * each moves), the peak lies between samples by a parabola; long recordings are compared again in windows, and a robust line through
 * the windows' offsets gives the drift. O(n log n).
 */

import { crossCorrelate, fitRobustLine, parabolaPeak, standardDeviation } from '../../kernel/index.ts';
import { chanceLevel } from './chance.ts';
import { type ClockCues, CUE_RATE_HZ, type MotionCue } from './cues.ts';

/** Offset and drift as correlation finds them: time on `a` = time on `b` · (1 + drift) + offset. */
export interface ClockFit {
  offsetS: number;
  offsetSdS?: number;
  driftPpm: number;
  driftSdPpm?: number;
  quality: number;
  basis: string;
  /** what to doubt, in words */
  doubts: string[];
  /** how alike both are at the best offset, and how alike unrelated ones of their rhythm would be; absent for marks */
  likeness?: { correlation: number; chance: number };
}

/** How far to look. */
export interface CorrelationOptions {
  /** largest difference of the clocks · s */
  maxOffsetS: number;
  drift: boolean;
}

interface Pair {
  a: MotionCue;
  b: MotionCue;
}

/** Windows for the drift · s */
const WINDOW_S = { least: 8, most: 60, reach: 0.4 };
/** Windows that fit worse than this say nothing. */
const LEAST_CORRELATION = 0.5;
/** A drift with a larger deviation than this is taken only when it is three deviations from zero · ppm */
const LOOSE_PPM = 200;
/** Blocks of the jackknife. */
const BLOCKS = 10;
/** Most pairs that are compared when nothing says which segment is which. */
const MOST_PAIRS = 144;

/** Pairs that speak of the same thing; where there is none, any pair. */
function pairsOf(a: readonly MotionCue[], b: readonly MotionCue[]): { pairs: Pair[]; same: boolean } {
  const same = a.flatMap((one) =>
    b.filter((other) => one.key !== undefined && one.key === other.key).map((other) => ({ a: one, b: other })),
  );
  if (same.length) return { pairs: same, same: true };
  return {
    pairs: a.flatMap((one) => b.map((other) => ({ a: one, b: other }))).slice(0, MOST_PAIRS),
    same: false,
  };
}

/** Correlation over lags of one pair, on lags of the offset: `offset = (first - k) / rate` with k counted from 0. */
interface OffsetCurve {
  values: Float64Array;
  /** offset that belongs to the first value; each next one is one step less · s */
  firstS: number;
  /** product of both spreads: a segment that hardly moves has little to say */
  weight: number;
  /** overlap of both at an offset · s */
  overlapS(offsetS: number): number;
  /** length of the shorter of both · s */
  shorterS: number;
}

function curveOf({ a, b }: Pair, maxOffsetS: number): OffsetCurve | undefined {
  if (!varies(a.values) || !varies(b.values)) return undefined;
  const lead = a.startS - b.startS;
  const most = Math.ceil((maxOffsetS + Math.abs(lead)) * CUE_RATE_HZ);
  const { values, firstLag } = crossCorrelate(a.values, b.values, most);
  const firstS = lead - firstLag / CUE_RATE_HZ;
  // lags beyond the wanted offsets say nothing
  const limited = values.map((value, k) =>
    Math.abs(firstS - k / CUE_RATE_HZ) <= maxOffsetS + 1e-9 ? value : Number.NaN,
  );
  const overlapS = (offsetS: number) => Math.min(endOf(a), endOf(b) + offsetS) - Math.max(a.startS, b.startS + offsetS);
  return {
    values: limited,
    firstS,
    weight: standardDeviation(a.values) * standardDeviation(b.values),
    overlapS,
    shorterS: Math.min(endOf(a) - a.startS, endOf(b) - b.startS),
  };
}

function varies(values: Float64Array): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low > 1e-9;
}

interface CurvePeak {
  offsetS: number;
  correlation: number;
  nextBest: number;
  inside: boolean;
}

/** Peaks this close to the best are as good; the one at which the recordings overlap most is taken. */
const AS_GOOD = 0.97;
/** Overlaps below this share of the shorter recording count less: two quiet ends are always alike. */
const FULL_SHARE = 0.6;

function peakOf({ values, firstS, overlapS, shorterS }: OffsetCurve): CurvePeak | undefined {
  const offsetAt = (k: number) => firstS - k / CUE_RATE_HZ;
  const full = (k: number) => Math.max(0, Math.min(1, overlapS(offsetAt(k)) / (FULL_SHARE * shorterS)));
  const scores = values.map((value, k) => value * full(k));
  let best = -1;
  for (let k = 0; k < scores.length; k++) if (scores[k] > (best < 0 ? -2 : scores[best])) best = k;
  if (best < 0) return undefined;
  const highest = scores[best];
  for (let k = 1; k + 1 < values.length; k++) {
    const top = values[k] >= values[k - 1] && values[k] >= values[k + 1];
    if (top && scores[k] >= AS_GOOD * highest && overlapS(offsetAt(k)) > overlapS(offsetAt(best)) + 0.05) best = k;
  }
  // the score picks the peak, the plain correlation places it
  while (best > 0 && values[best - 1] > values[best] && scores[best - 1] > AS_GOOD * highest) best--;
  while (best < values.length - 1 && values[best + 1] > values[best] && scores[best + 1] > AS_GOOD * highest) best++;
  const { offset, value } = parabolaPeak(values, best);
  let [low, high] = [best, best];
  while (low > 0 && values[low] > value / 2) low--;
  while (high < values.length - 1 && values[high] > value / 2) high++;
  let nextBest = -1;
  for (let k = 0; k < values.length; k++) if ((k < low || k > high) && scores[k] > nextBest) nextBest = scores[k];
  const inside =
    best > 0 && best < values.length - 1 && !Number.isNaN(values[best - 1]) && !Number.isNaN(values[best + 1]);
  return { offsetS: offsetAt(best + offset), correlation: value * full(best), nextBest, inside };
}

/** Weighted mean of several curves on the steps of the first; offsets differ by fractions of a step, which straight lines bridge. */
function meanCurve(curves: readonly OffsetCurve[]): OffsetCurve {
  if (curves.length === 1) return curves[0];
  const [first] = curves;
  const values = first.values.map((_, k) => {
    const offset = first.firstS - k / CUE_RATE_HZ;
    let [sum, n] = [0, 0];
    for (const curve of curves) {
      const at = (curve.firstS - offset) * CUE_RATE_HZ;
      const below = Math.floor(at + 1e-9);
      const share = at - below;
      const value =
        share < 1e-6 ? curve.values[below] : curve.values[below] * (1 - share) + curve.values[below + 1] * share;
      if (!Number.isFinite(value)) continue;
      sum += curve.weight * value;
      n += curve.weight;
    }
    return n ? sum / n : Number.NaN;
  });
  return { ...first, values };
}

/**
 * Compares two clocks by motion: by speeds, by smoother speeds, and around the better of both by how far segments have turned; the smallest
 * deviation counts.
 * @returns undefined where there is nothing to compare
 */
export function correlateClocks(a: ClockCues, b: ClockCues, options: CorrelationOptions): ClockFit | undefined {
  const pairs = pairsOf(a.motion, b.motion);
  const plain = correlatePairs(pairs, options);
  const slow = correlatePairs(pairsOf(a.slowMotion, b.slowMotion), options);
  const best = plain && slow ? smoother(plain, slow) : (plain ?? slow);
  if (best && plain && slow) best.likeness = surer(plain, slow);
  const turned = best && pairs.same ? refineByTurn(best, pairs.pairs, options) : undefined;
  return best && turned && deviation(turned) < 0.8 * deviation(best) ? turned : best;
}

/** Of the likeness of both curves, the one that stands farther above its chance: jitter of a camera hides in the smoother one. */
function surer(plain: ClockFit, slow: ClockFit): ClockFit['likeness'] {
  const above = ({ likeness }: ClockFit): number => (likeness ? likeness.correlation - likeness.chance : -1);
  const same = Math.abs(slow.offsetS - plain.offsetS) < WINDOW_S.reach;
  return same && above(slow) > above(plain) ? slow.likeness : plain.likeness;
}

/** The smoother curves where they are clearly surer and tell the same offset, or where the others tell none. */
function smoother(plain: ClockFit, slow: ClockFit): ClockFit {
  if (plain.quality < 0.3) return slow.quality > plain.quality ? slow : plain;
  const same = Math.abs(slow.offsetS - plain.offsetS) < WINDOW_S.reach;
  return same && deviation(slow) < 0.7 * deviation(plain) ? slow : plain;
}

function deviation({ offsetSdS }: ClockFit): number {
  return offsetSdS ?? Number.POSITIVE_INFINITY;
}

function overlapShare({ overlapS, shorterS }: OffsetCurve, offsetS: number): number {
  return shorterS > 0 ? Math.max(0, Math.min(1, overlapS(offsetS) / shorterS)) : 0;
}

/** Leaving a tenth out moves the offset of the same movement less than this, of others more · s */
const STEADY_SD_S = 0.02;
/** So alike that a loosely placed peak is believed: slow movements have flat ones. */
const SURELY_ALIKE = 0.96;

/**
 * True where a fit by motion is more than chance: more alike than unrelated recordings of the same rhythm come to be at the best of all offsets,
 * and all tenths of the recording agree on the offset, or both are the same all but for noise.
 */
export function isMoreThanChance({ likeness, offsetSdS }: Pick<ClockFit, 'likeness' | 'offsetSdS'>): boolean {
  if (!likeness) return true;
  const { correlation, chance } = likeness;
  if (correlation <= chance) return false;
  return correlation >= SURELY_ALIKE || (offsetSdS !== undefined && offsetSdS <= STEADY_SD_S);
}

/** Above it next to any two movements are alike by chance: a single bend, or a few seconds. */
const TOO_SHORT = 0.82;
const ALIKE_AT_ALL = 0.6;

/**
 * True where the recordings are alike but too short for likeness to prove anything; whoever gives just two recordings of two devices is believed
 * that they belong together.
 */
export function isTooShortToTell({ likeness }: Pick<ClockFit, 'likeness'>): boolean {
  return likeness !== undefined && likeness.chance > TOO_SHORT && likeness.correlation >= ALIKE_AT_ALL;
}

/** Pairs whose turns are less alike than this turn about different axes. */
const LEAST_TURN_LIKENESS = 0.6;

/** A known offset, sharpened by how far segments have turned; the sign of each pair is the one that fits. */
function refineByTurn(known: ClockFit, pairs: readonly Pair[], options: CorrelationOptions): ClockFit | undefined {
  const signed = pairs.flatMap(({ a, b }) => {
    if (!a.turn || !b.turn) return [];
    const pair: Pair = { a: { ...a, values: a.turn }, b: { ...b, values: b.turn } };
    const fromS = Math.max(b.startS, a.startS - known.offsetS) + WINDOW_S.reach + 0.05;
    const toS = Math.min(endOf(b), endOf(a) - known.offsetS) - WINDOW_S.reach - 0.05;
    const curve = toS - fromS > 2 ? windowCurve(pair, fromS, toS - fromS, known.offsetS) : undefined;
    if (!curve) return [];
    const [low, high] = curve.values.reduce(([x, y], value) => [Math.min(x, value), Math.max(y, value)], [1, -1]);
    if (Math.max(high, -low) < LEAST_TURN_LIKENESS) return [];
    const sign = high >= -low ? 1 : -1;
    const turned: Pair = { a: pair.a, b: { ...pair.b, values: pair.b.values.map((value) => sign * value) } };
    return [{ pair: turned, curve: { ...curve, values: curve.values.map((value) => sign * value) } }];
  });
  const peak = signed.length ? peakOf(meanCurve(signed.map(({ curve }) => curve))) : undefined;
  if (!peak?.inside || Math.abs(peak.offsetS - known.offsetS) > 0.2) return undefined;
  const turned = signed.map(({ pair }) => pair);
  const offsetSdS = jackknife(turned, peak.offsetS);
  const names = turned.map(({ a }) => a.key).join(', ');
  const basis = `${known.basis}; sharpened by the turn of ${names}: correlation ${peak.correlation.toFixed(2)}`;
  const doubts = known.doubts.filter((doubt) => !doubt.includes('drift'));
  const { offsetSdS: _, driftSdPpm: __, ...rest } = known;
  const whole: ClockFit = {
    ...rest,
    offsetS: peak.offsetS,
    ...(offsetSdS === undefined ? {} : { offsetSdS }),
    driftPpm: 0,
    basis,
    doubts,
  };
  return inWindows(whole, turned, options.drift);
}

function correlatePairs(
  { pairs, same }: ReturnType<typeof pairsOf>,
  options: CorrelationOptions,
): ClockFit | undefined {
  const curves = pairs.flatMap((pair) => {
    const curve = curveOf(pair, options.maxOffsetS);
    const peak = curve && peakOf(curve);
    return curve && peak ? [{ pair, curve, peak }] : [];
  });
  if (curves.length === 0) return undefined;
  const best = [...curves].sort((p, q) => q.peak.correlation - p.peak.correlation)[0];
  const used = same ? curves : [best];
  const peak = same ? (peakOf(meanCurve(curves.map(({ curve }) => curve))) ?? best.peak) : best.peak;
  const doubts: string[] = [];
  if (peak.nextBest > 0.9 * peak.correlation) doubts.push('another offset fits nearly as well, as with an even rhythm');
  if (!peak.inside) doubts.push('the best offset lies at the end of the range');
  if (!same) doubts.push('the sources do not say which segment they show; the best of all pairs was taken');
  const distinct = Math.max(0, Math.min(1, (peak.correlation - peak.nextBest) / 0.25));
  const strong = Math.max(0, Math.min(1, (peak.correlation - 0.3) / 0.5));
  const quality = (0.4 + 0.6 * distinct) * strong * (same ? 1 : 0.8) * (peak.inside ? 1 : 0.3);
  const names = used.map(({ pair }) => pair.a.key ?? `${pair.a.name} and ${pair.b.name}`).join(', ');
  const basis = `speed of turning, ${names}: correlation ${peak.correlation.toFixed(2)}, next best ${Math.max(0, peak.nextBest).toFixed(2)}`;
  const jack = jackknife(
    used.map(({ pair }) => pair),
    peak.offsetS,
  );
  const chance = chanceLevel(
    used.map(({ pair, curve }) => ({ a: pair.a.values, b: pair.b.values, weight: curve.weight })),
    // every pair that was tried is a chance of its own
    Math.min(2 * options.maxOffsetS * CUE_RATE_HZ, used[0].curve.values.length) * (same ? 1 : curves.length),
    overlapShare(used[0].curve, peak.offsetS),
  );
  const whole: ClockFit = {
    offsetS: peak.offsetS,
    ...(jack === undefined ? {} : { offsetSdS: jack }),
    driftPpm: 0,
    quality,
    basis,
    doubts,
    likeness: { correlation: peak.correlation, chance },
  };
  return inWindows(
    whole,
    used.map(({ pair }) => pair),
    options.drift,
  );
}

/** Standard deviation of the offset when each tenth of the recording is left out in turn · s */
function jackknife(pairs: readonly Pair[], offsetS: number): number | undefined {
  const steps = 4;
  const blocks = Array.from({ length: BLOCKS }, () => new Float64Array(2 * steps + 1));
  for (const { a, b } of pairs) {
    const shift = Math.round((a.startS - b.startS - offsetS) * CUE_RATE_HZ);
    const from = Math.max(0, -shift + steps);
    const to = Math.min(a.values.length, b.values.length - shift - steps);
    if (to - from < 4 * BLOCKS) continue;
    const [ma, mb] = [a.values, b.values].map(
      (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
    );
    for (let i = from; i < to; i++) {
      const block = blocks[Math.min(BLOCKS - 1, Math.floor(((i - from) * BLOCKS) / (to - from)))];
      for (let k = -steps; k <= steps; k++) block[k + steps] += (a.values[i] - ma) * (b.values[i + shift + k] - mb);
    }
  }
  const total = blocks[0].map((_, k) => blocks.reduce((sum, block) => sum + block[k], 0));
  const offsets = blocks.map((block) => {
    const rest = total.map((value, k) => value - block[k]);
    const at = rest.indexOf(rest.reduce((x, y) => Math.max(x, y)));
    return (at + parabolaPeak(rest, at).offset) / CUE_RATE_HZ;
  });
  if (total.every((value) => value === 0)) return undefined;
  const mean = offsets.reduce((sum, value) => sum + value, 0) / BLOCKS;
  const spread = offsets.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = Math.sqrt(((BLOCKS - 1) / BLOCKS) * spread);
  // blocks that all stop at the same edge show no spread
  return sd > 1e-6 ? sd : undefined;
}

/** Offsets of windows along the recording, and the line through them. */
function inWindows(whole: ClockFit, pairs: readonly Pair[], drift: boolean): ClockFit {
  const { offsetS } = whole;
  const fromS = Math.max(...pairs.map(({ a, b }) => Math.max(a.startS - offsetS, b.startS)));
  const toS = Math.min(...pairs.map(({ a, b }) => Math.min(endOf(a) - offsetS, endOf(b))));
  const windowS = Math.max(WINDOW_S.least, Math.min(WINDOW_S.most, (toS - fromS) / 10));
  if (toS - fromS < 3 * windowS) return whole;
  const points: { at: number; offset: number; weight: number }[] = [];
  for (let start = fromS; start + windowS <= toS + 1e-9; start += windowS / 2) {
    const curves = pairs.flatMap((pair) => windowCurve(pair, start, windowS, offsetS) ?? []);
    const peak = curves.length ? peakOf(meanCurve(curves)) : undefined;
    if (!peak?.inside || peak.correlation < LEAST_CORRELATION) continue;
    points.push({ at: start + windowS / 2, offset: peak.offsetS, weight: peak.correlation });
  }
  if (points.length < 5)
    return drift ? { ...whole, doubts: [...whole.doubts, 'too few stretches of clear motion for a drift'] } : whole;
  const middle = (fromS + toS) / 2;
  const weights = points.map(({ weight }) => weight);
  const offsets = points.map(({ offset }) => offset);
  const line = fitRobustLine(
    points.map(({ at }) => at - middle),
    offsets,
    weights,
    2e-4,
  );
  // windows overlap by half: two of them know as much as one and a half
  const widen = Math.SQRT2;
  const [slopeSd, middleSd] = [widen * line.slopeSd, widen * line.interceptSd];
  const basis = `${whole.basis}; ${points.length} windows of ${windowS.toFixed(0)} s, spread ${(1000 * line.residual).toFixed(1)} ms`;
  if (!drift) return { ...whole, offsetS: line.intercept, offsetSdS: middleSd, basis };
  if (slopeSd * 1e6 > LOOSE_PPM && Math.abs(line.slope) < 3 * slopeSd) {
    return {
      ...whole,
      offsetS: line.intercept,
      offsetSdS: middleSd,
      driftPpm: 0,
      driftSdPpm: slopeSd * 1e6,
      basis,
      doubts: [...whole.doubts, 'too short to tell a drift; none was taken'],
    };
  }
  return {
    ...whole,
    offsetS: line.intercept - line.slope * middle,
    offsetSdS: Math.hypot(middleSd, slopeSd * middle),
    driftPpm: line.slope * 1e6,
    driftSdPpm: slopeSd * 1e6,
    basis,
  };
}

function endOf({ startS, values }: MotionCue): number {
  return startS + (values.length - 1) / CUE_RATE_HZ;
}

/**
 * Correlation of one window of `b` with `a` at offsets near the one of the whole; few lags, so they are summed directly, each normalised by
 * the stretch of `a` that it covers.
 */
function windowCurve({ a, b }: Pair, startS: number, lengthS: number, offsetS: number): OffsetCurve | undefined {
  const from = Math.max(0, Math.round((startS - b.startS) * CUE_RATE_HZ));
  const inner = b.values.subarray(from, Math.min(b.values.length, from + Math.round(lengthS * CUE_RATE_HZ)));
  const reach = Math.round(WINDOW_S.reach * CUE_RATE_HZ);
  const at = Math.round((b.startS + from / CUE_RATE_HZ + offsetS - a.startS) * CUE_RATE_HZ);
  const n = inner.length;
  if (n < 50 || at - reach < 0 || at + reach + n > a.values.length) return undefined;
  const spread = standardDeviation(inner);
  if (spread < 1e-9) return undefined;
  const values = new Float64Array(2 * reach + 1);
  for (let lag = -reach; lag <= reach; lag++) {
    let [sa, sb, saa, sab] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const value = a.values[at + lag + i];
      sa += value;
      sb += inner[i];
      saa += value * value;
      sab += value * inner[i];
    }
    const size = Math.sqrt(Math.max(0, saa - (sa * sa) / n)) * spread * Math.sqrt(n - 1);
    // a larger offset comes first
    values[reach - lag] = size > 0 ? (sab - (sa * sb) / n) / size : Number.NaN;
  }
  const firstS = a.startS + (at + reach) / CUE_RATE_HZ - b.startS - from / CUE_RATE_HZ;
  return {
    values,
    firstS,
    weight: spread * standardDeviation(a.values.subarray(at, at + n)),
    overlapS: () => lengthS,
    shorterS: lengthS,
  };
}
