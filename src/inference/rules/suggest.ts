/** What the rules say of one patient: suggestions in order, and what to ask. Red flags come first and know no model. */

import type {
  ActionBand,
  Ask,
  ExaminationWorth,
  FeatureRecord,
  FeatureSpace,
  InferenceModality,
  Reason,
  RiskPrediction,
  Suggestion,
} from '../../model/index.ts';
import { synchronise } from '../features/index.ts';
import { asksOf, type RuleQuestions } from './asks.ts';
import { factsOf } from './condition.ts';
import { factsAt } from './facts.ts';
import { nextExaminations } from './next-examination.ts';
import { RULES, type Rule, URGENT } from './table/index.ts';
import { evaluator, type Outcome, type RiskView, saying } from './truth.ts';

/** Action band until a site sets its own: risks within twelve months below and above which action would differ. */
export const ACTION_BAND: ActionBand = [0.1, 0.3];

/** What the rules are told. */
export interface RuleContext {
  /** ISO 8601 */
  indexDate: string;
  /** all records of the patient: features, findings, answers */
  records: readonly FeatureRecord[];
  /** feature space at the index date */
  space: FeatureSpace;
  /** a suspended one is not used */
  risk?: RiskPrediction;
  worth?: readonly ExaminationWorth[];
  /** risks within twelve months · 0 to 1 · {@link ACTION_BAND} when undefined */
  actionBand?: ActionBand;
}

/** Suggestions in order, and what to ask. */
export interface RuleVerdict {
  /** emergency first, then urgent, then a "do not" against an open order, then by strength and worth */
  suggestions: readonly Suggestion[];
  /** red flags first, then by how many rules wait */
  asks: readonly Ask[];
}

const URGENT_FACTS = new Set(
  URGENT.flatMap(({ condition, more = [] }) => [condition, ...more.map(({ when }) => when)].flatMap(factsOf)),
);
const ROUTINE = RULES.filter(({ urgency }) => urgency === 'routine');

/**
 * Emergency and urgent rules alone: from records and date, with no model in sight.
 *
 * @throws MsdtError `parameter.invalid` the index date is no date
 */
export function redFlags(records: readonly FeatureRecord[], indexDate: string): RuleVerdict {
  const { fired, waiting } = urgentOf(records, indexDate);
  return { suggestions: inOrder(fired), asks: asksOf(waiting) };
}

/**
 * Everything the rules say of one patient. What {@link redFlags} says is in it, whatever else is given.
 *
 * @throws MsdtError `parameter.invalid` the index date is no date
 */
export function evaluateRules(context: RuleContext): RuleVerdict {
  const urgent = urgentOf(context.records, context.indexDate);
  const facts = factsAt(context.records, context.space);
  const evaluate = evaluator(facts, riskView(context));
  const fired: Suggestion[] = [];
  const waiting: RuleQuestions[] = [];
  const permits = new Map<InferenceModality, string[]>();
  for (const rule of ROUTINE) {
    const outcome = evaluate(rule.condition);
    if (outcome.truth === undefined) waiting.push({ rule, asks: outcome.asks });
    if (outcome.truth !== true) continue;
    if (rule.each) {
      fired.push(...nextExaminations(rule, outcome, permits, context));
      continue;
    }
    for (const modality of rule.permits ?? []) permits.set(modality, [...(permits.get(modality) ?? []), rule.id]);
    fired.push(suggestionOf(rule, outcome, evaluate, facts, context.worth));
  }
  return {
    suggestions: inOrder([...urgent.fired, ...fired]),
    asks: asksOf([...urgent.waiting, ...waiting]),
  };
}

type Evaluate = ReturnType<typeof evaluator>;
type Known = ReturnType<typeof factsAt>;

function urgentOf(records: readonly FeatureRecord[], indexDate: string) {
  const relevant = records.filter(({ feature }) => URGENT_FACTS.has(feature));
  const facts = factsAt(relevant, synchronise(relevant, indexDate));
  const evaluate = evaluator(facts);
  const fired: Suggestion[] = [];
  const waiting: RuleQuestions[] = [];
  for (const rule of URGENT) {
    const outcome = evaluate(rule.condition);
    if (outcome.truth === true) fired.push(suggestionOf(rule, outcome, evaluate, facts));
    if (outcome.truth === undefined) waiting.push({ rule, asks: outcome.asks });
  }
  return { fired, waiting };
}

function suggestionOf(
  rule: Rule,
  outcome: Outcome,
  evaluate: Evaluate,
  facts: Known,
  worth?: readonly ExaminationWorth[],
): Suggestion {
  const against = againstOf(rule, facts);
  const ordered = against.some(({ finding }) => finding.startsWith('order.'));
  const more = (rule.more ?? []).filter(({ when }) => evaluate(when).truth === true).map(({ text }) => text);
  const told = rule.kind === 'examination' ? worth?.find(({ modality }) => modality === rule.modality) : undefined;
  return {
    id: rule.id,
    rule: rule.id,
    title: ordered ? `Against an open order: ${rule.title}` : rule.title,
    detail: [rule.detail, ...more].join(' '),
    kind: rule.kind,
    strength: rule.strength,
    urgency: rule.urgency,
    source: rule.source,
    because: [...against, ...outcome.reasons.filter(({ finding }) => against.every((one) => one.finding !== finding))],
    ...(rule.order ? { order: rule.order } : {}),
    ...(rule.modality ? { modality: rule.modality } : {}),
    ...(told ? { worth: told } : {}),
  };
}

function againstOf({ against }: Rule, facts: Known): Reason[] {
  return (against ?? []).flatMap((id) => {
    const known = facts.get(id);
    if (known?.value !== 1) return [];
    const { record } = known;
    return [{ finding: id, text: saying(id, 1), record, ...(record.evidence ? { evidence: record.evidence } : {}) }];
  });
}

/** What the rules may know of the risk; nothing while the model is suspended or has failed. */
function riskView({ risk, actionBand = ACTION_BAND }: RuleContext): RiskView | undefined {
  const year = risk?.horizons.find(({ horizon }) => horizon === '0-12');
  if (!risk || !year || risk.state === 'suspended' || risk.state === 'failed') return undefined;
  const [low, high] = actionBand;
  const percent = (p: number) => Math.round(p * 100);
  return {
    high: year.probability >= high,
    undecided: [low, high].some((edge) => year.low < edge && edge < year.high),
    text:
      `Risk of surgery within 12 months: ${percent(year.probability)} % (${percent(year.low)} to ${percent(year.high)} %); ` +
      `action band ${percent(low)} to ${percent(high)} %`,
  };
}

const URGENCIES = ['emergency', 'urgent', 'routine'];
const STRENGTHS = ['A', 'B', 'X', 'C', '-'];

function inOrder(suggestions: readonly Suggestion[]): Suggestion[] {
  const key = (one: Suggestion): number[] => [
    URGENCIES.indexOf(one.urgency),
    one.strength === 'X' && one.because.some(({ finding }) => finding.startsWith('order.')) ? 0 : 1,
    STRENGTHS.indexOf(one.strength),
    -(one.worth?.varianceDrop ?? 0),
  ];
  return [...suggestions].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((value, k) => value !== right[k]);
    return at < 0 ? (a.id < b.id ? -1 : 1) : left[at] - right[at];
  });
}
