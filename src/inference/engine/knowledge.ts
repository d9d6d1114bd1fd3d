/** What the engine knows before it sees a patient, as plain JSON for a screen. */

import type { InferenceKnowledge } from '../../model/index.ts';
import { DICTIONARY, KNOWLEDGE, KNOWLEDGE_VERSION, SETTINGS, valueKindOf } from '../knowledge/index.ts';
import { describeCondition, FEATURE_QUESTIONS, FINDINGS, RULES } from '../rules/index.ts';

/** Dictionary with its evidence rows, settings, findings and rules. */
export function describeKnowledge(): InferenceKnowledge {
  return {
    version: String(KNOWLEDGE_VERSION),
    settings: SETTINGS.map(({ id, name, baseRate, horizon, source }) => ({ id, name, baseRate, horizon, source })),
    features: DICTIONARY.map((entry) => {
      const { id, name, unit, row, modality, construct, use, windowDays } = entry;
      const evidence = KNOWLEDGE[row - 1];
      return {
        ...{ id, name, unit, row, modality, construct, use, windowDays, valueKind: valueKindOf(entry) },
        reference: evidence.reference ?? '',
        direction: evidence.direction ?? '',
        ratio: evidence.ratio ?? '',
        interval: evidence.interval ?? '',
        ratioAbout: evidence.about ?? '',
        source: evidence.source ?? '',
        step: evidence.per ?? '',
        priorMean: evidence.mean,
        priorSd: evidence.sd,
        code: evidence.code ?? '',
      };
    }),
    findings: [
      ...FINDINGS.map(({ id, question, form, redFlag }) => ({ id, question, form, redFlag })),
      ...FEATURE_QUESTIONS.map(({ feature, question, form }) => ({ id: feature, question, form, redFlag: false })),
    ],
    rules: RULES.map(({ id, title, condition, strength, urgency, source }) => {
      return { id, title, when: describeCondition(condition), strength, urgency, source };
    }),
  };
}
