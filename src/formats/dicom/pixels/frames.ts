/** Where the frames of an image lie: at fixed distances when uncompressed, in fragments otherwise (PS3.5 annex A.4). */

import type { DataSet } from '../parse/dataset.ts';
import { fileError } from '../parse/failure.ts';
import type { DicomFile, PixelLocation } from '../parse/file.ts';
import { TAG, tagText } from '../parse/tags.ts';
import { frameSamples, type ImageLayout, nativeFrameBytes, type Samples } from './image.ts';
import { swapBytes } from './native.ts';
import type { FrameBytes } from './rle.ts';

/** A file without its header; `data` is only asked for an extended offset table. */
export type PixelFile = Pick<DicomFile, 'name' | 'syntax' | 'pixels' | 'body'> & { data?: DataSet };

/** Access to the encoded frames of one file. */
export interface FrameReader {
  /** bytes of the frame, as they are coded */
  frame(index: number): Promise<FrameBytes>;
}

/**
 * The pixel data of a file.
 * @throws MsdtError `file.malformed` when there are none
 */
export function needPixels(file: PixelFile): PixelLocation {
  if (file.pixels) return file.pixels;
  throw fileError('file.truncated', file.name, `tag ${tagText(TAG.PixelData)}`, 'the file ends without pixel data');
}

/**
 * Opens the frames of a file; compressed data are read whole, once.
 * @throws MsdtError `file.truncated` when the data are shorter than the header promises, `file.malformed` when fragments
 *   and frames do not match
 */
export async function openFrames(file: PixelFile, layout: ImageLayout): Promise<FrameReader> {
  const pixels = needPixels(file);
  if (pixels.length !== undefined) return nativeFrames(file, layout, pixels);
  const bytes = await file.body.slice(pixels.start, file.body.bytes);
  const frames = encapsulatedFrames(file, layout, bytes, pixels.start);
  return { frame: async (index) => frames[index] };
}

/** Bytes from the first to the last of an uncompressed frame. */
export function nativeRange(pixels: PixelLocation, layout: ImageLayout, index: number): [start: number, end: number] {
  const size = nativeFrameBytes(layout);
  return [pixels.start + index * size, pixels.start + (index + 1) * size];
}

/**
 * Checks that uncompressed pixel data are as long as the header promises.
 * @throws MsdtError `file.truncated`, `file.malformed`
 */
export function checkNativeLength(file: PixelFile, layout: ImageLayout): void {
  const pixels = needPixels(file);
  if (pixels.length === undefined) return;
  const bits = frameSamples(layout) * layout.frames * layout.bitsAllocated;
  const needed = layout.bitsAllocated === 1 ? Math.ceil(bits / 8) : nativeFrameBytes(layout) * layout.frames;
  const where = `tag ${tagText(pixels.tag)} at byte ${pixels.start}`;
  const there = Math.min(pixels.length, file.body.bytes - pixels.start);
  if (there >= needed) return;
  const size = `${layout.columns} × ${layout.rows} × ${layout.frames}, ${layout.bitsAllocated} bits`;
  const code = there < pixels.length ? 'file.truncated' : 'file.malformed';
  throw fileError(code, file.name, where, `${there} of ${needed} bytes of pixels (${size})`);
}

function nativeFrames(file: PixelFile, layout: ImageLayout, pixels: PixelLocation): FrameReader {
  checkNativeLength(file, layout);
  return {
    frame: async (index) => {
      const [start, end] = nativeRange(pixels, layout, index);
      const swapped = !file.syntax.littleEndian && pixels.vr === 'OW' && layout.bitsAllocated <= 8;
      const bytes = swapped ? await swappedRange(file, pixels, start, end) : await file.body.slice(start, end);
      return { bytes, file: file.name, place: `frame ${index + 1} at byte ${start}` };
    },
  };
}

/** Bytes that a big endian file keeps in 16-bit words, in their order. */
async function swappedRange(file: PixelFile, pixels: PixelLocation, start: number, end: number): Promise<Uint8Array> {
  const odd = (start - pixels.start) % 2;
  const words = (await file.body.slice(start - odd, end + ((end - pixels.start) % 2))).slice();
  swapBytes(words, 2);
  return words.subarray(odd, odd + end - start);
}

