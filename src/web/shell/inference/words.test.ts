import { describe, expect, it } from 'vitest';
import type { WireAssessmentLine } from '../../../contract/index.ts';
import { ageText, isUnfit, moveTo, percent, percentRange, setWords, signed, valueText } from './words.ts';

describe('numbers of inference', () => {
  it('shows a probability with the digits that count', () => {
    expect(percent(0.0925)).toBe('9.3\u00a0%');
    expect(percent(0.3064)).toBe('31\u00a0%');
    expect(percent(0.0999)).toBe('10\u00a0%');
    expect(percent(0.0004)).toBe('<0.1\u00a0%');
    expect(percent(0.02)).toBe('2.0\u00a0%');
    expect(percent(0)).toBe('0\u00a0%');
    expect(percent(0.995)).toBe('99.5\u00a0%');
    expect(percent(0.9999)).toBe('>99.9\u00a0%');
    expect(percent(1)).toBe('100\u00a0%');
    expect(percentRange(0.023, 0.306)).toBe('2.3 to 31\u00a0%');
  });

  it('gives log-odds a sign, and nothing to nothing', () => {
    expect(signed(0.157)).toBe('+0.16');
    expect(signed(-0.03)).toBe('−0.03');
    expect(signed(0.001)).toBe('0');
    expect(signed(-0.001)).toBe('0');
  });

  it('says yes and no where a value is either, and grades as grades', () => {
    expect(valueText({ value: 1, unit: '1', yesNo: true })).toBe('yes');
    expect(valueText({ value: 0, unit: '1', yesNo: true })).toBe('no');
    expect(valueText({ value: 1, unit: '1' })).toBe('1');
    expect(valueText({ value: 44, unit: '%' })).toBe('44%');
    expect(valueText({ value: 41.26, unit: 'mm' })).toBe('41.3\u202fmm');
    expect(valueText({ value: 40, unit: 'mm' })).toBe('40\u202fmm');
    expect(valueText({ value: 1.1, unit: 'm/s' })).toContain('1.1');
    expect(valueText({ value: 'L4-L5', unit: '1' })).toBe('L4-L5');
    expect(valueText({ value: undefined, unit: '1' })).toBe('–');
  });

  it('tells a conformal set as what is left open, never as a forecast', () => {
    const words = (set: ('surgery' | 'no surgery')[]) => setWords({ set, alpha: 0.1, cases: 120 });
    expect(words(['surgery', 'no surgery'])).toMatch(/^By 120 own outcomes, at 90\u00a0%, .*undecided/);
    expect(words(['surgery'])).toContain('only “surgery within 12 months” is not ruled out');
    expect(words([])).toContain('both answers are ruled out');
  });

  it('marks a number that nobody should act on', () => {
    expect((['suspended', 'failed', 'revised', 'prior-driven'] as const).map(isUnfit)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('tells the age of a value', () => {
    expect(ageText(0.4)).toBe('same day');
    expect(ageText(12)).toBe('12\u00a0d old');
    expect(ageText(183)).toBe('6\u00a0mo old');
    expect(ageText(800)).toBe('2.2\u00a0a old');
    expect(ageText(undefined)).toBe('no date');
  });
});

describe('a move', () => {
  const lines = [1, 2, 5].map((number) => ({ number }) as WireAssessmentLine);
  it('goes from the assessment before', () => {
    expect(moveTo(lines, 5)?.from.number).toBe(2);
    expect(moveTo(lines, 1)).toBeUndefined();
    expect(moveTo(lines, 9)).toBeUndefined();
  });
});
