/** Segments of a JPEG stream (ITU-T T.81 annex B): frame header, tables, scans. */

import { fileError } from '../../parse/failure.ts';
import type { FrameBytes } from '../rle.ts';
import { type HuffmanTable, huffmanTable } from './huffman.ts';

type JpegProcess = 'sequential' | 'progressive' | 'lossless';

/** A component of the frame. */
interface JpegComponent {
  id: number;
  /** sampling factors */
  h: number;
  v: number;
  quantTable: number;
}

/** The frame header. */
export interface JpegHeader {
  process: JpegProcess;
  /** bits per sample, 2 to 16 */
  precision: number;
  rows: number;
  columns: number;
  components: JpegComponent[];
}

/** The header of a scan with the tables that hold for it. */
export interface JpegScan {
  /** components in the scan: index into the frame, tables for DC and AC */
  parts: { component: number; dc?: HuffmanTable; ac?: HuffmanTable }[];
  /** start of spectral selection, or the predictor of a lossless scan */
  spectralStart: number;
  spectralEnd: number;
  approximationHigh: number;
  /** successive approximation low bit, or the point transform of a lossless scan */
  approximationLow: number;
  restartInterval: number;
  /** first byte of entropy-coded data */
  at: number;
}

/** What the stream has said so far; tables change between scans. */
export interface JpegState {
  frame: FrameBytes;
  header?: JpegHeader;
  quant: (Uint16Array | undefined)[];
  dc: (HuffmanTable | undefined)[];
  ac: (HuffmanTable | undefined)[];
  restartInterval: number;
  /** transform code of the Adobe segment */
  adobe?: number;
  jfif: boolean;
}

