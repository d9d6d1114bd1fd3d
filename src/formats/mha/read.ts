/** Reads MetaImage volumes, attached or detached, raw, zlib or text. World axes are LPS, as ITK has them. */

import type {
  LabelEntry,
  QualityFlag,
  ReadItem,
  ReadOptions,
  Size3,
  SourceFile,
  VolumeKind,
  VoxelArray,
} from '../../model/index.ts';
import { type ByteSource, fileSource, inflatedSource, memorySource } from '../byte-source.ts';
import { baseName, concatBytes, fileError, fileNamed, MAX_TEXT_BYTES, truncatedError } from '../bytes.ts';
import { gridFromAffine } from '../grid-matrix.ts';
import { labelsFromJson } from '../label-table.ts';
import { parseNumbers } from '../text-numbers.ts';
import { type RawVolume, volumeItem } from '../volume-item.ts';
import { allocateVoxels, checkedVoxelCount, readVoxels, scalarBytes } from '../voxels.ts';
import { MAX_HEADER_BYTES, type MetaHeader, parseMetaHeader } from './header.ts';

/**
 * Reads a volume.
 * @param others - files that came with it, among them the data of a detached header
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readMeta(
  file: SourceFile,
  others: readonly SourceFile[],
  options: ReadOptions,
): Promise<ReadItem> {
  const header = parseMetaHeader(await file.slice(0, Math.min(file.bytes, MAX_HEADER_BYTES)), file.name);
  const [ni, nj = 1, nk = 1] = header.dims;
  const size: Size3 = [ni, nj, nk];
  const more = header.dims.slice(3).reduce((product, n) => product * n, 1);
  const { source, files } = await dataSource(file, others, header, options);
  const width = scalarBytes(header.type) * header.channels;
  const voxels = checkedVoxelCount(size, width, source.most, { file: file.name, place: 'header DimSize' });
  const data = await readChannel(source, header, voxels, options);
  await source.close(more === 1);
  const { grid, flags } = gridFromAffine(affineOf(header), size, { file: file.name, place: 'header TransformMatrix' });
  const quality: QualityFlag[] = [...flags];
  if (more * header.channels > 1) {
    const message = `The file holds ${more} volumes of ${header.channels} values per voxel; only the first was read.`;
    quality.push({ code: 'volume.first-of-many', severity: 'doubt', where: 'first volume', message });
  }
  if (!header.placed) {
    const message =
      'The file does not say how its axes lie; they were taken as left, posterior, superior. Do not trust sides until they are confirmed.';
    quality.push({ code: 'mha.no-orientation', severity: 'fault', where: 'header TransformMatrix', message });
  }
  const raw: RawVolume = {
    file: file.name,
    files,
    grid,
    data,
    labels: labelsOf(header),
    says: saidBy(header),
    description: header.comment,
    quality,
    metadata: { format: 'MetaImage', storedType: header.type },
  };
  if (header.kind?.startsWith('labelmap.')) raw.metadata.writtenAs = header.kind;
  return volumeItem(raw, options);
}

function labelsOf(header: MetaHeader): LabelEntry[] {
  try {
    return header.labels === undefined ? [] : (labelsFromJson(JSON.parse(header.labels)) ?? []);
  } catch {
    // names are a comfort; a damaged note does not stop the image
    return [];
  }
}

function saidBy(header: MetaHeader): RawVolume['says'] {
  const { kind, modality } = header;
  if (kind?.startsWith('labelmap.')) return { as: 'labels', how: 'the header says labels' };
  if (kind && /^volume\.(ct|mr|other)$/.test(kind))
    return { as: 'image', kind: kind as VolumeKind, how: `the header says ${kind}` };
  const kinds: Record<string, VolumeKind> = { MET_MOD_CT: 'volume.ct', MET_MOD_MR: 'volume.mr' };
  const found = modality && kinds[modality.toUpperCase()];
  return found ? { as: 'image', kind: found, how: `the header says Modality ${modality}` } : undefined;
}

/** Column a is row a of the header's matrix (ITK stores it transposed) times the spacing. */
function affineOf(header: MetaHeader): number[] {
  const n = header.dims.length;
  const { transform, offset, spacing, scale } = header;
  const step = (axis: number): number => (Math.abs(spacing[axis]) || 1) * scale;
  const entry = (row: number, axis: number): number => {
    const known = axis < n && row < n && transform.length === n * n;
    return (known ? transform[axis * n + row] : Number(axis === row)) * step(axis) + 0;
  };
  return [0, 1, 2].flatMap((row) => [entry(row, 0), entry(row, 1), entry(row, 2), (offset[row] ?? 0) * scale + 0]);
}

