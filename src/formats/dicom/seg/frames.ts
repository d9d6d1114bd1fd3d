/** Frames of a DICOM SEG: which segment, where in the patient, which voxels. */

import { cross3, dot3 } from '../../../kernel/index.ts';
import type { Grid, QualityFlag, Vec3 } from '../../../model/index.ts';
import type { DataSet } from '../parse/dataset.ts';
import { fileError } from '../parse/failure.ts';
import type { DicomFile } from '../parse/file.ts';
import { TAG, tagText } from '../parse/tags.ts';
import type { ImageLayout } from '../pixels/image.ts';

/** Planes a label map may have: more means that positions are damaged. */
const MAX_PLANES = 8192;
const SAME_PLACE_MM = 1e-2;

/** One frame and its place on the grid. */
export interface SegFrame {
  frame: number;
  /** 0 in a label map SEG, whose frames hold all segments */
  segment: number;
  position: Vec3;
  /** plane of the grid and shift inside it · voxels */
  k: number;
  i: number;
  j: number;
}

/** All frames on one grid. */
export interface SegGeometry {
  frames: SegFrame[];
  grid: Grid;
  flags: QualityFlag[];
}

/**
 * Places every frame on one grid; frames may be sparse.
 * @throws MsdtError `file.malformed` or `series.inconsistent`, naming the tag
 */
export function segGeometry(file: DicomFile, layout: ImageLayout, isLabelmap: boolean): SegGeometry {
  const { data } = file;
  const shared = data.item(TAG.SharedFunctionalGroupsSequence);
  const perFrame = data.items(TAG.PerFrameFunctionalGroupsSequence);
  if (perFrame.length < layout.frames) {
    throw segError(file, TAG.PerFrameFunctionalGroupsSequence, `${perFrame.length} items for ${layout.frames} frames`);
  }
  const find = (frame: number, macro: number) => perFrame[frame].item(macro) ?? shared?.item(macro);
  const orientation = find(0, TAG.PlaneOrientationSequence)?.decimals(TAG.ImageOrientationPatient) ?? [];
  const measures = find(0, TAG.PixelMeasuresSequence);
  const spacing = measures?.decimals(TAG.PixelSpacing) ?? [];
  if (orientation.length < 6) throw segError(file, TAG.ImageOrientationPatient, 'the tag is absent');
  if (spacing.length < 2 || !(spacing[0] > 0 && spacing[1] > 0))
    throw segError(file, TAG.PixelSpacing, `found ${spacing}`);
  const axes = axesOf(file, orientation);
  const frames: SegFrame[] = [];
  for (let frame = 0; frame < layout.frames; frame++) {
    const position = find(frame, TAG.PlanePositionSequence)?.decimals(TAG.ImagePositionPatient) ?? [];
    if (position.length < 3 || !position.every((v) => Math.abs(v) < 1e6)) {
      throw segError(file, TAG.ImagePositionPatient, `frame ${frame + 1}: found ${position.join(', ') || 'nothing'}`);
    }
    const turned = perFrame[frame].item(TAG.PlaneOrientationSequence)?.decimals(TAG.ImageOrientationPatient);
    if (turned?.some((v, n) => Math.abs(v - orientation[n]) > 1e-3)) {
      throw fileError(
        'series.inconsistent',
        file.name,
        `tag ${tagText(TAG.ImageOrientationPatient)}, frame ${frame + 1}`,
        'frames of different orientation',
        'Export the segmentation of each image stack by itself.',
      );
    }
    const segment = isLabelmap ? 0 : segmentOf(file, frame, find(frame, TAG.SegmentIdentificationSequence));
    frames.push({ frame, segment, position: [position[0], position[1], position[2]], k: 0, i: 0, j: 0 });
  }
  return placeFrames(file, layout, { frames, axes, spacing: [spacing[1], spacing[0]], measures });
}

function segmentOf(file: DicomFile, frame: number, group: DataSet | undefined): number {
  const number = group?.int16(TAG.ReferencedSegmentNumber);
  if (number === undefined || number < 1)
    throw segError(file, TAG.ReferencedSegmentNumber, `frame ${frame + 1}: found ${number}`);
  return number;
}

interface Axes {
  row: Vec3;
  column: Vec3;
  normal: Vec3;
}

function axesOf(file: DicomFile, o: number[]): Axes {
  const row = unit([o[0], o[1], o[2]]);
  const along = dot3(row, [o[3], o[4], o[5]]);
  const column = unit([o[3] - along * row[0], o[4] - along * row[1], o[5] - along * row[2]]);
  if (!(Math.abs(along) < 0.01) || !row.every(Number.isFinite) || !column.every(Number.isFinite)) {
    throw segError(file, TAG.ImageOrientationPatient, `found ${o.slice(0, 6).join(', ')}`);
  }
  return { row, column, normal: cross3(row, column) };
}

function unit(v: Vec3): Vec3 {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}

