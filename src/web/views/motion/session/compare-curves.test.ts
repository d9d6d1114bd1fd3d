import { describe, expect, it } from 'vitest';
import { compareCurves, repeatabilityLimit } from './compare-curves.ts';

const wave = (offset: number, size = 1) =>
  Float64Array.from({ length: 201 }, (_, i) => size * Math.sin(i / 20) + offset);

describe('two curves', () => {
  it('that differ by a constant have that bias, no width of limits, and agree in shape', () => {
    const { bias, limits, rmse, correlation } = compareCurves(wave(0), wave(2));
    expect(bias).toBeCloseTo(2, 12);
    expect(limits[0]).toBeCloseTo(2, 10);
    expect(limits[1]).toBeCloseTo(2, 10);
    expect(rmse).toBeCloseTo(2, 12);
    expect(correlation).toBeCloseTo(1, 12);
  });

  it('of opposite sign correlate by −1; a flat one with nothing', () => {
    expect(compareCurves(wave(0), wave(0, -1)).correlation).toBeCloseTo(-1, 12);
    expect(compareCurves(wave(0), new Float64Array(201)).correlation).toBeNaN();
  });

  it('leave out what is missing', () => {
    const gap = wave(1).fill(Number.NaN, 0, 50);
    expect(compareCurves(wave(0), gap).bias).toBeCloseTo(1, 12);
  });
});

describe('the repeatability limit', () => {
  it('is 2.77 standard deviations of the repetitions, and needs three', () => {
    const limit = repeatabilityLimit([wave(-1), wave(0), wave(1)]);
    expect(limit?.[7]).toBeCloseTo(2.7719, 3);
    expect(repeatabilityLimit([wave(0), wave(1)])).toBeUndefined();
  });
});
