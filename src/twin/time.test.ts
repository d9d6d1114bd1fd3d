import { describe, expect, it } from 'vitest';
import { endOfTime, isIsoTime, startOfTime, validBy } from './time.ts';

describe('ISO times', () => {
  it('cover as much as they say', () => {
    expect([startOfTime('2026'), endOfTime('2026')]).toEqual([Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1) - 1]);
    expect([startOfTime('2024-02'), endOfTime('2024-02')]).toEqual([Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1) - 1]);
    expect(endOfTime('2026-03-02') - startOfTime('2026-03-02')).toBe(86_400_000 - 1);
    expect(endOfTime('2026-03-02T10:00:05Z') - startOfTime('2026-03-02T10:00:05Z')).toBe(999);
  });

  it('are read as UTC unless they say otherwise', () => {
    expect(startOfTime('2026-03-02T10:00:00')).toBe(Date.UTC(2026, 2, 2, 10));
    expect(startOfTime('2026-03-02T10:00:00+02:00')).toBe(Date.UTC(2026, 2, 2, 8));
    expect(startOfTime('2026-03-02T10:00:00.250-0330')).toBe(Date.UTC(2026, 2, 2, 13, 30, 0, 250));
  });

  it('are refused in any other form', () => {
    expect(isIsoTime('2.3.2026')).toBe(false);
    expect(() => startOfTime('yesterday')).toThrow(/ISO 8601/);
  });
});

describe('as of', () => {
  it('takes a bare date to the end of its day', () => {
    const item = { validAt: '2026-03-02T17:00:00Z', knownAt: '2026-04-01T00:00:00.000Z' };
    expect(validBy(item, '2026-03-02')).toBe(true);
    expect(validBy(item, '2026-03-02T12:00Z')).toBe(false);
  });

  it('lets the known time stand in for an absent or unreadable valid time', () => {
    const knownAt = '2026-04-01T00:00:00.000Z';
    for (const validAt of [undefined, 'unknown']) {
      expect(validBy({ validAt, knownAt }, '2026-03-31')).toBe(false);
      expect(validBy({ validAt, knownAt }, '2026-04-02')).toBe(true);
      expect(validBy({ validAt, knownAt }, undefined)).toBe(true);
    }
  });
});
