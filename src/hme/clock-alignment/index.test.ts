import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import { createRandom } from '../../kernel/index.ts';
import type { ArtifactValue, Clocks, EventList, PointSequence, SignalChannel, Signals } from '../../model/index.ts';
import { clockAlignment, parseNudges } from './index.ts';

/** A leg that swings irregularly about one axis: angle of the thigh at a time of the reference clock · rad */
function swing(timeS: number): number {
  return (
    0.5 * Math.sin(2.1 * timeS) +
    0.35 * Math.sin(3.7 * timeS + 1) +
    0.2 * Math.sin(5.3 * timeS + 2.2 * Math.sin(0.31 * timeS))
  );
}

/** The thigh as a camera sees it on the reference clock. */
function camera(seconds: number, rateHz = 30): PointSequence {
  const names = ['hip.right', 'knee.right'];
  const count = Math.round(seconds * rateHz);
  const positions = new Float64Array(6 * count);
  for (let i = 0; i < count; i++) {
    const angle = swing(i / rateHz);
    positions.set([0, 900, 0, 420 * Math.sin(angle), 900 - 420 * Math.cos(angle), 0], 6 * i);
  }
  return { clock: 'video', startS: 0, rateHz, frame: 'lab', up: '+y', names, positions };
}

/** A gyroscope on the thigh whose own time is (reference − offset) / (1 + drift). */
function sensor(seconds: number, { offsetS = 0, driftPpm = 0, rateHz = 142, noise = 0.05, key = true } = {}): Signals {
  const random = createRandom(11);
  const count = Math.round(seconds * rateHz);
  const rate = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (i / rateHz) * (1 + driftPpm * 1e-6) + offsetS;
    rate[i] = (swing(at + 1e-4) - swing(at - 1e-4)) / 2e-4;
  }
  const along = [0.6, -0.64, 0.48];
  const channels = (['x', 'y', 'z'] as const).map(
    (axis, k): SignalChannel => ({
      name: `gyr_${axis}`,
      unit: 'rad/s',
      quantity: 'angular-rate',
      axis,
      sensor: 'thigh sensor',
      ...(key ? { segment: 'thigh', side: 'right' as const } : {}),
      values: rate.map((value) => along[k] * value + 0.02 + noise * random.normal()),
    }),
  );
  return { clock: 'imu', startS: 0, rateHz, channels };
}

const signals = (payload: Signals): ArtifactValue => ({ kind: 'signal.imu', payload, name: payload.clock });
const sequence = (payload: PointSequence): ArtifactValue => ({
  kind: 'sequence.skeleton',
  payload,
  name: payload.clock,
});
const events = (clock: string, list: EventList['events']): ArtifactValue => ({
  kind: 'events',
  payload: { clock, events: list },
  name: clock,
});

async function align(inputs: Record<string, ArtifactValue[]>, params = {}) {
  const result = await runCapability(clockAlignment, inputs, params);
  return { ...result, clocks: result.outputs[0].draft.payload as Clocks };
}

