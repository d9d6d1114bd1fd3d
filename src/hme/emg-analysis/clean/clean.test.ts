import { describe, expect, it } from 'vitest';
import { amplitudeOf, createRandom } from '../../../kernel/index.ts';
import type { SignalChannel, Signals } from '../../../model/index.ts';
import { simulateEmg } from '../simulate.ts';
import { bandPower, type CleanOptions, cleanRecording } from './clean.ts';
import { lineRatios, lostPackets, railsOf } from './faults.ts';
import { findHeartbeat } from './heartbeat.ts';
import { isUneven, openRecording, placeText } from './recording.ts';

const OPTIONS: CleanOptions = { lowHz: 20, highHz: 450, mains: 'auto', ecg: 'auto' };
const noise = (count: number, sd = 20, step = 0) => {
  const rng = createRandom(17);
  return Float64Array.from({ length: count }, () => {
    const value = rng.normal(0, sd);
    return step ? step * Math.round(value / step) : value;
  });
};

describe('lost packets', () => {
  it.each([0, 0.1, 5])(
    'are runs of one value in noise of steps of %d µV, without the sample that was measured',
    (step) => {
      const values = noise(20000, 20, step);
      values.fill(values[4999], 5000, 5020);
      values.fill(values[9999], 10000, 10200);
      values[5020] += 40;
      values[10200] += 40;
      expect(lostPackets(values, 2000)).toEqual([
        { from: 5000, to: 5020 },
        { from: 10000, to: 10200 },
      ]);
    },
  );

  it('are also holes that a device fills with zero, many times over', () => {
    const values = noise(20000);
    for (let start = 500; start < 20000; start += 500) values.fill(0, start, start + 16);
    const lost = lostPackets(values, 2000);
    expect(lost.length).toBe(39);
    expect(lost[0]).toEqual({ from: 501, to: 516 });
  });

  it('are not a quiet signal of coarse steps, nor flat tops of slow waves', () => {
    expect(lostPackets(noise(60000, 0.4, 1), 1000)).toEqual([]);
    const wave = Float64Array.from({ length: 60000 }, (_, i) => Math.round(30 * Math.sin(i / 40) + noise8[i % 8]));
    expect(lostPackets(wave, 1000)).toEqual([]);
  });

  it('are a whole channel that never changes', () => {
    expect(lostPackets(new Float64Array(5000), 2000)).toEqual([{ from: 1, to: 5000 }]);
  });
});

/** A small unrest that repeats. */
const noise8 = [0.3, -0.4, 0.1, 0.4, -0.2, -0.3, 0.2, 0];

describe('rails', () => {
  it('are ends where samples pile up', () => {
    const values = noise(20000, 20, 0.5).map((v) => Math.max(-45, Math.min(50, v)));
    const rails = railsOf(values);
    expect([rails.low, rails.high]).toEqual([-45, 50]);
    expect(rails.clipped).toBeGreaterThan(200);
  });

  it('are not the ends of noise or of a sine', () => {
    expect(railsOf(noise(20000, 20, 0.5)).clipped).toBe(0);
    expect(railsOf(Float64Array.from({ length: 20000 }, (_, i) => Math.round(500 * Math.sin(i / 17.3)))).clipped).toBe(
      0,
    );
    expect(railsOf(new Float64Array(100)).clipped).toBe(0);
  });
});

describe('hum', () => {
  it('stands out at its own frequency alone', () => {
    const values = noise(40000).map((v, i) => v + 10 * Math.sin((2 * Math.PI * 60 * i) / 2000));
    const found = lineRatios(values, 2000, 450).filter(({ ratio }) => ratio > 3);
    expect(found.map(({ frequencyHz }) => frequencyHz)).toEqual([60]);
    expect(lineRatios(noise(40000), 2000, 450).every(({ ratio }) => ratio < 3)).toBe(true);
  });

  it('is notched at the mains of one country', () => {
    const { signals } = simulateEmg({
      electrodes: [{ name: 'EMG1', rmsUv: 20 }],
      durationS: 20,
      seed: 1,
      hum: { frequencyHz: 60, amplitudeUv: 10 },
    });
    const notched = (mains: CleanOptions['mains']) =>
      cleanRecording(openRecording({ payload: signals }), { ...OPTIONS, mains }).traces[0].notchedHz;
    expect(notched('auto')).toEqual([60]);
    expect(notched('60')).toEqual([60]);
    expect(notched('50')).toEqual([]);
    expect(notched('none')).toEqual([]);
  });
});

