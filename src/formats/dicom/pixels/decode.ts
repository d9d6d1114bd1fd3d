/** One frame, whatever its coding → samples in the layout the header promises. */

import { fileError } from '../parse/failure.ts';
import type { TransferSyntax } from '../parse/uids.ts';
import { expand422, interleave, ybrFullToRgb, ybrPartialToRgb } from './colour.ts';
import type { ImageLayout, Samples } from './image.ts';
import { decodeJpeg, type JpegImage } from './jpeg/index.ts';
import { isolateStoredBits, nativeSamples } from './native.ts';
import { decodeRle, type FrameBytes } from './rle.ts';
import { decodeWithWasm } from './wasm.ts';

/**
 * Decodes one frame. Grey and palette images give stored values; colour gives RGB by pixel.
 * @throws MsdtError `file.malformed`, `file.truncated`, `file.unsupported`
 */
export function decodeFrame(frame: FrameBytes, layout: ImageLayout, syntax: TransferSyntax): Samples {
  switch (syntax.pixels) {
    case 'native': {
      const littleEndian = syntax.littleEndian && !syntax.swappedPixels;
      return nativeColour(nativeSamples(frame.bytes, layout, littleEndian), frame, layout);
    }
    case 'rle':
      return rawColour(decodeRle(frame, layout), frame, layout);
    case 'jpeg':
      return fromJpeg(decodeJpeg(frame, layout), frame, layout);
    case 'jpeg2000':
    case 'jpeg-ls':
      return fromWasm(frame, layout, syntax.pixels);
    default:
      throw fileError(
        'file.unsupported',
        frame.file,
        'tag (0002,0010) TransferSyntaxUID',
        `pixels coded as ${syntax.title} (${syntax.uid})`,
      );
  }
}

/** Stored bits start at bit 0 in decompressed words, wherever the header's high bit is. */
function lowBits(words: Samples, layout: ImageLayout): Samples {
  return isolateStoredBits(words, { ...layout, highBit: layout.bitsStored - 1 });
}

function fromWasm(frame: FrameBytes, layout: ImageLayout, coding: 'jpeg2000' | 'jpeg-ls'): Samples {
  const image = decodeWithWasm(frame, layout, coding);
  const { buffer, length } = image.bytes;
  let words: Samples;
  if (image.wordBytes === 1) words = layout.signed ? new Int8Array(buffer) : image.bytes;
  else words = layout.signed ? new Int16Array(buffer, 0, length / 2) : new Uint16Array(buffer, 0, length / 2);
  const fits = layout.bitsStored < image.wordBytes * 8;
  const samples = fits ? isolate(words, layout, image.wordBytes) : words;
  const ordered = image.planar ? interleave(samples) : samples;
  // OpenJPEG undoes the reversible and irreversible colour transforms itself
  return rawColour(
    ordered,
    frame,
    /^YBR_(ICT|RCT)$/.test(layout.photometric) ? { ...layout, photometric: 'RGB' } : layout,
  );
}

function isolate(words: Samples, layout: ImageLayout, wordBytes: 1 | 2): Samples {
  return lowBits(words, { ...layout, bitsAllocated: wordBytes === 1 ? 8 : 16 });
}

function fromJpeg(image: JpegImage, frame: FrameBytes, layout: ImageLayout): Samples {
  const [plane] = image.planes;
  if (image.planes.length === 1) {
    if (layout.bitsAllocated === 8) return isolate(narrow(plane, layout.signed), layout, 1);
    const words = layout.signed ? new Int16Array(plane.buffer, plane.byteOffset, plane.length) : plane;
    return layout.bitsStored < 16 ? isolate(words, layout, 2) : words;
  }
  if (image.precision > 8) {
    throw fileError('file.unsupported', frame.file, frame.place, `colour of ${image.precision} bits per sample`);
  }
  const pixels = new Uint8Array(plane.length * 3);
  for (let c = 0; c < 3; c++) {
    const from = image.planes[c];
    for (let n = 0, at = c; n < from.length; n++, at += 3) pixels[at] = from[n];
  }
  if (jpegIsYbr(image, layout)) ybrFullToRgb(pixels);
  return pixels;
}

/** The header decides, unless it says RGB and the stream itself says luma and chroma (a frequent slip of writers). */
function jpegIsYbr(image: JpegImage, layout: ImageLayout): boolean {
  if (layout.photometric.startsWith('YBR')) return image.colourHint !== 'rgb';
  return !image.lossless && image.colourHint === 'ybr';
}

function narrow(plane: Uint16Array, signed: boolean): Samples {
  const out = Uint8Array.from(plane);
  return signed ? new Int8Array(out.buffer) : out;
}

/** Native data may be planar and may share chroma between pixels. */
function nativeColour(samples: Samples, frame: FrameBytes, layout: ImageLayout): Samples {
  if (layout.samples === 1) return samples;
  if (/^YBR_(FULL|PARTIAL)_422$/.test(layout.photometric)) {
    if (!(samples instanceof Uint8Array)) throw wideColour(frame, layout);
    return rawColour(expand422(samples, layout.rows * layout.columns), frame, layout);
  }
  return rawColour(layout.planar === 1 ? interleave(samples) : samples, frame, layout);
}

function rawColour(samples: Samples, frame: FrameBytes, layout: ImageLayout): Samples {
  if (layout.samples === 1 || layout.photometric === 'RGB') return samples;
  const { photometric } = layout;
  if (!photometric.startsWith('YBR')) {
    throw fileError('file.unsupported', frame.file, 'tag (0028,0004) PhotometricInterpretation', `"${photometric}"`);
  }
  if (!(samples instanceof Uint8Array)) throw wideColour(frame, layout);
  const pixels = frame.bytes.buffer === samples.buffer ? samples.slice() : samples;
  if (photometric.startsWith('YBR_PARTIAL')) ybrPartialToRgb(pixels);
  else ybrFullToRgb(pixels);
  return pixels;
}

function wideColour(frame: FrameBytes, layout: ImageLayout): Error {
  return fileError(
    'file.unsupported',
    frame.file,
    frame.place,
    `${layout.photometric} of ${layout.bitsAllocated} bits`,
  );
}