const ZIGZAG = new Uint8Array([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** Natural position of the n-th coefficient of the zigzag order. */
export function naturalOrder(): Uint8Array {
  return ZIGZAG;
}

/** A stream of which nothing is known yet. */
export function jpegState(frame: FrameBytes): JpegState {
  return { frame, quant: [], dc: [], ac: [], restartInterval: 0, jfif: false };
}

/** The error of a stream that is not what it should be. */
export function jpegError(state: JpegState, at: number, detail: string): Error {
  return fileError('file.malformed', state.frame.file, `${state.frame.place}, byte ${at} of the JPEG stream`, detail);
}

/** The error of a stream that ends too early. */
export function jpegCutShort(state: JpegState, detail: string): Error {
  return fileError('file.truncated', state.frame.file, state.frame.place, detail);
}

/**
 * Reads segments from `at` until a scan begins or the image ends.
 * @returns the scan, or undefined at the end of the image or of the data
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export function nextScan(state: JpegState, at: number): JpegScan | undefined {
  const { bytes } = state.frame;
  let pos = at;
  for (;;) {
    while (pos < bytes.length && bytes[pos] !== 0xff) pos++;
    while (pos < bytes.length && bytes[pos] === 0xff) pos++;
    if (pos >= bytes.length) return undefined;
    const marker = bytes[pos++];
    if (marker === 0xd9) return undefined;
    if (marker === 0 || marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (pos + 2 > bytes.length) throw jpegCutShort(state, 'the JPEG stream ends inside a marker');
    const length = (bytes[pos] << 8) | bytes[pos + 1];
    const end = pos + length;
    if (length < 2 || end > bytes.length) {
      throw jpegCutShort(state, `segment ff${marker.toString(16)} at byte ${pos - 2} says ${length} bytes`);
    }
    const body = { bytes, at: pos + 2, end };
    if (marker === 0xda) return readScan(state, body);
    readSegment(state, marker, body);
    pos = end;
  }
}

interface Body {
  bytes: Uint8Array;
  at: number;
  end: number;
}

function readSegment(state: JpegState, marker: number, body: Body): void {
  const { bytes, at, end } = body;
  if (marker === 0xdb) readQuantTables(state, body);
  else if (marker === 0xc4) readHuffmanTables(state, body);
  else if (marker === 0xdd && end - at >= 2) state.restartInterval = (bytes[at] << 8) | bytes[at + 1];
  else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) readFrameHeader(state, marker, body);
  else if (marker === 0xe0 && text(bytes, at, 4) === 'JFIF') state.jfif = true;
  else if (marker === 0xee && text(bytes, at, 5) === 'Adobe' && end - at >= 12) state.adobe = bytes[at + 11];
}

const PROCESSES: Record<number, JpegProcess> = {
  192: 'sequential',
  193: 'sequential',
  194: 'progressive',
  195: 'lossless',
};

function readFrameHeader(state: JpegState, marker: number, { bytes, at, end }: Body): void {
  const { frame } = state;
  const process = PROCESSES[marker];
  if (!process) {
    throw fileError(
      'file.unsupported',
      frame.file,
      frame.place,
      `JPEG process ff${marker.toString(16)} (arithmetic or hierarchical)`,
    );
  }
  if (state.header) throw jpegError(state, at, 'a second frame header');
  const count = bytes[at + 5];
  if (end - at < 6 + 3 * count) throw jpegError(state, at, 'the frame header is too short');
  const precision = bytes[at];
  const rows = (bytes[at + 1] << 8) | bytes[at + 2];
  const columns = (bytes[at + 3] << 8) | bytes[at + 4];
  const most = process === 'lossless' ? 16 : 12;
  if (precision < 2 || precision > most) throw jpegError(state, at, `${precision} bits per sample`);
  if (rows === 0 || columns === 0) throw jpegError(state, at, `image of ${columns} × ${rows}`);
  if (count !== 1 && count !== 3) throw jpegError(state, at, `${count} components, expected 1 or 3`);
  const components: JpegComponent[] = [];
  for (let n = 0; n < count; n++) {
    const p = at + 6 + 3 * n;
    const h = bytes[p + 1] >> 4;
    const v = bytes[p + 1] & 15;
    if (h < 1 || h > 4 || v < 1 || v > 4) throw jpegError(state, p, `sampling factors ${h} × ${v}`);
    components.push({ id: bytes[p], h, v, quantTable: bytes[p + 2] & 3 });
  }
  state.header = { process, precision, rows, columns, components };
}

function readQuantTables(state: JpegState, body: Body): void {
  const { bytes, end } = body;
  let { at } = body;
  while (at < end) {
    const wide = bytes[at] >> 4 !== 0;
    const slot = bytes[at] & 3;
    at++;
    if (at + (wide ? 128 : 64) > end) throw jpegError(state, at, 'a quantisation table is too short');
    const table = new Uint16Array(64);
    for (let n = 0; n < 64; n++) {
      table[ZIGZAG[n]] = wide ? (bytes[at] << 8) | bytes[at + 1] : bytes[at];
      at += wide ? 2 : 1;
    }
    state.quant[slot] = table;
  }
}

function readHuffmanTables(state: JpegState, body: Body): void {
  const { bytes, end } = body;
  let { at } = body;
  while (at < end) {
    const kind = bytes[at] >> 4;
    const slot = bytes[at] & 3;
    if (at + 17 > end) throw jpegError(state, at, 'a Huffman table is too short');
    const counts = bytes.slice(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    at += 17;
    if (total > 256 || at + total > end) throw jpegError(state, at, `a Huffman table of ${total} symbols`);
    const table = huffmanTable(counts, bytes.slice(at, at + total));
    if (!table) throw jpegError(state, at, 'Huffman code lengths that form no code');
    (kind === 0 ? state.dc : state.ac)[slot] = table;
    at += total;
  }
}

function readScan(state: JpegState, { bytes, at, end }: Body): JpegScan {
  const { header } = state;
  if (!header) throw jpegError(state, at, 'a scan before the frame header');
  const count = bytes[at];
  if (count < 1 || count > header.components.length || end - at < 4 + 2 * count) {
    throw jpegError(state, at, `a scan of ${count} components`);
  }
  const parts: JpegScan['parts'] = [];
  for (let n = 0; n < count; n++) {
    const id = bytes[at + 1 + 2 * n];
    const tables = bytes[at + 2 + 2 * n];
    const component = header.components.findIndex((c) => c.id === id);
    if (component < 0) throw jpegError(state, at, `a scan of component ${id}, which the frame does not have`);
    if (parts.some((part) => part.component === component))
      throw jpegError(state, at, `component ${id} twice in a scan`);
    parts.push({ component, dc: state.dc[(tables >> 4) & 3], ac: state.ac[tables & 3] });
  }
  const p = at + 1 + 2 * count;
  return {
    parts,
    spectralStart: bytes[p],
    spectralEnd: bytes[p + 1],
    approximationHigh: bytes[p + 2] >> 4,
    approximationLow: bytes[p + 2] & 15,
    restartInterval: state.restartInterval,
    at: end,
  };
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
