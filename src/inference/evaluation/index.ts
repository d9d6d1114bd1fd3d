/** How good a model is: figures of merit, learners to compare, cross-validation, matched odds ratios. */

export {
  type CohortEvaluation,
  type ColumnContribution,
  type EvaluateOptions,
  evaluateCohort,
  type LearnerResult,
} from './cohort-table.ts';
export {
  type CalibrationBin,
  calibrationCurve,
  DECISION_THRESHOLDS,
  type DecisionPoint,
  decisionCurve,
  type Scored,
} from './curves.ts';
export { LEARNERS, type LearnerName } from './learners.ts';
export { matchedOddsRatios, type OddsRatio } from './matched.ts';
export {
  auc,
  brier,
  calibrationError,
  calibrationInTheLarge,
  calibrationLine,
  type Figures,
  figuresOf,
  logLoss,
  scaledBrier,
} from './metrics.ts';
