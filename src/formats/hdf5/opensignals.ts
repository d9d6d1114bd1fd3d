/** OpenSignals in HDF5: one group per acquisition unit, counts in `raw/channel_N`. */

import type { QualityFlag, ReadItem, Signals } from '../../model/index.ts';
import { deviceStream, type RawChannel, type RawDevice, takenAtOf } from '../opensignals/index.ts';
import { clockOf, recordingItems } from '../recording/index.ts';
import { type H5Group, numberOf, textOf } from './library.ts';

/** True for the group of an acquisition unit. */
function isUnit(group: H5Group): boolean {
  return group.groups.has('raw') && numberOf(group.attributes, 'sampling rate') !== undefined;
}

/** Read items of an OpenSignals tree, or undefined where it is something else. */
export function openSignalsItems(root: H5Group, file: string): ReadItem[] | undefined {
  const units = [...root.groups.values()].filter(isUnit);
  if (units.length === 0) return undefined;
  const clock = clockOf(file);
  const quality: QualityFlag[] = [];
  const streams = units.map((unit): Signals => {
    const { stream, quality: flags } = deviceStream(deviceOf(unit), clock);
    quality.push(...flags);
    return stream;
  });
  const [{ attributes }] = units;
  return recordingItems({
    files: [file],
    format: 'OpenSignals HDF5',
    streams,
    quality,
    device: textOf(attributes, 'device'),
    takenAt: takenAtOf(attributes.date, attributes.time),
  });
}

function deviceOf(unit: H5Group): RawDevice {
  const { attributes } = unit;
  const bits = attributes.resolution;
  const sets = [...(unit.groups.get('raw')?.sets.values() ?? [])].filter(({ name }) => /^channel_\d+$/.test(name));
  sets.sort((a, b) => channelNumber(a.name) - channelNumber(b.name));
  const channels = sets.flatMap((set, index): RawChannel[] => {
    const counts = set.numbers();
    if (!counts) return [];
    const resolution = Array.isArray(bits) ? bits[Math.max(0, bits.length - sets.length) + index] : bits;
    const sensor = textOf(set.attributes, 'sensor') ?? 'RAW';
    return [
      { label: textOf(set.attributes, 'label') ?? set.name, sensor, counts, bits: Number(resolution ?? 16) || 16 },
    ];
  });
  const sequence = unit.groups.get('raw')?.sets.get('nSeq')?.numbers();
  const digital = [...(unit.groups.get('digital')?.sets.values() ?? [])].flatMap((set) => {
    const values = set.numbers();
    return values ? [{ name: set.name, values }] : [];
  });
  return {
    name: unit.name,
    kind: textOf(attributes, 'device') ?? '',
    rateHz: numberOf(attributes, 'sampling rate') ?? 1,
    channels,
    digital,
    ...(sequence ? { sequence } : {}),
  };
}

function channelNumber(name: string): number {
  return Number(name.slice(name.lastIndexOf('_') + 1));
}
