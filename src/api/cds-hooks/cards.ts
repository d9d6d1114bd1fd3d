/** An assessment as cards: red flags first, then the risk, then what rules suggest; and warnings at orders that go against a rule. */

import { randomUUID } from 'node:crypto';
import { draftOrder } from '../../formats/index.ts';
import type { Assessment, Suggestion } from '../../model/index.ts';
import type { Chart } from './chart.ts';
import { plainOf, riskDetail, riskSummary, suggestionDetail } from './detail.ts';
import type { Card } from './schemas.ts';

/** What the cards of one call share. */
export interface CardContext {
  assessment: Assessment;
  chart: Chart;
  patientId: string;
  /** address of the twin's screen, where the twin is known */
  twinUrl?: string;
  /** ISO 8601 */
  at: string;
}

/** A card and the rule it speaks for; none: the risk. */
export interface RuleCard {
  card: Card;
  rule?: string;
}

/** Rules whose cards may interrupt: signs of an emergency of the spine. */
const CRITICAL_RULES: ReadonlySet<string> = new Set(['R01', 'R02', 'R03', 'R04']);

/** Most cards of suggestions in the ordinary course; the rest stands in the detail of the risk. */
const MOST_ROUTINE_CARDS = 3;
const MOST_SUMMARY = 139;

/** Finding of the rule vocabulary that is asked for where nobody has said it. */
const SPINE_PAIN = 'symptom.spinePain';

/** Constructs that are only measured where the spine is in question. */
const SPINAL: ReadonlySet<string> = new Set(['pain-disability', 'stenosis', 'herniation', 'instability']);

const TOPICS = 'urn:msdt:cds-topic';
const REASONS = 'urn:msdt:override-reason';

const OVERRIDE_REASONS = [
  { system: REASONS, code: 'done', display: 'Already done or under way' },
  { system: REASONS, code: 'not-applicable', display: 'Does not apply to this patient' },
  { system: REASONS, code: 'data-wrong', display: 'The data behind it are wrong or old' },
  { system: REASONS, code: 'patient-declines', display: 'The patient declines' },
  { system: REASONS, code: 'disagree', display: 'I disagree with the rule' },
];

/**
 * Cards of `patient-view`. For a patient of whom nothing says that the spine is ill, red flags alone: a risk made for people with
 * back pain says nothing of others. None for a patient who has died.
 */
export function patientCards(context: CardContext): RuleCard[] {
  if (context.chart.record.person.deceased) return [];
  const { suggestions } = context.assessment;
  const flags = suggestions.filter(({ urgency }) => urgency !== 'routine');
  if (!concernsSpine(context.assessment)) return flags.map((one) => suggestionCard(one, context));
  const routine = suggestions.filter(({ urgency, kind }) => urgency === 'routine' && kind !== 'avoid');
  const shown = routine.slice(0, MOST_ROUTINE_CARDS);
  const rest = suggestions.filter((one) => !flags.includes(one) && !shown.includes(one));
  return [
    ...flags.map((one) => suggestionCard(one, context)),
    { card: riskCard(context, rest) },
    ...shown.map((one) => suggestionCard(one, context)),
  ];
}

/** True where the clinic chose the setting, the record tells of spinal pain, or something was measured that only such patients have. */
function concernsSpine({ settingChosen, asks, risk }: Assessment): boolean {
  if (settingChosen || !asks.some(({ finding }) => finding === SPINE_PAIN)) return true;
  return risk.contributions.some(({ observed, construct }) => observed && SPINAL.has(construct));
}

/**
 * Cards of the order hooks: what the orders in question go against, and signs of an emergency.
 * @param without - rules that advise against something even without these orders
 */
export function orderCards(context: CardContext, without: ReadonlySet<string>): RuleCard[] {
  if (context.chart.record.person.deceased) return [];
  const { suggestions } = context.assessment;
  const emergencies = suggestions.filter(({ rule, urgency }) => urgency !== 'routine' && CRITICAL_RULES.has(rule));
  const against = suggestions.filter((one) => one.kind === 'avoid' && isAbout(one, context, without));
  return [
    ...emergencies.map((one) => suggestionCard(one, context)),
    ...against.map((one) => ({ rule: one.rule, card: warningCard(one, context) })),
  ];
}

/** True for a rule that speaks because of the orders: a reason was taken from one, one has its code, or it was silent before. */
function isAbout({ id, because, order }: Suggestion, { chart }: CardContext, without: ReadonlySet<string>): boolean {
  const { drafts, record } = chart;
  if (drafts.size === 0) return false;
  if (!without.has(id) || because.some(({ record: from }) => from?.source && drafts.has(from.source))) return true;
  return record.facts.some(
    ({ id: fact, concept }) =>
      drafts.has(fact) &&
      concept.codings.some(({ system, code }) => order !== undefined && system === order.system && code === order.code),
  );
}

function suggestionCard(suggestion: Suggestion, context: CardContext): RuleCard {
  const { rule, urgency } = suggestion;
  const order = draftOrder(suggestion, { reference: `Patient/${context.patientId}` }, context.at);
  const critical = urgency !== 'routine' && CRITICAL_RULES.has(rule);
  return {
    rule,
    card: {
      ...frame(suggestion, context),
      indicator: critical ? 'critical' : urgency === 'routine' ? 'info' : 'warning',
      ...(order && {
        suggestions: [
          {
            label: `Draft the order: ${plainOf(suggestion.order?.display ?? suggestion.title)}`,
            uuid: randomUUID(),
            // said, so that no system ticks it by itself
            isRecommended: false,
            actions: [
              {
                type: 'create' as const,
                description: `Draft order, to be checked and signed: ${plainOf(suggestion.title)}`,
                resource: order as { resourceType: string },
              },
            ],
          },
        ],
        selectionBehavior: 'at-most-one' as const,
      }),
      overrideReasons: OVERRIDE_REASONS,
    },
  };
}

function warningCard(suggestion: Suggestion, context: CardContext): Card {
  return { ...frame(suggestion, context), indicator: 'warning', overrideReasons: OVERRIDE_REASONS };
}

function frame(suggestion: Suggestion, context: CardContext): Omit<Card, 'indicator'> {
  const { rule, title, kind } = suggestion;
  return {
    uuid: randomUUID(),
    summary: shortened(`${context.assessment.synthetic ? 'SYNTHETIC · ' : ''}${plainOf(title)}`),
    detail: suggestionDetail(suggestion, context),
    source: { label: plainOf(`${rule}: ${suggestion.source}`), topic: { system: TOPICS, code: kind, display: kind } },
    ...linksOf(context),
  };
}

function riskCard(context: CardContext, rest: readonly Suggestion[]): Card {
  const { model } = context.assessment.risk;
  return {
    uuid: randomUUID(),
    summary: shortened(riskSummary(context.assessment)),
    detail: riskDetail(context, rest),
    indicator: 'info',
    source: {
      label: `msdt ${model.id}, version ${model.version}; research use only`,
      topic: { system: TOPICS, code: 'risk', display: 'risk of spinal surgery' },
    },
    ...linksOf(context),
  };
}

function linksOf({ twinUrl }: CardContext): Pick<Card, 'links'> {
  return twinUrl ? { links: [{ label: 'Open the digital twin', url: twinUrl, type: 'absolute' }] } : {};
}

function shortened(text: string): string {
  return text.length <= MOST_SUMMARY ? text : `${text.slice(0, MOST_SUMMARY - 1).trimEnd()}…`;
}