describe('the heart', () => {
  const electrodes = [{ name: 'EMG1', rmsUv: 10, heartUv: 100 }];

  it('is found beat by beat', () => {
    const { signals, truth } = simulateEmg({ electrodes, durationS: 30, seed: 2, heartPerMin: 84 });
    const heart = findHeartbeat([signals.channels[0].values as Float64Array], 2000);
    const beats = [...(heart?.beats ?? [])].map((at) => at / 2000);
    expect(beats.length).toBe(truth.beatsS.length);
    beats.forEach((at, k) => {
      expect(Math.abs(at - truth.beatsS[k])).toBeLessThan(0.02);
    });
    expect(heart?.ratePerMin).toBeGreaterThan(80);
    expect(heart?.ratePerMin).toBeLessThan(88);
  });

  it('is not seen in steady activity, nor in contractions at its pace', () => {
    for (const effort of [undefined, (t: number) => Math.max(0.03, Math.sin(2 * Math.PI * 1.2 * t))]) {
      const electrode = { name: 'EMG1', rmsUv: 20, ...(effort ? { effort } : {}) };
      const { signals } = simulateEmg({ electrodes: [electrode], durationS: 30, seed: 3, noiseUv: 0.5 });
      expect(findHeartbeat([signals.channels[0].values as Float64Array], 2000)).toBeUndefined();
    }
  });
});

describe('a clean recording', () => {
  it('keeps what lies in the band and loses drift', () => {
    const { signals } = simulateEmg({ electrodes: [{ name: 'EMG1', rmsUv: 20 }], durationS: 20, seed: 4 });
    const plain = cleanRecording(openRecording({ payload: signals }), OPTIONS).traces[0].clean;
    const values = Float64Array.from(signals.channels[0].values, (v, i) => v + 500 + 300 * Math.sin(i / 3000));
    const drifting = { ...signals, channels: [{ ...signals.channels[0], values }] };
    const clean = cleanRecording(openRecording({ payload: drifting }), OPTIONS).traces[0].clean;
    const rest = clean.map((v, i) => v - plain[i]).subarray(2000, 38000);
    expect(amplitudeOf(rest, 2000).rms).toBeLessThan(0.05);
  });

  it('of a slow recording ends its band below half of the rate', () => {
    const { signals } = simulateEmg({ electrodes: [{ name: 'EMG1', rmsUv: 20 }], durationS: 5, seed: 4, rateHz: 500 });
    const { bandHz, band } = cleanRecording(openRecording({ payload: signals }), OPTIONS);
    expect(bandHz).toEqual([20, 225]);
    expect(bandPower(band, 225, 500)).toBeCloseTo(0.25, 9);
  });
});

describe('a recording', () => {
  const channel = (more: Partial<SignalChannel>): SignalChannel => ({
    name: 'x',
    unit: 'uV',
    quantity: 'emg',
    values: new Float32Array(4000),
    ...more,
  });
  const signals = (...channels: SignalChannel[]): Signals => ({ clock: 'c', startS: 0, rateHz: 2000, channels });

  it('tells its channels apart', () => {
    const twins = { site: 'soleus', side: 'left' } as const;
    const channels = [
      { name: 'A 1', ...twins },
      { name: 'B:2', ...twins },
      { name: 'µV?' },
      { name: 'q' },
      { name: 'q' },
    ];
    const { traces } = openRecording({ payload: signals(...channels.map(channel)) });
    expect(traces.map(({ place }) => placeText(place))).toEqual([
      'soleus-A-1 left',
      'soleus-B-2 left',
      'V',
      'q-q-4',
      'q-q-5',
    ]);
  });

  it('takes only muscles, in µV whatever their volts', () => {
    const volts = channel({ name: 'v', unit: 'V', values: new Float32Array(4000).fill(2e-6) });
    const milli = channel({ name: 'm', unit: 'mV', values: new Float32Array(4000).fill(2e-3) });
    const other = channel({ name: 'o', quantity: 'other' });
    const { traces, voltage } = openRecording({ payload: signals(volts, milli, other) });
    expect(voltage).toBe(true);
    expect(traces.map(({ name }) => name)).toEqual(['v', 'm']);
    for (const { values } of traces) expect(values[0]).toBeCloseTo(2, 6);
  });

  it('whose time stamps jump is uneven', () => {
    const timeS = Float64Array.from({ length: 10 }, (_, i) => i / 100 + (i > 5 ? 1 : 0));
    expect(isUneven({ rateHz: 100, timeS })).toBe(true);
    expect(isUneven({ rateHz: 100, timeS: timeS.map((_, i) => i / 100) })).toBe(false);
    expect(isUneven({ rateHz: 100 })).toBe(false);
  });
});
