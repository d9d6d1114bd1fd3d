/** The vocabulary: care given so far, and what is ordered. */

import { atc, type Finding, type FindingCode, fact, loinc, snomed } from './define.ts';

/** Care so far. */
export const CARE: readonly Finding[] = [
  fact({
    ...{ id: 'care.newEpisode', name: 'First contact of this episode' },
    question: 'Is this the first contact for this episode of pain?',
    windowDays: 30,
    meaning: 'A new episode, not a follow-up visit.',
  }),
  fact({
    ...{ id: 'care.weeksOfCare', name: 'Weeks of non-surgical care' },
    question: 'For how many weeks has non-surgical care been given in earnest?',
    form: { kind: 'number', unit: 'wk', min: 0, max: 1040 },
    meaning: 'Exercise, therapy and drugs as guidelines ask, in weeks up to the date of the answer.',
  }),
  fact({
    ...{ id: 'care.failed', name: 'Non-surgical care has failed' },
    question: 'Is it, despite that care, not clearly better?',
    meaning: 'Neither patient nor clinician sees an improvement that is enough.',
  }),
  fact({
    ...{ id: 'care.rehabFailed', name: 'Exercise and rehabilitation have failed' },
    question:
      'Have exercise, rehabilitation or other treatment without drugs been tried long enough, without enough effect?',
    meaning: 'Treatment without drugs completed and not enough.',
  }),
  fact({
    ...{ id: 'care.surgeryConsidered', name: 'Surgery or intervention considered' },
    question: 'Is surgery or another intervention on the spine being considered, and would the patient want it?',
    meaning: 'A candidate for surgery or intervention in the eyes of clinician and patient.',
    codes: snomed('770695002'),
  }),
  fact({
    ...{ id: 'care.specialist', name: 'Specialist setting' },
    question: 'Is the patient seen in a specialist setting?',
    windowDays: 365,
    meaning: 'Spine clinic, pain clinic, orthopaedics, neurosurgery, rheumatology: not first-contact care.',
  }),
  fact({
    ...{ id: 'care.gabapentinoid', name: 'Gabapentin or pregabalin in use' },
    question: 'Is gabapentin or pregabalin taken for the pain?',
    meaning: 'In use at the index date.',
    codes: atc('N02BF', 'N03AX12', 'N03AX16'),
  }),
  fact({
    ...{ id: 'care.oralSteroid', name: 'Steroid tablets for the pain' },
    question: 'Are steroid tablets taken for the pain?',
    windowDays: 30,
    meaning: 'Oral glucocorticoid against sciatica, in use at the index date. Not: steroids for another disease.',
  }),
  fact({
    ...{ id: 'exam.facetPattern', name: 'Pain from the facet joints' },
    question: 'Do history and examination point to the facet joints as the main source of pain?',
    meaning: 'Suspected facet source.',
  }),
  fact({
    ...{ id: 'exam.medialBranchBlock', name: 'Positive medial branch block' },
    question: 'Did a diagnostic block of the medial branches relieve the pain?',
    windowDays: 365,
    meaning: 'A controlled diagnostic block was positive. No: negative, or not made.',
  }),
];

const planned = (id: string, name: string, what: string, codes: readonly FindingCode[] = []): Finding =>
  fact({ id, name, question: `Is ${what} ordered or planned?`, meaning: `An open order or plan: ${what}.`, codes });

/** What is ordered or planned now; never asked for its own sake, but a "do not" is held against it. */
export const ORDERS: readonly Finding[] = [
  planned(
    'order.lumbarImaging',
    'Lumbar imaging ordered',
    'imaging of the lumbar spine',
    loinc('30679-5', '24967-2', '24968-0', '30620-9', '24963-1', '24972-2', '24970-6', '24971-4', '24969-8'),
  ),
  planned(
    'order.lumbarMri',
    'Lumbar MRI ordered',
    'an MRI of the lumbar spine',
    loinc('30679-5', '24967-2', '24968-0'),
  ),
  planned('order.epidural', 'Epidural injection ordered', 'an epidural injection'),
  planned('order.spinalInjection', 'Injection ordered', 'a facet, trigger-point or intradiscal injection'),
  planned('order.opioid', 'Opioid ordered', 'an opioid', atc('N02A')),
  planned(
    'order.gabapentinoid',
    'Gabapentinoid ordered',
    'gabapentin or pregabalin',
    atc('N02BF', 'N03AX12', 'N03AX16'),
  ),
  planned('order.oralSteroid', 'Oral steroid ordered', 'a course of steroid tablets for the pain'),
  planned('order.fusion', 'Fusion or disc replacement ordered', 'a fusion or disc replacement of the lumbar spine', [
    { system: 'SNOMED', code: '122465003', doubtful: true },
    { system: 'SNOMED', code: '609588000', doubtful: true },
  ]),
  planned('order.spineSurgery', 'Lumbar surgery ordered', 'an operation on the lumbar spine', [
    { system: 'SNOMED', code: '387731002', doubtful: true },
    { system: 'SNOMED', code: '122465003', doubtful: true },
  ]),
];
