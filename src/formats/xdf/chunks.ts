/**
 * Chunks of XDF files, and the streams they add up to, before any clock is corrected.
 * @see XDF specification 1.0 (xdf-modules/specs)
 */

import type { QualityFlag } from '../../model/index.ts';
import { messageOf } from '../../model/index.ts';
import { fileError, latin1, truncatedError } from '../bytes.ts';

const MAGIC = 'XDF:';
const TAG = { header: 2, samples: 3, offset: 4, footer: 6 };

/** Marks that writers put between chunks now and then, so that a reader can find its way again. */
const BOUNDARY = [0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f, 0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4];

const MAX_STREAMS = 1000;
const MAX_CHANNELS = 4096;

/** Bytes of one value; 0 for text of its own length. */
const VALUE_BYTES: Record<string, number> = {
  float32: 4,
  double64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  string: 0,
};

/** A channel as the stream's header describes it. */
export interface XdfChannel {
  label: string;
  unit: string;
  type: string;
}

/** A stream: its header, its samples as they came, its clock offsets. */
export interface XdfStream {
  id: number;
  name: string;
  type: string;
  format: string;
  /** 0 for irregular streams */
  nominalRateHz: number;
  channels: XdfChannel[];
  /** time stamps as sent, on the sender's clock · s */
  stamps: number[];
  /** values of one channel after the other, in order of samples */
  values: number[][];
  /** text of the first channel of string streams */
  texts: string[];
  /** when an offset was measured and what it was · s */
  offsetTimes: number[];
  offsets: number[];
}

/** Streams of a file in order of their headers, with what was wrong on the way. */
export interface XdfFile {
  streams: XdfStream[];
  quality: QualityFlag[];
}

interface Reader {
  bytes: Uint8Array;
  view: DataView;
  file: string;
}

/**
 * Parses a file. Chunks that cannot be read are passed over up to the next boundary mark and reported.
 * @throws MsdtError `file.unsupported` for other bytes, `file.malformed` without a stream
 */
export function parseXdf(bytes: Uint8Array, file: string, signal?: AbortSignal): XdfFile {
  if (latin1(bytes, 0, 4) !== MAGIC)
    throw fileError('file.unsupported', file, 'This is not an XDF file', {
      place: 'byte 0',
      detail: 'the mark "XDF:" is missing',
      hint: 'Record it with LabRecorder again, or unpack it first when it is compressed.',
    });
  const reader: Reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), file };
  const streams = new Map<number, XdfStream>();
  const quality: QualityFlag[] = [];
  for (let at = 4, chunk = 0; at < bytes.length; chunk++) {
    if (chunk % 256 === 0) signal?.throwIfAborted();
    try {
      at = readChunk(reader, at, streams);
    } catch (error) {
      const next = nextBoundary(bytes, at + 1);
      const message = messageOf(error);
      quality.push({
        code: 'xdf.damaged-chunk',
        severity: 'doubt',
        where: `byte ${at}`,
        message: `A part of the recording at byte ${at} cannot be read (${message}); what follows it was kept where possible.`,
      });
      if (next < 0 || quality.length > 20) break;
      at = next;
    }
  }
  if (streams.size === 0)
    throw fileError('file.malformed', file, 'The XDF file holds no stream', {
      place: 'stream headers',
      detail: quality[0]?.message ?? 'none was found',
      hint: 'The recording was probably stopped before it began, or the file is cut short; copy it again.',
    });
  return { streams: [...streams.values()], quality };
}

/** Length in one, four or eight bytes. */
function readLength({ bytes, view, file }: Reader, at: number): { value: number; next: number } {
  const width = bytes[at];
  if (width !== 1 && width !== 4 && width !== 8) throw damaged(file, at, `a length of ${width} bytes`);
  if (at + 1 + width > bytes.length) throw truncatedError(file, `byte ${at}`, width, bytes.length - at - 1);
  const value =
    width === 1 ? bytes[at + 1] : width === 4 ? view.getUint32(at + 1, true) : Number(view.getBigUint64(at + 1, true));
  return { value, next: at + 1 + width };
}

function damaged(file: string, at: number, detail: string) {
  return fileError('file.malformed', file, 'The XDF file is damaged', {
    place: `byte ${at}`,
    detail,
    hint: 'Copy the recording again from its source.',
  });
}

function readChunk(reader: Reader, at: number, streams: Map<number, XdfStream>): number {
  const { bytes, view, file } = reader;
  const { value: length, next } = readLength(reader, at);
  const end = next + length;
  if (length < 2 || end > bytes.length) throw truncatedError(file, `chunk at byte ${at}`, length, bytes.length - next);
  const tag = view.getUint16(next, true);
  const start = next + 6;
  if (tag !== TAG.header && tag !== TAG.samples && tag !== TAG.offset) return end;
  if (start > end) throw damaged(file, at, 'a chunk without a stream number');
  const id = view.getUint32(next + 2, true);
  if (tag === TAG.header) {
    if (streams.size >= MAX_STREAMS) throw damaged(file, at, `more than ${MAX_STREAMS} streams`);
    streams.set(id, streamOf(id, new TextDecoder().decode(bytes.subarray(start, end)), file, at));
    return end;
  }
  const stream = streams.get(id);
  if (!stream) throw damaged(file, at, `stream ${id} has no header`);
  if (tag === TAG.offset) {
    if (start + 16 > end) throw damaged(file, at, 'a clock offset of less than 16 bytes');
    const time = view.getFloat64(start, true);
    const offset = view.getFloat64(start + 8, true);
    if (Number.isFinite(time) && Number.isFinite(offset)) {
      stream.offsetTimes.push(time);
      stream.offsets.push(offset);
    }
  } else readSamples(reader, { start, end }, stream);
  return end;
}

