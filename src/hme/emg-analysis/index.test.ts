import { describe, expect, it } from 'vitest';
import { createRandom } from '../../kernel/index.ts';
import {
  type ArtifactValue,
  type Ctx,
  type EventList,
  type FeatureDraft,
  featureId,
  resolveParams,
  type Signals,
  type Table,
} from '../../model/index.ts';
import { emgAnalysis, simulateBending, simulateEmg } from './index.ts';

const emg = (payload: Signals, name = 'emg', more: Partial<ArtifactValue> = {}): ArtifactValue<'signal.emg'> => ({
  kind: 'signal.emg',
  payload,
  name,
  ...(more as object),
});

interface More {
  mvc?: Signals;
  angle?: Signals;
  events?: EventList;
  clocks?: Parameters<typeof emgAnalysis.run>[1]['clocks'];
  params?: Record<string, string | number>;
}

async function run(recording: Signals, { mvc, angle, events, clocks, params = {} }: More = {}) {
  const ctx: Ctx = {
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    rng: createRandom(5).uniform,
  };
  const result = await emgAnalysis.run(
    ctx,
    {
      recording: emg(recording),
      mvc: mvc && emg(mvc, 'reference'),
      angle: angle && { kind: 'signal.angle', payload: angle },
      events: events && { kind: 'events', payload: events },
      clocks,
    },
    resolveParams(emgAnalysis.params, params) as never,
  );
  const feature = (id: string): FeatureDraft => {
    const found = result.features.find((one) => featureId(one) === id);
    if (!found) throw new Error(`no ${id} among ${result.features.map(featureId).join(', ')}`);
    return found;
  };
  const value = (id: string) => feature(id).value as number;
  const codes = (result.quality ?? []).map(({ code }) => code);
  return { ...result, feature, value, codes };
}

const PAPER = (['L4', 'L2'] as const).flatMap((level, l) =>
  (['left', 'right'] as const).map((side, s) => ({
    name: `EMG${2 * l + s + 1}`,
    site: { muscle: 'erectorSpinae', level, side },
    rmsUv: 20,
  })),
);

describe('amplitude', () => {
  it('of a sine of 50 µV is 50 / √2, its ARV 2 · 50 / π, its IEMG ARV times the time', async () => {
    const values = Float64Array.from({ length: 20000 }, (_, i) => 0.05 * Math.sin((2 * Math.PI * 100 * i) / 2000));
    const sine: Signals = {
      clock: 'sine',
      startS: 3,
      rateHz: 2000,
      channels: [{ name: 'CH 1', unit: 'mV', quantity: 'emg', values }],
    };
    const { value, feature } = await run(sine, { params: { mains: 'none' } });
    expect(value('emg.rms.CH-1')).toBeCloseTo(50 / Math.SQRT2, 2);
    expect(value('emg.arv.CH-1')).toBeCloseTo(100 / Math.PI, 0);
    expect(value('emg.iemg.CH-1')).toBeCloseTo(10 * value('emg.arv.CH-1'), 6);
    expect(value('emg.recordedRms.CH-1')).toBeCloseTo(50 / Math.SQRT2, 6);
    expect(value('emg.medianFrequency.CH-1')).toBeCloseTo(100, 1);
    expect(feature('emg.rms.CH-1').evidence[0]).toEqual({
      role: { input: 'recording' },
      locator: { channels: ['CH 1'], timeS: [3, 13] },
    });
  });

  it('compares sides and levels with the truth inside their intervals', async () => {
    const shares = [1, 1.5, 0.8, 0.8];
    const electrodes = PAPER.map((electrode, k) => ({ ...electrode, rmsUv: 20 * shares[k] }));
    const { feature } = await run(simulateEmg({ electrodes, durationS: 30, seed: 3 }).signals);
    const holds = (id: string, truth: number) => {
      const { uncertainty } = feature(id);
      if (uncertainty.kind !== 'interval') throw new Error(id);
      // twice the 90 % interval: a miss would be a fault, not chance
      const half = uncertainty.high - uncertainty.low;
      expect(Math.abs((feature(id).value as number) - truth), id).toBeLessThan(half);
    };
    holds('emg.asymmetry.erectorSpinae.L4', 20);
    holds('emg.asymmetry.erectorSpinae.L2', 0);
    holds('emg.levelRatio.erectorSpinae.L2-L4.left', 0.8);
    holds('emg.levelRatio.erectorSpinae.L2-L4.right', 0.8 / 1.5);
  });

  it('is told in percent of a reference contraction that names itself', async () => {
    const electrodes = PAPER.slice(0, 2);
    const recording = simulateEmg({ electrodes, durationS: 10, seed: 1, clock: 'task' }).signals;
    const strong = electrodes.map((electrode) => ({ ...electrode, rmsUv: 80 }));
    const mvc = simulateEmg({ electrodes: strong, durationS: 10, seed: 2, clock: 'MVC back' }).signals;
    const { value } = await run(recording, { mvc });
    // the largest of twenty halves of a second lies some 10 % above the mean
    expect(value('emg.rmsNormalised.erectorSpinae.L4.left')).toBeGreaterThan(20);
    expect(value('emg.rmsNormalised.erectorSpinae.L4.left')).toBeLessThan(26);
    const other = simulateEmg({ electrodes: strong, durationS: 10, seed: 2, clock: 'squat' }).signals;
    const unnamed = await emgAnalysis.run(
      { signal: new AbortController().signal, progress: () => undefined, log: () => undefined, rng: () => 0.5 },
      { recording: emg(recording), mvc: emg(other), events: undefined, angle: undefined, clocks: undefined },
      resolveParams(emgAnalysis.params, {}) as never,
    );
    expect(unnamed.features.some(({ definition }) => definition === 'emg.rmsNormalised')).toBe(false);
    expect(unnamed.quality?.map(({ code }) => code)).toContain('emg.reference');
  });
});

