/** DICOM RLE (PackBits by byte plane, PS3.5 annex G). */

import { fileError } from '../parse/failure.ts';
import { frameSamples, type ImageLayout, type Samples } from './image.ts';
import { isolateStoredBits } from './native.ts';

/** A frame in a file, for decoders and their messages. */
export interface FrameBytes {
  bytes: Uint8Array;
  file: string;
  /** words for the place: `frame 3, byte 1234` */
  place: string;
}

/**
 * Decodes one RLE frame; colour comes out interleaved by pixel.
 * @throws MsdtError `file.malformed` or `file.truncated` naming file and frame
 */
export function decodeRle(frame: FrameBytes, layout: ImageLayout): Samples {
  const { bytes } = frame;
  const width = layout.bitsAllocated / 8;
  const pixels = layout.rows * layout.columns;
  const planes = width * layout.samples;
  const segments = rleSegments(frame, planes);
  // a run of two bytes gives at most 128: a smaller stream cannot fill the frame
  if (bytes.length * 64 < pixels * planes) {
    throw fileError('file.truncated', frame.file, frame.place, `${bytes.length} RLE bytes cannot hold the frame`);
  }
  const out = new Uint8Array(frameSamples(layout) * width);
  const step = planes;
  segments.forEach(([start, end], plane) => {
    const sample = Math.floor(plane / width);
    // segments run from the most significant byte down; memory is little endian
    const first = sample * width + (width - 1 - (plane % width));
    const filled = unpackSegment(bytes, start, end, out, first, step, pixels);
    if (filled < pixels) {
      throw fileError(
        'file.truncated',
        frame.file,
        `${frame.place}, RLE segment ${plane + 1} of ${planes}`,
        `${filled} of ${pixels} samples`,
      );
    }
  });
  return isolateStoredBits(words(out, width, layout.signed), layout);
}

function rleSegments(frame: FrameBytes, planes: number): [start: number, end: number][] {
  const { bytes } = frame;
  if (bytes.length < 64) {
    throw fileError(
      'file.truncated',
      frame.file,
      frame.place,
      `an RLE frame has a 64-byte header, found ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== planes) {
    throw fileError('file.malformed', frame.file, frame.place, `${count} RLE segments, expected ${planes}`);
  }
  const segments: [number, number][] = [];
  for (let n = 0; n < count; n++) {
    const start = view.getUint32(4 + 4 * n, true);
    const end = n + 1 < count ? view.getUint32(8 + 4 * n, true) : bytes.length;
    if (start < 64 || start > end || end > bytes.length) {
      throw fileError(
        'file.malformed',
        frame.file,
        `${frame.place}, RLE segment ${n + 1}`,
        `runs from ${start} to ${end}`,
      );
    }
    segments.push([start, end]);
  }
  return segments;
}

/** Unpacks one byte plane into every `step`-th byte from `first`; returns how many bytes it gave. */
function unpackSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  step: number,
  count: number,
): number {
  let at = start;
  let filled = 0;
  let to = first;
  while (at < end && filled < count) {
    const control = bytes[at++];
    if (control < 128) {
      const run = Math.min(control + 1, count - filled, end - at);
      for (let n = 0; n < run; n++, to += step) out[to] = bytes[at + n];
      at += control + 1;
      filled += run;
    } else if (control > 128) {
      if (at >= end) break;
      const value = bytes[at++];
      const run = Math.min(257 - control, count - filled);
      for (let n = 0; n < run; n++, to += step) out[to] = value;
      filled += run;
    }
  }
  return filled;
}

function words(bytes: Uint8Array, width: number, signed: boolean): Samples {
  if (width === 1) return signed ? new Int8Array(bytes.buffer) : bytes;
  if (width === 2) return signed ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  return signed ? new Int32Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}
