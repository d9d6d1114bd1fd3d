import { describe, expect, it } from 'vitest';
import type { Feature } from '../model/index.ts';
import { compareFeatures, courseOf, latestFeatures } from './compare.ts';

function feature(value: Feature['value'], validAt: string, more: Partial<Feature> = {}): Feature {
  return {
    id: `${value}${validAt}`,
    run: 'r',
    capability: 'c',
    version: 1,
    definition: 'spine.cobbAngle',
    value,
    unit: 'deg',
    uncertainty: { kind: 'interval', low: 0, high: 0, sd: 3, method: 'reader' },
    posture: 'standing',
    quality: 1,
    method: 'Cobb 1948',
    validAt,
    knownAt: '2026-06-01T00:00:00.000Z',
    evidence: [],
    synthetic: false,
    ...more,
  };
}

describe('features in time', () => {
  const [may, march] = [feature(30, '2026-05-01'), feature(20, '2026-03-01')];

  it('are ordered by when they were true', () => {
    expect(courseOf([may, march], 'spine.cobbAngle').map((f) => f.value)).toEqual([20, 30]);
    expect(latestFeatures([may, march])).toEqual([may]);
  });

  it('differ with the doubt of both', () => {
    const [change] = compareFeatures([march], [may]);
    expect(change.difference).toBe(10);
    expect(change.uncertainty).toMatchObject({ kind: 'interval', sd: Math.hypot(3, 3) });
    expect(change.beyondError).toBe(true);
    expect(compareFeatures([march], [feature(26, '2026-05-01')])[0].beyondError).toBe(false);
    expect(change.caution).toBeUndefined();
  });

  it('carry a caution across postures and methods', () => {
    const [change] = compareFeatures([march], [feature(30, '2026-05-01', { posture: 'supine', version: 2 })]);
    expect(change.caution).toMatch(/standing, then supine.*version/);
  });

  it('stay silent where nothing can be said', () => {
    expect(compareFeatures([march], [])[0]).toMatchObject({ uncertainty: { kind: 'unknown' } });
    const missing = feature(null, '2026-05-01', { missing: 'cut off' });
    expect(compareFeatures([march], [missing])[0].difference).toBeUndefined();
    const vague = feature(25, '2026-05-01', { uncertainty: { kind: 'unknown', reason: 'one reader' } });
    expect(compareFeatures([march], [vague])[0]).toMatchObject({ difference: 5, beyondError: undefined });
  });
});
