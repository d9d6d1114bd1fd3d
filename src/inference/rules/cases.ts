/** Cases of the rules, for their tests: made-up patients as plain values. */

import { NO_FLAGS, type SampleValues } from './sample.ts';

export const PAIN: SampleValues = { 'symptom.spinePain': 1 };
const ACUTE: SampleValues = { ...PAIN, 'symptom.duration': 0.5 };
export const CHRONIC: SampleValues = { ...PAIN, 'symptom.duration': 9 };
export const CANDIDATE: SampleValues = {
  ...{ ...CHRONIC, 'care.weeksOfCare': 8, 'care.failed': 1 },
  'care.surgeryConsidered': 1,
};
export const STENOSIS: SampleValues = { 'symptom.claudication': 1, 'diagnosis.stenosis': 1 };

/** For each rule but R34: patients in whom it must speak, and patients, one thing different, in whom it must not. */
export const CASES: Record<string, { speaks: SampleValues[]; silent: SampleValues[] }> = {
  R01: {
    speaks: [
      { 'flag.saddleNumbness': 1 },
      { 'flag.bladderDysfunction': 1 },
      { 'flag.bowelDysfunction': 1 },
      { 'flag.sexualDysfunction': 1 },
      { 'flag.bilateralLegDeficit': 1 },
      { 'flag.progressiveWeakness': 1 },
      { 'diagnosis.caudaEquina': 1 },
    ],
    silent: [NO_FLAGS, { ...NO_FLAGS, 'flag.newWeakness': 1, 'exam.weakestMuscle': 2 }],
  },
  R02: {
    speaks: [{ 'flag.saddleNumbness': 1, 'exam.postVoidResidual': 350 }],
    silent: [
      { 'flag.saddleNumbness': 1, 'exam.postVoidResidual': 200 },
      { ...NO_FLAGS, 'exam.postVoidResidual': 350 },
    ],
  },
  R03: { speaks: [{ 'flag.saddleNumbness': 1 }], silent: [NO_FLAGS] },
  R04: {
    speaks: [{ 'flag.newWeakness': 1, 'exam.weakestMuscle': 3 }, { 'flag.progressiveWeakness': 1 }],
    silent: [
      { ...NO_FLAGS, 'flag.newWeakness': 1, 'exam.weakestMuscle': 4 },
      { ...NO_FLAGS, 'exam.weakestMuscle': 2 },
    ],
  },
  R05: {
    speaks: [{ 'history.cancer': 1, 'pain.newOrWorse': 1 }],
    silent: [
      { 'history.cancer': 1, 'pain.newOrWorse': 0 },
      { 'history.cancer': 0, 'pain.newOrWorse': 1 },
    ],
  },
  R06: {
    speaks: [
      { ...PAIN, 'flag.fever': 1 },
      { ...PAIN, 'flag.immunosuppression': 1 },
      { ...PAIN, 'flag.intravenousDrugs': 1 },
      { ...PAIN, 'flag.bacteraemia': 1 },
      { 'pain.back': 6, 'lab.crp': 48 },
      { 'pain.leg': 4, 'lab.esr': 55 },
    ],
    silent: [
      { ...NO_FLAGS, ...PAIN },
      { ...NO_FLAGS, ...PAIN, 'lab.crp': 4, 'lab.esr': 12 },
      { 'symptom.spinePain': 0, 'flag.fever': 1 },
    ],
  },
  R07: {
    speaks: [
      { 'pain.newOrWorse': 1, 'person.age': 78 },
      { 'pain.newOrWorse': 1, 'flag.trauma': 1 },
      { 'pain.newOrWorse': 1, 'flag.contusion': 1 },
      { 'pain.newOrWorse': 1, 'flag.prolongedSteroids': 1 },
    ],
    silent: [
      { ...NO_FLAGS, 'pain.newOrWorse': 1, 'person.age': 70 },
      { 'pain.newOrWorse': 0, 'person.age': 78 },
    ],
  },
  R08: {
    speaks: [{ ...PAIN, 'person.age': 31, 'symptom.nightPain': 1, 'symptom.morningStiffness': 1 }],
    silent: [
      { ...PAIN, 'person.age': 58, 'symptom.nightPain': 1, 'symptom.morningStiffness': 1 },
      { ...PAIN, 'person.age': 31, 'symptom.nightPain': 1, 'symptom.morningStiffness': 0 },
    ],
  },
  R09: {
    speaks: [{ ...NO_FLAGS, ...ACUTE, 'person.age': 40 }],
    silent: [
      { ...NO_FLAGS, ...CHRONIC, 'person.age': 40 },
      { ...NO_FLAGS, ...ACUTE, 'flag.fever': 1 },
      { ...NO_FLAGS, ...ACUTE, 'care.spineSurgery': 1, 'symptom.newSinceSurgery': 1 },
      ACUTE,
    ],
  },
  R10: {
    speaks: [{ ...PAIN, 'care.newEpisode': 1 }],
    silent: [
      { ...PAIN, 'care.newEpisode': 0 },
      { ...PAIN, 'care.newEpisode': 1, 'prom.startBack': 'low' },
    ],
  },
  R11: { speaks: [{ 'prom.startBack': 'low' }], silent: [{ 'prom.startBack': 'high' }] },
  R12: {
    speaks: [{ 'prom.startBack': 'medium' }, { 'prom.startBack': 'high' }],
    silent: [{ 'prom.startBack': 'low' }, { 'prom.startBack': 'high', 'flag.saddleNumbness': 1 }],
  },
  R13: {
    speaks: [CANDIDATE],
    silent: [
      { ...CANDIDATE, 'care.weeksOfCare': 5 },
      { ...CANDIDATE, 'care.surgeryConsidered': 0 },
      { ...CANDIDATE, 'care.failed': 0 },
      { ...CANDIDATE, 'imaging.lumbarMri': 1 },
      { ...CANDIDATE, 'stenosis.lee': 1 },
      { ...CANDIDATE, 'flag.mriContraindicated': 1 },
      { ...CANDIDATE, 'symptom.duration': 0.7 },
    ],
  },
  R14: {
    speaks: [
      { ...CANDIDATE, 'care.specialist': 1 },
      { 'order.lumbarMri': 1, 'care.specialist': 1 },
    ],
    silent: [
      { ...CANDIDATE, 'care.specialist': 0 },
      { ...PAIN, 'care.weeksOfCare': 2, 'care.specialist': 1 },
    ],
  },
  R15: {
    speaks: [
      { ...CANDIDATE, 'flag.mriContraindicated': 1 },
      { 'flag.saddleNumbness': 1, 'flag.mriContraindicated': 1 },
    ],
    silent: [
      { ...CANDIDATE, 'flag.mriContraindicated': 0 },
      { 'symptom.spinePain': 0, 'flag.mriContraindicated': 1 },
    ],
  },
  R16: {
    speaks: [{ 'care.spineSurgery': 1, 'symptom.newSinceSurgery': 1 }],
    silent: [
      { 'care.spineSurgery': 1, 'symptom.newSinceSurgery': 0 },
      { 'care.spineSurgery': 1, 'symptom.newSinceSurgery': 1, 'flag.mriContraindicated': 1 },
    ],
  },
  R17: {
    speaks: [
      { ...PAIN, 'care.surgeryConsidered': 1, 'segment.slip': 14 },
      { ...PAIN, 'care.surgeryConsidered': 1, 'symptom.painOnMovement': 1 },
    ],
    silent: [
      { ...PAIN, 'care.surgeryConsidered': 0, 'segment.slip': 14 },
      { ...PAIN, 'care.surgeryConsidered': 1, 'segment.slip': 14, 'segment.unstable': 0 },
      { ...PAIN, 'care.surgeryConsidered': 1, 'segment.slip': 5, 'symptom.painOnMovement': 0 },
    ],
  },
  R18: {
    speaks: [
      { 'symptom.sciatica': 1, 'imaging.lumbarMri': 1, 'imaging.concordant': 0 },
      { 'symptom.paresthesia': 1, 'bone.l1Attenuation': 180, 'imaging.concordant': 0 },
      { 'symptom.sciatica': 1, 'history.diabetes': 1 },
      { 'pain.leg': 5, 'history.neuropathy': 1 },
    ],
    silent: [
      { 'symptom.sciatica': 1, 'imaging.lumbarMri': 1, 'imaging.concordant': 1 },
      { 'symptom.sciatica': 1, 'history.diabetes': 0 },
      { 'symptom.sciatica': 1, 'imaging.concordant': 0 },
      { 'imaging.lumbarMri': 1, 'imaging.concordant': 0, 'pain.leg': 1 },
    ],
  },
  R19: {
    speaks: [
      { 'bone.l1Attenuation': 128 },
      { 'bone.l1Attenuation': 150, 'flag.prolongedSteroids': 1 },
      { 'bone.l1Attenuation': 150, 'person.age': 71 },
      { 'bone.genant': 1 },
    ],
    silent: [
      { 'bone.l1Attenuation': 150, 'flag.prolongedSteroids': 0, 'history.fragilityFracture': 0 },
      { 'bone.l1Attenuation': 190, 'person.age': 71 },
      { 'bone.l1Attenuation': 100, 'bone.tScore': -2.8 },
      { 'bone.genant': 0 },
    ],
  },
  R20: {
    speaks: [{ ...PAIN, 'symptom.duration': 2 }],
    silent: [CHRONIC, { ...ACUTE, 'flag.saddleNumbness': 1 }],
  },
  R21: { speaks: [CHRONIC], silent: [ACUTE, { ...CHRONIC, 'symptom.spinePain': 0 }] },
  R22: { speaks: [{ ...CHRONIC, 'care.rehabFailed': 1 }], silent: [{ ...CHRONIC, 'care.rehabFailed': 0 }] },
  R23: {
    speaks: [
      { ...CHRONIC, 'care.opioid': 1 },
      { ...CHRONIC, 'order.opioid': 1 },
      { 'symptom.sciatica': 1, 'care.gabapentinoid': 1 },
      { 'symptom.sciatica': 1, 'order.oralSteroid': 1 },
      { 'symptom.sciatica': 1, 'care.oralSteroid': 1 },
      { 'symptom.sciatica': 1, 'order.gabapentinoid': 1 },
    ],
    silent: [
      { ...ACUTE, 'care.opioid': 1, 'symptom.sciatica': 0 },
      { ...CHRONIC, 'care.opioid': 0, 'symptom.sciatica': 0, 'care.gabapentinoid': 1 },
    ],
  },
  R24: {
    speaks: [{ ...ACUTE, 'symptom.sciatica': 1, 'pain.leg': 8, 'symptom.claudication': 0 }],
    silent: [
      { ...ACUTE, 'symptom.sciatica': 1, 'pain.leg': 5, 'symptom.claudication': 0 },
      { ...CHRONIC, 'symptom.sciatica': 1, 'pain.leg': 8, 'symptom.claudication': 0 },
      { ...ACUTE, 'symptom.sciatica': 1, 'pain.leg': 8, ...STENOSIS },
    ],
  },
  R25: {
    speaks: [
      STENOSIS,
      { 'symptom.claudication': 1, 'stenosis.lee': 3 },
      { 'symptom.claudication': 1, 'stenosis.schizas': 'C' },
      { 'symptom.claudication': 1, 'stenosis.duralArea': 82 },
    ],
    silent: [
      { 'symptom.claudication': 0, 'diagnosis.stenosis': 1 },
      { 'symptom.claudication': 1, 'stenosis.lee': 1 },
      { 'symptom.claudication': 1, 'diagnosis.stenosis': 0 },
    ],
  },
  R26: {
    speaks: [{ ...NO_FLAGS, ...CHRONIC, 'person.age': 50, 'symptom.sciatica': 0, 'symptom.claudication': 0 }],
    silent: [
      { ...NO_FLAGS, ...CHRONIC, 'person.age': 50, 'symptom.sciatica': 1, 'symptom.claudication': 0 },
      { ...NO_FLAGS, ...CHRONIC, 'flag.fever': 1, 'symptom.sciatica': 0, 'symptom.claudication': 0 },
    ],
  },
  R27: {
    speaks: [
      {
        ...{ ...CHRONIC, 'pain.back': 6, 'care.rehabFailed': 1 },
        ...{ 'exam.facetPattern': 1, 'exam.medialBranchBlock': 1 },
      },
    ],
    silent: [
      {
        ...{ ...CHRONIC, 'pain.back': 6, 'care.rehabFailed': 1 },
        ...{ 'exam.facetPattern': 1, 'exam.medialBranchBlock': 0 },
      },
      {
        ...{ ...CHRONIC, 'pain.back': 3, 'care.rehabFailed': 1 },
        ...{ 'exam.facetPattern': 1, 'exam.medialBranchBlock': 1 },
      },
    ],
  },
  R28: {
    speaks: [
      {
        ...{ 'symptom.sciatica': 1, 'care.weeksOfCare': 9, 'care.failed': 1 },
        ...{ 'imaging.lumbarMri': 1, 'imaging.concordant': 1 },
      },
    ],
    silent: [
      {
        ...{ 'symptom.sciatica': 1, 'care.weeksOfCare': 9, 'care.failed': 1 },
        ...{ 'imaging.lumbarMri': 1, 'imaging.concordant': 0 },
      },
      {
        ...{ 'symptom.sciatica': 1, 'care.weeksOfCare': 3, 'care.failed': 1 },
        ...{ 'imaging.lumbarMri': 1, 'imaging.concordant': 1 },
      },
    ],
  },
  R29: {
    speaks: [{ ...STENOSIS, 'prom.odi': 44, 'care.weeksOfCare': 16, 'care.failed': 1 }],
    silent: [
      { ...STENOSIS, 'prom.odi': 22, 'care.weeksOfCare': 16, 'care.failed': 1 },
      { ...STENOSIS, 'prom.odi': 44, 'care.weeksOfCare': 8, 'care.failed': 1 },
    ],
  },
  R30: {
    speaks: [
      {
        ...{ ...CHRONIC, 'care.surgeryConsidered': 1, 'pain.back': 7, 'pain.leg': 2 },
        'imaging.structuralTarget': 0,
      },
      { ...CHRONIC, 'order.fusion': 1, 'pain.back': 7, 'pain.leg': 2, 'imaging.structuralTarget': 0 },
    ],
    silent: [
      { ...CHRONIC, 'care.surgeryConsidered': 1, 'pain.back': 3, 'pain.leg': 7, 'imaging.structuralTarget': 0 },
      { ...CHRONIC, 'care.surgeryConsidered': 1, 'pain.back': 7, 'pain.leg': 2, 'imaging.structuralTarget': 1 },
      {
        ...{ ...CHRONIC, 'care.surgeryConsidered': 1, 'pain.back': 7, 'pain.leg': 2 },
        ...{ 'imaging.structuralTarget': 0, 'segment.slip': 18 },
      },
    ],
  },
  R31: {
    speaks: [
      { 'person.smoker': 1, 'care.surgeryConsidered': 1 },
      { 'person.smoker': 1, 'order.spineSurgery': 1 },
    ],
    silent: [
      { 'person.smoker': 0, 'care.surgeryConsidered': 1 },
      { 'person.smoker': 1, 'care.surgeryConsidered': 0 },
    ],
  },
  R32: {
    speaks: [
      { 'lab.hba1c': 8.4, 'care.surgeryConsidered': 1 },
      { 'person.bmi': 41, 'care.surgeryConsidered': 1 },
      { 'lab.haemoglobin': 7.4, 'order.fusion': 1 },
    ],
    silent: [
      { 'lab.hba1c': 6.1, 'care.surgeryConsidered': 1 },
      { 'person.bmi': 41, 'care.surgeryConsidered': 0 },
    ],
  },
  R33: {
    speaks: [
      { ...PAIN, 'emg.flexionExtensionRatio': 0.92 },
      { ...PAIN, 'movement.velocityScore': -2.4 },
      { ...PAIN, 'movement.flexion': 28, 'person.age': 40 },
      { ...PAIN, 'movement.extension': 4, 'person.age': 30 },
      { ...PAIN, 'movement.lateralFlexion': 8, 'person.age': 30 },
    ],
    silent: [
      { ...PAIN, 'emg.flexionExtensionRatio': 0.5 },
      { ...PAIN, 'movement.flexion': 35, 'person.age': 85 },
      { ...PAIN, 'movement.flexion': 28 },
      { 'symptom.spinePain': 0, 'emg.flexionExtensionRatio': 0.92 },
    ],
  },
};
