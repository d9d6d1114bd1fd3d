/** From angles and movement to features: value, interval and how it was got, window, way back. */

import { mean, standardDeviation } from '../../../kernel/index.ts';
import { type FeatureDraft, intervalFromSd, type Uncertainty } from '../../../model/index.ts';
import type { Movement, TaskRepetition } from '../events/movement.ts';
import type { Body } from '../points/body.ts';
import type { AngleTrack } from '../pose/angles.ts';
import { outwardBias, type Smoothing, widened } from './extremes.ts';

/** What emitters share. */
export interface Emission {
  body: Body;
  angles: readonly AngleTrack[];
  movement: Movement;
  /** one standard deviation of an angle from the noise of its points · deg · by angle id */
  noiseDeg: ReadonlyMap<string, number>;
  /** undefined: not smoothed */
  smoothing?: Smoothing;
  timeOf(index: number): number;
}

const POINT_NOISE = 'noise of the points alone; soft tissue and joint centres come on top';

/** Interval of repeated values: their scatter, divided by the root of their number. */
export function meanWithInterval(
  values: readonly number[],
  what: string,
  floor = 0,
): { value: number; uncertainty: Uncertainty } {
  const value = mean(values);
  if (values.length < 2 && floor === 0)
    return { value, uncertainty: { kind: 'unknown', reason: `only one ${what}; its scatter is not known` } };
  const sd = Math.hypot(
    values.length > 1 ? standardDeviation(values) / Math.sqrt(values.length) : 0,
    floor / Math.sqrt(values.length),
  );
  return {
    value,
    uncertainty: intervalFromSd(
      value,
      sd,
      `scatter of ${values.length} ${what}${values.length > 1 ? 's' : ''} and noise of the points`,
    ),
  };
}

/** Range, greatest and smallest value of every angle. */
export function rangeFeatures(emission: Emission): FeatureDraft[] {
  return emission.angles.flatMap((track) => {
    let [low, high, seen] = [-1, -1, 0];
    track.values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      seen++;
      if (low < 0 || value < track.values[low]) low = i;
      if (high < 0 || value > track.values[high]) high = i;
    });
    if (seen === 0) return [];
    const share = seen / track.values.length;
    const [from, to] = [track.values[low], track.values[high]];
    const at = (i: number): [number, number] => [emission.timeOf(i), emission.timeOf(i)];
    const make = (definition: string, value: number, uncertainty: Uncertainty, timeS: [number, number]) =>
      feature(emission, definition, track, value, uncertainty, share, timeS);
    const doubts = [low, high].map((i) => valueInterval(emission, track, i, to - from, Math.SQRT2));
    const doubt = doubts.find(({ kind }) => kind === 'unknown') ?? doubts[0];
    const [inward, outward] = [from, to].map((value) => biasOf(emission, track, value, [0, track.values.length - 1]));
    return [
      make('rangeOfMotion', to - from, widened(doubt, -inward - outward), [
        emission.timeOf(Math.min(low, high)),
        emission.timeOf(Math.max(low, high)),
      ]),
      make('maximum', to, widened(valueInterval(emission, track, high, to), -outward), at(high)),
      make('minimum', from, widened(valueInterval(emission, track, low, from), inward), at(low)),
    ];
  });
}

function biasOf(
  { noiseDeg, smoothing }: Emission,
  track: AngleTrack,
  extreme: number,
  stretch: readonly [number, number],
): number {
  return smoothing ? outwardBias(track.values, extreme, stretch, noiseDeg.get(track.id) ?? 0, smoothing) : 0;
}

/** Closer to a missing stretch than this an extreme may be the edge of something larger · s */
const EDGE_S = 0.1;

/** Interval of one value of a track: unknown where the angle is missing right beside it. */
function valueInterval(
  { body, noiseDeg }: Emission,
  track: AngleTrack,
  index: number,
  value: number,
  factor = 1,
): Uncertainty {
  const reach = Math.ceil(EDGE_S * body.rateHz);
  for (let i = Math.max(0, index - reach); i <= Math.min(body.count - 1, index + reach); i++)
    if (Number.isNaN(track.values[i]))
      return {
        kind: 'unknown',
        reason: 'the angle is missing right beside this value; the true extreme may lie there',
      };
  return noiseInterval(value, factor * (noiseDeg.get(track.id) ?? 0));
}

