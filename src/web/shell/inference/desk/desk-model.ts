/** The desk of a patient: questions, answers and how a form becomes a value. Pure. */

import type { WireAnswer, WireAsk, WireInferenceDesk, WireKnowledge } from '../../../../contract/index.ts';
import { unitLabel } from '../../../kit/number/format.ts';

/** Questions, red flags first, then those that most rules wait for. */
export function orderedAsks(asks: readonly WireAsk[]): WireAsk[] {
  return [...asks].sort(
    (a, b) =>
      Number(b.redFlag) - Number(a.redFlag) || b.rules.length - a.rules.length || (a.finding < b.finding ? -1 : 1),
  );
}

const RULES_NAMED = 3;

/** Which rules wait: `for R01, R02, R03 and 4 more`. */
export function rulesText(rules: readonly string[]): string {
  const more = rules.length - RULES_NAMED;
  return more > 1 ? `for ${rules.slice(0, RULES_NAMED).join(', ')} and ${more} more` : `for ${rules.join(', ')}`;
}

const sameAnswer = (a: WireAnswer, b: WireAnswer): boolean => a.finding === b.finding && a.at === b.at;

/** The desk with one more answer; an answer to the same question of the same moment gives way. */
export function withAnswer(desk: WireInferenceDesk, answer: WireAnswer): WireInferenceDesk {
  return { ...desk, answers: [...desk.answers.filter((one) => !sameAnswer(one, answer)), answer] };
}

export function withoutAnswer(desk: WireInferenceDesk, answer: WireAnswer): WireInferenceDesk {
  return { ...desk, answers: desk.answers.filter((one) => !sameAnswer(one, answer)) };
}

/** The desk with another setting; undefined: the engine assumes one. */
export function withSetting(desk: WireInferenceDesk, setting: string | undefined): WireInferenceDesk {
  const { setting: _before, ...rest } = desk;
  return setting === undefined ? rest : { ...rest, setting };
}

/** The desk with another index date; undefined: the newest date of the data. */
export function withIndexDate(desk: WireInferenceDesk, indexDate: string | undefined): WireInferenceDesk {
  const { indexDate: _before, ...rest } = desk;
  return indexDate === undefined ? rest : { ...rest, indexDate };
}

/** Answers, newest first; `counts` is false for one that a newer answer to the same question replaces. */
export function answersShown(desk: WireInferenceDesk): { answer: WireAnswer; counts: boolean }[] {
  const seen = new Set<string>();
  return [...desk.answers]
    .sort((a, b) => b.at.localeCompare(a.at))
    .map((answer) => {
      const counts = !seen.has(answer.finding);
      seen.add(answer.finding);
      return { answer, counts };
    });
}

/** An answer in words. */
export function answerText(value: WireAnswer['value'], form: WireAsk['form'] | undefined): string {
  if (form?.kind === 'yes-no') return Number(value) === 0 ? 'no' : 'yes';
  if (form?.kind === 'choice')
    return form.options.find((option) => option.value === String(value))?.text ?? String(value);
  if (form?.kind === 'number') return `${value} ${unitLabel(form.unit)}`.trim();
  return String(value);
}

/** What is wrong with a number that was typed; undefined: nothing. A comma is taken for a decimal point. */
export function readNumber(
  text: string,
  form: { min: number; max: number; unit: string },
): { value: number } | { problem: string } {
  const clean = text.trim().replace(',', '.');
  const value = clean === '' ? Number.NaN : Number(clean);
  if (!Number.isFinite(value)) return { problem: 'Give a number.' };
  if (value < form.min || value > form.max)
    return { problem: `Between ${form.min} and ${form.max} ${unitLabel(form.unit)}`.trim() };
  return { value };
}

export interface SettingLine {
  id: string;
  name: string;
  /** `6.4 %` */
  baseRate: string;
  horizon: string;
  source: string;
}

/** Settings by their base rate, lowest first. */
export function settingLines(settings: WireKnowledge['settings']): SettingLine[] {
  return [...settings]
    .sort((a, b) => a.baseRate - b.baseRate)
    .map(({ baseRate, ...rest }) => ({ ...rest, baseRate: rateText(baseRate) }));
}

/** `6.4 %`, `33 %`. */
export function rateText(rate: number): string {
  return `${Number((100 * rate).toFixed(1))}\u00a0%`;
}
