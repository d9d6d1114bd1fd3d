import { describe, expect, it } from 'vitest';
import type { WireAsk, WireInferenceDesk } from '../../../../contract/index.ts';
import {
  answersShown,
  answerText,
  orderedAsks,
  rateText,
  readNumber,
  rulesText,
  settingLines,
  withAnswer,
  withIndexDate,
  withoutAnswer,
  withSetting,
} from './desk-model.ts';

const ask = (finding: string, redFlag: boolean, rules = 1): WireAsk => ({
  finding,
  question: `${finding}?`,
  form: { kind: 'yes-no' },
  rules: Array.from({ length: rules }, (_, i) => `R${i}`),
  redFlag,
});
const EMPTY: WireInferenceDesk = { schemaVersion: 1, answers: [] };
const saddle = { finding: 'saddle', value: 1, at: '2026-03-02T10:00:00Z' };

describe('questions', () => {
  it('puts red flags first, then what most rules wait for', () => {
    const asks = [ask('a', false, 1), ask('b', false, 3), ask('c', true, 1)];
    expect(orderedAsks(asks).map(({ finding }) => finding)).toEqual(['c', 'b', 'a']);
    expect(asks[0].finding).toBe('a');
  });
});

describe('rules that wait', () => {
  it('are named as far as there is room', () => {
    expect(rulesText(['R01', 'R02'])).toBe('for R01, R02');
    expect(rulesText(['R01', 'R02', 'R03', 'R04'])).toBe('for R01, R02, R03, R04');
    expect(rulesText(['R01', 'R02', 'R03', 'R04', 'R05'])).toBe('for R01, R02, R03 and 2 more');
  });
});

describe('answers', () => {
  it('gives back the desk before when an answer is taken away again', () => {
    expect(withoutAnswer(withAnswer(EMPTY, saddle), saddle)).toEqual(EMPTY);
  });

  it('keeps an older answer and says that the newer one counts', () => {
    const later = { ...saddle, value: 0, at: '2026-04-01T10:00:00Z' };
    const shown = answersShown(withAnswer(withAnswer(EMPTY, later), saddle));
    expect(shown.map(({ answer, counts }) => [answer.value, counts])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it('replaces an answer of the same moment', () => {
    expect(withAnswer(withAnswer(EMPTY, saddle), { ...saddle, value: 0 }).answers).toEqual([{ ...saddle, value: 0 }]);
  });

  it('reads as people say it', () => {
    expect(answerText(1, { kind: 'yes-no' })).toBe('yes');
    expect(answerText(0, { kind: 'yes-no' })).toBe('no');
    expect(answerText(250, { kind: 'number', unit: 'mL', min: 0, max: 2000 })).toBe('250 mL');
    expect(answerText('high', { kind: 'choice', options: [{ value: 'high', text: 'High risk' }] })).toBe('High risk');
    expect(answerText('raw', undefined)).toBe('raw');
  });
});

describe('numbers', () => {
  const form = { min: 0, max: 100, unit: '%' };
  it('takes a comma and keeps to the range', () => {
    expect(readNumber(' 36,5 ', form)).toEqual({ value: 36.5 });
    expect(readNumber('0', form)).toEqual({ value: 0 });
    expect(readNumber('101', form)).toEqual({ problem: 'Between 0 and 100 %' });
    expect(readNumber('', form)).toEqual({ problem: 'Give a number.' });
    expect(readNumber('7 mm', form)).toEqual({ problem: 'Give a number.' });
  });
});

describe('setting and date', () => {
  it('can be chosen and left open again', () => {
    const chosen = withIndexDate(withSetting(EMPTY, 'hospital-sciatica'), '2026-03-02');
    expect(chosen).toMatchObject({ setting: 'hospital-sciatica', indexDate: '2026-03-02' });
    expect(withIndexDate(withSetting(chosen, undefined), undefined)).toEqual(EMPTY);
  });

  it('lists settings by base rate', () => {
    const one = { name: '', horizon: '1 y', source: 's' };
    const lines = settingLines([
      { id: 'b', baseRate: 0.33, ...one },
      { id: 'a', baseRate: 0.064, ...one },
    ]);
    expect(lines.map(({ id, baseRate }) => [id, baseRate])).toEqual([
      ['a', '6.4\u00a0%'],
      ['b', '33\u00a0%'],
    ]);
    expect(rateText(0.03)).toBe('3\u00a0%');
  });
});
