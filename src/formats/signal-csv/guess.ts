/** A channel mapping from nothing but the names and units of the columns, for tables that speak for themselves. */

import type { ProfileChannel, ProfileStream, Quantity, SignalProfile, Unit } from '../../model/index.ts';
import { axisOf, quantityOf, segmentOf, siteOf } from '../recording/index.ts';
import type { SignalHead, TableHead } from './table.ts';

const TIME = /^(time|t|times?tamps?|zeit|x|elapsed( time)?|time[ _]?(axis|series|code)?)$/i;

/** True for a column of times: called so, and not in a unit of something else. */
export function isTime({ name, unit }: TableHead): boolean {
  const bare = name.replace(/[_ ]?(s|ms|us)$/i, '');
  const called = TIME.test(name) || TIME.test(bare);
  // a bare X is a time only where its unit says so
  if (/^x$/i.test(bare)) return unit === 's' || unit === 'ms';
  return called && (unit === undefined || unit === 's' || unit === 'ms' || unit === '1');
}

/**
 * True where a table is surely a recording: a time column, and at least half of the others say what they measure.
 */
export function speaksForItself({ columns }: SignalHead): boolean {
  if (columns.length < 2 || !isTime(columns[0])) return false;
  const others = columns.filter((column) => !isTime(column));
  const known = others.filter(({ name, unit }) => measured(name, unit) !== 'other');
  return others.length > 0 && known.length * 2 >= others.length;
}

/** A voltage under the name of a muscle is its activity. */
function measured(name: string, unit?: Unit): Quantity {
  const quantity = quantityOf(name, unit);
  const voltage = unit === 'uV' || unit === 'mV' || unit === 'V';
  return quantity === 'other' && voltage && siteOf(name).site ? 'emg' : quantity;
}

/** A mapping of all columns; each time column governs those that follow it. */
export function guessProfile({ columns, preamble }: SignalHead): SignalProfile {
  const streams: ProfileStream[] = [];
  let current: ProfileStream = { channels: [] };
  for (const [index, column] of columns.entries()) {
    if (isTime(column)) {
      if (current.channels.length > 0) streams.push(current);
      const unit = column.unit === 'ms' || /ms$/i.test(column.name) ? 'ms' : 's';
      current = { time: { column: index + 1, unit }, channels: [] };
    } else current.channels.push(channelOf(column, index + 1));
  }
  if (current.channels.length > 0) streams.push(current);
  const rateHz = rateIn(preamble);
  if (rateHz) for (const stream of streams) if (!stream.time) stream.rateHz = rateHz;
  return { schemaVersion: 1, name: 'found in the header', streams };
}

/** Sampling rate in the lines above the table. */
export function rateIn(preamble: readonly string[]): number | undefined {
  for (const line of preamble) {
    const found = /(?:sampl\w*[ _]*(?:rate|freq\w*)|\bfs\b|\brate\b)[^\d]{0,24}(\d+(?:\.\d+)?)/i.exec(line);
    if (found && Number(found[1]) > 0) return Number(found[1]);
  }
  return undefined;
}

const USUAL: Partial<Record<ProfileChannel['quantity'], Unit>> = { orientation: '1', angle: 'deg', force: 'N' };

function channelOf({ name, unit }: TableHead, column: number): ProfileChannel {
  const quantity = measured(name, unit);
  const channel: ProfileChannel = { column, name, unit: unit ?? USUAL[quantity] ?? '{arb}', quantity };
  if (quantity === 'emg') return { ...channel, ...siteOf(name) };
  const axis = axisOf(name);
  if (axis && quantity !== 'other') channel.axis = axis;
  if (axis || /acc|gyr|mag|quat|imu/i.test(name)) channel.sensor = sensorOf(name);
  return { ...channel, ...segmentOf(name) };
}

/** What is left of a name without the quantity and the axis: `IMU 2 Acc X` → `IMU 2`. */
function sensorOf(name: string): string {
  const rest = name
    .replace(
      /(linear|angular)?[ _.-]*(accelerom\w*|accelerat\w*|acc|gyroscop\w*|gyro?|velocity|rate|magnet\w*|mag|quat\w*|orientation)/gi,
      ' ',
    )
    .replace(/(^|[ _.:/-])[wxyz0-3]$/i, ' ')
    .replace(/[_.:/\s-]+/g, ' ')
    .trim();
  return rest || 'imu';
}
