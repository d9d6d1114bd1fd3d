/** What a slice says of itself: classic single-frame files and frames of enhanced multi-frame files in one form. */

import type { Vec3 } from '../../../model/index.ts';
import type { DataSet } from '../parse/dataset.ts';
import { fileError } from '../parse/failure.ts';
import type { DicomFile } from '../parse/file.ts';
import { TAG, tagText } from '../parse/tags.ts';
import { checkNativeLength, needPixels, type PixelFile } from '../pixels/frames.ts';
import { type ImageLayout, imageLayout } from '../pixels/image.ts';
import { type SeriesFacts, seriesFacts } from './facts.ts';

/** Where the pixels of a slice come from. */
export interface SliceSource {
  /** without its header, which is dropped once the slices are known */
  file: PixelFile;
  layout: ImageLayout;
}

/** Values that tell slices at one place apart: several echoes, phases, diffusion weights, kernels. */
export interface SliceKeys {
  frameOfReference: string;
  imageType: string;
  echo: string;
  acquisition: string;
  kernel: string;
  temporal: string;
  bValue: string;
  trigger: string;
  stack: string;
}

/** One slice: where it lies, what it is, where its pixels are. */
export interface Slice {
  source: SliceSource;
  /** frame in its file, from 0 */
  frame: number;
  sopInstance: string;
  series: string;
  instanceNumber: number;
  /** centre of the first pixel · patient frame (LPS) · mm */
  position: Vec3;
  /** unit vectors along a row (i) and down a column (j) */
  rowDirection: Vec3;
  columnDirection: Vec3;
  /** distance between pixel centres along a row (i) and a column (j) · mm */
  spacing: readonly [number, number];
  slope: number;
  intercept: number;
  keys: SliceKeys;
  facts: SeriesFacts;
}

/** Words for a slice in messages: the file, and the frame where it has several. */
export function sliceName(slice: Slice): string {
  return slice.source.layout.frames > 1 ? `${slice.source.file.name} frame ${slice.frame + 1}` : slice.source.file.name;
}

/**
 * The slices of one file: one, or one per frame.
 * @throws MsdtError naming file and tag when geometry or layout cannot be read
 */
export function slicesOf(file: DicomFile): Slice[] {
  const layout = imageLayout(file.data);
  needPixels(file);
  checkNativeLength(file, layout);
  const facts = seriesFacts(file.data);
  const source: SliceSource = {
    file: { name: file.name, syntax: file.syntax, pixels: file.pixels, body: file.body, data: offsetTableOnly(file) },
    layout,
  };
  const shared = file.data.item(TAG.SharedFunctionalGroupsSequence);
  const perFrame = file.data.items(TAG.PerFrameFunctionalGroupsSequence);
  if (perFrame.length === 0 && !shared) {
    if (layout.frames > 1) throw noFrameGeometry(file, layout);
    return [slice(source, 0, [file.data], facts)];
  }
  if (perFrame.length < layout.frames) {
    const detail = `${perFrame.length} items for ${layout.frames} frames`;
    throw fileError('file.malformed', file.name, `tag ${tagText(TAG.PerFrameFunctionalGroupsSequence)}`, detail);
  }
  const slices: Slice[] = [];
  for (let frame = 0; frame < layout.frames; frame++) {
    const groups = shared ? [perFrame[frame], shared, file.data] : [perFrame[frame], file.data];
    slices.push(slice(source, frame, groups, facts));
  }
  return slices;
}

/** Compressed multi-frame data may need the offset table of the header; single frames do not. */
function offsetTableOnly(file: DicomFile): DataSet | undefined {
  return file.data.has(TAG.ExtendedOffsetTable) ? file.data : undefined;
}

function noFrameGeometry(file: DicomFile, layout: ImageLayout): Error {
  const detail = `${layout.frames} frames without a position for each`;
  const hint = 'Export the series as single slices, or as an enhanced object.';
  return fileError('file.unsupported', file.name, `tag ${tagText(TAG.PerFrameFunctionalGroupsSequence)}`, detail, hint);
}

/** Macro sequence and tag → the values of the first group that has them, else the plain tag of the data set. */
function find(groups: DataSet[], macro: number, tag: number): number[] {
  for (const group of groups) {
    const values = group.item(macro)?.decimals(tag);
    if (values && values.length > 0) return values;
  }
  return groups[groups.length - 1].decimals(tag);
}

