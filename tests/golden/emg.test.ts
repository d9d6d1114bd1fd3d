/** Muscle activity of real recordings, through the product's own readers: figures that others printed, and what one can see. */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { emgAnalysis, measureRecorded } from '../../src/hme/emg-analysis/index.ts';
import {
  amplitudeOf,
  butterworth,
  estimateLag,
  filterZeroPhase,
  linearEnvelope,
  mean,
  meanFrequency,
  median,
  medianFrequency,
  regressLine,
  spectra,
} from '../../src/kernel/index.ts';
import { type ArtifactValue, type EventList, featureId, type Signals } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { readRecordings } from '../support/motion/imu.ts';
import { outputsOf, runCapability } from '../support/read.ts';

async function readEmg(set: string, file: string): Promise<ArtifactValue<'signal.emg'>> {
  const found = (await readRecordings(set, file)).find(({ kind }) => kind === 'signal.emg');
  if (!found) throw new Error(`${file} holds no EMG`);
  return found as ArtifactValue<'signal.emg'>;
}

async function analyse(recording: ArtifactValue) {
  const result = await runCapability(emgAnalysis, { recording: [recording] });
  const values = new Map(result.features.map((feature) => [featureId(feature), feature.value as number]));
  const value = (id: string) => {
    const [found] = [...values].filter(([key]) => key.startsWith(`emg.${id}.`));
    if (!found) throw new Error(`no emg.${id}`);
    return found[1];
  };
  return { result, value };
}