interface Fragment {
  /** offset of the item header from the first byte after the offset table */
  offset: number;
  start: number;
  end: number;
}

/**
 * Frames of encapsulated pixel data.
 * @param bytes - from the first byte of the value on
 * @param base - where `bytes` begin in the file, for messages
 */
function encapsulatedFrames(file: PixelFile, layout: ImageLayout, bytes: Uint8Array, base: number): FrameBytes[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { fragments, table } = readFragments(file.name, view, base);
  const groups = groupFragments(file, layout, bytes, fragments, table);
  return groups.map((group, index) => ({
    bytes: joinFragments(bytes, group),
    file: file.name,
    place: `frame ${index + 1} at byte ${base + group[0].start}`,
  }));
}

function readFragments(name: string, view: DataView, base: number): { fragments: Fragment[]; table: number[] } {
  const fragments: Fragment[] = [];
  const table: number[] = [];
  let at = 0;
  let first = true;
  let origin = 0;
  for (;;) {
    if (at + 8 > view.byteLength) break;
    const tag = ((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0;
    const length = view.getUint32(at + 4, true);
    if (tag === TAG.SequenceDelimitation) break;
    if (tag !== TAG.Item) {
      throw fileError('file.malformed', name, `byte ${base + at}`, `expected a fragment, found ${tagText(tag)}`);
    }
    const start = at + 8;
    const end = start + length;
    if (end > view.byteLength) {
      throw fileError(
        'file.truncated',
        name,
        `byte ${base + at}`,
        `a fragment of ${length} bytes, ${view.byteLength - start} are there`,
      );
    }
    if (first) {
      for (let p = start; p + 4 <= end; p += 4) table.push(view.getUint32(p, true));
      origin = end;
      first = false;
    } else fragments.push({ offset: at - origin, start, end });
    at = end;
  }
  if (fragments.length === 0) throw fileError('file.truncated', name, `byte ${base}`, 'no fragment of pixel data');
  return { fragments, table };
}

/** Fragments by frame: one each, all for the only frame, by the offset tables, or by the signature a stream starts with. */
function groupFragments(
  file: PixelFile,
  layout: ImageLayout,
  bytes: Uint8Array,
  fragments: Fragment[],
  table: number[],
): Fragment[][] {
  if (layout.frames === 1) return [fragments];
  if (fragments.length === layout.frames) return fragments.map((fragment) => [fragment]);
  const extended = extendedTable(file);
  const offsets = new Set(extended.length === layout.frames ? extended : table);
  const starts =
    offsets.size === layout.frames
      ? fragments.map((fragment) => offsets.has(fragment.offset))
      : fragments.map(({ start }) => bytes[start] === 0xff && (bytes[start + 1] === 0xd8 || bytes[start + 1] === 0x4f));
  const groups: Fragment[][] = [];
  fragments.forEach((fragment, n) => {
    if (starts[n] || groups.length === 0) groups.push([fragment]);
    else groups[groups.length - 1].push(fragment);
  });
  if (groups.length === layout.frames) return groups;
  throw fileError(
    fragments.length < layout.frames ? 'file.truncated' : 'file.malformed',
    file.name,
    `tag ${tagText(TAG.PixelData)}`,
    `${fragments.length} fragments for ${layout.frames} frames, and no table that says which belong together`,
  );
}

function extendedTable(file: PixelFile): number[] {
  const raw = file.data?.bytes(TAG.ExtendedOffsetTable) ?? new Uint8Array(0);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const offsets: number[] = [];
  for (let at = 0; at + 8 <= raw.length; at += 8) offsets.push(Number(view.getBigUint64(at, true)));
  return offsets;
}

function joinFragments(bytes: Uint8Array, group: Fragment[]): Uint8Array {
  if (group.length === 1) return bytes.subarray(group[0].start, group[0].end);
  const joined = new Uint8Array(group.reduce((sum, { start, end }) => sum + end - start, 0));
  let to = 0;
  for (const { start, end } of group) {
    joined.set(bytes.subarray(start, end), to);
    to += end - start;
  }
  return joined;
}

/** Samples of float pixel data, which are never compressed. */
export function floatSamples(bytes: Uint8Array, tag: number): Samples {
  const copy = bytes.slice();
  return tag === TAG.FloatPixelData ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
}
