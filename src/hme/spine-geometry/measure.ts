/** Everything measured of a column, before it is told as features. */

import { DEG_PER_RAD, dot3 } from '../../kernel/index.ts';
import { type Ctx, levelIndex, type QualityFlag, type SegmentLevel, type VertebraLevel } from '../../model/index.ts';
import type { Measured } from './column/doubt.ts';
import { type IntervertebralSpace, measureSpace } from './column/intervertebral.ts';
import type { BoundaryNoise } from './endplate/doubt.ts';
import type { Endplate } from './endplate/endplate.ts';
import { type AssembleInputs, assembleColumn, type ColumnShape } from './vertebra/assemble.ts';
import { type BodyExtent, bodyExtent, type HeightStation, heightAt, type MeasuredHeight } from './vertebra/heights.ts';
import type { VertebraShape } from './vertebra/model.ts';
import { findRim, type Rim } from './vertebra/outline.ts';
import { type ArchPoints, findArchPoints } from './vertebra/processes.ts';
import { vertebraQuality } from './vertebra/quality.ts';
import { reportCentroid, type SliceHeights, sliceHeights } from './vertebra/slice-heights.ts';
import { measureVolume } from './vertebra/volume.ts';

/** One vertebra, measured. */
export interface VertebraMeasures {
  shape: VertebraShape;
  rims: { superior?: Rim; inferior?: Rim };
  extent?: BodyExtent;
  heights?: Record<HeightStation, MeasuredHeight>;
  slice?: SliceHeights;
  /** deg · positive turns the front to the left; absent without a canal or cord */
  rotation?: Measured;
  volume: Measured;
  bodyVolume: Measured;
  arch: ArchPoints;
  /** 0 to 1 */
  quality: number;
}

/** One segment, measured. */
export interface SegmentMeasures {
  segment: SegmentLevel;
  upper: VertebraMeasures;
  lower: VertebraMeasures;
  space?: IntervertebralSpace;
}

/** The column, measured. */
export interface ColumnMeasures {
  column: ColumnShape;
  vertebrae: VertebraMeasures[];
  segments: SegmentMeasures[];
  flags: QualityFlag[];
  /** one standard deviation of a body's centre · mm */
  centreSdMm: number;
}

/** Measures a column. */
export function measureColumn(ctx: Ctx, inputs: AssembleInputs): ColumnMeasures {
  const column = assembleColumn(ctx, inputs);
  const { noise } = column;
  const vertebrae = column.vertebrae.map((shape) => measureVertebra(shape, column));
  measureSlices(vertebrae);
  const segments: SegmentMeasures[] = [];
  for (let i = 0; i + 1 < vertebrae.length; i++) {
    ctx.signal.throwIfAborted();
    if (areNeighbours(vertebrae[i].shape.level, vertebrae[i + 1].shape.level)) {
      segments.push(measureSegment(vertebrae[i], vertebrae[i + 1], noise));
    }
  }
  const voxel = Math.max(...column.vertebrae.map((shape) => shape.voxelMm), 0.1);
  return {
    column,
    vertebrae,
    segments,
    flags: flagsOf(vertebrae),
    centreSdMm: Math.hypot(0.06 * voxel, 0.5 * noise.sdMm),
  };
}

/** True for levels with one disc between them; a missing T13 or L6 is no gap. */
function areNeighbours(upper: VertebraLevel, lower: VertebraLevel): boolean {
  const step = levelIndex(lower) - levelIndex(upper);
  if (step === 1) return upper !== 'C1';
  return step === 2 && (upper === 'T12' || upper === 'L5');
}

function measureVertebra(shape: VertebraShape, column: ColumnShape): VertebraMeasures {
  const { superior, inferior } = shape;
  const rim = (plate: Endplate | undefined) =>
    plate && findRim(shape.body, plate, shape.voxelMm, 1.5 * column.noise.sdMm);
  const rims = { superior: rim(superior), inferior: rim(inferior) };
  const found = [rims.superior, rims.inferior].filter((r) => r !== undefined);
  const extent = found.length > 0 ? bodyExtent(found) : undefined;
  const whole = !shape.cutBody && superior && inferior && extent;
  const bodyVolume = measureVolume(shape.body, shape.body.voxels, column.noise);
  return {
    shape,
    rims,
    extent,
    heights: whole ? heightsOf(superior, inferior, extent) : undefined,
    rotation: rotationOf(shape, column.noise.sdMm),
    volume: measureVolume(shape.crop, shape.region.voxels, column.noise),
    bodyVolume: shape.bodySource === 'split' ? widen(bodyVolume, 0.012) : bodyVolume,
    arch: findArchPoints(shape),
    quality: vertebraQuality(shape),
  };
}

