/** The trusted model: prior, guard, prediction. */

export {
  CONFORMAL_EVENTS,
  type ConformalCalibration,
  type ConformalSet,
  calibrateConformal,
  conformalSet,
} from './conformal.ts';
export { DRIFT_WATCH, type DriftWatch, QUIET, watchOutcome } from './drift.ts';
export {
  activeModel,
  type ModelEvent,
  type ModelLog,
  openLog,
  publishUpdate,
  recordOutcome,
  recordPrediction,
  rollBack,
} from './evolve.ts';
export { type FailedPrediction, failedRisk } from './failed.ts';
export { worthOfExaminations } from './information.ts';
export {
  CASE_MIX_SHIFT,
  FIRST_HALF_SHARE,
  INTERCEPT,
  INTERCEPT_SD,
  type PriorOptions,
  priorModel,
  priorOfTerm,
  restoreModel,
  type TrustedModel,
  type Weights,
} from './model.ts';
export { expectedRisk, horizonsOf, NOT_VALIDATED, type PredictOptions, predictRisk, Z90 } from './predict.ts';
export {
  CREDIBLE_SPREAD,
  checkSpread,
  modelWithPriors,
  naiveModel,
  type Spread,
  spreadOf,
} from './spread.ts';
export { EVENT_GATES, type Freedom, freedomOf, type LocalOutcome, stateOf, updateModel } from './update.ts';
