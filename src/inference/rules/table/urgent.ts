/** R01 to R07: emergencies and what cannot wait. They run before and without any model. */

import { above, every, ifKnown, yes } from '../condition.ts';
import { ORDER, type Rule } from './rule.ts';
import {
  SEVERE_PARESIS,
  SUSPECTED_CANCER,
  SUSPECTED_CAUDA,
  SUSPECTED_FRACTURE,
  SUSPECTED_INFECTION,
} from './situations.ts';

/** Said wherever an MRI is urgent and somebody has marked it as impossible. */
const WITHOUT_MRI = {
  when: ifKnown(yes('flag.mriContraindicated')),
  text: 'MRI is marked as contraindicated: talk to the radiologist at once about CT myelography or CT (R15).',
};

export const URGENT: readonly Rule[] = [
  {
    id: 'R01',
    condition: SUSPECTED_CAUDA,
    title: 'Emergency MRI of the whole lumbar spine and call to the spine surgeon: suspected cauda equina syndrome',
    detail:
      'Loss of bladder, bowel, sexual or saddle function, or a deficit of both legs or one that grows, is an emergency of hours. ' +
      'Scan the bladder after voiding, but never let the MRI wait for it.',
    ...{ kind: 'examination', strength: 'A', urgency: 'emergency', order: ORDER.mri, modality: 'mri' },
    more: [WITHOUT_MRI],
    source:
      'National pathways for suspected cauda equina syndrome (UK); ACR Appropriateness Criteria, Low Back Pain, variant 4',
  },
  {
    id: 'R02',
    condition: every(SUSPECTED_CAUDA, above('exam.postVoidResidual', 200)),
    title: 'More than 200 mL left after voiding: cauda equina syndrome far likelier, MRI at once',
    detail:
      'Above 200 mL the syndrome is about twenty times as likely. A smaller volume does not exclude it: then MRI within 24 hours.',
    ...{ kind: 'examination', strength: 'B', urgency: 'emergency', order: ORDER.mri, modality: 'mri' },
    more: [WITHOUT_MRI],
    source: 'National pathways for suspected cauda equina syndrome (UK)',
  },
  {
    id: 'R03',
    condition: SUSPECTED_CAUDA,
    title: 'Reminder: most suspected cauda equina syndromes are not confirmed, and signs do not tell them apart',
    detail:
      'Confirmed in 13 % of 250 and 20 % of 75 suspected cases. Low specificity is the price of missing none; it is no reason to wait.',
    ...{ kind: 'reminder', strength: '-', urgency: 'emergency' },
    source: 'Hussain 2018; audit published by the Chartered Society of Physiotherapy',
  },
  {
    id: 'R04',
    condition: SEVERE_PARESIS,
    title: 'Refer to a spine surgeon within days, with MRI: severe or progressive weakness of a leg',
    detail:
      'New weakness of grade 3 of 5 or less, or strength that falls. The earlier it is freed, the likelier it returns.',
    ...{ kind: 'referral', strength: 'A', urgency: 'urgent', order: ORDER.surgeon, modality: 'mri' },
    more: [WITHOUT_MRI],
    source: 'NASS guideline (evidence on urgency graded I, insufficient); general-practice guidance on sciatica',
  },
  {
    id: 'R05',
    condition: SUSPECTED_CANCER,
    title: 'MRI and blood tests for metastasis: history of cancer with new or growing pain',
    detail:
      'MRI of the spine, with contrast where the radiologist wants it; blood count, CRP, calcium, alkaline phosphatase.',
    ...{ kind: 'examination', strength: 'A', urgency: 'urgent', order: ORDER.mriContrast, modality: 'mri' },
    more: [WITHOUT_MRI],
    source:
      'Downie 2014, red flags for malignancy (PubMed 25257627); ACR Appropriateness Criteria, Low Back Pain, variant 7',
  },
  {
    id: 'R06',
    condition: SUSPECTED_INFECTION,
    title: 'MRI without and with contrast, blood cultures, infection team: suspected infection of the spine',
    detail: 'Cultures before antibiotics unless the patient is septic. CRP and ESR follow the course.',
    ...{ kind: 'examination', strength: 'A', urgency: 'urgent', order: ORDER.mriContrast, modality: 'mri' },
    more: [WITHOUT_MRI],
    source:
      'ACR Appropriateness Criteria, Low Back Pain, variant 7. The list of flags and the cuts (CRP 10 mg/L, ESR 30 mm/h) are our ' +
      'working assumption',
  },
  {
    id: 'R07',
    condition: SUSPECTED_FRACTURE,
    title: 'Radiographs for vertebral fracture; CT or MRI if they leave doubt',
    detail:
      'Likelihood ratios: trauma 3 to 13, higher age 4 to 9, long steroids 4 to 48. Several flags together weigh more than each.',
    more: [
      {
        when: ifKnown(every(yes('flag.prolongedSteroids'), above('person.age', 70))),
        text: 'Age and steroids are both present: take the lower threshold for CT or MRI.',
      },
    ],
    ...{ kind: 'examination', strength: 'A', urgency: 'urgent', order: ORDER.radiograph, modality: 'radiograph' },
    source:
      'Cochrane review 2013 and Downie 2014 on red flags for fracture; ACR Appropriateness Criteria, Low Back Pain, variant 6. ' +
      'The cut at 70 years is our working assumption',
  },
];
