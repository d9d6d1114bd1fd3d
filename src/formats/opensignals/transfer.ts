/**
 * From the counts of a PLUX acquisition unit to physical units, after the transfer functions of the sensors.
 * @see PLUX, sensor data sheets (EMG, ECG, ACC, EDA); biosignalsnotebooks, "EMG - Loading and unit conversion"
 */

import type { Quantity, Unit } from '../../model/index.ts';

/** What a device does to a voltage. */
interface Supply {
  /** V */
  supplyV: number;
  emgGain: number;
  ecgGain: number;
}

const PLUX: Supply = { supplyV: 3, emgGain: 1000, ecgGain: 1000 };
const BITALINO: Supply = { supplyV: 3.3, emgGain: 1009, ecgGain: 1100 };

/** Factory range of a PLUX accelerometer in counts of 16 bits: -1 g and 1 g. */
const ACC_LOW = 28_000;
const ACC_HIGH = 38_000;

/** What the counts of one channel mean. */
export interface Transfer {
  quantity: Quantity;
  unit: Unit;
  /** value = counts · scale + offset */
  scale: number;
  offset: number;
  /** true where a calibration of this very sensor would be better */
  nominal?: boolean;
}

/**
 * Transfer function of a sensor; counts as they are where none is known.
 * @param sensor - as OpenSignals calls it: `EMG`, `ECG`, `XYZ`, `EDA` …
 * @param bits   - resolution of the channel
 * @param device - `biosignalsplux`, `bitalino` …
 * @example transferOf('EMG', 16, 'biosignalsplux') // { quantity: 'emg', unit: 'mV', scale: 3 / 65536, offset: -1.5 }
 */
export function transferOf(sensor: string, bits: number, device: string): Transfer {
  const { supplyV, emgGain, ecgGain } = /bitalino/i.test(device) ? BITALINO : PLUX;
  const steps = 2 ** bits;
  const centred = (fullScale: number): { scale: number; offset: number } => ({
    scale: fullScale / steps,
    offset: -fullScale / 2,
  });
  const kind = sensor.trim().toUpperCase();
  if (/^S?EMG/.test(kind)) return { quantity: 'emg', unit: 'mV', ...centred((supplyV / emgGain) * 1000) };
  if (/^ECG/.test(kind)) return { quantity: 'other', unit: 'mV', ...centred((supplyV / ecgGain) * 1000) };
  if (/^(XYZ|ACC|X|Y|Z)$/.test(kind)) {
    const factor = steps / 65_536;
    const scale = 2 / ((ACC_HIGH - ACC_LOW) * factor);
    return { quantity: 'acceleration', unit: '[g]', scale, offset: -scale * ACC_LOW * factor - 1, nominal: true };
  }
  if (/^EDA/.test(kind) && device !== 'bitalino')
    return { quantity: 'other', unit: 'uS', scale: supplyV / 0.12 / steps, offset: 0 };
  return { quantity: 'other', unit: '{count}', scale: 1, offset: 0 };
}
