/** Reads the text form of OpenSignals: comment lines with one JSON object, then columns of counts for every unit. */

import type { QualityFlag, ReadItem, ReadOptions, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError, latin1, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf, numberColumns, recordingItems } from '../recording/index.ts';
import { deviceStream, type RawChannel, type RawDevice, takenAtOf } from './device.ts';

const MAX_HEADER_BYTES = 1 << 18;

/**
 * Reads a text file of OpenSignals.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readOpenSignals(file: SourceFile, options: ReadOptions): Promise<ReadItem[]> {
  const bytes = await readWhole(file, MAX_TEXT_BYTES);
  const { header, end } = headerOf(bytes, file.name);
  const units = Object.entries(header);
  const widths = units.map(([name, unit]) => textList(unit, 'column', name, file.name).length);
  const width = widths.reduce((sum, count) => sum + count, 0);
  const quality: QualityFlag[] = [];
  const columns = numberColumns(bytes, { start: end, width, file: file.name, signal: options.signal, quality });
  const clock = clockOf(file.name);
  let from = 0;
  const streams = units.map(([name, unit], index) => {
    const part = columns.slice(from, from + widths[index]);
    from += widths[index];
    const { stream, quality: flags } = deviceStream(deviceOf(name, unit, part, file.name), clock);
    quality.push(...flags);
    return stream;
  });
  const [, first] = units[0];
  return recordingItems({
    files: [file.name],
    format: 'OpenSignals text',
    streams,
    quality,
    device: typeof first.device === 'string' ? first.device : undefined,
    takenAt: takenAtOf(first.date, first.time),
  });
}

type Unit = Record<string, unknown>;

function headerOf(bytes: Uint8Array, file: string): { header: Record<string, Unit>; end: number } {
  const text = latin1(bytes, 0, MAX_HEADER_BYTES);
  const mark = /^#\s*EndOfHeader.*$/m.exec(text);
  const json = /^#\s*(\{.*\})\s*$/m.exec(text);
  if (!mark || !json) throw badHeader(file, 'the line "# EndOfHeader" or the one with {…} is missing');
  let header: unknown;
  try {
    header = JSON.parse(json[1]);
  } catch (error) {
    throw badHeader(file, error instanceof Error ? error.message : 'no JSON');
  }
  const units = Object.values(header as Record<string, unknown>);
  if (units.length === 0 || units.some((unit) => typeof unit !== 'object' || unit === null || Array.isArray(unit)))
    throw badHeader(file, 'no acquisition unit is described');
  return { header: header as Record<string, Unit>, end: mark.index + mark[0].length };
}

function badHeader(file: string, detail: string) {
  return fileError('file.malformed', file, 'The header of the OpenSignals file cannot be read', {
    place: 'header',
    detail,
    hint: 'Export the recording from OpenSignals again.',
  });
}

function textList(unit: Unit, key: string, name: string, file: string): string[] {
  const list = unit[key];
  if (Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === 'string')) return list;
  throw badHeader(file, `"${key}" of ${name} is no list of names`);
}

function deviceOf(name: string, unit: Unit, columns: readonly Float64Array[], file: string): RawDevice {
  const labels = textList(unit, 'column', name, file);
  const rateHz = Number(unit['sampling rate']);
  if (!(rateHz > 0 && rateHz <= 1e6))
    throw badHeader(file, `sampling rate of ${name}: ${String(unit['sampling rate'] ?? 'missing')}`);
  const sensors = Array.isArray(unit.sensor) ? unit.sensor : [];
  const bits = Array.isArray(unit.resolution) ? unit.resolution : [];
  const analog = Array.isArray(unit.label)
    ? unit.label.map(String)
    : labels.filter((label) => /^(CH|A)\d/i.test(label));
  const device: RawDevice = { name, kind: String(unit.device ?? ''), rateHz, channels: [], digital: [] };
  for (const [index, label] of labels.entries()) {
    const at = analog.indexOf(label);
    if (label === 'nSeq') device.sequence = columns[index];
    else if (at < 0) device.digital?.push({ name: label, values: columns[index] });
    else
      device.channels.push(channelOf(label, sensors[at], bits, { at, channels: analog.length }, columns[index], file));
  }
  return device;
}

function channelOf(
  label: string,
  sensor: unknown,
  bits: readonly unknown[],
  { at, channels }: { at: number; channels: number },
  counts: Float64Array,
  file: string,
): RawChannel {
  // BITalino lists the resolutions of its counter and digital lines first
  const resolution = Number(bits[Math.max(0, bits.length - channels) + at] ?? 16);
  if (!(resolution >= 1 && resolution <= 32)) throw badHeader(file, `resolution of ${label}: ${resolution}`);
  return { label, sensor: String(sensor ?? 'RAW'), counts, bits: resolution };
}
