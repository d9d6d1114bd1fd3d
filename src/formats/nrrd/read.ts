/** Reads NRRD volumes: attached or detached data, raw, gzip or text, several layers of a segmentation. */

import type {
  QualityFlag,
  ReadItem,
  ReadOptions,
  Size3,
  SourceFile,
  Vec3,
  VolumeKind,
  VoxelArray,
} from '../../model/index.ts';
import { type ByteSource, fileSource, inflatedSource, memorySource } from '../byte-source.ts';
import {
  baseName,
  concatBytes,
  fileError,
  fileNamed,
  latin1,
  MAX_ARRAY_BYTES,
  MAX_TEXT_BYTES,
  stemOf,
} from '../bytes.ts';
import { gridFromAffine } from '../grid-matrix.ts';
import { parseNumbers } from '../text-numbers.ts';
import { type RawVolume, VOLUME_EXTENSIONS, volumeItem } from '../volume-item.ts';
import { allocateVoxels, checkedVoxelCount, readVoxels, type ScalarType, scalarBytes } from '../voxels.ts';
import { MAX_HEADER_BYTES, type NrrdHeader, parseNrrdHeader } from './header.ts';
import { layersOf, segmentsOf } from './segments.ts';

/** Key under which our writer keeps the kind. */
export const KIND_KEY = 'msdt_kind';

/** Most values of a text-encoded volume. */
const MAX_TEXT_VALUES = 2 ** 26;

/**
 * Reads a volume, or the layers of a segmentation, one item each.
 * @param others - files that came with it, among them the data of a detached header
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readNrrd(
  file: SourceFile,
  others: readonly SourceFile[],
  options: ReadOptions,
): Promise<ReadItem[]> {
  const header = parseNrrdHeader(await file.slice(0, Math.min(file.bytes, MAX_HEADER_BYTES)), file.name);
  const axes = spatialAxes(header, file.name);
  const segments = segmentsOf(header.pairs);
  const counts = header.sizes.filter((_, axis) => !axes.includes(axis));
  const layers = counts.reduce((product, n) => product * n, 1);
  const size = axes.map((axis) => header.sizes[axis]) as unknown as Size3;
  const { source, files } = await dataSource(file, others, header, options);
  const voxels = checkedVoxelCount(size, scalarBytes(header.type), MAX_ARRAY_BYTES, {
    file: file.name,
    place: 'field sizes',
  });
  const wanted = segments.length > 0 ? layersOf(segments, layers) : [0];
  const data = await readLayers(header, axes, { voxels, layers, wanted }, source, options, file.name);
  await source.close(true);
  const { grid, flags } = gridOf(header, axes, size, file.name);
  const kind = header.pairs.get(KIND_KEY);
  const quality: QualityFlag[] = [...flags];
  if (layers > 1 && segments.length === 0) {
    const message = `The file holds ${layers} values per voxel or volumes; only the first was read.`;
    quality.push({ code: 'volume.first-of-many', severity: 'doubt', where: `1 of ${layers}`, message });
  }
  return wanted.map((layer, index) => {
    const raw: RawVolume = {
      file: file.name,
      files,
      grid,
      data: data[index],
      labels: segments.filter((segment) => segment.layer === layer).map((segment) => segment.entry),
      says: saidBy(kind, segments.length > 0),
      description: header.content,
      quality,
      metadata: { format: 'NRRD', storedType: header.type, encoding: header.encoding },
    };
    if (wanted.length > 1) raw.name = `${stemOf(file.name, VOLUME_EXTENSIONS)} layer ${layer + 1}`;
    if (kind?.startsWith('labelmap.')) raw.metadata.writtenAs = kind;
    return volumeItem(raw, options);
  });
}

function saidBy(kind: string | undefined, segments: boolean): RawVolume['says'] {
  if (segments || kind?.startsWith('labelmap.')) return { as: 'labels', how: 'the header names segments' };
  if (kind && /^volume\.(ct|mr|other)$/.test(kind))
    return { as: 'image', kind: kind as VolumeKind, how: `the header says ${kind}` };
  return undefined;
}

/** The three axes that lie in space: those with a direction, else those of kind domain. */
function spatialAxes(header: NrrdHeader, file: string): number[] {
  const axes = header.sizes.map((_, axis) => axis).filter((axis) => header.directions[axis] !== undefined);
  const extra = header.sizes.length - axes.length;
  if (axes.length === 3 && extra <= 1 && header.directions.length === header.sizes.length) return axes;
  throw fileError('file.unsupported', file, 'The NRRD does not have three axes in space', {
    place: 'field space directions',
    detail: `${header.sizes.length} axes, ${axes.length} of them in space`,
    hint: 'Save it as one 3-D volume.',
  });
}

