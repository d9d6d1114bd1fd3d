import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../../tests/support/read.ts';
import { createRandom } from '../../../kernel/index.ts';
import { motionKinematics } from '../index.ts';
import { simulateMotion } from '../simulate.ts';
import { outwardBias, smoothingOf, widened } from './extremes.ts';

const SECONDS = 18;
const RATE_HZ = 30;
const wave = (t: number, height: number) => (height * (1 - Math.cos((2 * Math.PI * t) / 3))) / 2;

describe('extremes of noisy angles', () => {
  it('lie outside the true ones, and their intervals say so', async () => {
    const missed: string[] = [];
    let widest = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const payload = simulateMotion(
        (t) => ({
          pelvis: { tilt: wave(t, 25), heightMm: 950 - wave(t, 350) },
          left: { hip: wave(t, 80), knee: wave(t, 80) },
          right: { hip: wave(t, 80), knee: wave(t, 80) },
        }),
        { seconds: SECONDS, rateHz: RATE_HZ, points: 'skeleton', noiseMm: 4, seed },
      );
      const recording = [{ kind: 'sequence.skeleton' as const, payload, name: 'simulated' }];
      const { features } = await runCapability(motionKinematics, { recording });
      const ranges = features.filter(({ definition }) => definition === 'kinematics.rangeOfMotion');
      for (const [site, truth] of [
        ['pelvis.tilt', 25],
        ['knee.flexion', 80],
      ] as const)
        for (const { value, uncertainty, side = '' } of ranges.filter((one) => one.site === site)) {
          if (uncertainty.kind !== 'interval') throw new Error('no interval');
          if (uncertainty.low > truth || uncertainty.high < truth) missed.push(`${seed} ${site} ${side} ${value}`);
          if (site === 'pelvis.tilt') widest = Math.max(widest, uncertainty.high - uncertainty.low);
        }
    }
    expect(missed.length).toBeLessThanOrEqual(3);
    expect(widest).toBeLessThan(15);
  });

  it('reach out further the more samples come near', () => {
    const flat = new Float64Array(300);
    const smoothing = { remains: 1, looksPerFrame: 1 };
    const bias = outwardBias(flat, 0, [0, 299], 2, smoothing);
    expect(bias).toBeCloseTo(2 * Math.sqrt(2 * Math.log(300)), 12);
    expect(outwardBias(flat, 0, [0, 9], 2, smoothing)).toBeLessThan(bias);
    const peak = Float64Array.from({ length: 300 }, (_, i) => -Math.abs(i - 150) * 10);
    expect(outwardBias(peak, 0, [0, 299], 2, smoothing)).toBe(0);
  });

  it('know what a filter leaves of white noise', () => {
    const { remains, looksPerFrame } = smoothingOf(3, 30);
    expect(remains).toBeCloseTo(0.56, 2);
    expect(looksPerFrame).toBeCloseTo(0.2, 12);
    // the greatest of independent normal values stays below what is granted
    const random = createRandom(5);
    const greatest = Array.from({ length: 200 }, () => Math.max(...Array.from({ length: 50 }, () => random.normal())));
    const mean = greatest.reduce((sum, value) => sum + value, 0) / greatest.length;
    expect(mean).toBeLessThan(Math.sqrt(2 * Math.log(50)));
  });

  it('widen an interval on the side where the truth is', () => {
    const uncertainty = { kind: 'interval', low: 8, high: 12, sd: 1, method: 'm' } as const;
    expect(widened(uncertainty, -3)).toMatchObject({ low: 5, high: 12 });
    expect(widened(uncertainty, 3)).toMatchObject({ low: 8, high: 15 });
  });
});
