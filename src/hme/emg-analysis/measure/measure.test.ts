import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import type { Clocks, MotionEvent, QualityFlag } from '../../../model/index.ts';
import { simulateBending } from '../simulate.ts';
import { findBursts } from './activity.ts';
import { bendsOfAngle, bendsOfEvents, trunkAngle } from './bending.ts';
import { asymmetryOf, coContraction, pairsOf, ratioOf } from './compare.ts';
import { measureFatigue, quadrantOf } from './fatigue.ts';
import { clockWay } from './on-clock.ts';
import { phasesOf } from './stretches.ts';

describe('bursts', () => {
  it('of steps over rest are found, short ones and faint unrest left out', () => {
    const rng = createRandom(8);
    const loud = (t: number) =>
      t % 3 > 1 && t % 3 < 2 ? 20 : t % 3 > 2.5 && t % 3 < 2.52 ? 20 : t % 3 > 0.2 && t % 3 < 0.8 ? 1.6 : 1;
    const clean = Float64Array.from({ length: 40000 }, (_, i) => loud(i / 2000) * rng.normal());
    const { bursts, contrast } = findBursts(clean, 2000, { restSds: 3, leastS: 0.1 });
    expect(contrast).toBe(true);
    expect(bursts.length).toBe(7);
    for (const { from, to } of bursts) {
      expect(Math.abs(((from / 2000) % 3) - 1)).toBeLessThan(0.03);
      expect(Math.abs(((to / 2000) % 3) - 2)).toBeLessThan(0.03);
    }
  });

  it('are none in steady noise or in nothing at all', () => {
    const rng = createRandom(9);
    const steady = Float64Array.from({ length: 20000 }, () => rng.normal());
    for (const clean of [steady, new Float64Array(20000), new Float64Array(20000).fill(Number.NaN)]) {
      expect(findBursts(clean, 2000, { restSds: 3, leastS: 0.05 })).toMatchObject({ bursts: [], contrast: false });
    }
  });
});

describe('fatigue', () => {
  const windows = (count: number, of: (t: number) => { rms: number; hz: number }) =>
    Array.from({ length: count }, (_, k) => {
      const { rms, hz } = of(k / 2);
      return { startS: k / 2, endS: k / 2 + 1, rms, absolute: rms, integral: rms, medianHz: hz, meanHz: 1.2 * hz };
    });

  it('is the line through active windows', () => {
    // every fifth window rests, with frequencies of noise
    const list = windows(100, (t) =>
      (2 * t) % 5 === 0 ? { rms: 1, hz: 190 } : { rms: 20 + 0.1 * t, hz: 80 - 0.2 * t },
    );
    const found = measureFatigue(list, createRandom(1).uniform);
    expect(found?.windows).toBe(80);
    expect(found?.medianHz.slope).toBeCloseTo(-0.2, 9);
    expect(found?.medianHz.normalised).toBeCloseTo((100 * -0.2) / (80 - 0.2 * 1), 2);
    expect(found?.meanHz.slope).toBeCloseTo(-0.24, 9);
    expect(found?.jasa).toBe('fatigue');
    expect(found?.jasaShare).toBeCloseTo(1, 3);
  });

  it('is not told from few windows, or without any', () => {
    expect(measureFatigue([], Math.random)).toBeUndefined();
    expect(
      measureFatigue(
        windows(19, () => ({ rms: 1, hz: 80 })),
        Math.random,
      ),
    ).toBeUndefined();
    expect(
      measureFatigue(
        windows(50, () => ({ rms: Number.NaN, hz: Number.NaN })),
        Math.random,
      ),
    ).toBeUndefined();
  });

  it('has four quadrants', () => {
    expect([quadrantOf(1, -1), quadrantOf(1, 1), quadrantOf(-1, 1), quadrantOf(-1, -1)]).toEqual([
      'fatigue',
      'force increase',
      'recovery',
      'force decrease',
    ]);
  });
});

