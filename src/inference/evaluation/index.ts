/** How good a model is: figures of merit, learners to compare, cross-validation, matched odds ratios. */

export {
  type CohortEvaluation,
  type ColumnContribution,
  type EvaluateOptions,
  evaluateCohort,
  type LearnerResult,
} from './cohort-table.ts';
export { LEARNERS, type LearnerName } from './learners.ts';
export { matchedOddsRatios, type OddsRatio } from './matched.ts';
export {
  auc,
  brier,
  type CalibrationBin,
  calibrationCurve,
  calibrationError,
  calibrationInTheLarge,
  calibrationLine,
  type DecisionPoint,
  decisionCurve,
  type Figures,
  figuresOf,
  logLoss,
  type Scored,
  scaledBrier,
} from './metrics.ts';
