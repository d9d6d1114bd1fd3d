/**
 * JPEG 2000 (OpenJPEG) and JPEG-LS (CharLS) through their WASM builds.
 *
 * The size in the code stream is compared with the header before the codec runs, so that a damaged stream cannot make it
 * take memory; what the codecs print or throw becomes an error that names file and frame.
 */

import { asFileError, fileError } from '../parse/failure.ts';
import type { PixelCoding } from '../parse/uids.ts';
import type { ImageLayout } from './image.ts';
import type { FrameBytes } from './rle.ts';

interface Codec {
  make(): WasmDecoder & { getInterleaveMode?(): number };
  explain(error: unknown): string;
  /** errors the codec printed since it was last asked */
  complaints(): string;
}

const loaded = new Map<PixelCoding, Codec>();

/** Loads the codec of a coding once; a coding that needs none is ready at once. */
export async function prepareCodec(coding: PixelCoding): Promise<void> {
  if (loaded.has(coding)) return;
  if (coding === 'jpeg2000') loaded.set(coding, await loadOpenJpeg());
  if (coding === 'jpeg-ls') loaded.set(coding, await loadCharls());
}

async function loadOpenJpeg(): Promise<Codec> {
  const { default: load } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  let printed: string[] = [];
  const note = (line: string) => {
    if (line.includes('[ERROR]') && printed.length < 20) printed.push(line.replace('[ERROR] ', '').trim());
  };
  const codec = await load({ print: note, printErr: note });
  return {
    make: () => new codec.J2KDecoder(),
    explain: (error) => (error instanceof Error ? error.message : `the codec stopped (${String(error)})`),
    complaints: () => {
      const text = printed.join('; ');
      printed = [];
      return text;
    },
  };
}

async function loadCharls(): Promise<Codec> {
  const { default: load } = await import('@cornerstonejs/codec-charls/decodewasmjs');
  const codec = await load({ print: () => {}, printErr: () => {} });
  return {
    make: () => new codec.JpegLSDecoder(),
    explain: (error) => (typeof error === 'number' ? codec.getExceptionMessage(error) : String(error)),
    complaints: () => '',
  };
}

/** What a codec gave. */
export interface WasmImage {
  /** words of 1 or 2 bytes as the codec left them, copied out of its memory */
  bytes: Uint8Array;
  wordBytes: 1 | 2;
  /** colour by plane instead of by pixel */
  planar: boolean;
}

/**
 * Decodes one frame; `prepareCodec` must have been awaited.
 * @throws MsdtError `file.malformed` or `file.truncated` naming file and frame
 */
export function decodeWithWasm(frame: FrameBytes, layout: ImageLayout, coding: 'jpeg2000' | 'jpeg-ls'): WasmImage {
  const stream = coding === 'jpeg2000' ? j2kStream(frame) : frame.bytes;
  const size = coding === 'jpeg2000' ? j2kSize(stream) : jpegLsSize(stream);
  if (!size)
    throw fileError('file.malformed', frame.file, frame.place, `no ${coding} header in ${stream.length} bytes`);
  if (size.rows !== layout.rows || size.columns !== layout.columns || size.components !== layout.samples) {
    const found = `${size.columns} × ${size.rows} × ${size.components}`;
    const wanted = `${layout.columns} × ${layout.rows} × ${layout.samples}`;
    throw fileError(
      'file.malformed',
      frame.file,
      frame.place,
      `the ${coding} image is ${found}, the header says ${wanted}`,
    );
  }
  const codec = loaded.get(coding) as Codec;
  const decoder = codec.make();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const complaints = codec.complaints();
    const info = decoder.getFrameInfo();
    const wordBytes = info.bitsPerSample > 8 ? 2 : 1;
    const decoded = decoder.getDecodedBuffer();
    if (decoded.length !== layout.rows * layout.columns * layout.samples * wordBytes) {
      const detail = complaints || `${decoded.length} bytes came out`;
      throw fileError(
        /short|inconsistent/.test(detail) ? 'file.truncated' : 'file.malformed',
        frame.file,
        frame.place,
        detail,
      );
    }
    return {
      bytes: Uint8Array.from(decoded),
      wordBytes,
      planar: layout.samples === 3 && decoder.getInterleaveMode?.() === 0,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'MsdtError') throw error;
    throw asFileError(new Error(codec.explain(error)), frame.file, frame.place);
  } finally {
    decoder.delete();
  }
}

interface StreamSize {
  rows: number;
  columns: number;
  components: number;
}

/** The bare code stream, also of a stream that was wrapped in JP2 boxes. */
function j2kStream(frame: FrameBytes): Uint8Array {
  const { bytes } = frame;
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return bytes;
  const limit = Math.min(bytes.length - 4, 4096);
  for (let at = 0; at < limit; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) {
      return bytes.subarray(at);
    }
  }
  return bytes;
}

/** Size in the SIZ segment (ISO 15444-1 A.5.1). */
function j2kSize(bytes: Uint8Array): StreamSize | undefined {
  if (bytes.length < 44 || bytes[2] !== 0xff || bytes[3] !== 0x51) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = view.getUint32(8) - view.getUint32(16);
  const rows = view.getUint32(12) - view.getUint32(20);
  return { rows, columns, components: view.getUint16(40) };
}

/** Size in the SOF55 segment (ISO 14495-1 C.2.2). */
function jpegLsSize(bytes: Uint8Array): StreamSize | undefined {
  let at = 2;
  while (at + 10 <= bytes.length && bytes[at] === 0xff) {
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (bytes[at + 1] === 0xf7) {
      return {
        rows: (bytes[at + 5] << 8) | bytes[at + 6],
        columns: (bytes[at + 7] << 8) | bytes[at + 8],
        components: bytes[at + 9],
      };
    }
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}
