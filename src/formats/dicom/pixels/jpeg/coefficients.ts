/** Entropy decoding of DCT scans, sequential and progressive, into coefficient blocks (ITU-T T.81 annexes F and G). */

import type { BitReader } from './huffman.ts';
import { BitReader as Reader } from './huffman.ts';
import { type JpegHeader, type JpegScan, type JpegState, jpegCutShort, jpegError, naturalOrder } from './markers.ts';

/** Coefficients of one component: blocks row by row, padded to whole MCUs, natural order inside a block. */
export interface Plane {
  coefficients: Int16Array;
  /** blocks per row and column, padded */
  blocksWide: number;
  blocksHigh: number;
  /** blocks that hold samples, for scans of one component */
  realWide: number;
  realHigh: number;
  h: number;
  v: number;
}

const ORDER = naturalOrder();

/** Empty planes for every component of a DCT frame. */
export function emptyPlanes(header: JpegHeader): Plane[] {
  const hMost = Math.max(...header.components.map((c) => c.h));
  const vMost = Math.max(...header.components.map((c) => c.v));
  const mcusWide = Math.ceil(header.columns / (8 * hMost));
  const mcusHigh = Math.ceil(header.rows / (8 * vMost));
  return header.components.map(({ h, v }) => ({
    coefficients: new Int16Array(mcusWide * h * mcusHigh * v * 64),
    blocksWide: mcusWide * h,
    blocksHigh: mcusHigh * v,
    realWide: Math.ceil(Math.ceil((header.columns * h) / hMost) / 8),
    realHigh: Math.ceil(Math.ceil((header.rows * v) / vMost) / 8),
    h,
    v,
  }));
}

type Part = JpegScan['parts'][number];

/** Decodes one block at `p`; returns false when a code does not exist. */
type BlockDecoder = (part: Part, index: number, coefficients: Int16Array, p: number) => boolean;

/**
 * Decodes one scan into the planes.
 * @returns the byte after its entropy-coded data
 * @throws MsdtError `file.malformed` or `file.truncated`
 */
export function decodeDctScan(state: JpegState, scan: JpegScan, planes: Plane[]): number {
  const reader = new Reader(state.frame.bytes, scan.at);
  const decoder = new ScanDecoder(reader, scan);
  checkTables(state, scan);
  const block = decoder.pick(state.header?.process === 'progressive');
  const single = scan.parts.length === 1;
  const first = planes[scan.parts[0].component];
  const unitsWide = single ? first.realWide : first.blocksWide / first.h;
  const unitsHigh = single ? first.realHigh : first.blocksHigh / first.v;
  const units = unitsWide * unitsHigh;
  for (let unit = 0; unit < units; unit++) {
    if (scan.restartInterval > 0 && unit > 0 && unit % scan.restartInterval === 0) restart(state, reader, decoder);
    const x = unit % unitsWide;
    const y = (unit - x) / unitsWide;
    const ok = single ? decodeSingle(scan, first, x, y, block) : decodeMcu(scan, planes, x, y, block);
    if (!ok) throw jpegError(state, reader.at, 'a Huffman code that the table does not have');
    if (x === unitsWide - 1 && reader.exhausted) {
      throw jpegCutShort(state, `the JPEG data end in block row ${y + 1} of ${unitsHigh}`);
    }
  }
  reader.toMarker();
  return reader.at;
}

function decodeSingle(scan: JpegScan, plane: Plane, x: number, y: number, block: BlockDecoder): boolean {
  return block(scan.parts[0], 0, plane.coefficients, (y * plane.blocksWide + x) * 64);
}

function decodeMcu(scan: JpegScan, planes: Plane[], x: number, y: number, block: BlockDecoder): boolean {
  for (let n = 0; n < scan.parts.length; n++) {
    const part = scan.parts[n];
    const plane = planes[part.component];
    for (let v = 0; v < plane.v; v++) {
      for (let h = 0; h < plane.h; h++) {
        const at = ((y * plane.v + v) * plane.blocksWide + x * plane.h + h) * 64;
        if (!block(part, n, plane.coefficients, at)) return false;
      }
    }
  }
  return true;
}

function checkTables(state: JpegState, scan: JpegScan): void {
  const progressive = state.header?.process === 'progressive';
  const { spectralStart: start, spectralEnd: end, approximationLow: low } = scan;
  if (
    progressive &&
    (start > end || end > 63 || low > 13 || (start === 0 && end > 0) || (start > 0 && scan.parts.length > 1))
  ) {
    throw jpegError(state, scan.at, `a scan of coefficients ${start} to ${end}, bit ${low}`);
  }
  for (const part of scan.parts) {
    const needsDc = progressive ? start === 0 && scan.approximationHigh === 0 : true;
    const needsAc = progressive ? start > 0 : true;
    if ((needsDc && !part.dc) || (needsAc && !part.ac))
      throw jpegError(state, scan.at, 'a scan without its Huffman table');
  }
}

