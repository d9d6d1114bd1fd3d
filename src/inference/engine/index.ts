/** The inference engine as the catalogue lists it. */

import type { InferenceEngine } from '../../model/index.ts';
import { ACTION_BAND } from '../rules/index.ts';
import { ASSUMED_SETTING, assess, described, ENGINE } from './assess.ts';
import { evaluateTable, simulatedFigures } from './cohorts.ts';
import { describeKnowledge } from './knowledge.ts';
import { likePatients } from './like.ts';
import { siteLife } from './site.ts';

export const inferenceEngine: InferenceEngine = {
  ...ENGINE,
  assumedSetting: ASSUMED_SETTING,
  assumedBand: ACTION_BAND,
  knowledge: describeKnowledge,
  assess,
  described,
  site: siteLife,
  patientsLikeThis: likePatients,
  evaluateTable,
  simulateCohort: simulatedFigures,
};
