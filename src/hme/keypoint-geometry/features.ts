/** What the capability's numbers mean. */

import type { FeatureDefinition, Unit } from '../../model/index.ts';

const TANGENT =
  'The tangent is that of the smoothing spline through the marked body centres. It is not an endplate angle: the wedge of discs and bodies beyond the two centres is left out, so values differ from Cobb angles by several degrees.';

const CURVE_SOURCE = 'Vrtovec, Pernuš & Likar 2009 (tangents of the spine curve)';
const POINT_SOURCE = 'Body and pedicle centres after Bürgin, Prevost & Stollenga 2023';

function define(
  id: string,
  name: string,
  unit: Unit,
  definition: string,
  source: string,
  postural = true,
): FeatureDefinition {
  const more = postural ? { postural } : {};
  return { id: `keypoints.${id}`, name, unit, scale: 'meso', definition, source, ...more };
}

function sagittal(id: string, name: string, upper: string, lower: string, sign: string): FeatureDefinition {
  const definition = `Tangent of the centre line at ${upper} against the tangent at ${lower} in the patient's sagittal plane; positive is ${sign}. ${TANGENT}`;
  return define(id, name, 'deg', definition, CURVE_SOURCE);
}

/** Dictionary of keypoint geometry. */
export const KEYPOINT_FEATURES: readonly FeatureDefinition[] = [
  define(
    'coronalCurveAngle',
    'Coronal tangent angle of a curve',
    'deg',
    `Angle between the centre line's tangents at two bodies in the patient's coronal plane: the pair with the widest angle, and the widest above and below it. No sign. The level names the end bodies. The widest of many angles is biased upwards: keypoints that are 2 mm off make 4-14° of a straight column. ${TANGENT}`,
    CURVE_SOURCE,
  ),
  sagittal('thoracicKyphosis.t4t12', 'Thoracic tangent angle T4-T12', 'T4', 'T12', 'kyphotic'),
  sagittal('thoracicKyphosis.t1t12', 'Thoracic tangent angle T1-T12', 'T1', 'T12', 'kyphotic'),
  sagittal('thoracicKyphosis.t5t12', 'Thoracic tangent angle T5-T12', 'T5', 'T12', 'kyphotic'),
  sagittal('lumbarLordosis.l1l5', 'Lumbar tangent angle L1-L5', 'L1', 'L5', 'lordotic'),
  sagittal('cervicalLordosis', 'Cervical tangent angle C2-C7', 'C2', 'C7', 'lordotic'),
  define(
    'axialRotation',
    'Axial rotation of a vertebra',
    'deg',
    "Turn of the line from the right to the left pedicle against the patient's left-right axis in the axial plane; positive when the front of the vertebra turns to the patient's left.",
    'Ho et al. 1993 (posterior landmarks in axial CT), with pedicle centres',
  ),
  define(
    'pedicleTilt',
    'Coronal tilt of the pedicles',
    'deg',
    "Slope of the line from the right to the left pedicle against the patient's left-right axis in the coronal plane; positive when the left pedicle is higher.",
    POINT_SOURCE,
  ),
  define(
    'pedicleDistance',
    'Distance between the pedicles',
    'mm',
    'Straight distance between the marked centres of the left and right pedicle of a vertebra.',
    POINT_SOURCE,
    false,
  ),
  define(
    'bodyDistance',
    'Distance between neighbouring bodies',
    'mm',
    'Straight distance between the marked centres of two neighbouring vertebral bodies. The level names both.',
    POINT_SOURCE,
  ),
  define(
    'lateralDeviation',
    'Greatest lateral deviation',
    'mm',
    "Largest distance of a body centre from the straight line between the first and the last, seen from the front; positive to the patient's left. The level names the body.",
    'Vrtovec, Pernuš & Likar 2009',
  ),
  define(
    'centreLineLength',
    'Length of the centre line',
    'mm',
    'Length of the smoothing spline through the body centres, first to last. The level names both.',
    'Reinsch 1967',
  ),
  define(
    'maxCurvature',
    'Greatest curvature of the centre line',
    '/mm',
    'Largest curvature of the smoothing spline through the body centres. The level names the nearest body.',
    'Vrtovec, Likar & Pernuš 2008',
  ),
  define(
    'maxTorsion',
    'Greatest torsion of the centre line',
    '/mm',
    'Torsion of largest size of the smoothing spline where it bends by at least a quarter of its greatest curvature; positive turns like a right-handed screw. The level names the nearest body.',
    'Poncet, Dansereau & Labelle 2001',
  ),
];
