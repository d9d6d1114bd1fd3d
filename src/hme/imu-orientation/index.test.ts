import { describe, expect, it } from 'vitest';
import { outputsOf, runCapability } from '../../../tests/support/read.ts';
import {
  createRandom,
  multiplyQuaternion,
  orientationError,
  type Quaternion,
  quaternionFromAxisAngle,
} from '../../kernel/index.ts';
import type { ArtifactValue, EventList, ParamValues, SignalChannel, Signals, Table } from '../../model/index.ts';
import { IMU_FEATURES, type ImuRecordingScript, imuOrientation, inclinationRange, simulateRecording } from './index.ts';

const RAD = Math.PI / 180;

/** Bends by 60° about x every four seconds between 4 and 12 s and from 20 s on, turning by 23° as well. */
function bends(timeS: number): Quaternion {
  const moving = (timeS > 4 && timeS < 12) || timeS > 20;
  const bend = moving ? 30 * RAD * (1 - Math.cos((Math.PI * timeS) / 2)) : 0;
  const turn = moving ? 0.2 * (1 - Math.cos((Math.PI * timeS) / 2)) : 0;
  return multiplyQuaternion(quaternionFromAxisAngle([0, 0, 1], turn), quaternionFromAxisAngle([1, 0, 0], bend));
}

const SCRIPT: ImuRecordingScript = {
  rateHz: 142.857,
  samples: 4300,
  orientation: bends,
  bias: [0.5 * RAD, -0.3 * RAD, 0.2 * RAD],
  noise: { gyrRadS: 0.05 * RAD, accMs2: 0.02, magUt: 0.2 },
};

function quaternions(signals: Signals, sensor?: string): Float64Array {
  const own = signals.channels.filter((channel) => !sensor || channel.sensor === sensor);
  const n = own[0].values.length;
  return Float64Array.from({ length: 4 * n }, (_, i) => own[i % 4].values[i >> 2]);
}

async function run(recordings: ArtifactValue<'signal.imu'>[], params: ParamValues = {}) {
  const result = await runCapability(imuOrientation, { recording: recordings }, params);
  const drafts = outputsOf(result, 'orientation');
  return {
    ...result,
    drafts,
    signals: drafts.map(({ payload }) => payload as Signals),
    events: outputsOf(result, 'events')[0].payload as EventList,
    table: outputsOf(result, 'sensors')[0].payload as Table,
    codes: result.quality.map(({ code }) => code),
  };
}

const numberOf = (features: { definition: string; value: unknown }[], id: string) =>
  features.find(({ definition }) => definition === `imu.${id}`)?.value as number;

