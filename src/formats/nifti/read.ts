/** Reads one NIfTI volume: single file or header and image pair, plain or gzip, either byte order. */

import {
  type Grid,
  type QualityFlag,
  type ReadItem,
  type ReadOptions,
  type SourceFile,
  sameGrid,
  type VoxelArray,
} from '../../model/index.ts';
import { type ByteSource, fileSource, inflatedSource } from '../byte-source.ts';
import { fileError, MAX_ARRAY_BYTES } from '../bytes.ts';
import { isGzip } from '../inflate.ts';
import { choiceOf } from '../report.ts';
import { type RawVolume, volumeItem } from '../volume-item.ts';
import { allocateVoxels, checkedVoxelCount, readVoxels, scalarBytes } from '../voxels.ts';
import { type HeaderNotes, MAX_NOTES_BYTES, parseNotes } from './extensions.ts';
import { headerKind, NIFTI_TYPES, type NiftiHeader, parseNiftiHeader } from './header.ts';
import { gridOfHeader } from './orientation.ts';

/** Intent codes that say something about the values. */
const INTENT_LABEL = 1002;
const INTENT_NAMES = 1003;
const INTENT_DISPLACEMENT = 1006;

/** Grids of header and note that agree this well are the same grid, rounded · mm */
const ROUNDING_MM = 1e-3;

/**
 * Reads a volume.
 * @param file - the `.nii` or `.hdr`
 * @param image - the `.img` of a pair
 * @throws MsdtError what is wrong, where, and what to do
 */
export async function readNifti(
  file: SourceFile,
  image: SourceFile | undefined,
  options: ReadOptions,
): Promise<ReadItem> {
  const source = await openSource(file, options);
  const head = await source.header();
  const header = parseNiftiHeader(head, file.name);
  const notes = await readNotes(header, head, source, file);
  const voxels = header.single ? source : await openImage(file, image, options, header);
  const data = await readData(header, voxels, header.single ? file : (image as SourceFile), options);
  await voxels.close(header.dim.slice(3).every((n) => n === 1));
  if (!header.single) await source.close(false);
  const item = volumeItem(rawVolume(header, notes, data, file, image, options), options);
  return header.description.startsWith('SYNTHETIC') ? { ...item, synthetic: true } : item;
}

/** A source that begins with a NIfTI header. */
interface HeadedSource extends ByteSource {
  /** the fixed header, 348 or 540 bytes; to be taken first */
  header(): Promise<Uint8Array>;
}

async function openSource(file: SourceFile, options: ReadOptions): Promise<HeadedSource> {
  const zipped = isGzip(await file.head(3));
  const limit = MAX_ARRAY_BYTES + MAX_NOTES_BYTES;
  const source = zipped
    ? inflatedSource(await file.read(), 'gzip', { file: file.name, limit, signal: options.signal })
    : fileSource(file);
  const header = async (): Promise<Uint8Array> => {
    const first = await source.take(4, 'header');
    const head = new Uint8Array(headerKind(first)?.version === 2 ? 540 : 348);
    head.set(first);
    await source.into(head.subarray(4), 'header');
    return head;
  };
  return Object.assign(source, { header });
}

async function readNotes(
  header: NiftiHeader,
  head: Uint8Array,
  source: ByteSource,
  file: SourceFile,
): Promise<HeaderNotes> {
  const start = head.length;
  if (!header.single) return parseNotes(await source.rest(MAX_NOTES_BYTES), header.littleEndian);
  const offset = Math.round(header.voxOffset);
  const room = offset - start;
  if (!Number.isFinite(offset) || (offset !== 0 && room < 0) || room > MAX_NOTES_BYTES) {
    throw fileError('file.malformed', file.name, 'The header says the voxels begin at an impossible place', {
      place: 'header field vox_offset',
      detail: `found ${header.voxOffset}`,
      hint: 'The header is damaged: export the volume again.',
    });
  }
  // some writers leave the offset at 0 and mean the usual place
  return parseNotes(await source.take(offset === 0 ? 4 : room, 'header extensions'), header.littleEndian);
}

async function openImage(
  file: SourceFile,
  image: SourceFile | undefined,
  options: ReadOptions,
  header: NiftiHeader,
): Promise<ByteSource> {
  if (!image) {
    throw fileError('input.missing', file.name, 'The .img file of this header is missing', {
      place: 'image file',
      hint: 'Add the .img file of the same name, in the same folder.',
    });
  }
  const offset = Math.max(0, Math.round(header.voxOffset) || 0);
  const source = isGzip(await image.head(3))
    ? inflatedSource(await image.read(), 'gzip', {
        file: image.name,
        limit: MAX_ARRAY_BYTES + offset,
        signal: options.signal,
      })
    : fileSource(image);
  if (offset > source.most) {
    throw fileError('file.malformed', file.name, 'The header says the voxels begin past the end of the image file', {
      place: 'header field vox_offset',
      detail: `offset ${offset}, at most ${source.most} bytes`,
      hint: 'The header is damaged: export the volume again.',
    });
  }
  await source.skip(offset, 'offset');
  return source;
}

