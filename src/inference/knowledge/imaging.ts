/** The dictionary: what imaging says. Shares and spreads are working assumptions (NOTES.md). */

import { classes, feature, linear, normal, PRESENT, yesNo } from './define.ts';
import type { FeatureEntry } from './entry.ts';

const mri = { modality: 'mri', unit: '1', scale: 'meso', pick: 'largest' } as const;
const film = { modality: 'radiograph', unit: 'deg', scale: 'macro' } as const;

/** Mid disc height by level, adults of 40 to 59 years. */
const DISC_HEIGHT_MM = {
  'L1-L2': [10.0, 1.9],
  'L2-L3': [11.6, 1.5],
  'L3-L4': [12.5, 1.8],
  'L4-L5': [13.8, 2.0],
  'L5-S1': [13.0, 2.5],
} as const;

export const IMAGING: readonly FeatureEntry[] = [
  feature({
    ...{ ...mri, id: 'stenosis.lee', name: 'Central stenosis, Lee grade', row: 25, construct: 'stenosis' },
    ...{ marginal: classes({ 0: 0.66, 1: 0.19, 2: 0.1, 3: 0.05 }), loading: 0.3, group: 'central-stenosis' },
    terms: [
      { part: '1', row: 23, basis: { kind: 'equals', values: [1] }, published: 1.79 },
      { part: '2', row: 24, basis: { kind: 'equals', values: [2] }, published: 2.21 },
      { part: '3', row: 25, basis: { kind: 'equals', values: [3] }, published: 6.26 },
    ],
  }),
  feature({
    ...{ ...mri, id: 'stenosis.schizas', name: 'Central stenosis, Schizas grade', row: 27, construct: 'stenosis' },
    ...{ marginal: classes({ A: 0.62, B: 0.24, C: 0.1, D: 0.04 }), loading: 0.3, group: 'central-stenosis' },
    basis: { kind: 'equals', values: ['C', 'D'] },
  }),
  feature({
    ...{ ...mri, id: 'stenosis.duralArea', name: 'Dural sac cross-section', unit: 'mm2', row: 28, pick: 'smallest' },
    ...{ construct: 'stenosis', also: ['ct'], marginal: normal(145, 45, 20, 350), loading: -0.3, errorSd: 8 },
    ...{ group: 'central-stenosis', basis: linear(150, -25, 25, 300) },
  }),
  feature({
    ...{ ...mri, id: 'stenosis.canalDiameter', name: 'Canal, front to back', unit: 'mm', row: 29, pick: 'smallest' },
    ...{ construct: 'stenosis', also: ['ct'], marginal: normal(14, 3, 4, 25), loading: -0.25, errorSd: 0.7 },
  }),
  feature({
    ...{ ...mri, id: 'stenosis.foraminal', name: 'Foraminal stenosis, Lee grade', row: 26, construct: 'stenosis' },
    ...{ marginal: classes({ 0: 0.6, 1: 0.26, 2: 0.1, 3: 0.04 }), loading: 0.25 },
    ...{ basis: { kind: 'at-least', cut: 2 }, published: 2.2 },
  }),
  feature({
    ...{ ...mri, id: 'herniation.canalShare', name: 'Canal taken by the herniation', unit: '%', row: 30 },
    ...{ construct: 'herniation', marginal: normal(0, 12, 0, 100), loading: 0.2, errorSd: 4 },
    ...{ basis: linear(0, 10, 0, 60), published: 1.055 ** 10 },
  }),
  feature({
    ...{ ...mri, id: 'herniation.large', name: 'Herniation above half the canal', row: 31, construct: 'herniation' },
    ...{ marginal: yesNo(0.1), loading: 0.15, basis: PRESENT },
  }),
  feature({
    ...{
      ...mri,
      id: 'herniation.rootCompression',
      name: 'Definite root compression',
      row: 32,
      construct: 'herniation',
    },
    ...{ marginal: yesNo(0.3), loading: 0.2, basis: PRESENT },
  }),
  feature({
    ...{ ...mri, id: 'herniation.sequestered', name: 'Sequestered fragment', row: 33, construct: 'herniation' },
    ...{ marginal: yesNo(0.06), loading: 0.15, basis: PRESENT, published: 12.3 },
  }),
  feature({
    ...{ ...mri, id: 'herniation.level', name: 'Level of the herniation', row: 35, pick: 'latest' },
    ...{ construct: 'herniation', marginal: classes({ none: 0.7, 'L5-S1': 0.14, 'L4-L5': 0.13, 'L3-L4': 0.03 }) },
    terms: [
      { part: 'L4-L5', row: 35, basis: { kind: 'equals', values: ['L4-L5'] }, published: 0.45 },
      { part: 'L3-L4', row: 36, basis: { kind: 'equals', values: ['L3-L4'] }, published: 0.19 },
    ],
  }),
  feature({
    ...{ ...mri, id: 'disc.pfirrmann', name: 'Pfirrmann grade, highest', row: 37, construct: 'degeneration' },
    ...{ marginal: classes({ 1: 0.02, 2: 0.1, 3: 0.3, 4: 0.38, 5: 0.2 }), loading: 0.15, basis: linear(3, 1, 1, 5) },
  }),
  feature({
    ...{ ...mri, id: 'endplate.modic', name: 'Modic change', row: 38, construct: 'degeneration' },
    ...{ marginal: classes({ 0: 0.6, 1: 0.1, 2: 0.28, 3: 0.02 }), loading: 0.1, basis: PRESENT },
  }),
  feature({
    ...{ ...mri, id: 'facet.arthrosis', name: 'Facet arthrosis, highest grade', row: 39, construct: 'degeneration' },
    ...{ also: ['ct'], marginal: classes({ 0: 0.2, 1: 0.35, 2: 0.3, 3: 0.15 }), loading: 0.15 },
    basis: { kind: 'at-least', cut: 2 },
  }),
  feature({
    ...{
      ...mri,
      id: 'disc.height',
      name: 'Disc height for level',
      unit: 'mm',
      row: 40,
      pick: 'smallest',
      errorSd: 0.4,
    },
    ...{ modality: 'ct', also: ['mri'], construct: 'degeneration', marginal: normal(-0.3, 1.1, -5, 4), loading: -0.1 },
    ...{ norm: { levels: DISC_HEIGHT_MM }, group: 'disc-height', basis: linear(0, -1, -4, 4) },
    from: ['disc.heightMiddle'],
  }),
  feature({
    ...{ ...mri, id: 'disc.heightIndex', name: 'Disc height index', row: 41, pick: 'smallest', errorSd: 0.02 },
    ...{ modality: 'ct', also: ['mri'], construct: 'degeneration', marginal: normal(0.36, 0.06, 0.05, 0.7) },
    ...{ loading: -0.1, group: 'disc-height', basis: linear(0.375, -0.05, 0.1, 0.6), from: ['disc.heightIndex'] },
  }),
  feature({
    ...{ ...film, id: 'segment.slip', name: 'Slip of a vertebra', unit: '%', row: 42, construct: 'instability' },
    ...{
      also: ['ct', 'mri'],
      lumbarOnly: true,
      pick: 'largest',
      marginal: normal(0, 6, 0, 100),
      loading: 0.2,
      errorSd: 2,
    },
    ...{ basis: { kind: 'at-least', cut: 8 }, published: 2.53, from: ['segment.listhesisShare'] },
  }),
  feature({
    ...{ ...film, id: 'segment.unstable', name: 'Unstable in flexion-extension', unit: '1', row: 43 },
    ...{ construct: 'instability', marginal: yesNo(0.08), loading: 0.15, basis: PRESENT },
  }),
  feature({
    ...{ ...film, id: 'spine.cobb', name: 'Coronal Cobb angle', row: 44, construct: 'alignment', pick: 'largest' },
    ...{ also: ['ct'], marginal: normal(6, 7, 0, 90), loading: 0.1, errorSd: 2.5 },
    ...{ basis: { kind: 'hinge', knot: 10, per: 10, high: 60 }, from: ['spine.cobbAngle'] },
  }),
  feature({
    ...{ ...film, id: 'spine.lordosis', name: 'Lumbar lordosis, standing', row: 45, construct: 'alignment' },
    ...{ posture: 'standing', marginal: normal(49.8, 11.2, 0, 100), loading: -0.05, errorSd: 3 },
    ...{ basis: linear(49.8, -11.2, 0, 100), from: ['spine.lumbarLordosis'] },
  }),
  feature({
    ...{ ...film, id: 'pelvis.incidence', name: 'Pelvic incidence', row: 46, construct: 'alignment', also: ['ct'] },
    ...{ marginal: normal(51, 10, 20, 95), errorSd: 2, basis: linear(51, 10, 20, 95), from: ['pelvis.incidence'] },
  }),
  feature({
    ...{ ...film, id: 'pelvis.tilt', name: 'Pelvic tilt, standing', row: 47, construct: 'alignment' },
    ...{ posture: 'standing', marginal: normal(15, 7, -10, 50), loading: 0.1, errorSd: 2 },
    ...{ basis: linear(13, 6, -10, 50), from: ['pelvis.tilt'] },
  }),
  feature({
    ...{ ...film, id: 'pelvis.sacralSlope', name: 'Sacral slope', row: 48, construct: 'alignment' },
    ...{ marginal: normal(38, 9, 0, 80), errorSd: 2, from: ['pelvis.sacralSlope'] },
  }),
  feature({
    ...{ ...film, id: 'spine.mismatch', name: 'PI minus LL, standing', row: 49, construct: 'alignment' },
    ...{ posture: 'standing', marginal: normal(-8, 11, -40, 70), loading: 0.15, errorSd: 4 },
    ...{ basis: { kind: 'hinge', knot: 0, per: 10, high: 50 }, from: ['pelvis.incidenceLordosisMismatch'] },
  }),
  feature({
    ...{
      ...film,
      id: 'spine.sva',
      name: 'Sagittal vertical axis, standing',
      unit: 'mm',
      row: 50,
      construct: 'alignment',
    },
    ...{ also: ['video'], posture: 'standing', marginal: normal(0, 28, -80, 250), loading: 0.15, errorSd: 6 },
    ...{ basis: { kind: 'hinge', knot: 0, per: 40, high: 200 }, from: ['spine.sva'] },
  }),
  feature({
    ...{ modality: 'ct', id: 'bone.l1Attenuation', name: 'L1 trabecular attenuation', unit: "[hnsf'U]", row: 51 },
    ...{ scale: 'meso', construct: 'bone', marginal: normal(160, 45, -20, 350), errorSd: 20, basis: linear(160, -45) },
  }),
  feature({
    ...{ modality: 'ct', id: 'bone.volumetricDensity', name: 'Volumetric bone density', unit: 'mg/cm3', row: 52 },
    ...{ scale: 'meso', construct: 'bone', marginal: normal(120, 38, 10, 300), errorSd: 8 },
  }),
  feature({
    ...{ modality: 'dxa', id: 'bone.tScore', name: 'Lumbar T-score', unit: '1', row: 53, construct: 'bone' },
    ...{ marginal: normal(-1, 1.3, -6, 5), errorSd: 0.2, basis: linear(-1, -1, -6, 5) },
  }),
  feature({
    ...{ modality: 'ct', id: 'bone.genant', name: 'Vertebral fracture, Genant grade', unit: '1', row: 54 },
    ...{ construct: 'bone', also: ['radiograph'], pick: 'largest', basis: PRESENT },
    marginal: classes({ 0: 0.88, 1: 0.07, 2: 0.03, 3: 0.02 }),
    // Genant 1993: mild from 20 %, moderate from 25 %, severe from 40 % of the height
    ...{ from: ['vertebra.heightLoss'], cuts: [20, 25, 40] },
  }),
  feature({
    ...{ ...mri, id: 'muscle.multifidusFat', name: 'Fat in multifidus', unit: '%', row: 55, construct: 'muscle' },
    ...{ also: ['ultrasound'], marginal: normal(28, 15, 0, 100), loading: 0.1, errorSd: 4 },
    basis: { kind: 'at-least', cut: 50 },
  }),
  feature({
    ...{ ...mri, id: 'muscle.leanShare', name: 'Lean share of multifidus', unit: '%', row: 56, construct: 'muscle' },
    ...{
      pick: 'smallest',
      marginal: normal(72, 15, 0, 100),
      loading: -0.1,
      errorSd: 4,
      basis: linear(72, -10, 0, 100),
    },
  }),
  feature({
    ...{ ...mri, id: 'muscle.goutallier', name: 'Goutallier grade', row: 57, construct: 'muscle', loading: 0.1 },
    ...{ marginal: classes({ 0: 0.25, 1: 0.35, 2: 0.25, 3: 0.1, 4: 0.05 }), basis: linear(1, 1, 0, 4) },
  }),
  feature({
    ...{ modality: 'ultrasound', id: 'muscle.echoScore', name: 'Multifidus echo, z on one device', unit: '1', row: 58 },
    ...{ scale: 'meso', construct: 'muscle', marginal: normal(0, 1, -5, 5), errorSd: 0.5, basis: linear(0, 1, -5, 5) },
  }),
];