interface Placing {
  frames: SegFrame[];
  axes: Axes;
  /** along i and j · mm */
  spacing: readonly [number, number];
  measures: DataSet | undefined;
}

function placeFrames(file: DicomFile, layout: ImageLayout, { frames, axes, spacing, measures }: Placing): SegGeometry {
  const depths = frames.map(({ position }) => dot3(position, axes.normal));
  const lowest = frames[depths.indexOf(Math.min(...depths))];
  const base = dot3(lowest.position, axes.normal);
  const step = planeStep(file, depths, measures);
  frames.forEach((frame, n) => {
    const from: Vec3 = [
      frame.position[0] - lowest.position[0],
      frame.position[1] - lowest.position[1],
      frame.position[2] - lowest.position[2],
    ];
    frame.k = Math.round((depths[n] - base) / step.mm);
    frame.i = Math.round(dot3(from, axes.row) / spacing[0]);
    frame.j = Math.round(dot3(from, axes.column) / spacing[1]);
  });
  const low = { i: Math.min(...frames.map((f) => f.i)), j: Math.min(...frames.map((f) => f.j)) };
  const high = { i: Math.max(...frames.map((f) => f.i)), j: Math.max(...frames.map((f) => f.j)) };
  for (const frame of frames) {
    frame.i -= low.i;
    frame.j -= low.j;
  }
  const planes = Math.max(...frames.map((f) => f.k)) + 1;
  const size: Grid['size'] = [layout.columns + high.i - low.i, layout.rows + high.j - low.j, planes];
  if (planes > MAX_PLANES || size[0] > 4 * layout.columns || size[1] > 4 * layout.rows) {
    throw segError(file, TAG.ImagePositionPatient, `frames spread over ${size.join(' × ')} voxels`);
  }
  const { row: r, column: c, normal: n } = axes;
  const [di, dj] = [low.i * spacing[0], low.j * spacing[1]];
  const p = lowest.position;
  return {
    frames,
    grid: {
      size,
      spacing: [spacing[0], spacing[1], Number(step.mm.toFixed(6))],
      origin: [p[0] + r[0] * di + c[0] * dj, p[1] + r[1] * di + c[1] * dj, p[2] + r[2] * di + c[2] * dj],
      direction: [r[0], c[0], n[0], r[1], c[1], n[1], r[2], c[2], n[2]],
    },
    flags: [...step.flags, ...shiftFlags(low, high)],
  };
}

/** Distance of the planes: the largest that makes every gap a whole number of steps; sparse frames leave gaps. */
function planeStep(
  file: DicomFile,
  depths: number[],
  measures: DataSet | undefined,
): { mm: number; flags: QualityFlag[] } {
  const sorted = [...depths].sort((a, b) => a - b);
  const gaps = sorted
    .slice(1)
    .map((depth, n) => depth - sorted[n])
    .filter((gap) => gap > SAME_PLACE_MM);
  const stated = measures?.decimal(TAG.SpacingBetweenSlices);
  const fits = (step: number) =>
    gaps.every((gap) => Math.abs(gap / step - Math.round(gap / step)) < 0.05 && gap / step > 0.5);
  if (gaps.length === 0) {
    const mm = stated ?? measures?.decimal(TAG.SliceThickness) ?? 1;
    const message = `The segmentation has a single plane: its thickness of ${mm} mm is only what the file states.`;
    return { mm: mm > 0 ? mm : 1, flags: [{ code: 'dicom.single-slice', severity: 'doubt', message }] };
  }
  const least = Math.min(...gaps);
  if (stated !== undefined && stated > 0 && fits(stated)) {
    // the stated distance says how many planes lie in a gap; the positions say how far they really are apart
    const span = sorted[sorted.length - 1] - sorted[0];
    return { mm: span / Math.round(span / stated), flags: [] };
  }
  for (let divisor = 1; divisor <= 8; divisor++) {
    if (!fits(least / divisor)) continue;
    const span = sorted[sorted.length - 1] - sorted[0];
    return { mm: span / Math.round(span / (least / divisor)), flags: [] };
  }
  throw fileError(
    'series.inconsistent',
    file.name,
    `tag ${tagText(TAG.ImagePositionPatient)}`,
    `distances from ${least.toFixed(3)} to ${Math.max(...gaps).toFixed(3)} mm that share no step`,
    'Export the segmentation on the grid of its image series.',
  );
}

function shiftFlags(low: { i: number; j: number }, high: { i: number; j: number }): QualityFlag[] {
  if (low.i === high.i && low.j === high.j) return [];
  const where = `${high.i - low.i} × ${high.j - low.j} pixels`;
  const message =
    'The planes of the segmentation are shifted against each other (tilted scanner); they were moved by whole pixels.';
  return [{ code: 'dicom.gantry-tilt', severity: 'info', where, message }];
}

function segError(file: DicomFile, tag: number, detail: string): Error {
  return fileError('file.malformed', file.name, `tag ${tagText(tag)}`, detail);
}