describe('fatigue', () => {
  it('of a constructed hold comes out within 0.05 %/s, and is called fatigue where the amplitude rises', async () => {
    const effort = (t: number) => 1 + 0.004 * t;
    const electrodes = PAPER.slice(0, 2).map((electrode) => ({ ...electrode, effort }));
    const { signals, truth } = simulateEmg({ electrodes, durationS: 120, seed: 9, fatiguePercentPerS: -0.3 });
    const { value, feature } = await run(signals);
    const want = ((truth.medianFrequencyHz(0, 120) / truth.medianFrequencyHz(0, 0) - 1) / 120) * 100;
    for (const side of ['left', 'right']) {
      expect(Math.abs(value(`emg.medianFrequencySlopeNormalised.erectorSpinae.L4.${side}`) - want)).toBeLessThan(0.05);
      expect(
        Math.abs(value(`emg.medianFrequencyStart.erectorSpinae.L4.${side}`) - truth.medianFrequencyHz(0, 5)),
      ).toBeLessThan(4); // ten seconds know it to 1.3 Hz
      expect(value(`emg.jasa.erectorSpinae.L4.${side}`)).toBe('fatigue');
      expect(value(`emg.rmsSlopeNormalised.erectorSpinae.L4.${side}`)).toBeCloseTo(0.4, 0);
    }
    expect(feature('emg.jasa.erectorSpinae.L4.left').uncertainty.kind).toBe('unknown');
  });

  it('is told hold by hold where a recording has several, without events', async () => {
    const effort = (t: number) => (t % 40 < 25 ? 1 : 0.01);
    const electrodes = [{ name: 'EMG1', rmsUv: 20, effort }];
    const { features } = await run(simulateEmg({ electrodes, durationS: 80, seed: 4, noiseUv: 0.3 }).signals);
    const windows = features
      .filter(({ definition }) => definition === 'emg.medianFrequencySlope')
      .map(({ window }) => window?.label);
    expect(windows).toEqual(expect.arrayContaining(['hold 1', 'hold 2']));
  });
});

