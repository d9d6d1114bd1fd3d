/** Questions that could still decide a rule, each once, in the order they are worth asking. */

import type { Ask } from '../../model/index.ts';
import { aboutFact } from './condition.ts';
import { FINDINGS } from './findings.ts';
import type { Rule } from './table/index.ts';
import { FEATURE_QUESTIONS } from './vocabulary/questions.ts';

/** A rule whose truth is unknown, and what could decide it. */
export interface RuleQuestions {
  rule: Rule;
  asks: readonly string[];
}

const TURN = new Map(
  [...FINDINGS.map(({ id }) => id), ...FEATURE_QUESTIONS.map(({ feature }) => feature)].map((id, k) => [id, k]),
);

/** Questions of all waiting rules: red flags first, then by how many rules wait, then in the order of the vocabulary. */
export function asksOf(waiting: readonly RuleQuestions[]): readonly Ask[] {
  const rules = new Map<string, Rule[]>();
  for (const { rule, asks } of waiting) for (const id of asks) rules.set(id, [...(rules.get(id) ?? []), rule]);
  return [...rules]
    .flatMap(([finding, list]): Ask[] => {
      const about = aboutFact(finding);
      if (!about?.question || !about.form) return [];
      const redFlag = list.some(({ urgency }) => urgency !== 'routine');
      return [{ finding, question: about.question, form: about.form, rules: list.map(({ id }) => id), redFlag }];
    })
    .sort(
      (a, b) =>
        Number(b.redFlag) - Number(a.redFlag) ||
        b.rules.length - a.rules.length ||
        (TURN.get(a.finding) ?? 0) - (TURN.get(b.finding) ?? 0),
    );
}
