/**
 * APDM Opal recordings in HDF5, layouts 3 and later (`Sensors/<id>`, `Processed/<id>`) and before (`<SI-id>/Calibrated`).
 *
 * Written after the layouts as other open readers name them; no file of these layouts was at hand to read.
 */

import type { ReadItem, SignalChannel, Signals } from '../../model/index.ts';
import { clockOf, recordingItems, segmentOf, type VectorInit, vectorChannels } from '../recording/index.ts';
import { type H5Group, type H5Set, numberOf, textOf } from './library.ts';

/** Rate of an Opal unless told otherwise · Hz */
const USUAL_RATE_HZ = 128;

const VECTORS: [RegExp, Pick<VectorInit, 'quantity' | 'unit'>, string][] = [
  [/^Accelerometers?$/, { quantity: 'acceleration', unit: 'm/s2' }, 'acc'],
  [/^Gyroscopes?$/, { quantity: 'angular-rate', unit: 'rad/s' }, 'gyr'],
  [/^Magnetometers?$/, { quantity: 'magnetic-field', unit: 'uT' }, 'mag'],
];

/** One monitor: its stream, and the microseconds since 1970 of its first sample. */
interface Monitor {
  stream: Signals;
  firstUs?: number;
}

/** Read items of an APDM tree, or undefined where it is something else. */
export function apdmItems(root: H5Group, file: string): ReadItem[] | undefined {
  const sensors = root.groups.get('Sensors');
  const monitors = sensors
    ? [...sensors.groups].map(([id, monitor]) => newMonitor(id, monitor, root.groups.get('Processed'), file))
    : [...root.groups].map(([id, monitor]) => oldMonitor(id, monitor, file));
  const found = monitors.filter((monitor) => monitor !== undefined);
  if (found.length === 0) return undefined;
  const firstUs = Math.min(...found.map((monitor) => monitor.firstUs ?? Number.POSITIVE_INFINITY));
  const streams = found.map(({ stream, firstUs: own }) => ({ ...stream, startS: own ? (own - firstUs) / 1e6 : 0 }));
  return recordingItems({
    files: [file],
    format: 'APDM HDF5',
    streams: merged(streams),
    device: 'APDM Opal',
    ...(firstUs > 1e14 && firstUs < 8e15 ? { takenAt: new Date(firstUs / 1000).toISOString() } : {}),
  });
}

function newMonitor(id: string, monitor: H5Group, processed: H5Group | undefined, file: string): Monitor | undefined {
  const configuration = monitor.groups.get('Configuration')?.attributes ?? {};
  const label = textOf(configuration, 'Label 0') ?? id;
  const orientation = processed?.groups.get(id)?.sets.get('Orientation');
  const said = numberOf(configuration, 'Sample Rate');
  return monitorOf([...monitor.sets.values()], orientation, monitor, { label, said, file });
}

function oldMonitor(id: string, monitor: H5Group, file: string): Monitor | undefined {
  const calibrated = monitor.groups.get('Calibrated');
  if (!calibrated) return undefined;
  const label = textOf(monitor.attributes, 'MonitorLabel') ?? textOf(monitor.attributes, 'Monitor_Label') ?? id;
  const said = numberOf(monitor.attributes, 'SampleRate') ?? numberOf(monitor.attributes, 'Sample_Rate');
  return monitorOf([...calibrated.sets.values()], calibrated.sets.get('Orientation'), monitor, { label, said, file });
}

function monitorOf(
  sets: readonly H5Set[],
  orientation: H5Set | undefined,
  monitor: H5Group,
  { label, said, file }: { label: string; said: number | undefined; file: string },
): Monitor | undefined {
  const times = monitor.sets.get('Time')?.numbers();
  const rateHz = said ?? rateOf(times) ?? USUAL_RATE_HZ;
  const stream = streamOf(sets, orientation, { label, rateHz, file });
  if (!stream) return undefined;
  return times && times.length > 0 ? { stream, firstUs: times[0] } : { stream };
}

/** Times are microseconds since 1970. */
function rateOf(times: ArrayLike<number> | undefined): number | undefined {
  if (!times || times.length < 2) return undefined;
  const seconds = (times[times.length - 1] - times[0]) / 1e6;
  return seconds > 0 ? (times.length - 1) / seconds : undefined;
}

interface Place {
  label: string;
  rateHz: number;
  file: string;
}

function streamOf(sets: readonly H5Set[], orientation: H5Set | undefined, place: Place): Signals | undefined {
  const { label, rateHz, file } = place;
  const body = segmentOf(label);
  const channels: SignalChannel[] = [];
  for (const [pattern, what, short] of VECTORS) {
    const set = sets.find(({ name }) => pattern.test(name));
    const columns = set && columnsOf(set, 3);
    if (columns) channels.push(...vectorChannels(`${label}.${short}`, columns, { ...what, sensor: label, ...body }));
  }
  const quaternion = orientation && columnsOf(orientation, 4);
  if (quaternion)
    channels.push(
      ...vectorChannels(`${label}.quat`, quaternion, { quantity: 'orientation', unit: '1', sensor: label, ...body }),
    );
  return channels.length > 0 ? { clock: clockOf(file), startS: 0, rateHz, channels } : undefined;
}

function columnsOf(set: H5Set, width: number): Float64Array[] | undefined {
  const [rows, columns] = set.shape;
  if (set.shape.length !== 2 || columns !== width) return undefined;
  const data = set.numbers();
  if (!data) return undefined;
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (__, row) => data[row * width + column]),
  );
}

/** Monitors of one rate and length share a time base. */
function merged(streams: readonly Signals[]): Signals[] {
  const groups = new Map<string, Signals>();
  for (const stream of streams) {
    const key = `${stream.rateHz} ${stream.startS} ${stream.channels[0].values.length}`;
    const group = groups.get(key);
    if (group) group.channels.push(...stream.channels);
    else groups.set(key, { ...stream, channels: [...stream.channels] });
  }
  return [...groups.values()];
}
