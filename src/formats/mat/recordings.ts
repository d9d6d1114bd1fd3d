/** What the variables of a MATLAB file mean: known recordings first, then anything with a rate, then plain matrices. */

import type { QualityFlag, ReadItem, ReadOptions, SignalChannel, Signals, Table, Unit } from '../../model/index.ts';
import { unitText } from '../../model/index.ts';
import { fileError } from '../bytes.ts';
import {
  clockOf,
  gyroUnit,
  quantityOf,
  recordingItems,
  segmentOf,
  timeBaseOf,
  vectorChannels,
} from '../recording/index.ts';
import type { MatFile } from './elements.ts';
import { columnsOf, fieldsOf, type MatValue, matrixOf, scalarOf } from './values.ts';
import { depthItem, inertialItems, skeletonItem } from './video.ts';

const RATE_NAME = /^(fs|sr|freq|frequency|f_?s(amp)?|rate|(sampling|sample)_?(rate|freq(uency)?)|srate)(_?hz)?$/i;
const TIME_NAME = /^(t|time|times|timestamps?|time_?s)$/i;

/** Largest matrix that is shown as a table. */
const MAX_TABLE_CELLS = 2_000_000;

/** Columns of a matrix; beyond these it is no table. */
const MAX_TABLE_COLUMNS = 512;

/**
 * Read items of a parsed file.
 * @throws MsdtError `file.unsupported` where nothing in it can be used
 */
export function recordingsOf({ variables, description }: MatFile, file: string, options: ReadOptions): ReadItem[] {
  const get = (name: string): MatValue | undefined => variables.get(name);
  const skeleton = get('d_skel');
  const inertial = get('d_iner');
  const depth = get('d_depth');
  const known =
    (skeleton && toList(skeletonItem(file, skeleton, options))) ??
    (inertial && inertialItems(file, inertial, options)) ??
    (depth && toList(depthItem(file, depth, options)));
  if (known) return known;
  const items = sensorItems(variables, file) ?? tableItems(variables, file);
  if (items.length > 0) return items;
  throw fileError('file.unsupported', file, 'Nothing in this MATLAB file can be used', {
    place: `variables ${[...variables.keys()].slice(0, 12).join(', ') || '(none)'}`,
    detail: description.slice(0, 80),
    hint: 'Known are acc, gyr, mag, quat and emg (N × C) with a sampling rate, UTD-MHAD files, and plain numeric matrices.',
  });
}

function toList(item: ReadItem | undefined): ReadItem[] | undefined {
  return item && [item];
}

/** Streams of variables named after what they measure, flat or one structure per sensor; undefined where there are none. */
function sensorItems(variables: Map<string, MatValue>, file: string): ReadItem[] | undefined {
  const base = baseOf(variables, file);
  const main: SignalChannel[] = [];
  const reference: SignalChannel[] = [];
  for (const [name, value] of variables) {
    const fields = fieldsOf(value);
    if (fields)
      for (const [field, inner] of Object.entries(fields))
        main.push(
          ...sensorChannels(
            field,
            inner,
            { sensor: name, siblings: new Map(Object.entries(fields)), inside: true },
            base.rateHz,
          ),
        );
    else if (/^(opt|mocap|ref|gt)_?(quat|pos)/i.test(name)) reference.push(...referenceChannels(name, value));
    else if (/^movement$/i.test(name)) reference.push(...plainChannels(name, value));
    else main.push(...sensorChannels(name, value, { sensor: 'imu', siblings: variables, inside: false }, base.rateHz));
  }
  if (main.length === 0) return undefined;
  const quality: QualityFlag[] = base.rated
    ? []
    : [
        {
          code: 'signal.no-rate',
          severity: 'fault',
          message: 'The file does not say its sampling rate: 1 Hz was taken.',
        },
      ];
  const units = [...new Set(main.map(({ unit }) => unit))].filter((unit) => unit !== '1').map(unitText);
  if (units.length > 0) {
    const message = `MATLAB files carry no units; after the values they were taken to be ${units.join(', ')}.`;
    quality.push({ code: 'signal.guessed-unit', severity: 'info', message });
  }
  const { clock, startS, rateHz, timeS } = base;
  const streams = byLength(main).map((channels): Signals => stream({ clock, startS, rateHz, timeS }, channels));
  const info = variables.get('info');
  const items = recordingItems({
    files: [file],
    format: 'MATLAB',
    streams,
    quality,
    metadata: info?.type === 'text' ? { info: info.text.replace(/\s+/g, ' ').slice(0, 200) } : {},
  });
  const [first] = items;
  for (const channels of byLength(reference))
    first?.artifacts.push({
      kind: 'signal.orientation',
      payload: stream({ clock, startS, rateHz, timeS }, channels),
      name: 'Optical reference',
    });
  return items;
}

function stream(base: Omit<Signals, 'channels'>, channels: SignalChannel[]): Signals {
  const { timeS, ...rest } = base;
  return timeS && timeS.length === channels[0].values.length ? { ...rest, timeS, channels } : { ...rest, channels };
}

