import { describe, expect, it } from 'vitest';
import { buildChannel } from '../recording/pyramid.ts';
import { fillRows, indexAt, type Line, type Picture, paintLine, valueAt } from './lane-painter.ts';

const INK = [255, 0, 0] as const;

function line(values: ArrayLike<number>, rateHz: number, startS = 0): Line {
  return {
    channel: buildChannel(values),
    time: { clock: 'own', startS, rateHz, count: values.length },
    map: undefined,
  };
}

function picture(width: number, height: number): Picture {
  const made = { pixels: new Uint32Array(width * height), width, height };
  fillRows(made, 0, height, [0, 0, 0]);
  return made;
}

/** Rows of a column that carry ink. */
function inked({ pixels, width, height }: Picture, x: number): number[] {
  return Array.from({ length: height }, (_, y) => y).filter((y) => (pixels[y * width + x] & 255) > 100);
}

describe('the painter of lanes', () => {
  it('puts a constant in the middle of its lane', () => {
    const made = picture(50, 20);
    paintLine(made, { top: 0, height: 20, low: -1, high: 1 }, { startS: 0, perPixelS: 0.02 }, line([0, 0], 1), INK, 2);
    for (const x of [0, 25, 49]) expect(inked(made, x)).toEqual([9, 10]);
  });

  it('fills a burst from its least to its most', () => {
    const burst = Float32Array.from({ length: 10_000 }, (_, i) => (i % 2 ? 1 : -1));
    const made = picture(10, 40);
    paintLine(made, { top: 0, height: 40, low: -2, high: 2 }, { startS: 0, perPixelS: 1 }, line(burst, 1000), INK, 1);
    expect(inked(made, 4)[0]).toBeGreaterThanOrEqual(9);
    expect(inked(made, 4).length).toBeGreaterThan(18);
    expect(inked(made, 4).length).toBeLessThan(24);
  });

  it('leaves a gap where nothing was measured, and nothing beyond the ends', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i >= 40 && i < 60 ? Number.NaN : 0));
    const made = picture(120, 10);
    paintLine(
      made,
      { top: 0, height: 10, low: -1, high: 1 },
      { startS: -0.1, perPixelS: 0.01 },
      line(values, 100),
      INK,
      2,
    );
    expect(inked(made, 5)).toEqual([]);
    expect(inked(made, 30).length).toBeGreaterThan(0);
    expect(inked(made, 60)).toEqual([]);
    expect(inked(made, 115)).toEqual([]);
  });

  it('stays inside its lane', () => {
    const made = picture(20, 30);
    paintLine(
      made,
      { top: 10, height: 10, low: 0, high: 1 },
      { startS: 0, perPixelS: 0.1 },
      line([0, 9, -9, 9, 0], 2),
      INK,
      2,
    );
    for (let x = 0; x < 20; x++) for (const y of inked(made, x)) expect(y).toBeGreaterThanOrEqual(10);
    for (let x = 0; x < 20; x++) for (const y of inked(made, x)) expect(y).toBeLessThan(20);
  });

  it('finds samples on another clock and between uneven ones', () => {
    const map = { from: 'imu', to: 'twin', offsetS: 2, driftPpm: 0, method: 'event' as const, quality: 1, basis: '' };
    const even = { time: { clock: 'imu', startS: 0, rateHz: 10, count: 50 }, map };
    expect(indexAt(even, 3)).toBeCloseTo(10, 9);
    const uneven = { time: { ...even.time, timeS: Float64Array.of(0, 1, 4), count: 3 }, map: undefined };
    expect(indexAt(uneven, 2.5)).toBeCloseTo(1.5, 9);
    expect(valueAt(Float32Array.of(0, 10, 20), 1.5)).toBe(15);
    expect(valueAt(Float32Array.of(0, 10), 1.5)).toBeNaN();
  });
});
