/** C3D files of several vendors: against the vendor's own export, OpenSim's output, and themselves after writing. */

import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { c3d, mot, trc } from '../../src/formats/index.ts';
import type { ReadItem, Signals } from '../../src/model/index.ts';
import { sampleCount } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { losslessness, payloadOf, readData, viconDistances, walkingDistances } from '../support/motion/motion-data.ts';

/** Nexus prints six digits: half a unit of the last digit of a coordinate above one metre · mm */
const PRINTED_MM = 0.005;

/** The same for voltages below one volt · V */
const PRINTED_V = 5e-7;

describeWithData('c3d-pyomeca-vicon', () => {
  it('equals the vendor’s CSV of the same trial', async () => {
    const { markers, analog, channels } = await viconDistances();
    expect(markers.compared).toBe(51 * 580 * 3 - 915);
    expect(markers.largest).toBeLessThanOrEqual(PRINTED_MM);
    expect([markers.onlyFirst, markers.onlySecond]).toEqual([0, 0]);
    expect(channels).toBe(38);
    expect(analog.compared).toBe(38 * 11_600);
    expect(analog.largest).toBeLessThanOrEqual(PRINTED_V);
  });

  it('reads tables that were saved with commas', async () => {
    const markers = payloadOf(await readData(trc, ['c3d-pyomeca-vicon', 'markers.trc']), 'sequence.markers');
    expect(markers.names).toHaveLength(51);
    const angles = payloadOf(await readData(mot, ['c3d-pyomeca-vicon', 'inverse_kin.mot']), 'signal.angle');
    expect(angles.channels[0]).toMatchObject({ name: 'thorax_tilt', unit: 'deg' });
    expect(angles.startS).toBeCloseTo(1.56, 9);
    const moments = payloadOf(await readData(mot, ['c3d-pyomeca-vicon', 'inverse_dyn.sto']), 'signal.measure');
    expect(moments.channels[0]).toMatchObject({ unit: 'N.m', quantity: 'moment' });
  });
});

describeWithData('c3d-opensim-walking', () => {
  it.each(['walking2', 'walking5'] as const)('%s equals OpenSim’s markers and analog', async (trial) => {
    const { markers, analog } = await walkingDistances(trial);
    expect(markers.compared).toBeGreaterThan(5000);
    // printed with one decimal
    expect(markers.largest).toBeLessThanOrEqual(0.05 + 1e-4);
    expect([markers.onlyFirst, markers.onlySecond]).toEqual([0, 0]);
    expect(analog.largest).toBeLessThanOrEqual(5e-13);
  });
});

interface Expected {
  file: string;
  processor: string;
  storage: string;
  points: number;
  rateHz: number;
  frames: number;
  channels: number;
  analogRateHz?: number;
  kinds: string[];
  plates: number;
}

const FILES: readonly Expected[] = [
  {
    file: 'c3d-vendors/BTS.c3d',
    processor: 'pc',
    storage: 'float',
    points: 22,
    rateHz: 100,
    frames: 675,
    channels: 44,
    analogRateHz: 1000,
    kinds: ['sequence.markers', 'signal.emg', 'signal.force'],
    plates: 6,
  },
  {
    file: 'c3d-vendors/Qualisys.c3d',
    processor: 'pc',
    storage: 'float',
    points: 55,
    rateHz: 200,
    frames: 340,
    channels: 69,
    analogRateHz: 2000,
    kinds: ['sequence.markers', 'signal.emg', 'signal.force', 'signal.other', 'events'],
    plates: 2,
  },
  {
    file: 'c3d-vendors/FP_Type1.c3d',
    processor: 'pc',
    storage: 'float',
    points: 22,
    rateHz: 100,
    frames: 634,
    channels: 24,
    analogRateHz: 200,
    kinds: ['sequence.markers', 'signal.force'],
    // the corners of three of its four plates were never written
    plates: 1,
  },
  {
    file: 'c3d-vendors/C3DRotationExample.c3d',
    processor: 'pc',
    storage: 'float',
    points: 0,
    rateHz: 85,
    frames: 340,
    channels: 0,
    kinds: ['sequence.skeleton'],
    plates: 0,
  },
  {
    file: 'c3d-kineticstoolkit/walkingOptiTrack.c3d',
    processor: 'dec',
    storage: 'int16',
    points: 12,
    rateHz: 160,
    frames: 3361,
    channels: 0,
    kinds: ['sequence.markers'],
    plates: 0,
  },
  {
    file: 'c3d-vendors/Kistler.c3d',
    processor: 'pc',
    storage: 'int16',
    points: 0,
    rateHz: 60,
    frames: 3969,
    channels: 16,
    analogRateHz: 600,
    kinds: ['signal.force'],
    plates: 2,
  },
  {
    file: 'c3d-vendors/FP_Type3.c3d',
    processor: 'pc',
    storage: 'float',
    points: 34,
    rateHz: 250,
    frames: 2,
    channels: 16,
    analogRateHz: 1000,
    kinds: ['sequence.markers', 'signal.force'],
    plates: 2,
  },
  {
    file: 'c3d-vendors/Optotrak.c3d',
    processor: 'pc',
    storage: 'float',
    points: 54,
    rateHz: 30,
    frames: 29,
    channels: 0,
    kinds: ['sequence.markers'],
    plates: 0,
  },
  {
    file: 'c3d-vendors/read_NOTworking2.c3d',
    processor: 'dec',
    storage: 'int16',
    points: 23,
    rateHz: 25,
    frames: 670,
    channels: 0,
    kinds: ['sequence.markers'],
    plates: 0,
  },
];

