/**
 * When a muscle is active: the smoothed amplitude above rest. O(n).
 *
 * Rest is the quietest second of the channel; active is what lies above its mean plus three standard deviations (Hodges & Bui 1996)
 * and above 10 % of the channel's loud level (99 % of the time quieter) for 50 ms or longer, reaching 30 % of it somewhere; gaps of up to
 * 100 ms are closed. Without the shares of the loud level a very quiet rest makes one burst of all unrest between contractions: 11
 * bursts over 75 % of a recording of nine contractions; with them nine, over 42 %. A level of 95 % of the time was tried and misses the loud
 * part of a minute with four short contractions.
 * A channel whose loud level is below four times its quietest second is called neither active nor at rest: in a hold there is no
 * rest to compare with, and in silence nothing happens (steady noise 1.6, a recording without contractions 2.7, with them 28 and more).
 * Smoothed is the absolute value over 50 ms around each sample, so onsets of a step come 20 ms early and offsets 20 ms late.
 */
import { finiteRuns, movingAbsolute, quantileSorted, type SampleRun } from '../../../kernel/index.ts';

const SMOOTH_S = 0.05;
const REST_S = 1;
const JOIN_S = 0.1;
/** Nothing below this share of loud is a burst */
const FLOOR = 0.1;
/** and every burst rises to this share somewhere */
const PEAK = 0.3;
/** Loud (99 % of the time quieter) over rest that makes a contrast */
const LEAST_CONTRAST = 4;

/** How bursts are found. */
export interface BurstOptions {
  /** standard deviations of rest above its mean */
  restSds: number;
  /** shortest burst · s */
  leastS: number;
}

/** Bursts of one channel. */
export interface Activity {
  /** stretches of activity · samples */
  bursts: SampleRun[];
  /** amplitude at rest, mean of absolute values · µV */
  rest: number;
  restSd: number;
  /** first sample of the second that was taken for rest */
  restFrom: number;
  /** false where nothing stands out: bursts are empty then */
  contrast: boolean;
}

/**
 * Finds bursts of a clean channel.
 *
 * @param clean - NaN missing · shape [N] · any unit
 * @param rateHz - samples per second
 */
export function findBursts(clean: Float64Array, rateHz: number, options: BurstOptions): Activity {
  const window = Math.max(1, Math.round(SMOOTH_S * rateHz));
  const smooth = movingAbsolute(clean, window);
  const rest = quietest(smooth, Math.min(smooth.length, Math.round(REST_S * rateHz)));
  const step = Math.max(1, Math.floor(smooth.length / 20000));
  const sorted = smooth.filter((v, i) => i % step === 0 && Number.isFinite(v)).sort();
  const loud = sorted.length ? quantileSorted(sorted, 0.99) : 0;
  if (!(loud > LEAST_CONTRAST * rest.mean)) return { bursts: [], contrast: false, ...named(rest) };
  const threshold = Math.max(rest.mean + options.restSds * rest.sd, FLOOR * loud);
  const half = window >> 1;
  const above = smooth.map((v) => (v > threshold ? 1 : Number.NaN));
  const runs = finiteRuns(above).map(({ from, to }) => ({ from: from + half, to: to + half }));
  const joined: SampleRun[] = [];
  for (const run of runs) {
    const last = joined[joined.length - 1];
    if (last && run.from - last.to <= JOIN_S * rateHz) last.to = run.to;
    else joined.push({ ...run });
  }
  const rises = ({ from, to }: SampleRun): boolean => {
    for (let i = from; i < to; i++) if (smooth[i - half] >= PEAK * loud) return true;
    return false;
  };
  return {
    bursts: joined.filter((run) => run.to - run.from >= options.leastS * rateHz && rises(run)),
    contrast: true,
    ...named(rest),
  };
}

interface Quiet {
  mean: number;
  sd: number;
  from: number;
}

const named = ({ mean, sd, from }: Quiet) => ({ rest: mean, restSd: sd, restFrom: from });

/** The window of the smallest mean, without missing samples. */
function quietest(values: Float64Array, window: number): Quiet {
  let best: Quiet = { mean: Number.POSITIVE_INFINITY, sd: 0, from: 0 };
  const hop = Math.max(1, Math.floor(window / 20));
  for (let from = 0; from + window <= values.length; from += hop) {
    let sum = 0;
    for (let i = from; i < from + window; i++) sum += values[i];
    // NaN is never smaller
    if (!(sum / window < best.mean)) continue;
    const mean = sum / window;
    let squares = 0;
    for (let i = from; i < from + window; i++) squares += (values[i] - mean) ** 2;
    best = { mean, sd: Math.sqrt(squares / window), from };
  }
  return best;
}