function gridOf(header: NrrdHeader, axes: readonly number[], size: Size3, file: string) {
  const columns = axes.map((axis) => header.directions[axis] as Vec3);
  const signs = header.signs ?? [1, 1, 1];
  const origin = header.origin ?? [0, 0, 0];
  const affine = [0, 1, 2].flatMap((row) => {
    const factor = signs[row] * header.scale;
    return [...columns.map((column) => column[row] * factor + 0), origin[row] * factor + 0];
  });
  const found = gridFromAffine(affine, size, { file, place: 'fields space directions and space origin' });
  if (!header.signs) {
    found.flags.push({
      code: 'nrrd.no-orientation',
      severity: header.plain ? 'fault' : 'doubt',
      where: 'field space',
      message:
        'The file does not name its anatomical space; x, y, z were taken as left, posterior, superior. Do not trust sides until they are confirmed.',
    });
  }
  return found;
}

/** The data as one run of raw values, whatever their encoding and number of files. */
async function dataSource(
  file: SourceFile,
  others: readonly SourceFile[],
  header: NrrdHeader,
  options: ReadOptions,
): Promise<{ source: ByteSource; files: string[] }> {
  const total = header.sizes.reduce((product, n) => product * n, 1) * scalarBytes(header.type);
  const limit = total + Math.max(0, header.byteSkip) + (1 << 16);
  const parts = header.dataFiles.length > 0 ? findDataFiles(file, others, header) : [file];
  const sources: ByteSource[] = [];
  for (const part of parts) {
    const start = part === file ? header.length : 0;
    const encoded = fileSource(part, await afterLines(part, start, header.lineSkip));
    if (header.encoding === 'raw') {
      const skip = header.byteSkip < 0 ? encoded.most - total / parts.length : header.byteSkip;
      if (skip < 0 || skip > encoded.most) throw missing(part.name, total, encoded.most);
      await encoded.skip(skip, 'byte skip');
      sources.push(encoded);
    } else if (header.encoding === 'gzip') {
      const compressed = await encoded.rest(part.bytes);
      const inflated = inflatedSource(compressed, 'gzip', { file: part.name, limit, signal: options.signal });
      if (header.byteSkip > 0) await inflated.skip(header.byteSkip, 'byte skip');
      sources.push(inflated);
    } else sources.push(memorySource(await textValues(encoded, part.name, header), part.name));
  }
  const most = sources.reduce((sum, source) => sum + source.most, 0);
  if (most < total) throw missing(parts[0].name, total, most);
  const files = [file.name, ...parts.filter((part) => part !== file).map((part) => part.name)];
  if (sources.length === 1) return { source: sources[0], files };
  const each = total / sources.length;
  const blocks: Uint8Array[] = [];
  for (const source of sources) blocks.push(await source.take(Math.floor(each), 'voxel data'));
  return { source: memorySource(concatBytes(blocks), file.name), files };
}

function missing(file: string, expected: number, found: number) {
  return fileError('file.truncated', file, 'The file ends too early', {
    place: 'voxel data',
    detail: `expected ${expected} bytes, found at most ${Math.max(0, found)}`,
    hint: 'Copy or export the file again; the last transfer was probably cut short.',
  });
}

