/** Lossless JPEG (ITU-T T.81 annex H): predictors 1 to 7, point transform, restart intervals, any number of components. */

import { BitReader, type HuffmanTable } from './huffman.ts';
import { type JpegHeader, type JpegScan, type JpegState, jpegCutShort, jpegError } from './markers.ts';

/**
 * Decodes a lossless scan into the sample planes of its components.
 * @returns the byte after its entropy-coded data
 * @throws MsdtError `file.malformed` or `file.truncated`
 */
export function decodeLosslessScan(
  state: JpegState,
  header: JpegHeader,
  scan: JpegScan,
  planes: Uint16Array[],
): number {
  const { columns, rows } = header;
  const predictor = scan.spectralStart;
  if (predictor < 1 || predictor > 7) throw jpegError(state, scan.at, `predictor ${predictor}, expected 1 to 7`);
  if (scan.approximationLow >= header.precision)
    throw jpegError(state, scan.at, `point transform ${scan.approximationLow}`);
  const tables = scan.parts.map((part) => {
    if (!part.dc) throw jpegError(state, scan.at, 'a scan without its Huffman table');
    return part.dc;
  });
  const targets = scan.parts.map((part) => planes[part.component]);
  const rowsPerInterval = scan.restartInterval / columns;
  if (!Number.isInteger(rowsPerInterval)) {
    throw jpegError(state, scan.at, `restart interval ${scan.restartInterval} is not whole rows of ${columns}`);
  }
  const reader = new BitReader(state.frame.bytes, scan.at);
  const start = 1 << (header.precision - scan.approximationLow - 1);
  for (let y = 0; y < rows; y++) {
    const fresh = y === 0 || (rowsPerInterval > 0 && y % rowsPerInterval === 0);
    if (fresh && y > 0) passRestart(state, reader);
    const options = { y, columns, predictor, start, fresh };
    const ok =
      targets.length === 1
        ? decodeRow(reader, tables[0], targets[0], options)
        : decodeRowOfMany(reader, tables, targets, options);
    if (!ok) throw jpegError(state, reader.at, 'a Huffman code that the table does not have');
    if (reader.exhausted) throw jpegCutShort(state, `the JPEG data end in row ${y + 1} of ${rows}`);
  }
  if (scan.approximationLow > 0) {
    for (const plane of targets) for (let n = 0; n < plane.length; n++) plane[n] <<= scan.approximationLow;
  }
  reader.toMarker();
  return reader.at;
}

function passRestart(state: JpegState, reader: BitReader): void {
  const marker = reader.toMarker();
  if (marker < 0xd0 || marker > 0xd7) throw jpegError(state, reader.at, 'a restart marker is missing');
  reader.at += 2;
}

interface Row {
  y: number;
  columns: number;
  predictor: number;
  /** prediction of the first sample */
  start: number;
  /** first row of the image or of a restart interval */
  fresh: boolean;
}

/** No difference is this large: it stands for a code that the table does not have. */
const NO_CODE = 1 << 20;

function difference(reader: BitReader, table: HuffmanTable): number {
  const size = reader.symbol(table);
  if (size <= 0) return size === 0 ? 0 : NO_CODE;
  if (size >= 16) return size === 16 ? 32768 : NO_CODE;
  return reader.signed(size);
}

function decodeRow(reader: BitReader, table: HuffmanTable, plane: Uint16Array, row: Row): boolean {
  const { columns } = row;
  const from = row.y * columns;
  const up = from - columns;
  let diff = difference(reader, table);
  // a fresh row predicts from the left only, and its first sample from mid-scale
  let left = ((row.fresh ? row.start : plane[up]) + diff) & 0xffff;
  let bad = diff === NO_CODE;
  plane[from] = left;
  const predictor = row.fresh ? 1 : row.predictor;
  for (let x = 1; x < columns; x++) {
    diff = difference(reader, table);
    bad ||= diff === NO_CODE;
    const guess = predictor === 1 ? left : predict(predictor, left, plane[up + x], plane[up + x - 1]);
    left = (guess + diff) & 0xffff;
    plane[from + x] = left;
  }
  return !bad;
}

function decodeRowOfMany(reader: BitReader, tables: HuffmanTable[], planes: Uint16Array[], row: Row): boolean {
  const { columns, fresh } = row;
  const from = row.y * columns;
  const up = from - columns;
  let bad = false;
  for (let x = 0; x < columns; x++) {
    for (let n = 0; n < planes.length; n++) {
      const plane = planes[n];
      const diff = difference(reader, tables[n]);
      bad ||= diff === NO_CODE;
      let guess: number;
      if (x === 0) guess = fresh ? row.start : plane[up];
      else if (fresh) guess = plane[from + x - 1];
      else guess = predict(row.predictor, plane[from + x - 1], plane[up + x], plane[up + x - 1]);
      plane[from + x] = (guess + diff) & 0xffff;
    }
  }
  return !bad;
}

/** T.81 table H.1. */
function predict(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}
