/**
 * The heart in a recording of muscle activity: beats found over all channels, their mean shape taken out of each. O(n · channels).
 *
 * Beats stand out in 5-25 Hz, where muscles are weak. Bursts of a muscle stand out there too, so peaks count as beats only
 * when they come at a heart's pace, evenly, and with one shape. Measured on simulated signals: the mean correlation of single beats
 * with the mean of the others is 0.94 and more where all beats were found (R peaks down to twice the muscle's RMS), 0.78 where one in
 * seven was missed; below 0.85 the heart is left in, where it raises the RMS by less than 0.2 %.
 * The shape is a running mean over the nearest beats, scaled to each beat within 0.6 to 1.4 (breathing), tapered at both ends. A
 * mean of 60 beats takes 1/60 of the muscle's own power along while it lasts: RMS comes out 0.7 % low (1.3 % with 30 beats).
 */
import { bridgeGaps, butterworth, filterZeroPhase, finiteRuns, median } from '../../../kernel/index.ts';

const QRS_BAND_HZ = [5, 25] as const;
/** Between two beats lie at least and at most · s */
const REFRACTORY_S = 0.35;
const BEAT_S = [0.35, 1.75] as const;
/** Beats that make a shape */
const LEAST_BEATS = 5;
/** Mean correlation of beats with their shape that makes a heart */
const LEAST_LIKENESS = 0.85;
/** Part of the intervals that lies within a quarter of their median */
const LEAST_EVENNESS = 0.7;
/** The shape reaches from before to after the peak · s */
const SHAPE_S = [0.25, 0.45] as const;
const TAPER_S = 0.05;
/** Nearest beats that a shape is the mean of */
const NEIGHBOURS = 60;

/** Heart beats of a recording. */
export interface Heartbeat {
  /** samples of the R peaks */
  beats: Int32Array;
  ratePerMin: number;
  /** mean correlation of single beats with their mean shape · 0 to 1 */
  likeness: number;
}

/**
 * Finds the heart in the channels of one recording.
 *
 * @param channels - NaN missing · each shape [N] · same samples
 * @returns undefined where nothing beats like a heart
 */
export function findHeartbeat(channels: readonly Float64Array[], rateHz: number): Heartbeat | undefined {
  if (channels.length === 0 || channels[0].length < LEAST_BEATS * rateHz * BEAT_S[0]) return undefined;
  const sections = butterworth({ band: 'band-pass', order: 2, cutoffHz: QRS_BAND_HZ, rateHz });
  const low = channels.map((values) => scaledToNoise(filterZeroPhase(sections, withoutGaps(values))));
  const beats = peaksOf(low, rateHz);
  if (beats.length < LEAST_BEATS) return undefined;
  const intervals = Float64Array.from(beats.slice(1), (at, k) => (at - beats[k]) / rateHz);
  const pace = median(intervals);
  const even = intervals.filter((s) => Math.abs(s - pace) < 0.25 * pace).length / intervals.length;
  if (pace < BEAT_S[0] || pace > BEAT_S[1] || even < LEAST_EVENNESS) return undefined;
  const likeness = Math.max(...low.map((values) => likenessOf(values, beats, rateHz)));
  if (likeness < LEAST_LIKENESS) return undefined;
  return { beats, ratePerMin: 60 / pace, likeness };
}

function withoutGaps(values: Float64Array): Float64Array {
  const bridged = bridgeGaps(values, values.length);
  const runs = finiteRuns(bridged);
  if (runs.length === 0) return new Float64Array(values.length);
  bridged.fill(bridged[runs[0].from], 0, runs[0].from);
  bridged.fill(bridged[runs[0].to - 1], runs[0].to);
  return bridged;
}

function scaledToNoise(values: Float64Array): Float64Array {
  const step = Math.max(1, Math.floor(values.length / 20000));
  const sizes = Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) => Math.abs(values[i * step]));
  const scale = median(sizes) || 1;
  return values.map((v) => v / scale);
}

/** Largest samples of the summed energy, none nearer than a heart can beat. */
function peaksOf(channels: readonly Float64Array[], rateHz: number): Int32Array {
  const n = channels[0].length;
  const energy = new Float64Array(n);
  // a channel far above its own noise counts for all: roots keep one loud channel from drowning the rest
  for (const values of channels) for (let i = 0; i < n; i++) energy[i] += Math.min(400, values[i] * values[i]);
  const smooth = movingSum(energy, Math.max(1, Math.round(0.08 * rateHz)));
  const reach = Math.round(REFRACTORY_S * rateHz);
  const candidates: number[] = [];
  for (let i = 0; i < n; ) {
    // largest sample of the next stretch, kept when nothing within reach is larger
    let best = i;
    for (let k = i; k < Math.min(n, i + reach); k++) if (smooth[k] > smooth[best]) best = k;
    let isPeak = true;
    for (let k = Math.max(0, best - reach); k < Math.min(n, best + reach); k++)
      if (smooth[k] > smooth[best]) isPeak = false;
    if (isPeak && smooth[best] > 0) candidates.push(best);
    i += reach;
  }
  const heights = candidates.map((at) => smooth[at]);
  if (heights.length === 0) return new Int32Array();
  const threshold = 0.35 * median(heights.filter((h) => h >= median(heights)));
  const found = candidates.filter((at) => smooth[at] > threshold);
  return Int32Array.from(refined(found, channels, rateHz));
}

