/** Inertial records as vectors: accelerations in g and angular rates, smoothed and brought to a common number of steps. O(samples). */

import { bridgeGaps, resampleSequence, smoothSequence, type VectorSequence } from '../../kernel/index.ts';
import { MsdtError, type SignalChannel, type Signals, type Unit } from '../../model/index.ts';
import { INERTIAL_SETTINGS } from './settings.ts';

/** g or deg/s in one of the unit. */
const SCALE: Partial<Record<Unit, number>> = {
  '[g]': 1,
  'm/s2': 1 / 9.80665,
  'mm/s2': 1 / 9806.65,
  'deg/s': 1,
  'rad/s': 180 / Math.PI,
} as Partial<Record<Unit, number>>;

function usable({ quantity, unit, axis }: SignalChannel): boolean {
  return (quantity === 'acceleration' || quantity === 'angular-rate') && axis !== undefined && unit in SCALE;
}

/**
 * An inertial record as a sequence of vectors for time warping. Where on the body a sensor sat is not read: its name may give the action away.
 *
 * @param where - name for messages
 * @returns 32 steps, three values per sensor and quantity, in the order of the channels
 * @throws MsdtError `input.empty` no acceleration or angular rate, or fewer than four samples
 */
export function inertialVectors(signals: Signals, where: string): VectorSequence {
  const { fineSteps, smoothing, steps, rate } = INERTIAL_SETTINGS;
  const channels = signals.channels.filter(usable);
  const count = channels[0]?.values.length ?? 0;
  if (count < 4) {
    throw new MsdtError('input.empty', 'This inertial record cannot be compared', {
      where: { file: where },
      detail: `${channels.length} channels of acceleration or angular rate, ${count} samples`,
      hint: 'Give a record with accelerations in g or m/s² or angular rates in °/s or rad/s.',
    });
  }
  const values = new Float64Array(count * channels.length);
  channels.forEach((channel, c) => {
    const whole = bridgeGaps(Float64Array.from(channel.values), count);
    const weight = (SCALE[channel.unit] ?? 1) * (channel.quantity === 'angular-rate' ? rate : 1);
    for (let i = 0; i < count; i++) values[i * channels.length + c] = Number.isNaN(whole[i]) ? 0 : weight * whole[i];
  });
  const fine = smoothSequence(resampleSequence({ values, dims: channels.length }, fineSteps), smoothing);
  return resampleSequence(fine, steps);
}
