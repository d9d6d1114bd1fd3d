/**
 * Every vertebra of a label map in place: body, canal, local frame and endplates, each with its doubt.
 *
 * Axes start from the neighbours' centres and are refined three times by the endplates themselves. O(voxels of the crops).
 */

import { add3, dot3, norm3, scale3, sub3, unit3 } from '../../../kernel/index.ts';
import {
  type Ctx,
  compareLevels,
  type Labelmap,
  levelIndex,
  SUPERIOR,
  type Vec3,
  type VertebraLevel,
  type Volume,
} from '../../../model/index.ts';
import { type BoundaryNoise, poolNoise } from '../endplate/doubt.ts';
import { type Endplate, fitEndplate, settleDoubt, voxelAlong } from '../endplate/endplate.ts';
import { planeHeight } from '../endplate/evaluate.ts';
import { type Footprint, measureFootprint } from '../endplate/footprint.ts';
import { cropCentroid, cropLabel, largestPiece, touchesVolumeFace } from '../label/crop.ts';
import { frameFrom, type LocalFrame, toPatient } from '../label/local-frame.ts';
import { bodyMidline, canalMidline } from '../label/midline.ts';
import { type LabelRegion, scanLabels } from '../label/regions.ts';
import { anteriorFrom, cordBehind, cordPoints, PATIENT_ANTERIOR } from './anterior.ts';
import { type BodyMap, findBody } from './body.ts';
import type { VertebraShape } from './model.ts';
import { isSacral, sacralFootprint } from './sacrum.ts';

/** The column as shapes. */
export interface ColumnShape {
  /** cranial to caudal */
  vertebrae: VertebraShape[];
  noise: BoundaryNoise;
}

/** What the assembly needs. */
export interface AssembleInputs {
  vertebrae: Labelmap;
  bodies?: Labelmap;
  anatomy?: Labelmap;
  /** what the labels were drawn on */
  volume?: Volume;
}

/** A label smaller than this is no vertebra to measure · mm³. */
const LEAST_VERTEBRA_MM3 = 600;

interface Started {
  level: VertebraLevel;
  region: LabelRegion;
}

/** Builds the column. */
export function assembleColumn(ctx: Ctx, inputs: AssembleInputs): ColumnShape {
  const started = levelsOf(inputs.vertebrae);
  const bodies = inputs.bodies && bodyMapOf(inputs.bodies);
  let points: Float64Array | undefined;
  const cord = () => {
    points ??= cordPoints(inputs.anatomy);
    return points;
  };
  const shapes: VertebraShape[] = [];
  started.forEach((start, i) => {
    ctx.signal.throwIfAborted();
    ctx.progress((0.7 * i) / started.length, `Body of ${start.level}`);
    shapes.push(placeBody(inputs.vertebrae, start, roughAxis(started, i), bodies, cord));
  });
  refineAxes(shapes);
  for (const shape of shapes) {
    ctx.signal.throwIfAborted();
    fitPlates(shape, shapes, 'quick');
    settleRotation(shape);
  }
  const sound = shapes.filter((s) => !s.cutBody && !isSacral(s.level));
  const sample = sound.length > 0 ? sound : shapes;
  const evidence = sample.flatMap((s) => platesOf(s).map((plate) => plate.evidence));
  const noise = poolNoise(evidence);
  ctx.progress(0.8, 'Endplates');
  for (const shape of shapes) {
    ctx.signal.throwIfAborted();
    fitPlates(shape, shapes, 'full', noise, inputs.volume);
    for (const plate of platesOf(shape)) settleDoubt(plate, noise);
  }
  return { vertebrae: shapes, noise };
}

/** Endplates that a vertebra has. */
export function platesOf(shape: VertebraShape): Endplate[] {
  return [shape.superior, shape.inferior].filter((plate) => plate !== undefined);
}

