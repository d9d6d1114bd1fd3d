import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, noise, RATE_HZ, sine } from '../../../tests/support/motion/waves.ts';
import {
  bridgeGaps,
  butterworth,
  filterAcrossGaps,
  filterCausal,
  filterGain,
  filterZeroPhase,
  finiteRuns,
  notchFilter,
  repeatedRuns,
} from './index.ts';

describe('Butterworth', () => {
  // |H|² = 1 / (1 + (tan(πf/r) / tan(πc/r))^2n) for a low-pass: the bilinear transform of the prototype
  it('low-pass and high-pass have the gain of the formula, whatever their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 5, max: 900, noNaN: true }),
        fc.double({ min: 1, max: 990, noNaN: true }),
        (order, cutoffHz, hz) => {
          const ratio = Math.tan((Math.PI * hz) / RATE_HZ) / Math.tan((Math.PI * cutoffHz) / RATE_HZ);
          const low = filterGain(butterworth({ band: 'low-pass', order, cutoffHz, rateHz: RATE_HZ }), hz, RATE_HZ);
          const high = filterGain(butterworth({ band: 'high-pass', order, cutoffHz, rateHz: RATE_HZ }), hz, RATE_HZ);
          expect(low).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (2 * order)), 7);
          expect(high).toBeCloseTo(1 / Math.sqrt(1 + ratio ** (-2 * order)), 7);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([1, 2, 3, 4, 5, 8])(
    'band filters of order %i halve the power at both corners and pass or stop between',
    (order) => {
      const corners = [20, 450] as const;
      const pass = butterworth({ band: 'band-pass', order, cutoffHz: corners, rateHz: RATE_HZ });
      const stop = butterworth({ band: 'band-stop', order, cutoffHz: corners, rateHz: RATE_HZ });
      for (const hz of corners) {
        expect(filterGain(pass, hz, RATE_HZ) ** 2).toBeCloseTo(0.5, 9);
        expect(filterGain(stop, hz, RATE_HZ) ** 2).toBeCloseTo(0.5, 9);
      }
      for (const hz of [1, 15, 60, 100, 300, 600, 990]) {
        // the two share their poles, and their powers add up to one
        expect(filterGain(pass, hz, RATE_HZ) ** 2 + filterGain(stop, hz, RATE_HZ) ** 2).toBeCloseTo(1, 8);
      }
      expect(filterGain(stop, 0, RATE_HZ)).toBeCloseTo(1, 9);
    },
  );

  it('refuses corners that no signal of this rate has', () => {
    const bad = (cutoffHz: number | [number, number], band: 'low-pass' | 'band-pass') => () =>
      butterworth({ band, order: 4, cutoffHz, rateHz: 1000 });
    expect(bad(500, 'low-pass')).toThrow(/cutoffHz/);
    expect(bad(0, 'low-pass')).toThrow(/cutoffHz/);
    expect(bad([400, 20], 'band-pass')).toThrow(/lower corner/);
    expect(bad(20, 'band-pass')).toThrow(/2 corners/);
    expect(() => butterworth({ band: 'low-pass', order: 0, cutoffHz: 6, rateHz: 1000 })).toThrow(/order/);
    expect(() => notchFilter(50, 0, 1000)).toThrow(/quality/);
  });

  it('a notch takes out its frequency and leaves the rest', () => {
    const notch = notchFilter(50, 30, RATE_HZ);
    expect(filterGain(notch, 50, RATE_HZ)).toBeLessThan(1e-12);
    expect(filterGain(notch, 50 + 50 / 60, RATE_HZ) ** 2).toBeCloseTo(0.5, 2);
    expect(filterGain(notch, 60, RATE_HZ)).toBeGreaterThan(0.99);
  });
});

describe('filters', () => {
  const band = butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz: RATE_HZ });

  it('without phase leave a sine of the pass band where it is, at the gain squared', () => {
    for (const hz of [40, 100, 400]) {
      const x = sine(hz, 8000);
      const y = filterZeroPhase(band, x);
      const gain = filterGain(band, hz, RATE_HZ) ** 2;
      const middle = (values: Float64Array) => values.subarray(2000, 6000);
      expect(difference(middle(y), middle(x.map((v) => v * gain)))).toBeLessThan(1e-6);
    }
  });

  it('give an impulse the response of the difference equation', () => {
    // y[n] = 0.5 x[n] + 0.5 x[n-1] + 0.25 y[n-1]: 0.5, 0.625, 0.15625 …
    const y = filterCausal([[0.5, 0.5, 0, -0.25, 0]], [1, 0, 0, 0]);
    expect([...y]).toEqual([0.5, 0.625, 0.15625, 0.0390625]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 9])('of %i sections equal their sections one after the other', (count) => {
    const sections = Array.from({ length: count }, (_, k) => notchFilter(50 + 37 * k, 5, RATE_HZ)[0]);
    const x = noise(500);
    let slow: Float64Array = x;
    for (const section of sections) slow = filterCausal([section], slow);
    expect(difference(filterCausal(sections, x), slow)).toBeLessThan(1e-12);
  });

  it('are linear, and the same backwards', () => {
    const [a, b] = [noise(3000, 1), noise(3000, 2)];
    const sum = a.map((v, i) => 2 * v - 3 * b[i]);
    const [ya, yb] = [filterZeroPhase(band, a), filterZeroPhase(band, b)];
    expect(
      difference(
        filterZeroPhase(band, sum),
        ya.map((v, i) => 2 * v - 3 * yb[i]),
      ),
    ).toBeLessThan(1e-12);
    // away from the ends forwards-backwards and backwards-forwards are one filter
    const back = filterZeroPhase(band, a.slice().reverse()).reverse();
    expect(difference(back.subarray(1400, 1600), ya.subarray(1400, 1600))).toBeLessThan(1e-6);
  });

  it('refuse a signal shorter than their continuation', () => {
    expect(() => filterZeroPhase(band, new Float64Array(27))).toThrow(/more than 27/);
    expect(filterZeroPhase(band, new Float64Array(28))).toEqual(new Float64Array(28));
  });

  it('know of gaps: short ones are bridged, long ones split, none is filled', () => {
    const x = sine(100, 6000);
    for (let i = 1000; i < 1010; i++) x[i] = Number.NaN;
    for (let i = 3000; i < 3500; i++) x[i] = Number.NaN;
    for (let i = 5990; i < 6000; i++) x[i] = Number.NaN;
    const y = filterAcrossGaps(band, x, 20);
    expect(finiteRuns(y)).toEqual(finiteRuns(x));
    const gain = filterGain(band, 100, RATE_HZ) ** 2;
    for (const at of [300, 2000, 2500, 4500]) expect(y[at]).toBeCloseTo(gain * x[at], 3);
    expect(filterAcrossGaps(band, new Float64Array(100).fill(Number.NaN), 20)).toEqual(
      new Float64Array(100).fill(Number.NaN),
    );
    expect([...bridgeGaps(Float64Array.of(Number.NaN, 1, Number.NaN, 2), 5)]).toEqual([Number.NaN, 1, 1.5, 2]);
  });

  it('find runs of one value', () => {
    expect(repeatedRuns(Float64Array.of(0, 0, 1, Number.NaN, Number.NaN, Number.NaN, 4, 4, 4), 3)).toEqual([
      { from: 6, to: 9 },
    ]);
  });
});
