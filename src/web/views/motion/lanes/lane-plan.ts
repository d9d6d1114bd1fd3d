/** Which channels share a lane, what the lane is called, and in which order lanes stand. */

import type { MotionChannel } from '../../../kit/motion.ts';
import { formatNumber } from '../../../kit/number/format.ts';
import type { ChannelInfo } from '../recording/recording.ts';

export interface LanePlan {
  id: string;
  title: string;
  /** a second line: sensor, recording */
  note: string;
  unit: string;
  quantity: ChannelInfo['quantity'];
  channels: readonly MotionChannel[];
  /** shown unless the reader says otherwise */
  first: boolean;
}

const ORDER: readonly string[] = [
  'signal.angle',
  'signal.emg',
  'signal.force',
  'signal.measure',
  'signal.imu',
  'signal.orientation',
  'signal.other',
];
const KIND_NOTES: Record<string, string> = {
  'signal.angle': 'angle',
  'signal.emg': 'EMG',
  'signal.force': 'force',
  'signal.measure': 'measured',
  'signal.imu': 'IMU',
  'signal.orientation': 'orientation',
};
const QUANTITY_NAMES: Partial<Record<ChannelInfo['quantity'], string>> = {
  acceleration: 'acceleration',
  'angular-rate': 'angular rate',
  'magnetic-field': 'magnetic field',
  orientation: 'orientation',
  force: 'force',
  moment: 'moment',
  'pressure-centre': 'centre of pressure',
};
/** Lanes that are shown before anybody chooses. */
const MOST_FIRST = 16;

/** Components of one sensor share a lane; everything else has its own. */
export function planLanes(channels: readonly MotionChannel[]): LanePlan[] {
  const groups = new Map<string, MotionChannel[]>();
  for (const one of channels) {
    const { info, artifact } = one;
    const shared = info.axis !== undefined && info.quantity !== 'angle' && info.quantity !== 'emg';
    const source = info.sensor ?? [info.segment, info.side].filter(Boolean).join(' ');
    const key = shared ? `${artifact.id} ${info.quantity} ${source} ${info.unit}` : one.id;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rank = (kind: string): number => (ORDER.indexOf(kind) + ORDER.length) % ORDER.length;
  const lanes = [...groups].map(([id, members]) => laneOf(id, members));
  lanes.sort((a, b) => rank(a.channels[0].artifact.kind) - rank(b.channels[0].artifact.kind));
  nameRecordings(lanes);
  const first = firstLanes(lanes);
  return lanes.map((lane) => ({ ...lane, first: first.has(lane.id) }));
}

/** Lanes of one name from several recordings say which one they are of. */
function nameRecordings(lanes: LanePlan[]): void {
  const clockOf = ({ channels: [{ time }] }: LanePlan): string => time.clock;
  for (const alike of Map.groupBy(lanes, ({ title, quantity }) => `${quantity} ${title}`).values()) {
    const clocks = [...new Set(alike.map(clockOf))];
    if (clocks.length < 2) continue;
    const words = clocks.map((clock) => clock.split(/[\s_]+/));
    const shared = words[0].findIndex((word, i) => words.some((own) => own[i] !== word || i === own.length - 1));
    for (const lane of alike) {
      const own = clockOf(lane)
        .split(/[\s_]+/)
        .slice(shared)
        .join(' ');
      lane.note = [lane.note, own].filter(Boolean).join(' · ');
    }
  }
}

/** Least and most of a lane's curves in the unit it is read in, as short as can be told apart; undefined before they are read. */
export function laneExtremes({ unit, channels }: Pick<LanePlan, 'unit' | 'channels'>): [string, string] | undefined {
  const read = channels.flatMap(({ channel }) => (channel && Number.isFinite(channel.low) ? [channel] : []));
  if (read.length < channels.length || read.length === 0) return undefined;
  const low = Math.min(...read.map((one) => one.low));
  const high = Math.max(...read.map((one) => one.high));
  const { factor } = shownUnit(unit, Math.max(Math.abs(low), Math.abs(high)));
  const decimals = Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(factor * (high - low) || 1))));
  return [formatNumber(factor * low, decimals), formatNumber(factor * high, decimals)];
}

/** How many lanes of a kind are shown before anybody chooses, when others want room too. */
const ROOM: Record<string, number> = {
  'signal.angle': 6,
  'signal.emg': 6,
  'signal.force': 3,
  'signal.measure': 3,
  'signal.imu': 3,
};

