/** Sampled signals on one time base: muscle activity, inertial sensors, forces, angles. */

import type { Unit } from '../units.ts';

/** What a channel measures. */
export type Quantity =
  | 'emg'
  | 'acceleration'
  | 'angular-rate'
  | 'magnetic-field'
  | 'orientation'
  | 'angle'
  | 'force'
  | 'moment'
  | 'pressure-centre'
  | 'position'
  | 'other';

/** One channel of a recording. */
export interface SignalChannel {
  /** as the file calls it */
  name: string;
  unit: Unit;
  /** one value per sample, NaN where there is none · shape [N] · `unit` */
  values: Float32Array | Float64Array;
  quantity: Quantity;
  /** component of a vector or of a quaternion `[w, x, y, z]` */
  axis?: 'w' | 'x' | 'y' | 'z';
  /** channels of one sensor (or force plate) share this */
  sensor?: string;
  /** body segment that the sensor sits on, or whose angle it is: `thorax`, `pelvis`, `thigh` … */
  segment?: string;
  /** muscle under an electrode: `erectorSpinae`, `bicepsBrachii` … */
  site?: string;
  /** vertebral level beside which the electrode lies */
  level?: string;
  side?: 'left' | 'right';
}

/**
 * Channels that were sampled together. Sample i was taken at `timeS[i]` where that is given, otherwise at
 * `startS + i / rateHz`, in seconds of `clock`.
 */
export interface Signals {
  /** name of the clock whose seconds count: the recording's own until a clock map takes it to the twin's */
  clock: string;
  startS: number;
  /** samples per second; the mean where `timeS` is given; never rounded to a whole number */
  rateHz: number;
  /** time of each sample where they are not evenly spaced · shape [N] · s · increasing */
  timeS?: Float64Array;
  channels: SignalChannel[];
  /** force plates that `sensor` of force channels refers to */
  plates?: ForcePlate[];
}

/** Where a force plate lies and how its channels are to be read. */
export interface ForcePlate {
  id: string;
  /** C3D force-plate type, 1 to 4 and beyond */
  type: number;
  /** xyz of four corners · shape [12] · mm in the frame of the recording's markers */
  corners: Float64Array;
  /** from the sensor's origin to the centre of the working surface, in the plate's axes · mm */
  origin: readonly [number, number, number];
  /** row-major calibration matrix, where the type has one */
  calibration?: Float64Array;
}

/** Samples of each channel; 0 without channels. */
export function sampleCount(signals: Signals): number {
  return signals.channels[0]?.values.length ?? 0;
}

/**
 * Time of a sample; a fraction lies between two samples.
 * @returns s of the signals' clock
 * @example sampleTimeS({ clock: 'own', startS: 2, rateHz: 4, channels: [] }, 6) // 3.5
 */
export function sampleTimeS(base: TimeBase, index: number): number {
  const { timeS } = base;
  if (!timeS) return base.startS + index / base.rateHz;
  const below = Math.max(0, Math.min(timeS.length - 1, Math.floor(index)));
  const above = Math.min(timeS.length - 1, below + 1);
  return timeS[below] + (index - below) * (timeS[above] - timeS[below]);
}

/** An angle in time, as joints and segments give it. */
export interface AngleCurve {
  /** `knee.flexion.left` */
  id: string;
  /** order, place and what is positive */
  convention: string;
  joint: string;
  side?: 'left' | 'right';
  /** deg, NaN where it is not known · shape [N] */
  values: Float64Array;
}

/** Angles as channels: name with its convention, joint and side · deg */
export function angleChannels(curves: readonly AngleCurve[]): SignalChannel[] {
  return curves.map(({ id, convention, joint, side, values }) => ({
    name: `${id} (${convention})`,
    unit: 'deg',
    quantity: 'angle',
    segment: joint,
    ...(side ? { side } : {}),
    values,
  }));
}

/** What signals and sequences know of time. */
export interface TimeBase {
  clock: string;
  startS: number;
  rateHz: number;
  timeS?: Float64Array;
}

/**
 * Index of the last sample at or before a time; -1 before the first.
 * @param count - how many samples there are
 * @example sampleAt({ clock: 'own', startS: 0, rateHz: 100 }, 0.257, 1000) // 25
 */
export function sampleAt(base: TimeBase, timeS: number, count: number): number {
  if (!base.timeS) return Math.max(-1, Math.min(count - 1, Math.floor((timeS - base.startS) * base.rateHz + 1e-9)));
  let low = 0;
  let high = base.timeS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (base.timeS[middle] <= timeS) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
