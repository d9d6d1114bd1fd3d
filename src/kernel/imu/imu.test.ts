import { describe, expect, it } from 'vitest';
import type { Quaternion } from '../linear/quaternion.ts';
import { multiplyQuaternion, quaternionFromAxisAngle } from '../linear/quaternion.ts';
import { createRandom } from '../stats/random.ts';
import {
  type ImuScript,
  madgwick2010,
  mahony2008,
  orientationError,
  orientationFromAccMag,
  simulateImu,
  VQF_BASIC,
  Vqf2023,
  vqf2023Offline,
  vqf2023Online,
} from './index.ts';
import { LowPass } from './vqf/low-pass.ts';

const RAD = Math.PI / 180;

/** Bends and turns of different periods with pauses in between. */
function moving(timeS: number): Quaternion {
  const on = Math.max(0, Math.sin((2 * Math.PI * timeS) / 20));
  const a = quaternionFromAxisAngle([0, 0, 1], 0.7 + 0.8 * on * Math.sin(2.1 * timeS));
  const b = quaternionFromAxisAngle([1, 0, 0], 0.3 + 1.1 * on * Math.sin(3.3 * timeS));
  return multiplyQuaternion(a, b);
}

const NOISE = { gyrRadS: 0.05 * RAD, accMs2: 0.02, magUt: 0.3 };
const BIAS = [0.6 * RAD, -0.4 * RAD, 0.3 * RAD] as const;
const script = (more: Partial<ImuScript> = {}): ImuScript => ({
  rateHz: 100,
  samples: 6000,
  orientation: moving,
  noise: NOISE,
  ...more,
});
/** Everything but the first ten seconds. */
const settled = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i > 1000 ? 1 : 0));