/** Channels that share a length share a time base. */
function byLength(channels: readonly SignalChannel[]): SignalChannel[][] {
  const groups = new Map<number, SignalChannel[]>();
  for (const channel of channels) {
    const group = groups.get(channel.values.length);
    if (group) group.push(channel);
    else groups.set(channel.values.length, [channel]);
  }
  return [...groups.values()];
}

function baseOf(
  variables: Map<string, MatValue>,
  file: string,
): { clock: string; startS: number; rateHz: number; rated: boolean; timeS?: Float64Array } {
  const clock = clockOf(file);
  const entries = [...variables];
  const rate = entries.map(([name, value]) => (RATE_NAME.test(name) ? scalarOf(value) : undefined)).find(isRate);
  if (rate !== undefined) return { clock, startS: 0, rateHz: rate, rated: true };
  const times = entries.find(
    ([name, value]) => TIME_NAME.test(name) && (columnsOf(value, 1)?.[0].length ?? 0) > 1,
  )?.[1];
  const column = times && columnsOf(times, 1)?.[0];
  if (!column) return { clock, startS: 0, rateHz: 1, rated: false };
  return { clock, rated: true, ...timeBaseOf(Float64Array.from(column)) };
}

function isRate(value: number | undefined): value is number {
  return value !== undefined && value > 0 && Number.isFinite(value);
}

/** Channels of a variable whose name says acc, gyr, mag, quat or emg. */
function sensorChannels(
  name: string,
  value: MatValue,
  { sensor, siblings, inside }: { sensor: string; siblings: ReadonlyMap<string, MatValue>; inside: boolean },
  rateHz: number,
): SignalChannel[] {
  const word = wordOf(name);
  if (!word) return [];
  if (word === 'emg') return emgChannels(name, columnsOf(value) ?? []);
  const columns = columnsOf(value, word === 'quat' ? 4 : 3);
  if (!columns || columns[0].length < 2) return [];
  const acc = [...siblings].find(([other]) => wordOf(other) === 'acc')?.[1];
  const unit = unitFor(word, columns, acc && columnsOf(acc, 3), rateHz);
  const place = inside ? segmentOf(sensor) : {};
  return vectorChannels(inside ? `${sensor}.${word}` : word, columns, {
    quantity: quantityOf(word),
    unit,
    sensor,
    ...place,
  });
}

function wordOf(name: string): string | undefined {
  return /^(?:imu_?)?(acc|gyr|mag|quat|emg)/i.exec(name)?.[1].toLowerCase();
}

function emgChannels(name: string, columns: readonly (Float32Array | Float64Array)[]): SignalChannel[] {
  // the largest swing of surface EMG is some millivolts
  const largest = Math.max(0, ...columns.map(swing));
  const unit = largest < 0.05 ? 'V' : largest < 50 ? 'mV' : 'uV';
  return columns.map((values, index) => ({ name: `${name}${index + 1}`, values, unit, quantity: 'emg' }));
}

function swing(values: ArrayLike<number>): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    if (values[index] < low) low = values[index];
    if (values[index] > high) high = values[index];
  }
  return high > low ? high - low : 0;
}

/** Accelerations near 1 are g, near 9.8 m/s²; rates are weighed against the turn of gravity. */
function unitFor(
  word: string,
  columns: readonly ArrayLike<number>[],
  acc: readonly ArrayLike<number>[] | undefined,
  rateHz: number,
): Unit {
  if (word === 'quat') return '1';
  if (word === 'mag') return 'uT';
  if (word === 'gyr') return gyroUnit(columns, acc, rateHz).unit;
  const lengths = Array.from(columns[0], (_, index) => Math.hypot(...columns.map((column) => column[index])))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return (lengths[lengths.length >> 1] ?? 0) > 4 ? 'm/s2' : '[g]';
}

function referenceChannels(name: string, value: MatValue): SignalChannel[] {
  const quaternion = columnsOf(value, 4);
  if (/quat/i.test(name) && quaternion)
    return vectorChannels(name, quaternion, { quantity: 'orientation', unit: '1', sensor: 'imu' });
  const position = columnsOf(value, 3);
  return position ? vectorChannels(name, position, { quantity: 'position', unit: 'm', sensor: 'imu' }) : [];
}

function plainChannels(name: string, value: MatValue): SignalChannel[] {
  const [values] = columnsOf(value, 1) ?? [];
  return values ? [{ name, values, unit: '1', quantity: 'other' }] : [];
}

/** Plain matrices as tables. */
function tableItems(variables: Map<string, MatValue>, file: string): ReadItem[] {
  return [...variables].flatMap(([name, value]): ReadItem[] => {
    const matrix = matrixOf(value);
    if (!matrix || matrix.rows * matrix.columns === 0 || matrix.rows * matrix.columns > MAX_TABLE_CELLS) return [];
    if (matrix.columns > MAX_TABLE_COLUMNS) return [];
    const columns = (columnsOf(value) ?? []).map((values, index) => ({
      name: `${name}_${index + 1}`,
      values: Array.from(values),
    }));
    const payload: Table = { columns };
    return [
      {
        modality: 'table',
        artifacts: [{ kind: 'table.matrix', payload, name }],
        files: [file],
        quality: [],
        metadata: { format: 'MATLAB', rows: matrix.rows, columns: matrix.columns, variable: name },
      },
    ];
  });
}
