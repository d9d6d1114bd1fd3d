/** Answers given by hand: as records whose source says so, or left out with a reason. */

import type { Answer, AnswerForm, FeatureRecord, LeftOutRecord } from '../../model/index.ts';
import { findEntry } from '../knowledge/index.ts';
import { aboutFact, findFinding } from '../rules/index.ts';

/** What counts, and what nobody can make sense of. */
export interface ReadAnswers {
  records: FeatureRecord[];
  refused: LeftOutRecord[];
}

/** Never silently dropped: an answer to no question, or outside what the question allows, is named. */
export function readAnswers(answers: readonly Answer[]): ReadAnswers {
  const records: FeatureRecord[] = [];
  const refused: LeftOutRecord[] = [];
  for (const answer of answers) {
    const record = recordOf(answer);
    const refusal = refusalOf(answer);
    if (refusal) refused.push({ record, ...refusal });
    else records.push(record);
  }
  return { records, refused };
}

function recordOf({ finding, value, at, user }: Answer): FeatureRecord {
  return {
    ...{ feature: finding, value, unit: unitOf(finding), time: at, method: 'asked', source: 'answer' },
    ...(user && { grader: user }),
  };
}

function unitOf(id: string): FeatureRecord['unit'] {
  const form = findFinding(id)?.form;
  return findEntry(id)?.unit ?? (form?.kind === 'number' ? form.unit : '1');
}

function refusalOf({ finding, value }: Answer): Pick<LeftOutRecord, 'reason' | 'detail'> | undefined {
  const about = aboutFact(finding);
  if (!about)
    return { reason: 'unknown-feature', detail: `The answer "${finding}" belongs to no feature and no question.` };
  const allowed = about.form && allowedBy(about.form, value);
  return allowed
    ? { reason: 'no-value', detail: `The answer ${value} to ${about.name} is not ${allowed}.` }
    : undefined;
}

/** What the form allows, where the value is not of it. */
function allowedBy(form: AnswerForm, value: number | string): string | undefined {
  if (form.kind === 'yes-no') return value === 0 || value === 1 ? undefined : 'yes (1) or no (0)';
  if (form.kind === 'choice')
    return form.options.some((option) => option.value === value)
      ? undefined
      : `one of ${form.options.map((option) => option.value).join(', ')}`;
  const { min, max, unit } = form;
  return typeof value === 'number' && value >= min && value <= max ? undefined : `from ${min} to ${max} ${unit}`;
}
