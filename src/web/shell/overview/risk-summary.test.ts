import { describe, expect, it } from 'vitest';
import type { WireAssessment, WireAssessmentLine } from '../../../contract/index.ts';
import { assessmentAt, laboratoryValues, redFlagWords, wouldTell } from './risk-summary.ts';

const worth = (modality: string, sdAfter: number) => ({
  modality,
  features: ['a', 'b'],
  varianceDrop: 0,
  sdNow: 1,
  sdAfter,
});
const suggestion = (urgency: string, title: string) => ({ urgency, title }) as WireAssessment['suggestions'][number];
const ask = (redFlag: boolean) => ({ redFlag }) as WireAssessment['asks'][number];

describe('what would tell more', () => {
  it('names the three that narrow most, and none that narrows nothing', () => {
    const list = wouldTell({
      worth: [worth('emg', 0.999), worth('ct', 0.9), worth('mri', 0.7), worth('imu', 0.8), worth('dxa', 0.95)],
    });
    expect(list.map(({ name }) => name)).toEqual(['MRI', 'Inertial sensors', 'CT']);
    expect(list[0].share).toBeCloseTo(0.3);
  });
});

describe('red flags in one line', () => {
  it('show what fires before what is unanswered', () => {
    const asks = [ask(true), ask(false)];
    expect(redFlagWords({ suggestions: [suggestion('routine', 'Exercise')], asks })).toEqual({
      fires: false,
      text: 'No red flag fires; 1 question unanswered',
    });
    expect(redFlagWords({ suggestions: [suggestion('emergency', 'MRI now')], asks })).toEqual({
      fires: true,
      text: 'MRI now',
    });
    expect(redFlagWords({ suggestions: [], asks: [] }).text).toBe('No red flag fires');
  });
});

describe('as of a time', () => {
  const lines = [1, 2, 3].map((number) => ({ number, at: `2026-03-0${number}T10:00:00Z` })) as WireAssessmentLine[];
  it('takes the assessment that was known then', () => {
    expect(assessmentAt(lines, '2026-03-02T12:00:00Z')).toBe(2);
    expect(assessmentAt(lines, '2026-03-01T09:00:00Z')).toBeUndefined();
    expect(assessmentAt(lines, undefined)).toBeUndefined();
  });
});

describe('laboratory values', () => {
  it('are those the record brought, in the order of the dictionary', () => {
    const lab = (feature: string, row: number, observed = true) =>
      ({ feature, name: feature, modality: 'laboratory', observed, value: 5, unit: 'mg/L', row }) as const;
    const contributions = [lab('lab.vitaminD', 76), lab('lab.crp', 71), lab('lab.esr', 72, false)];
    const risk = { contributions: [...contributions, { ...lab('pain.leg', 2), modality: 'questionnaire' }] };
    const shown = laboratoryValues({ risk } as unknown as WireAssessment);
    expect(shown.map(({ feature }) => feature)).toEqual(['lab.crp', 'lab.vitaminD']);
  });
});
