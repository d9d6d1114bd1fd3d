/** Channel mappings as JSON: checked on the way in, so that a wrong one says where. */

import type { ProfileChannel, ProfileStream, SignalProfile, Unit } from '../../model/index.ts';
import { MsdtError, messageOf, UNIT_TEXT } from '../../model/index.ts';

const QUANTITIES = new Set([
  'emg',
  'acceleration',
  'angular-rate',
  'magnetic-field',
  'orientation',
  'angle',
  'force',
  'moment',
  'pressure-centre',
  'position',
  'other',
]);
const AXES = new Set(['w', 'x', 'y', 'z']);
const TIME_UNITS = new Set(['s', 'ms', 'us']);
const SEPARATORS = new Set(['comma', 'semicolon', 'tab', 'space']);

/** The mark by which a profile is known. */
export const PROFILE_MARK =
  /^\s*\{\s*"schemaVersion"\s*:\s*1\s*,\s*"name"\s*:\s*"[^"]{0,200}"\s*,\s*"(skipLines|separator|decimal|streams)"/;

/**
 * A profile from its JSON text.
 * @param from - where it came from, for messages
 * @throws MsdtError `parameter.invalid` with the place inside it
 */
export function parseProfile(text: string, from: string): SignalProfile {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(from, 'the whole of it', messageOf(error));
  }
  return checkProfile(document, from);
}

/**
 * Checks a profile.
 * @throws MsdtError `parameter.invalid`
 */
export function checkProfile(document: unknown, from: string): SignalProfile {
  const profile = record(document, from, 'profile');
  if (profile.schemaVersion !== 1) throw wrong(from, 'schemaVersion', `${String(profile.schemaVersion)} instead of 1`);
  if (!Array.isArray(profile.streams) || profile.streams.length === 0 || profile.streams.length > 64)
    throw wrong(from, 'streams', 'a list of 1 to 64 streams is needed');
  const { skipLines, separator, decimal } = profile;
  if (skipLines !== undefined && !isCount(skipLines)) throw wrong(from, 'skipLines', String(skipLines));
  if (separator !== undefined && !SEPARATORS.has(String(separator))) throw wrong(from, 'separator', String(separator));
  if (decimal !== undefined && decimal !== 'point' && decimal !== 'comma')
    throw wrong(from, 'decimal', String(decimal));
  return {
    schemaVersion: 1,
    name: typeof profile.name === 'string' ? profile.name.slice(0, 120) : 'profile',
    ...(skipLines === undefined ? {} : { skipLines: Number(skipLines) }),
    ...(separator === undefined ? {} : { separator: separator as SignalProfile['separator'] }),
    ...(decimal === undefined ? {} : { decimal }),
    streams: profile.streams.map((stream, index) => checkStream(stream, from, `streams[${index}]`)),
  };
}

function checkStream(value: unknown, from: string, place: string): ProfileStream {
  const stream = record(value, from, place);
  if (!Array.isArray(stream.channels) || stream.channels.length === 0)
    throw wrong(from, `${place}.channels`, 'a list of channels is needed');
  const { rateHz, startS, time } = stream;
  if (rateHz !== undefined && !(typeof rateHz === 'number' && rateHz > 0 && rateHz < 1e7))
    throw wrong(from, `${place}.rateHz`, String(rateHz));
  if (startS !== undefined && !Number.isFinite(startS)) throw wrong(from, `${place}.startS`, String(startS));
  const checked: ProfileStream = {
    channels: stream.channels.map((channel, index) => checkChannel(channel, from, `${place}.channels[${index}]`)),
  };
  if (rateHz !== undefined) checked.rateHz = rateHz as number;
  if (startS !== undefined) checked.startS = startS as number;
  if (time !== undefined) {
    const { column, unit } = record(time, from, `${place}.time`);
    if (!TIME_UNITS.has(String(unit))) throw wrong(from, `${place}.time.unit`, `${String(unit)}: s, ms or us`);
    checked.time = { column: columnOf(column, from, `${place}.time.column`), unit: unit as 's' };
  }
  return checked;
}

const TEXTS = ['name', 'sensor', 'segment', 'site', 'level'] as const;

function checkChannel(value: unknown, from: string, place: string): ProfileChannel {
  const channel = record(value, from, place);
  const { unit, quantity, axis, side } = channel;
  if (typeof unit !== 'string' || !Object.hasOwn(UNIT_TEXT, unit))
    throw wrong(from, `${place}.unit`, `"${String(unit)}" is no UCUM code known here`);
  if (!QUANTITIES.has(String(quantity))) throw wrong(from, `${place}.quantity`, String(quantity));
  if (axis !== undefined && !AXES.has(String(axis))) throw wrong(from, `${place}.axis`, String(axis));
  if (side !== undefined && side !== 'left' && side !== 'right') throw wrong(from, `${place}.side`, String(side));
  const checked: ProfileChannel = {
    column: columnOf(channel.column, from, `${place}.column`),
    unit: unit as Unit,
    quantity: quantity as ProfileChannel['quantity'],
  };
  for (const key of ['scale', 'offset'] as const) {
    const number = channel[key];
    if (number === undefined) continue;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(from, `${place}.${key}`, String(number));
    checked[key] = number;
  }
  for (const key of TEXTS) if (typeof channel[key] === 'string') checked[key] = channel[key].slice(0, 120);
  if (axis !== undefined) checked.axis = axis as ProfileChannel['axis'];
  if (side !== undefined) checked.side = side;
  return checked;
}

function record(value: unknown, from: string, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(from, place, 'an object is needed');
}

function columnOf(value: unknown, from: string, place: string): string | number {
  if ((typeof value === 'string' && value !== '') || (isCount(value) && Number(value) > 0))
    return value as string | number;
  throw wrong(from, place, `${String(value)}: a column's name, or its number from 1`);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 1e6;
}

function wrong(from: string, place: string, detail: string): MsdtError {
  return new MsdtError('parameter.invalid', `The channel mapping of ${from} is not right`, {
    where: { file: from, place },
    detail,
    hint: 'Correct it at that place; "streams" holds channels with column, unit (UCUM) and quantity.',
  });
}
