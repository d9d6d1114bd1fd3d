import { describe, expect, it } from 'vitest';
import type { Line } from '../lanes/lane-painter.ts';
import { buildChannel } from '../recording/pyramid.ts';
import { sampled, samplesIn, windowMetrics } from './window-metrics.ts';

function line(values: ArrayLike<number>, rateHz: number): Line {
  return {
    channel: buildChannel(values),
    time: { clock: 'a', startS: 0, rateHz, count: values.length },
    map: undefined,
  };
}

describe('numbers of a window', () => {
  it('are those of a sine: mean 0, RMS amplitude over the square root of 2', () => {
    const sine = line(
      Float64Array.from({ length: 60_001 }, (_, i) => 3 * Math.sin((2 * Math.PI * 5 * i) / 1000)),
      1000,
    );
    const { mean, rms, low, high, range, missing } = windowMetrics(sine, [1, 50.999]);
    expect(mean).toBeCloseTo(0, 6);
    expect(rms).toBeCloseTo(3 / Math.SQRT2, 4);
    expect([low, high, range]).toEqual([-3, 3, 6]);
    expect(missing).toBe(0);
  });

  it('agree with a walk over every sample, wherever the window lies', () => {
    const values = Float32Array.from(
      { length: 9000 },
      (_, i) => ((i * 7919) % 1009) / 100 - (i % 13 === 0 ? Number.NaN : 0),
    );
    const one = line(values, 100);
    for (const [from, to] of [
      [0, 89.99],
      [3.21, 3.3],
      [10.24, 40.96],
      [-5, 200],
    ] as const) {
      const [a, b] = samplesIn(one, [from, to]);
      const there = [...values.slice(a, b)].filter((value) => !Number.isNaN(value));
      const found = windowMetrics(one, [from, to]);
      expect(found.count).toBe(there.length);
      expect(found.mean).toBeCloseTo(there.reduce((s, v) => s + v, 0) / there.length, 6);
      expect(found.rms).toBeCloseTo(Math.sqrt(there.reduce((s, v) => s + v * v, 0) / there.length), 6);
      expect(found.low).toBe(Math.min(...there));
      expect(found.high).toBe(Math.max(...there));
    }
  });

  it('say so when there is nothing', () => {
    const found = windowMetrics(line(new Float32Array(100).fill(Number.NaN), 10), [2, 4]);
    expect(found).toMatchObject({ count: 0, missing: 21, mean: Number.NaN });
  });

  it('lay a window over 0 to 100 %', () => {
    const ramp = line(
      Float32Array.from({ length: 1001 }, (_, i) => i),
      100,
    );
    const curve = sampled(ramp, [2, 4], 5);
    expect([...curve].map((value) => Math.round(value))).toEqual([200, 250, 300, 350, 400]);
    expect(sampled(line([0, 10], 1), [0, 1], 3)[1]).toBe(5);
    const muscle = line(
      Float32Array.from({ length: 4001 }, (_, i) => (i % 2 === 0 ? 3 : -3)),
      1000,
    );
    expect(Math.abs(sampled(muscle, [0, 4], 5)[2])).toBeLessThan(0.01);
    expect([...sampled(muscle, [0, 4], 5, 'rms')]).toEqual([3, 3, 3, 3, 3]);
  });
});
