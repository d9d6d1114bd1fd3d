/** One acquisition unit of an OpenSignals file, whatever the file's form, as channels with units. */

import type { QualityFlag, SignalChannel, Signals } from '../../model/index.ts';
import { transferOf } from './transfer.ts';

/** One analogue channel in counts. */
export interface RawChannel {
  label: string;
  /** `EMG`, `XYZ`, `RAW` … */
  sensor: string;
  /** counts · shape [N] */
  counts: ArrayLike<number>;
  bits: number;
}

/** One unit with what it recorded. */
export interface RawDevice {
  /** address, or what it is called */
  name: string;
  /** `biosignalsplux`, `bitalino` … */
  kind: string;
  rateHz: number;
  channels: RawChannel[];
  /** packet counter · shape [N] */
  sequence?: ArrayLike<number>;
  /** digital inputs by name · shape [N] each */
  digital?: { name: string; values: ArrayLike<number> }[];
}

/** The stream of a unit: counts through the transfer functions; digital inputs that change ride along. */
export function deviceStream(device: RawDevice, clock: string): { stream: Signals; quality: QualityFlag[] } {
  const quality: QualityFlag[] = [];
  const axes = axesOf(device.channels);
  const channels = device.channels.map((raw, index): SignalChannel => {
    const { scale, offset, unit, quantity, nominal } = transferOf(raw.sensor, raw.bits, device.kind);
    const values = Float64Array.from(raw.counts, (count) => count * scale + offset);
    quality.push(...clipFlags(raw));
    const channel: SignalChannel = { name: raw.label, unit, values, quantity };
    const axis = axes[index];
    if (axis) Object.assign(channel, { axis, sensor: device.name });
    if (nominal && (!axis || axis === 'x'))
      quality.push({
        code: 'signal.nominal-calibration',
        severity: 'info',
        where: raw.label,
        message: `${raw.label}: the accelerometer was scaled with the factory range, not with a calibration of its own.`,
      });
    return channel;
  });
  for (const { name, values } of device.digital ?? []) {
    if (!changes(values)) continue;
    channels.push({ name, unit: '1', values: Float64Array.from(values), quantity: 'other' });
  }
  quality.push(...lossFlags(device));
  return { stream: { clock, startS: 0, rateHz: device.rateHz, channels }, quality };
}

/** Every three accelerometer channels in a row are x, y, z. */
function axesOf(channels: readonly RawChannel[]): (SignalChannel['axis'] | undefined)[] {
  const axes = channels.map((): SignalChannel['axis'] | undefined => undefined);
  const isAcc = ({ sensor }: RawChannel): boolean => /^(XYZ|ACC)$/i.test(sensor.trim());
  for (let start = 0; start + 3 <= channels.length; start++) {
    if (!channels.slice(start, start + 3).every(isAcc) || axes[start]) continue;
    axes.splice(start, 3, 'x', 'y', 'z');
  }
  return axes;
}

function changes(values: ArrayLike<number>): boolean {
  for (let index = 1; index < values.length; index++) if (values[index] !== values[0]) return true;
  return false;
}

/** Samples at the ends of the converter's range. */
function clipFlags({ label, counts, bits }: RawChannel): QualityFlag[] {
  const top = 2 ** bits - 1;
  let clipped = 0;
  for (let index = 0; index < counts.length; index++) if (counts[index] <= 0 || counts[index] >= top) clipped++;
  if (clipped === 0) return [];
  const message = `${label}: ${clipped} of ${counts.length} samples lie at the end of the converter's range; peaks there are cut off.`;
  return [{ code: 'signal.saturated', severity: 'doubt', where: label, message }];
}

/** Packets missing from the counter, which starts again at 16 (BITalino) or 65 536. */
function lossFlags({ name, kind, sequence }: RawDevice): QualityFlag[] {
  if (!sequence || sequence.length < 2) return [];
  const modulus = /bitalino/i.test(kind) ? 16 : 65_536;
  let lost = 0;
  let first = -1;
  let turned = -1;
  for (let index = 1; index < sequence.length; index++) {
    const step = (((sequence[index] - sequence[index - 1]) % modulus) + modulus) % modulus;
    if (step <= 1) continue;
    // a counter that steps back is out of order, not a whole round ahead
    if (modulus > 16 && step > modulus / 2) {
      if (turned < 0) turned = index;
      continue;
    }
    lost += step - 1;
    if (first < 0) first = index;
  }
  const flags: QualityFlag[] = [];
  if (turned >= 0)
    flags.push({
      code: 'signal.out-of-order',
      severity: 'doubt',
      where: `sample ${turned}`,
      message: `The packet counter of ${name} steps back, first at sample ${turned}: rows are out of order there.`,
    });
  if (lost === 0) return flags;
  const message = `The packet counter of ${name} jumps: ${lost} samples are missing, first before sample ${first}. Times after that are early.`;
  return [...flags, { code: 'signal.lost-packets', severity: 'doubt', where: `sample ${first}`, message }];
}

/**
 * Date and time as OpenSignals writes them, as ISO 8601.
 * @example takenAtOf('2017-1-23', '10:28:51.69') // '2017-01-23T10:28:51.690'
 */
export function takenAtOf(date: unknown, time: unknown): string | undefined {
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(String(date ?? ''));
  if (!day) return undefined;
  const pad = (text: string, length = 2): string => text.padStart(length, '0');
  const iso = `${day[1]}-${pad(day[2])}-${pad(day[3])}`;
  const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?/.exec(String(time ?? ''));
  if (!clock) return iso;
  return `${iso}T${pad(clock[1])}:${pad(clock[2])}:${pad(clock[3])}.${(clock[4] ?? '0').padEnd(3, '0')}`;
}