describeWithData('emg-biosignalsnotebooks', () => {
  interface Reference {
    emg_bursts_published_by_notebook: Record<string, number>;
    emg_fatigue: Record<string, number> & {
      windows: { t0: number; rms: number; iemg: number; mdf: number; mpf: number }[];
    };
  }
  const set = 'emg-biosignalsnotebooks';
  const reference = JSON.parse(readFileSync(dataPath(set, 'reference_values.json'), 'utf8')) as Reference;
  let bursts: ArtifactValue<'signal.emg'>;
  let fatigue: ArtifactValue<'signal.emg'>;
  beforeAll(async () => {
    bursts = await readEmg(set, 'emg_bursts.h5');
    fatigue = await readEmg(set, 'emg_fatigue.h5');
  });
  const millivolts = ({ payload }: ArtifactValue<'signal.emg'>) => {
    expect(payload.channels[0].unit).toBe('mV');
    return Float64Array.from(payload.channels[0].values);
  };

  it('bursts: RMS, power, median and peak frequency of the notebook, to every digit that single precision carries', () => {
    const published = reference.emg_bursts_published_by_notebook;
    const ours = measureRecorded(millivolts(bursts), bursts.payload.rateHz);
    expect(ours.rms).toBeCloseTo(published.rms_mv, 8);
    expect(ours.rms.toFixed(8)).toBe('0.06296634');
    expect(ours.power).toBeCloseTo(published.total_power, 9);
    expect(ours.medianHz).toBe(published.median_frequency_hz);
    expect(ours.peakHz).toBe(published.peak_frequency_hz);
  });

  it('bursts: the capability tells the same, and sees the nine contractions of the notebook', async () => {
    const { value, result } = await analyse(bursts);
    expect(value('recordedRms')).toBeCloseTo(62.96634, 4);
    expect(value('recordedMedianFrequency')).toBe(82.03125);
    expect(value('burstCount')).toBe(reference.emg_bursts_published_by_notebook.n_activations);
    const events = outputsOf(result, 'bursts')[0].payload as EventList;
    // contractions near these seconds, seen in the picture of the recording
    const middles = events.events.map(({ timeS, endS = timeS }) => (timeS + endS) / 2);
    [2, 5.2, 8.5, 12.1, 15, 17.9, 20.9, 24, 27.2].forEach((seen, k) => {
      expect(Math.abs(middles[k] - seen)).toBeLessThan(0.4);
    });
  });

  it('fatigue: every window of the SciPy reference, its trend and its ends', () => {
    const raw = millivolts(fatigue);
    const offset = mean(raw);
    const centred = raw.map((v) => v - offset);
    const band = butterworth({ band: 'band-pass', order: 4, cutoffHz: [20, 450], rateHz: 1000 });
    const clean = filterZeroPhase(band, centred);
    const { density, bins, stepHz, starts } = spectra(clean, { rateHz: 1000, segment: 1000 });
    const windows = Array.from(starts, (from, s) => {
      const one = { density: density.subarray(s * bins, (s + 1) * bins), stepHz };
      const { rms, integral } = amplitudeOf(clean, 1000, from, from + 1000);
      const mdf = medianFrequency(one, undefined, 'bin');
      return { t0: from / 1000, rms, iemg: integral, mdf, mpf: meanFrequency(one) };
    });
    expect(windows.length).toBe(reference.emg_fatigue.windows.length);
    windows.forEach((window, s) => {
      const theirs = reference.emg_fatigue.windows[s];
      // samples are kept in single precision: 6e-8 of 1.5 mV
      expect(window.rms).toBeCloseTo(theirs.rms, 6);
      expect(window.iemg).toBeCloseTo(theirs.iemg, 6);
      expect(window.mdf).toBe(theirs.mdf);
      expect(window.mpf).toBeCloseTo(theirs.mpf, 4);
    });
    const half = 0.5 * median(windows.map(({ rms }) => rms));
    const kept = windows.filter(({ rms }) => rms > half);
    expect(kept.length).toBe(reference.emg_fatigue.kept);
    const slope = (of: 'mdf' | 'mpf') =>
      regressLine(
        kept.map(({ t0 }) => t0),
        kept.map((window) => window[of]),
      ).slope;
    expect(slope('mdf')).toBeCloseTo(reference.emg_fatigue.mdf_slope_hz_per_s, 9);
    expect(slope('mpf')).toBeCloseTo(reference.emg_fatigue.mpf_slope_hz_per_s, 6);
    expect(mean(kept.slice(0, 10).map(({ mdf }) => mdf))).toBeCloseTo(74.1, 9);
    expect(mean(kept.slice(-10).map(({ mdf }) => mdf))).toBeCloseTo(54.8, 9);
  });

  it('fatigue: the capability tells 74.1 to 54.8 Hz and -0.168 Hz/s, flags the cut peaks, and calls it fatigue', async () => {
    const { value, result } = await analyse(fatigue);
    expect(value('classicMedianFrequencyStart')).toBeCloseTo(74.1, 1);
    expect(value('classicMedianFrequencyEnd')).toBeCloseTo(54.8, 1);
    expect(value('classicMedianFrequencySlope')).toBeCloseTo(-0.16754, 3);
    // better windows and a spectrum that the band-pass does not bend: within their doubt of the usual script
    expect(Math.abs(value('medianFrequencyStart') - 74.1)).toBeLessThan(1);
    expect(Math.abs(value('medianFrequencyEnd') - 54.8)).toBeLessThan(1);
    expect(Math.abs(value('medianFrequencySlope') + 0.1675)).toBeLessThan(0.01);
    expect(value('jasa')).toBe('fatigue');
    expect(value('burstCount')).toBe(30);
    const codes = result.quality.map(({ code }) => code);
    expect(codes).toContain('emg.saturated');
    expect(codes).not.toContain('emg.lost-packets');
    expect(codes).not.toContain('emg.line-noise');
  });
});