/** Some of every kind that says something by itself, then more until the screen is full. */
function firstLanes(lanes: readonly LanePlan[]): Set<string> {
  const kindOf = (lane: LanePlan): string => lane.channels[0].artifact.kind;
  const telling = lanes.filter((lane) => kindOf(lane) in ROOM && (kindOf(lane) !== 'signal.imu' || isTurning(lane)));
  const from = telling.length > 0 ? telling : lanes;
  const chosen = new Set<string>();
  const taken = new Map<string, number>();
  for (const lane of from) {
    const already = taken.get(kindOf(lane)) ?? 0;
    if (already >= (ROOM[kindOf(lane)] ?? MOST_FIRST)) continue;
    taken.set(kindOf(lane), already + 1);
    chosen.add(lane.id);
  }
  for (const lane of from) if (chosen.size < MOST_FIRST) chosen.add(lane.id);
  return new Set([...chosen].slice(0, MOST_FIRST));
}

function isTurning({ quantity }: LanePlan): boolean {
  return quantity === 'angular-rate';
}

function laneOf(id: string, members: readonly MotionChannel[]): LanePlan {
  const [{ info, artifact }] = members;
  const place = placeOf(info);
  const note = KIND_NOTES[artifact.kind] ?? '';
  if (members.length === 1) {
    const [given, order] = splitName(info.name);
    // curves that were computed have names of the dictionary: said in words
    const computed = artifact.kind === 'signal.measure';
    const title = computed ? given.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`) : given;
    const about = [note, place !== title && place].filter(Boolean).join(' · ');
    const quantity = info.quantity;
    return { id, title, note: order ?? about, unit: info.unit, quantity, channels: members, first: true };
  }
  const what = QUANTITY_NAMES[info.quantity] ?? info.quantity;
  return {
    id,
    title: [place || info.sensor || artifact.name, what].join(' '),
    note: [note, members.map((one) => one.info.axis).join(' ')].filter(Boolean).join(' · '),
    unit: info.unit,
    quantity: info.quantity,
    channels: members,
    first: true,
  };
}

/** A name, and what stands in brackets behind it: order and sign of an angle. */
export function splitName(name: string): [string, string?] {
  const [, title, order] = /^(.+?) \((.+)\)$/.exec(name) ?? [];
  return title ? [title.replace('.', ' '), order] : [name];
}

/** Where a channel was taken: muscle, level, segment, side. */
export function placeOf({
  site,
  segment,
  level,
  side,
}: Pick<ChannelInfo, 'site' | 'segment' | 'level' | 'side'>): string {
  const words = (site ?? segment ?? '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return [words, level, side].filter(Boolean).join(' ');
}

/** Least and most of a lane with room above and below; a lane of one value stands in the middle. */
export function laneScale(lows: readonly number[], highs: readonly number[]): { low: number; high: number } {
  const low = Math.min(...lows.filter(Number.isFinite));
  const high = Math.max(...highs.filter(Number.isFinite));
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: -1, high: 1 };
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - room, high: high + room };
}

/** Round steps of an axis: 1, 2 or 5 times a power of ten, so many that each has `room` of its own. */
export function axisStep(span: number, most: number): number {
  const raw = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((step) => step * power >= raw) ?? 10) * power;
}

/** A time on the axis, as many decimals as its step needs: `1:02.5`, `3.20`. */
export function axisTime(timeS: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const sign = timeS < 0 ? '\u2212' : '';
  const t = Math.abs(timeS);
  if (t < 60) return `${sign}${t.toFixed(decimals)}`;
  const rounded = Number(t.toFixed(decimals));
  const minutes = Math.floor(rounded / 60);
  const rest = (rounded - 60 * minutes).toFixed(decimals);
  return `${sign}${minutes}:${rest.padStart(decimals > 0 ? decimals + 3 : 2, '0')}`;
}

/** Larger and smaller units of a volt, so that muscles read in µV. */
const VOLTS = [
  ['V', 1],
  ['mV', 1e3],
  ['uV', 1e6],
] as const;

/** The unit in which values of this size are read best, and what a value is multiplied with. */
export function shownUnit(unit: string, size: number): { unit: string; factor: number } {
  const from = VOLTS.findIndex(([name]) => name === unit);
  if (from < 0 || !(size > 0)) return { unit, factor: 1 };
  const [name, times] = VOLTS.find(([, per]) => (size * per) / VOLTS[from][1] >= 0.5) ?? VOLTS[2];
  return { unit: name, factor: times / VOLTS[from][1] };
}