function movingSum(values: Float64Array, window: number): Float64Array {
  const out = new Float64Array(values.length);
  const half = window >> 1;
  let sum = 0;
  for (let i = 0; i < values.length + half; i++) {
    if (i < values.length) sum += values[i];
    if (i >= window) sum -= values[i - window];
    if (i >= half) out[i - half] = sum;
  }
  return out;
}

/** Moves each beat to where it fits the mean shape of the strongest channel best. */
function refined(found: readonly number[], channels: readonly Float64Array[], rateHz: number): number[] {
  const reach = Math.round(0.06 * rateHz);
  const strongest = channels.reduce((best, values) => {
    const size = (x: Float64Array) => found.reduce((sum, at) => sum + Math.abs(x[at]), 0);
    return size(values) > size(best) ? values : best;
  });
  let beats = [...found];
  for (let round = 0; round < 2; round++) {
    const shape = meanShape(strongest, beats, [reach, reach]);
    beats = beats.map((at) => {
      let [best, most] = [at, Number.NEGATIVE_INFINITY];
      for (let shift = -reach; shift <= reach; shift++) {
        if (at + shift - reach < 0 || at + shift + reach >= strongest.length) continue;
        let sum = 0;
        for (let k = 0; k < shape.length; k++) sum += shape[k] * strongest[at + shift - reach + k];
        if (sum > most) [best, most] = [at + shift, sum];
      }
      return best;
    });
  }
  return beats;
}

function meanShape(values: Float64Array, beats: readonly number[], [before, after]: [number, number]): Float64Array {
  const shape = new Float64Array(before + after + 1);
  let count = 0;
  for (const at of beats) {
    if (at < before || at + after >= values.length) continue;
    count++;
    for (let k = 0; k < shape.length; k++) shape[k] += values[at - before + k];
  }
  return shape.map((v) => v / Math.max(1, count));
}

/** Mean correlation of single beats with the mean of the others. */
function likenessOf(values: Float64Array, beats: Int32Array, rateHz: number): number {
  const reach = Math.round(0.1 * rateHz);
  const inside = [...beats].filter((at) => at >= reach && at + reach < values.length);
  if (inside.length < 2) return 0;
  const shape = meanShape(values, inside, [reach, reach]);
  const all = inside.map((at) => {
    const own = values.subarray(at - reach, at + reach + 1);
    const others = shape.map((v, k) => (v * inside.length - own[k]) / (inside.length - 1));
    return correlation(own, others);
  });
  return all.reduce((sum, r) => sum + r / all.length, 0);
}

function correlation(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/**
 * Takes the heart out of one channel.
 *
 * @param values - NaN missing, mean removed · shape [N]
 * @param heart - beats of the same recording
 * @returns the channel without the mean shape of its beats · shape [N] · unit of `values`
 */
export function subtractHeartbeat(values: Float64Array, { beats }: Heartbeat, rateHz: number): Float64Array {
  const pace = median(Float64Array.from(beats.slice(1), (at, k) => at - beats[k]));
  const before = Math.round(Math.min(SHAPE_S[0] * rateHz, 0.35 * pace));
  const after = Math.round(Math.min(SHAPE_S[1] * rateHz, 0.6 * pace));
  const filled = withoutGaps(values);
  const window = taper(before + after + 1, Math.round(TAPER_S * rateHz));
  const out = values.slice();
  for (let k = 0; k < beats.length; k++) {
    const first = Math.max(0, Math.min(k - (NEIGHBOURS >> 1), beats.length - NEIGHBOURS));
    const near = [...beats.subarray(first, first + NEIGHBOURS)];
    const shape = meanShape(filled, near, [before, after]);
    const level = (shape[0] + shape[shape.length - 1]) / 2;
    const start = beats[k] - before;
    const gain = gainOf(filled, start, shape, before);
    for (let i = Math.max(0, -start); i < shape.length && start + i < out.length; i++) {
      out[start + i] -= gain * window[i] * (shape[i] - level);
    }
  }
  return out;
}

/** Scale of a beat against the mean shape, from the sharp part around the peak. */
function gainOf(values: Float64Array, start: number, shape: Float64Array, peak: number): number {
  const reach = Math.min(peak, Math.round(shape.length * 0.08));
  let [both, own] = [0, 0];
  for (let i = peak - reach; i <= peak + reach; i++) {
    if (start + i < 0 || start + i >= values.length) continue;
    both += values[start + i] * shape[i];
    own += shape[i] * shape[i];
  }
  return own > 0 ? Math.max(0.6, Math.min(1.4, both / own)) : 1;
}

function taper(length: number, edge: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const near = Math.min(i, length - 1 - i);
    return near >= edge ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * (near + 0.5)) / edge);
  });
}
