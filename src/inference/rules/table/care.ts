/** R08, R10 to R12, R20 to R27 and R33: treatment without surgery, and what not to give. */

import {
  absent,
  atLeast,
  atMost,
  below,
  every,
  ifKnown,
  is,
  no,
  not,
  quietly,
  scoreAtMost,
  some,
  yes,
} from '../condition.ts';
import { ORDER, type Rule } from './rule.ts';
import {
  CHRONIC,
  CLAUDICATION_BY_STENOSIS,
  INFLAMMATORY,
  NO_KNOWN_RED_FLAG,
  NO_RED_FLAG,
  SPINE_PAIN,
  TWELVE_WEEKS_MO,
} from './situations.ts';

const OPIOID = some(yes('care.opioid'), ifKnown(yes('order.opioid')));
const NERVE_DRUG = some(
  yes('care.gabapentinoid'),
  yes('care.oralSteroid'),
  ifKnown(yes('order.gabapentinoid')),
  ifKnown(yes('order.oralSteroid')),
);

export const R08: Rule = {
  id: 'R08',
  condition: INFLAMMATORY,
  title: 'Think of axial spondyloarthritis: inflammatory back pain below 45 years. Rheumatology, not the wear pathway',
  detail: 'Pain in the second half of the night and long morning stiffness that eases with movement.',
  ...{ kind: 'referral', strength: 'B', urgency: 'routine' },
  source: 'NICE NG59, 1.1.1. The features and the cut at 45 years are quoted from memory: our working assumption',
};

export const FIRST_CONTACT: readonly Rule[] = [
  {
    id: 'R10',
    condition: every(SPINE_PAIN, yes('care.newEpisode'), absent('prom.startBack')),
    title: 'Stratify by risk with STarT Back at the first contact of this episode',
    detail: 'Only the score is stored; the questionnaire comes from its owner.',
    ...{ kind: 'questionnaire', strength: 'B', urgency: 'routine', order: ORDER.startBack, modality: 'questionnaire' },
    permits: ['questionnaire'],
    source: 'NICE NG59, 1.1.2',
  },
  {
    id: 'R11',
    condition: every(is('prom.startBack', 'low'), NO_KNOWN_RED_FLAG),
    title: 'Low risk of lasting disability: reassurance and advice to stay active',
    detail: 'Simple support is enough; more treatment brings no more benefit at low risk.',
    ...{ kind: 'advice', strength: 'B', urgency: 'routine', permits: ['questionnaire'] },
    source: 'NICE NG59, 1.1.3',
  },
  {
    id: 'R12',
    condition: every(is('prom.startBack', 'medium', 'high'), NO_KNOWN_RED_FLAG),
    title: 'Medium or high risk: exercise, with or without manual therapy, or a psychological programme',
    detail: 'At high risk with psychological obstacles to recovery, combine physical and psychological treatment.',
    ...{ kind: 'treatment', strength: 'B', urgency: 'routine', order: ORDER.physiotherapy, permits: ['questionnaire'] },
    source: 'NICE NG59, 1.1.3',
  },
];