describe('the low-pass', () => {
  it('opens with the mean of what it saw', () => {
    const filter = new LowPass(2, 0.03, 0.01);
    const means = [
      [1, 4],
      [3, 4],
      [5, 4],
    ].map((pair) => {
      const values = Float64Array.from(pair);
      filter.step(values);
      return [...values];
    });
    expect(means).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
    const next = Float64Array.of(3, 4);
    filter.step(next);
    expect(next[0]).toBeCloseTo(3, 12);
    expect(next[1]).toBeCloseTo(4, 12);
  });

  it('lets a slow wave pass and takes a fast one away', () => {
    const through = (hz: number) => {
      const filter = new LowPass(2, 0.1, 0.001);
      let most = 0;
      for (let i = 0; i < 4000; i++) {
        const v = Float64Array.of(Math.sin(2 * Math.PI * hz * i * 0.001), 0);
        filter.step(v);
        if (i > 2000) most = Math.max(most, Math.abs(v[0]));
      }
      return most;
    };
    // corner at √2 / (2 π τ) = 2.25 Hz
    expect(through(2.2508)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(through(0.5)).toBeGreaterThan(0.99);
    expect(through(22.5)).toBeLessThan(0.0102);
  });
});

describe('orientation from gravity and field', () => {
  it('is found again for any orientation', () => {
    const random = createRandom(3);
    for (let i = 0; i < 50; i++) {
      const q = multiplyQuaternion(
        quaternionFromAxisAngle([random.normal(), random.normal(), random.normal()], 6 * random.uniform()),
        quaternionFromAxisAngle([random.normal(), 1, 0], random.uniform()),
      );
      const { samples } = simulateImu({ rateHz: 50, samples: 1, orientation: () => q });
      const [acc, mag] = [samples.acc, samples.mag].map((v) => [v[0], v[1], v[2]] as const);
      expect(orientationError(orientationFromAccMag(acc, mag), q).totalDeg).toBeLessThan(1e-9);
    }
  });
});

describe('orientation filters', () => {
  const clean = simulateImu(script({ noise: {} }));
  const noisy = simulateImu(script({ bias: BIAS }));

  // the gradient's step has one length, so that madgwick2010 trembles by beta / rate even on exact samples
  it.each([
    ['vqf2023 online', vqf2023Online, 0.04, 0.6],
    ['vqf2023 offline', vqf2023Offline, 0.01, 0.03],
    ['madgwick2010', madgwick2010, 0.9, 0.9],
    ['mahony2008', mahony2008, 0.3, 2.5],
  ] as const)('%s follows a known motion', (_, filter, exactDeg, noisyDeg) => {
    const use = settled(6000);
    expect(orientationError(filter(clean.samples).orientation, clean.orientation, use).totalDeg).toBeLessThan(exactDeg);
    expect(orientationError(filter(noisy.samples).orientation, noisy.orientation, use).totalDeg).toBeLessThan(noisyDeg);
  });

  it('does not care how the sensor is mounted', () => {
    const mount = quaternionFromAxisAngle([1, 2, -0.5], 1.9);
    const turned = simulateImu(script({ orientation: (t) => multiplyQuaternion(moving(t), mount), bias: BIAS }));
    const use = settled(6000);
    const errorOf = (filter: typeof vqf2023Online) =>
      orientationError(filter(turned.samples).orientation, turned.orientation, use);
    expect(errorOf(vqf2023Offline).totalDeg).toBeLessThan(0.05);
    // a bias about the vertical is not seen before the first rest, and the heading creeps back in tauMag
    expect(errorOf(vqf2023Online).inclinationDeg).toBeLessThan(0.1);
    expect(errorOf(vqf2023Online).totalDeg).toBeLessThan(1.6);
  });

  it('finds the bias, with an honest standard deviation', () => {
    for (const filter of [vqf2023Online, vqf2023Offline]) {
      const { bias = new Float64Array(), biasSd = new Float64Array() } = filter(noisy.samples);
      const at = 5990;
      for (let k = 0; k < 3; k++) {
        expect(Math.abs(bias[3 * at + k] - BIAS[k])).toBeLessThan(3 * biasSd[at]);
        expect(Math.abs(bias[3 * at + k] - BIAS[k])).toBeLessThan(0.06 * RAD);
      }
      expect(biasSd[at]).toBeLessThan(0.12 * RAD);
    }
  });

  it('knows rest from motion', () => {
    const { rest = new Uint8Array() } = vqf2023Online(noisy.samples);
    // still from 10 to 20 s of every 20 s
    const share = (from: number, to: number) => rest.subarray(100 * from, 100 * to).reduce((a, b) => a + b, 0);
    expect(share(13, 20)).toBe(700);
    expect(share(2, 9)).toBe(0);
  });

  it('keeps the heading while a magnet is near', () => {
    const near = (t: number) => [t > 30 && t < 45 ? 25 : 0, 0, t > 30 && t < 45 ? 10 : 0] as const;
    const disturbed = simulateImu(script({ disturbance: near, bias: BIAS }));
    const use = settled(6000);
    const on = vqf2023Online(disturbed.samples);
    expect(on.disturbed?.subarray(3010, 4490).every((value) => value === 1)).toBe(true);
    expect(on.disturbed?.subarray(2000, 2990).every((value) => value === 0)).toBe(true);
    expect(orientationError(on.orientation, disturbed.orientation, use).totalDeg).toBeLessThan(1);
    const naive = vqf2023Online(disturbed.samples, VQF_BASIC);
    expect(orientationError(naive.orientation, disturbed.orientation, use).headingDeg).toBeGreaterThan(5);
  });

  it('keeps the inclination without a field', () => {
    const { rateHz, gyr, acc } = noisy.samples;
    for (const filter of [vqf2023Online, vqf2023Offline]) {
      const six = filter({ rateHz, gyr, acc });
      expect(six.disturbed).toBeUndefined();
      expect(orientationError(six.orientation, noisy.orientation, settled(6000)).inclinationDeg).toBeLessThan(0.5);
    }
  });

  it('passes over missing accelerations and a slower field', () => {
    const { rateHz, gyr } = noisy.samples;
    const acc = noisy.samples.acc.map((v, i) => (Math.floor(i / 3) % 7 === 3 ? Number.NaN : v));
    const mag = noisy.samples.mag.map((v, i) => (Math.floor(i / 3) % 4 ? Number.NaN : v));
    for (const filter of [vqf2023Online, vqf2023Offline]) {
      const { orientation } = filter({ rateHz, gyr, acc, mag, magRateHz: 25 });
      expect(orientationError(orientation, noisy.orientation, settled(6000)).totalDeg).toBeLessThan(0.7);
    }
  });

  it('integrates uneven steps as they are', () => {
    const random = createRandom(8);
    const stepsS = Float64Array.from({ length: 4000 }, () => 0.01 * (0.5 + random.uniform()));
    const times = stepsS.slice();
    for (let i = 1; i < times.length; i++) times[i] += times[i - 1];
    const uneven = simulateImu({
      rateHz: 100,
      samples: 4000,
      orientation: (t) => moving(t < 0 ? times[0] - stepsS[0] : times[Math.round(t * 100)]),
    });
    const gyr = uneven.samples.gyr.map((v, i) => (v * 0.01) / stepsS[Math.floor(i / 3)]);
    const samples = { ...uneven.samples, gyr, stepsS };
    const { orientation } = vqf2023Offline(samples);
    expect(orientationError(orientation, uneven.orientation, settled(4000)).totalDeg).toBeLessThan(0.1);
    const even = vqf2023Offline({ ...samples, stepsS: undefined });
    expect(orientationError(even.orientation, uneven.orientation, settled(4000)).totalDeg).toBeGreaterThan(0.5);
  });

  it('says the same sample by sample as for the whole recording', () => {
    const { gyr, acc, mag } = noisy.samples;
    const filter = new Vqf2023({ gyrHz: 100 });
    const q = new Float64Array(4);
    for (let i = 0; i < 500; i++) {
      filter.updateGyr(gyr.slice(3 * i, 3 * i + 3));
      filter.updateAcc(acc.slice(3 * i, 3 * i + 3));
      filter.updateMag(mag.slice(3 * i, 3 * i + 3));
    }
    filter.orientation9D(q);
    expect([...q]).toEqual([...vqf2023Online(noisy.samples).orientation.subarray(4 * 499, 4 * 500)]);
  });

  it('refuses arrays that do not belong together', () => {
    const { rateHz, gyr, acc } = noisy.samples;
    for (const filter of [vqf2023Online, vqf2023Offline, madgwick2010, mahony2008])
      expect(() => filter({ rateHz, gyr, acc: acc.slice(3) })).toThrow(/acc/);
  });

  it('gives nothing for nothing', () => {
    const empty = { rateHz: 100, gyr: new Float64Array(0), acc: new Float64Array(0), mag: new Float64Array(0) };
    for (const filter of [vqf2023Online, vqf2023Offline, madgwick2010, mahony2008])
      expect(filter(empty).orientation.length).toBe(0);
  });
});
