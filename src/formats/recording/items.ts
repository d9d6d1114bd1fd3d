/** From the streams of one recording to read items: one per modality, one artifact per kind and time base. */

import type {
  ArtifactDraft,
  ArtifactKind,
  EventList,
  QualityFlag,
  Quantity,
  ReadItem,
  SignalChannel,
  Signals,
  Unit,
} from '../../model/index.ts';
import { sampleCount } from '../../model/index.ts';
import { baseName, fileError } from '../bytes.ts';
import { repeatFlags } from './repeats.ts';

/** Kinds that signals are sorted into. */
type SignalKind = 'signal.emg' | 'signal.imu' | 'signal.orientation' | 'signal.angle' | 'signal.force' | 'signal.other';

const MODALITY: Record<Exclude<SignalKind, 'signal.other'>, string> = {
  'signal.emg': 'emg',
  'signal.imu': 'imu',
  'signal.orientation': 'imu',
  'signal.angle': 'motion',
  'signal.force': 'force',
};

const TITLE: Record<SignalKind, string> = {
  'signal.emg': 'Muscle activity',
  'signal.imu': 'Inertial sensors',
  'signal.orientation': 'Orientation',
  'signal.angle': 'Angles',
  'signal.force': 'Forces',
  'signal.other': 'Other channels',
};

/** What one file, or several that belong together, recorded. */
interface Recording {
  files: string[];
  /** one per time base */
  streams: Signals[];
  device?: string;
  takenAt?: string;
  protocol?: string;
  quality?: QualityFlag[];
  metadata?: ReadItem['metadata'];
  /** name of the file format, for people */
  format: string;
}

/**
 * Name of a file's own clock: its name without folders and endings.
 * @example clockOf('s1/walk.01.c3d') // 'walk.01'
 */
