import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise } from '../../../tests/support/motion/waves.ts';
import { createRandom } from '../stats/index.ts';
import { bootstrapLine, estimateLag, interpolateAt, regressLine, resampleLinear } from './index.ts';

describe('time bases', () => {
  it('are met by straight lines', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (rateHz, startS) => {
          const values = Float64Array.from({ length: 50 }, (_, i) => 3 + 2 * (startS + i / rateHz));
          const to = { startS: startS + 0.1 / rateHz, rateHz: rateHz * 1.7, count: 60 };
          const even = resampleLinear(values, { startS, rateHz }, to);
          const times = Float64Array.from({ length: 50 }, (_, i) => startS + i / rateHz);
          const any = interpolateAt(
            times,
            values,
            Float64Array.from({ length: 60 }, (_, i) => to.startS + i / to.rateHz),
          );
          even.forEach((value, i) => {
            expect(value).toBeCloseTo(3 + 2 * (to.startS + i / to.rateHz), 6);
            expect(any[i]).toBeCloseTo(value, 6);
          });
        },
      ),
    );
  });

  it('do not reach beyond the samples, nor across a gap', () => {
    expect([...interpolateAt([0, 1, 2], [1, Number.NaN, 3], [-1, 0, 0.5, 2, 2.1])]).toEqual([
      Number.NaN,
      1,
      Number.NaN,
      3,
      Number.NaN,
    ]);
    expect([...interpolateAt([5], [7], [4, 5])]).toEqual([Number.NaN, 7]);
  });
});

describe('lag', () => {
  it.each([0, 3, -7, 12.3, -4.6])('of a smooth signal shifted by %d samples is found', (shift) => {
    const at = (t: number) => Math.exp(-(((t - 250) / 20) ** 2)) + 0.5 * Math.exp(-(((t - 320) / 30) ** 2));
    const a = Float64Array.from({ length: 600 }, (_, i) => at(i));
    const b = Float64Array.from({ length: 500 }, (_, i) => 5 - 0 + 2 * at(i - shift));
    const found = estimateLag(a, b, 40);
    expect(found.lag).toBeCloseTo(shift, 1);
    expect(found.correlation).toBeGreaterThan(0.98);
    expect(found.inside).toBe(true);
  });

  it('equals the sum written out', () => {
    const [a, b] = [noise(60, 1), noise(45, 2)];
    const centred = (x: Float64Array) => x.map((v) => v - x.reduce((s, w) => s + w, 0) / x.length);
    const [u, v] = [centred(a), centred(b)];
    let best = { lag: 0, value: -2 };
    for (let lag = -20; lag <= 20; lag++) {
      let [sum, p, q] = [0, 0, 0];
      for (let i = Math.max(0, -lag); i < Math.min(60, 45 - lag); i++) {
        sum += u[i] * v[i + lag];
        p += u[i] ** 2;
        q += v[i + lag] ** 2;
      }
      if (sum / Math.sqrt(p * q) > best.value) best = { lag, value: sum / Math.sqrt(p * q) };
    }
    const found = estimateLag(a, b, 20);
    expect(Math.abs(found.lag - best.lag)).toBeLessThanOrEqual(0.5);
    expect(found.correlation).toBeGreaterThanOrEqual(best.value - 1e-12);
  });

  it('of constant signals is refused', () => {
    expect(() => estimateLag(new Float64Array(10), new Float64Array(10), 3)).toThrow(/vary/);
  });
});

describe('regression', () => {
  it('gives intervals that hold the truth about as often as they say', () => {
    const rng = createRandom(99);
    const x = Float64Array.from({ length: 60 }, (_, i) => i);
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const y = x.map((t) => 80 - 0.4 * t + rng.normal(0, 5));
      const line = bootstrapLine(x, y, { rng: rng.uniform, replicates: 200 });
      if (line.relativeInterval.low <= -0.005 && line.relativeInterval.high >= -0.005) held++;
    }
    // 90 % of 200 is 180; a binomial count stays within 160 to 195 but once in many thousands
    expect(held).toBeGreaterThan(160);
    expect(held).toBeLessThan(196);
  });

  it('needs points that differ', () => {
    expect(() => regressLine([1, 1], [2, 3])).toThrow(/differ/);
    expect(() => regressLine([1], [2])).toThrow(/two/);
  });
});
