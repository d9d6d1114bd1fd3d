/** How suggestions are sorted, folded and put into words. */

import type { WireDecision, WireRisk, WireSuggestion } from '../../../../contract/index.ts';
import type { Trail } from '../../../state/evidence.ts';

export type Strength = WireSuggestion['strength'];

/** What the letter of a strength means. */
export const STRENGTH_WORDS: Readonly<Record<Strength, string>> = {
  A: 'A guideline says must or offer, or recommends it strongly',
  B: 'A guideline says consider: a moderate recommendation',
  C: 'Consensus or expert opinion',
  X: 'A guideline advises against it: do not',
  '-': 'A reminder, not a recommendation',
};

export const URGENCY_WORDS: Readonly<Record<WireSuggestion['urgency'], string>> = {
  emergency: 'Emergency: now',
  urgent: 'Urgent: within days',
  routine: 'Routine',
};

export const KIND_WORDS: Readonly<Record<WireSuggestion['kind'], string>> = {
  examination: 'Examination',
  referral: 'Referral',
  treatment: 'Treatment',
  advice: 'Advice',
  avoid: 'Do not',
  reminder: 'Reminder',
  questionnaire: 'Questionnaire',
  optimisation: 'Before surgery',
};

type Reason = WireSuggestion['because'][number];

/** The way back of a reason. */
export function trailOf({ record, evidence }: Reason): Trail {
  return { source: record?.source, level: record?.level, evidence: evidence ?? record?.evidence };
}

/** A suggestion with the last word of a person about it, and how many came before. */
export interface Judged {
  suggestion: WireSuggestion;
  decision?: WireDecision;
  earlier: readonly WireDecision[];
}

export interface Bands {
  /** emergency and urgent, decided or not: never out of sight */
  redFlags: readonly Judged[];
  open: readonly Judged[];
  decided: readonly Judged[];
}

/** Sorts suggestions into bands, in the order the engine gave them. */
export function bandsOf(suggestions: readonly WireSuggestion[], decisions: readonly WireDecision[]): Bands {
  const judged = suggestions.map((suggestion): Judged => {
    const own = decisions.filter((one) => one.suggestion === suggestion.id);
    return { suggestion, decision: own.at(-1), earlier: own.slice(0, -1) };
  });
  const routine = judged.filter(({ suggestion }) => suggestion.urgency === 'routine');
  return {
    redFlags: judged.filter(({ suggestion }) => suggestion.urgency !== 'routine'),
    open: routine.filter(({ decision }) => !decision),
    decided: routine.filter(({ decision }) => decision),
  };
}

/** Half width of a 90 % interval in standard deviations of a normal distribution. */
const Z90 = 1.645;

const expit = (x: number): number => 1 / (1 + Math.exp(-x));

export interface Narrowing {
  now: [low: number, high: number];
  after: [low: number, high: number];
  /** share by which the interval of the logit is expected to shrink */
  share: number;
}

/** The 90 % interval of the 12-month risk now, and as it is expected to be after the examination. */
export function narrowingOf(
  risk: Pick<WireRisk, 'logit'>,
  worth: { sdNow: number; sdAfter: number } | undefined,
): Narrowing | undefined {
  if (!worth || !(worth.sdNow > 0)) return undefined;
  const around = (sd: number): [number, number] => [expit(risk.logit - Z90 * sd), expit(risk.logit + Z90 * sd)];
  return {
    now: around(worth.sdNow),
    after: around(worth.sdAfter),
    share: Math.max(0, 1 - worth.sdAfter / worth.sdNow),
  };
}

const SYSTEM_NAMES: readonly [RegExp, string][] = [
  [/loinc/i, 'LOINC'],
  [/snomed/i, 'SNOMED CT'],
  [/rxnorm/i, 'RxNorm'],
  [/icd-10/i, 'ICD-10'],
];

/** `LOINC`, or the address where the system has no short name here. */
function systemName(system: string): string {
  return SYSTEM_NAMES.find(([pattern]) => pattern.test(system))?.[1] ?? system;
}

/** An order code as one pastes it into an order: `LOINC 30679-5 MR lumbar spine`. */
export function orderText(order: NonNullable<WireSuggestion['order']>): string {
  return [systemName(order.system), order.code, order.display].filter(Boolean).join(' ');
}

/** `accepted by AB`, `overridden`. */
export function decisionWords({ decision, user }: WireDecision): string {
  return user ? `${decision} by ${user}` : decision;
}
