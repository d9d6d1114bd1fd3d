/**
 * What can be wrong with a recording of muscle activity: lost packets, rails, mains hum. O(n), hum O(n log n).
 *
 * A radio that loses a packet repeats its last value, so a flat run is a hole and never silence. How long a run chance makes depends
 * on how coarse the steps are beside the noise, so the probability that a value is followed by itself is counted in the signal around
 * the run, for that very value where it occurs often enough, and a run is lost when chance would make one in less than a hundred
 * recordings. Tried: one fixed length (calls coarse quiet recordings lost), one probability for all values (too low for zero, which
 * a quiet coarse signal mostly is: two false runs in a minute at steps of three standard deviations).
 */
import { repeatedRuns, type SampleRun, welch } from '../../../kernel/index.ts';

/** Shortest run of one value that can be a lost packet: a slow wave has flat tops of four and five samples · s, samples */
const SHORTEST_LOSS_S = 0.004;
const SHORTEST_LOSS = 6;
/** Blocks in which repeats are counted · s */
const BLOCK_S = 0.5;
/** Runs that chance may make in a whole recording */
const CHANCE = 0.01;
/** Probability of a repeat above which nothing can be told from chance */
const HOPELESS = 0.995;
/** Runs of a value that make its own probability */
const OFTEN = 6;

/**
 * Runs of one repeated value that chance does not make: packets that were lost on the way.
 *
 * @param values - NaN missing · shape [N]
 * @param rateHz - samples per second
 * @returns stretches without the first sample, which was measured
 */
export function lostPackets(values: Float64Array, rateHz: number): SampleRun[] {
  const shortest = Math.max(SHORTEST_LOSS, Math.ceil(SHORTEST_LOSS_S * rateHz));
  const runs = repeatedRuns(values, shortest);
  if (runs.length === 0) return [];
  const probability = repeatProbability(values, Math.max(4 * shortest, Math.round(BLOCK_S * rateHz)));
  return runs
    .filter(({ from, to }) => {
      const p = probability(from);
      return p < HOPELESS && values.length * p ** (to - from - 1) < CHANCE;
    })
    .map(({ from, to }) => ({ from: from + 1, to }));
}

/** Runs of a value, and how many of them are longer than one sample. */
interface Repeats {
  runs: number;
  longer: number;
}

/** Probability that the value of the run at a sample is followed by itself, from its block and both neighbours, itself left out. */
function repeatProbability(values: Float64Array, block: number): (at: number) => number {
  const known = new Map<number, Map<number | 'all', Repeats>>();
  const countsOf = (k: number) => {
    let counts = known.get(k);
    if (!counts) known.set(k, (counts = countRepeats(values, k * block, (k + 1) * block)));
    return counts;
  };
  return (at) => {
    const near = [-1, 0, 1].map((d) => countsOf(Math.floor(at / block) + d));
    // the run itself is left out; a signal that falls quiet within a block asks for the largest share, with its own doubt
    const share = (key: number | 'all', least: number) =>
      near.map((counts, k) => {
        const itself = k === 1 ? 1 : 0;
        const { runs, longer } = counts.get(key) ?? { runs: itself, longer: itself };
        if (runs - itself < least || runs === longer) return -1;
        const p = Math.max(0, longer - itself) / (runs - itself);
        return Math.min(1, p + 2 * Math.sqrt((p * (1 - p)) / (runs - itself)));
      });
    // a value that never stands alone is one that a device fills holes with
    const own = Math.max(...share(values[at], OFTEN));
    return own >= 0 ? own : Math.max(0, ...share('all', 1));
  };
}

function countRepeats(values: Float64Array, from: number, to: number): Map<number | 'all', Repeats> {
  const counts = new Map<number | 'all', Repeats>();
  const all: Repeats = { runs: 0, longer: 0 };
  counts.set('all', all);
  for (let i = Math.max(0, from); i < Math.min(to, values.length); ) {
    let end = i + 1;
    while (end < values.length && values[end] === values[i]) end++;
    let own = counts.get(values[i]);
    if (!own) counts.set(values[i], (own = { runs: 0, longer: 0 }));
    const longer = end - i > 1 ? 1 : 0;
    own.runs++;
    own.longer += longer;
    all.runs++;
    all.longer += longer;
    i = end;
  }
  return counts;
}

