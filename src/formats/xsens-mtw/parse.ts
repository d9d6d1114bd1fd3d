/** Text exports of Xsens MTw sensors: header variants of MT Manager, four separators, three ways to write an orientation. */

import { mat3ToQuaternion } from '../../kernel/index.ts';
import type { Mat3, QualityFlag, SignalChannel } from '../../model/index.ts';
import { fileError, latin1 } from '../bytes.ts';
import { numberColumns, vectorChannels } from '../recording/index.ts';

/** Rate that MTw sensors send at unless told otherwise · Hz */
const USUAL_RATE_HZ = 100;

/** Ticks of SampleTimeFine in a second. */
const FINE_PER_S = 10_000;

const MAX_HEADER_BYTES = 1 << 16;

/** One sensor's file. */
export interface MtwFile {
  /** device id, from the header or the file name */
  device: string;
  rateHz: number;
  /** packet counter of each sample, NaN where there is none */
  counter: Float64Array;
  channels: SignalChannel[];
  quality: QualityFlag[];
  filter?: string;
}

/**
 * Parses one file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export function parseMtw(bytes: Uint8Array, file: string, signal?: AbortSignal): MtwFile {
  const { comments, names, separator, start } = headerOf(bytes, file);
  const quality: QualityFlag[] = [];
  const columns = numberColumns(bytes, { start, width: names.length, separator, file, signal, quality });
  const get = (name: string): Float64Array | undefined => columns[names.indexOf(name)];
  const device = /DeviceId:\s*([0-9A-F]+)/i.exec(comments)?.[1] ?? /_([0-9A-F]{8})\.txt$/i.exec(file)?.[1] ?? 'sensor';
  const channels = channelsOf(get, device);
  if (channels.length === 0)
    throw fileError('file.unsupported', file, 'No sensor data in this Xsens file', {
      place: 'column names',
      detail: names.slice(0, 12).join(', '),
      hint: 'Export it again with acceleration, angular velocity or orientation.',
    });
  const said = Number(/Update Rate:\s*([\d.]+)/i.exec(comments)?.[1]);
  const counted = rateOf(get('SampleTimeFine'));
  const rateHz = said > 0 ? said : (counted ?? USUAL_RATE_HZ);
  if (!(said > 0) && !counted)
    quality.push({
      code: 'signal.nominal-rate',
      severity: 'doubt',
      message: `The file does not say its sampling rate: ${USUAL_RATE_HZ} Hz, usual for MTw, was taken.`,
    });
  let empty = 0;
  for (const { values } of channels) for (const value of values) if (Number.isNaN(value)) empty++;
  if (empty > 0)
    quality.push({
      code: 'signal.missing',
      severity: 'info',
      where: device,
      message: `${empty} values of sensor ${device} are missing and stay empty.`,
    });
  const filter = /Filter Profile:\s*(.+?)\s*$/im.exec(comments)?.[1];
  const counter = get('PacketCounter') ?? new Float64Array(columns[0].length).fill(Number.NaN);
  return { device, rateHz, counter, channels, quality, ...(filter ? { filter } : {}) };
}

function headerOf(
  bytes: Uint8Array,
  file: string,
): { comments: string; names: string[]; separator: '\t' | ',' | ';' | ' '; start: number } {
  const text = latin1(bytes, 0, MAX_HEADER_BYTES);
  const found = /^PacketCounter([\t,; ]).*$/m.exec(text);
  const separator = found?.[1];
  if (!found || (separator !== '\t' && separator !== ',' && separator !== ';' && separator !== ' '))
    throw fileError('file.malformed', file, 'The column names of the Xsens file are missing', {
      place: 'header',
      detail: 'no line begins with PacketCounter',
      hint: 'Export it from MT Manager with a header line and the packet counter.',
    });
  const names = found[0]
    .trim()
    .split(separator)
    .map((name) => name.trim());
  return { comments: text.slice(0, found.index), names, separator, start: found.index + found[0].length };
}

function rateOf(fine: Float64Array | undefined): number | undefined {
  if (!fine || fine.length < 3) return undefined;
  const seconds = (fine[fine.length - 1] - fine[0]) / FINE_PER_S;
  return seconds > 0 ? Number(((fine.length - 1) / seconds).toPrecision(9)) : undefined;
}

type Get = (name: string) => Float64Array | undefined;

function channelsOf(get: Get, sensor: string): SignalChannel[] {
  const vector = (name: string, parts: readonly string[]): Float64Array[] | undefined => {
    const columns = parts.map((part) => get(`${name}${part}`));
    return columns.every((column) => column !== undefined) ? columns : undefined;
  };
  const xyz = ['_X', '_Y', '_Z'];
  const channels: SignalChannel[] = [];
  const acc = vector('Acc', xyz);
  const gyr = vector('Gyr', xyz);
  const mag = vector('Mag', xyz);
  const free = vector('FreeAcc', ['_E', '_N', '_U']);
  if (acc) channels.push(...vectorChannels(`${sensor}.Acc`, acc, { quantity: 'acceleration', unit: 'm/s2', sensor }));
  if (gyr) channels.push(...vectorChannels(`${sensor}.Gyr`, gyr, { quantity: 'angular-rate', unit: 'rad/s', sensor }));
  // a unit of the earth's field, not a microtesla
  if (mag)
    channels.push(...vectorChannels(`${sensor}.Mag`, mag, { quantity: 'magnetic-field', unit: '{arb}', sensor }));
  if (free) channels.push(...vectorChannels(`${sensor}.FreeAcc`, free, { quantity: 'other', unit: 'm/s2', sensor }));
  const quaternion = vector('Quat_q', ['0', '1', '2', '3']) ?? fromMatrix(get) ?? fromEuler(get);
  if (quaternion)
    channels.push(...vectorChannels(`${sensor}.Quat`, quaternion, { quantity: 'orientation', unit: '1', sensor }));
  return channels;
}

function fromMatrix(get: Get): Float64Array[] | undefined {
  const names = [1, 2, 3].flatMap((row) => [1, 2, 3].map((column) => `Mat[${row}][${column}]`));
  const entries = names.map(get).filter((column) => column !== undefined);
  if (entries.length !== 9) return undefined;
  return quaternions(entries[0].length, (index) => {
    const matrix = entries.map((entry) => entry[index]);
    return matrix.some(Number.isNaN) ? undefined : mat3ToQuaternion(matrix as unknown as Mat3);
  });
}

/** Roll about x, pitch about y, yaw about z, turned in the order z, y, x; degrees. */
function fromEuler(get: Get): Float64Array[] | undefined {
  const [roll, pitch, yaw] = ['Roll', 'Pitch', 'Yaw'].map(get);
  if (!roll || !pitch || !yaw) return undefined;
  return quaternions(roll.length, (index) => {
    const [a, b, c] = [roll[index], pitch[index], yaw[index]].map((deg) => (deg * Math.PI) / 360);
    if (Number.isNaN(a + b + c)) return undefined;
    const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
    return [
      cc * cb * ca + sc * sb * sa,
      cc * cb * sa - sc * sb * ca,
      cc * sb * ca + sc * cb * sa,
      sc * cb * ca - cc * sb * sa,
    ];
  });
}

function quaternions(count: number, of: (index: number) => readonly number[] | undefined): Float64Array[] {
  const parts = Array.from({ length: 4 }, () => new Float64Array(count).fill(Number.NaN));
  for (let index = 0; index < count; index++) {
    const found = of(index);
    if (found) for (let part = 0; part < 4; part++) parts[part][index] = found[part];
  }
  return parts;
}
