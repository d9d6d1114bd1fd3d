import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise, RATE_HZ, sine } from '../../../tests/support/motion/waves.ts';
import { amplitudeOf, finiteRuns, linearEnvelope, movingAbsolute, movingRms } from './index.ts';

describe('amplitude', () => {
  it('of a sine of amplitude A is A / √2, its ARV 2A / π', () => {
    const x = sine(50, 2000).map((v) => 3 * v);
    const { rms, absolute, integral, peak } = amplitudeOf(x, RATE_HZ);
    expect(rms).toBeCloseTo(3 / Math.SQRT2, 12);
    // the mean of |sin| over 40 samples a period is below its integral by 2 parts in 1000
    expect(absolute).toBeCloseTo(6 / Math.PI, 2);
    expect(integral).toBeCloseTo(absolute, 12);
    expect(peak).toBeCloseTo(3, 12);
  });

  it('in windows equals the sum written out, gaps left out', () => {
    const values = fc.array(
      fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 7 }), (list, window, hop) => {
        const x = Float64Array.from(list);
        const [rms, arv] = [movingRms(x, window, { hop }), movingAbsolute(x, window, { hop })];
        expect(rms.length).toBe(x.length < window ? 0 : Math.floor((x.length - window) / hop) + 1);
        rms.forEach((value, k) => {
          const part = [...x.subarray(k * hop, k * hop + window)].filter((v) => !Number.isNaN(v));
          const enough = part.length >= Math.max(1, window / 2);
          const mean = (of: (v: number) => number) => part.reduce((sum, v) => sum + of(v), 0) / part.length;
          if (enough) expect(value).toBeCloseTo(Math.sqrt(mean((v) => v * v)), 5);
          else expect(value).toBeNaN();
          if (enough) expect(arv[k]).toBeCloseTo(mean(Math.abs), 9);
        });
      }),
    );
  });

  it('follows the effort as an envelope, also across a gap, and is never negative', () => {
    const x = noise(20000).map((v, i) => v * (1 + Math.sin((2 * Math.PI * i) / 10000)));
    x.fill(Number.NaN, 7000, 7010);
    const envelope = linearEnvelope(x, { rateHz: RATE_HZ, cutoffHz: 3, longestBridge: 20 });
    expect(finiteRuns(envelope)).toEqual([
      { from: 0, to: 7000 },
      { from: 7010, to: 20000 },
    ]);
    for (const at of [2500, 12500]) expect(envelope[at]).toBeCloseTo(2 * Math.sqrt(2 / Math.PI), 0);
    expect(envelope.every((v) => !(v < 0))).toBe(true);
  });

  it('keeps silence silent after a loud stretch', () => {
    const x = new Float64Array(20000);
    x.fill(1e6, 0, 5000);
    expect(
      movingRms(x, 100)
        .subarray(5200 + 4096)
        .every((v) => v === 0),
    ).toBe(true);
  });
});