/** Where the split runs through the pedicles is a choice, good to about a hundredth of the body. */
function widen(measured: Measured, share: number): Measured {
  return { value: measured.value, sd: Math.hypot(measured.sd, share * measured.value) };
}

function heightsOf(superior: Endplate, inferior: Endplate, extent: BodyExtent): Record<HeightStation, MeasuredHeight> {
  const heights = {} as Record<HeightStation, MeasuredHeight>;
  for (const station of Object.keys(extent.stations) as HeightStation[]) {
    heights[station] = heightAt(superior, inferior, ...extent.stations[station]);
  }
  return heights;
}

function rotationOf(shape: VertebraShape, noiseMm: number): Measured | undefined {
  if (shape.anteriorSource === 'patient') return undefined;
  const { y } = shape.frame;
  const value = Math.atan2(y[0], -y[1]) * DEG_PER_RAD;
  const { midlines } = shape;
  if (!midlines) return { value, sd: 3 };
  const lever = Math.max(8, midlines.body.v - midlines.canal.v);
  const across = Math.hypot(0.08 * shape.voxelMm, 0.6 * noiseMm);
  return { value, sd: (across / lever) * DEG_PER_RAD };
}

function measureSlices(vertebrae: VertebraMeasures[]): void {
  const centroids = vertebrae.map(({ shape }) => reportCentroid(shape.body));
  vertebrae.forEach((v, i) => {
    if (!v.heights) return;
    v.slice = sliceHeights(v.shape.body, centroids[i], centroids[i - 1]?.centre, centroids[i + 1]?.centre);
  });
}

function measureSegment(upper: VertebraMeasures, lower: VertebraMeasures, noise: BoundaryNoise): SegmentMeasures {
  const segment: SegmentLevel = `${upper.shape.level}-${lower.shape.level}`;
  const [a, b] = [upper.shape.inferior, lower.shape.superior];
  const [ra, rb] = [upper.rims.inferior, lower.rims.superior];
  if (!a || !b || !ra || !rb || !upper.extent) return { segment, upper, lower };
  const facing = -dot3(a.normal, b.normal);
  if (facing < 0.5) return { segment, upper, lower };
  const space = measureSpace(segment, { plate: a, rim: ra }, { plate: b, rim: rb }, upper.extent, noise);
  if (upper.shape.bodySource === 'split' || lower.shape.bodySource === 'split') {
    space.volumeMm3 = widen(space.volumeMm3, SPLIT_RIM_SHARE);
  }
  return { segment, upper, lower, space };
}

/** A split that leaves a body's hindmost corners to the arch takes as much from the disc's area: 4 % on columns with seeds 311 to 314. */
const SPLIT_RIM_SHARE = 0.035;

function flagsOf(vertebrae: readonly VertebraMeasures[]): QualityFlag[] {
  const flags: QualityFlag[] = [];
  for (const { shape, quality } of vertebrae) {
    const where = shape.level;
    const add = (code: string, severity: QualityFlag['severity'], message: string) =>
      flags.push({ code, severity, where, message });
    if (shape.cutBody) {
      add('spine.cut-body', 'info', `${where} is cut by the edge of the volume: no heights or volumes of it are told.`);
    } else if (shape.cutLabel) {
      add('spine.cut-label', 'info', `The label of ${where} reaches the edge of the volume: its volume is not told.`);
    }
    if (shape.droppedVoxels > 0.02 * shape.region.voxels) {
      const share = Math.round((100 * shape.droppedVoxels) / shape.region.voxels);
      add('spine.loose-pieces', 'doubt', `${share} % of the label of ${where} hangs apart from it and was left out.`);
    }
    if (shape.bodySource === 'columns') {
      add(
        'spine.body-guess',
        'doubt',
        `Body and arch of ${where} could not be told apart by the canal; the body is a guess.`,
      );
    }
    if (shape.anteriorSource === 'patient' && where !== 'C1') {
      add(
        'spine.no-canal',
        'info',
        `No canal behind ${where}: its front is taken from the patient's axes and no rotation is told.`,
      );
    }
    if (quality < 0.4)
      add(
        'spine.poor-endplates',
        'doubt',
        `The endplates of ${where} fit poorly; look at them before using its numbers.`,
      );
  }
  return flags;
}