describe('clocks by motion', () => {
  it.each([
    [0.3, 20],
    [-4.2137, 20],
    [11.0042, 40],
  ])('an offset of %d s is found to 2 ms over %i s', async (offsetS, seconds) => {
    const { clocks, features } = await align(
      { sequences: [sequence(camera(seconds + 15))], signals: [signals(sensor(seconds, { offsetS }))] },
      { reference: 'video' },
    );
    const [map] = clocks.maps;
    expect(map).toMatchObject({ from: 'imu', to: 'video', method: 'correlation' });
    expect(Math.abs(map.offsetS - offsetS)).toBeLessThan(0.002);
    // the swing nearly repeats itself, so the next best peak is high
    expect(map.quality).toBeGreaterThan(0.5);
    expect(features.find(({ definition }) => definition === 'clock.offset')).toMatchObject({ site: 'imu', unit: 's' });
  });

  it.each([120, -80])('a drift of %i ppm is found within its interval', async (driftPpm) => {
    const { clocks, features } = await align(
      { sequences: [sequence(camera(310))], signals: [signals(sensor(300, { offsetS: 1.5, driftPpm }))] },
      { reference: 'video' },
    );
    const [map] = clocks.maps;
    expect(Math.abs(map.driftPpm - driftPpm)).toBeLessThan(6);
    expect(Math.abs(map.driftPpm - driftPpm)).toBeLessThan(3 * (map.driftSdPpm as number) + 0.5);
    expect(Math.abs(map.offsetS - 1.5)).toBeLessThan(0.002);
    expect(features.find(({ definition }) => definition === 'clock.drift')?.uncertainty.kind).toBe('interval');
  });

  it('the interval of the offset is as wide as its errors', async () => {
    let held = 0;
    const trials = 12;
    for (let trial = 0; trial < trials; trial++) {
      const offsetS = 0.37 * trial - 2;
      const { clocks } = await align(
        { sequences: [sequence(camera(25))], signals: [signals(sensor(15, { offsetS, noise: 0.6 }))] },
        { reference: 'video', drift: false },
      );
      const [{ offsetS: found, offsetSdS = 0 }] = clocks.maps;
      if (Math.abs(found - offsetS) < 3 * offsetSdS) held++;
      expect(offsetSdS).toBeLessThan(0.02);
    }
    expect(held).toBeGreaterThanOrEqual(trials - 2);
  });

  it('sources that do not name their segment are compared with doubt', async () => {
    const { clocks, quality } = await align(
      { sequences: [sequence(camera(30))], signals: [signals(sensor(20, { offsetS: 2, key: false }))] },
      { reference: 'video' },
    );
    expect(Math.abs(clocks.maps[0].offsetS - 2)).toBeLessThan(0.003);
    expect(quality.map(({ message }) => message).join()).toContain('which segment');
  });

  it('an even rhythm is called ambiguous', async () => {
    const even = camera(30);
    const still = sensor(20);
    for (let i = 0; i < even.positions.length / 6; i++) {
      const angle = 0.4 * Math.sin(2 * Math.PI * (i / 30));
      even.positions.set([420 * Math.sin(angle), 900 - 420 * Math.cos(angle)], 6 * i + 3);
    }
    for (const { values } of still.channels)
      for (let i = 0; i < values.length; i++) values[i] = 2.5 * Math.cos(2 * Math.PI * (i / 142));
    const { clocks, quality } = await align({ sequences: [sequence(even)], signals: [signals(still)] });
    expect(clocks.maps[0].quality).toBeLessThan(0.5);
    expect(quality.map(({ message }) => message).join()).toContain('rhythm');
  });

  it('two quiet ends laid over each other are no match', async () => {
    const [short, still] = [camera(5), sensor(5)];
    const active = (t: number) => (t > 1.2 && t < 3.8 ? 1 : 0);
    for (let i = 0; i < short.positions.length / 6; i++) {
      const angle = active(i / 30) * Math.sin((Math.PI * (i / 30 - 1.2)) / 2.6) ** 2;
      short.positions.set([420 * Math.sin(angle), 900 - 420 * Math.cos(angle)], 6 * i + 3);
    }
    for (const { values } of still.channels)
      for (let i = 0; i < values.length; i++) {
        const t = i / 142 + 0.08;
        values[i] = active(t) * (Math.PI / 2.6) * Math.sin((2 * Math.PI * (t - 1.2)) / 2.6);
      }
    const { clocks } = await align({ sequences: [sequence(short)], signals: [signals(still)] }, { reference: 'video' });
    expect(clocks.maps[0].offsetS).toBeCloseTo(0.08, 2);
  });

  it('what moves independently has no quality', async () => {
    const other = sensor(20);
    const random = createRandom(5);
    for (const { values } of other.channels) for (let i = 0; i < values.length; i++) values[i] = random.normal();
    const { clocks, quality } = await align({ sequences: [sequence(camera(30))], signals: [signals(other)] });
    expect(clocks.maps[0].quality).toBeLessThan(0.35);
    expect(clocks.maps[0].method).toBe('assumed');
    expect(quality.some(({ code }) => code === 'clock.unrelated')).toBe(true);
  });
});