function levelsOf(map: Labelmap): Started[] {
  const entries = map.labels.filter((entry) => entry.level !== undefined);
  const regions = scanLabels(
    map,
    entries.map((entry) => entry.value),
  );
  const voxel = map.spacing[0] * map.spacing[1] * map.spacing[2];
  const started = new Map<VertebraLevel, Started>();
  for (const entry of entries) {
    const region = regions.get(entry.value);
    const level = entry.level as VertebraLevel;
    if (!region || region.voxels * voxel < LEAST_VERTEBRA_MM3 || levelIndex(level) > levelIndex('S1')) continue;
    // S1 labelled as a vertebra goes before a whole sacrum of the same level
    const standing = started.get(level);
    if (!standing || entry.structure === 'vertebra') started.set(level, { level, region });
  }
  return [...started.values()].sort((a, b) => compareLevels(a.level, b.level));
}

function bodyMapOf(map: Labelmap): BodyMap {
  const values = map.labels.filter((entry) => entry.level !== undefined).map((entry) => entry.value);
  return { map, regions: scanLabels(map, values) };
}

/** Direction from the next caudal to the next cranial centre; the patient's axis for a single vertebra. */
function roughAxis(all: readonly Started[], i: number): Vec3 {
  const above = all[Math.max(0, i - 1)].region.centroid;
  const below = all[Math.min(all.length - 1, i + 1)].region.centroid;
  const axis = sub3(above, below);
  return norm3(axis) > 1 && dot3(unit3(axis), SUPERIOR) > 0.2 ? unit3(axis) : SUPERIOR;
}

function placeBody(
  map: Labelmap,
  start: Started,
  axis: Vec3,
  bodies: BodyMap | undefined,
  cord: () => Float64Array,
): VertebraShape {
  const whole = largestPiece(cropLabel(map, start.region));
  const crop = whole.crop;
  const rough = frameFrom(start.region.centroid, axis, PATIENT_ANTERIOR);
  const found = findBody(crop, rough, start.level, bodies);
  const centre = cropCentroid(found.body) ?? start.region.centroid;
  const behind = found.canal?.centre ?? cordBehind(cord(), { ...rough, origin: centre });
  return {
    level: start.level,
    region: start.region,
    crop,
    droppedVoxels: whole.dropped,
    body: found.body,
    bodySource: found.source,
    arch: found.arch,
    canal: found.canal,
    frame: frameFrom(centre, axis, behind ? anteriorFrom(behind, centre, axis) : PATIENT_ANTERIOR),
    anteriorSource: found.canal ? 'canal' : behind ? 'cord' : 'patient',
    cutLabel: start.region.borderVoxels > 0,
    cutBody: touchesVolumeFace(found.body),
    missing: {},
    voxelMm: voxelAlong(found.body, axis),
  };
}

/** Axes from the bodies' own centres, which lie on the curve of the column; the labels' centres lie behind it. */
function refineAxes(shapes: readonly VertebraShape[]): void {
  const centres = shapes.map((shape) => shape.frame.origin);
  shapes.forEach((shape, i) => {
    const above = centres[Math.max(0, i - 1)];
    const below = centres[Math.min(shapes.length - 1, i + 1)];
    const axis = sub3(above, below);
    if (norm3(axis) > 1) turnFrame(shape, axis);
  });
}

function turnFrame(shape: VertebraShape, axis: Vec3): void {
  const behind = shape.canal?.centre;
  const anterior = behind ? anteriorFrom(behind, shape.frame.origin, unit3(axis)) : shape.frame.y;
  shape.frame = frameFrom(shape.frame.origin, axis, anterior);
}

/** Turns the frame about its axis until the midlines of body and canal lie straight behind each other. */
function settleRotation(shape: VertebraShape): void {
  const footprint = shape.superior?.footprint ?? shape.inferior?.footprint;
  if (!shape.canal || !footprint) return;
  const halfDepth = Math.sqrt(footprint.areaMm2 / Math.PI) * 0.85;
  for (let round = 0; round < 2; round++) {
    const canal = canalMidline(shape.crop, shape.frame, shape.canal);
    const body = bodyMidline(shape.body, shape.frame, halfDepth, footprint.height / 2);
    if (!canal || !body || body.v - canal.v < 8) return;
    shape.midlines = { canal, body };
    const { frame } = shape;
    const anterior = sub3(toPatient(frame, body.u, body.v, 0), toPatient(frame, canal.u, canal.v, 0));
    shape.frame = frameFrom(frame.origin, frame.z, anterior);
  }
}

