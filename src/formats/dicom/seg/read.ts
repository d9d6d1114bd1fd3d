/**
 * DICOM Segmentation → label maps (PS3.3 A.51): BINARY, FRACTIONAL and LABELMAP.
 *
 * Segments may overlap; each goes into the first label map where all its voxels are free, so segments that do not overlap
 * share one map. Voxel values are the segment numbers of the file.
 */

import type { ArtifactDraft, LabelEntry, Labelmap, QualityFlag, ReadItem, ReadOptions } from '../../../model/index.ts';
import { messageOf } from '../../../model/index.ts';
import { fileError } from '../parse/failure.ts';
import type { DicomFile } from '../parse/file.ts';
import { TAG, tagText } from '../parse/tags.ts';
import { decodeFrame } from '../pixels/decode.ts';
import { checkNativeLength, needPixels, openFrames } from '../pixels/frames.ts';
import { type ImageLayout, imageLayout } from '../pixels/image.ts';
import { prepareCodec } from '../pixels/wasm.ts';
import { seriesFacts } from '../series/facts.ts';
import { type SegFrame, type SegGeometry, segGeometry } from './frames.ts';
import { readSegments, type Segment } from './segments.ts';

type LabelArray = Uint8Array | Uint16Array;

/** A label map that is being filled. */
interface LabelSet {
  data: LabelArray;
  segments: number[];
}

/**
 * Reads a segmentation object.
 * @throws MsdtError naming file, tag and remedy
 */
export async function readSegmentation(file: DicomFile, options: ReadOptions): Promise<ReadItem> {
  const layout = imageLayout(file.data);
  needPixels(file);
  checkNativeLength(file, layout);
  const type = file.data.text(TAG.SegmentationType) ?? 'BINARY';
  if (type !== 'BINARY' && type !== 'FRACTIONAL' && type !== 'LABELMAP') {
    throw fileError('file.unsupported', file.name, `tag ${tagText(TAG.SegmentationType)}`, `"${type}"`);
  }
  const segments = readSegments(file.data);
  const geometry = segGeometry(file, layout, type === 'LABELMAP');
  const highest = Math.max(0, ...segments.map((s) => s.number), ...geometry.frames.map((f) => f.segment));
  const wide = highest > 255 || (type === 'LABELMAP' && layout.bitsAllocated > 8);
  const voxels = geometry.grid.size.reduce((product, n) => product * n, 1);
  const allocate = (): LabelArray => allocateLabels(file, wide, voxels, options);
  const sets =
    type === 'LABELMAP'
      ? [await fillLabelmap(file, layout, geometry, allocate())]
      : await fillSets(file, layout, { geometry, type, allocate }, options);
  return itemOf(file, { type, segments, geometry, sets });
}

function allocateLabels(file: DicomFile, wide: boolean, voxels: number, options: ReadOptions): LabelArray {
  try {
    if (voxels > 2 ** 31) throw new RangeError('more than 2 GiB');
    if (wide) return options.allocate ? options.allocate<Uint16Array>(Uint16Array, voxels) : new Uint16Array(voxels);
    return options.allocate ? options.allocate<Uint8Array>(Uint8Array, voxels) : new Uint8Array(voxels);
  } catch (error) {
    const detail = `a label map of ${voxels} voxels does not fit in memory (${messageOf(error)})`;
    throw fileError('file.too-large', file.name, 'pixel data', detail);
  }
}

interface Filling {
  geometry: SegGeometry;
  type: 'BINARY' | 'FRACTIONAL';
  allocate: () => LabelArray;
}

async function fillSets(
  file: DicomFile,
  layout: ImageLayout,
  filling: Filling,
  options: ReadOptions,
): Promise<LabelSet[]> {
  const voxelsOf = await frameVoxels(file, layout, filling.type);
  const bySegment = new Map<number, SegFrame[]>();
  for (const frame of filling.geometry.frames) {
    bySegment.set(frame.segment, [...(bySegment.get(frame.segment) ?? []), frame]);
  }
  const sets: LabelSet[] = [];
  const [ni, nj] = filling.geometry.grid.size;
  for (const [segment, frames] of [...bySegment].sort(([a], [b]) => a - b)) {
    options.signal?.throwIfAborted();
    const planes: { base: number; voxels: Uint32Array }[] = [];
    for (const frame of frames) {
      const voxels = onGrid(await voxelsOf(frame.frame), frame, layout.columns, ni);
      planes.push({ base: frame.k * ni * nj, voxels });
    }
    let set = sets.find(({ data }) => planes.every(({ base, voxels }) => isFree(data, base, voxels)));
    if (!set) sets.push((set = { data: filling.allocate(), segments: [] }));
    set.segments.push(segment);
    for (const { base, voxels } of planes) for (let n = 0; n < voxels.length; n++) set.data[base + voxels[n]] = segment;
  }
  return sets;
}

function isFree(data: LabelArray, base: number, voxels: Uint32Array): boolean {
  for (let n = 0; n < voxels.length; n++) if (data[base + voxels[n]] !== 0) return false;
  return true;
}

/** Indices inside a frame → indices inside a plane of the grid, which may be wider. */
function onGrid(voxels: Uint32Array, { i, j }: SegFrame, columns: number, ni: number): Uint32Array {
  if (i === 0 && j === 0 && columns === ni) return voxels;
  return voxels.map((at) => {
    const x = at % columns;
    return ((at - x) / columns + j) * ni + x + i;
  });
}

