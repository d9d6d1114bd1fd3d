/** Tells what was measured of the whole column and the pelvis. */

import type { Vec3, VertebraLevel } from '../../../model/index.ts';
import { type CobbCurve, cobbInSpace, findCurves, largestCobb } from '../column/cobb.ts';
import type { CentreLine } from '../column/curve.ts';
import type { Measured } from '../column/doubt.ts';
import type { FemoralHead } from '../column/femoral-head.ts';
import { measurePelvis } from '../column/pelvis.ts';
import { measureAngle } from '../column/tilts.ts';
import type { Endplate } from '../endplate/endplate.ts';
import { planeHeight } from '../endplate/evaluate.ts';
import { toPatient } from '../label/local-frame.ts';
import type { ColumnMeasures, VertebraMeasures } from '../measure.ts';
import { rimCorners } from '../vertebra/outline.ts';
import { plateQuality } from '../vertebra/quality.ts';
import type { About, FeatureWriter } from './draft.ts';

type Side = 'superior' | 'inferior';

const PLATES = 'Endplates by maximum likelihood of the label’s voxels';

/** Features of the column. */
export function tellColumn(
  writer: FeatureWriter,
  measures: ColumnMeasures,
  line: CentreLine | undefined,
  heads: readonly FemoralHead[],
  leastCurveDeg: number,
): void {
  tellCobb(writer, measures, leastCurveDeg);
  tellSagittal(writer, measures);
  tellBalance(writer, measures);
  if (line) tellLine(writer, line);
  tellPelvis(writer, measures, heads);
}

function plateAbout(plates: readonly Endplate[], levels: readonly string[], label: number): About {
  return {
    quality: Math.min(...plates.map(plateQuality)),
    method: PLATES,
    source: {
      label,
      points: plates.map((plate) => plate.centre),
      landmarks: plates.map((plate, i) => `${levels[i]}.${plate.side}Endplate`),
    },
  };
}

function find(measures: ColumnMeasures, level: VertebraLevel): VertebraMeasures | undefined {
  return measures.vertebrae.find((v) => v.shape.level === level);
}

function tellCobb(writer: FeatureWriter, measures: ColumnMeasures, leastDeg: number): void {
  const shapes = measures.column.vertebrae;
  const about = (curve: CobbCurve): About =>
    plateAbout(curve.plates, [curve.upper, curve.lower], find(measures, curve.upper)?.shape.region.value ?? 0);
  const largest = largestCobb(shapes);
  if (largest && shapes.length >= 3) {
    const level = `${largest.upper}-${largest.lower}`;
    writer.number('spine.cobbAngle', level, largest.angle, about(largest));
    const wide = cobbInSpace(largest);
    writer.number(
      'spine.cobbAngleInSpace',
      level,
      { value: wide.deg, sd: largest.angle.sd },
      {
        ...about(largest),
        method: `${PLATES}; plane turned ${wide.planeDeg}° from coronal`,
      },
    );
  }
  for (const curve of findCurves(shapes, leastDeg)) {
    const level = `${curve.upper}-${curve.lower}`;
    const from = about(curve);
    writer.number('spine.curveAngle', level, curve.angle, from);
    writer.text('spine.curveApex', level, curve.apex, from);
    writer.text('spine.curveConvexity', level, curve.convexity, from);
    const sd = Math.sqrt(1.5) * measures.centreSdMm;
    writer.number('spine.curveApexOffset', level, { value: curve.apexOffsetMm, sd }, { ...from, doubt: CENTRE_DOUBT });
  }
}

const CENTRE_DOUBT = 'Voxel size and boundary roughness at the bodies’ centres';

const SAGITTAL: readonly [string, VertebraLevel, Side, VertebraLevel, Side, 1 | -1][] = [
  ['spine.thoracicKyphosis.t4t12', 'T4', 'superior', 'T12', 'inferior', -1],
  ['spine.thoracicKyphosis.t1t12', 'T1', 'superior', 'T12', 'inferior', -1],
  ['spine.thoracicKyphosis.t5t12', 'T5', 'superior', 'T12', 'inferior', -1],
  ['spine.lumbarLordosis', 'L1', 'superior', 'S1', 'superior', 1],
  ['spine.lumbarLordosis.l1l5', 'L1', 'superior', 'L5', 'inferior', 1],
  ['spine.cervicalLordosis', 'C2', 'inferior', 'C7', 'inferior', 1],
];

function tellSagittal(writer: FeatureWriter, measures: ColumnMeasures): void {
  for (const [id, upperLevel, upperSide, lowerLevel, lowerSide, sign] of SAGITTAL) {
    const [upper, lower] = [find(measures, upperLevel), find(measures, lowerLevel)];
    if (!upper || !lower) continue;
    const level = `${upperLevel}-${lowerLevel}`;
    const [a, b] = [upper.shape[upperSide], lower.shape[lowerSide]];
    if (!a || !b) {
      const reason = (a ? lower.shape.missing[lowerSide] : upper.shape.missing[upperSide]) ?? 'An endplate is missing.';
      const label = upper.shape.region.value;
      writer.missing(id, level, reason, { quality: 0, method: PLATES, source: { label, level } });
      continue;
    }
    const angle = measureAngle(a, b, 'sagittal');
    const signed: Measured = { value: sign * angle.value, sd: angle.sd };
    writer.number(id, level, signed, plateAbout([a, b], [upperLevel, lowerLevel], upper.shape.region.value));
  }
}

