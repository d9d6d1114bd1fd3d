/** Numbers of one sensor's orientation, each with its interval or the reason for none. O(samples). */

import { angleDeg, DEG_PER_RAD, quaternionAt, standardDeviation, type Vec3 } from '../../kernel/index.ts';
import {
  type EvidenceDraft,
  type FeatureDraft,
  intervalFromSd,
  sampleTimeS,
  type Uncertainty,
} from '../../model/index.ts';
import { type FilterName, fieldKnownFrom, type Mode, type SensorOrientation } from './estimate.ts';

/** Root mean square inclination error against optical truth, five trials of the BROAD benchmark · deg */
const INCLINATION_RMS_DEG: Record<Exclude<FilterName, 'vendor'>, Record<Mode, number>> = {
  vqf2023: { online: 0.65, offline: 0.53 },
  madgwick2010: { online: 2.75, offline: 2.75 },
  mahony2008: { online: 4.76, offline: 4.76 },
};

const NO_INTERVAL: Uncertainty = { kind: 'unknown', reason: 'The vendor does not say how exact its orientation is' };

/** The numbers before they become features. */
export interface Measures {
  restShare?: number;
  disturbedShare?: number;
  /** deg/s */
  bias?: { xyz: Vec3; norm: number; sd: number };
  inclinationRangeDeg?: number;
  /** deg/s */
  peak?: { value: number; at: number; sd?: number };
}

/** Measures one sensor. */
export function measureSensor(result: SensorOrientation): Measures {
  const { orientation, rest, disturbed } = result;
  const present = presentOf(orientation);
  const used = present.reduce((sum, value) => sum + value, 0);
  const share = (marks: Uint8Array) => (100 * marks.reduce((sum, mark, i) => sum + (present[i] ? mark : 0), 0)) / used;
  if (used === 0) return {};
  return {
    restShare: rest && share(rest),
    disturbedShare: disturbed && disturbedShare(disturbed, present),
    bias: biasOf(result),
    inclinationRangeDeg: inclinationRange(orientation),
    peak: peakOf(result),
  };
}

/**
 * Share of the samples since the filter first knew the field; undefined when it never did: before, every field looks disturbed.
 * @returns %
 */
function disturbedShare(disturbed: Uint8Array, present: Uint8Array): number | undefined {
  const from = fieldKnownFrom(disturbed);
  let [marked, counted] = [0, 0];
  for (let i = from; i < disturbed.length; i++) {
    counted += present[i];
    marked += present[i] && disturbed[i];
  }
  return counted > 0 ? (100 * marked) / counted : undefined;
}

function presentOf(orientation: Float64Array): Uint8Array {
  return Uint8Array.from({ length: orientation.length / 4 }, (_, i) => (Number.isNaN(orientation[4 * i]) ? 0 : 1));
}

function biasOf({ bias, biasSd }: SensorOrientation): Measures['bias'] {
  if (!bias || !biasSd) return undefined;
  let at = -1;
  for (let i = 0; i < biasSd.length; i++) if (biasSd[i] <= (at < 0 ? Number.POSITIVE_INFINITY : biasSd[at])) at = i;
  if (at < 0) return undefined;
  const xyz: Vec3 = [bias[3 * at] * DEG_PER_RAD, bias[3 * at + 1] * DEG_PER_RAD, bias[3 * at + 2] * DEG_PER_RAD];
  return { xyz, norm: Math.hypot(...xyz), sd: biasSd[at] * DEG_PER_RAD };
}

/** The vertical as the sensor sees it: third row of its rotation matrix. */
function verticalAt(q: Float64Array, i: number): Vec3 {
  const [w, x, y, z] = quaternionAt(q, i);
  return [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)];
}

/**
 * Largest angle between two verticals: from each of a few starts to the farthest, from there to the farthest, until it grows no more.
 * Exact but for pathological paths.
 *
 * @param orientation - `[w, x, y, z]` · shape [4N] · NaN in gaps
 * @returns deg · 0 without samples
 */
export function inclinationRange(orientation: Float64Array): number {
  const n = orientation.length / 4;
  const verticals: Vec3[] = [];
  for (let i = 0; i < n; i++) if (!Number.isNaN(orientation[4 * i])) verticals.push(verticalAt(orientation, i));
  let [least, pair] = [1, [0, 0]];
  const starts = [0, 0.25, 0.5, 0.75].map((share) => Math.floor(share * verticals.length));
  for (const start of starts) {
    let [from, best] = [start, 1];
    for (let step = 0; step < 8; step++) {
      const [a, b, c] = verticals[from] ?? [0, 0, 1];
      let [farthest, cosine] = [from, 1];
      for (let i = 0; i < verticals.length; i++) {
        const dot = a * verticals[i][0] + b * verticals[i][1] + c * verticals[i][2];
        if (dot < cosine) [farthest, cosine] = [i, dot];
      }
      if (cosine >= best) break;
      if (cosine < least) [least, pair] = [cosine, [from, farthest]];
      best = cosine;
      from = farthest;
    }
  }
  return verticals.length ? angleDeg(verticals[pair[0]], verticals[pair[1]]) : 0;
}

