import { describe, expect, it } from 'vitest';
import { buildChannel, extremes, SUM_BLOCK } from './pyramid.ts';

const N = 20_011;
const values = Float64Array.from(
  { length: N },
  (_, i) => Math.sin(i / 7) * (1 + (i % 977) / 500) + (i === 12_345 ? 50 : 0),
);

describe('the pyramid of a channel', () => {
  const channel = buildChannel(values);
  const out = new Float64Array(2);

  it('never loses a spike, however far one stands back', () => {
    for (const span of [2, 40, 700, 5000, N]) {
      const from = Math.max(0, 12_345 - Math.floor(span / 2));
      extremes(channel, from, from + span, out);
      expect(out[1]).toBeGreaterThan(45);
    }
    expect(channel.high).toBeCloseTo(Math.max(...values), 4);
    expect(channel.low).toBeCloseTo(Math.min(...values), 4);
  });

  it('gives the exact extremes of a few samples, and covers at most one block more of many', () => {
    extremes(channel, 100, 110, out);
    expect(out[0]).toBe(Math.fround(Math.min(...values.slice(100, 110))));
    extremes(channel, 1000, 1100, out);
    const inner = values.slice(1000, 1100);
    const outer = values.slice(1000 - 16, 1100 + 16);
    expect(out[1]).toBeGreaterThanOrEqual(Math.fround(Math.max(...inner)));
    expect(out[1]).toBeLessThanOrEqual(Math.fround(Math.max(...outer)));
  });

  it('sums what is there and counts what is missing', () => {
    const gaps = buildChannel(Float64Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? Number.NaN : 2)));
    expect([...gaps.sums.count]).toEqual([682, 683, 635]);
    expect(gaps.sums.sum[0]).toBe(2 * gaps.sums.count[0]);
    expect(gaps.sums.square[1]).toBe(4 * gaps.sums.count[1]);
    expect(SUM_BLOCK).toBe(1024);
  });

  it('knows a stretch in which nothing was measured', () => {
    const lost = buildChannel(new Float32Array(5000).fill(Number.NaN));
    extremes(lost, 0, 4000, out);
    expect([out[0], out[1], lost.low]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(buildChannel(new Float32Array(0)).low).toBeNaN();
  });
});