function slice(source: SliceSource, frame: number, groups: DataSet[], facts: SeriesFacts): Slice {
  const data = groups[groups.length - 1];
  const position = find(groups, TAG.PlanePositionSequence, TAG.ImagePositionPatient);
  const orientation = find(groups, TAG.PlaneOrientationSequence, TAG.ImageOrientationPatient);
  const spacing = find(groups, TAG.PixelMeasuresSequence, TAG.PixelSpacing);
  const where = { file: source.file.name, frame };
  if (position.length < 3) throw missing(where, TAG.ImagePositionPatient, position);
  if (orientation.length < 6) throw missing(where, TAG.ImageOrientationPatient, orientation);
  if (spacing.length < 2 || !(spacing[0] > 0) || !(spacing[1] > 0)) throw missing(where, TAG.PixelSpacing, spacing);
  if (![...position, ...orientation, ...spacing].every(isReasonable)) {
    throw missing(where, TAG.ImagePositionPatient, [...position, ...orientation, ...spacing]);
  }
  const [rowDirection, columnDirection] = orthonormal(where, orientation);
  const slope = find(groups, TAG.PixelValueTransformationSequence, TAG.RescaleSlope)[0];
  const intercept = find(groups, TAG.PixelValueTransformationSequence, TAG.RescaleIntercept)[0];
  return {
    source,
    frame,
    sopInstance: data.uid(TAG.SOPInstanceUID) ?? source.file.name,
    series: data.uid(TAG.SeriesInstanceUID) ?? 'series without a UID',
    instanceNumber: data.decimal(TAG.InstanceNumber) ?? 0,
    position: [position[0], position[1], position[2]],
    rowDirection,
    columnDirection,
    // DICOM gives the distance between rows first
    spacing: [spacing[1], spacing[0]],
    slope: slope === undefined || slope === 0 ? 1 : slope,
    intercept: intercept ?? 0,
    keys: sliceKeys(groups, data),
    facts,
  };
}

/** Millimetres and cosines of a body scanner stay far below a kilometre. */
function isReasonable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) < 1e6;
}

function missing(where: { file: string; frame: number }, tag: number, found: number[]): Error {
  const place = `tag ${tagText(tag)}${where.frame > 0 ? `, frame ${where.frame + 1}` : ''}`;
  const detail =
    found.length === 0 ? 'the tag is absent: the slice has no place in the patient' : `found ${found.join(', ')}`;
  return fileError(
    'series.inconsistent',
    where.file,
    place,
    detail,
    'Export the original slices of the scanner; derived pictures carry no position.',
  );
}

/** Unit vectors from six cosines with a few rounded digits. */
function orthonormal(where: { file: string; frame: number }, o: number[]): [Vec3, Vec3] {
  const rowLength = Math.hypot(o[0], o[1], o[2]);
  const columnLength = Math.hypot(o[3], o[4], o[5]);
  const dot = o[0] * o[3] + o[1] * o[4] + o[2] * o[5];
  if (Math.abs(rowLength - 1) > 0.01 || Math.abs(columnLength - 1) > 0.01 || Math.abs(dot) > 0.01) {
    throw missing(where, TAG.ImageOrientationPatient, o.slice(0, 6));
  }
  const row: Vec3 = [o[0] / rowLength, o[1] / rowLength, o[2] / rowLength];
  const along = row[0] * o[3] + row[1] * o[4] + row[2] * o[5];
  const c = [o[3] - along * row[0], o[4] - along * row[1], o[5] - along * row[2]];
  const length = Math.hypot(c[0], c[1], c[2]);
  return [row, [c[0] / length, c[1] / length, c[2] / length]];
}

function sliceKeys(groups: DataSet[], data: DataSet): SliceKeys {
  const content = groups.length > 1 ? groups[0].item(TAG.FrameContentSequence) : undefined;
  const text = (tag: number): string => data.texts(tag).join(' ');
  return {
    frameOfReference: data.uid(TAG.FrameOfReferenceUID) ?? '',
    imageType: data.texts(TAG.ImageType).slice(2).join(' '),
    echo: `${text(TAG.EchoNumbers)} ${text(TAG.EchoTime)}`.trim(),
    acquisition: text(TAG.AcquisitionNumber),
    kernel: text(TAG.ConvolutionKernel),
    temporal: content ? String(content.uint32(TAG.TemporalPositionIndex) ?? '') : text(TAG.TemporalPositionIdentifier),
    bValue: data.doubles(TAG.DiffusionBValue).slice(0, 1).join(''),
    trigger: text(TAG.TriggerTime),
    stack: content?.text(TAG.StackID) ?? '',
  };
}
