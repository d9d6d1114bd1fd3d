/** What the overview says of an assessment: red flags that fire or wait, and what an examination would tell. Pure. */

import type { WireAssessment, WireAssessmentLine } from '../../../contract/index.ts';
import { count } from '../../kit/number/format.ts';
import { MODALITY_NAMES } from '../inference/words.ts';

/** Most examinations that the overview names. */
const WORTH_SHOWN = 3;
/** An examination that narrows less than this is not worth a line. */
const LEAST_SHARE = 0.005;

export interface WouldTell {
  modality: string;
  name: string;
  /** share by which the spread of the logit is expected to shrink */
  share: number;
  features: number;
}

/** Examinations that were not made, the most telling first. */
export function wouldTell({ worth }: Pick<WireAssessment, 'worth'>): WouldTell[] {
  return worth
    .map(({ modality, features, sdNow, sdAfter }) => ({
      modality,
      name: MODALITY_NAMES[modality] ?? modality,
      share: sdNow > 0 ? 1 - sdAfter / sdNow : 0,
      features: features.length,
    }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, WORTH_SHOWN);
}

export interface RedFlagWords {
  text: string;
  fires: boolean;
}

/** The word on red flags: what fires, else what is not ruled out. */
export function redFlagWords({ suggestions, asks }: Pick<WireAssessment, 'suggestions' | 'asks'>): RedFlagWords {
  const firing = suggestions.filter(({ urgency }) => urgency !== 'routine');
  if (firing.length > 0) return { fires: true, text: firing[0].title };
  const open = asks.filter(({ redFlag }) => redFlag).length;
  if (open > 0) return { fires: false, text: `No red flag fires; ${count(open, 'question')} unanswered` };
  return { fires: false, text: 'No red flag fires' };
}

/** Number of the assessment that was the newest at a time; undefined: the newest now. */
export function assessmentAt(lines: readonly WireAssessmentLine[], known: string | undefined): number | undefined {
  if (known === undefined) return undefined;
  return lines.findLast(({ at }) => Date.parse(at) <= Date.parse(known))?.number;
}

/** Laboratory values that count at the index date, in the order of the dictionary, three at most. */
export function laboratoryValues({ risk }: WireAssessment) {
  return risk.contributions
    .flatMap(({ feature, name, modality, observed, value, unit, ageDays, row, record }) =>
      modality === 'laboratory' && observed && value !== undefined
        ? [{ feature, name, value, unit, ageDays, row, from: record?.source === 'answer' ? 'by hand' : 'record' }]
        : [],
    )
    .sort((a, b) => a.row - b.row)
    .slice(0, 3);
}
