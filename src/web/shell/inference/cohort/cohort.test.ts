import { describe, expect, it } from 'vitest';
import type { WireCohort } from '../../../../contract/index.ts';
import {
  calibrationPoints,
  calibrationRows,
  decisionRows,
  exportHead,
  FIGURES,
  figureOf,
  figureRows,
  histogramOf,
  wilson,
} from './cohort-figures.ts';
import { csvRows, likelyPositive, lookAtTable, outcomeColumns } from './cohort-table.ts';

describe('a table before it is sent', () => {
  it('reads quotes, line ends and the other separators', () => {
    expect(csvRows('\uFEFFa,b\r\n"1,5","say ""no"""\r\n\r\n2,\n')).toEqual([
      ['a', 'b'],
      ['1,5', 'say "no"'],
      ['2', ''],
    ]);
    expect(csvRows('a;b\n1,5;2')).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
  });

  it('counts rows, values and gaps, and finds the outcome', () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `${40 + i},${i % 3},${i % 2 ? 'yes' : 'no'},${i === 4 ? '' : i % 2}`,
    );
    const table = lookAtTable(['odi,grade,operated,smoker', ...rows].join('\n'));
    expect(table?.rows).toBe(20);
    expect(table?.columns[3].missing).toBe(1);
    const columns = table ? outcomeColumns(table) : [];
    expect(columns.map(({ name }) => name)).toEqual(['operated', 'smoker', 'grade']);
    expect(likelyPositive(columns[0])).toBe('yes');
    expect(likelyPositive({ name: 'class', values: ['AB', 'NO'], missing: 0 })).toBe('AB');
  });

  it('refuses a text that is no table', () => {
    expect(lookAtTable('')).toBeUndefined();
    expect(lookAtTable('just words')).toBeUndefined();
    expect(lookAtTable('a,b\n')).toBeUndefined();
  });
});

const COHORT: WireCohort = {
  id: 1,
  at: '2026-03-02T10:00:00Z',
  name: 'vertebral column',
  synthetic: true,
  rows: 310,
  events: 210,
  outcome: 'class',
  positive: 'abnormal',
  notes: [],
  repeats: 10,
  folds: 5,
  learners: [
    {
      learner: 'additive-spline',
      figures: { auc: 0.9312, brier: 0.1019, ece: null, slope: 1.083 },
      interval: { auc: [0.9, 0.95] },
      calibration: [{ count: 31, predicted: 0.1, observed: 0.2 }],
      decision: [{ threshold: 0.1, model: 0.2, low: 0.18, high: 0.22, treatAll: 0.15 }],
    },
  ],
  contributions: [],
};

describe('figures', () => {
  it('show value and interval, and a dash where there is none', () => {
    const [learner] = COHORT.learners;
    expect(FIGURES.map((column) => figureOf(learner, column).value)).toEqual(['0.931', '0.102', '–', '1.08']);
    expect(figureOf(learner, FIGURES[0]).interval).toBe('0.900 to 0.950');
    expect(figureRows(COHORT)[1].slice(0, 4)).toEqual(['Additive splines', 0.9312, 0.9, 0.95]);
  });

  it('give every calibration point an interval that holds it', () => {
    const [point] = calibrationPoints(COHORT.learners[0]);
    expect(point.low).toBeLessThan(0.2);
    expect(point.high).toBeGreaterThan(0.2);
    expect(calibrationRows(COHORT)).toHaveLength(2);
    expect(decisionRows(COHORT)[1]).toEqual(['Additive splines', 0.1, 0.2, 0.18, 0.22, 0.15, 0]);
  });

  it('spread the patients of the groups over bars and lose none', () => {
    const points = [0.02, 0.1, 0.3, 0.7, 0.97, 0.99].map((predicted) => ({ predicted, count: 31 }));
    const bars = histogramOf(points, 1);
    expect(bars).toHaveLength(20);
    expect(bars.reduce((sum, n) => sum + n, 0)).toBeCloseTo(6 * 31, 6);
    expect(bars[19]).toBeGreaterThan(bars[10]);
    expect(histogramOf([{ predicted: 0.5, count: 9 }], 1).reduce((sum, n) => sum + n, 0)).toBeCloseTo(9, 9);
  });

  it('know the Wilson interval of 10 in 100', () => {
    const [low, high] = wilson(0.1, 100);
    expect(low).toBeCloseTo(0.0607, 3);
    expect(high).toBeCloseTo(0.1605, 3);
  });

  it('never leave the page without saying that they are generated', () => {
    expect(String(exportHead(COHORT)[0][0])).toContain('SYNTHETIC');
    expect(exportHead({ ...COHORT, synthetic: false })).toHaveLength(1);
  });
});
