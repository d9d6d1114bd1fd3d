/**
 * Sensors of recordings: channels gathered into vectors in rad/s, m/s² and µT (or whatever the field came in). Field or acceleration
 * of the same sensor that was recorded at a rate of its own is laid on the gyroscope's samples. O(channels · samples).
 */

import { GRAVITY_MS2, median } from '../../kernel/index.ts';
import {
  type ArtifactValue,
  MsdtError,
  type QualityFlag,
  type Quantity,
  type SignalChannel,
  type Signals,
  sampleAt,
  sampleCount,
  sampleTimeS,
  type TimeBase,
} from '../../model/index.ts';

/** One sensor's samples on the time base of its gyroscope, or of what it has. */
export interface Sensor {
  id: string;
  segment?: string;
  side?: 'left' | 'right';
  /** place of its recording among the inputs */
  source: number;
  base: TimeBase;
  count: number;
  /** rad/s · shape [3N] */
  gyr?: Float64Array;
  /** m/s² · shape [3N] */
  acc?: Float64Array;
  /** field · shape [3N] · NaN between samples of a slower magnetometer */
  mag?: Float64Array;
  /** vendor's own orientation `[w, x, y, z]` · shape [4N] */
  vendor?: Float64Array;
  /** names of the channels that were used */
  channels: string[];
  quality: QualityFlag[];
}

const RAD = Math.PI / 180;

/**
 * Gathers the sensors of recordings, in order of their first channel.
 * @throws MsdtError `input.empty` no channel of an inertial sensor, or no samples
 */
export function sensorsOf(recordings: readonly ArtifactValue<'signal.imu'>[]): Sensor[] {
  const found = recordings.flatMap(({ payload }, source) => sensorsOfStream(payload, source));
  const sensors = mergeRates(found).filter((sensor) => sensor.count > 0);
  if (sensors.length > 0) return sensors;
  throw new MsdtError('input.empty', 'The recording holds no inertial sensor', {
    where: { file: recordings[0]?.name },
    detail: recordings
      .flatMap(({ payload }) => payload.channels.map(({ name }) => name))
      .slice(0, 12)
      .join(', '),
    hint: 'Give acceleration and angular rate with their units, three channels each; a channel mapping names them for a plain CSV.',
  });
}

function sensorsOfStream(signals: Signals, source: number): Sensor[] {
  const groups = new Map<string, SignalChannel[]>();
  for (const channel of signals.channels) {
    const id = channel.sensor ?? 'imu';
    groups.set(id, [...(groups.get(id) ?? []), channel]);
  }
  const { clock, startS, rateHz, timeS } = signals;
  return [...groups].flatMap(([id, channels]) => {
    const { segment, side } = channels.find((channel) => channel.segment) ?? {};
    const sensor: Sensor = {
      id,
      ...(segment ? { segment } : {}),
      ...(side ? { side } : {}),
      source,
      base: { clock, startS, rateHz, ...(timeS ? { timeS } : {}) },
      count: sampleCount(signals),
      channels: [],
      quality: [],
    };
    sensor.gyr = vector(sensor, channels, 'angular-rate', gyrFactor);
    sensor.acc = vector(sensor, channels, 'acceleration', accFactor);
    sensor.mag = vector(sensor, channels, 'magnetic-field', () => 1);
    sensor.vendor = vector(sensor, channels, 'orientation', () => 1);
    return sensor.gyr || sensor.acc || sensor.mag || sensor.vendor ? [sensor] : [];
  });
}

