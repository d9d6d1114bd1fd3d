/** Synthetic patients, and scores of many patients. */

export {
  type CohortOptions,
  generateCohort,
  type Missingness,
  type Saturation,
  type SyntheticPatient,
  WATERMARK,
} from './generate.ts';
export { type CohortScores, scoreCohort } from './score.ts';