describe('clocks by marks', () => {
  const pulse = (clock: string, rateHz: number, timesS: number[], seconds = 60): Signals => ({
    clock,
    startS: 0,
    rateHz,
    channels: [
      {
        name: 'Sync In',
        unit: 'V',
        quantity: 'other',
        values: Float64Array.from({ length: seconds * rateHz }, (_, i) =>
          timesS.some((t) => i / rateHz >= t && i / rateHz < t + 0.02) ? 5 : 0.01,
        ),
      },
    ],
  });
  const times = [3.2, 11.7, 19.1, 33.3, 41, 52.6];

  it('edges of a trigger give offset and drift to a fraction of a sample', async () => {
    const own = times.map((t) => (t - 0.75) / (1 + 60e-6));
    const { clocks } = await align(
      { signals: [signals(pulse('emg', 2000, times)), signals(pulse('imu', 500, own))] },
      { reference: 'emg' },
    );
    const [map] = clocks.maps;
    expect(map.method).toBe('trigger');
    expect(Math.abs(map.offsetS - 0.75)).toBeLessThan(0.002);
    expect(map.offsetSdS).toBeLessThan(0.001);
    expect(map.quality).toBeGreaterThan(0.95);
  });

  it('a stray edge does no harm', async () => {
    const own = [...times.map((t) => t + 2), 27.1].sort((a, b) => a - b);
    const { clocks } = await align(
      { signals: [signals(pulse('emg', 2000, times)), signals(pulse('imu', 2000, own))] },
      { reference: 'emg' },
    );
    expect(clocks.maps[0].offsetS).toBeCloseTo(-2, 3);
  });

  it('events are matched by name and side', async () => {
    const list = (shift: number) => [
      { label: 'clap', timeS: 1.5 + shift },
      { label: 'Heel strike', timeS: 4 + shift, side: 'left' as const },
      { label: 'heel strike', timeS: 4.55 + shift, side: 'right' as const },
      { label: 'only here', timeS: 7 },
    ];
    const { clocks } = await align({ events: [events('a', list(0)), events('b', list(-0.8))] }, { reference: 'a' });
    expect(clocks.maps[0]).toMatchObject({ method: 'event' });
    expect(clocks.maps[0].offsetS).toBeCloseTo(0.8, 9);
  });

  it('a third clock comes by way of a second', async () => {
    const { clocks } = await align(
      {
        sequences: [sequence(camera(40))],
        signals: [signals(sensor(25, { offsetS: 1 }))],
        events: [
          events('imu', [
            { label: 'tap', timeS: 5 },
            { label: 'beep', timeS: 9 },
          ]),
          events('notes', [
            { label: 'tap', timeS: 105 },
            { label: 'beep', timeS: 109 },
          ]),
        ],
      },
      { reference: 'video', maxOffsetS: 200 },
    );
    const map = clocks.maps.find(({ from }) => from === 'notes');
    expect(map?.basis).toContain('by way of imu');
    expect(map?.offsetS).toBeCloseTo(-99, 2);
  });
});

describe('a person', () => {
  const inputs = () => ({ sequences: [sequence(camera(35))], signals: [signals(sensor(20, { offsetS: 1 }))] });
  it('nudges a clock, and takes it back by running without', async () => {
    const [plain, moved] = await Promise.all([align(inputs()), align(inputs(), { nudges: 'imu=0.012' })]);
    expect(moved.clocks.maps[0].offsetS - plain.clocks.maps[0].offsetS).toBeCloseTo(0.012, 9);
    expect(moved.clocks.maps[0]).toMatchObject({ nudgeS: 0.012, method: 'correlation' });
    expect(plain.clocks.maps[0].nudgeS).toBeUndefined();
  });
  it('is told that the reference itself is not nudged', async () => {
    const { quality } = await align(inputs(), { reference: 'video', nudges: 'video=0.1' });
    expect(quality.map(({ code }) => code)).toContain('clock.nudged-reference');
  });
  it('aligns by hand what cannot be compared', async () => {
    const { clocks, quality } = await align(
      { events: [events('a', [{ label: 'x', timeS: 1 }]), events('b', [{ label: 'y', timeS: 1 }])] },
      { reference: 'a', nudges: 'b=3' },
    );
    expect(clocks.maps[0]).toMatchObject({ method: 'hand', offsetS: 3 });
    expect(quality.map(({ code }) => code)).toContain('clock.assumed');
  });
  it('is told of a wrong name, a wrong number and no clock', async () => {
    await expect(align(inputs(), { reference: 'emg' })).rejects.toMatchObject({ code: 'parameter.invalid' });
    await expect(align(inputs(), { nudges: 'emg=1' })).rejects.toMatchObject({ code: 'parameter.invalid' });
    expect(() => parseNudges('imu=soon')).toThrow(expect.objectContaining({ code: 'parameter.invalid' }));
    await expect(align({})).rejects.toMatchObject({ code: 'input.missing' });
  });

  it('with one clock alone has nothing to align', async () => {
    const { outputs, features } = await align({ signals: [signals(sensor(5))] });
    expect(outputs[0].draft.payload).toMatchObject({ maps: [] });
    expect(features).toEqual([]);
  });
});
