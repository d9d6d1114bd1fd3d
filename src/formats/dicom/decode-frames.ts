/** Any DICOM image, decoded: the transfer syntax matrix in one function. */

import type { SourceFile } from '../../model/index.ts';
import { asFileError, fileError } from './parse/failure.ts';
import { type DicomFile, openDicom } from './parse/file.ts';
import { TAG, tagText } from './parse/tags.ts';
import { otherObject } from './parse/uids.ts';
import { applyPalette, readPalette } from './pixels/colour.ts';
import { decodeFrame } from './pixels/decode.ts';
import { floatSamples, needPixels, openFrames } from './pixels/frames.ts';
import { type ImageLayout, imageLayout, type Samples } from './pixels/image.ts';
import { unpackBits } from './pixels/native.ts';
import { prepareCodec } from './pixels/wasm.ts';
import { type UltrasoundRegion, ultrasoundRegions } from './ultrasound.ts';

/** Decoded frames of one file with what is needed to read their values. */
export interface DecodedFrames {
  rows: number;
  columns: number;
  /** 1: stored values of a grey image; 3: RGB, 8 bit, by pixel (palette and luma-chroma images included) */
  samples: 1 | 3;
  frames: Samples[];
  /** value = stored · slope + intercept */
  slope: number;
  intercept: number;
  /** stored value outside the field of view */
  padding?: number;
  transferSyntax: string;
  /** the pixels once went through a lossy compression */
  lossy: boolean;
  /** calibrated regions of an ultrasound image */
  regions: UltrasoundRegion[];
}

/**
 * Decodes every frame of a DICOM image, in any supported transfer syntax.
 * @param bytes - the whole file
 * @param name - how messages call the file
 * @throws MsdtError naming file, place and remedy when the file is no DICOM image, is damaged or is coded in an unknown way
 */
export async function decodeFrames(bytes: Uint8Array, name: string): Promise<DecodedFrames> {
  const source: SourceFile = {
    name,
    bytes: bytes.length,
    head: async (length) => bytes.subarray(0, length),
    read: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
  };
  const file = await openDicom(source);
  try {
    return await decodeOpened(file);
  } catch (error) {
    throw asFileError(error, name, 'pixel data');
  }
}

async function decodeOpened(file: DicomFile): Promise<DecodedFrames> {
  if (!file.pixels && !file.data.has(TAG.Rows)) {
    const what = otherObject(file.sopClass) ?? 'an object without an image';
    throw fileError(
      'file.unsupported',
      file.name,
      `tag ${tagText(TAG.PixelData)}`,
      what,
      'Choose a file that holds an image.',
    );
  }
  const layout = imageLayout(file.data);
  const frames = await allFrames(file, layout);
  const palette = layout.photometric === 'PALETTE COLOR' ? readPalette(file.data, layout) : undefined;
  return {
    rows: layout.rows,
    columns: layout.columns,
    samples: palette ? 3 : layout.samples,
    frames: palette ? frames.map((frame) => applyPalette(frame, palette)) : frames,
    slope: file.data.decimal(TAG.RescaleSlope) ?? 1,
    intercept: file.data.decimal(TAG.RescaleIntercept) ?? 0,
    padding: layout.padding,
    transferSyntax: file.syntax.uid,
    lossy: file.data.text(TAG.LossyImageCompression) === '01',
    regions: ultrasoundRegions(file.data),
  };
}

async function allFrames(file: DicomFile, layout: ImageLayout): Promise<Samples[]> {
  const pixels = needPixels(file);
  const reader = await openFrames(file, layout);
  await prepareCodec(file.syntax.pixels);
  const frames: Samples[] = [];
  if (layout.bitsAllocated === 1 && pixels.length !== undefined) {
    const packed = await file.body.slice(pixels.start, pixels.start + pixels.length);
    const count = layout.rows * layout.columns;
    for (let n = 0; n < layout.frames; n++) frames.push(unpackBits(packed, n * count, count));
    return frames;
  }
  for (let n = 0; n < layout.frames; n++) {
    const frame = await reader.frame(n);
    frames.push(
      pixels.tag === TAG.PixelData ? decodeFrame(frame, layout, file.syntax) : floatSamples(frame.bytes, pixels.tag),
    );
  }
  return frames;
}
