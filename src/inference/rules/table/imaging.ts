/** R09 and R13 to R19: which examination, and which not. */

import { absent, atLeast, atMost, below, every, ifKnown, no, not, quietly, some, yes } from '../condition.ts';
import { ORDER, type Rule } from './rule.ts';
import {
  KNOWN_MRI,
  LEG_SYMPTOMS,
  LUMBAR,
  MRI_CANDIDATE,
  MRI_WANTED,
  NEW_AFTER_SURGERY,
  NO_DENSITOMETRY,
  NO_RED_FLAG,
  NOT_NEW,
  SIX_WEEKS_MO,
  SPINE_PAIN,
} from './situations.ts';

const MRI_POSSIBLE = quietly(not(ifKnown(yes('flag.mriContraindicated'))));
const SLIP = ifKnown({ ...atLeast('segment.slip', 8), levels: LUMBAR });

export const R09: Rule = {
  id: 'R09',
  condition: every(
    SPINE_PAIN,
    below('symptom.duration', SIX_WEEKS_MO),
    quietly(not(ifKnown(NEW_AFTER_SURGERY))),
    NO_RED_FLAG,
  ),
  title: 'No imaging yet: new pain, below six weeks, no red flag. Stay active, self-management',
  detail:
    'Most episodes settle by themselves, and findings of wear are common in people without pain. Tell the patient what to look out ' +
    'for and when to come back.',
  ...{ kind: 'avoid', strength: 'X', urgency: 'routine', against: ['order.lumbarImaging', 'order.lumbarMri'] },
  source: 'ACR Appropriateness Criteria, Low Back Pain, variants 1 and 2; NICE NG59, 1.1.4',
};

export const IMAGING: readonly Rule[] = [
  {
    id: 'R13',
    condition: every(MRI_CANDIDATE, MRI_POSSIBLE),
    title: 'MRI of the lumbar spine without contrast: care has failed and intervention is considered',
    detail: 'After six weeks of proper care without success, in a candidate for surgery or intervention.',
    ...{ kind: 'examination', strength: 'A', urgency: 'routine', order: ORDER.mri, modality: 'mri', permits: ['mri'] },
    source:
      'ACR Appropriateness Criteria, Low Back Pain, variant 3 (the rating "usually appropriate" is quoted from memory: our assumption)',
  },
  {
    id: 'R14',
    condition: every(some(ifKnown(yes('order.lumbarMri')), MRI_CANDIDATE), yes('care.specialist')),
    title: 'MRI in the specialist setting only if its result would change what is done',
    detail: 'Name the decision that hangs on the result before the examination is booked.',
    ...{ kind: 'reminder', strength: 'A', urgency: 'routine' },
    source: 'NICE NG59, 1.1.6',
  },
  {
    id: 'R15',
    condition: every(MRI_WANTED, yes('flag.mriContraindicated')),
    title: 'MRI is not possible: CT of the lumbar spine, or CT myelography, instead',
    detail: 'With the urgency that the MRI would have had. CT myelography where compression of nerves is the question.',
    ...{ kind: 'examination', strength: 'C', urgency: 'routine', order: ORDER.ct, modality: 'ct', permits: ['ct'] },
    source: 'NASS guideline on lumbar disc herniation',
  },
  {
    id: 'R16',
    condition: every(NEW_AFTER_SURGERY, MRI_POSSIBLE),
    title: 'MRI without and with contrast: new symptoms after lumbar surgery',
    detail: 'Contrast tells scar from a new herniation. Flexion and extension radiographs may help after a fusion.',
    ...{ kind: 'examination', strength: 'B', urgency: 'routine', order: ORDER.mriContrast, modality: 'mri' },
    permits: ['mri'],
    source: 'ACR Appropriateness Criteria, Low Back Pain, variant 5; a note to an AJNR table',
  },
  {
    id: 'R17',
    condition: every(
      SPINE_PAIN,
      NOT_NEW,
      yes('care.surgeryConsidered'),
      absent('segment.unstable'),
      some(SLIP, yes('symptom.painOnMovement')),
    ),
    title: 'Standing flexion and extension radiographs: is the segment stable?',
    detail:
      'A slip seen lying down, or pain on movement, in a candidate for surgery. Flag: 3 to 4 mm of translation or 15° of ' +
      'angulation or more.',
    ...{
      kind: 'examination',
      strength: 'C',
      urgency: 'routine',
      order: ORDER.flexionExtension,
      modality: 'radiograph',
    },
    permits: ['radiograph'],
    source:
      'Simmonds 2015; Sci Rep 2021 s41598-021-83471-y. The wider limits of White and Panjabi are quoted from memory, the cut of 8 % ' +
      'slip (about 3 mm) is our assumption',
  },
  {
    id: 'R18',
    condition: every(
      LEG_SYMPTOMS,
      some(
        every(some(KNOWN_MRI, { examined: 'ct' }), no('imaging.concordant')),
        ifKnown(some(yes('history.neuropathy'), yes('history.diabetes'))),
      ),
    ),
    title: 'Needle EMG and nerve conduction: symptoms and imaging disagree, or neuropathy blurs the picture',
    detail: 'Tells a root lesion from a lesion outside the spine, and an old one from a fresh one.',
    ...{ kind: 'examination', strength: 'C', urgency: 'routine' },
    source: 'After NASS guidance, from memory: our working assumption',
  },
  {
    id: 'R19',
    condition: every(
      NO_DENSITOMETRY,
      some(
        ifKnown(atMost('bone.l1Attenuation', 135)),
        every(
          ifKnown(atMost('bone.l1Attenuation', 160)),
          some(
            yes('flag.prolongedSteroids'),
            yes('history.fragilityFracture'),
            ifKnown(yes('diagnosis.osteoporosis')),
            ifKnown(yes('person.smoker')),
            ifKnown(atLeast('person.age', 65)),
          ),
        ),
        ifKnown(atLeast('bone.genant', 1)),
      ),
    ),
    title: 'Bone densitometry (DXA): low attenuation of L1 or a vertebral fracture on imaging',
    detail:
      'Bone health before any screw is placed. Attenuation holds for 120 kV; automated readings lie about 21 HU above manual ones.',
    more: [
      {
        when: ifKnown(atMost('bone.l1Attenuation', 110)),
        text: 'At 110 HU or less osteoporosis is probable: treat it as such until shown otherwise.',
      },
      {
        when: ifKnown(yes('care.surgeryConsidered')),
        text: 'Surgery is being considered: ask for a bone-health consultation before instrumentation.',
      },
    ],
    ...{ kind: 'examination', strength: 'B', urgency: 'routine', order: ORDER.dxa, modality: 'dxa', permits: ['dxa'] },
    source:
      'Pickhardt 2013 (cuts of 160, 135 and 110 HU); reviews on attenuation before spine surgery. Which risk factors lower the bar ' +
      'is our assumption',
  },
];