export function clockOf(file: string): string {
  const base = baseName(file).replace(/\.(gz|bz2)$/i, '');
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/**
 * Read items of a recording: channels sorted by what they measure, each stream at its own rate, runs of repeated values flagged.
 * Streams without samples are left out.
 * @throws MsdtError `input.empty` where no stream has a sample
 */
export function recordingItems(recording: Recording): ReadItem[] {
  const items = new Map<string, ReadItem>();
  const main = mainModality(recording.streams);
  for (const stream of recording.streams) {
    if (sampleCount(stream) === 0) continue;
    for (const [kind, channels] of channelsByKind(stream.channels)) {
      const modality = kind === 'signal.other' ? (main ?? 'motion') : MODALITY[kind];
      const item = items.get(modality) ?? emptyItem(recording, modality);
      items.set(modality, item);
      const payload: Signals = { ...stream, channels };
      const same = item.artifacts.filter((artifact) => artifact.kind === kind).length;
      const draft: ArtifactDraft<SignalKind> = {
        kind,
        payload,
        name: same ? `${TITLE[kind]} ${same + 1}` : TITLE[kind],
      };
      item.artifacts.push(draft as ArtifactDraft<ArtifactKind>);
      item.quality.push(...repeatFlags(payload), ...missingFlags(payload, recording.quality ?? []));
    }
  }
  if (items.size === 0 && recording.streams.length > 0)
    throw fileError('input.empty', recording.files[0], 'Nothing was recorded that can be used', {
      place: 'channels',
      detail: `${recording.streams.length} streams, none with a known channel and samples`,
      hint: 'Check what was exported, or give a channel mapping.',
    });
  for (const item of items.values()) describe(item);
  return [...items.values()];
}

/** Codes of readers that have already told what is missing, and why. */
const TOLD = new Set(['signal.missing', 'signal.lost-packets']);

/** How many samples of which channels are empty; nothing where the reader has said so itself. */
function missingFlags({ channels }: Signals, told: readonly QualityFlag[]): QualityFlag[] {
  const where = channels.filter(({ values }) => values.some(Number.isNaN));
  if (where.length === 0 || told.some(({ code }) => TOLD.has(code))) return [];
  const missing = where.reduce((sum, { values }) => sum + values.filter(Number.isNaN).length, 0);
  const share = missing / where.reduce((sum, { values }) => sum + values.length, 0);
  const names = where.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = where.length > names.length ? ` and ${where.length - names.length} more` : '';
  const count = missing === 1 ? 'One sample is' : `${missing} samples (${(100 * share).toPrecision(2)} %) are`;
  return [
    {
      code: 'signal.missing',
      severity: share > 0.05 ? 'doubt' : 'info',
      where: `${names.join(', ')}${more}`,
      message: `${count} missing in ${names.join(', ')}${more}; they stay empty, nothing was filled in.`,
    },
  ];
}

/** Channels that a flag names one by one. */
const MOST_NAMED = 6;

/** Puts events with the first item; a file of events alone is an item of its own. */
export function addEvents(
  items: ReadItem[],
  payload: EventList,
  { file, format, quality = [] }: { file: string; format: string; quality?: QualityFlag[] },
): void {
  const draft: ArtifactDraft<'events'> = { kind: 'events', payload, name: 'Events' };
  if (items.length > 0) items[0].artifacts.push(draft);
  else
    items.push({
      modality: 'motion',
      artifacts: [draft],
      files: [file],
      quality,
      metadata: { format, events: payload.events.length },
    });
}

/** Channels that say nothing ride with the first that do. */
function mainModality(streams: readonly Signals[]): string | undefined {
  for (const { channels } of streams)
    for (const kind of channelsByKind(channels).keys()) if (kind !== 'signal.other') return MODALITY[kind];
  return undefined;
}

function emptyItem(recording: Recording, modality: string): ReadItem {
  const { files, device, takenAt, protocol, quality = [], metadata = {}, format } = recording;
  const item: ReadItem = {
    modality,
    artifacts: [],
    files: [...files],
    quality: [...quality],
    metadata: { format, ...metadata },
  };
  if (device) item.device = device;
  if (takenAt) item.takenAt = takenAt;
  if (protocol) item.protocol = protocol;
  return item;
}

function describe(item: ReadItem): void {
  const signals = item.artifacts.map(({ payload }) => payload as Signals);
  item.metadata.channels = signals.reduce((sum, { channels }) => sum + channels.length, 0);
  item.metadata.rateHz = [...new Set(signals.map(({ rateHz }) => String(Number(rateHz.toPrecision(9)))))].join(', ');
  const durations = signals.map(({ timeS, rateHz, channels }) =>
    timeS ? timeS[timeS.length - 1] - timeS[0] : channels[0].values.length / rateHz,
  );
  item.metadata.durationS = Number(Math.max(...durations).toFixed(3));
}

/** Channels of one time base by kind, order kept. A quaternion beside raw sensors stays with them, alone it is an orientation. */
function channelsByKind(channels: readonly SignalChannel[]): Map<SignalKind, SignalChannel[]> {
  const raw = channels.some(({ quantity }) => INERTIAL.has(quantity));
  const kinds = new Map<SignalKind, SignalChannel[]>();
  for (const channel of channels) {
    const kind = kindOf(channel, raw);
    const list = kinds.get(kind);
    if (list) list.push(channel);
    else kinds.set(kind, [channel]);
  }
  return kinds;
}

const INERTIAL = new Set<Quantity>(['acceleration', 'angular-rate', 'magnetic-field']);

function kindOf({ quantity }: SignalChannel, raw: boolean): SignalKind {
  if (quantity === 'emg') return 'signal.emg';
  if (INERTIAL.has(quantity)) return 'signal.imu';
  if (quantity === 'orientation') return raw ? 'signal.imu' : 'signal.orientation';
  if (quantity === 'angle') return 'signal.angle';
  if (quantity === 'force' || quantity === 'moment' || quantity === 'pressure-centre') return 'signal.force';
  return 'signal.other';
}

/** What the channels of a vector share. */
export interface VectorInit {
  quantity: Quantity;
  unit: Unit;
  sensor?: string;
  segment?: string;
  side?: 'left' | 'right';
}

/**
 * Channels of a vector or quaternion; three columns are x, y, z, four are w, x, y, z.
 * @param columns - one array per component · shape [N] each · `init.unit`
 */
export function vectorChannels(
  name: string,
  columns: readonly SignalChannel['values'][],
  init: VectorInit,
): SignalChannel[] {
  const axes = columns.length === 4 ? (['w', 'x', 'y', 'z'] as const) : (['x', 'y', 'z'] as const);
  return columns.map((values, index) => ({ name: `${name}_${axes[index]}`, values, axis: axes[index], ...init }));
}
