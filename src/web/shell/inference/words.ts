/** Words and numbers of the inference screen. */

import type { WireAssessment, WireAssessmentLine, WireContribution, WireRisk } from '../../../contract/index.ts';
import { CONSTRUCT_NAMES as NAMES } from '../../../model/index.ts';
import { DASH, formatNumber, withUnit } from '../../kit/number/format.ts';

export const MODALITY_NAMES: Readonly<Record<string, string>> = {
  record: 'Record',
  questionnaire: 'Questionnaires',
  mri: 'MRI',
  ct: 'CT',
  radiograph: 'Radiograph',
  ultrasound: 'Ultrasound',
  emg: 'Surface EMG',
  imu: 'Inertial sensors',
  video: '3D video',
  laboratory: 'Laboratory',
  dxa: 'DXA',
};

export const CONSTRUCT_NAMES: Readonly<Record<string, string>> = NAMES;

export const HORIZON_NAMES: Readonly<Record<string, string>> = {
  '0-6': '0 to 6 months',
  '6-12': '6 to 12 months',
  '0-12': '0 to 12 months',
};

type State = WireRisk['state'];

/** How far the model is moved, or proven, by outcomes of the own site. */
export const STATE_WORDS: Readonly<Record<State, { name: string; meaning: string }>> = {
  'prior-driven': {
    name: 'Prior-driven',
    meaning:
      'Built from published evidence; fewer than 20 patients of this site have been operated in closed follow-up.',
  },
  'intercept-recalibrated': {
    name: 'Intercept recalibrated',
    meaning: 'Published evidence, with its level moved to 20 to 49 local operations.',
  },
  'slope-recalibrated': {
    name: 'Slope recalibrated',
    meaning: 'Published evidence, with level and slope moved to 50 to 99 local operations.',
  },
  'validated-locally': {
    name: 'Validated locally',
    meaning: 'At least 100 local operations, calibration slope between 0.9 and 1.1.',
  },
  revised: { name: 'Revised', meaning: 'Single weights have been learnt from at least 200 local operations.' },
  suspended: {
    name: 'Suspended by drift',
    meaning: 'Outcomes of this site have drifted away from the model. Do not use the number.',
  },
  failed: {
    name: 'Model failed',
    meaning: 'The model could not be evaluated. The base rate of the setting stands in: do not use the number.',
  },
};

/** True of a number that nobody should act on. */
export function isUnfit(state: State): boolean {
  return state === 'suspended' || state === 'failed';
}

/** A probability in percent: two digits that count, `<0.1` and `>99.9` at the ends. */
export function percentNumber(probability: number): string {
  const percent = 100 * probability;
  if (!Number.isFinite(percent)) return DASH;
  if (percent > 0 && percent < 0.1) return '<0.1';
  if (percent < 100 && percent > 99.9) return '>99.9';
  if (percent === 0 || percent === 100) return String(percent);
  return percent.toFixed(percent < 9.95 || percent > 99 ? 1 : 0);
}

export function percent(probability: number): string {
  return `${percentNumber(probability)}\u00a0%`;
}

/** `2.3 to 31 %` */
export function percentRange(low: number, high: number): string {
  return `${percentNumber(low)} to ${percent(high)}`;
}

/** What the site's own outcomes leave open, in a sentence: a set of answers, never a forecast. */
export function setWords({ set, alpha, cases }: NonNullable<WireAssessment['conformal']>): string {
  const words =
    set.length === 2
      ? 'neither answer is ruled out: undecided'
      : set.length === 0
        ? 'both answers are ruled out: unlike the patients of this site'
        : `only “${set[0]} within 12 months” is not ruled out`;
  return `By ${cases} own outcomes, at ${percent(1 - alpha)}, ${words}.`;
}

/** Log-odds with a sign: `+0.16`, `−0.03`, `0`. */
export function signed(logOdds: number, decimals = 2): string {
  const text = formatNumber(logOdds, decimals);
  if (Number(Math.abs(logOdds).toFixed(decimals)) === 0) return '0';
  return logOdds > 0 ? `+${text}` : text;
}

/** A contribution in words: log-odds, its sd, and what that does to the odds. */
export function contributionText({ mean, sd }: Pick<WireContribution, 'mean' | 'sd'>): string {
  return `${signed(mean)} ± ${formatNumber(sd, 2)} log-odds`;
}

/** `odds × 1.17` */
export function oddsText(mean: number): string {
  return `odds × ${formatNumber(Math.exp(mean), 2)}`;
}

/** A value with what it takes to say it. */
export interface SaidValue {
  value?: number | string;
  unit?: string;
  /** 1 and 0 are yes and no */
  yesNo?: true;
}

/** A value as a reader says it: yes and no for what is either, decimals by the size of the number. */
export function valueText({ value, unit = '1', yesNo }: SaidValue): string {
  if (value === undefined) return DASH;
  if (typeof value === 'string') return value;
  if (yesNo && (value === 0 || value === 1)) return value === 1 ? 'yes' : 'no';
  const size = Math.abs(value);
  const decimals = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = formatNumber(Number(value.toFixed(decimals)), decimals)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  return unit === '1' || unit === '{score}' || unit === '{count}' ? text : withUnit(text, unit);
}

/** Age of a value at the index date. */
export function ageText(days: number | undefined): string {
  if (days === undefined) return 'no date';
  if (days < 1) return 'same day';
  if (days < 60) return `${Math.round(days)}\u00a0d old`;
  return days < 700 ? `${Math.round(days / 30.44)}\u00a0mo old` : `${(days / 365.25).toFixed(1)}\u00a0a old`;
}

export interface Move {
  from: WireAssessmentLine;
  to: WireAssessmentLine;
}

/** The step to an assessment from the one before it; none for the first. */
export function moveTo(lines: readonly WireAssessmentLine[], number: number | undefined): Move | undefined {
  const at = lines.findIndex((line) => line.number === number);
  return at > 0 ? { from: lines[at - 1], to: lines[at] } : undefined;
}

type Horizons = WireRisk['horizons'];

export function horizonOf(horizons: Horizons, name: Horizons[number]['horizon']): Horizons[number] | undefined {
  return horizons.find(({ horizon }) => horizon === name);
}