describe('bending', () => {
  it('shows flexion-relaxation from events and from the angle', async () => {
    const { emg: recording, angle, events, truth } = simulateBending({ seed: 4 });
    for (const source of [{ events }, { angle }]) {
      const { value } = await run(recording, source);
      for (const place of ['L4.left', 'L4.right', 'L2.left', 'L2.right']) {
        const frr = value(`emg.flexionRelaxationRatio.erectorSpinae.${place}`);
        const fer = value(`emg.flexionExtensionRatio.erectorSpinae.${place}`);
        // a largest value of several windows lies above their mean: up to 15 %
        expect(frr / truth.flexionRelaxationRatio).toBeGreaterThan(0.9);
        expect(frr / truth.flexionRelaxationRatio).toBeLessThan(1.2);
        expect(fer / truth.flexionExtensionRatio).toBeGreaterThan(0.85);
        expect(fer / truth.flexionExtensionRatio).toBeLessThan(1.15);
      }
    }
  });

  it('tells effort per degree, and the share spent without movement', async () => {
    const { emg: recording, angle } = simulateBending({ seed: 4 });
    const { value } = await run(recording, { angle });
    const place = 'erectorSpinae.L4.left';
    // three bends of 90° and back
    expect(value(`emg.effortPerDegree.${place}`)).toBeCloseTo(value(`emg.iemg.${place}`) / 540, 1);
    expect(value(`emg.effortWithoutMovement.${place}`)).toBeGreaterThan(3);
    expect(value(`emg.effortWithoutMovement.${place}`)).toBeLessThan(12);
  });

  it('uses movement of another clock only where a map joins the two', async () => {
    const { emg: recording, angle } = simulateBending({ seed: 4 });
    const other = { ...angle, clock: 'camera', startS: 100 };
    const apart = await run(recording, { angle: other });
    expect(apart.codes).toContain('emg.clock');
    expect(apart.features.some(({ definition }) => definition === 'emg.flexionRelaxationRatio')).toBe(false);
    const map = { driftPpm: 0, method: 'event', quality: 1, basis: 'test' } as const;
    const payload = {
      reference: 'twin',
      maps: [
        { ...map, from: 'camera', to: 'twin', offsetS: -98 },
        { ...map, from: 'bending', to: 'twin', offsetS: 2 },
      ],
    };
    const joined = await run(recording, { angle: other, clocks: { kind: 'clocks', payload } });
    expect(joined.value('emg.flexionRelaxationRatio.erectorSpinae.L4.left')).toBeGreaterThan(9);
  });
});

describe('faults', () => {
  it('lost packets are masked and told, never read as silence', async () => {
    const electrodes = [{ name: 'EMG1', rmsUv: 20 }];
    const options = { electrodes, durationS: 30, seed: 6, noiseUv: 1, stepUv: 0.1 };
    const whole = await run(simulateEmg(options).signals);
    const { signals, truth } = simulateEmg({ ...options, loss: { share: 0.05, packetS: 0.02 } });
    const holed = await run(signals);
    expect(truth.lost[0].length).toBeGreaterThan(25);
    expect(holed.codes).toContain('emg.lost-packets');
    expect(whole.codes).not.toContain('emg.lost-packets');
    expect(holed.value('emg.rms.EMG1') / whole.value('emg.rms.EMG1')).toBeCloseTo(1, 1);
    expect(holed.feature('emg.rms.EMG1').quality).toBeLessThan(0.95);
    const envelope = holed.outputs.envelope;
    if (Array.isArray(envelope)) throw new Error('one');
    const [channel] = (envelope.payload as Signals).channels;
    expect([...channel.values].filter(Number.isNaN).length).toBeGreaterThan(20);
  });

  it('rails, hum and a dead channel are told', async () => {
    const electrodes = [
      { name: 'EMG1', rmsUv: 20 },
      { name: 'EMG2', rmsUv: 0 },
    ];
    const hum = { frequencyHz: 50, amplitudeUv: 40 };
    const { signals } = simulateEmg({ electrodes, durationS: 20, seed: 6, railUv: 60, stepUv: 0.5, hum });
    signals.channels[1].values.fill(0);
    const { quality, value, feature } = await run(signals);
    const about = (code: string) => quality?.filter((flag) => flag.code === code).map(({ where }) => where);
    expect(about('emg.saturated')).toEqual(['EMG1']);
    expect(about('emg.line-noise')).toEqual(['EMG1']);
    expect(about('emg.unusable')).toEqual(['EMG2']);
    expect(value('emg.rms.EMG2')).toBeNull();
    expect(feature('emg.rms.EMG2').missing).toMatch(/sample/i);
  });

  it('hum is taken out, and nothing where there is none', async () => {
    const electrodes = [{ name: 'EMG1', rmsUv: 20 }];
    const plain = await run(simulateEmg({ electrodes, durationS: 30, seed: 6 }).signals);
    const hum = { frequencyHz: 50, amplitudeUv: 40 };
    const humming = await run(simulateEmg({ electrodes, durationS: 30, seed: 6, hum }).signals);
    const left = await run(simulateEmg({ electrodes, durationS: 30, seed: 6, hum }).signals, {
      params: { mains: 'none' },
    });
    expect(plain.codes).not.toContain('emg.line-noise');
    expect(humming.value('emg.rms.EMG1') / plain.value('emg.rms.EMG1')).toBeCloseTo(1, 1);
    expect(left.value('emg.rms.EMG1') / plain.value('emg.rms.EMG1')).toBeGreaterThan(1.5);
  });

  it('the heart is found and taken out, and told', async () => {
    const electrodes = PAPER.slice(2).map((electrode) => ({ ...electrode, rmsUv: 5, heartUv: 200 }));
    const bare = electrodes.map((electrode) => ({ ...electrode, heartUv: 0 }));
    const options = { durationS: 40, seed: 7, noiseUv: 0.5 };
    const truth = await run(simulateEmg({ ...options, electrodes: bare }).signals);
    const { signals } = simulateEmg({ ...options, electrodes });
    const rms = 'emg.rms.erectorSpinae.L2.left';
    const beating = await run(signals);
    const left = await run(signals, { params: { ecg: 'none' } });
    expect(left.value(rms) / truth.value(rms)).toBeGreaterThan(1.4);
    expect(Math.abs(beating.value(rms) / truth.value(rms) - 1)).toBeLessThan(0.02);
    expect(beating.quality?.find(({ code }) => code === 'emg.heart')?.message).toMatch(/template subtraction/);
    expect(truth.quality?.find(({ code }) => code === 'emg.heart')?.message).toMatch(/No heart beat/);
    const passed = await run(signals, { params: { ecg: 'high-pass' } });
    expect(passed.quality?.find(({ code }) => code === 'emg.heart')?.message).toMatch(/30 Hz/);
  });

  it('counts of unknown meaning give no microvolts', async () => {
    const { signals } = simulateEmg({ electrodes: [{ name: 'EMG1', rmsUv: 20 }], durationS: 10, seed: 1 });
    signals.channels[0].unit = '{count}';
    const { features, codes, value } = await run(signals);
    expect(codes).toContain('emg.unit');
    expect(features.filter(({ unit }) => unit === 'uV' || unit === 'uV.s')).toEqual([]);
    expect(value('emg.medianFrequency.EMG1')).toBeGreaterThan(60);
  });

  it('recordings that cannot hold muscle activity are refused with a remedy', async () => {
    const signal = (rateHz: number, count: number): Signals => ({
      clock: 'x',
      startS: 0,
      rateHz,
      channels: [{ name: 'a', unit: 'uV', quantity: 'emg', values: new Float32Array(count) }],
    });
    await expect(run(signal(100, 1000))).rejects.toMatchObject({ code: 'file.unsupported', where: { file: 'emg' } });
    await expect(run(signal(2000, 100))).rejects.toMatchObject({ code: 'input.empty' });
    await expect(run({ ...signal(2000, 0), channels: [] })).rejects.toMatchObject({ code: 'input.empty' });
  });
});

