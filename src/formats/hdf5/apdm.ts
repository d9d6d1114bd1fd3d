/**
 * APDM Opal recordings in HDF5, layouts 3 and later (`Sensors/<id>`, `Processed/<id>`) and before (`<SI-id>/Calibrated`).
 *
 * Written after the vendor's description; no file of these layouts was at hand to read.
 */

import type { ReadItem, SignalChannel, Signals } from '../../model/index.ts';
import { clockOf, recordingItems, segmentOf, type VectorInit, vectorChannels } from '../recording/index.ts';
import { type H5Group, type H5Set, numberOf, textOf } from './library.ts';

const VECTORS: [RegExp, Pick<VectorInit, 'quantity' | 'unit'>, string][] = [
  [/^Accelerometers?$/, { quantity: 'acceleration', unit: 'm/s2' }, 'acc'],
  [/^Gyroscopes?$/, { quantity: 'angular-rate', unit: 'rad/s' }, 'gyr'],
  [/^Magnetometers?$/, { quantity: 'magnetic-field', unit: 'uT' }, 'mag'],
];

/** Read items of an APDM tree, or undefined where it is something else. */
export function apdmItems(root: H5Group, file: string): ReadItem[] | undefined {
  const monitors = root.groups.get('Sensors');
  const streams = monitors
    ? [...monitors.groups].map(([id, monitor]) => newStream(id, monitor, root.groups.get('Processed'), file))
    : [...root.groups].map(([id, monitor]) => oldStream(id, monitor, file));
  const found = streams.filter((stream): stream is Signals => stream !== undefined);
  if (found.length === 0) return undefined;
  return recordingItems({ files: [file], format: 'APDM HDF5', streams: merged(found), device: 'APDM Opal' });
}

function newStream(id: string, monitor: H5Group, processed: H5Group | undefined, file: string): Signals | undefined {
  const configuration = monitor.groups.get('Configuration')?.attributes ?? {};
  const label = textOf(configuration, 'Label 0') ?? id;
  const times = monitor.sets.get('Time')?.numbers();
  const rateHz = numberOf(configuration, 'Sample Rate') ?? rateOf(times) ?? 128;
  const orientation = processed?.groups.get(id)?.sets.get('Orientation');
  return streamOf([...monitor.sets.values()], orientation, { label, rateHz, file, startS: 0 });
}

function oldStream(id: string, monitor: H5Group, file: string): Signals | undefined {
  const calibrated = monitor.groups.get('Calibrated');
  if (!calibrated) return undefined;
  const label = textOf(monitor.attributes, 'MonitorLabel') ?? id;
  const times = monitor.sets.get('Time')?.numbers();
  const rateHz = numberOf(monitor.attributes, 'SampleRate') ?? rateOf(times) ?? 128;
  const sets = [...calibrated.sets.values()];
  return streamOf(sets, calibrated.sets.get('Orientation'), { label, rateHz, file, startS: 0 });
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
  startS: number;
}

function streamOf(sets: readonly H5Set[], orientation: H5Set | undefined, place: Place): Signals | undefined {
  const { label, rateHz, file, startS } = place;
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
  return channels.length > 0 ? { clock: clockOf(file), startS, rateHz, channels } : undefined;
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
    const key = `${stream.rateHz} ${stream.channels[0].values.length}`;
    const group = groups.get(key);
    if (group) group.channels.push(...stream.channels);
    else groups.set(key, { ...stream, channels: [...stream.channels] });
  }
  return [...groups.values()];
}