describe('orientation of a recording', () => {
  it('comes out in the earth frame, whatever the units', async () => {
    for (const units of [{}, { gyr: 'rad/s', acc: 'm/s2' }] as const) {
      const { recording, truth } = simulateRecording([{ ...SCRIPT, units }]);
      const { signals, features } = await run([recording]);
      expect(signals[0].channels.map(({ name }) => name)).toEqual(['w', 'x', 'y', 'z']);
      expect(signals[0].rateHz).toBe(142.857);
      expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(0.3);
      expect(numberOf(features, 'inclinationRange')).toBeGreaterThan(59.5);
      expect(numberOf(features, 'inclinationRange')).toBeLessThan(60.5);
    }
  });

  it('speaks in features with interval or reason, and events', async () => {
    const { recording } = simulateRecording([SCRIPT]);
    const { features, events, table } = await run([recording]);
    expect(features.map(({ definition }) => definition)).toEqual(IMU_FEATURES.map(({ id }) => id));
    const bias = features.find(({ definition }) => definition === 'imu.gyroBias');
    const truth = Math.hypot(0.5, 0.3, 0.2);
    expect(bias?.uncertainty).toMatchObject({ kind: 'interval' });
    expect(Math.abs((bias?.value as number) - truth)).toBeLessThan(0.05);
    const peak = Math.hypot(30, 0.2 / RAD) * (Math.PI / 2);
    expect(numberOf(features, 'peakAngularVelocity')).toBeGreaterThan(0.97 * peak);
    expect(numberOf(features, 'peakAngularVelocity')).toBeLessThan(1.03 * peak);
    const rests = events.events.filter(({ label }) => label === 'rest');
    expect(rests.length).toBe(2);
    expect(rests[0].timeS).toBeLessThan(1);
    expect(Math.abs((rests[1].endS ?? 0) - 20)).toBeLessThan(0.4);
    expect(table.columns.find(({ name }) => name === 'filter')?.values).toEqual(['vqf2023']);
  });

  it('keeps recordings apart: each has events on its own clock, and numbers that lead to it', async () => {
    const thigh = { ...SCRIPT, segment: 'thigh', side: 'right' as const };
    const [first, second] = [SCRIPT, thigh].map(
      (script) => simulateRecording([{ ...script, segment: 'thigh' }]).recording,
    );
    second.payload.clock = 'another day';
    const result = await run([first, second]);
    const lists = outputsOf(result, 'events').map(({ payload }) => payload as EventList);
    expect(lists.map(({ clock }) => clock)).toEqual([first.payload.clock, 'another day']);
    expect(lists[0].events.map(({ label }) => label)).toContain('rest');
    const peaks = result.features.filter(({ definition }) => definition === 'imu.peakAngularVelocity');
    expect(peaks.map(({ evidence }) => evidence[0].role)).toEqual([
      { input: 'recording', index: 0 },
      { input: 'recording', index: 1 },
    ]);
    expect(peaks.map(({ site }) => site)).toEqual(['thigh', 'thigh']);
  });

  it('keeps sensors apart, by segment or by name', async () => {
    const { recording, truth } = simulateRecording([
      { ...SCRIPT, sensor: 'A', segment: 'pelvis' },
      { ...SCRIPT, sensor: 'B', segment: 'thigh', side: 'left', withoutField: true },
    ]);
    const { signals, features, codes, events } = await run([recording]);
    expect(signals[0].channels.map(({ name }) => name)).toEqual([
      'A_w',
      'A_x',
      'A_y',
      'A_z',
      'B_w',
      'B_x',
      'B_y',
      'B_z',
    ]);
    expect(signals[0].channels[4]).toMatchObject({ sensor: 'B', segment: 'thigh', side: 'left' });
    expect(codes).toContain('imu.heading-relative');
    expect(new Set(features.map(({ site, side }) => `${site}.${side}`))).toEqual(
      new Set(['pelvis.undefined', 'thigh.left']),
    );
    expect(events.events.some(({ label }) => label === 'rest (B)')).toBe(true);
    expect(orientationError(quaternions(signals[0], 'A'), truth[0]).totalDeg).toBeLessThan(0.3);
    expect(orientationError(quaternions(signals[0], 'B'), truth[1]).inclinationDeg).toBeLessThan(0.3);
    const missing = features.find(({ definition, site }) => definition === 'imu.disturbedShare' && site === 'thigh');
    expect(missing).toMatchObject({ value: null, missing: 'The sensor has no magnetometer' });
  });

  it('lays a slower magnetometer of its own recording on the gyroscope', async () => {
    const { recording, truth } = simulateRecording([{ ...SCRIPT, sensor: 'pico' }]);
    const { payload } = recording;
    const isMag = ({ quantity }: SignalChannel) => quantity === 'magnetic-field';
    const slow = (values: SignalChannel['values']) => values.filter((_, i) => i % 3 === 0);
    const main = { ...payload, channels: payload.channels.filter((channel) => !isMag(channel)) };
    const field: Signals = {
      ...payload,
      rateHz: payload.rateHz / 3,
      channels: payload.channels.filter(isMag).map((channel) => ({ ...channel, values: slow(channel.values) })),
    };
    const as = (signals: Signals): ArtifactValue<'signal.imu'> => ({ kind: 'signal.imu', payload: signals });
    const { signals, codes } = await run([as(main), as(field)]);
    expect(signals.length).toBe(1);
    expect(codes).not.toContain('imu.heading-relative');
    expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(0.4);
  });

  it('bridges short losses, starts again after long ones, and says so', async () => {
    const { recording, truth } = simulateRecording([SCRIPT]);
    for (const channel of recording.payload.channels) {
      channel.values.fill(Number.NaN, 1000, 1010);
      channel.values.fill(Number.NaN, 2000, 2100);
      // a lost packet that the receiver filled with the last value
      channel.values.fill(channel.values[2999], 3000, 3010);
    }
    const { signals, codes } = await run([recording]);
    const found = quaternions(signals[0]);
    expect(Number.isNaN(found[4 * 1005])).toBe(false);
    expect(Number.isNaN(found[4 * 2050])).toBe(true);
    expect(codes).toEqual(expect.arrayContaining(['imu.gap', 'imu.bridged']));
    expect(orientationError(found, truth[0]).totalDeg).toBeLessThan(0.6);
  });

  it('sets samples aside that nothing on a body can measure', async () => {
    const { recording, truth } = simulateRecording([SCRIPT]);
    for (const { quantity, values } of recording.payload.channels) if (quantity === 'acceleration') values[2500] = 3e4;
    const { signals, codes } = await run([recording]);
    expect(codes).toContain('imu.impossible');
    expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(0.3);
  });

  it.each(['madgwick2010', 'mahony2008'])('runs %s, online', async (filter) => {
    const { recording, truth } = simulateRecording([SCRIPT]);
    const { signals, codes, table } = await run([recording], { filter });
    expect(codes).toContain('imu.online-only');
    expect(table.columns.find(({ name }) => name === 'mode')?.values).toEqual(['online']);
    expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(3);
  });

  it('differs online and offline', async () => {
    const { recording, truth } = simulateRecording([SCRIPT]);
    const errors = await Promise.all(
      ['online', 'offline'].map(
        async (mode) => orientationError(quaternions((await run([recording], { mode })).signals[0]), truth[0]).totalDeg,
      ),
    );
    expect(errors[1]).toBeLessThan(errors[0]);
  });

  it('passes a device’s own orientation on where there is no gyroscope', async () => {
    const { recording, truth } = simulateRecording([{ ...SCRIPT, samples: 200 }]);
    const { payload } = recording;
    const vendor = (['w', 'x', 'y', 'z'] as const).map((axis, k): SignalChannel => {
      const values = Float64Array.from({ length: 200 }, (_, i) => truth[0][4 * i + k]);
      return { name: `q_${axis}`, axis, unit: '1', quantity: 'orientation', sensor: 'imu', values };
    });
    payload.channels = [...payload.channels.filter(({ quantity }) => quantity === 'acceleration'), ...vendor];
    const { signals, codes, features } = await run([recording]);
    expect(codes).toContain('imu.vendor');
    expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(1e-9);
    expect(features.every(({ uncertainty }) => uncertainty.kind === 'unknown')).toBe(true);
  });

  it('tells g from m/s² by size where the unit is missing, and refuses rates without a unit', async () => {
    const { recording, truth } = simulateRecording([SCRIPT]);
    const strip = (quantity: string) => {
      for (const channel of recording.payload.channels) if (channel.quantity === quantity) channel.unit = '1';
    };
    strip('acceleration');
    const { codes, signals } = await run([recording]);
    expect(codes).toContain('imu.unit');
    expect(orientationError(quaternions(signals[0]), truth[0]).totalDeg).toBeLessThan(0.3);
    strip('angular-rate');
    await expect(run([recording])).rejects.toMatchObject({
      code: 'input.empty',
      detail: expect.stringContaining('deg/s'),
    });
  });

  it('says what is wrong with a sensor', async () => {
    const { recording } = simulateRecording([{ ...SCRIPT, bias: [4 * RAD, 0, 0] }]);
    for (const { quantity, values } of recording.payload.channels)
      if (quantity === 'acceleration') for (let i = 0; i < values.length; i++) values[i] *= 1.2;
    expect((await run([recording])).codes).toContain('imu.bias');
    const scaled = simulateRecording([SCRIPT]).recording;
    for (const { quantity, values } of scaled.payload.channels) {
      if (quantity === 'acceleration') for (let i = 0; i < values.length; i++) values[i] *= 1.2;
      if (quantity === 'angular-rate')
        for (let i = 0; i < values.length; i++) values[i] = Math.max(-150, Math.min(values[i] * 4, 150));
    }
    expect((await run([scaled])).codes).toEqual(expect.arrayContaining(['imu.gravity', 'imu.saturated']));
    // a sensor of 2 g in a jump
    const jump = simulateRecording([SCRIPT]).recording;
    expect((await run([jump])).codes).not.toContain('imu.saturated');
    for (const { quantity, axis, values } of jump.payload.channels)
      if (quantity === 'acceleration' && axis === 'z') values.fill(19.6133, 400, 420);
    const { quality } = await run([jump]);
    expect(quality.find(({ code }) => code === 'imu.saturated')?.message).toContain('accelerometer');
  });

  it('gives unit quaternions or nothing for rubbish', async () => {
    const random = createRandom(5);
    const rubbish = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e300, 5e-324];
    for (const [k, samples] of [1, 2, 7, 300].entries()) {
      for (const filter of ['vqf2023', 'madgwick2010', 'mahony2008']) {
        const { recording } = simulateRecording([{ rateHz: 50, samples, orientation: () => [1, 0, 0, 0] }]);
        for (const { values } of recording.payload.channels)
          for (let i = 0; i < samples; i++)
            if (random.uniform() < 0.3 * k) values[i] = rubbish[Math.floor(random.uniform() * rubbish.length)];
        const { signals } = await run([recording], { filter });
        const q = quaternions(signals[0]);
        for (let i = 0; i < q.length; i += 4) {
          const norm = Math.hypot(q[i], q[i + 1], q[i + 2], q[i + 3]);
          expect(Number.isNaN(norm) || Math.abs(norm - 1) < 1e-9).toBe(true);
        }
      }
    }
  });

  it('refuses a recording without inertial sensors', async () => {
    const payload: Signals = {
      clock: 'x',
      startS: 0,
      rateHz: 10,
      channels: [{ name: 'T', unit: '1', quantity: 'other', values: new Float64Array(5) }],
    };
    await expect(run([{ kind: 'signal.imu', payload }])).rejects.toMatchObject({ code: 'input.empty' });
  });
});

describe('range of inclination', () => {
  it('spans from end to end of a bend to both sides and ignores heading', () => {
    const path = [0, -25, 40, 10].flatMap((deg, i) => [
      ...multiplyQuaternion(quaternionFromAxisAngle([0, 0, 1], i), quaternionFromAxisAngle([0, 1, 0], deg * RAD)),
    ]);
    expect(inclinationRange(Float64Array.from(path))).toBeCloseTo(65, 9);
  });
});