/** Channels of one quantity, interleaved and in the kernel's unit; undefined where they are not complete or have no known unit. */
function vector(
  sensor: Sensor,
  channels: readonly SignalChannel[],
  quantity: Quantity,
  factorOf: (parts: readonly SignalChannel[], sensor: Sensor) => number | undefined,
): Float64Array | undefined {
  const axes = quantity === 'orientation' ? (['w', 'x', 'y', 'z'] as const) : (['x', 'y', 'z'] as const);
  const own = channels.filter((channel) => channel.quantity === quantity);
  const named = axes.map((axis) => own.find((channel) => channel.axis === axis));
  const parts = named.every((part) => part !== undefined) ? named : own.length === axes.length ? own : undefined;
  if (!parts) {
    if (own.length > 0) sensor.quality.push(incomplete(sensor.id, quantity, own));
    return undefined;
  }
  const factor = factorOf(parts, sensor);
  if (factor === undefined) return undefined;
  const width = axes.length;
  const out = new Float64Array(width * sensor.count);
  parts.forEach(({ values }, k) => {
    for (let i = 0; i < sensor.count; i++) out[width * i + k] = factor * values[i];
  });
  sensor.channels.push(...parts.map(({ name }) => name));
  return out;
}

function incomplete(id: string, quantity: Quantity, own: readonly SignalChannel[]): QualityFlag {
  return {
    code: 'imu.incomplete',
    severity: 'doubt',
    where: id,
    message: `${quantity} of ${id} was not used: its channels ${own.map(({ name }) => name).join(', ')} are not one per axis.`,
  };
}

function gyrFactor([{ unit }]: readonly SignalChannel[], sensor: Sensor): number | undefined {
  if (unit === 'rad/s') return 1;
  if (unit === 'deg/s') return RAD;
  sensor.quality.push({
    code: 'imu.unit',
    severity: 'fault',
    where: sensor.id,
    message: `The angular rate of ${sensor.id} has no known unit (${unit}); say deg/s or rad/s in the channel mapping.`,
  });
  return undefined;
}

/** Without a unit the size of gravity tells g from m/s². */
function accFactor(parts: readonly SignalChannel[], sensor: Sensor): number | undefined {
  const [{ unit }] = parts;
  if (unit === 'm/s2') return 1;
  if (unit === '[g]') return GRAVITY_MS2;
  const sizes = Array.from(parts[0].values, (_, i) => Math.hypot(...parts.map(({ values }) => values[i])));
  const usual = median(sizes.filter(Number.isFinite));
  const factor = usual > 0.7 && usual < 1.5 ? GRAVITY_MS2 : usual > 7 && usual < 14 ? 1 : undefined;
  sensor.quality.push({
    code: 'imu.unit',
    severity: factor === undefined ? 'fault' : 'doubt',
    where: sensor.id,
    message:
      factor === undefined
        ? `The acceleration of ${sensor.id} has no known unit (${unit}); say m/s2 or [g] in the channel mapping.`
        : `The acceleration of ${sensor.id} has no unit; its size (${usual.toFixed(2)}) says ${factor === 1 ? 'm/s²' : 'g'}.`,
  });
  return factor;
}

/** A sensor that speaks at several rates is several streams of one name: all is laid on the stream that has the gyroscope. */
function mergeRates(found: readonly Sensor[]): Sensor[] {
  const merged: Sensor[] = [];
  for (const sensor of found) {
    if (sensor.gyr || !found.some((other) => isMain(other, sensor))) merged.push(sensor);
  }
  for (const main of merged) {
    if (!main.gyr) continue;
    for (const other of found) {
      if (!isMain(main, other)) continue;
      for (const key of ['acc', 'mag', 'vendor'] as const) {
        const values = other[key];
        if (!main[key] && values) main[key] = layOn(main, other, values, values.length / other.count);
      }
      main.channels.push(...other.channels);
      main.quality.push(...other.quality);
    }
  }
  return merged;
}

function isMain(main: Sensor, other: Sensor): boolean {
  // what another recording calls the same is another sensor, or another day
  const together = main.id === other.id && main.base.clock === other.base.clock;
  return main !== other && together && main.gyr !== undefined && other.gyr === undefined;
}

/** Each sample goes to the last sample of the base at or before it; NaN in between. */
function layOn(main: Sensor, other: Sensor, values: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width * main.count).fill(Number.NaN);
  for (let i = 0; i < other.count; i++) {
    const at = sampleAt(main.base, sampleTimeS(other.base, i), main.count);
    if (at >= 0) for (let k = 0; k < width; k++) out[width * at + k] = values[width * i + k];
  }
  return out;
}
