/** Questions for features of the dictionary that a person can answer; what must be measured is never asked. */

import type { AnswerForm, Unit } from '../../../model/index.ts';

/** How a feature of the dictionary is asked for. */
export interface FeatureQuestion {
  /** id of the dictionary */
  feature: string;
  question: string;
  form: AnswerForm;
}

const yesNo = (feature: string, question: string): FeatureQuestion => ({ feature, question, form: { kind: 'yes-no' } });
const number = (feature: string, question: string, unit: Unit, [min, max]: [number, number]): FeatureQuestion => ({
  ...{ feature, question },
  form: { kind: 'number', unit, min, max },
});

export const FEATURE_QUESTIONS: readonly FeatureQuestion[] = [
  number('person.age', 'How old is the patient?', 'a', [18, 110]),
  number('symptom.duration', 'For how many months has the present illness lasted?', 'mo', [0, 600]),
  number('pain.back', 'How strong is the back pain now, 0 to 10?', '{score}', [0, 10]),
  number('pain.leg', 'How strong is the leg pain now, 0 to 10?', '{score}', [0, 10]),
  number('prom.odi', 'What is the Oswestry score, in percent?', '%', [0, 100]),
  yesNo(
    'symptom.claudication',
    'Do leg pain, heaviness or numbness come with walking or standing, and go with sitting or bending forward?',
  ),
  yesNo('symptom.paresthesia', 'Is there tingling or numbness in a leg?'),
  yesNo('person.smoker', 'Does the patient smoke at present?'),
  yesNo('care.opioid', 'Is an opioid taken at present?'),
  yesNo('care.spineSurgery', 'Has the lumbar spine been operated on before?'),
];