async function readData(
  header: NiftiHeader,
  source: ByteSource,
  file: SourceFile,
  options: ReadOptions,
): Promise<VoxelArray> {
  const type = NIFTI_TYPES[header.datatype];
  if (!type || header.intentCode === INTENT_DISPLACEMENT) {
    const what = type ? 'a displacement field' : `datatype ${header.datatype}`;
    throw fileError('file.unsupported', file.name, `This NIfTI holds ${what}, which is not an image`, {
      place: type ? 'header field intent_code' : 'header field datatype',
      detail: `readable datatypes: ${Object.keys(NIFTI_TYPES).join(', ')}`,
      hint: 'Convert it to a plain image of whole numbers or 32-bit floats.',
    });
  }
  const [ni, nj = 1, nk = 1] = header.dim;
  const width = scalarBytes(type.scalar) * type.parts;
  const count = checkedVoxelCount([ni, nj, nk], width, source.most, { file: file.name, place: 'header field dim' });
  const layout = { type: type.scalar, littleEndian: header.littleEndian, count: count * type.parts };
  if (type.parts > 1) return merged(await readVoxels(source, layout), type.parts, type.what === 'complex');
  if (!isScaled(header)) return readVoxels(source, layout, options);
  return scaled(await readVoxels(source, layout), header, options);
}

/** Colour becomes luminance (Rec. 709), complex numbers their magnitude. */
function merged(parts: VoxelArray, step: number, complex: boolean): VoxelArray {
  const count = parts.length / step;
  const out = allocateVoxels(complex ? 'float32' : 'uint8', count);
  for (let index = 0, at = 0; index < count; index++, at += step) {
    out[index] = complex
      ? Math.hypot(parts[at], parts[at + 1])
      : Math.round(0.2126 * parts[at] + 0.7152 * parts[at + 1] + 0.0722 * parts[at + 2]);
  }
  return out;
}

/** True when slope and intercept change the values. */
function isScaled({ slope, inter }: NiftiHeader): boolean {
  if (!Number.isFinite(slope) || !Number.isFinite(inter) || slope === 0) return false;
  return slope !== 1 || inter !== 0;
}

/** Applies slope and intercept; whole numbers stay whole where both are whole. */
function scaled(data: VoxelArray, header: NiftiHeader, options: ReadOptions): VoxelArray {
  const { slope, inter } = header;
  const floating = data instanceof Float32Array || data instanceof Float64Array;
  let type: 'int16' | 'int32' | 'float32' | 'float64' = data instanceof Float64Array ? 'float64' : 'float32';
  if (!floating && Number.isInteger(slope) && Number.isInteger(inter)) {
    let min = 0;
    let max = 0;
    for (let index = 0; index < data.length; index++) {
      const value = data[index] * slope + inter;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (min >= -32_768 && max <= 32_767) type = 'int16';
    else if (min >= -(2 ** 31) && max < 2 ** 31) type = 'int32';
    else type = 'float64';
  }
  const out = allocateVoxels(type, data.length, type === 'int16' ? options : undefined);
  for (let index = 0; index < data.length; index++) out[index] = data[index] * slope + inter;
  return out;
}

function rawVolume(
  header: NiftiHeader,
  notes: HeaderNotes,
  data: VoxelArray,
  file: SourceFile,
  image: SourceFile | undefined,
  options: ReadOptions,
): RawVolume {
  const use = choiceOf(options.choices, 'use', ['sform', 'qform']);
  const { grid, form, flags } = gridOfHeader(header, file.name, use);
  const metadata: RawVolume['metadata'] = {
    format: `NIfTI-${header.version}`,
    positionFrom: form,
    sformCode: header.sformCode,
    qformCode: header.qformCode,
    storedType: NIFTI_TYPES[header.datatype].scalar,
  };
  if (notes.labelmapKind) metadata.writtenAs = notes.labelmapKind;
  return {
    file: file.name,
    files: image && !header.single ? [file.name, image.name] : [file.name],
    grid: use ? grid : preciseGrid(grid, notes),
    data,
    labels: notes.labels,
    says: saidBy(header, notes),
    description: header.description,
    quality: [...flags, ...dimensionFlags(header)],
    metadata,
  };
}

function saidBy(header: NiftiHeader, notes: HeaderNotes): RawVolume['says'] {
  if (notes.labelmapKind) return { as: 'labels', how: 'the header note says labels' };
  if (notes.kind) return { as: 'image', kind: notes.kind, how: `the header note says ${notes.kind}` };
  if (header.intentCode === INTENT_LABEL || header.intentCode === INTENT_NAMES)
    return { as: 'labels', how: 'the intent code says labels' };
  return undefined;
}

/** Our own note keeps what 32-bit floats round away; it counts only while it still agrees with the header. */
function preciseGrid(grid: Grid, notes: HeaderNotes): Grid {
  if (!notes.grid?.spacing.every((s) => s > 0)) return grid;
  const precise = { size: grid.size, ...notes.grid };
  return sameGrid(precise, grid, ROUNDING_MM) ? precise : grid;
}

function dimensionFlags(header: NiftiHeader): QualityFlag[] {
  const flags: QualityFlag[] = [];
  const more = header.dim.slice(3).reduce((product, n) => product * n, 1);
  if (more > 1) {
    const message = `The file holds ${more} volumes; only the first was read.`;
    flags.push({ code: 'volume.first-of-many', severity: 'doubt', where: `volume 1 of ${more}`, message });
  }
  const { what } = NIFTI_TYPES[header.datatype];
  if (what !== 'number') {
    const message =
      what === 'colour' ? 'Colours were turned into brightness.' : 'Complex numbers were turned into their magnitude.';
    flags.push({ code: 'volume.values-merged', severity: 'doubt', message });
  }
  return flags;
}
