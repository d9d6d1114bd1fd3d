/** What is told of the whole column and the pelvis. */

import type { FeatureDefinition, ReferenceRange } from '../../../model/index.ts';
import { define } from './define.ts';

const postural = { postural: true } as const;

/** Mean ± 2 SD. */
function around(mean: number, sd: number, posture: ReferenceRange['posture'], source: string): ReferenceRange {
  return { low: Number((mean - 2 * sd).toFixed(1)), high: Number((mean + 2 * sd).toFixed(1)), posture, source };
}

const LORDOSIS: ReferenceRange[] = [
  around(36.8, 13.2, 'supine', '627 adults lying, T12 to S1, mean ± 2 SD (PMC6680033): one level more than this angle'),
  around(49.8, 11.2, 'standing', '627 adults standing, T12 to S1, mean ± 2 SD (PMC6680033): not for supine images'),
];

const kyphosis = (id: string, upper: string, more: string) =>
  define(
    `spine.thoracicKyphosis.${id}`,
    `Thoracic kyphosis ${upper}-T12`,
    'deg',
    `Superior endplate of ${upper} to inferior endplate of T12 in the patient's sagittal plane; positive is kyphotic.${more}`,
    'Vialle et al. 2005',
    postural,
  );

/** Dictionary of the column. */
export const COLUMN_FEATURES: readonly FeatureDefinition[] = [
  define(
    'spine.cobbAngle',
    'Largest Cobb angle',
    'deg',
    "Widest angle between a superior endplate and any lower inferior endplate in the patient's coronal plane, over all pairs of vertebrae; no sign. The level names the end vertebrae.",
    'Cobb 1948',
    {
      ...postural,
      reference: [{ low: 0, high: 10, posture: 'standing', source: 'Below 10° is no scoliosis (SRS; standing films)' }],
      code: { system: 'SNOMED', code: '285285000' },
    },
  ),
  define(
    'spine.cobbAngleInSpace',
    'Largest Cobb angle, widest plane',
    'deg',
    'The end vertebrae of the largest Cobb angle seen in the vertical plane that opens them widest, in steps of 1°.',
    'Stokes 1994 (plane of maximum curvature)',
    postural,
  ),
  define(
    'spine.curveAngle',
    'Cobb angle of a curve',
    'deg',
    "One of the alternating curves between turning points of the endplates' coronal tilt: superior endplate of its upper to inferior endplate of its lower end vertebra, patient's coronal plane; no sign. The level names the end vertebrae.",
    'Cobb 1948',
    postural,
  ),
  define(
    'spine.curveApex',
    'Apex of a curve',
    '1',
    'Vertebra whose centre lies farthest from the line between the centres of the end vertebrae, seen from the front.',
    'Scoliosis Research Society',
    postural,
  ),
  define(
    'spine.curveConvexity',
    'Side of a curve',
    '1',
    'Side to which the curve bulges: left or right of the patient.',
    'Scoliosis Research Society',
    postural,
  ),
  define(
    'spine.curveApexOffset',
    'Apical offset of a curve',
    'mm',
    'Distance of the apex from the line between the centres of the end vertebrae, seen from the front.',
    'Scoliosis Research Society',
    postural,
  ),
  kyphosis('t4t12', 'T4', ''),
  kyphosis('t1t12', 'T1', ''),
  kyphosis('t5t12', 'T5', ' The Lenke classification uses this one.'),
  define(
    'spine.lumbarLordosis',
    'Lumbar lordosis L1-S1',
    'deg',
    "Superior endplate of L1 to superior endplate of S1 in the patient's sagittal plane; positive is lordotic.",
    'Vialle et al. 2005',
    { ...postural, reference: LORDOSIS },
  ),
  define(
    'spine.lumbarLordosis.l1l5',
    'Lumbar lordosis L1-L5',
    'deg',
    "Superior endplate of L1 to inferior endplate of L5 in the patient's sagittal plane; positive is lordotic.",
    'Vialle et al. 2005',
    postural,
  ),
  define(
    'spine.cervicalLordosis',
    'Cervical lordosis C2-C7',
    'deg',
    "Inferior endplate of C2 to inferior endplate of C7 in the patient's sagittal plane; positive is lordotic.",
    'Scheer et al. 2013',
    postural,
  ),
  define(
    'spine.sva',
    'Sagittal vertical axis',
    'mm',
    "Centre of the C7 body against the posterior-superior corner of S1 along the patient's antero-posterior axis; positive in front.",
    'Jackson & McManus 1994',
    postural,
  ),
  define(
    'spine.sagittalOffset',
    'Sagittal offset of the uppermost body',
    'mm',
    "Centre of the uppermost measured body against the posterior-superior corner of S1 along the patient's antero-posterior axis; positive in front. The level names the body.",
    'Jackson & McManus 1994, for columns without C7',
    postural,
  ),
  define(
    'spine.coronalOffset',
    'Coronal offset of the uppermost body',
    'mm',
    "Centre of the uppermost measured body (C7 where there is one) against the centre of the S1 endplate along the patient's left-right axis; positive to the left. The level names the body.",
    'Scoliosis Research Society',
    postural,
  ),
  define(
    'spine.centreLineLength',
    'Length of the centre line',
    'mm',
    'Length of the smoothing spline through the centres of the bodies, first to last. The level names both.',
    'Reinsch 1967',
    postural,
  ),
  define(
    'spine.maxCurvature',
    'Greatest curvature of the centre line',
    '/mm',
    'Largest curvature of the smoothing spline through the centres of the bodies. The level names the nearest vertebra.',
    'Vrtovec, Likar & Pernuš 2008',
    postural,
  ),
  define(
    'spine.maxTorsion',
    'Greatest torsion of the centre line',
    '/mm',
    'Torsion of largest size of the smoothing spline, where it bends by at least a quarter of its greatest curvature; positive turns like a right-handed screw. The level names the nearest vertebra.',
    'Poncet, Dansereau & Labelle 2001',
    postural,
  ),
  define(
    'spine.lateralDeviation',
    'Greatest lateral deviation',
    'mm',
    "Largest distance of a body's centre from the straight line between the first and the last body's centre, seen from the front; positive to the left. The level names the body.",
    'Vrtovec, Pernuš & Likar 2009',
    postural,
  ),
  define(
    'pelvis.sacralSlope',
    'Sacral slope',
    'deg',
    "Tilt of the superior endplate of S1 in the patient's sagittal plane against the axial plane; positive slopes forward.",
    'Legaye et al. 1998',
    {
      ...postural,
      reference: [around(41, 8, 'standing', 'Adults standing, mean ± 2 SD (PMC6334400): not for supine images')],
    },
  ),
  define(
    'pelvis.tilt',
    'Pelvic tilt',
    'deg',
    "Angle between the vertical and the line from the middle of the femoral heads to the centre of the S1 endplate, patient's sagittal plane; positive when the hips lie in front.",
    'Legaye et al. 1998',
    {
      ...postural,
      reference: [around(13, 6, 'standing', 'Adults standing, mean ± 2 SD (PMC6334400): not for supine images')],
    },
  ),
  define(
    'pelvis.incidence',
    'Pelvic incidence',
    'deg',
    'Angle between the normal of the S1 endplate and the line from its centre to the middle of the femoral heads, sagittal plane; pelvic tilt plus sacral slope. A trait of the anatomy, not of posture.',
    'Legaye et al. 1998',
    {
      reference: [{ ...around(49.3, 9.5, undefined, '642 adults, mean ± 2 SD (PubMed 40261392)') }],
    },
  ),
  define(
    'pelvis.incidenceLordosisMismatch',
    'PI minus LL',
    'deg',
    'Pelvic incidence minus lumbar lordosis L1-S1.',
    'Schwab et al. 2012',
    {
      ...postural,
      reference: [around(-8, 9, 'standing', 'Adults standing, mean ± 2 SD (PMC6334400): not for supine images')],
    },
  ),
];
