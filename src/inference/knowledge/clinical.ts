/** The dictionary: what the record and the questionnaires say. Shares and spreads are working assumptions (NOTES.md). */

import { classes, feature, linear, lognormal, normal, PRESENT, yesNo } from './define.ts';
import type { FeatureEntry } from './entry.ts';

const record = { modality: 'record', unit: '1' } as const;

export const CLINICAL: readonly FeatureEntry[] = [
  feature({
    ...{ id: 'prom.odi', name: 'Oswestry Disability Index', unit: '%', row: 1, modality: 'questionnaire' },
    ...{
      construct: 'pain-disability',
      marginal: normal(36, 15, 0, 100),
      loading: 0.35,
      errorSd: 4,
      group: 'disability',
    },
    ...{ basis: linear(36, 10, 0, 100), published: 1.8 ** 0.8 },
  }),
  feature({
    ...{ id: 'prom.roland', name: 'Roland-Morris score', unit: '{score}', row: 1, modality: 'questionnaire' },
    ...{
      construct: 'pain-disability',
      marginal: normal(10, 5, 0, 24),
      loading: 0.35,
      errorSd: 1.5,
      group: 'disability',
    },
    ...{ basis: linear(9.3, 3.75, 0, 24), published: 1.8 ** 1.25 },
  }),
  feature({
    ...{ id: 'pain.leg', name: 'Leg pain', unit: '{score}', row: 2, modality: 'questionnaire' },
    ...{ construct: 'pain-disability', marginal: normal(4.5, 2.5, 0, 10), loading: 0.3, errorSd: 0.8 },
    basis: linear(4.5, 2, 0, 10),
  }),
  feature({
    ...{ id: 'pain.back', name: 'Back pain', unit: '{score}', row: 3, modality: 'questionnaire' },
    ...{ construct: 'pain-disability', marginal: normal(5.5, 2.3, 0, 10), loading: 0.2, errorSd: 0.8 },
    basis: linear(5.5, 2, 0, 10),
  }),
  feature({
    ...{ ...record, id: 'symptom.claudication', name: 'Neurogenic claudication', row: 4, construct: 'stenosis' },
    ...{ marginal: yesNo(0.12), loading: 0.25, basis: PRESENT, published: 3.31 },
  }),
  feature({
    ...{ ...record, id: 'symptom.paresthesia', name: 'Leg paresthesia', row: 5, construct: 'herniation' },
    ...{ marginal: yesNo(0.16), loading: 0.2, basis: PRESENT, published: 5.136 },
  }),
  feature({
    ...{ ...record, id: 'symptom.duration', name: 'Duration of symptoms', unit: 'mo', row: 6 },
    ...{ construct: 'pain-disability', marginal: lognormal(5, 1.1, 0, 240), loading: 0.1 },
    ...{ basis: { kind: 'at-least', cut: 12 }, published: 3.81 },
  }),
  feature({
    ...{ ...record, id: 'symptom.motorDeficit', name: 'Mild, stable motor deficit', row: 8, construct: 'herniation' },
    ...{ marginal: yesNo(0.06), loading: 0.25, basis: PRESENT },
  }),
  feature({
    ...{ ...record, id: 'walking.distance', name: 'Walking distance', unit: 'm', row: 9, construct: 'movement' },
    ...{ also: ['video'], windowDays: 90, marginal: lognormal(2000, 1, 10, 20000), loading: -0.3, errorSd: 50 },
    basis: { kind: 'halving', from: 1000, most: 5 },
  }),
  feature({
    ...{ ...record, id: 'person.age', name: 'Age', unit: 'a', row: 10, construct: 'person' },
    ...{ marginal: normal(55, 15, 18, 95), basis: linear(55, 10, 18, 95) },
  }),
  feature({
    ...{ ...record, id: 'person.female', name: 'Female sex', row: 11, construct: 'person' },
    ...{ marginal: yesNo(0.52), basis: PRESENT },
  }),
  feature({
    ...{ ...record, id: 'person.smoker', name: 'Current smoker', row: 12, construct: 'person' },
    ...{ marginal: yesNo(0.2), loading: 0.1, windowDays: 730, basis: PRESENT, published: 1.33 },
  }),
  feature({
    ...{ ...record, id: 'person.bmi', name: 'Body-mass index', unit: 'kg/m2', row: 15, construct: 'person' },
    ...{
      marginal: normal(27.5, 4.8, 14, 60),
      loading: 0.05,
      windowDays: 365,
      errorSd: 0.4,
      basis: linear(25, 5, 14, 60),
    },
  }),
  feature({
    ...{ id: 'prom.phq9', name: 'Depression score (PHQ-9)', unit: '{score}', row: 16, modality: 'questionnaire' },
    ...{ construct: 'pain-disability', marginal: lognormal(5, 0.8, 0, 27), loading: 0.2, errorSd: 1.5 },
    basis: { kind: 'at-least', cut: 10 },
  }),
  feature({
    ...{ ...record, id: 'person.sleepDisorder', name: 'Sleep disorder', row: 17, construct: 'person' },
    ...{ marginal: yesNo(0.12), loading: 0.2, windowDays: 365, basis: PRESENT, published: 1 / 0.68 },
  }),
  feature({
    ...{ ...record, id: 'care.opioid', name: 'Opioid in use', row: 18, construct: 'care' },
    ...{ marginal: yesNo(0.14), loading: 0.25, windowDays: 90, basis: PRESENT, published: 1.2 },
  }),
  feature({
    ...{ ...record, id: 'care.epidural', name: 'Earlier epidural injection', row: 19, construct: 'care' },
    ...{ marginal: yesNo(0.08), loading: 0.25, basis: PRESENT, published: 1.5 },
  }),
  feature({
    ...{ ...record, id: 'care.spineSurgery', name: 'Earlier lumbar surgery', row: 20, construct: 'care' },
    ...{ marginal: yesNo(0.08), loading: 0.15, basis: PRESENT },
  }),
  feature({
    ...{ ...record, id: 'care.surgeonFirst', name: 'Surgeon was the first provider', row: 21, construct: 'care' },
    ...{ marginal: yesNo(0.1), use: 'context' },
  }),
  feature({
    ...{ ...record, id: 'person.compensation', name: 'Pension or litigation', row: 22, construct: 'person' },
    ...{ marginal: yesNo(0.15), loading: 0.1, basis: PRESENT },
  }),
  feature({
    ...{ ...record, id: 'person.drivingWork', name: 'Driving occupation', row: 85, construct: 'person' },
    ...{ marginal: yesNo(0.12), basis: PRESENT, published: 2.16 },
  }),
  feature({
    ...{ id: 'prom.startBack', name: 'STarT Back risk group', unit: '1', row: 1, modality: 'questionnaire' },
    ...{ construct: 'pain-disability', marginal: classes({ low: 0.4, medium: 0.4, high: 0.2 }), use: 'context' },
  }),
];
