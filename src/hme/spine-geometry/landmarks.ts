/** Landmarks, endplate planes and frames of a column in one document. */

import type { Landmark, PlanePatch, SpineLandmarks, Vec3, VertebraLevel } from '../../model/index.ts';
import type { FemoralHead } from './column/femoral-head.ts';
import type { Endplate } from './endplate/endplate.ts';
import { plateHeight } from './endplate/evaluate.ts';
import { asVertebraFrame, toPatient } from './label/local-frame.ts';
import type { ColumnMeasures, VertebraMeasures } from './measure.ts';
import { type Rim, rimCorners } from './vertebra/outline.ts';

/** Builds the document. */
export function landmarksOf(measures: ColumnMeasures, heads: readonly FemoralHead[]): SpineLandmarks {
  const points: Landmark[] = [];
  const planes: PlanePatch[] = [];
  for (const v of measures.vertebrae) {
    addVertebra(v, measures.centreSdMm, points);
    for (const side of ['superior', 'inferior'] as const) {
      const [plate, rim] = [v.shape[side], v.rims[side]];
      if (plate && rim) addPlate(v.shape.level, plate, rim, points, planes);
    }
  }
  for (const head of heads) {
    points.push({ id: `femoralHead.${head.side}`, xyz: head.centre, side: head.side, sdMm: head.sdMm });
  }
  return {
    frame: 'patient',
    points,
    planes,
    vertebrae: measures.vertebrae.map(({ shape }) => asVertebraFrame(shape.frame, shape.level)),
  };
}

function addVertebra(v: VertebraMeasures, centreSdMm: number, points: Landmark[]): void {
  const { level, frame, canal } = v.shape;
  points.push({ id: `${level}.body`, xyz: frame.origin, level, sdMm: centreSdMm });
  if (canal) points.push({ id: `${level}.canal`, xyz: canal.centre, level, sdMm: 0.5 * v.shape.voxelMm });
  const { arch } = v;
  const add = (id: string, point: { xyz: Vec3; sdMm: number } | undefined, side?: 'left' | 'right') => {
    if (point) points.push({ id: `${level}.${id}`, xyz: point.xyz, level, side, sdMm: point.sdMm });
  };
  add('pedicle.left', arch.pedicleLeft, 'left');
  add('pedicle.right', arch.pedicleRight, 'right');
  add('spinousProcess', arch.spinousTip);
  add('transverseProcess.left', arch.transverseLeft, 'left');
  add('transverseProcess.right', arch.transverseRight, 'right');
}

function addPlate(level: VertebraLevel, plate: Endplate, rim: Rim, points: Landmark[], planes: PlanePatch[]): void {
  const id = `${level}.${plate.side}Endplate`;
  const sdMm = Math.sqrt(plate.planeCovariance[0]);
  points.push({ id: `${id}.centre`, xyz: plate.centre, level, sdMm });
  const cornerSd = Math.hypot(0.3 * plate.fitFrame.voxelMm, plate.roughnessMm);
  for (const [name, [u, v]] of Object.entries(rimCorners(rim))) {
    const xyz = toPatient(plate.frame, u, v, plateHeight(plate, u, v));
    const side = name === 'left' || name === 'right' ? name : undefined;
    points.push({ id: `${id}.${name}`, xyz, level, side, sdMm: cornerSd });
  }
  planes.push({
    id,
    centre: plate.centre,
    normal: plate.normal,
    rmsMm: Math.hypot(plate.roughnessMm, plate.flatnessMm),
    areaMm2: rim.areaMm2,
    level,
  });
}
