/** Conditions of the rules as data: a small language over findings, features, age and risk, and its rendering in words. */

import { type AnswerForm, type InferenceModality, type Unit, unitText } from '../../model/index.ts';
import { findEntry, valueKindOf } from '../knowledge/index.ts';
import { findFinding } from './findings.ts';
import { FEATURE_QUESTIONS } from './vocabulary/questions.ts';

/** What one value must be. `scoreAtMost` compares the score against the norm for age: (value − expected) / sd. */
export type Test =
  | { is: readonly (number | string)[] }
  | { atLeast: number }
  | { above: number }
  | { atMost: number }
  | { below: number }
  | { scoreAtMost: number };

/**
 * A test of one finding or feature.
 *
 * `ifKnown`: a missing value counts as no, and nothing is asked. `levels`: only a value of a level that begins so (or that names
 * none) counts.
 */
export interface FactCondition {
  fact: string;
  test: Test;
  ifKnown?: true;
  levels?: readonly string[];
}

/** A condition; its truth is yes, no or unknown. */
export type Condition =
  | FactCondition
  | { every: readonly Condition[] }
  | { some: readonly Condition[] }
  /** `quietly`: what speaks for it is not listed among the reasons */
  | { not: Condition; quietly?: true }
  /** a condition with a name, so that it can be read */
  | { named: string; is: Condition }
  /** no value counts at the index date */
  | { absent: string; quietly?: true }
  /** some value of this modality counts at the index date, a year back at most */
  | { examined: InferenceModality }
  /** one value exceeds another of the same unit */
  | { more: string; than: string; by: number }
  /** 'high': at or above the action band; 'undecided': the interval crosses an edge of the band. No when there is no usable risk. */
  | { risk: 'high' | 'undecided' };

export const yes = (fact: string): FactCondition => ({ fact, test: { is: [1] } });
export const no = (fact: string): FactCondition => ({ fact, test: { is: [0] } });
export const is = (fact: string, ...values: (number | string)[]): FactCondition => ({ fact, test: { is: values } });
export const atLeast = (fact: string, bound: number): FactCondition => ({ fact, test: { atLeast: bound } });
export const above = (fact: string, bound: number): FactCondition => ({ fact, test: { above: bound } });
export const atMost = (fact: string, bound: number): FactCondition => ({ fact, test: { atMost: bound } });
export const below = (fact: string, bound: number): FactCondition => ({ fact, test: { below: bound } });
export const scoreAtMost = (fact: string, bound: number): FactCondition => ({ fact, test: { scoreAtMost: bound } });
export const every = (...conditions: Condition[]): Condition => ({ every: conditions });
export const some = (...conditions: Condition[]): Condition => ({ some: conditions });
export const not = (condition: Condition): { not: Condition } => ({ not: condition });
export const named = (name: string, condition: Condition): Condition => ({ named: name, is: condition });
export const absent = (fact: string): { absent: string } => ({ absent: fact });
/** The same, not listed among the reasons. */
export const quietly = (condition: { not: Condition } | { absent: string }): Condition => ({
  ...condition,
  quietly: true,
});

/** Mark of what counts as no when nobody knows it. */
export const OPTIONAL = '†';

/** The same condition with every missing value counting as no. */
export function ifKnown<C extends Condition>(condition: C): C;
export function ifKnown(condition: Condition): Condition {
  if ('fact' in condition) return { ...condition, ifKnown: true };
  if ('every' in condition) return { every: condition.every.map((part) => ifKnown(part)) };
  if ('some' in condition) return { some: condition.some.map((part) => ifKnown(part)) };
  if ('not' in condition) return { ...condition, not: ifKnown(condition.not) };
  if ('named' in condition) return { named: `${condition.named}${OPTIONAL}`, is: ifKnown(condition.is) };
  return condition;
}

/** Ids of findings and features a condition looks at, each once. */
export function factsOf(condition: Condition): string[] {
  if ('fact' in condition) return [condition.fact];
  if ('absent' in condition) return [condition.absent];
  if ('more' in condition) return [condition.more, condition.than];
  if ('not' in condition) return factsOf(condition.not);
  if ('named' in condition) return factsOf(condition.is);
  if ('every' in condition || 'some' in condition) {
    const parts = 'every' in condition ? condition.every : condition.some;
    return [...new Set(parts.flatMap(factsOf))];
  }
  return [];
}

const QUESTIONS = new Map(FEATURE_QUESTIONS.map((question) => [question.feature, question]));

/** What a finding or feature is called, its unit, and how it is asked for; undefined when nobody knows it. */
export function aboutFact(
  id: string,
): { name: string; unit: Unit; yesNo: boolean; question?: string; form?: AnswerForm } | undefined {
  const finding = findFinding(id);
  if (finding) {
    const { name, question, form } = finding;
    return { name, unit: form.kind === 'number' ? form.unit : '1', yesNo: form.kind === 'yes-no', question, form };
  }
  const entry = findEntry(id);
  if (!entry) return undefined;
  const yesNo = valueKindOf(entry) === 'yes-no';
  const asked = QUESTIONS.get(id);
  return { name: entry.name, unit: entry.unit, yesNo, question: asked?.question, form: asked?.form };
}

/** A condition in words; shared situations by their name, in asterisks. */
export function describeCondition(condition: Condition): string {
  if ('fact' in condition) return describeFact(condition);
  if ('absent' in condition) return `${nameOf(condition.absent)} not known yet`;
  if ('examined' in condition) return `${condition.examined.toUpperCase()} of the twin, at most a year old`;
  if ('more' in condition) return `${nameOf(condition.more)} at least ${condition.by} above ${nameOf(condition.than)}`;
  if ('risk' in condition)
    return condition.risk === 'high'
      ? 'risk at or above the action band'
      : 'interval of the risk crosses an edge of the action band';
  if ('named' in condition) return condition.named.replace(/^([^†]*)/, '*$1*');
  if ('not' in condition) return `not ${describePart(condition.not)}`;
  if ('every' in condition) return condition.every.map(describePart).join(' and ');
  return condition.some.map(describePart).join(' or ');
}

function describePart(condition: Condition): string {
  const text = describeCondition(condition);
  return 'every' in condition || 'some' in condition ? `(${text})` : text;
}

function describeFact({ fact, test, ifKnown: lenient }: FactCondition): string {
  const about = aboutFact(fact);
  const name = nameOf(fact);
  const unit = about?.unit ? unitText(about.unit) : '';
  const withUnit = (bound: number) => `${bound}${unit ? ` ${unit}` : ''}`.replace('-', '−');
  const text = () => {
    if ('is' in test) {
      if (!about?.yesNo) return `${name} is ${test.is.join(' or ')}`;
      return test.is[0] === 1 ? name : `no ${name}`;
    }
    if ('atLeast' in test) return `${name} ≥ ${withUnit(test.atLeast)}`;
    if ('above' in test) return `${name} > ${withUnit(test.above)}`;
    if ('atMost' in test) return `${name} ≤ ${withUnit(test.atMost)}`;
    if ('below' in test) return `${name} < ${withUnit(test.below)}`;
    return `${name} ≤ ${withUnit(test.scoreAtMost).split(' ')[0]} SD from the norm`;
  };
  return lenient ? `${text()}${OPTIONAL}` : text();
}

function nameOf(id: string): string {
  const name = aboutFact(id)?.name ?? id;
  return /^[A-Z][a-z]+(?=[\s,-]|$)/.test(name) && !/^(Lee|Schizas|Genant|Oswestry|STarT)/.test(name)
    ? name[0].toLowerCase() + name.slice(1)
    : name;
}
