import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, mad, mean, median, normalCdf, normalQuantile, quantile, standardDeviation } from './index.ts';

describe('order statistics', () => {
  it('agree with NumPy on a fixed list', () => {
    const values = [3.5, -1, 22, 7, 7, 0.25, 9];
    expect(quantile(values, 0.1)).toBeCloseTo(-0.25, 12);
    expect(quantile(values, 0.9)).toBeCloseTo(14.2, 12);
    expect(median(values)).toBe(7);
    expect(mad(values)).toBe(3.5);
  });
  it('sort numbers as numbers and leave the input alone', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });
  it('move with the values', () => {
    const list = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), (v, p) => {
        expect(
          quantile(
            v.map((x) => 3 * x + 2),
            p,
          ),
        ).toBeCloseTo(3 * quantile(v, p) + 2, 8);
      }),
    );
  });
  it('refuse an empty list', () => {
    expect(() => median([])).toThrow(/at least one value/);
  });
});

describe('normal distribution', () => {
  it('has the known quantiles', () => {
    // Wichura 1988 (AS 241) test values
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 13);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 12);
    expect(Math.abs(normalQuantile(1e-20) + 9.262340089798409)).toBeLessThan(1e-11);
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 14);
  });
  it('takes as many terms in the tail as change a bit', () => {
    for (let z = -38.5; z <= -2.5; z += 0.0037) {
      let fraction = -z;
      for (let k = 400; k > 0; k--) fraction = -z + k / fraction;
      expect(normalCdf(z)).toBe(Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / fraction);
    }
  });
  it('quantile undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (z) => {
        expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 6);
      }),
    );
  });
});

describe('createRandom', () => {
  it('gives the same stream for the same seed and another for its neighbour', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, createRandom(seed).uniform);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0)).not.toEqual(draw(2 ** 32));
  });
  it('has the mean and spread of its distributions', () => {
    const rng = createRandom(11);
    const u = Array.from({ length: 20000 }, () => rng.uniform());
    const g = Array.from({ length: 20000 }, () => rng.normal(5, 2));
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(standardDeviation(u) - Math.sqrt(1 / 12))).toBeLessThan(0.01);
    expect(Math.abs(mean(g) - 5)).toBeLessThan(0.06);
    expect(Math.abs(standardDeviation(g) - 2)).toBeLessThan(0.05);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[rng.int(-1, 1) + 1]++;
    for (const c of counts) expect(Math.abs(c - 1000)).toBeLessThan(130);
  });
});
