import { describe, expect, it } from 'vitest';
import { turnOfDirection, turnOfRates } from './turn.ts';

const RATE_HZ = 100;
/** An angle without anything slower than the filter leaves. */
const angle = (t: number) => 0.6 * Math.sin(2.5 * t) + 0.2 * Math.sin(6.1 * t);
const times = Float64Array.from({ length: 4000 }, (_, i) => i / RATE_HZ);

/** Largest difference away from both ends, whatever the sign. */
function difference(found: Float64Array | undefined): number {
  const inner = [...times.keys()].slice(800, -800);
  const at = (sign: number) =>
    Math.max(...inner.map((i) => Math.abs(sign * (found?.[i] ?? Number.NaN) - angle(times[i]))));
  return Math.min(at(1), at(-1));
}

describe('the turn of a segment', () => {
  it('is the sum of a gyroscope about its main axis, bias and a little turning about others aside', () => {
    const rate = times.map((t) => (angle(t + 1e-5) - angle(t - 1e-5)) / 2e-5);
    const axis = [0.48, -0.6, 0.64];
    const rates = axis.map((part, k) =>
      rate.map((value, i) => part * value + 0.02 * (k + 1) + 0.05 * Math.sin(times[i] * (3 + k))),
    );
    // 0.1 Hz of the filter takes a hundredth of the slow part, the other turning adds some
    expect(difference(turnOfRates(rates, RATE_HZ))).toBeLessThan(0.05);
  });

  it('is the angle of a bone in the plane it sweeps, wherever the plane lies', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const direction = [0, 1, 2].map((k) =>
      times.map((t) => {
        const [x, y] = [Math.sin(angle(t)), -Math.cos(angle(t))];
        return [c * x, y, s * x][k];
      }),
    );
    expect(difference(turnOfDirection(direction, RATE_HZ))).toBeLessThan(0.02);
  });

  it('of a moment is none', () => {
    const short = [0, 1, 2].map(() => new Float64Array(5));
    expect(turnOfRates(short, RATE_HZ)).toBeUndefined();
  });
});