/** A file of a set may be missing from a copy of the data. */
const there = ({ file }: Expected) => existsSync(dataPath(...file.split('/')));

describe('C3D files of vendors', () => {
  it.each(FILES.filter(there))('$file is read as its source says', async (expected) => {
    const item = await readData(c3d, expected.file.split('/'));
    const { metadata } = item;
    expect(metadata).toMatchObject({
      processor: expected.processor,
      storage: expected.storage,
      points: expected.points,
      frames: expected.frames,
      channels: expected.channels,
    });
    expect(metadata.rateHz).toBeCloseTo(expected.rateHz, 4);
    expect(metadata.analogRateHz).toBe(expected.analogRateHz);
    expect(item.artifacts.map(({ kind }) => kind)).toEqual(expected.kinds);
    const plates = item.artifacts.flatMap(({ payload }) => (payload as Signals).plates ?? []);
    expect(plates).toHaveLength(expected.plates);
  });

  const absent = FILES.filter((file) => !there(file));
  if (absent.length > 0) it.skip.each(absent)('$file (not at hand)', () => {});
});

describeWithData('c3d-vendors', () => {
  const read = (name: string): Promise<ReadItem> => readData(c3d, ['c3d-vendors', name]);

  it('names the muscles and sides of BTS', async () => {
    const emg = payloadOf(await read('BTS.c3d'), 'signal.emg');
    expect(emg.channels.map(({ site, side, unit }) => `${site} ${side} ${unit}`)).toEqual(
      ['rectusFemoris', 'semimembranosus', 'tibialisAnterior', 'gastrocnemiusMedialis'].flatMap((muscle) => [
        `${muscle} left mV`,
        `${muscle} right mV`,
      ]),
    );
  });

  it('starts the clock of Qualisys at frame 705 and places its events inside', async () => {
    const item = await read('Qualisys.c3d');
    const emg = payloadOf(item, 'signal.emg');
    expect(emg.channels).toHaveLength(16);
    expect(emg.startS).toBeCloseTo(704 / 200, 9);
    expect(sampleCount(emg)).toBe(3400);
    const { events } = payloadOf(item, 'events');
    expect(events.map(({ label }) => label)).toEqual(['LHS', 'RTO', 'RHS', 'LTO', 'LHS', 'RTO', 'RHS']);
    for (const { timeS } of events) expect(timeS >= emg.startS && timeS <= emg.startS + 1.7).toBe(true);
  });

  it('takes metres to millimetres', async () => {
    const { positions } = payloadOf(await read('FP_Type1.c3d'), 'sequence.markers');
    const height = Math.max(...positions.filter((_, at) => at % 3 === 1).filter(Number.isFinite));
    expect(height).toBeGreaterThan(1000);
    expect(height).toBeLessThan(2200);
  });

  it('reads segment poses', async () => {
    const skeleton = payloadOf(await read('C3DRotationExample.c3d'), 'sequence.skeleton');
    expect(skeleton.names).toHaveLength(21);
    expect(skeleton.parents?.[skeleton.names.indexOf('ankle.right')]).toBe(skeleton.names.indexOf('knee.right'));
    expect(skeleton.names.slice(0, 3)).toEqual(['worldbody', 'pelvis', 'hip.left']);
    expect(Array.from(skeleton.orientations?.subarray(0, 4) ?? [])).toEqual([1, 0, 0, 0]);
    const pelvis = skeleton.positions.filter((_, at) => Math.floor(at / 3) % 21 === 1 && at % 3 === 2);
    const seen = pelvis.filter(Number.isFinite);
    expect(seen.length).toBeGreaterThan(200);
    for (const height of seen) expect(height > 500 && height < 1300).toBe(true);
  });
});

describeWithData('c3d-kineticstoolkit', () => {
  it('finds the 7 % that are missing', async () => {
    const { positions, residualMm } = payloadOf(
      await readData(c3d, ['c3d-kineticstoolkit', 'walkingOptiTrack.c3d']),
      'sequence.markers',
    );
    const missing = positions.filter(Number.isNaN).length / positions.length;
    expect(missing).toBeCloseTo(0.0743, 3);
    expect(residualMm?.every((value, at) => Number.isNaN(value) === Number.isNaN(positions[3 * at]))).toBe(true);
  });
});

describe('writing', () => {
  const sets = ['c3d-pyomeca-vicon', 'c3d-opensim-walking', 'c3d-vendors', 'c3d-kineticstoolkit'];
  const files = sets
    .filter((set) => existsSync(dataPath(set)))
    .flatMap((set) =>
      readdirSync(dataPath(set))
        .filter((name) => name.endsWith('.c3d'))
        .map((name) => [set, name] as const),
    );

  if (files.length === 0) it.skip('no C3D file at hand', () => {});
  else
    it.each(files)('gives every parameter and sample of %s/%s back', (set, name) => {
      const { different, parameters, samples } = losslessness(set, name);
      expect(different).toEqual([]);
      expect(parameters).toBeGreaterThanOrEqual(10);
      expect(samples).toBeGreaterThan(10_000);
    });
});
