import { describe, expect, it } from 'vitest';
import { simulateMotion } from '../../../fixtures/synth/index.ts';
import { runCapability } from '../../../tests/support/read.ts';
import { createRandom } from '../../kernel/index.ts';
import type { ArtifactValue, Clocks } from '../../model/index.ts';
import { chanceLevel } from './chance.ts';
import { isMoreThanChance } from './correlate.ts';
import { clockAlignment } from './index.ts';

function smooth(seed: number, length: number, width: number): Float64Array {
  const random = createRandom(seed);
  const noise = Float64Array.from({ length: length + width }, () => random.normal());
  return Float64Array.from({ length }, (_, i) => noise.subarray(i, i + width).reduce((sum, value) => sum + value, 0));
}

function correlation(a: Float64Array, b: Float64Array, lag: number): number {
  const n = a.length - Math.abs(lag);
  const [p, q] = [a.subarray(Math.max(0, -lag)).slice(0, n), b.subarray(Math.max(0, lag)).slice(0, n)];
  const [mp, mq] = [p, q].map((values) => values.reduce((sum, value) => sum + value, 0) / n);
  let [pq, pp, qq] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    pq += (p[i] - mp) * (q[i] - mq);
    pp += (p[i] - mp) ** 2;
    qq += (q[i] - mq) ** 2;
  }
  return pq / Math.sqrt(pp * qq);
}

describe('the level of chance', () => {
  it('is what the best of all offsets reaches for unrelated noise of the same smoothness', () => {
    const [length, width] = [1500, 30];
    const best = Array.from({ length: 30 }, (_, trial) => {
      const [a, b] = [smooth(2 * trial, length, width), smooth(2 * trial + 1, length, width)];
      let most = 0;
      for (let lag = -400; lag <= 400; lag += 4) most = Math.max(most, correlation(a, b, lag));
      return most;
    }).sort((p, q) => p - q);
    const level = chanceLevel([{ a: smooth(1, length, width), b: smooth(2, length, width), weight: 1 }], 801);
    expect(level).toBeGreaterThan(best[15]);
    expect(level).toBeLessThan(best[15] + 0.3);
    expect(best.filter((one) => one > level).length).toBeLessThanOrEqual(3);
  });

  it('is lower for longer recordings, and certain where there is next to nothing', () => {
    const level = (length: number) =>
      chanceLevel([{ a: smooth(1, length, 30), b: smooth(2, length, 30), weight: 1 }], 1000);
    expect(level(6000)).toBeLessThan(level(1500));
    expect(level(25)).toBeGreaterThan(0.9);
    const pair = { a: smooth(1, 1500, 30), b: smooth(2, 1500, 30), weight: 1 };
    expect(chanceLevel([pair], 1000, 0.5)).toBeGreaterThan(chanceLevel([pair], 1000, 1));
  });

  it('asks the parts to agree where the whole is alike', () => {
    const likeness = { correlation: 0.8, chance: 0.7 };
    expect(isMoreThanChance({ likeness, offsetSdS: 0.004 })).toBe(true);
    expect(isMoreThanChance({ likeness, offsetSdS: 0.06 })).toBe(false);
    expect(isMoreThanChance({ likeness })).toBe(false);
    expect(isMoreThanChance({ likeness: { correlation: 0.6, chance: 0.7 }, offsetSdS: 0.004 })).toBe(false);
    expect(isMoreThanChance({})).toBe(true);
  });
});

describe('trials dropped together', () => {
  const plans = [
    ...[1, 2, 3].map((seed) => ({ task: 'bend' as const, seed })),
    ...[4, 5].map((seed) => ({ task: 'squat' as const, seed })),
    { task: 'gait' as const, seed: 6 },
    { task: 'sit-to-stand' as const, seed: 7 },
  ];
  // nobody keeps the same pace twice; three bends of the very same lengths are the same movement
  const trials = plans.map(({ task, seed }) => {
    const clocks = { camera: { offsetS: 0.31 * seed, driftPpm: 30 } };
    const pace = task === 'gait' ? {} : { periodS: 4.2 + 0.35 * seed, repetitions: 3 + (seed % 2) };
    const moved = simulateMotion({ task, seed, label: `${task} ${seed}`, clocks, ...pace });
    return {
      camera: { kind: 'sequence.skeleton', payload: moved.skeleton, name: 'camera' } as ArtifactValue,
      sensors: { kind: 'signal.imu', payload: moved.imu, name: 'sensors' } as ArtifactValue,
    };
  });
  const methodOf = async (camera: ArtifactValue, sensors: ArtifactValue): Promise<string> => {
    const result = await runCapability(clockAlignment, { sequences: [camera], signals: [sensors] });
    return (result.outputs[0].draft.payload as Clocks).maps[0].method;
  };

  it('are joined where they show the same movement', async () => {
    const methods = await Promise.all(trials.map(({ camera, sensors }) => methodOf(camera, sensors)));
    expect(methods).toEqual(trials.map(() => 'correlation'));
  }, 20_000);

  it('stay apart where they do not: 20 pairs of unrelated trials', async () => {
    const pairs = trials.flatMap((one, i) => trials.flatMap((other, k) => (i === k ? [] : [[one, other] as const])));
    // same tasks first, those are the hard ones
    const alike = pairs.filter(([one, other]) => plans[trials.indexOf(one)].task === plans[trials.indexOf(other)].task);
    const rest = pairs.filter((pair) => !alike.includes(pair)).filter((_, i) => i % 3 === 0);
    const tried = [...alike, ...rest].slice(0, 20);
    expect(tried).toHaveLength(20);
    const methods = await Promise.all(tried.map(([one, other]) => methodOf(one.camera, other.sensors)));
    expect(methods).toEqual(tried.map(() => 'assumed'));
  }, 40_000);
});
