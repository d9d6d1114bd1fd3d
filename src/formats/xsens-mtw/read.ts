/** Xsens files of one trial as one recording: every sensor in its own file, placed on the body by an OpenSim mapping if there is one. */

import type { QualityFlag, ReadItem, ReadOptions, ReadReport, Signals, SourceFile } from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { baseName, MAX_TEXT_BYTES } from '../bytes.ts';
import { clockOf, recordingItems, segmentOf } from '../recording/index.ts';
import { asFileError } from '../report.ts';
import { type MtwFile, parseMtw } from './parse.ts';

const COUNTER_MODULUS = 65_536;

/** A grid this many times longer than the longest file is none. */
const MOST_LOST = 2;

interface Read {
  name: string;
  file: MtwFile;
}

/** Reads all files; those whose names differ in the device alone make one item. */
export async function readTrials(files: readonly SourceFile[], options: ReadOptions): Promise<ReadReport> {
  const report: ReadReport = { items: [], skipped: [], errors: [] };
  const trials = new Map<string, Read[]>();
  const places = new Map<string, string>();
  const mappings: string[] = [];
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted();
    options.progress?.(index / files.length, file.name);
    try {
      const bytes = await readWhole(file, MAX_TEXT_BYTES);
      if (isMapping(bytes)) {
        readMapping(bytes, places);
        mappings.push(file.name);
        continue;
      }
      const parsed = parseMtw(bytes, file.name, options.signal);
      const trial = file.name.replace(/_[0-9A-F]{8}\.txt$/i, '');
      trials.set(trial, [...(trials.get(trial) ?? []), { name: file.name, file: parsed }]);
    } catch (error) {
      report.errors.push({ file: file.name, error: asFileError(error, file.name) });
    }
  }
  for (const [trial, reads] of trials) report.items.push(...trialItems(trial, reads, places, mappings));
  if (trials.size === 0)
    for (const name of mappings)
      report.skipped.push({ file: name, reason: 'it only says where sensors sit, and no sensor file came with it' });
  options.progress?.(1);
  return report;
}

/** True for OpenSim's list of sensors and segments. */
export function isMapping(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 1024)).includes('<XsensDataReaderSettings');
}

function readMapping(bytes: Uint8Array, places: Map<string, string>): void {
  const text = new TextDecoder().decode(bytes);
  let at = text.indexOf('<ExperimentalSensor name="');
  while (at >= 0) {
    const sensor = text.slice(at + 26, text.indexOf('"', at + 26));
    const from = text.indexOf('<name_in_model>', at);
    const to = text.indexOf('</name_in_model>', from);
    if (from < 0 || to < 0) return;
    places.set(sensor.replace(/^_/, '').trim(), text.slice(from + 15, to).trim());
    at = text.indexOf('<ExperimentalSensor name="', to);
  }
}

function trialItems(
  trial: string,
  reads: readonly Read[],
  places: ReadonlyMap<string, string>,
  mappings: readonly string[],
): ReadItem[] {
  const clock = reads.length === 1 ? clockOf(reads[0].name) : baseName(trial);
  const quality = reads.flatMap(({ file }) => file.quality);
  const streams = joined(reads, clock, quality) ?? reads.map(({ file }) => plainStream(file, clock, quality));
  for (const { channels } of streams)
    for (const channel of channels) Object.assign(channel, segmentOf(places.get(channel.sensor ?? '') ?? ''));
  const filters = [...new Set(reads.flatMap(({ file }) => file.filter ?? []))];
  return recordingItems({
    files: [...reads.map(({ name }) => name), ...(reads.some(({ file }) => places.has(file.device)) ? mappings : [])],
    format: 'Xsens MTw text',
    device: 'Xsens MTw',
    streams,
    quality,
    metadata: { sensors: reads.length, ...(filters.length > 0 ? { filter: filters.join(', ') } : {}) },
  });
}

/** Samples one after the other, as they stand; where a counter is there and does not count on, that is said. */
function plainStream({ device, counter, channels, rateHz }: MtwFile, clock: string, quality: QualityFlag[]): Signals {
  const broken = counter.findIndex((count, row) => {
    const step = row === 0 ? 1 : (count - counter[row - 1] + COUNTER_MODULUS) % COUNTER_MODULUS;
    return step === 0 || step > COUNTER_MODULUS / 2;
  });
  if (broken >= 0)
    quality.push({
      code: 'signal.out-of-order',
      severity: 'doubt',
      where: device,
      message: `Packets of sensor ${device} are out of order or doubled, first at sample ${broken + 1}; samples were taken as they stand.`,
    });
  return { clock, startS: 0, rateHz, channels };
}

/** Samples by their packet, the counter's return to zero undone; undefined where packets are not counted. */
function packetsOf({ counter }: MtwFile): Float64Array | undefined {
  if (counter.some((count) => !(count >= 0 && count < COUNTER_MODULUS))) return undefined;
  const packets = Float64Array.from(counter);
  for (let index = 1; index < packets.length; index++) {
    const step = (counter[index] - counter[index - 1] + COUNTER_MODULUS) % COUNTER_MODULUS;
    if (step === 0) return undefined;
    packets[index] = packets[index - 1] + step;
  }
  return packets;
}

/**
 * All sensors of a trial count packets together: one grid of packets holds them, NaN where one of them was lost. Undefined where the
 * counters do not fit one grid.
 */
function joined(reads: readonly Read[], clock: string, quality: QualityFlag[]): Signals[] | undefined {
  const { rateHz } = reads[0].file;
  const packets = reads.map(({ file }) => packetsOf(file));
  if (reads.some(({ file }) => file.rateHz !== rateHz)) return undefined;
  const known = packets.filter((list) => list !== undefined);
  if (known.length < reads.length) return undefined;
  const first = Math.min(...known.map((list) => list[0]));
  const count = Math.max(...known.map((list) => list[list.length - 1])) - first + 1;
  const longest = Math.max(...known.map((list) => list.length));
  if (count > MOST_LOST * longest) return undefined;
  const channels = reads.flatMap(({ file }, index) => {
    const lost = count - known[index].length;
    if (lost > 0) quality.push(lostFlag(file.device, lost, count));
    return file.channels.map((channel) => {
      const values = new Float64Array(count).fill(Number.NaN);
      for (let sample = 0; sample < channel.values.length; sample++)
        values[known[index][sample] - first] = channel.values[sample];
      return { ...channel, values };
    });
  });
  return [{ clock, startS: 0, rateHz, channels }];
}

function lostFlag(device: string, lost: number, count: number): QualityFlag {
  const message = `Sensor ${device}: ${lost} of ${count} packets did not arrive; those samples are empty.`;
  return { code: 'signal.lost-packets', severity: lost > count / 20 ? 'doubt' : 'info', where: device, message };
}
