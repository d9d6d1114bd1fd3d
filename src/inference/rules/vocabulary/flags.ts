/** The vocabulary: signs that call for action within hours or days. */

import { atc, type Finding, flag, icd10, snomed } from './define.ts';

/** Malignant disease but for skin other than melanoma (C44). */
const CANCER = [
  ...['C0', 'C1', 'C2', 'C3', 'C40', 'C41', 'C43', 'C45', 'C46', 'C47', 'C48', 'C49'],
  ...['C5', 'C6', 'C7', 'C8', 'C9', 'Z85'],
];

/** Signs that call for action within hours or days. */
export const FLAGS: readonly Finding[] = [
  flag({
    ...{ id: 'flag.saddleNumbness', name: 'Saddle numbness' },
    question: 'Is feeling lost or changed between the legs, around the anus or the genitals?',
    meaning: 'New loss or change of feeling in the saddle area.',
  }),
  flag({
    ...{ id: 'flag.bladderDysfunction', name: 'New bladder trouble' },
    question: 'Is there new trouble passing, holding or feeling urine?',
    meaning: 'Retention, incontinence or lost sensation of the bladder that began with the present illness.',
    // incontinence as such is common and rarely of the spine: no code of it raises an emergency
    codes: [...snomed('267064002'), ...icd10('R33', 'R39.14')],
  }),
  flag({
    ...{ id: 'flag.bowelDysfunction', name: 'New bowel trouble' },
    question: 'Is there new loss of control of the bowel, or of the feeling of passing stool?',
    meaning: 'Incontinence or lost sensation of the bowel that began with the present illness.',
    codes: icd10('R15'),
  }),
  flag({
    ...{ id: 'flag.sexualDysfunction', name: 'New loss of sexual function' },
    question: 'Has sexual function or genital feeling been lost since the present illness began?',
    meaning: 'New with the present illness; trouble of long standing does not count.',
  }),
  flag({
    ...{ id: 'flag.bilateralLegDeficit', name: 'Weak or numb in both legs' },
    question: 'Are both legs weak or numb, or does pain shoot into both legs?',
    meaning: 'Neurological signs or sciatica on both sides at once.',
    codes: icd10('G82.2'),
  }),
  flag({
    ...{ id: 'flag.progressiveWeakness', name: 'Weakness getting worse' },
    question: 'Is weakness of a leg or foot getting worse from day to day?',
    meaning: 'Strength falls between two examinations, or the patient reports it.',
  }),
  flag({
    ...{ id: 'flag.newWeakness', name: 'New weakness of a leg' },
    question: 'Has a leg or foot become weak within the last weeks?',
    meaning:
      'Paresis of a muscle group of the leg that began within the last six weeks: a foot that drops, a knee that gives way.',
    codes: [...icd10('M21.37')],
  }),
  flag({
    ...{ id: 'exam.weakestMuscle', name: 'Strength of the weakest leg muscle' },
    question: 'How strong is the weakest muscle group of the legs, 0 (no twitch) to 5 (full strength)?',
    form: { kind: 'number', unit: '{score}', min: 0, max: 5 },
    meaning: 'Grade of the Medical Research Council of the weakest muscle group.',
  }),
  flag({
    ...{ id: 'exam.postVoidResidual', name: 'Urine left after voiding' },
    question: 'How much urine is left in the bladder after voiding?',
    form: { kind: 'number', unit: 'mL', min: 0, max: 3000 },
    windowDays: 7,
    meaning: 'Post-void residual volume by bladder scan or catheter.',
  }),
  flag({
    ...{ id: 'diagnosis.caudaEquina', name: 'Cauda equina syndrome on record' },
    question: 'Is a cauda equina syndrome suspected or on record for the present illness?',
    meaning: 'Coded as a diagnosis, suspected or confirmed, within the window.',
    codes: [{ system: 'SNOMED', code: '192970008', doubtful: true }, ...icd10('G83.4')],
  }),
  flag({
    ...{ id: 'history.cancer', name: 'History of cancer' },
    question: 'Has there ever been a cancer other than of the skin (melanoma counts)?',
    windowDays: undefined,
    meaning: 'Any malignant disease in the history that can spread to bone.',
    codes: [...snomed('363346000'), ...icd10(...CANCER)],
  }),
  flag({
    ...{ id: 'pain.newOrWorse', name: 'New or clearly worse pain' },
    question: 'Is the pain new, or has it become clearly worse within the last weeks?',
    meaning: 'Pain of the back or leg that began or grew within the last six weeks.',
  }),
  flag({
    ...{ id: 'flag.fever', name: 'Fever' },
    question: 'Is there fever, or have there been chills or sweats at night?',
    meaning: 'At or above 38 °C, or rigors, with the present illness.',
    codes: [...snomed('386661006'), ...icd10('R50')],
  }),
  flag({
    ...{ id: 'flag.immunosuppression', name: 'Weak immune system' },
    question: 'Is the immune system weak, by illness or by drugs?',
    windowDays: 365,
    meaning: 'Immune deficiency, HIV with low counts, transplantation, chemotherapy, biologicals, long steroids.',
    codes: [...snomed('234532001'), ...icd10('B20', 'D80', 'D81', 'D82', 'D83', 'D84', 'Z94'), ...atc('L04A')],
  }),
  flag({
    ...{ id: 'flag.intravenousDrugs', name: 'Drugs injected' },
    question: 'Have drugs been injected within the last year, other than by medical staff?',
    windowDays: 365,
    meaning: 'Intravenous drug use.',
  }),
  flag({
    ...{ id: 'flag.bacteraemia', name: 'Recent infection of the blood' },
    question: 'Has there been an infection of the blood or a serious bacterial infection within the last three months?',
    windowDays: 90,
    meaning: 'Bacteraemia, sepsis or endocarditis.',
    codes: [...snomed('5758002'), ...icd10('A40', 'A41', 'R78.81', 'I33')],
  }),
  flag({
    ...{ id: 'flag.prolongedSteroids', name: 'Steroids for long' },
    question: 'Have steroid tablets been taken for three months or longer?',
    windowDays: 365,
    meaning: 'Systemic glucocorticoids for three months or longer, now or within the last year.',
    codes: [...atc('H02AB'), ...icd10('Z79.52')],
  }),
  flag({
    ...{ id: 'flag.trauma', name: 'Significant trauma' },
    question: 'Was there a fall from a height, a traffic accident, or at an older age even a fall from standing?',
    windowDays: 90,
    meaning: 'An injury that can break a vertebra, for the age of the patient.',
    codes: icd10('S22.0', 'S32', 'S34'),
  }),
  flag({
    ...{ id: 'flag.contusion', name: 'Contusion or abrasion of the back' },
    question: 'Is there a bruise or abrasion over the spine?',
    windowDays: 30,
    meaning: 'Seen on examination.',
    codes: icd10('S30.0', 'S20.2'),
  }),
];
