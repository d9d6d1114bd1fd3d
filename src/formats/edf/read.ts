/** From EDF and BDF records to signals: every signal at its own rate, texts as events, pauses kept as pauses. */

import type {
  MotionEvent,
  QualityFlag,
  ReadItem,
  ReadOptions,
  SignalChannel,
  Signals,
  SourceFile,
} from '../../model/index.ts';
import { readWhole } from '../byte-source.ts';
import { fileError } from '../bytes.ts';
import {
  addEvents,
  axisOf,
  clockOf,
  quantityOf,
  recordingItems,
  segmentOf,
  siteOf,
  timeBaseOf,
  unitOfText,
} from '../recording/index.ts';
import { parseAnnotations } from './annotations.ts';
import { type EdfHeader, type EdfSignal, isAnnotation, parseEdfHeader } from './header.ts';

/**
 * Reads a file.
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readEdf(file: SourceFile, options: ReadOptions): Promise<ReadItem[]> {
  const bytes = await readWhole(file);
  const header = parseEdfHeader(bytes, file.name);
  const clock = clockOf(file.name);
  const { events, starts } = notesOf(bytes, header);
  const quality: QualityFlag[] = [];
  const streams = streamsOf(bytes, header, { clock, starts, quality, signal: options.signal });
  const kind = `${header.width === 3 ? 'BDF' : 'EDF'}${/\+/.test(header.variant) ? '+' : ''}`;
  const items = recordingItems({
    files: [file.name],
    format: kind,
    streams,
    quality,
    takenAt: header.startedAt,
    metadata: { records: header.records },
  });
  if (events.length > 0) addEvents(items, { clock, events }, { file: file.name, format: kind });
  if (header.namesPerson) for (const item of items) item.namesPerson = true;
  if (items.length > 0) return items;
  throw fileError('input.empty', file.name, 'The recording holds no sample', {
    place: 'data records',
    hint: 'It was probably stopped before it began; export it again.',
  });
}

interface Context {
  clock: string;
  /** beginning of each record · s, where it is said */
  starts: (number | undefined)[];
  quality: QualityFlag[];
  signal?: AbortSignal;
}

function streamsOf(bytes: Uint8Array, header: EdfHeader, context: Context): Signals[] {
  const { records, recordS, signals } = header;
  const groups = new Map<number, { offset: number; signal: EdfSignal }[]>();
  let offset = 0;
  for (const signal of signals) {
    if (!isAnnotation(signal) && signal.samples > 0)
      groups.set(signal.samples, [...(groups.get(signal.samples) ?? []), { offset, signal }]);
    offset += signal.samples;
  }
  const perRecord = offset;
  return [...groups].flatMap(([samples, members]): Signals[] => {
    context.signal?.throwIfAborted();
    if (recordS === 0 || records === 0) return [];
    const rateHz = samples / recordS;
    const channels = members.map(({ offset: at, signal }) =>
      channelOf(bytes, header, { at, perRecord }, signal, context.quality),
    );
    return [{ clock: context.clock, ...timeOf(header, samples, context), channels, rateHz }];
  });
}

/** Records that follow each other are even; where one begins late, every sample gets its time. */
function timeOf(
  { records, recordS }: EdfHeader,
  samples: number,
  { starts, quality }: Context,
): { startS: number; timeS?: Float64Array } {
  const startS = starts[0] ?? 0;
  const broken = starts.findIndex(
    (start, record) => start !== undefined && Math.abs(start - startS - record * recordS) > 1e-3 * recordS,
  );
  if (broken < 0) return { startS };
  const timeS = new Float64Array(records * samples);
  for (let record = 0; record < records; record++) {
    const begin = starts[record] ?? startS + record * recordS;
    for (let sample = 0; sample < samples; sample++)
      timeS[record * samples + sample] = begin + (sample * recordS) / samples;
  }
  if (timeS.some((time, index) => index > 0 && time <= timeS[index - 1])) return { startS };
  if (!quality.some(({ code }) => code === 'edf.pause'))
    quality.push({
      code: 'edf.pause',
      severity: 'info',
      where: `record ${broken + 1}`,
      message: `The recording pauses, first before record ${broken + 1}; samples keep their own times.`,
    });
  return { startS, timeS: timeBaseOf(timeS).timeS ?? timeS };
}

function channelOf(
  bytes: Uint8Array,
  { width, length, records }: EdfHeader,
  { at, perRecord }: { at: number; perRecord: number },
  signal: EdfSignal,
  quality: QualityFlag[],
): SignalChannel {
  const { samples, digitalLow, digitalHigh, physicalLow, physicalHigh, label, dimension, transducer } = signal;
  const known = physicalHigh !== physicalLow && Number.isFinite(physicalHigh - physicalLow);
  const scale = known ? (physicalHigh - physicalLow) / (digitalHigh - digitalLow) : 1;
  const values = new Float64Array(records * samples);
  let clipped = 0;
  for (let record = 0; record < records; record++) {
    let byte = length + (record * perRecord + at) * width;
    for (let sample = 0; sample < samples; sample++, byte += width) {
      const low = bytes[byte] | (bytes[byte + 1] << 8);
      const digital = width === 3 ? ((low | (bytes[byte + 2] << 16)) << 8) >> 8 : (low << 16) >> 16;
      if (digital <= digitalLow || digital >= digitalHigh) clipped++;
      values[record * samples + sample] = known ? physicalLow + (digital - digitalLow) * scale : digital;
    }
  }
  if (clipped > 0)
    quality.push({
      code: 'signal.saturated',
      severity: 'doubt',
      where: label,
      message: `${label}: ${clipped} of ${values.length} samples lie at the end of the converter's range; peaks there may be cut off.`,
    });
  const unit = (known && dimension ? unitOfText(dimension) : undefined) ?? (known ? '{arb}' : '{count}');
  const quantity = quantityOf(`${label} ${/emg/i.test(transducer) ? 'emg' : ''}`, unit);
  const axis = quantity === 'other' || quantity === 'emg' ? undefined : axisOf(label);
  return {
    name: label,
    unit,
    values,
    quantity,
    ...(axis ? { axis, sensor: sensorOf(label) } : {}),
    ...(quantity === 'emg' ? siteOf(label) : segmentOf(label)),
  };
}

function sensorOf(label: string): string {
  return (
    label
      .replace(/[ _.-]?[wxyz]$/i, '')
      .replace(/(acc\w*|gyr\w*|mag\w*|quat\w*)/i, '')
      .trim() || 'imu'
  );
}

function notesOf(bytes: Uint8Array, header: EdfHeader): { events: MotionEvent[]; starts: (number | undefined)[] } {
  const { width, length, records, signals } = header;
  const perRecord = signals.reduce((sum, { samples }) => sum + samples, 0) * width;
  const events: MotionEvent[] = [];
  const starts: (number | undefined)[] = [];
  let offset = 0;
  for (const signal of signals) {
    const bytesHere = signal.samples * width;
    if (isAnnotation(signal))
      for (let record = 0; record < records; record++) {
        const from = length + record * perRecord + offset;
        const notes = parseAnnotations(bytes.subarray(from, from + bytesHere));
        events.push(...notes.events);
        starts[record] ??= notes.startS;
      }
    offset += bytesHere;
  }
  return { events: events.sort((a, b) => a.timeS - b.timeS), starts };
}
