/** Features, local axes and the table from a centre line and its vertebrae. */

import { cross3, DEG_PER_RAD, distance3, rejectFrom3, sub3, unit3 } from '../../kernel/index.ts';
import {
  type FeatureDraft,
  intervalFromSd,
  type Posture,
  type SpineLandmarks,
  type Table,
  tableFromRows,
  type Vec3,
  type VertebraFrame,
  type VertebraLevel,
} from '../../model/index.ts';
import { areNeighbours } from './checks.ts';
import type { MarkedColumn, MarkedVertebra } from './column.ts';
import { KEYPOINT_FEATURES } from './features.ts';
import { type CentreLine, coronalCurves, lateralOffset, tangentAngle } from './line.ts';

/** Turn and slope of a pedicle pair, with standard deviations · deg and mm */
export interface PediclePair {
  rotationDeg: number;
  rotationSdDeg: number;
  tiltDeg: number;
  tiltSdDeg: number;
  distanceMm: number;
  distanceSdMm: number;
}

/**
 * Measures the line from the right to the left pedicle.
 *
 * @param left - patient frame (LPS) · mm
 * @param right - patient frame (LPS) · mm
 * @param sdMm - one standard deviation of each point along each axis · mm
 * @returns undefined when the pedicles lie in one place, or one above the other
 * @example measurePedicles([10, 0, 0], [-10, 0, 0], 1)?.rotationDeg // 0
 */
export function measurePedicles(left: Vec3, right: Vec3, sdMm: number): PediclePair | undefined {
  const d = sub3(left, right);
  const [axial, coronal] = [Math.hypot(d[0], d[1]), Math.hypot(d[0], d[2])];
  if (axial < 1 || coronal < 1) return undefined;
  const sd = Math.SQRT2 * sdMm;
  return {
    rotationDeg: Math.atan2(d[1], d[0]) * DEG_PER_RAD,
    rotationSdDeg: (sd / axial) * DEG_PER_RAD,
    tiltDeg: Math.atan2(d[2], d[0]) * DEG_PER_RAD,
    tiltSdDeg: (sd / coronal) * DEG_PER_RAD,
    distanceMm: Math.hypot(...d),
    distanceSdMm: sd,
  };
}

function pairOf({ left, right }: MarkedVertebra, sdMm: number): PediclePair | undefined {
  return left && right ? measurePedicles(left.xyz, right.xyz, sdMm) : undefined;
}

/** Local axes: up along the tangent, left along the pedicles across it, forward from both. */
export function framesOf(column: MarkedColumn, line: CentreLine): VertebraFrame[] {
  return column.bodies.flatMap(({ level, body, left, right }, i) => {
    const z = line.tangents[i];
    if (!left || !right) return [];
    const across = rejectFrom3(sub3(left.xyz, right.xyz), z);
    if (Math.hypot(...across) < 1) return [];
    const x = unit3(across);
    return [{ level, centre: body.xyz, x, y: cross3(x, z), z }];
  });
}

/** Keypoints with their doubt, and the local axes. */
export function landmarksOf(column: MarkedColumn, line: CentreLine, sdMm: number): SpineLandmarks {
  const points = column.vertebrae.flatMap(({ body, left, right }) =>
    [body, left, right].flatMap((point) => (point ? [{ ...point, sdMm: point.sdMm ?? sdMm }] : [])),
  );
  return { frame: 'patient', points, planes: [], vertebrae: framesOf(column, line) };
}