describe('outputs', () => {
  it('are curves on the clock of the recording, and tables with units', async () => {
    const effort = (t: number) => (t % 4 > 1 && t % 4 < 2.5 ? 1 : 0.02);
    const electrodes = PAPER.map((electrode) => ({ ...electrode, effort }));
    const { signals } = simulateEmg({ electrodes, durationS: 24, seed: 2, startS: 7, clock: 'session', noiseUv: 0.3 });
    const { outputs, value } = await run(signals);
    const payload = (role: string) => {
      const output = outputs[role];
      if (Array.isArray(output)) throw new Error(role);
      return output.payload;
    };
    for (const role of ['envelope', 'amplitude', 'frequency']) {
      const curve = payload(role) as Signals;
      expect(curve.clock).toBe('session');
      expect(curve.startS + curve.channels[0].values.length / curve.rateHz).toBeLessThanOrEqual(32);
      expect(curve.startS).toBeGreaterThanOrEqual(7);
    }
    const bursts = payload('bursts') as EventList;
    expect(bursts.events.length).toBe(24);
    expect(value('emg.burstCount.erectorSpinae.L4.left')).toBe(6);
    for (const { timeS, endS = 0 } of bursts.events) {
      expect(Math.abs((timeS % 4) - 1)).toBeLessThan(0.06);
      expect(Math.abs((endS % 4) - 2.5)).toBeLessThan(0.06);
    }
    const spectra = payload('spectra') as Table;
    expect(spectra.columns.map(({ name, unit }) => [name, unit])).toEqual([
      ['frequency_hz', 'Hz'],
      ...PAPER.map(({ name }) => [name, 'uV2/Hz']),
    ]);
    const windows = payload('windows') as Table;
    expect(new Set(windows.columns.map(({ values }) => values.length)).size).toBe(1);
  });
});