/** Largest angular rate; its noise is that of the length of the rate at rest. */
function peakOf({ sensor, bias, rest, biasSd }: SensorOrientation): Measures['peak'] {
  const { gyr, count } = sensor;
  if (!gyr) return undefined;
  let [at, value] = [-1, -1];
  const still: number[][] = [[], [], []];
  for (let i = 0; i < count; i++) {
    const rate = [0, 1, 2].map((k) => (gyr[3 * i + k] - (bias?.[3 * i + k] || 0)) * DEG_PER_RAD);
    const size = Math.hypot(...rate);
    if (size > value) [at, value] = [i, size];
    if (rest?.[i]) for (const k of [0, 1, 2]) still[k].push(rate[k]);
  }
  if (at < 0) return undefined;
  const noise = still[0].length > 10 ? Math.max(...still.map(standardDeviation)) : undefined;
  const sd = noise === undefined ? undefined : Math.hypot(noise, (biasSd?.[at] || 0) * DEG_PER_RAD);
  return { value, at, sd };
}

/** How a sensor's features are told apart. */
export interface Naming {
  site?: string;
  side?: 'left' | 'right';
  /** names of the orientation's channels */
  outputs: string[];
  /** place of the orientation among the outputs */
  index: number;
}

/** Features of one sensor. */
export function featuresOf(result: SensorOrientation, measures: Measures, naming: Naming): FeatureDraft[] {
  const { sensor, filter, mode } = result;
  const { site, side, outputs, index } = naming;
  const method = filter === 'vendor' ? 'Orientation of the device itself' : `${filter}, ${mode}`;
  const input: EvidenceDraft = {
    role: { input: 'recording', index: sensor.source },
    locator: { channels: sensor.channels },
  };
  const output: EvidenceDraft = { role: { output: 'orientation', index }, locator: { channels: outputs } };
  const quality = qualityOf(result, measures);
  const make = (id: string, unit: FeatureDraft['unit'], value: number | undefined, more: Partial<FeatureDraft>) => ({
    definition: `imu.${id}`,
    ...(site ? { site } : {}),
    ...(side ? { side } : {}),
    value: value ?? null,
    unit,
    uncertainty: { kind: 'unknown', reason: 'Nothing was measured' } as Uncertainty,
    quality: value === undefined ? 0 : quality,
    method,
    evidence: [output, input],
    ...more,
  });
  const { restShare, disturbedShare, bias, inclinationRangeDeg, peak } = measures;
  const counted: Partial<FeatureDraft> = { uncertainty: { kind: 'exact', method: 'Samples counted' } };
  const noRest = `${filter} does not look for rest`;
  const found = [
    make('restShare', '%', restShare, restShare === undefined ? { missing: noRest } : counted),
    make('disturbedShare', '%', disturbedShare, disturbedShare === undefined ? { missing: noField(result) } : counted),
    make(
      'gyroBias',
      'deg/s',
      bias?.norm,
      bias
        ? { uncertainty: intervalFromSd(bias.norm, bias.sd, 'Covariance of the filter, largest over directions') }
        : { missing: `${filter} gives no bias with a standard deviation` },
    ),
    make('inclinationRange', 'deg', inclinationRangeDeg, {
      ...(inclinationRangeDeg === undefined ? { missing: 'No sample could be used' } : {}),
      uncertainty: inclinationRangeDeg === undefined ? NO_INTERVAL : rangeDoubt(inclinationRangeDeg, filter, mode),
    }),
    make('peakAngularVelocity', 'deg/s', peak?.value, {
      ...(peak ? {} : { missing: 'The sensor has no angular rate' }),
      uncertainty: peakDoubt(peak),
      ...(peak
        ? { evidence: [{ ...input, locator: { channels: sensor.channels, timeS: timeAround(result, peak.at) } }] }
        : {}),
    }),
  ];
  // a device that fuses by itself says nothing of rest, field and bias
  return filter === 'vendor' ? found.filter(({ value }) => value !== null) : found;
}

function rangeDoubt(value: number, filter: FilterName, mode: Mode): Uncertainty {
  if (filter === 'vendor') return NO_INTERVAL;
  const sd = Math.SQRT2 * INCLINATION_RMS_DEG[filter][mode];
  const doubt = intervalFromSd(
    value,
    sd,
    'Both ends err as this filter does against optical truth (BROAD, five trials)',
  );
  return doubt.kind === 'interval' ? { ...doubt, low: Math.max(0, doubt.low), high: Math.min(180, doubt.high) } : doubt;
}

function peakDoubt(peak: Measures['peak']): Uncertainty {
  if (peak?.sd !== undefined)
    return intervalFromSd(peak.value, peak.sd, 'Noise of the rate at rest and sd of the bias');
  return { kind: 'unknown', reason: 'The sensor never rested, so its noise is not known' };
}

function timeAround({ sensor }: SensorOrientation, at: number): [number, number] {
  return [sampleTimeS(sensor.base, at), sampleTimeS(sensor.base, at + 1)];
}

function noField({ filter, sensor, disturbed }: SensorOrientation): string {
  if (filter !== 'vqf2023') return `${filter} does not judge the field`;
  if (!sensor.mag) return 'The sensor has no magnetometer';
  return disturbed
    ? 'No magnetic field was taken for undisturbed: that takes 5 s of turning faster than 20 °/s'
    : 'The magnetic field was left out';
}

/** Lost samples and a disturbed field take from it. */
function qualityOf({ lost, sensor, north }: SensorOrientation, { disturbedShare = 0 }: Measures): number {
  const whole = 1 - Math.min(1, (2 * lost) / Math.max(1, sensor.count));
  return Number((whole * (north ? 1 - disturbedShare / 200 : 0.9)).toFixed(2));
}
