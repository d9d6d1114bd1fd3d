/** The trusted model: prior, guard, prediction. */

export {
  CASE_MIX_SHIFT,
  FIRST_HALF_SHARE,
  INTERCEPT,
  INTERCEPT_SD,
  type PriorOptions,
  priorModel,
  priorOfTerm,
  type TrustedModel,
  type Weights,
} from './model.ts';
export { expectedRisk, horizonsOf, NOT_VALIDATED, type PredictOptions, predictRisk, Z90 } from './predict.ts';
export { CREDIBLE_SPREAD, checkSpread, naiveModel, type Spread, spreadOf, spreadOfAuc } from './spread.ts';
