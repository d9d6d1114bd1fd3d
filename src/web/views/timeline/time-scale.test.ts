import { describe, expect, it } from 'vitest';
import { spread, timeScale } from './time-scale.ts';

const t = (iso: string): number => Date.parse(iso);

describe('timeScale', () => {
  it('keeps one date in the middle, with days around it', () => {
    const scale = timeScale([t('2026-03-02')]);
    expect(scale.place(t('2026-03-02'))).toBeCloseTo(0.5, 9);
    expect(scale.ticks.length).toBeGreaterThan(3);
    expect(scale.ticks[0].label).toMatch(/^2026-0\d-\d\d$/);
  });

  it('marks months over a year and years over decades', () => {
    expect(timeScale([t('2025-01-05'), t('2026-03-02')]).ticks[0].label).toMatch(/^20\d\d-\d\d$/);
    const years = timeScale([t('2009-01-05'), t('2026-03-02')]);
    expect(years.ticks.length).toBeLessThan(9);
    expect(years.ticks[0].label).toMatch(/^\d{4}$/);
  });

  it('keeps the ends on the line', () => {
    const scale = timeScale([t('2020-01-01'), t('2026-01-01')]);
    expect(scale.place(t('2020-01-01'))).toBeGreaterThan(0.05);
    expect(scale.place(t('2026-01-01'))).toBeLessThan(0.95);
  });
});

describe('spread', () => {
  it('moves what lies together apart and stays on the line', () => {
    const out = spread([0.98, 0.98, 0.2], 0.1);
    expect(out[2]).toBe(0.2);
    expect(Math.abs(out[1] - out[0])).toBeCloseTo(0.1, 9);
    expect(Math.max(...out)).toBeLessThanOrEqual(1);
  });

  it('keeps a crowd around its day, and days apart', () => {
    const out = spread([0.3, 0.3, 0.3, 0.8, 0.8], 0.06, 0.04);
    expect(out[1]).toBeCloseTo(0.3, 9);
    expect(out[0]).toBeCloseTo(0.24, 9);
    expect((out[3] + out[4]) / 2).toBeCloseTo(0.8, 9);
    const edges = spread([0, 0, 1, 1], 0.06, 0.04);
    expect(edges[0]).toBeCloseTo(0.04, 9);
    expect(edges[3]).toBeCloseTo(0.96, 9);
  });
});