async function dataSource(
  file: SourceFile,
  others: readonly SourceFile[],
  header: MetaHeader,
  options: ReadOptions,
): Promise<{ source: ByteSource; files: string[] }> {
  const total = header.dims.reduce((product, n) => product * n, 1) * scalarBytes(header.type) * header.channels;
  const parts = header.local ? [file] : findDataFiles(file, others, header);
  const sources: ByteSource[] = [];
  for (const part of parts) {
    const start = part === file ? header.length : 0;
    const encoded = fileSource(part, start);
    if (header.compressed) {
      const bytes = await encoded.rest(header.compressedBytes ?? part.bytes);
      if (header.compressedBytes !== undefined && bytes.length < header.compressedBytes)
        throw truncatedError(part.name, 'compressed data', header.compressedBytes, bytes.length);
      const kind = bytes[0] === 0x1f && bytes[1] === 0x8b ? 'gzip' : 'zlib';
      sources.push(inflatedSource(bytes, kind, { file: part.name, limit: total + 1024, signal: options.signal }));
    } else if (!header.binary) {
      const values = await textValues(encoded, part.name, header, total);
      sources.push(memorySource(values, part.name));
    } else {
      const skip =
        header.headerSize === -1 ? encoded.most - total / parts.length : part === file ? 0 : header.headerSize;
      if (skip < 0 || skip > encoded.most) throw truncatedError(part.name, 'voxel data', total, encoded.most);
      await encoded.skip(skip, 'header');
      sources.push(encoded);
    }
  }
  const files = [file.name, ...parts.filter((part) => part !== file).map((part) => part.name)];
  if (sources.length === 1) return { source: sources[0], files };
  const most = sources.reduce((sum, source) => sum + source.most, 0);
  if (most < total) throw truncatedError(file.name, 'voxel data', total, most);
  const blocks: Uint8Array[] = [];
  for (const source of sources) blocks.push(await source.take(Math.floor(total / sources.length), 'voxel data'));
  return { source: memorySource(concatBytes(blocks), file.name), files };
}

function findDataFiles(file: SourceFile, others: readonly SourceFile[], header: MetaHeader): SourceFile[] {
  return header.dataFiles.map((name) => {
    const found = fileNamed(file, others, name);
    if (found) return found;
    throw fileError('input.missing', file.name, `The data file ${baseName(name)} of this header is missing`, {
      place: 'header ElementDataFile',
      hint: `Add ${baseName(name)} from the same folder.`,
    });
  });
}

async function textValues(source: ByteSource, file: string, header: MetaHeader, total: number): Promise<Uint8Array> {
  const bytes = await source.rest(MAX_TEXT_BYTES);
  const count = total / scalarBytes(header.type);
  if (count > bytes.length) throw truncatedError(file, 'voxel data', count, bytes.length);
  const type = header.type === 'int64' || header.type === 'uint64' ? 'float64' : header.type;
  const values = allocateVoxels(type, count);
  const read = parseNumbers(bytes, values);
  if (read.bad !== undefined) {
    throw fileError('file.malformed', file, 'The text data hold something that is not a number', {
      place: `byte ${read.bad} of the data`,
      hint: 'The file is damaged: export it again.',
    });
  }
  if (read.count < count) throw truncatedError(file, 'voxel data', count, read.count);
  Object.assign(header, { type, littleEndian: true });
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function readChannel(
  source: ByteSource,
  header: MetaHeader,
  voxels: number,
  options: ReadOptions,
): Promise<VoxelArray> {
  const { type, littleEndian, channels } = header;
  if (channels === 1) return readVoxels(source, { type, littleEndian, count: voxels }, options);
  const all = await readVoxels(source, { type, littleEndian, count: voxels * channels });
  const scalar = type === 'int64' || type === 'uint64' ? 'float64' : type;
  const first = allocateVoxels(scalar, voxels);
  for (let index = 0; index < voxels; index++) first[index] = all[index * channels];
  return first;
}