/** Posterior-superior corner of S1 and centre of its endplate. */
function sacralPoints(measures: ColumnMeasures): { corner: Vec3; centre: Vec3; s1: VertebraMeasures } | undefined {
  const s1 = find(measures, 'S1');
  const plate = s1?.shape.superior;
  const rim = s1?.rims.superior;
  if (!s1 || !plate || !rim) return undefined;
  const [u, v] = rimCorners(rim).posterior;
  return { corner: toPatient(plate.frame, u, v, planeHeight(plate, u, v)), centre: sacralCentre(plate, rim), s1 };
}

/** Middle of the sacral endplate's rim on its plane. */
function sacralCentre(plate: Endplate, rim: NonNullable<VertebraMeasures['rims']['superior']>): Vec3 {
  const [u, v] = rim.middle;
  return toPatient(plate.frame, u, v, planeHeight(plate, u, v));
}

function tellBalance(writer: FeatureWriter, measures: ColumnMeasures): void {
  const sacrum = sacralPoints(measures);
  const top = find(measures, 'C7') ?? measures.vertebrae.find((v) => !v.shape.cutBody);
  if (!sacrum || !top || top.shape.level === 'S1') return;
  const { level, frame } = top.shape;
  const sd = Math.hypot(0.35 * sacrum.s1.shape.voxelMm, measures.centreSdMm);
  const about = (point: Vec3, landmark: string): About => ({
    quality: Math.min(top.quality, sacrum.s1.quality),
    method: 'Centre of the body against the rim of the S1 endplate',
    doubt: 'Voxel size and boundary roughness at both points',
    source: { label: top.shape.region.value, points: [frame.origin, point], landmarks: [`${level}.body`, landmark] },
  });
  const forward = { value: sacrum.corner[1] - frame.origin[1], sd };
  const corner = about(sacrum.corner, 'S1.superiorEndplate.posterior');
  if (level === 'C7') writer.number('spine.sva', 'C7-S1', forward, corner);
  else writer.number('spine.sagittalOffset', level, forward, corner);
  const aside = { value: frame.origin[0] - sacrum.centre[0], sd };
  writer.number('spine.coronalOffset', level, aside, about(sacrum.centre, 'S1.superiorEndplate.centre'));
}

function tellLine(writer: FeatureWriter, line: CentreLine): void {
  const about = (points?: Vec3[]): About => ({
    quality: 0.9,
    method: 'Cubic smoothing spline through the centres of the bodies',
    doubt: '24 columns with centres moved by voxel size and boundary roughness',
    source: { points, output: { role: 'curve' } },
  });
  writer.number('spine.centreLineLength', `${line.first}-${line.last}`, line.lengthMm, about());
  writer.number('spine.maxCurvature', line.maxCurvature.level, line.maxCurvature, about([line.maxCurvature.at]));
  writer.number('spine.maxTorsion', line.maxTorsion.level, line.maxTorsion, {
    ...about([line.maxTorsion.at]),
    quality: 0.5,
  });
  writer.number('spine.lateralDeviation', line.lateralDeviation.level, line.lateralDeviation, {
    ...about([line.lateralDeviation.at]),
    doubt: CENTRE_DOUBT,
  });
}

function tellPelvis(writer: FeatureWriter, measures: ColumnMeasures, heads: readonly FemoralHead[]): void {
  const sacrum = sacralPoints(measures);
  const plate = sacrum?.s1.shape.superior;
  if (!sacrum || !plate) return;
  const quality = plateQuality(plate) * (sacrum.s1.shape.bodySource === 'map' ? 1 : 0.85);
  const centreSd = Math.hypot(0.25 * sacrum.s1.shape.voxelMm, 0.8 * plate.roughnessMm);
  const pelvis = measurePelvis({ ...plate, centre: sacrum.centre }, heads, centreSd);
  const landmarks = ['S1.superiorEndplate'];
  const label = sacrum.s1.shape.region.value;
  const about: About = { quality, method: PLATES, source: { label, points: [sacrum.centre], landmarks } };
  writer.number('pelvis.sacralSlope', 'S1', pelvis.slope, about);
  const hips: About = {
    quality: 0.95 * quality,
    method: `${PLATES}; femoral heads as spheres`,
    doubt:
      "Likelihood of the S1 endplate's voxels, its centre, and the fit of the femoral heads, first-order propagation",
    source: {
      label,
      points: [sacrum.centre, ...heads.map((h) => h.centre)],
      landmarks: [...landmarks, 'femoralHead.left', 'femoralHead.right'],
    },
  };
  if (!pelvis.tilt || !pelvis.incidence) {
    const reason =
      heads.length === 0
        ? 'No femoral head lies in the labels given.'
        : 'Only one femoral head lies in the labels given.';
    writer.missing('pelvis.tilt', undefined, reason, hips);
    writer.missing('pelvis.incidence', undefined, reason, hips);
    return;
  }
  writer.number('pelvis.tilt', undefined, pelvis.tilt, hips);
  writer.number('pelvis.incidence', undefined, pelvis.incidence, hips);
  const l1 = find(measures, 'L1')?.shape.superior;
  if (!l1) return;
  const lordosis = measureAngle(l1, plate, 'sagittal');
  // the sacral endplate enters both with the same sign, so only its tilt's part in the hips' line remains
  const mismatch = { value: pelvis.incidence.value - lordosis.value, sd: Math.hypot(pelvis.tilt.sd, lordosis.sd) };
  writer.number('pelvis.incidenceLordosisMismatch', undefined, mismatch, hips);
}
