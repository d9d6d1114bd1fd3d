/**
 * Truth of a condition: yes, no, or unknown because something is missing; with the facts that decided it and what could still decide.
 *
 * Of several things that must all hold only the first unknown is asked: the rest is asked when it comes to matter. Of several that
 * would each do, all unknown ones are asked.
 */

import { type FeatureRecord, type Reason, unitText } from '../../model/index.ts';
import { aboutFact, type Condition, type FactCondition, type Test } from './condition.ts';
import type { Facts } from './facts.ts';

/** What the rules may know of the risk. */
export interface RiskView {
  high: boolean;
  undecided: boolean;
  /** "Risk within 12 months: 12 % (5–31 %)" */
  text: string;
}

/** Truth with its reasons. */
export interface Outcome {
  /** undefined: unknown */
  truth: boolean | undefined;
  /** facts that made it so; of an unknown one, none */
  reasons: readonly Reason[];
  /** ids of facts that could decide it */
  asks: readonly string[];
}

/** Evaluates conditions on one patient; each condition object once. */
export function evaluator(facts: Facts, risk?: RiskView): (condition: Condition) => Outcome {
  const seen = new Map<Condition, Outcome>();
  const evaluate = (condition: Condition): Outcome => {
    const known = seen.get(condition);
    if (known) return known;
    const outcome = compute(condition);
    seen.set(condition, outcome);
    return outcome;
  };
  const compute = (condition: Condition): Outcome => {
    if ('fact' in condition) return ofFact(condition, facts);
    if ('named' in condition) return evaluate(condition.is);
    if ('not' in condition) {
      const { truth, reasons, asks } = evaluate(condition.not);
      return { truth: truth === undefined ? undefined : !truth, reasons: condition.quietly ? [] : reasons, asks };
    }
    if ('every' in condition) return ofEvery(condition.every.map(evaluate));
    if ('some' in condition) return ofSome(condition.some.map(evaluate));
    if ('absent' in condition) return ofAbsent(condition, facts);
    if ('more' in condition) return ofMore(condition, facts);
    if ('risk' in condition) {
      const truth = risk?.[condition.risk] === true;
      return { truth, reasons: risk ? [{ finding: 'risk', text: risk.text }] : [], asks: [] };
    }
    const seenBy = facts.examined(condition.examined);
    const reasons = seenBy ? [reasonOf(seenBy.id, `${condition.examined.toUpperCase()} at hand`, seenBy.record)] : [];
    return { truth: seenBy !== undefined, reasons, asks: [] };
  };
  return evaluate;
}

function ofEvery(parts: readonly Outcome[]): Outcome {
  const failed = parts.find(({ truth }) => truth === false);
  if (failed) return failed;
  const open = parts.find(({ truth }) => truth === undefined);
  if (open) return { truth: undefined, reasons: [], asks: open.asks };
  return { truth: true, reasons: distinct(parts), asks: [] };
}

function ofSome(parts: readonly Outcome[]): Outcome {
  const held = parts.filter(({ truth }) => truth === true);
  if (held.length > 0) return { truth: true, reasons: distinct(held), asks: [] };
  const open = parts.filter(({ truth }) => truth === undefined);
  if (open.length > 0) return { truth: undefined, reasons: [], asks: [...new Set(open.flatMap(({ asks }) => asks))] };
  return { truth: false, reasons: distinct(parts), asks: [] };
}

function distinct(parts: readonly Outcome[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const reason of parts.flatMap((part) => part.reasons))
    if (!reasons.has(reason.finding)) reasons.set(reason.finding, reason);
  return [...reasons.values()];
}

function ofFact({ fact, test, ifKnown, levels }: FactCondition, facts: Facts): Outcome {
  const known = facts.get(fact);
  const level = known?.record.level;
  const elsewhere = levels && level !== undefined && !levels.some((start) => level.startsWith(start));
  const score = 'scoreAtMost' in test ? facts.score(fact) : undefined;
  const missing = !known || elsewhere || ('scoreAtMost' in test && score === undefined);
  if (missing)
    return ifKnown ? { truth: false, reasons: [], asks: [] } : { truth: undefined, reasons: [], asks: [fact] };
  const text = score === undefined ? '' : `, ${score.toFixed(1).replace('-', '−')} SD from the norm for age`;
  const reasons = [reasonOf(fact, `${saying(fact, known.value)}${text}`, known.record)];
  return { truth: passes(known.value, score, test), reasons, asks: [] };
}

function passes(value: number | string, score: number | undefined, test: Test): boolean {
  if ('is' in test) return test.is.includes(value);
  if ('scoreAtMost' in test) return score !== undefined && score <= test.scoreAtMost;
  if (typeof value !== 'number') return false;
  if ('atLeast' in test) return value >= test.atLeast;
  if ('above' in test) return value > test.above;
  if ('atMost' in test) return value <= test.atMost;
  return value < test.below;
}

function ofAbsent({ absent: id, quietly }: { absent: string; quietly?: true }, facts: Facts): Outcome {
  const known = facts.get(id);
  const name = aboutFact(id)?.name ?? id;
  const reason = known
    ? reasonOf(id, saying(id, known.value), known.record)
    : { finding: id, text: `${name}: none yet` };
  return { truth: !known, reasons: quietly ? [] : [reason], asks: [] };
}

function ofMore({ more, than, by }: { more: string; than: string; by: number }, facts: Facts): Outcome {
  const [a, b] = [facts.get(more), facts.get(than)];
  if (!a || !b) return { truth: undefined, reasons: [], asks: [...(a ? [] : [more]), ...(b ? [] : [than])] };
  return {
    truth: Number(a.value) - Number(b.value) >= by,
    reasons: [reasonOf(more, saying(more, a.value), a.record), reasonOf(than, saying(than, b.value), b.record)],
    asks: [],
  };
}

/** "Saddle numbness: yes", "L1 trabecular attenuation: 98 HU (L1)" */
export function saying(id: string, value: number | string): string {
  const about = aboutFact(id);
  const name = about?.name ?? id;
  if (about?.yesNo) return `${name}: ${value === 1 ? 'yes' : 'no'}`;
  const unit = about ? unitText(about.unit) : '';
  const text = typeof value === 'number' ? shortNumber(value) : value;
  return `${name}: ${text}${unit && unit !== '°' ? ` ${unit}` : unit}`;
}

/** A tenth from ten on, a hundredth below: durations are months told to the day, not to the hour. */
function shortNumber(value: number): string {
  const steps = Math.abs(value) >= 10 ? 10 : 100;
  return `${Math.round(value * steps) / steps}`.replace('-', '−');
}

function reasonOf(finding: string, text: string, record: FeatureRecord): Reason {
  return {
    finding,
    text: record.level ? `${text} (${record.level})` : text,
    record,
    ...(record.evidence ? { evidence: record.evidence } : {}),
  };
}
