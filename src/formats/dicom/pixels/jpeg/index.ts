/**
 * JPEG as DICOM uses it (ITU-T T.81): baseline, extended, spectral selection, full progression and lossless, Huffman coded,
 * 2 to 16 bits. Written here because no package in reach decodes 12 bit, and one decoder with bounds is easier to trust
 * than three without.
 */

import type { FrameBytes } from '../rle.ts';
import { decodeDctScan, emptyPlanes, type Plane } from './coefficients.ts';
import { decodeLosslessScan } from './lossless.ts';
import { type JpegHeader, jpegCutShort, jpegError, jpegState, nextScan } from './markers.ts';
import { planeSamples } from './planes.ts';

/** A decoded image, colour not yet turned to RGB. */
export interface JpegImage {
  rows: number;
  columns: number;
  /** bits per sample */
  precision: number;
  lossless: boolean;
  /** one plane of rows × columns per component */
  planes: Uint16Array[];
  /** the stream itself says that its colours are luma and chroma, or that they are not */
  colourHint?: 'ybr' | 'rgb';
}

/** Most scans one image may have: a progressive image needs about ten; thousands are made to keep a reader busy. */
const MAX_SCANS = 200;

/**
 * Decodes a JPEG stream.
 * @param expected - size the DICOM header promises, checked before anything is allocated
 * @throws MsdtError `file.malformed`, `file.truncated` or `file.unsupported` naming file, frame and byte
 */
export function decodeJpeg(frame: FrameBytes, expected: { rows: number; columns: number; samples: number }): JpegImage {
  const state = jpegState(frame);
  let scan = nextScan(state, 0);
  if (!state.header) throw jpegCutShort(state, 'no JPEG frame header');
  const header: JpegHeader = state.header;
  if (header.rows !== expected.rows || header.columns !== expected.columns) {
    const found = `${header.columns} × ${header.rows}`;
    throw jpegError(state, 0, `the JPEG image is ${found}, the header says ${expected.columns} × ${expected.rows}`);
  }
  if (header.components.length !== expected.samples) {
    throw jpegError(state, 0, `${header.components.length} components, the header says ${expected.samples}`);
  }
  const lossless = header.process === 'lossless';
  if (lossless && header.components.some((c) => c.h !== header.components[0].h || c.v !== header.components[0].v)) {
    throw jpegError(state, 0, 'a lossless image with reduced chroma');
  }
  const done = header.components.map(() => false);
  const dctPlanes: Plane[] = lossless ? [] : emptyPlanes(header);
  const pixels = header.rows * header.columns;
  const samples = lossless ? header.components.map(() => new Uint16Array(pixels)) : [];
  for (let scans = 0; scan; scans++) {
    if (scans >= MAX_SCANS) throw jpegError(state, scan.at, `more than ${MAX_SCANS} scans`);
    for (const part of scan.parts) done[part.component] = true;
    const next = lossless ? decodeLosslessScan(state, header, scan, samples) : decodeDctScan(state, scan, dctPlanes);
    // a sequential or lossless image is complete when every component was seen; trailing bytes are nobody's business
    if (header.process !== 'progressive' && done.every(Boolean)) break;
    scan = nextScan(state, next);
  }
  if (!done.every(Boolean)) throw jpegCutShort(state, 'the JPEG stream ends before every component was sent');
  return {
    rows: header.rows,
    columns: header.columns,
    precision: header.precision,
    lossless,
    planes: lossless ? samples : planeSamples(state, header, dctPlanes),
    colourHint: colourHint(state.adobe, state.jfif),
  };
}

function colourHint(adobe: number | undefined, jfif: boolean): 'ybr' | 'rgb' | undefined {
  if (adobe !== undefined) return adobe === 0 ? 'rgb' : 'ybr';
  return jfif ? 'ybr' : undefined;
}