/** Voxels of a frame that belong to its segment, as indices. */
async function frameVoxels(
  file: DicomFile,
  layout: ImageLayout,
  type: 'BINARY' | 'FRACTIONAL',
): Promise<(frame: number) => Promise<Uint32Array>> {
  const pixels = needPixels(file);
  const count = layout.rows * layout.columns;
  if (layout.bitsAllocated === 1 && pixels.length !== undefined) {
    const packed = await file.body.slice(pixels.start, pixels.start + pixels.length);
    return async (frame) => bitIndices(packed, frame * count, count);
  }
  const most = file.data.int16(TAG.MaximumFractionalValue) ?? 255;
  const threshold = type === 'FRACTIONAL' ? most / 2 : 1;
  await prepareCodec(file.syntax.pixels);
  const reader = await openFrames(file, layout);
  return async (frame) => {
    const samples = decodeFrame(await reader.frame(frame), layout, file.syntax);
    const found: number[] = [];
    for (let n = 0; n < count; n++) if (samples[n] >= threshold) found.push(n);
    return Uint32Array.from(found);
  };
}

/** Indices of the set bits of a frame, least significant bit first; empty bytes are passed eight at a time. */
function bitIndices(packed: Uint8Array, firstBit: number, count: number): Uint32Array {
  const found: number[] = [];
  const end = firstBit + count;
  for (let bit = firstBit; bit < end; ) {
    const byte = packed[bit >>> 3];
    const inByte = bit & 7;
    const take = Math.min(8 - inByte, end - bit);
    if (byte !== 0) for (let n = 0; n < take; n++) if ((byte >> (inByte + n)) & 1) found.push(bit + n - firstBit);
    bit += take;
  }
  return Uint32Array.from(found);
}

async function fillLabelmap(
  file: DicomFile,
  layout: ImageLayout,
  geometry: SegGeometry,
  data: LabelArray,
): Promise<LabelSet> {
  await prepareCodec(file.syntax.pixels);
  const reader = await openFrames(file, layout);
  const [ni, nj] = geometry.grid.size;
  const used = new Set<number>();
  for (const { frame, k, i, j } of geometry.frames) {
    const samples = decodeFrame(await reader.frame(frame), layout, file.syntax);
    for (let y = 0; y < layout.rows; y++) {
      const to = k * ni * nj + (y + j) * ni + i;
      for (let x = 0; x < layout.columns; x++) {
        const value = samples[y * layout.columns + x];
        data[to + x] = value;
        if (value !== 0) used.add(value);
      }
    }
  }
  return { data, segments: [...used].sort((a, b) => a - b) };
}

interface Result {
  type: string;
  segments: Segment[];
  geometry: SegGeometry;
  sets: LabelSet[];
}

function itemOf(file: DicomFile, { type, segments, geometry, sets }: Result): ReadItem {
  const facts = seriesFacts(file.data);
  const byNumber = new Map(segments.map((segment) => [segment.number, segment]));
  const entry = (number: number): LabelEntry =>
    byNumber.get(number)?.label ?? { value: number, name: `segment ${number}` };
  const artifacts: ArtifactDraft[] = sets.map((set, n) => {
    const payload: Labelmap = { ...geometry.grid, data: set.data, labels: set.segments.map(entry) };
    const name = sets.length > 1 ? `Segmentation ${n + 1} of ${sets.length}` : 'Segmentation';
    return { kind: 'labelmap.source', payload, name };
  });
  return {
    modality: 'labels',
    artifacts,
    files: [file.name],
    frameOfReference: facts.frameOfReference,
    takenAt: facts.takenAt,
    device: facts.device,
    synthetic: facts.synthetic,
    ...(facts.namesPerson && { namesPerson: true }),
    quality: [...geometry.flags, ...segFlags(type, segments, geometry, sets)],
    metadata: {
      modality: 'SEG',
      segmentationType: type,
      segments: segments.length,
      ...Object.fromEntries(segments.filter((s) => s.code).map((s) => [`segment.${s.number}.code`, s.code])),
      ...Object.fromEntries(
        segments.filter((s) => s.algorithm).map((s) => [`segment.${s.number}.algorithm`, s.algorithm]),
      ),
    },
  };
}

function segFlags(type: string, segments: Segment[], geometry: SegGeometry, sets: LabelSet[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (type === 'FRACTIONAL') {
    const message = 'The segmentation holds fractions; a voxel belongs to a segment from one half on.';
    flags.push({ code: 'dicom.fractional', severity: 'info', message });
  }
  if (sets.length > 1) {
    const message = `Segments overlap, so they became ${sets.length} label maps.`;
    flags.push({ code: 'dicom.overlapping-segments', severity: 'info', message });
  }
  const filled = new Set(sets.flatMap((set) => set.segments));
  const empty = segments.filter((segment) => !filled.has(segment.number)).map((segment) => segment.label.name);
  if (empty.length > 0) {
    const where = empty.slice(0, 8).join(', ');
    flags.push({
      code: 'dicom.empty-segment',
      severity: 'info',
      where,
      message: `${empty.length} segments have no voxels.`,
    });
  }
  const known = new Set(segments.map((segment) => segment.number));
  const unknown = [...new Set(geometry.frames.map((f) => f.segment))].filter((n) => n > 0 && !known.has(n));
  if (unknown.length > 0) {
    const where = `segment ${unknown.slice(0, 8).join(', ')}`;
    flags.push({
      code: 'dicom.unnamed-segment',
      severity: 'doubt',
      where,
      message: 'Frames belong to segments that the file does not describe.',
    });
  }
  return flags;
}