function findDataFiles(file: SourceFile, others: readonly SourceFile[], header: NrrdHeader): SourceFile[] {
  return header.dataFiles.map((name) => {
    const plain = name.replace(/^\.\//, '');
    const found = fileNamed(file, others, plain);
    if (found) return found;
    throw fileError('input.missing', file.name, `The data file ${baseName(plain)} of this header is missing`, {
      place: 'field data file',
      hint: `Add ${baseName(plain)} from the same folder.`,
    });
  });
}

async function afterLines(file: SourceFile, start: number, lines: number): Promise<number> {
  let at = start;
  if (lines === 0) return at;
  const block = await file.slice(start, Math.min(file.bytes, start + MAX_HEADER_BYTES));
  let from = 0;
  for (let line = 0; line < lines; line++) {
    const end = block.indexOf(10, from);
    if (end < 0) throw missing(file.name, lines, line);
    from = end + 1;
  }
  at += from;
  return at;
}

/** Text or hexadecimal values as little- or big-endian bytes, the way raw data would lie. */
async function textValues(source: ByteSource, file: string, header: NrrdHeader): Promise<Uint8Array> {
  const count = header.sizes.reduce((product, n) => product * n, 1);
  const bytes = await source.rest(MAX_TEXT_BYTES);
  if (header.encoding === 'hex') {
    const digits = latin1(bytes).replace(/\s+/g, '');
    if (!/^[0-9a-f]*$/i.test(digits)) throw notNumbers(file);
    return Uint8Array.from({ length: digits.length >> 1 }, (_, at) =>
      Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
    );
  }
  if (count > MAX_TEXT_VALUES || count > bytes.length) throw missing(file, count, bytes.length);
  const type: Exclude<ScalarType, 'int64' | 'uint64'> =
    header.type === 'int64' || header.type === 'uint64' ? 'float64' : header.type;
  const values = allocateVoxels(type, count);
  const read = parseNumbers(bytes, values, { separators: ',' });
  if (read.count < count) {
    if (read.bad !== undefined) throw notNumbers(file, `byte ${read.bad} of the data`);
    throw missing(file, count, read.count);
  }
  Object.assign(header, { type, littleEndian: true });
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function notNumbers(file: string, place = 'voxel data') {
  return fileError('file.malformed', file, 'The text data hold something that is not a number', {
    place,
    hint: 'The file is damaged: export it again.',
  });
}

/** The wanted layers, each as its own grid; layers lie interleaved when their axis is the first. */
async function readLayers(
  header: NrrdHeader,
  axes: readonly number[],
  { voxels, layers, wanted }: { voxels: number; layers: number; wanted: readonly number[] },
  source: ByteSource,
  options: ReadOptions,
  file: string,
): Promise<VoxelArray[]> {
  const layout = { type: header.type, littleEndian: header.littleEndian, count: voxels };
  const listAxis = header.sizes.findIndex((_, axis) => !axes.includes(axis));
  if (layers === 1) return [await readVoxels(source, layout, options)];
  if (listAxis === header.sizes.length - 1) {
    const out: VoxelArray[] = [];
    for (let layer = 0; layer <= Math.max(...wanted); layer++) {
      if (wanted.includes(layer)) out.push(await readVoxels(source, layout, options));
      else await source.skip(voxels * scalarBytes(header.type), 'layer');
    }
    return out;
  }
  checkedVoxelCount([voxels, layers], scalarBytes(header.type), source.most, { file, place: 'field sizes' });
  // an axis in front or in the middle splits every block of the axes before it
  const before = header.sizes.slice(0, listAxis).reduce((product, n) => product * n, 1);
  const all = await readVoxels(source, { ...layout, count: voxels * layers });
  return wanted.map((layer) => {
    const type = all.constructor.name.replace('Array', '').toLowerCase() as Exclude<ScalarType, 'int64' | 'uint64'>;
    const out = allocateVoxels(type, voxels);
    for (let block = 0, to = 0; to < voxels; block++) {
      const from = (block * layers + layer) * before;
      for (let index = 0; index < before; index++) out[to++] = all[from + index];
    }
    return out;
  });
}