describe('comparisons', () => {
  const positive = fc.double({ min: 0.1, max: 1000, noNaN: true });

  it('turn round with their sides, and know no unit', () => {
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, b, scale) => {
        const [left, right] = [
          { value: a, sd: a / 10 },
          { value: b, sd: b / 20 },
        ];
        const times = ({ value, sd }: typeof left) => ({ value: value * scale, sd: sd * scale });
        expect(asymmetryOf(left, right).value).toBeCloseTo(-asymmetryOf(right, left).value, 9);
        expect(asymmetryOf(times(left), times(right)).value).toBeCloseTo(asymmetryOf(left, right).value, 6);
        expect(asymmetryOf(times(left), times(right)).sd).toBeCloseTo(asymmetryOf(left, right).sd, 6);
        expect(ratioOf(left, right).value * ratioOf(right, left).value).toBeCloseTo(1, 9);
        expect(coContraction([a, b], [a, b])).toBeCloseTo(100, 9);
      }),
    );
    expect(coContraction([1, 0], [0, 1])).toBe(0);
    expect(coContraction([Number.NaN], [1])).toBeNaN();
  });

  it('are made of sides, levels and opponents', () => {
    const places = [
      { site: 'erectorSpinae', level: 'L2', side: 'left' },
      { site: 'erectorSpinae', level: 'L4', side: 'left' },
      { site: 'erectorSpinae', level: 'L4', side: 'right' },
      { site: 'rectusAbdominis', side: 'right' },
    ] as const;
    expect(pairsOf(places)).toEqual([
      { kind: 'levels', first: 0, second: 1 },
      { kind: 'sides', first: 1, second: 2 },
      { kind: 'opponents', first: 2, second: 3 },
    ]);
  });
});

describe('bends', () => {
  it('are the same from events and from the angle, whatever its sign and offset', () => {
    const { angle, events } = simulateBending({ seed: 1 });
    const named = bendsOfEvents(events);
    expect(named.length).toBe(3);
    for (const [sign, offset] of [
      [1, 0],
      [-1, 0],
      [1, 12],
      [-1, -7],
    ]) {
      const values = Float64Array.from(angle.channels[0].values, (v) => sign * v + offset);
      const turned = { ...angle, channels: [{ ...angle.channels[0], values }] };
      const course = trunkAngle(turned, (timeS) => timeS);
      const bends = course ? bendsOfAngle(course) : [];
      expect(bends.length).toBe(3);
      bends.forEach((bend, k) => {
        expect(bend.full[0]).toBeGreaterThan(named[k].full[0] - 0.1);
        expect(bend.full[1]).toBeLessThan(named[k].full[1] + 0.1);
        expect(Math.abs(bend.extension[1] - named[k].extension[1])).toBeLessThan(0.8);
      });
    }
  });

  it('are none in an angle that hardly moves, or is missing', () => {
    const timeS = Float64Array.from({ length: 500 }, (_, i) => i / 50);
    expect(bendsOfAngle({ name: 'a', timeS, deg: timeS.map((t) => 5 * Math.sin(t)) })).toEqual([]);
    expect(bendsOfAngle({ name: 'a', timeS, deg: timeS.map(() => Number.NaN) })).toEqual([]);
  });
});

describe('clocks', () => {
  it('join over their reference, there and back', () => {
    const map = { driftPpm: 50, method: 'event', quality: 1, basis: '' } as const;
    const clocks: Clocks = {
      reference: 'twin',
      maps: [
        { ...map, from: 'a', to: 'twin', offsetS: 3 },
        { ...map, from: 'b', to: 'twin', offsetS: -2 },
      ],
    };
    const [there, back] = [clockWay('a', 'b', clocks), clockWay('b', 'a', clocks)];
    expect(there?.(100)).toBeCloseTo(105, 2);
    expect(back?.(there?.(100) as number)).toBeCloseTo(100, 9);
    expect(clockWay('a', 'a', undefined)?.(7)).toBe(7);
    expect(clockWay('a', 'c', clocks)).toBeUndefined();
  });
});

describe('phases', () => {
  it('are events with an end, numbered where a label repeats, a dozen at most', () => {
    const quality: QualityFlag[] = [];
    const list = (events: MotionEvent[]) => phasesOf({ clock: 'c', events }, { startS: 0, endS: 100 }, quality);
    const events = [
      { label: 'flexion', timeS: 1, endS: 3 },
      { label: 'heel strike', timeS: 2 },
      { label: 'hold', timeS: 3, endS: 8 },
      { label: 'flexion', timeS: 10, endS: 12 },
      { label: 'beyond', timeS: 99, endS: 101 },
    ];
    expect(list(events).map(({ label }) => label)).toEqual(['flexion 1', 'hold', 'flexion 2']);
    expect(quality).toEqual([]);
    expect(list(Array.from({ length: 30 }, (_, k) => ({ label: 'step', timeS: k, endS: k + 1 }))).length).toBe(12);
    expect(quality[0].code).toBe('emg.phases');
  });
});
