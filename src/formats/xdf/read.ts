/** From XDF streams to signals and events on one clock, that of the recording computer. */

import type {
  EventList,
  MotionEvent,
  QualityFlag,
  ReadItem,
  ReadOptions,
  Signals,
  SourceFile,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError } from '../bytes.ts';
import {
  addEvents,
  axisOf,
  clockOf,
  inOrder,
  quantityOf,
  recordingItems,
  segmentOf,
  siteOf,
  unitOfText,
} from '../recording/index.ts';
import { parseXdf, type XdfChannel, type XdfStream } from './chunks.ts';
import { correctStamps, fitOffsets, type OffsetLine, removeJitter } from './clocks.ts';

/** Longest text of an event. */
const MAX_LABEL = 200;

interface Timed {
  stream: XdfStream;
  timeS: Float64Array;
  lines: OffsetLine[];
}

/**
 * Reads a file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readXdf(file: SourceFile, options: ReadOptions): Promise<ReadItem[]> {
  const { streams, quality } = parseXdf(await readWhole(file), file.name, options.signal);
  const timed = streams
    .filter(({ stamps }) => stamps.length > 0)
    .map((stream): Timed => {
      const lines = fitOffsets(stream.offsetTimes, stream.offsets);
      return { stream, lines, timeS: correctStamps(stream.stamps, lines) };
    });
  if (timed.length === 0)
    throw fileError('input.empty', file.name, 'The XDF file holds streams but no sample', {
      place: streams.map(({ name }) => name).join(', '),
      hint: 'Check that the devices were sending while it was recorded.',
    });
  const clock = clockOf(file.name);
  const originS = Math.min(...timed.map(({ timeS }) => timeS[0]));
  const flags = [...quality];
  for (const entry of timed) flags.push(...resetFlags(entry));
  const signals = timed
    .filter(({ stream }) => stream.format !== 'string')
    .map((entry) => signalsOf(entry, clock, originS, flags));
  const items = recordingItems({
    files: [file.name],
    format: 'XDF',
    streams: signals,
    quality: flags,
    device: timed.map(({ stream }) => stream.name).join(', '),
    metadata: {
      clockOriginS: originS,
      streams: streams.map(({ name, stamps }) => `${name} (${stamps.length})`).join(', '),
    },
  });
  const events = eventsOf(timed, clock, originS);
  if (events.events.length > 0) addEvents(items, events, { file: file.name, format: 'XDF', quality: flags });
  return items;
}

function signalsOf({ stream, timeS }: Timed, clock: string, originS: number, flags: QualityFlag[]): Signals {
  const channels = stream.channels.map((channel, index) => {
    const unit = (channel.unit ? unitOfText(channel.unit) : undefined) ?? '{arb}';
    const words = `${channel.type} ${channel.label} ${stream.type}`;
    const axis = axisOf(channel.label);
    const quantity = quantityOf(words, unit);
    return {
      name: channel.label,
      unit,
      values: Float64Array.from(stream.values[index]),
      quantity,
      ...(axis ? { axis, sensor: sensorOf(channel, stream) } : {}),
      ...(quantity === 'emg' ? siteOf(channel.label) : segmentOf(channel.label)),
    };
  });
  if (stream.nominalRateHz === 0) {
    const times = timeS.map((time) => time - originS);
    const seconds = times[times.length - 1] - times[0];
    const rateHz = seconds > 0 ? (times.length - 1) / seconds : 1;
    return inOrder({ clock, startS: times[0], rateHz, timeS: times, channels }, stream.name, flags);
  }
  const even = removeJitter(timeS, stream.nominalRateHz);
  for (const gap of even.gaps)
    flags.push({
      code: 'xdf.gap',
      severity: 'doubt',
      where: stream.name,
      message: `${stream.name} pauses for ${gap.lengthS.toFixed(3)} s at ${(gap.timeS - originS).toFixed(3)} s.`,
    });
  if (Math.abs(even.rateHz / stream.nominalRateHz - 1) > 0.1)
    flags.push({
      code: 'xdf.rate',
      severity: 'doubt',
      where: stream.name,
      message: `${stream.name} was announced with ${stream.nominalRateHz} Hz and came with ${even.rateHz.toFixed(3)} Hz.`,
    });
  const base = { clock, startS: even.startS - originS, rateHz: even.rateHz, channels };
  if (!even.timeS) return base;
  return inOrder({ ...base, timeS: even.timeS.map((time) => time - originS) }, stream.name, flags);
}

function sensorOf({ label }: XdfChannel, { name }: XdfStream): string {
  return label.length > 2 && /[_. ]/.test(label) ? label.replace(/[_. ]?[wxyz]$/i, '') : name;
}

function resetFlags({ stream, lines }: Timed): QualityFlag[] {
  if (lines.length < 2) return [];
  const resets = lines.length - 1;
  return [
    {
      code: 'xdf.clock-reset',
      severity: 'doubt',
      where: stream.name,
      message: `The clock of ${stream.name} started again ${resets === 1 ? 'once' : `${resets} times`} while it was recorded; each stretch was placed by its own offsets.`,
    },
  ];
}

/** Texts of all string streams on one list; the stream's name stands before the text where there are several. */
function eventsOf(timed: readonly Timed[], clock: string, originS: number): EventList {
  const texts = timed.filter(({ stream }) => stream.format === 'string');
  const events = texts.flatMap(({ stream, timeS }): MotionEvent[] =>
    stream.texts.map((text, index) => {
      const label = text.slice(0, MAX_LABEL);
      return { label: texts.length > 1 ? `${stream.name}: ${label}` : label, timeS: timeS[index] - originS };
    }),
  );
  return { clock, events: events.sort((a, b) => a.timeS - b.timeS) };
}