/** The ends of the range that a signal met. */
export interface Rails {
  low?: number;
  high?: number;
  /** samples at a rail */
  clipped: number;
  /** smallest change from one sample to the next */
  step: number;
}

/**
 * Ends of the range at which samples pile up: one of the three outermost levels holds more than seven times as many as a level of the
 * next twelve does in the mean (the crest of a whole sine holds 5.6 times as many).
 *
 * @param values - NaN missing · shape [N]
 */
export function railsOf(values: Float64Array): Rails {
  const { low, high, step } = rangeOf(values);
  const rails: Rails = { clipped: 0, step };
  if (!(step > 0) || (high - low) / step < 32) return rails;
  for (const [name, sign, end] of [
    ['low', -1, low],
    ['high', 1, high],
  ] as const) {
    const levels = new Float64Array(15);
    let [together, before] = [0, false];
    for (let i = 0; i < values.length; i++) {
      const depth = Math.round((sign * (end - values[i])) / step);
      if (depth < 15) levels[depth]++;
      if (depth < 3 && before) together++;
      before = depth < 3;
    }
    const outer = levels.subarray(0, 3);
    const near = levels.subarray(3).reduce((sum, count) => sum + count / 12, 0);
    const most = Math.max(...outer);
    // few samples must stand together; many are no chance
    if (most < 5 || (together < 2 && most < 30) || most <= 7 * near) continue;
    rails[name] = end;
    rails.clipped += outer.reduce((sum, count) => sum + count, 0);
  }
  return rails;
}

function rangeOf(values: Float64Array): { low: number; high: number; step: number } {
  let [low, high, step] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low) low = value;
    if (value > high) high = value;
    const change = Math.abs(value - values[i - 1]);
    if (change > 0 && change < step) step = change;
  }
  return { low, high, step };
}

/** Power at a frequency of the mains over what lies around it. */
export interface LineRatio {
  frequencyHz: number;
  ratio: number;
  /** what chance makes of a flat spectrum at most, with as few segments as there are · 1 for long recordings */
  chance: number;
}

/** Neighbourhood of a line: nearer than this is the line itself, farther than the second is another matter · Hz */
const LINE_HALF_HZ = 0.8;
const AROUND_HZ = [2, 8] as const;

/**
 * Power density at 50 and 60 Hz and their multiples over the median density 2 to 8 Hz to both sides; 1 without hum.
 *
 * @param values - NaN missing · shape [N]
 * @param rateHz - samples per second
 * @param highestHz - multiples above are left out · Hz
 */
export function lineRatios(values: Float64Array, rateHz: number, highestHz: number): LineRatio[] {
  const segment = Math.min(values.length, Math.round(2 * rateHz));
  const options = { rateHz, segment, overlap: Math.floor(segment / 2), mostMissing: 0.2 };
  const { density, stepHz, segments } = welch(values, options);
  const chance = Math.max(1, 2 / Math.sqrt(segments));
  const out: LineRatio[] = [];
  for (const mains of [50, 60]) {
    for (let f = mains; f < Math.min(highestHz, rateHz / 2 - AROUND_HZ[1]); f += mains) {
      const line: number[] = [];
      const around: number[] = [];
      for (let k = 0; k < density.length; k++) {
        const off = Math.abs(k * stepHz - f);
        if (off <= LINE_HALF_HZ) line.push(density[k]);
        else if (off >= AROUND_HZ[0] && off <= AROUND_HZ[1]) around.push(density[k]);
      }
      around.sort((a, b) => a - b);
      const ratio = line.reduce((sum, v) => sum + v / line.length, 0) / around[around.length >> 1];
      const told = out.some(({ frequencyHz }) => frequencyHz === f);
      if (Number.isFinite(ratio) && !told) out.push({ frequencyHz: f, ratio, chance });
    }
  }
  return out;
}
