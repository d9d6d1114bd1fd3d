/** What stands in the detail of a card: GitHub-flavoured Markdown in which nothing from the record can become markup. */

import { type Assessment, type Contribution, type HorizonRisk, type Suggestion, unitText } from '../../model/index.ts';
import type { CardContext } from './cards.ts';

const MOST_DRIVERS = 5;
const MOST_ASKS = 6;

const MONTHS: Readonly<Record<HorizonRisk['horizon'], string>> = {
  '0-12': '0 to 12 months',
  '0-6': '0 to 6 months',
  '6-12': '6 to 12 months',
};

const STRENGTH: Readonly<Record<Suggestion['strength'], string>> = {
  A: 'A (a guideline says must or offer)',
  B: 'B (consider)',
  C: 'C (consensus)',
  X: 'X (do not)',
  '-': 'a reminder',
};

/** Text that Markdown takes as text: no markup, no HTML, one line. */
export function textOf(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~]/g, (mark) => `\\${mark}`)
    .replaceAll('://', ':\\/\\/')
    .trim();
}

/** Text for the fields that are no Markdown: one line, and nothing escaped that people would then read. */
export function plainOf(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The risk in one sentence. */
export function riskSummary({ risk, synthetic }: Assessment): string {
  const mark = synthetic ? 'SYNTHETIC · ' : '';
  if (risk.state === 'suspended') return `${mark}No usable risk of spinal surgery: the model is suspended by drift`;
  if (risk.state === 'failed') return `${mark}No usable risk of spinal surgery: the model could not be evaluated`;
  const [year] = risk.horizons;
  const local = risk.caution ? '; not validated locally' : '';
  return `${mark}Spinal surgery within 12 months: ${percent(year.probability)} (90 % interval ${range(year)})${local}`;
}

/** Horizons, setting, state, drivers, what is not known, what else rules say. */
export function riskDetail(context: CardContext, rest: readonly Suggestion[]): string {
  const { assessment } = context;
  const { risk, settingChosen, challenger, asks } = assessment;
  const { setting } = risk;
  const chosen = settingChosen ? '' : ' (**assumed**: nobody has chosen one)';
  const drivers = risk.contributions.filter(({ observed, held }) => observed && !held).slice(0, MOST_DRIVERS);
  const unknown = risk.contributions.filter(({ observed, held }) => !observed && !held).slice(0, MOST_DRIVERS);
  return paragraphs([
    'Risk that surgery happens, not need of surgery. Research use only; a person decides.',
    [
      '| period | risk | 90 % interval |',
      '| --- | --- | --- |',
      ...risk.horizons.map((one) => `| ${MONTHS[one.horizon]} | ${percent(one.probability)} | ${range(one)} |`),
    ].join('\n'),
    `**Setting**: ${textOf(setting.name)}${chosen}, base rate ${percent(setting.baseRate)} (${textOf(setting.source)}).`,
    `**State of the model**: ${risk.state}. ${risk.caution ? `**${textOf(risk.caution)}**` : ''}`,
    drivers.length
      ? `**What drives it**\n\n${drivers.map(driverLine).join('\n')}`
      : '**Nothing that moves it is known.**',
    unknown.length && `**Not known**: ${unknown.map(({ name }) => textOf(name)).join('; ')}.`,
    challenger &&
      `A challenger says ${percent(challenger.probability)}: an opinion, never the judge (${textOf(challenger.note)}).`,
    rest.length &&
      `**Rules say further**\n\n${rest.map(({ rule, title }) => `- ${rule}: ${textOf(title)}`).join('\n')}`,
    asksOf(asks),
    gapsOf(context),
  ]);
}

/** Questions that rules wait for, those of red flags first. */
function asksOf(asks: Assessment['asks']): string | undefined {
  if (asks.length === 0) return undefined;
  const sorted = [...asks].sort((a, b) => Number(b.redFlag) - Number(a.redFlag));
  const lines = sorted.slice(0, MOST_ASKS).map(({ question, rules }) => `- ${textOf(question)} (${rules.join(', ')})`);
  const rest = asks.length - lines.length;
  return `**Rules wait for an answer**\n\n${lines.join('\n')}${rest > 0 ? `\n- and ${rest} more` : ''}`;
}

/** Why a rule speaks, how strongly, and on whose word. */
export function suggestionDetail(suggestion: Suggestion, context: CardContext): string {
  const { detail, because, strength, rule, source } = suggestion;
  return paragraphs([
    textOf(detail),
    because.length && `**Because**\n\n${because.map(({ text }) => `- ${textOf(text)}`).join('\n')}`,
    `**Rule ${rule}**, strength ${STRENGTH[strength]}. Source: ${textOf(source)}.`,
    gapsOf(context),
    'Proposed by software, research use only; a person decides.',
  ]);
}

/** What was not sent, and so counts as not known. */
function gapsOf({ chart, assessment }: CardContext): string | undefined {
  const { unsent, cut, strangers } = chart;
  const said = [
    assessment.synthetic && 'SYNTHETIC data.',
    unsent.length && `Not sent by the record system, so not known here: ${unsent.join(', ')}.`,
    cut.length && `Sent in part (more pages exist): ${cut.join(', ')}.`,
    strangers && `${strangers} resources were of another patient and were left out.`,
  ].filter(Boolean);
  return said.length ? said.join(' ') : undefined;
}

function driverLine({ name, value, unit, mean, ageDays }: Contribution): string {
  const words = `${value ?? ''} ${unit === 'a' ? 'years' : unitText(unit)}`.trim();
  const shown = value === undefined ? '' : `: ${textOf(words)}`;
  const age = ageDays === undefined ? '' : `, ${Math.round(ageDays)} days old`;
  return `- ${textOf(name)}${shown}${age} (${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(2)} log-odds)`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function range({ low, high }: Pick<HorizonRisk, 'low' | 'high'>): string {
  return `${percent(low).replace(' %', '')}–${percent(high)}`;
}

function paragraphs(parts: readonly (string | number | undefined | false)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n');
}
