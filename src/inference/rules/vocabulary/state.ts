/** The vocabulary: complaints, history, and what the imaging means. */

import { type Finding, fact, icd10, loinc, snomed } from './define.ts';

/** Complaints, history and what the imaging means. */
export const STATE: readonly Finding[] = [
  fact({
    ...{ id: 'symptom.spinePain', name: 'Pain of lower back or leg' },
    question: 'Is there pain in the lower back, buttock or leg at present?',
    meaning: 'The complaint the rules are about. A pain score of 1 or more says the same.',
    codes: [...snomed('279039007', '278860009', '128196005', '307177001'), ...icd10('M54', 'M51')],
  }),
  fact({
    ...{ id: 'symptom.sciatica', name: 'Sciatica' },
    question: 'Does pain run from the back or buttock down the leg, below the knee or in the area of one nerve root?',
    meaning: 'Radicular leg pain.',
    codes: [...snomed('128196005', '307177001', '23056005'), ...icd10('M54.1', 'M54.3', 'M54.4', 'M51.1')],
  }),
  fact({
    ...{ id: 'symptom.nightPain', name: 'Pain in the second half of the night' },
    question: 'Does back pain wake in the second half of the night?',
    meaning: 'Inflammatory pattern, together with morning stiffness.',
  }),
  fact({
    ...{ id: 'symptom.morningStiffness', name: 'Morning stiffness over half an hour' },
    question: 'Is the back stiff in the morning for more than half an hour, easing with movement?',
    meaning: 'Inflammatory pattern, together with pain at night.',
  }),
  fact({
    ...{ id: 'symptom.painOnMovement', name: 'Back pain on movement' },
    question: 'Is the back pain brought on by movement or standing up, and gone at rest?',
    meaning: 'Mechanical pain that may speak for instability.',
  }),
  fact({
    ...{ id: 'symptom.newSinceSurgery', name: 'New symptoms since the operation' },
    question: 'Have new symptoms of back or leg appeared since the last operation on the lumbar spine?',
    meaning: 'New or returning after earlier lumbar surgery.',
    codes: icd10('M96.1'),
  }),
  fact({
    ...{ id: 'imaging.concordant', name: 'Imaging fits the symptoms' },
    question: 'Does the imaging show a cause at the level and on the side that the symptoms point to?',
    windowDays: 365,
    meaning: 'Yes: level and side agree with complaint and examination. No: they disagree.',
  }),
  fact({
    ...{ id: 'imaging.structuralTarget', name: 'Structural target for surgery' },
    question: 'Is there a structural target for surgery: compression, slip, instability, deformity, fracture?',
    windowDays: 365,
    meaning: 'A finding that surgery could put right and that explains the complaint. Wear of a disc alone is none.',
  }),
  fact({
    ...{ id: 'imaging.lumbarMri', name: 'Lumbar MRI within the last year' },
    question: 'Has a lumbar MRI been made within the last twelve months?',
    windowDays: 365,
    meaning: 'Made and reported; an MRI among the acquisitions of the twin says the same.',
    codes: loinc('30679-5', '24967-2', '24968-0'),
  }),
  fact({
    ...{ id: 'diagnosis.stenosis', name: 'Lumbar spinal stenosis' },
    question: 'Has central stenosis of the lumbar canal been shown by imaging?',
    windowDays: undefined,
    meaning: 'Diagnosis on record or in the report of the imaging.',
    codes: [
      { system: 'SNOMED', code: '18347007', doubtful: true },
      ...icd10('M48.05', 'M48.06', 'M48.07', 'M48.08', 'M99.33', 'M99.43'),
    ],
  }),
  fact({
    ...{ id: 'diagnosis.osteoporosis', name: 'Osteoporosis' },
    question: 'Is osteoporosis known?',
    windowDays: undefined,
    meaning: 'Diagnosis on record, or treated for it.',
    codes: [...snomed('64859006'), ...icd10('M80', 'M81')],
  }),
  fact({
    ...{ id: 'history.fragilityFracture', name: 'Fragility fracture' },
    question: 'Has a bone broken after a fall from standing height or less, since the age of 50?',
    windowDays: undefined,
    meaning: 'Low-energy fracture of spine, hip, wrist or upper arm.',
    codes: [...snomed('443165006'), ...icd10('M80')],
  }),
  fact({
    ...{ id: 'history.diabetes', name: 'Diabetes' },
    question: 'Is diabetes known?',
    windowDays: undefined,
    meaning: 'Any type.',
    codes: [...snomed('73211009', '44054006'), ...icd10('E10', 'E11', 'E13', 'E14')],
  }),
  fact({
    ...{ id: 'history.neuropathy', name: 'Neuropathy' },
    question: 'Is a disease of the peripheral nerves known?',
    windowDays: undefined,
    meaning: 'Polyneuropathy or a nerve lesion outside the spine.',
    codes: [...snomed('302226006'), ...icd10('G60', 'G61', 'G62', 'G63', 'E10.4', 'E11.4', 'G57')],
  }),
  fact({
    ...{ id: 'flag.mriContraindicated', name: 'MRI contraindicated' },
    question:
      'Does anything forbid an MRI: a pacemaker that is not safe, other metal or implants, severe claustrophobia?',
    windowDays: 365,
    meaning: 'The patient cannot be examined in the magnet.',
  }),
  fact({
    ...{ id: 'lab.haemoglobin', name: 'Haemoglobin' },
    question: 'What is the haemoglobin?',
    form: { kind: 'number', unit: 'g/dL', min: 2, max: 25 },
    windowDays: 90,
    meaning: 'In blood.',
    codes: loinc('718-7'),
  }),
];