function noiseInterval(value: number, sd: number): Uncertainty {
  return sd > 0
    ? intervalFromSd(value, sd, POINT_NOISE)
    : { kind: 'unknown', reason: 'the points were not smoothed, so their noise was not seen' };
}

function feature(
  emission: Emission,
  definition: string,
  track: AngleTrack,
  value: number,
  uncertainty: Uncertainty,
  share: number,
  timeS: [number, number],
): FeatureDraft {
  return {
    definition: `kinematics.${definition}`,
    site: `${track.joint}.${track.motion}`,
    ...(track.side ? { side: track.side } : {}),
    task: emission.movement.task,
    value,
    unit: 'deg',
    uncertainty,
    quality: track.trust * share,
    method: track.convention,
    evidence: [{ role: { output: 'angles' }, locator: { channels: [`${track.id} (${track.convention})`], timeS } }],
  };
}

/** Angles that a movement is told by: the leading one and, in the legs, its neighbours. */
function toldAngles({ movement, angles }: Emission): AngleTrack[] {
  const legs = /^(hip|knee)\.flexion|^ankle\.dorsiflexion|^trunk\.|^lumbar\.|^pelvis\.(tilt|obliquity)/;
  if (movement.task === 'squat' || movement.task === 'sit-to-stand') return angles.filter(({ id }) => legs.test(id));
  if (movement.task === 'bend' || movement.task === 'lateral-bend' || movement.task === 'trunk-rotation')
    return angles.filter(({ id }) => /^(trunk|lumbar|pelvis)\./.test(id));
  return angles.filter(({ id }) => id === movement.leading);
}

/** Stretches that repeat: repetitions, standing up, strides of the right (else left) foot. */
export function stretchesOf({ movement }: Emission): TaskRepetition[] {
  const { repetitions, transitions, contacts } = movement;
  if (transitions.length)
    return transitions
      .filter(({ up }) => up)
      .map(({ start, end }) => ({ start, peak: start, end, amplitude: Number.NaN, complete: true }));
  if (contacts) {
    const strikes = contacts.right.strikes.length > 1 ? contacts.right.strikes : contacts.left.strikes;
    return strikes
      .slice(1)
      .map((end, k) => ({ start: strikes[k], peak: strikes[k], end, amplitude: Number.NaN, complete: true }));
  }
  return repetitions.filter(({ complete }) => complete);
}