describeWithData('emg-biosppy', () => {
  /** Columns of the plain text that BioSPPy writes. */
  const read = (file: string): ArtifactValue<'signal.emg'> => {
    const lines = readFileSync(dataPath('emg-biosppy', file), 'utf8').split('\n');
    const values = Float64Array.from(lines.filter((line) => line && !line.startsWith('#')).map(Number));
    const channels = [{ name: 'EMG', unit: '{count}' as const, quantity: 'emg' as const, values }];
    return { kind: 'signal.emg', name: file, payload: { clock: file, startS: 0, rateHz: 1000, channels } };
  };

  it('a recording with four contractions has four bursts, one without has none', async () => {
    const active = await analyse(read('emg_1.txt'));
    expect(active.value('burstCount')).toBe(4);
    const events = outputsOf(active.result, 'bursts')[0].payload as EventList;
    [1.6, 16.2, 25.7, 26.5].forEach((seen, k) => {
      const { timeS, endS = timeS } = events.events[k];
      expect(Math.abs((timeS + endS) / 2 - seen)).toBeLessThan(0.4);
    });
    const quiet = await analyse(read('emg.txt'));
    expect(quiet.result.quality.map(({ code }) => code)).toContain('emg.no-contrast');
    expect(outputsOf(quiet.result, 'bursts')).toEqual([]);
  });

  it('coarse quiet samples are not called lost packets', async () => {
    for (const file of ['emg.txt', 'emg_1.txt']) {
      const { result } = await analyse(read(file));
      expect(result.quality.map(({ code }) => code)).not.toContain('emg.lost-packets');
    }
  });
});

describeWithData('emg-rajagopal-walk', () => {
  /** Muscles of the file of envelopes, and the channels they come from. */
  const MUSCLES = {
    soleus: 'SOL',
    gastrocnemius: 'GAS',
    tibialis_anterior: 'TA',
    biceps_femoris: 'BF',
    vastus: 'VL',
    rectus_femoris: 'RF',
  };

  it('envelopes follow those of another processing of the same walk', async () => {
    const { payload } = await readEmg('emg-rajagopal-walk', 'emg_walk_raw.anc');
    const text = readFileSync(dataPath('emg-rajagopal-walk', 'moco_emg.sto'), 'utf8');
    const lines = text.slice(text.indexOf('endheader')).trim().split('\n').slice(1);
    const names = lines[0].trim().split('\t');
    // the last two rows are zero in every column
    const rows = lines.slice(1, -2).map((line) => line.split('\t').map(Number));
    const { rateHz } = payload;
    const band = butterworth({ band: 'band-pass', order: 4, cutoffHz: [30, 450], rateHz });
    const found = Object.entries(MUSCLES).map(([muscle, channel]) => {
      const values = payload.channels.find(({ name }) => name === channel)?.values;
      if (!values) throw new Error(muscle);
      const ours = linearEnvelope(filterZeroPhase(band, Float64Array.from(values)), { rateHz, cutoffHz: 6 });
      const theirs = Float64Array.from(rows, (row) => row[names.indexOf(muscle)]);
      // their cut of the trial begins 1.4 s into the file, which the six muscles must agree on
      const from = Math.round(1.3 * rateHz);
      const { lag, correlation } = estimateLag(
        theirs.subarray(0, Math.round(0.95 * rateHz)),
        ours.subarray(from),
        0.2 * rateHz,
      );
      return { muscle, startS: (from + lag) / rateHz, correlation };
    });
    for (const { muscle, startS, correlation } of found) {
      expect(correlation, muscle).toBeGreaterThan(0.9);
      expect(Math.abs(startS - 1.405), muscle).toBeLessThan(0.03);
    }
  });
});

describeWithData('c3d-vendors', () => {
  describe('recordings of eight and sixteen channels from other makers', () => {
    it.each(['BTS.c3d', 'Qualisys.c3d'])('%s is analysed whole, every number followed back', async (file) => {
      const recording = await readEmg('c3d-vendors', file);
      const { result } = await analyse(recording);
      const names = new Set(recording.payload.channels.map(({ name }) => name));
      expect(result.features.filter(({ definition }) => definition === 'emg.rms').length).toBe(names.size);
      for (const { evidence } of result.features) {
        for (const name of evidence[0].locator.channels ?? []) expect(names.has(name)).toBe(true);
      }
      const envelope = outputsOf(result, 'envelope')[0].payload as Signals;
      expect(envelope.clock).toBe(recording.payload.clock);
    });
  });
});
