import { describe, expect, it } from 'vitest';
import type { WireAssessment, WireAssessmentLine, WireContribution } from '../../../../contract/index.ts';
import { axisTop, groupDrivers, signedBar } from './drivers.ts';
import { groupLeftOut } from './left-out.tsx';
import { timeRun } from './time-points.ts';

const driver = (name: string, mean: number, sd: number, more: Partial<WireContribution> = {}): WireContribution => ({
  ...{ feature: name, name, modality: 'mri', construct: 'stenosis', mean, sd },
  ...{ observed: true, held: false, unit: '1', row: 1, ...more },
});

describe('drivers', () => {
  it('go by size, apart where not measured or held', () => {
    const groups = groupDrivers([
      driver('small', 0.1, 0.1),
      driver('large', -0.4, 0.2),
      driver('unknown', 0.01, 0.3, { observed: false }),
      driver('held', 0, 0.5, { held: true, observed: false }),
      driver('held, seen', 0, 0.1, { held: true }),
    ]);
    expect(groups.measured.map(({ name }) => name)).toEqual(['large', 'small']);
    expect(groups.missing.map(({ name }) => name)).toEqual(['unknown']);
    expect(groups.held.map(({ name }) => name)).toEqual(['held, seen', 'held']);
    expect(groups.reach).toBeCloseTo(0.6, 12);
  });

  it('have bars from the middle, with whiskers that end at the edge', () => {
    expect(signedBar({ mean: 0.5, sd: 0.25 }, 1)).toEqual({ left: 50, width: 25, from: 62.5, to: 87.5 });
    expect(signedBar({ mean: -0.5, sd: 1 }, 1)).toEqual({ left: 25, width: 25, from: 0, to: 75 });
  });

  it('stand on an axis that ends at a round number', () => {
    expect([0.03, 0.31, 0.75, 0.97].map(axisTop)).toEqual([0.05, 0.4, 0.8, 1]);
  });
});

describe('what was left out', () => {
  it('is told once a feature and reason, with the number of values', () => {
    const left = (feature: string, reason: string) => ({
      record: { feature },
      reason,
      detail: `${feature}: ${reason}`,
    });
    const { groups, older } = groupLeftOut([
      left('disc.height', 'after-index'),
      left('disc.height', 'after-index'),
      left('disc.height', 'too-old'),
      left('emg.asymmetry', 'older-than-used'),
    ] as WireAssessment['leftOut']);
    expect(groups.map(({ feature, reason, count }) => [feature, reason, count])).toEqual([
      ['disc.height', 'after-index', 2],
      ['disc.height', 'too-old', 1],
    ]);
    expect(older).toBe(1);
  });
});

describe('the risk over time', () => {
  const line = (number: number, indexDate: string, at: string, high: number): WireAssessmentLine =>
    ({
      ...{ number, indexDate, at },
      horizons: [{ horizon: '0-12', probability: high / 2, low: high / 4, high, expected: high / 2 }],
    }) as WireAssessmentLine;
  const lines = [
    line(1, '2026-03-02', '2026-05-01T10:00:00Z', 0.3),
    line(2, '2026-01-10', '2026-05-01T10:00:05Z', 0.2),
    line(3, '2026-03-02', '2026-05-02T10:00:00Z', 0.1),
  ];

  it('runs by the day it speaks of, or by when it was made', () => {
    const order = (axis: 'index' | 'made') => timeRun(lines, axis).points.map(({ line: { number } }) => number);
    expect(order('index')).toEqual([2, 1, 3]);
    expect(order('made')).toEqual([1, 2, 3]);
  });

  it('keeps points of one moment apart and inside', () => {
    const { points, top } = timeRun(lines, 'index');
    const x = points.map((point) => point.x);
    expect(x[0]).toBe(0);
    expect(x[2]).toBe(1);
    expect(x[2] - x[1]).toBeGreaterThan(0.2);
    expect(top).toBe(0.3);
    expect(Math.max(...points.map(({ high }) => high))).toBe(1);
    expect(timeRun([lines[0]], 'index').points[0].x).toBe(0.5);
    expect(timeRun([], 'made').points).toEqual([]);
  });
});