export const TREATMENT: readonly Rule[] = [
  {
    id: 'R20',
    condition: every(SPINE_PAIN, below('symptom.duration', TWELVE_WEEKS_MO), NO_KNOWN_RED_FLAG),
    title: 'Heat, massage, acupuncture or manipulation first; NSAID or muscle relaxant if a drug is wanted',
    detail: 'Pain of less than twelve weeks mostly improves whatever is done.',
    ...{ kind: 'treatment', strength: 'A', urgency: 'routine', permits: ['questionnaire'] },
    source:
      'American College of Physicians 2017 (strong recommendation; evidence moderate for heat, low for the others)',
  },
  {
    id: 'R21',
    condition: every(CHRONIC, NO_KNOWN_RED_FLAG),
    title:
      'Exercise, multidisciplinary rehabilitation, motor control, EMG biofeedback, CBT or mindfulness before drugs',
    detail:
      'Chronic pain: treatment without drugs comes first, acupuncture among it. A recording of muscles and movement at the start ' +
      'makes progress visible.',
    ...{ kind: 'treatment', strength: 'A', urgency: 'routine', order: ORDER.rehabilitation },
    permits: ['questionnaire', 'emg', 'imu', 'video'],
    source: 'American College of Physicians 2017 (strong recommendation, evidence low to moderate)',
  },
  {
    id: 'R22',
    condition: every(CHRONIC, NO_KNOWN_RED_FLAG, yes('care.rehabFailed')),
    title: 'NSAID if treatment without drugs has failed; then duloxetine or tramadol; opioids last',
    detail:
      'Opioids only if all else failed, benefits outweigh risks for this patient, and both have been talked through.',
    ...{ kind: 'treatment', strength: 'B', urgency: 'routine' },
    source: 'American College of Physicians 2017 (weak recommendation, moderate evidence)',
  },
  {
    id: 'R23',
    condition: some(every(CHRONIC, OPIOID), every(yes('symptom.sciatica'), NERVE_DRUG)),
    title:
      'Do not start, and review or taper: opioid for chronic back pain; gabapentinoid or oral steroid for sciatica',
    detail: 'Little or no benefit, real harm. Never stop abruptly: agree a plan for tapering.',
    ...{ kind: 'avoid', strength: 'X', urgency: 'routine' },
    against: [
      ...['care.opioid', 'order.opioid', 'care.gabapentinoid', 'order.gabapentinoid'],
      ...['care.oralSteroid', 'order.oralSteroid'],
    ],
    source: 'NICE NG59, update of 2020. The wording is quoted from memory: our assumption',
  },
  {
    id: 'R24',
    condition: every(
      yes('symptom.sciatica'),
      below('symptom.duration', TWELVE_WEEKS_MO),
      atLeast('pain.leg', 7),
      NO_KNOWN_RED_FLAG,
      quietly(not(CLAUDICATION_BY_STENOSIS)),
    ),
    title: 'Consider an epidural injection of local anaesthetic and steroid: acute and severe sciatica',
    detail: 'The effect is small and short. It may bridge the time until the pain settles by itself.',
    ...{ kind: 'treatment', strength: 'B', urgency: 'routine' },
    source:
      'Academy of Medical Royal Colleges, evidence-based interventions; NICE NG59; Cochrane review (small, short effect). Severe as ' +
      'leg pain of 7 or more, acute as less than 12 weeks: our assumption',
  },
  {
    id: 'R25',
    condition: CLAUDICATION_BY_STENOSIS,
    title: 'Do not give epidural injections for neurogenic claudication by central stenosis',
    detail: 'No lasting benefit has been shown in central stenosis.',
    ...{ kind: 'avoid', strength: 'X', urgency: 'routine', against: ['order.epidural'] },
    source: 'Academy of Medical Royal Colleges, evidence-based interventions; NICE NG59',
  },
  {
    id: 'R26',
    condition: every(
      SPINE_PAIN,
      no('symptom.sciatica'),
      no('symptom.claudication'),
      quietly(not(ifKnown(INFLAMMATORY))),
      NO_RED_FLAG,
    ),
    title: 'Do not inject facet joints, trigger points or discs for non-specific back pain without sciatica',
    detail: 'A diagnostic block of the medial branches ahead of denervation is another matter.',
    ...{ kind: 'avoid', strength: 'X', urgency: 'routine', against: ['order.spinalInjection'] },
    source: 'NICE QS155, statement 6; Academy of Medical Royal Colleges, evidence-based interventions',
  },
  {
    id: 'R27',
    condition: every(
      CHRONIC,
      atLeast('pain.back', 5),
      yes('care.rehabFailed'),
      yes('exam.facetPattern'),
      yes('exam.medialBranchBlock'),
    ),
    title: 'Consider radiofrequency denervation: facet pain confirmed by a block, other care has failed',
    detail:
      'Moderate to severe chronic pain (5 of 10 or more) with a positive diagnostic block of the medial branches.',
    ...{ kind: 'treatment', strength: 'B', urgency: 'routine' },
    source: 'NICE NG59 as put by the Academy of Medical Royal Colleges, evidence-based interventions',
  },
];

export const R33: Rule = {
  id: 'R33',
  condition: every(
    ifKnown(
      some(
        atLeast('emg.flexionExtensionRatio', 0.692),
        atMost('movement.velocityScore', -2),
        scoreAtMost('movement.flexion', -2),
        scoreAtMost('movement.extension', -2),
        scoreAtMost('movement.lateralFlexion', -2),
      ),
    ),
    SPINE_PAIN,
    NO_KNOWN_RED_FLAG,
  ),
  title: 'Motor-control or graded exercise; repeat motion and EMG in 6 to 12 weeks: function is lost',
  detail:
    'Muscles that do not relax in full flexion, slow movement, or range more than 2 SD below the norm for age. A change counts only ' +
    'when it exceeds the repeatability of the measurement (flexion by sensors: about 7 to 11°).',
  ...{ kind: 'treatment', strength: 'C', urgency: 'routine', order: ORDER.movementTherapy },
  permits: ['emg', 'imu', 'video'],
  source:
    'American College of Physicians 2017 lists both treatments; Neblett 2013; Elfving; norms of Troke. One lost function is enough: ' +
    'our assumption',
};