function restart(state: JpegState, reader: BitReader, decoder: ScanDecoder): void {
  if (reader.exhausted) throw jpegCutShort(state, 'the JPEG data end before a restart marker');
  const marker = reader.toMarker();
  if (marker < 0) throw jpegCutShort(state, 'a restart marker is missing');
  if (marker < 0xd0 || marker > 0xd7)
    throw jpegError(state, reader.at, `restart marker expected, found ff${marker.toString(16)}`);
  reader.at += 2;
  decoder.reset();
}

/** State that lives through one scan. */
class ScanDecoder {
  private readonly reader: BitReader;
  private readonly scan: JpegScan;
  private readonly predictions = new Int32Array(4);
  /** blocks of a run of empty ones still to come */
  private endOfBand = 0;

  constructor(reader: BitReader, scan: JpegScan) {
    this.reader = reader;
    this.scan = scan;
  }

  reset(): void {
    this.predictions.fill(0);
    this.endOfBand = 0;
  }

  pick(progressive: boolean): BlockDecoder {
    if (!progressive) return this.sequential;
    const { spectralStart, approximationHigh } = this.scan;
    if (spectralStart === 0) return approximationHigh === 0 ? this.dcFirst : this.dcRefine;
    return approximationHigh === 0 ? this.acFirst : this.acRefine;
  }

  private readonly sequential: BlockDecoder = (part, index, c, p) => {
    const { reader } = this;
    const size = reader.symbol(part.dc!);
    if (size < 0 || size > 16) return false;
    c[p] = this.predictions[index] += reader.signed(size);
    for (let k = 1; k < 64; ) {
      const code = reader.symbol(part.ac!);
      if (code < 0) return false;
      const bits = code & 15;
      if (bits === 0) {
        if (code !== 0xf0) break;
        k += 16;
        continue;
      }
      k += code >> 4;
      if (k > 63) return false;
      c[p + ORDER[k++]] = reader.signed(bits);
    }
    return true;
  };

  private readonly dcFirst: BlockDecoder = (part, index, c, p) => {
    const size = this.reader.symbol(part.dc!);
    if (size < 0 || size > 16) return false;
    c[p] = (this.predictions[index] += this.reader.signed(size)) << this.scan.approximationLow;
    return true;
  };

  private readonly dcRefine: BlockDecoder = (_part, _index, c, p) => {
    if (this.reader.bit()) c[p] |= 1 << this.scan.approximationLow;
    return true;
  };

  private readonly acFirst: BlockDecoder = (part, _index, c, p) => {
    if (this.endOfBand > 0) {
      this.endOfBand--;
      return true;
    }
    const { reader, scan } = this;
    for (let k = scan.spectralStart; k <= scan.spectralEnd; ) {
      const code = reader.symbol(part.ac!);
      if (code < 0) return false;
      const run = code >> 4;
      const bits = code & 15;
      if (bits === 0) {
        if (run < 15) {
          this.endOfBand = (1 << run) - 1 + reader.read(run);
          break;
        }
        k += 16;
        continue;
      }
      k += run;
      if (k > 63) return false;
      c[p + ORDER[k++]] = reader.signed(bits) << scan.approximationLow;
    }
    return true;
  };

  /** Refinement of non-zero coefficients interleaved with new ones (T.81 G.1.2.3). */
  private readonly acRefine: BlockDecoder = (part, _index, c, p) => {
    const { reader, scan } = this;
    const plus = 1 << scan.approximationLow;
    let k = scan.spectralStart;
    if (this.endOfBand === 0) {
      while (k <= scan.spectralEnd) {
        const code = reader.symbol(part.ac!);
        if (code < 0) return false;
        let run = code >> 4;
        const bits = code & 15;
        if (bits === 0 && run < 15) {
          this.endOfBand = (1 << run) + reader.read(run);
          break;
        }
        if (bits > 1) return false;
        const fresh = bits === 0 ? 0 : reader.bit() ? plus : -plus;
        for (; k <= scan.spectralEnd; k++) {
          const at = p + ORDER[k];
          if (c[at] !== 0) this.refine(c, at, plus);
          else if (run-- === 0) break;
        }
        if (k <= scan.spectralEnd && fresh !== 0) c[p + ORDER[k]] = fresh;
        k++;
      }
    }
    if (this.endOfBand > 0) {
      for (; k <= scan.spectralEnd; k++) {
        const at = p + ORDER[k];
        if (c[at] !== 0) this.refine(c, at, plus);
      }
      this.endOfBand--;
    }
    return true;
  };

  private refine(c: Int16Array, at: number, plus: number): void {
    if (this.reader.bit() && (Math.abs(c[at]) & plus) === 0) c[at] += c[at] > 0 ? plus : -plus;
  }
}