const ROUNDS = { quick: 3, full: 1 } as const;

/** Fits both endplates; their mean normal becomes the axis. */
function fitPlates(
  shape: VertebraShape,
  shapes: readonly VertebraShape[],
  mode: 'quick' | 'full',
  noise?: BoundaryNoise,
  volume?: Volume,
): void {
  const sacral = isSacral(shape.level);
  const noSuperior = shape.level === 'C1' || shape.level === 'C2';
  for (let round = 0; round < ROUNDS[mode]; round++) {
    const footprint = footprintOf(shape, shapes);
    if (!footprint) {
      markMissing(shape, 'The label holds no body-shaped piece here.');
      return;
    }
    const options = { noise, volume, likelihood: mode === 'full' || round === ROUNDS[mode] - 1 };
    const fitSide = (side: 'superior' | 'inferior') => fitEndplate(shape.body, shape.frame, footprint, side, options);
    shape.superior = noSuperior ? undefined : fitSide('superior');
    shape.inferior = sacral || shape.level === 'C1' ? undefined : fitSide('inferior');
    const axis = axisOf(shape.superior, shape.inferior);
    if (axis && mode === 'quick') turnFrame(shape, axis);
  }
  if (sacral) shape.missing.inferior = 'The sacrum is one bone: S1 has no inferior endplate.';
  if (noSuperior) shape.missing.superior = `${shape.level} has no superior endplate.`;
  if (shape.level === 'C1') shape.missing.inferior = 'The atlas has no body.';
  dropCutPlates(shape);
}

function footprintOf(shape: VertebraShape, shapes: readonly VertebraShape[]): Footprint | undefined {
  if (!isSacral(shape.level)) return measureFootprint(shape.body, shape.frame);
  const above = shapes[shapes.indexOf(shape) - 1];
  return sacralFootprint(shape, above);
}

function axisOf(superior: Endplate | undefined, inferior: Endplate | undefined): Vec3 | undefined {
  if (superior && inferior) return unit3(sub3(superior.normal, inferior.normal));
  if (superior) return superior.normal;
  return inferior ? scale3(inferior.normal, -1) : undefined;
}

function markMissing(shape: VertebraShape, reason: string): void {
  shape.superior = undefined;
  shape.inferior = undefined;
  shape.missing = { superior: reason, inferior: reason };
}

/** A plate whose surface runs into a face of the volume is the face's, not the patient's. */
function dropCutPlates(shape: VertebraShape): void {
  if (!shape.cutBody) return;
  for (const side of ['superior', 'inferior'] as const) {
    const plate = shape[side];
    if (!plate || !reachesFace(shape, plate)) continue;
    shape[side] = undefined;
    shape.missing[side] = 'The endplate is cut by the edge of the volume.';
  }
}

function reachesFace(shape: VertebraShape, plate: Endplate): boolean {
  const { grid } = shape.body;
  const d = grid.direction;
  let outside = 0;
  let cells = 0;
  const { footprint } = plate;
  for (let c = 0; c < footprint.depth.length; c++) {
    if (footprint.depth[c] <= 0) continue;
    cells++;
    const u = footprint.u0 + (c % footprint.nu) * footprint.cell;
    const v = footprint.v0 + Math.floor(c / footprint.nu) * footprint.cell;
    const w = planeHeight(plate, u, v);
    const p = sub3(localPoint(plate.frame, u, v, w), grid.origin);
    for (let a = 0; a < 3; a++) {
      const index = (d[a] * p[0] + d[3 + a] * p[1] + d[6 + a] * p[2]) / grid.spacing[a];
      if (index < 0.75 || index > grid.size[a] - 1.75) {
        outside++;
        break;
      }
    }
  }
  return outside > 0.03 * cells;
}

function localPoint(frame: LocalFrame, u: number, v: number, w: number): Vec3 {
  return add3(frame.origin, add3(scale3(frame.x, u), add3(scale3(frame.y, v), scale3(frame.z, w))));
}
