/**
 * Stretches of a sensor that a filter can run through: lost packets (all axes repeated to the bit) and missing rates are bridged by straight
 * lines up to a tenth of a second; at longer gaps the filter starts again. O(samples).
 */

import type { ImuSamples } from '../../kernel/index.ts';
import type { Sensor } from './sensors.ts';

/** Longest gap that is bridged · s: a fast arm turns by up to 50° in it, and its rate bends little. */
const BRIDGE_S = 0.1;

/** Shortest and longest run of repeated samples that is read as lost packets: longer ones may be a simulated rest · samples, s */
const REPEATED = { least: 3, longestS: 1 };

/** Beyond these no sensor on a body measures, least of all rightly: such samples are set aside · rad/s, m/s² */
const MOST_GYR = 140;
const MOST_ACC = 1000;

/** A stretch without gaps. */
interface Part {
  /** first sample and one past the last */
  from: number;
  to: number;
  samples: ImuSamples;
}

/** Stretches, and how much was bridged and lost. */
export interface Parts {
  parts: Part[];
  /** samples bridged */
  bridged: number;
  /** samples in gaps too long to bridge */
  lost: number;
  /** times of samples are uneven and were used one by one */
  uneven: boolean;
}

/** Sets samples to NaN, in place, that nothing on a body can give; returns how many. */
export function setAsideImpossible({ gyr, acc, mag }: Sensor): number {
  const limits: [Float64Array | undefined, number][] = [
    [gyr, MOST_GYR],
    [acc, MOST_ACC],
    [mag, Number.MAX_VALUE],
  ];
  return limits.reduce((sum, [vectors, most]) => sum + (vectors ? dropImpossible(vectors, most) : 0), 0);
}

/** Cuts a sensor that has angular rate and acceleration into stretches. */
export function partsOf(sensor: Sensor, withField: boolean): Parts {
  const { base, count } = sensor;
  const gyr = (sensor.gyr as Float64Array).slice();
  const acc = (sensor.acc as Float64Array).slice();
  const mag = withField ? sensor.mag : undefined;
  dropRepeated(gyr, acc, count, base.rateHz);
  const steps = unevenSteps(base.timeS, base.rateHz);
  const longest = Math.max(1, Math.round(BRIDGE_S * base.rateHz));
  const bridged = bridge(gyr, count, longest);
  const parts: Part[] = [];
  let lost = 0;
  for (let from = 0; from < count; ) {
    if (Number.isNaN(gyr[3 * from])) {
      lost++;
      from++;
      continue;
    }
    let to = from + 1;
    while (to < count && !Number.isNaN(gyr[3 * to]) && !(steps && steps[to] > Math.max(BRIDGE_S, 3 / base.rateHz)))
      to++;
    parts.push({ from, to, samples: cut({ rateHz: base.rateHz, gyr, acc, mag, stepsS: steps }, from, to) });
    from = to;
  }
  return { parts, bridged, lost, uneven: steps !== undefined };
}

function cut({ rateHz, gyr, acc, mag, stepsS }: ImuSamples, from: number, to: number): ImuSamples {
  const three = (values: Float64Array) => values.subarray(3 * from, 3 * to);
  const samples: ImuSamples = { rateHz, gyr: three(gyr), acc: three(acc) };
  const field = mag && three(mag);
  const share = field ? finiteShare(field) : 0;
  // a lone stretch without any field goes on without heading correction
  if (field && share > 0) {
    samples.mag = field;
    if (share < 0.9) samples.magRateHz = rateHz * share;
  }
  if (stepsS) {
    samples.stepsS = stepsS.slice(from, to);
    samples.stepsS[0] = 1 / rateHz;
  }
  return samples;
}

function finiteShare(vectors: Float64Array): number {
  let finite = 0;
  for (let i = 0; i < vectors.length; i += 3) if (!Number.isNaN(vectors[i])) finite++;
  return vectors.length ? (3 * finite) / vectors.length : 0;
}

/** Time since the sample before, where any differs from the mean by more than a hundredth. */
function unevenSteps(timeS: Float64Array | undefined, rateHz: number): Float64Array | undefined {
  if (!timeS || timeS.length < 2) return undefined;
  const steps = Float64Array.from(timeS, (time, i) => (i ? time - timeS[i - 1] : 1 / rateHz));
  return steps.some((step) => Math.abs(step * rateHz - 1) > 0.01) ? steps : undefined;
}

function dropImpossible(vectors: Float64Array, most: number): number {
  let dropped = 0;
  for (let i = 0; i < vectors.length; i += 3) {
    if (!(Math.hypot(vectors[i], vectors[i + 1], vectors[i + 2]) > most)) continue;
    vectors.fill(Number.NaN, i, i + 3);
    dropped++;
  }
  return dropped;
}

function dropRepeated(gyr: Float64Array, acc: Float64Array, count: number, rateHz: number): void {
  const same = (i: number) =>
    [0, 1, 2].every((k) => gyr[3 * i + k] === gyr[3 * i - 3 + k] && acc[3 * i + k] === acc[3 * i - 3 + k]);
  for (let from = 1; from < count; from++) {
    if (!same(from)) continue;
    let to = from;
    while (to < count && same(to)) to++;
    if (to - from >= REPEATED.least && to - from <= REPEATED.longestS * rateHz) {
      gyr.fill(Number.NaN, 3 * from, 3 * to);
      acc.fill(Number.NaN, 3 * from, 3 * to);
    }
    from = to;
  }
}

/** Straight lines over gaps between samples; gaps at the ends stay. Returns how many samples were filled. */
function bridge(vectors: Float64Array, count: number, longest: number): number {
  let filled = 0;
  const missing = (i: number) =>
    Number.isNaN(vectors[3 * i]) || Number.isNaN(vectors[3 * i + 1]) || Number.isNaN(vectors[3 * i + 2]);
  for (let i = 0; i < count; i++) {
    if (!missing(i)) continue;
    let end = i;
    while (end < count && missing(end)) end++;
    const fill = i > 0 && end < count && end - i <= longest;
    for (let at = i; at < end; at++) {
      for (let k = 0; k < 3; k++) {
        const [a, b] = [vectors[3 * i - 3 + k], vectors[3 * end + k]];
        vectors[3 * at + k] = fill ? a + ((at - i + 1) / (end - i + 1)) * (b - a) : Number.NaN;
      }
    }
    if (fill) filled += end - i;
    i = end;
  }
  return filled;
}
