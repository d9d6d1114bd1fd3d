/** Conditions that several rules share; each has a name, under which the reader finds it. */

import {
  above,
  absent,
  all,
  any,
  atLeast,
  atMost,
  below,
  ifKnown,
  is,
  named,
  not,
  quietly,
  yes,
} from '../condition.ts';

/** Six and twelve weeks in months. */
export const SIX_WEEKS_MO = 1.38;
export const TWELVE_WEEKS_MO = 2.76;

/** Levels of the lumbar spine, by the vertebra above or the vertebra itself. */
export const LUMBAR = ['L', 'T12-L1'];

export const SPINE_PAIN = named(
  'pain of lower back or leg',
  any(yes('symptom.spinePain'), ifKnown(atLeast('pain.back', 1)), ifKnown(atLeast('pain.leg', 1))),
);

export const SUSPECTED_CAUDA = named(
  'suspected cauda equina syndrome',
  any(
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
  any(yes('flag.progressiveWeakness'), all(yes('flag.newWeakness'), atMost('exam.weakestMuscle', 3))),
);

export const SUSPECTED_CANCER = named('suspected metastasis', all(yes('history.cancer'), yes('pain.newOrWorse')));

export const SUSPECTED_INFECTION = named(
  'suspected infection of the spine',
  all(
    SPINE_PAIN,
    any(
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
  all(
    yes('pain.newOrWorse'),
    any(yes('flag.trauma'), yes('flag.contusion'), yes('flag.prolongedSteroids'), above('person.age', 70)),
  ),
);

/** Any condition of an emergency or urgent rule. */
export const RED_FLAG = named(
  'red flag',
  any(SUSPECTED_CAUDA, SEVERE_PARESIS, SUSPECTED_CANCER, SUSPECTED_INFECTION, SUSPECTED_FRACTURE),
);

/** Every red flag is answered, and none is up. */
export const NO_RED_FLAG = not(RED_FLAG);
/** No red flag is up as far as anybody knows. */
export const NO_KNOWN_RED_FLAG = named('no known red flag', quietly(not(ifKnown(RED_FLAG))));

export const INFLAMMATORY = named(
  'inflammatory pattern',
  all(SPINE_PAIN, below('person.age', 45), yes('symptom.nightPain'), yes('symptom.morningStiffness')),
);

export const CHRONIC = named(
  'chronic pain (12 weeks or more)',
  all(SPINE_PAIN, atLeast('symptom.duration', TWELVE_WEEKS_MO)),
);

export const CENTRAL_STENOSIS = named(
  'central stenosis',
  any(
    ifKnown(yes('diagnosis.stenosis')),
    ifKnown(atLeast('stenosis.lee', 2)),
    ifKnown(is('stenosis.schizas', 'C', 'D')),
    ifKnown(atMost('stenosis.duralArea', 100)),
    all(
      quietly(absent('stenosis.lee')),
      quietly(absent('stenosis.schizas')),
      quietly(absent('stenosis.duralArea')),
      yes('diagnosis.stenosis'),
    ),
  ),
);

export const CLAUDICATION_BY_STENOSIS = named(
  'neurogenic claudication with central stenosis',
  all(yes('symptom.claudication'), CENTRAL_STENOSIS),
);

/** An MRI is known of; nobody is asked. */
export const KNOWN_MRI = named('MRI within a year', any({ examined: 'mri' }, ifKnown(yes('imaging.lumbarMri'))));
/** The same, asked for. */
export const MRI_MADE = named('MRI made', any({ examined: 'mri' }, yes('imaging.lumbarMri')));

export const MRI_CANDIDATE = named(
  'care failed and candidate for intervention',
  all(
    SPINE_PAIN,
    atLeast('care.weeksOfCare', 6),
    yes('care.failed'),
    yes('care.surgeryConsidered'),
    quietly(not(KNOWN_MRI)),
    NO_KNOWN_RED_FLAG,
    quietly(not(ifKnown(below('symptom.duration', SIX_WEEKS_MO)))),
  ),
);

export const NEW_AFTER_SURGERY = named(
  'new symptoms after lumbar surgery',
  all(yes('care.spineSurgery'), yes('symptom.newSinceSurgery')),
);

export const MRI_WANTED = named(
  'MRI wanted',
  any(ifKnown(RED_FLAG), ifKnown(yes('order.lumbarMri')), MRI_CANDIDATE, ifKnown(NEW_AFTER_SURGERY)),
);

/** Surgery is being considered or ordered, or the risk of it is high. */
export const SURGERY_LIKELY = named(
  'surgery likely',
  any(yes('care.surgeryConsidered'), ifKnown(yes('order.spineSurgery')), ifKnown(yes('order.fusion')), {
    risk: 'high',
  }),
);

export const STRUCTURAL_TARGET = named(
  'measured structural target',
  ifKnown(
    any(
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
