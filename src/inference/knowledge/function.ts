/** The dictionary: muscle activity, movement and the laboratory. Shares and spreads are working assumptions (NOTES.md). */

import { feature, linear, lognormal, normal } from './define.ts';
import type { FeatureEntry } from './entry.ts';

const emg = { modality: 'emg', scale: 'meso', construct: 'muscle' } as const;
const imu = { modality: 'imu', scale: 'macro', construct: 'movement', unit: 'deg', also: ['video'] } as const;
const lab = { modality: 'laboratory', scale: 'nano', construct: 'inflammation' } as const;

/** z-scores of a norm run over this. */
const SCORE = normal(-0.2, 1.1, -5, 4);

export const FUNCTION: readonly FeatureEntry[] = [
  feature({
    ...{ ...emg, id: 'emg.initialMedianFrequency', name: 'Initial median frequency', unit: 'Hz', row: 59, errorSd: 5 },
    ...{ marginal: normal(52, 7.5, 15, 150), basis: linear(52, -7.5, 20, 90), from: ['emg.medianFrequencyStart'] },
  }),
  feature({
    ...{ ...emg, id: 'emg.fatigueSlope', name: 'Median-frequency slope', unit: '%/s', row: 60, errorSd: 0.2 },
    ...{ marginal: normal(-0.44, 0.25, -2, 1), basis: linear(-0.44, -0.25, -2, 1), pick: 'smallest' },
    from: ['emg.medianFrequencySlopeNormalised'],
  }),
  feature({
    ...{ ...emg, id: 'emg.halfWidth', name: 'Spectral half-width', unit: 'Hz', row: 61, errorSd: 5 },
    ...{ marginal: normal(60, 12, 10, 150), basis: linear(60, 12, 10, 150) },
  }),
  feature({
    ...{ ...emg, id: 'emg.flexionExtensionRatio', name: 'Flexion-extension ratio', unit: '1', row: 62, also: ['imu'] },
    ...{ marginal: normal(0.52, 0.2, 0.05, 2), loading: 0.15, errorSd: 0.08, basis: linear(0.47, 0.14, 0.05, 1.2) },
    ...{ pick: 'largest', from: ['emg.flexionExtensionRatio'] },
  }),
  feature({
    ...{ ...emg, id: 'emg.flexionRelaxation', name: 'Flexion-relaxation ratio', unit: '1', row: 63, also: ['imu'] },
    ...{ marginal: lognormal(4, 0.8, 0.2, 60), loading: -0.1, basis: linear(4, -3, 0, 20), pick: 'smallest' },
    from: ['emg.flexionRelaxationRatio'],
  }),
  feature({
    ...{ ...emg, id: 'emg.asymmetry', name: 'Left-right asymmetry of RMS', unit: '%', row: 64, errorSd: 8 },
    ...{ marginal: normal(15, 12, 0, 100), basis: linear(15, 12, 0, 100), pick: 'largest', from: ['emg.asymmetry'] },
    magnitude: true,
  }),
  feature({
    ...{ ...emg, id: 'emg.sorensen', name: 'Sorensen hold time', unit: 's', row: 65, also: ['imu'], errorSd: 15 },
    ...{ marginal: normal(115, 50, 0, 400), loading: -0.15, basis: linear(120, -60, 0, 300) },
  }),
  feature({
    ...{ ...imu, id: 'movement.flexion', name: 'Lumbar flexion for age', row: 66, marginal: SCORE, loading: -0.2 },
    norm: {
      at: [
        [16, 72],
        [90, 40],
      ],
      sd: 10,
    },
    ...{ errorSd: 6.7, basis: linear(0, -1, -4, 4), pick: 'largest' },
    from: ['segment.maximum@lumbar.flexion', 'kinematics.maximum@lumbar.flexion'],
  }),
  feature({
    ...{ ...imu, id: 'movement.extension', name: 'Lumbar extension for age', row: 67, marginal: SCORE, loading: -0.15 },
    norm: {
      at: [
        [16, 29],
        [90, 6],
      ],
      sd: 6,
    },
    ...{ errorSd: 7, basis: linear(0, -1, -4, 4) },
  }),
  feature({
    ...{ ...imu, id: 'movement.lateralFlexion', name: 'Lumbar side bending for age', row: 68, marginal: SCORE },
    norm: {
      at: [
        [16, 29],
        [90, 15],
      ],
      sd: 6,
    },
    ...{ loading: -0.15, errorSd: 7.5, basis: linear(0, -1, -4, 4), pick: 'smallest' },
  }),
  feature({
    ...{ ...imu, id: 'movement.axialRotation', name: 'Lumbar axial rotation', row: 69, errorSd: 4, pick: 'smallest' },
    ...{ marginal: normal(7, 3, 0, 25), basis: linear(7, -3, 0, 25) },
  }),
  feature({
    ...{ ...imu, id: 'movement.velocityScore', name: 'Trunk velocity, z of the own lab', unit: '1', row: 70 },
    ...{ marginal: SCORE, loading: -0.2, errorSd: 0.3, basis: linear(0, -1, -4, 4) },
  }),
  feature({
    ...{ ...imu, id: 'movement.lumbopelvicRatio', name: 'Lumbopelvic ratio', unit: '1', row: 71, errorSd: 0.15 },
    ...{ marginal: normal(1, 0.35, 0.1, 4), basis: linear(1, 0.35, 0.1, 3), from: ['kinematics.lumbopelvicRatio'] },
  }),
  feature({
    ...{ ...imu, id: 'movement.gaitSpeed', name: 'Walking speed', unit: 'm/s', row: 73, errorSd: 0.06 },
    ...{ marginal: normal(1.25, 0.18, 0.2, 2), loading: -0.25, basis: linear(1.3, -0.2, 0.3, 1.7) },
    from: ['kinematics.speed'],
  }),
  feature({
    ...{ ...imu, id: 'movement.stepAsymmetry', name: 'Step-time asymmetry', unit: '%', row: 74, errorSd: 2 },
    ...{ marginal: normal(2.5, 2.5, 0, 50), loading: 0.15, basis: linear(0, 5, 0, 30), pick: 'largest' },
  }),
  feature({
    ...{ ...lab, id: 'lab.crp', name: 'C-reactive protein', unit: 'mg/L', row: 75 },
    ...{ marginal: lognormal(2, 1, 0, 400), basis: linear(2, 5, 0, 50) },
  }),
  feature({
    ...{ ...lab, id: 'lab.esr', name: 'Erythrocyte sedimentation rate', unit: 'mm/h', row: 76 },
    ...{ marginal: lognormal(10, 0.7, 0, 150), basis: linear(10, 10, 0, 100) },
  }),
  feature({
    ...{ ...lab, id: 'lab.il6', name: 'Interleukin 6', unit: 'pg/mL', row: 77 },
    ...{ marginal: lognormal(2.5, 0.7, 0, 500), basis: linear(2.5, 3, 0, 50) },
  }),
  feature({
    ...{ ...lab, id: 'lab.tnfAlpha', name: 'Tumour necrosis factor α', unit: 'pg/mL', row: 78 },
    ...{ marginal: lognormal(5, 0.6, 0, 500), basis: linear(5, 4, 0, 50) },
  }),
  feature({
    ...{ ...lab, id: 'lab.betaCtx', name: 'β-CTx in serum', unit: 'pg/mL', row: 79, construct: 'bone' },
    ...{ marginal: lognormal(380, 0.5, 20, 3000), basis: linear(380, 200, 20, 2000) },
  }),
  feature({
    ...{ ...lab, id: 'lab.comp', name: 'Cartilage oligomeric matrix protein', unit: 'ng/mL', row: 80 },
    ...{ construct: 'degeneration', marginal: lognormal(900, 0.4, 50, 9000), basis: linear(900, 400, 50, 4000) },
  }),
  feature({
    ...{ ...lab, id: 'lab.hyaluronan', name: 'Hyaluronan', unit: 'ng/mL', row: 81, construct: 'degeneration' },
    ...{ marginal: lognormal(40, 0.7, 1, 2000), basis: linear(40, 30, 1, 400) },
  }),
  feature({
    ...{ ...lab, id: 'lab.ctx2', name: 'CTX-II in urine', unit: 'ng/mmol', row: 82, construct: 'degeneration' },
    ...{ marginal: lognormal(250, 0.6, 10, 5000), basis: linear(250, 150, 10, 2000) },
  }),
  feature({
    ...{ ...lab, id: 'lab.vitaminD', name: '25-OH vitamin D', unit: 'ng/mL', row: 83, construct: 'bone' },
    ...{ marginal: normal(26, 10, 3, 120), basis: linear(30, -10, 3, 80) },
  }),
  feature({
    ...{ ...lab, id: 'lab.hba1c', name: 'HbA1c', unit: '%', row: 84, construct: 'person' },
    ...{ marginal: lognormal(5.6, 0.14, 3.5, 18), basis: linear(5.6, 1, 4, 14) },
  }),
];
