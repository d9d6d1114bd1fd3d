/** Suggestions: the vocabulary of the rules, the rules as data, and what they say of one patient. */

export { recordsFromAcquisitions } from './acquisitions.ts';
export {
  aboutFact,
  type Condition,
  describeCondition,
  type FactCondition,
  factsOf,
  OPTIONAL,
  type Test,
} from './condition.ts';
export { FINDINGS, type Finding, type FindingCode, findFinding, findingOf } from './findings.ts';
export { ACTION_BAND, evaluateRules, type RuleContext, type RuleVerdict, redFlags } from './suggest.ts';
export { RULES, type Rule } from './table/index.ts';
export { FEATURE_QUESTIONS, type FeatureQuestion } from './vocabulary/questions.ts';
