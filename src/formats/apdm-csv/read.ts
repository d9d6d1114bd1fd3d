/** APDM Opal exports as CSV: Motion Studio's one line of `Label/Quantity/Axis`, and Mobility Lab's `Format=7` with three. */

import type {
  QualityFlag,
  Quantity,
  ReadItem,
  ReadOptions,
  SignalChannel,
  SourceFile,
  Unit,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf, numberColumns, recordingItems, segmentOf, timeBaseOf } from '../recording/index.ts';

const MAX_HEADER_BYTES = 1 << 18;

interface Column {
  label: string;
  quantity: string;
  axis: string;
}

interface Layout {
  columns: Column[];
  /** first byte of the samples */
  start: number;
  /** s per unit of the time column */
  tickS: number;
  rateHz?: number;
  test?: string;
}

const WHAT: Record<string, { quantity: Quantity; unit: Unit; short: string }> = {
  acceleration: { quantity: 'acceleration', unit: 'm/s2', short: 'acc' },
  accelerometer: { quantity: 'acceleration', unit: 'm/s2', short: 'acc' },
  'angular velocity': { quantity: 'angular-rate', unit: 'rad/s', short: 'gyr' },
  gyroscope: { quantity: 'angular-rate', unit: 'rad/s', short: 'gyr' },
  'magnetic field': { quantity: 'magnetic-field', unit: 'uT', short: 'mag' },
  magnetometer: { quantity: 'magnetic-field', unit: 'uT', short: 'mag' },
  orientation: { quantity: 'orientation', unit: '1', short: 'quat' },
  temperature: { quantity: 'other', unit: 'Cel', short: 'temperature' },
  pressure: { quantity: 'other', unit: 'kPa', short: 'pressure' },
};

/**
 * Reads a file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readApdm(file: SourceFile, options: ReadOptions): Promise<ReadItem[]> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const text = latin1(bytes, 0, MAX_HEADER_BYTES);
  const layout = text.startsWith('Format=') ? mobilityLayout(text) : studioLayout(text);
  if (!layout || layout.columns.length === 0)
    throw fileError('file.malformed', file.name, 'The header of the APDM file cannot be read', {
      place: 'header lines',
      hint: 'Export the recording again as CSV.',
    });
  const width = layout.columns.length + 1;
  const quality: QualityFlag[] = [];
  const columns = numberColumns(bytes, {
    quality,
    start: layout.start,
    width,
    separator: ',',
    file: file.name,
    signal: options.signal,
  });
  const [ticks, ...values] = columns;
  if (ticks.some(Number.isNaN))
    throw fileError('file.malformed', file.name, 'A sample has no time', {
      place: `data row ${ticks.findIndex(Number.isNaN) + 1}`,
      hint: 'Export the recording again as CSV.',
    });
  const back = ticks.findIndex((tick, row) => row > 0 && tick <= ticks[row - 1]);
  if (back >= 0)
    throw fileError('file.malformed', file.name, 'Time does not run forward', {
      place: `data row ${back + 1}`,
      detail: `${ticks[back]} after ${ticks[back - 1]}`,
      hint: 'Rows are out of order or doubled: sort them by time, or export the recording again as CSV.',
    });
  const epoch = layout.tickS < 1e-3 ? ticks[0] : 0;
  const base = timeBaseOf(ticks.map((tick) => (tick - epoch) * layout.tickS));
  const clock = clockOf(file.name);
  const channels = layout.columns.flatMap((column, index) => channelOf(column, values[index]));
  return recordingItems({
    files: [file.name],
    format: 'APDM CSV',
    device: 'APDM Opal',
    protocol: layout.test,
    quality,
    streams: [{ clock, ...base, ...(layout.rateHz && !base.timeS ? { rateHz: layout.rateHz } : {}), channels }],
    ...(epoch > 1e14 && epoch < 8e15 ? { takenAt: new Date(epoch / 1000).toISOString() } : {}),
  });
}

function channelOf({ label, quantity, axis }: Column, values: Float64Array): SignalChannel[] {
  const what = WHAT[quantity.toLowerCase()];
  // the barometer of Format 7 is a bit pattern, not a number
  if (!what) return [];
  const { short, ...kind } = what;
  const channel: SignalChannel = { name: `${label}.${short}`, ...kind, values, sensor: label, ...segmentOf(label) };
  const letter = { x: 'x', y: 'y', z: 'z', s: 'w', scalar: 'w' }[axis.toLowerCase()] as SignalChannel['axis'];
  if (letter && what.quantity !== 'other')
    Object.assign(channel, { axis: letter, name: `${label}.${short}_${letter}` });
  return [channel];
}

function lineEnds(text: string, count: number): number[] | undefined {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0 && ends.length < count; at = text.indexOf('\n', at + 1)) ends.push(at);
  return ends.length === count ? ends : undefined;
}

function studioLayout(text: string): Layout | undefined {
  const head = /^Time,.*\/.*$/m.exec(text);
  if (!head) return undefined;
  const lines = text.slice(0, head.index).split('\n');
  const value = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(name))
      ?.split(',')[1]
      ?.trim();
  const after = text.indexOf('\n', head.index) + 1 || text.length;
  const units = text.slice(after, text.indexOf('\n', after));
  const start = /^\s*(s|ms|us)?,[^0-9]/.test(units) ? after + units.length + 1 : after;
  const columns = head[0]
    .trim()
    .split(',')
    .slice(1)
    .map((name): Column => {
      const [label = '', quantity = '', axis = ''] = name.trim().split('/');
      return { label, quantity, axis };
    });
  const rateHz = Number(value('sample rate'));
  const test = value('test name');
  return { columns, start, tickS: 1, ...(rateHz > 0 ? { rateHz } : {}), ...(test ? { test } : {}) };
}

/** Names of sensors, of quantities and of axes on three lines; a name holds until the next one. */
function mobilityLayout(text: string): Layout | undefined {
  const ends = lineEnds(text, 3);
  if (!ends) return undefined;
  const [labels, quantities, axes] = text
    .slice(0, ends[2])
    .split('\n')
    .map((line) => line.replace(/\r$/, '').split(','));
  const columns: Column[] = [];
  let label = '';
  let quantity = '';
  for (let index = 1; index < quantities.length; index++) {
    if (/^\d+$/.test(labels[index] ?? '')) label = labels[index + 3]?.trim() || labels[index];
    if (quantities[index]?.trim()) quantity = quantities[index].trim();
    columns.push({ label, quantity, axis: axes[index]?.trim() ?? '' });
  }
  return { columns, start: ends[2] + 1, tickS: 1e-6 };
}
