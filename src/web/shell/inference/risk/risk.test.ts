import { describe, expect, it } from 'vitest';
import type { WireContribution } from '../../../../contract/index.ts';
import { axisTop, groupDrivers, signedBar } from './drivers.ts';

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
