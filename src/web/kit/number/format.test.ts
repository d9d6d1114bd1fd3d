import { describe, expect, it } from 'vitest';
import type { WireFeature } from '../../../contract/index.ts';
import { count, DASH, formatAgo, formatBytes, formatNumber, showFeature, speakFeature, withUnit } from './format.ts';

const base: WireFeature = {
  id: 'spine.lumbarLordosis',
  definition: 'spine.lumbarLordosis',
  value: 43.2718,
  unit: 'deg',
  uncertainty: { kind: 'interval', low: 40.9, high: 45.6, sd: 1.4, method: 'label boundary' },
  quality: 0.9,
  method: 'endplates',
  run: 'r',
  capability: 'spine-geometry',
  version: 1,
  knownAt: '2026-03-02T10:00:00Z',
  evidence: [],
  synthetic: false,
};

describe('numbers on the screen', () => {
  it('drop the decimals that the doubt does not carry', () => {
    expect(showFeature(base)).toEqual({ value: '43', unit: '°', interval: '41 to 46' });
    const fine = { ...base, uncertainty: { ...base.uncertainty, sd: 0.3 } } as WireFeature;
    expect(showFeature(fine).value).toBe('43.3');
  });

  it('show a gap as a dash with its reason, never as zero', () => {
    const gap: WireFeature = { ...base, value: null, missing: 'S1 lies outside the field of view' };
    expect(showFeature(gap)).toEqual({ value: DASH, unit: '°', reason: 'S1 lies outside the field of view' });
    expect(speakFeature('Lumbar lordosis', gap)).toContain('missing, S1 lies outside');
  });

  it('keep the reason of an unknown doubt', () => {
    const vague: WireFeature = { ...base, uncertainty: { kind: 'unknown', reason: 'the source gives none' } };
    expect(showFeature(vague)).toEqual({ value: '43.3', unit: '°', reason: 'the source gives none' });
  });

  it('speak the level and the interval', () => {
    const spoken = speakFeature('Wedge', { ...base, level: 'T8' });
    expect(spoken).toBe('Wedge T8: 43 °, 90 % interval 41 to 46');
  });

  it('never write minus zero', () => {
    expect(formatNumber(-0.04, 1)).toBe('0.0');
    expect(formatNumber(-2.25, 1)).toBe('\u22122.3');
  });

  it('set units as a printer would', () => {
    expect(withUnit('43', 'deg')).toBe('43°');
    expect(withUnit('27.1', 'mm')).toBe('27.1\u202fmm');
    expect(withUnit('0.4', '1')).toBe('0.4');
  });
});

describe('sizes and times', () => {
  it('round to what one remembers', () => {
    expect(formatBytes(37_881_648)).toBe('37.9\u202fMB');
    expect(formatBytes(999_900)).toBe('1.0\u202fMB');
    expect(formatBytes(12)).toBe('12\u202fB');
    expect(count(1, 'file')).toBe('1 file');
  });

  it('count back from now', () => {
    const now = Date.parse('2026-03-02T12:00:00Z');
    expect(formatAgo('2026-03-02T11:57:00Z', now)).toBe('3 min ago');
    expect(formatAgo('2026-03-02T11:59:40Z', now)).toBe('just now');
    expect(formatAgo('2026-03-02T03:00:00Z', now)).toBe('9 h ago');
  });
});