function extremes(values: Float64Array, start: number, end: number): { low: number; high: number } | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = start; i <= end; i++) {
    if (Number.isNaN(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return high >= low ? { low, high } : undefined;
}

/** Counts, times, amplitudes and peaks of the repetitions. */
export function repetitionFeatures(emission: Emission): FeatureDraft[] {
  const { movement, body, timeOf, noiseDeg } = emission;
  const stretches = stretchesOf(emission);
  if (movement.task === 'gait' || stretches.length === 0) return [];
  const whole: [number, number] = [timeOf(stretches[0].start), timeOf(stretches[stretches.length - 1].end)];
  const events = { role: { output: 'events' }, locator: { timeS: whole } };
  const shared = {
    task: movement.task,
    quality: 0.8,
    method: `repetitions in ${movement.leading}`,
    evidence: [events],
  };
  const times = stretches.map(({ start, end }) => timeOf(end) - timeOf(start));
  const features: FeatureDraft[] = [
    {
      definition: 'kinematics.repetitions',
      value: stretches.length,
      unit: '{count}',
      uncertainty: { kind: 'exact', method: 'count of complete repetitions' },
      ...shared,
    },
    {
      definition: 'kinematics.repetitionTime',
      unit: 's',
      ...meanWithInterval(times, 'repetition', 1 / body.rateHz),
      ...shared,
    },
  ];
  for (const track of toldAngles(emission)) {
    const found = stretches.map(({ start, end }) => extremes(track.values, start, end));
    const amplitudes = found.flatMap((one) => (one ? [one.high - one.low] : []));
    if (amplitudes.length === 0) continue;
    const noise = noiseDeg.get(track.id) ?? 0;
    const { value, uncertainty } = meanWithInterval(amplitudes, 'repetition', Math.SQRT2 * noise);
    const biases = found.flatMap((one, k) => {
      const { start, end } = stretches[k];
      const of = (extreme: number) => biasOf(emission, track, extreme, [start, end]);
      return one ? [of(one.low) + of(one.high)] : [];
    });
    const doubt = widened(uncertainty, -mean(biases));
    features.push(feature(emission, 'amplitude', track, value, doubt, amplitudes.length / stretches.length, whole));
    if (`${track.joint}.${track.motion}` === movement.leading)
      features.push(...peakFeatures(emission, track, stretches));
  }
  return features;
}

function peakFeatures(emission: Emission, track: AngleTrack, stretches: readonly TaskRepetition[]): FeatureDraft[] {
  if (emission.movement.transitions.length) return [];
  return stretches.flatMap(({ start, end, peak }, at) => {
    // the side that turns away from rest: a left turn is as much a peak as a right one
    const rest = (track.values[start] + track.values[end]) / 2;
    let best = Number.isNaN(track.values[peak]) ? -1 : peak;
    for (let i = start; i <= end; i++)
      if (
        !Number.isNaN(track.values[i]) &&
        (best < 0 || Math.abs(track.values[i] - rest) > Math.abs(track.values[best] - rest))
      )
        best = i;
    if (best < 0) return [];
    const value = track.values[best];
    const window = {
      label: `${emission.movement.task} ${at + 1}`,
      startS: emission.timeOf(start),
      endS: emission.timeOf(end),
    };
    const time = emission.timeOf(best);
    return [
      {
        ...feature(emission, 'repetitionPeak', track, value, valueInterval(emission, track, best, value), 1, [
          time,
          time,
        ]),
        window,
      },
    ];
  });
}

/** Symmetry index and mean difference of the sides of every paired angle in a plane of flexion. */
export function symmetryFeatures(emission: Emission): FeatureDraft[] {
  const { angles, movement, body, timeOf, noiseDeg } = emission;
  const stretches = stretchesOf(emission);
  const parts = stretches.length ? stretches : [{ start: 0, end: body.count - 1 }];
  const features: FeatureDraft[] = [];
  for (const right of angles) {
    const left = angles.find(
      ({ joint, motion, side }) => joint === right.joint && motion === right.motion && side === 'left',
    );
    if (right.side !== 'right' || !left || !/flexion|elevation/.test(right.motion)) continue;
    const pairs = parts.flatMap(({ start, end }) => {
      const [r, l] = [extremes(right.values, start, end), extremes(left.values, start, end)];
      return r && l ? [[r.high - r.low, l.high - l.low]] : [];
    });
    const [r, l] = [0, 1].map((k) => (pairs.length ? mean(pairs.map((pair) => pair[k])) : 0));
    // a joint that hardly moves has no symmetry to speak of
    if (pairs.length === 0 || r + l < 20) continue;
    const indices = pairs.map(([a, b]) => (200 * (a - b)) / (a + b));
    const noise = Math.hypot(noiseDeg.get(right.id) ?? 0, noiseDeg.get(left.id) ?? 0);
    const floor = (200 * Math.SQRT2 * noise) / (r + l);
    const timeS: [number, number] = [timeOf(parts[0].start), timeOf(parts[parts.length - 1].end)];
    const shared = {
      site: `${right.joint}.${right.motion}`,
      task: movement.task,
      quality: Math.min(right.trust, left.trust),
      method: right.convention,
      evidence: [
        {
          role: { output: 'angles' },
          locator: { channels: [right, left].map(({ id, convention }) => `${id} (${convention})`), timeS },
        },
      ],
    };
    const index = meanWithInterval(indices, stretches.length ? 'repetition' : 'recording', floor);
    features.push({
      definition: 'kinematics.symmetryIndex',
      unit: '%',
      ...shared,
      value: (200 * (r - l)) / (r + l),
      uncertainty: index.uncertainty,
    });
    if (movement.task === 'gait') continue;
    const differences = parts.flatMap(({ start, end }) => meanDifference(right.values, left.values, start, end));
    if (differences.length)
      features.push({
        definition: 'kinematics.sideDifference',
        unit: 'deg',
        ...shared,
        ...meanWithInterval(differences, 'repetition', noise),
      });
  }
  return features;
}

function meanDifference(right: Float64Array, left: Float64Array, start: number, end: number): number[] {
  let [sum, n] = [0, 0];
  for (let i = start; i <= end; i++) {
    const d = Math.abs(right[i] - left[i]);
    if (Number.isNaN(d)) continue;
    sum += d;
    n++;
  }
  return n ? [sum / n] : [];
}