/** One row per vertebra. */
export function tableOf(column: MarkedColumn, line: CentreLine, sdMm: number): Table {
  const ends = [column.bodies[0].body.xyz, column.bodies[column.bodies.length - 1].body.xyz] as const;
  const rows = column.vertebrae.map((vertebra) => {
    const i = column.bodies.indexOf(vertebra);
    const pair = pairOf(vertebra, sdMm);
    const [x, y, z] = vertebra.body.xyz;
    const t = line.spline.t[i];
    return {
      level: vertebra.level,
      x,
      y,
      z,
      coronalTilt: i < 0 ? null : line.coronal[i],
      sagittalTilt: i < 0 ? null : line.sagittal[i],
      curvature: i < 0 ? null : line.spline.curvature(t),
      torsion: i < 0 || !line.hasTorsion ? null : line.spline.torsion(t),
      lateralOffset: i < 0 ? null : lateralOffset(vertebra.body.xyz, ...ends),
      axialRotation: pair?.rotationDeg ?? null,
      pedicleTilt: pair?.tiltDeg ?? null,
      pedicleDistance: pair?.distanceMm ?? null,
    };
  });
  return tableFromRows(rows, {
    x: { unit: 'mm', definition: 'Body centre, towards the patient’s left' },
    y: { unit: 'mm', definition: 'Body centre, towards the patient’s back' },
    z: { unit: 'mm', definition: 'Body centre, towards the patient’s head' },
    coronalTilt: { unit: 'deg', definition: 'Lean of the upward tangent to the patient’s left' },
    sagittalTilt: { unit: 'deg', definition: 'Lean of the upward tangent to the front' },
    curvature: { unit: '/mm' },
    torsion: { unit: '/mm' },
    lateralOffset: { unit: 'mm', definition: 'From the line first to last body, positive to the patient’s left' },
    axialRotation: { unit: 'deg', definition: definitionOf('keypoints.axialRotation').definition },
    pedicleTilt: { unit: 'deg', definition: definitionOf('keypoints.pedicleTilt').definition },
    pedicleDistance: { unit: 'mm', definition: definitionOf('keypoints.pedicleDistance').definition },
  });
}

const BY_ID = new Map(KEYPOINT_FEATURES.map((definition) => [definition.id, definition]));

function definitionOf(id: string) {
  const definition = BY_ID.get(id);
  if (!definition) throw new RangeError(`feature ${id} has no definition`);
  return definition;
}

const SAGITTAL: readonly [string, VertebraLevel, VertebraLevel, 1 | -1][] = [
  ['thoracicKyphosis.t4t12', 'T4', 'T12', 1],
  ['thoracicKyphosis.t1t12', 'T1', 'T12', 1],
  ['thoracicKyphosis.t5t12', 'T5', 'T12', 1],
  ['lumbarLordosis.l1l5', 'L1', 'L5', -1],
  ['cervicalLordosis', 'C2', 'C7', -1],
];

/** How a number was got. */
interface Told {
  level: string;
  value: number;
  sd: number;
  method: string;
  doubt: string;
  quality: number;
  marks: readonly (MarkedVertebra['body'] | undefined)[];
  onCurve?: boolean;
}

