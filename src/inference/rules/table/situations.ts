/** Conditions that several rules share; each has a name, under which the reader finds it. */

import {
  above,
  absent,
  atLeast,
  atMost,
  below,
  every,
  ifKnown,
  is,
  named,
  not,
  quietly,
  some,
  yes,
} from '../condition.ts';

/** Six and twelve weeks in months. */
export const SIX_WEEKS_MO = 1.38;
export const TWELVE_WEEKS_MO = 2.76;

/** Levels of the lumbar spine, by the vertebra above or the vertebra itself. */
export const LUMBAR = ['L', 'T12-L1'];

export const SPINE_PAIN = named(
  'pain of lower back or leg',
  some(yes('symptom.spinePain'), ifKnown(atLeast('pain.back', 1)), ifKnown(atLeast('pain.leg', 1))),
);

export const SUSPECTED_CAUDA = named(
  'suspected cauda equina syndrome',
  some(
    yes('flag.saddleNumbness'),
    yes('flag.bladderDysfunction'),
    yes('flag.bowelDysfunction'),
    yes('flag.sexualDysfunction'),
    yes('flag.bilateralLegDeficit'),
    yes('flag.progressiveWeakness'),
    ifKnown(yes('diagnosis.caudaEquina')),
  ),
);

export const SEVERE_PARESIS = named(
  'severe or progressive paresis',
  some(yes('flag.progressiveWeakness'), every(yes('flag.newWeakness'), atMost('exam.weakestMuscle', 3))),
);

export const SUSPECTED_CANCER = named('suspected metastasis', every(yes('history.cancer'), yes('pain.newOrWorse')));

export const SUSPECTED_INFECTION = named(
  'suspected infection of the spine',
  every(
    SPINE_PAIN,
    some(
      yes('flag.fever'),
      yes('flag.immunosuppression'),
      yes('flag.intravenousDrugs'),
      yes('flag.bacteraemia'),
      ifKnown(atLeast('lab.crp', 10)),
      ifKnown(atLeast('lab.esr', 30)),
    ),
  ),
);

export const SUSPECTED_FRACTURE = named(
  'suspected fracture',
  every(
    yes('pain.newOrWorse'),
    some(yes('flag.trauma'), yes('flag.contusion'), yes('flag.prolongedSteroids'), above('person.age', 70)),
  ),
);

/** Any condition of an emergency or urgent rule. */
export const RED_FLAG = named(
  'red flag',
  some(SUSPECTED_CAUDA, SEVERE_PARESIS, SUSPECTED_CANCER, SUSPECTED_INFECTION, SUSPECTED_FRACTURE),
);

/** Not known to be below six weeks. */
export const NOT_NEW = quietly(not(ifKnown(below('symptom.duration', SIX_WEEKS_MO))));

/** Every red flag is answered, and none is up. */
export const NO_RED_FLAG = not(RED_FLAG);
/** No red flag is up as far as anybody knows. */
export const NO_KNOWN_RED_FLAG = quietly(not(ifKnown(RED_FLAG)));

/** Leg symptoms, as far as anybody knows. */
export const LEG_SYMPTOMS = named(
  'leg symptoms',
  ifKnown(some(yes('symptom.sciatica'), yes('symptom.paresthesia'), atLeast('pain.leg', 3))),
);

export const INFLAMMATORY = named(
  'inflammatory pattern',
  every(SPINE_PAIN, below('person.age', 45), yes('symptom.nightPain'), yes('symptom.morningStiffness')),
);

export const CHRONIC = named(
  'chronic pain (12 weeks or more)',
  every(SPINE_PAIN, atLeast('symptom.duration', TWELVE_WEEKS_MO)),
);

export const CENTRAL_STENOSIS = named(
  'central stenosis',
  some(
    ifKnown(yes('diagnosis.stenosis')),
    ifKnown(atLeast('stenosis.lee', 2)),
    ifKnown(is('stenosis.schizas', 'C', 'D')),
    ifKnown(atMost('stenosis.duralArea', 100)),
    every(
      quietly(absent('stenosis.lee')),
      quietly(absent('stenosis.schizas')),
      quietly(absent('stenosis.duralArea')),
      yes('diagnosis.stenosis'),
    ),
  ),
);

export const CLAUDICATION_BY_STENOSIS = named(
  'neurogenic claudication with central stenosis',
  every(yes('symptom.claudication'), CENTRAL_STENOSIS),
);

export const MRI_MADE = named('MRI within a year', some({ examined: 'mri' }, yes('imaging.lumbarMri')));
/** The same, as far as anybody knows. */
export const KNOWN_MRI = ifKnown(MRI_MADE);

export const MRI_CANDIDATE = named(
  'care failed and candidate for intervention',
  every(
    SPINE_PAIN,
    atLeast('care.weeksOfCare', 6),
    yes('care.failed'),
    yes('care.surgeryConsidered'),
    quietly(not(KNOWN_MRI)),
    NO_KNOWN_RED_FLAG,
    NOT_NEW,
  ),
);

export const NEW_AFTER_SURGERY = named(
  'new symptoms after lumbar surgery',
  every(yes('care.spineSurgery'), yes('symptom.newSinceSurgery')),
);

export const MRI_WANTED = named(
  'MRI wanted',
  some(ifKnown(RED_FLAG), ifKnown(yes('order.lumbarMri')), MRI_CANDIDATE, ifKnown(NEW_AFTER_SURGERY)),
);

/** Surgery is being considered or ordered, or the risk of it is high. */
export const SURGERY_LIKELY = named(
  'surgery likely',
  some(yes('care.surgeryConsidered'), ifKnown(yes('order.spineSurgery')), ifKnown(yes('order.fusion')), {
    risk: 'high',
  }),
);

export const STRUCTURAL_TARGET = named(
  'measured structural target',
  ifKnown(
    some(
      { ...atLeast('segment.slip', 8), levels: LUMBAR },
      yes('segment.unstable'),
      atLeast('stenosis.lee', 2),
      is('stenosis.schizas', 'C', 'D'),
      atLeast('bone.genant', 1),
      atLeast('spine.cobb', 20),
    ),
  ),
);

export const NO_DENSITOMETRY = absent('bone.tScore');
