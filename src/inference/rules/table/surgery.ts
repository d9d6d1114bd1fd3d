/** R28 to R32 and R34: surgical opinion, what to settle before it, and which examination tells most. */

import { above, atLeast, atMost, every, ifKnown, named, no, not, quietly, some, yes } from '../condition.ts';
import { ORDER, type Rule } from './rule.ts';
import {
  CENTRAL_STENOSIS,
  MRI_MADE,
  NO_KNOWN_RED_FLAG,
  NOT_NEW,
  SPINE_PAIN,
  STRUCTURAL_TARGET,
  SURGERY_LIKELY,
} from './situations.ts';

/** Haemoglobin in g/dL below which anaemia is severe. */
const SEVERE_ANAEMIA_G_DL = 8;

export const SURGERY: readonly Rule[] = [
  {
    id: 'R28',
    condition: every(
      yes('symptom.sciatica'),
      atLeast('care.weeksOfCare', 6),
      yes('care.failed'),
      MRI_MADE,
      yes('imaging.concordant'),
    ),
    title: 'Surgical opinion: sciatica with imaging that fits, non-surgical care has failed',
    detail:
      'After 6 to 12 weeks of care; results are best within 6 to 12 months of onset. Many still recover without surgery.',
    ...{ kind: 'referral', strength: 'B', urgency: 'routine', order: ORDER.surgeon },
    source: 'NASS guideline (grade B); "consider decompression" of NICE NG59 is quoted from memory: our assumption',
  },
  {
    id: 'R29',
    condition: every(
      yes('symptom.claudication'),
      CENTRAL_STENOSIS,
      atLeast('care.weeksOfCare', 12),
      yes('care.failed'),
      atLeast('prom.odi', 30),
    ),
    title: 'Surgical opinion: stenosis with claudication, marked disability, twelve weeks of care without success',
    detail:
      'Benefit of surgery over no surgery in the SPORT trial, in points of disability: about 9 at four years as treated. ' +
      'What this patient brings changes it.',
    more: [
      { when: ifKnown(atMost('prom.odi', 56)), text: 'Disability of 56 or less: 15 points (above it 4).' },
      { when: ifKnown(above('prom.odi', 56)), text: 'Disability above 56: 4 points (at or below it 15).' },
      { when: ifKnown(yes('person.smoker')), text: 'Smoker: under 2 points (others 12).' },
      { when: ifKnown(no('person.smoker')), text: 'Not a smoker: 12 points (smokers under 2).' },
      { when: ifKnown(atLeast('stenosis.foraminal', 2)), text: 'Foraminal stenosis: 14 points (without it 9).' },
    ],
    ...{ kind: 'referral', strength: 'B', urgency: 'routine', order: ORDER.surgeon, permits: ['questionnaire'] },
    source: 'SPORT, lumbar stenosis: PMC3392200, PMC5987770; modifiers of benefit PMC3758127',
  },
  {
    id: 'R30',
    condition: every(
      SPINE_PAIN,
      NOT_NEW,
      some(yes('care.surgeryConsidered'), ifKnown(yes('order.fusion'))),
      { more: 'pain.back', than: 'pain.leg', by: 1 },
      quietly(not(STRUCTURAL_TARGET)),
      no('imaging.structuralTarget'),
    ),
    title: 'No fusion or disc replacement outside a trial: back pain leads and there is no structural target',
    detail: 'Wear of a disc alone is no target. Rehabilitation does as well with less harm.',
    ...{ kind: 'avoid', strength: 'X', urgency: 'routine', against: ['order.fusion', 'order.spineSurgery'] },
    source:
      'Evidence-based interventions, list 2, names fusion for axial pain; NICE NG59 is quoted from memory: our assumption. ' +
      'Back pain leads when it is 1 point or more above leg pain: our assumption',
  },
  {
    id: 'R31',
    condition: every(yes('person.smoker'), SURGERY_LIKELY),
    title: 'Stop smoking first: surgery helps smokers far less',
    detail: 'Effect of surgery on disability in the SPORT trial: 1.6 points in smokers, 11.7 in others.',
    ...{ kind: 'optimisation', strength: 'B', urgency: 'routine' },
    source: 'SPORT, modifiers of benefit: PMC3758127',
  },
  {
    id: 'R32',
    condition: every(
      named(
        'modifiable risk of an operation',
        ifKnown(
          some(atLeast('lab.hba1c', 8), atLeast('person.bmi', 40), {
            fact: 'lab.haemoglobin',
            test: { below: SEVERE_ANAEMIA_G_DL },
          }),
        ),
      ),
      SURGERY_LIKELY,
    ),
    title: 'Optimise before surgery: diabetes, weight or anaemia beyond what elective surgery should accept',
    detail:
      'HbA1c of 8 % or more, body-mass index of 40 or more, or haemoglobin below 8 g/dL raise the rate of complications.',
    ...{ kind: 'optimisation', strength: 'C', urgency: 'routine', permits: ['laboratory'] },
    source: 'Cuts are quoted from memory: our working assumption',
  },
];

export const R34: Rule = {
  id: 'R34',
  condition: every(NO_KNOWN_RED_FLAG, { risk: 'undecided' }),
  title: 'Examination that would narrow the risk most, among those that are in place',
  detail:
    'The interval of the risk crosses an edge of the action band, and what this examination would bring is missing. Ranked by the ' +
    'fall in doubt it is expected to bring; suggested only while another rule holds that puts it in place.',
  ...{ kind: 'examination', strength: 'C', urgency: 'routine', each: 'examination' },
  source: 'Our own design: expected fall of the variance of the logit',
};