/** Text between the first `<tag>` and its end. */
function tagText(xml: string, tag: string, from = 0): string | undefined {
  const start = xml.indexOf(`<${tag}>`, from);
  const end = start < 0 ? -1 : xml.indexOf(`</${tag}>`, start);
  if (end < 0) return undefined;
  const text = xml.slice(start + tag.length + 2, end).trim();
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function streamOf(id: number, xml: string, file: string, at: number): XdfStream {
  const format = tagText(xml, 'channel_format') ?? '';
  const count = Number(tagText(xml, 'channel_count'));
  const rate = Number(tagText(xml, 'nominal_srate') ?? 0);
  if (!Object.hasOwn(VALUE_BYTES, format)) throw damaged(file, at, `channel format "${format.slice(0, 30)}"`);
  if (!Number.isInteger(count) || count < 1 || count > MAX_CHANNELS) throw damaged(file, at, `${count} channels`);
  const described = channelsOf(xml);
  return {
    id,
    name: tagText(xml, 'name') ?? `stream ${id}`,
    type: tagText(xml, 'type') ?? '',
    format,
    nominalRateHz: rate > 0 && rate < 1e7 ? rate : 0,
    channels: Array.from(
      { length: count },
      (_, index) => described[index] ?? { label: `channel ${index + 1}`, unit: '', type: '' },
    ),
    stamps: [],
    values: Array.from({ length: format === 'string' ? 0 : count }, () => []),
    texts: [],
    offsetTimes: [],
    offsets: [],
  };
}

function channelsOf(xml: string): XdfChannel[] {
  const channels: XdfChannel[] = [];
  let at = xml.indexOf('<channel>');
  while (at >= 0 && channels.length < MAX_CHANNELS) {
    const end = xml.indexOf('</channel>', at);
    if (end < 0) break;
    const part = xml.slice(at, end);
    channels.push({
      label: tagText(part, 'label') ?? `channel ${channels.length + 1}`,
      unit: tagText(part, 'unit') ?? '',
      type: tagText(part, 'type') ?? '',
    });
    at = xml.indexOf('<channel>', end);
  }
  return channels;
}

/** Samples without a stamp of their own follow the one before at the nominal rate. */
function readSamples(reader: Reader, { start, end }: { start: number; end: number }, stream: XdfStream): void {
  const { bytes, view, file } = reader;
  const { value: count, next } = readLength(reader, start);
  const width = VALUE_BYTES[stream.format];
  const channels = stream.channels.length;
  const least = 1 + (width === 0 ? 2 * channels : width * channels);
  if (count * least > end - next) throw truncatedError(file, `samples at byte ${start}`, count * least, end - next);
  const step = stream.nominalRateHz > 0 ? 1 / stream.nominalRateHz : 0;
  let at = next;
  for (let sample = 0; sample < count; sample++) {
    const stamped = bytes[at++];
    if (stamped !== 0 && stamped !== 8) throw damaged(file, at - 1, `a time stamp of ${stamped} bytes`);
    if (at + stamped > end) throw truncatedError(file, `byte ${at}`, stamped, end - at);
    const stamp = stamped ? view.getFloat64(at, true) : (stream.stamps.at(-1) ?? 0) + step;
    at += stamped;
    if (width === 0) {
      const texts: string[] = [];
      for (let channel = 0; channel < channels; channel++) {
        const text = readLength(reader, at);
        if (text.next + text.value > end) throw truncatedError(file, `text at byte ${at}`, text.value, end - text.next);
        texts.push(new TextDecoder().decode(bytes.subarray(text.next, text.next + text.value)));
        at = text.next + text.value;
      }
      stream.texts.push(texts.join(' '));
    } else {
      if (at + width * channels > end) throw truncatedError(file, `byte ${at}`, width * channels, end - at);
      for (let channel = 0; channel < channels; channel++, at += width)
        stream.values[channel].push(valueAt(view, at, stream.format));
    }
    stream.stamps.push(Number.isFinite(stamp) ? stamp : (stream.stamps.at(-1) ?? 0) + step);
  }
}

function valueAt(view: DataView, at: number, format: string): number {
  if (format === 'float32') return view.getFloat32(at, true);
  if (format === 'double64') return view.getFloat64(at, true);
  if (format === 'int16') return view.getInt16(at, true);
  if (format === 'int32') return view.getInt32(at, true);
  return format === 'int8' ? view.getInt8(at) : Number(view.getBigInt64(at, true));
}

/** First byte after the next boundary mark, or -1. */
function nextBoundary(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(BOUNDARY[0], from); at >= 0; at = bytes.indexOf(BOUNDARY[0], at + 1))
    if (BOUNDARY.every((byte, index) => bytes[at + index] === byte)) return at + BOUNDARY.length;
  return -1;
}
