import { describe, expect, it } from 'vitest';
import { driftExtent, earliestClose, GATES, gatesAt, nextGateText } from './gates.ts';

describe('event gates', () => {
  it('open one after the other', () => {
    expect(GATES.map(({ events }) => events)).toEqual([20, 50, 100, 200]);
    const at = gatesAt(35);
    expect(at.map(({ open }) => open)).toEqual([true, false, false, false]);
    expect(at.map(({ share }) => share)).toEqual([1, 0.5, 0, 0]);
    expect(gatesAt(0).every(({ share }) => share === 0)).toBe(true);
  });

  it('say what is still needed', () => {
    expect(nextGateText(19)).toBe('1 more operation with closed follow-up until the intercept is learnt.');
    expect(nextGateText(20)).toBe('30 more operations with closed follow-up until the slope is learnt.');
    expect(nextGateText(250)).toBe('All gates are open.');
  });
});

describe('drift', () => {
  const point = (sum: number) => ({ patient: 'p', predicted: 0.1, observed: 0, sum });
  it('has room above and below zero', () => {
    expect(driftExtent([])).toEqual([-0.5, 0.5]);
    const [low, high] = driftExtent([point(-0.1), point(9.9)]);
    expect(low).toBeLessThan(-0.1);
    expect(high).toBeGreaterThan(9.9);
  });
});

describe('follow-up', () => {
  it('closes twelve months after the index date', () => {
    expect(earliestClose('2026-03-02T10:00:00Z')).toBe('2027-03-02');
    expect(earliestClose('2024-02-29')).toBe('2025-03-01');
    expect(earliestClose('never')).toBe('');
  });
});
