/** What the models say of a patient: the trusted one, its sets, the challenger. A model that fails takes nothing else down with it. */

import {
  type Assessment,
  type FeatureSpace,
  isMsdtError,
  MsdtError,
  messageOf,
  type RiskPrediction,
  type SiteModelState,
} from '../../model/index.ts';
import { failedRisk, predictRisk, priorModel, worthOfExaminations } from '../risk/index.ts';
import { opinionOf } from './challenger.ts';
import { activeOf, conformalAnswer } from './site.ts';

/** Whose risk is asked for. */
export interface ModelQuestion {
  setting: string;
  space: FeatureSpace;
  synthetic: boolean;
  /** the literature prior when undefined */
  site?: SiteModelState;
}

/** The part of an assessment that models make. */
export type ModelWord = Pick<Assessment, 'risk' | 'worth' | 'challenger' | 'conformal'>;

/** Never throws: where a model cannot be evaluated, the risk is in the state `failed` and says why. */
export function askModels(question: ModelQuestion): ModelWord {
  try {
    return evaluated(question);
  } catch (error) {
    const { setting, space, synthetic, site } = question;
    const reason = reasonOf(error);
    const risk = failedRisk({ setting, indexDate: space.indexDate, version: site?.active ?? 1, reason, synthetic });
    return { risk, worth: [], challenger: undefined, conformal: undefined };
  }
}

function evaluated({ setting, space, synthetic, site }: ModelQuestion): ModelWord {
  const model = site ? activeOf(site) : priorModel(setting);
  const risk = sound(predictRisk(model, space, { synthetic }));
  return {
    risk,
    worth: worthOfExaminations(model, space),
    challenger: opinionOf(risk, site?.challenger),
    conformal: conformalAnswer(site, risk.horizons[0].expected),
  };
}

/** A number that is none would be stored as a gap and read as "no risk". */
function sound(risk: RiskPrediction): RiskPrediction {
  const numbers = [risk.logit, risk.sdLogit, ...risk.contributions.flatMap(({ mean, sd }) => [mean, sd])];
  if (numbers.every(Number.isFinite)) return risk;
  throw new MsdtError('method.no-convergence', 'its result is not a number');
}

function reasonOf(error: unknown): string {
  const text = messageOf(error);
  const hint = isMsdtError(error) ? error.hint : '';
  return [text, hint].filter(Boolean).map(sentence).join(' ');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
