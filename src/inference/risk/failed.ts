/** When the model cannot be evaluated: the base rate of the setting alone, called what it is. */

import type { RiskPrediction } from '../../model/index.ts';
import { settingOf } from '../knowledge/index.ts';
import { FIRST_HALF_SHARE, INTERCEPT_SD } from './model.ts';
import { horizonsOf, type PredictOptions, settingLine } from './predict.ts';

/** What stands in for a prediction that failed. */
export interface FailedPrediction extends PredictOptions {
  setting: string;
  indexDate: string;
  /** version of the model that failed */
  version: number;
  /** why, in one sentence */
  reason: string;
}

/**
 * A prediction in the state `failed`: the base rate of the setting with the doubt of an intercept, and nothing of the patient.
 *
 * It exists so that rules, asks and the patient graph are assessed and stored whatever becomes of a model.
 * @throws ArgumentError no such setting
 */
export function failedRisk({ setting: id, indexDate, version, reason, synthetic }: FailedPrediction): RiskPrediction {
  const setting = settingOf(id);
  const logit = Math.log(setting.baseRate / (1 - setting.baseRate));
  return {
    model: { id: `msdt-trusted.${id}`, version },
    state: 'failed',
    caution:
      `The model could not be evaluated: ${reason} What is shown is the base rate of the setting alone and says nothing of this ` +
      'patient: do not use it. Red flags and the other rules do not depend on it.',
    setting: settingLine(setting),
    indexDate,
    horizons: horizonsOf(logit, INTERCEPT_SD, FIRST_HALF_SHARE),
    logit,
    sdLogit: INTERCEPT_SD,
    intercept: logit,
    interceptSd: INTERCEPT_SD,
    doubt: { parameter: INTERCEPT_SD ** 2, measurement: 0, missing: 0 },
    contributions: [],
    synthetic: synthetic === true,
  };
}