/** Collects the features of one scan. */
export function featuresOf(
  column: MarkedColumn,
  line: CentreLine,
  options: { sdMm: number; leastCurveDeg: number; posture: Posture },
): FeatureDraft[] {
  const { sdMm, leastCurveDeg, posture } = options;
  const features: FeatureDraft[] = [];
  const replicas = `24 columns with each keypoint moved by ${sdMm} mm (one standard deviation along each axis)`;
  const direct = `First-order propagation of ${sdMm} mm along each axis of both keypoints`;
  const doubted = new Set(
    column.quality.filter((f) => f.severity === 'doubt').flatMap((f) => (f.where ?? '').split('-')),
  );
  const tell = (id: string, told: Told) => {
    const { level, value, sd, method, doubt, marks, onCurve } = told;
    const landmarks = marks.flatMap((mark) => (mark ? [mark.id] : []));
    const points = marks.flatMap((mark) => (mark ? [mark.xyz] : []));
    const lowered = marks.some((mark) => mark?.level && doubted.has(mark.level)) ? 0.5 : 1;
    features.push({
      definition: `keypoints.${id}`,
      level,
      value,
      unit: definitionOf(`keypoints.${id}`).unit,
      uncertainty: intervalFromSd(value, sd, doubt),
      posture,
      quality: told.quality * lowered,
      method,
      evidence: [
        { role: { input: 'keypoints' }, locator: { level, landmarks, points } },
        ...(onCurve ? [{ role: { output: 'curve' }, locator: { level, points } }] : []),
      ],
    });
  };
  const { bodies } = column;
  const lag = 'half the turn of the next step where the curve ends at the body';
  const tangents = {
    method: 'Tangents of a smoothing spline through body centres',
    doubt: `${replicas}; ${lag}`,
    onCurve: true,
  };
  const between = (a: number, b: number) => ({
    level: `${bodies[a].level}-${bodies[b].level}`,
    marks: [bodies[a].body, bodies[b].body],
  });
  for (const { upper, lower, value, sd } of coronalCurves(line, leastCurveDeg))
    tell('coronalCurveAngle', { ...between(upper, lower), ...tangents, value, sd, quality: 0.5 });
  const place = (level: VertebraLevel) => bodies.findIndex((body) => body.level === level);
  for (const [id, upper, lower, sign] of SAGITTAL) {
    const [a, b] = [place(upper), place(lower)];
    if (a < 0 || b < 0) continue;
    const { value, sd } = tangentAngle(line, 'sagittal', a, b);
    tell(id, { ...between(a, b), ...tangents, value: sign * value, sd, quality: 0.7 });
  }
  tellPedicles(column, sdMm, direct, tell);
  for (let i = 1; i < bodies.length; i++) {
    if (!areNeighbours(bodies[i - 1].level, bodies[i].level)) continue;
    const value = distance3(bodies[i - 1].body.xyz, bodies[i].body.xyz);
    const method = 'Distance of two keypoints';
    tell('bodyDistance', { ...between(i - 1, i), value, sd: Math.SQRT2 * sdMm, method, doubt: direct, quality: 0.8 });
  }
  tellLine(column, line, { sdMm, direct, replicas }, tell);
  return features;
}

type Tell = (id: string, told: Told) => void;

function tellPedicles(column: MarkedColumn, sdMm: number, doubt: string, tell: Tell): void {
  for (const vertebra of column.vertebrae) {
    const pair = pairOf(vertebra, sdMm);
    if (!pair) continue;
    const about = {
      level: vertebra.level,
      method: 'Line from the right to the left pedicle',
      doubt,
      quality: 0.8,
      marks: [vertebra.left, vertebra.right],
    };
    tell('axialRotation', { ...about, value: pair.rotationDeg, sd: pair.rotationSdDeg });
    tell('pedicleTilt', { ...about, value: pair.tiltDeg, sd: pair.tiltSdDeg });
    tell('pedicleDistance', { ...about, value: pair.distanceMm, sd: pair.distanceSdMm });
  }
}

function tellLine(
  column: MarkedColumn,
  line: CentreLine,
  about: { sdMm: number; direct: string; replicas: string },
  tell: Tell,
): void {
  const { bodies } = column;
  const [first, last] = [bodies[0], bodies[bodies.length - 1]];
  const deviations = bodies.map(({ body }) => lateralOffset(body.xyz, first.body.xyz, last.body.xyz));
  const far = deviations.reduce((best, value, i) => (Math.abs(value) > Math.abs(deviations[best]) ? i : best), 0);
  tell('lateralDeviation', {
    level: bodies[far].level,
    value: deviations[far],
    sd: Math.sqrt(1.5) * about.sdMm,
    method: 'Body centre against the line first to last, seen from the front',
    doubt: about.direct,
    quality: 0.8,
    marks: [bodies[far].body, first.body, last.body],
  });
  const spline = { method: 'Smoothing spline through body centres', doubt: about.replicas, onCurve: true };
  const at = (t: number) => {
    const level = line.levelAt(t);
    return { level, marks: [bodies.find((b) => b.level === level)?.body] };
  };
  tell('centreLineLength', {
    ...spline,
    level: `${first.level}-${last.level}`,
    marks: [first.body, last.body],
    value: line.length,
    sd: line.sd.length,
    quality: 0.8,
  });
  tell('maxCurvature', {
    ...spline,
    ...at(line.curvatureAt),
    value: line.curvature,
    sd: line.sd.curvature,
    quality: 0.5,
  });
  if (line.hasTorsion)
    tell('maxTorsion', { ...spline, ...at(line.torsionAt), value: line.torsion, sd: line.sd.torsion, quality: 0.3 });
}
