import { FS, type File as H5File, h5wasm, ready } from 'h5wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { Signals, Table } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { hdf5 } from './index.ts';

/** Bytes of a file that `fill` fills. */
function make(fill: (file: H5File) => void): Uint8Array {
  const file = new h5wasm.File('made.h5', 'w');
  fill(file);
  file.close();
  const bytes = (FS as unknown as { readFile(name: string): Uint8Array }).readFile('made.h5').slice();
  FS?.unlink('made.h5');
  return bytes;
}

function openSignals(): Uint8Array {
  return make((file) => {
    const unit = file.create_group('00:07:80:00:00:02');
    unit.create_attribute('sampling rate', 1000);
    unit.create_attribute('resolution', Int32Array.of(12));
    unit.create_attribute('device', 'bioplux');
    unit.create_attribute('date', '2017-5-30');
    unit.create_attribute('time', '15:34:25.337');
    const raw = unit.create_group('raw');
    const counts = Uint16Array.from({ length: 100 }, (_, index) => 2048 + index);
    const channel = raw.create_dataset({ name: 'channel_2', data: counts, shape: [100, 1] });
    channel.create_attribute('label', 'CH2');
    channel.create_attribute('sensor', 'EMG');
  });
}

beforeAll(async () => {
  await ready;
});

describe('HDF5', () => {
  it('reads OpenSignals at its own resolution', async () => {
    const item = await readOne(hdf5, [memoryFile('rec.h5', openSignals())]);
    const signals = item.artifacts[0].payload as Signals;
    expect(item).toMatchObject({ modality: 'emg', takenAt: '2017-05-30T15:34:25.337', device: 'bioplux' });
    expect(signals.channels[0]).toMatchObject({ name: 'CH2', unit: 'mV', quantity: 'emg' });
    expect(signals.channels[0].values[10]).toBeCloseTo((10 / 4096) * 3, 12);
  });

  it('reads APDM monitors under the names of their segments', async () => {
    const bytes = make((file) => {
      const sensors = file.create_group('Sensors');
      for (const [id, label] of [
        ['4242', 'Lumbar'],
        ['4243', 'Right Thigh'],
      ]) {
        const monitor = sensors.create_group(id);
        const configuration = monitor.create_group('Configuration');
        configuration.create_attribute('Label 0', label);
        configuration.create_attribute('Sample Rate', 128);
        const first = 1_700_000_000_000_000n + (id === '4243' ? 500_000n : 0n);
        monitor.create_dataset({ name: 'Time', data: BigUint64Array.of(first, first + 7812n), shape: [2] });
        for (const name of ['Accelerometer', 'Gyroscope', 'Magnetometer'])
          monitor.create_dataset({
            name,
            data: Float64Array.from({ length: 30 }, (_, index) => index),
            shape: [10, 3],
          });
      }
    });
    const item = await readOne(hdf5, [memoryFile('walk.h5', bytes)]);
    const [first, second] = item.artifacts.map(({ payload }) => payload as Signals);
    const channels = [...first.channels, ...second.channels];
    expect([first.rateHz, first.startS, second.startS]).toEqual([128, 0, 0.5]);
    expect(item.takenAt).toBe('2023-11-14T22:13:20.000Z');
    expect(channels).toHaveLength(18);
    expect(channels[1]).toMatchObject({ name: 'Lumbar.acc_y', unit: 'm/s2', segment: 'lumbar', axis: 'y' });
    expect(channels[9]).toMatchObject({ segment: 'thigh', side: 'right' });
    expect(Array.from(channels[1].values.subarray(0, 3))).toEqual([1, 4, 7]);
  });

  it('reads MATLAB 7.3 with its dimensions turned, behind its block of 512 bytes', async () => {
    const body = make((file) => {
      // 4 samples of x, y, z: MATLAB keeps N × 3 as 3 × N
      const data = Float64Array.from([1, 2, 3, 4, 10, 20, 30, 40, 9, 9, 9, 9]);
      file.create_dataset({ name: 'acc', data, shape: [3, 4] }).create_attribute('MATLAB_class', 'double');
      file
        .create_dataset({ name: 'fs', data: Float64Array.of(200), shape: [1, 1] })
        .create_attribute('MATLAB_class', 'double');
    });
    const head = new Uint8Array(512);
    head.set(utf8('MATLAB 7.3 MAT-file, made for a test'));
    expect(hdf5.sniff(concatBytes([head, body.subarray(0, 512)]), 'x.mat')).toBe('yes');
    const item = await readOne(hdf5, [memoryFile('x.mat', body)]);
    const { channels, rateHz } = item.artifacts[0].payload as Signals;
    expect(rateHz).toBe(200);
    expect(channels.map(({ values }) => Array.from(values))).toEqual([
      [1, 2, 3, 4],
      [10, 20, 30, 40],
      [9, 9, 9, 9],
    ]);
    expect(item.metadata.format).toBe('MATLAB 7.3 (HDF5)');
  });

  it('shows plain datasets as tables', async () => {
    const bytes = make((file) => {
      file.create_dataset({ name: 'A', data: Float32Array.from([1, 2, 3, 4, 5, 6]), shape: [3, 2] });
    });
    const item = await readOne(hdf5, [memoryFile('x.h5', bytes)]);
    expect((item.artifacts[0].payload as Table).columns.map(({ values }) => values)).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  it('withstands damage', async () => {
    await expectRobust(hdf5, [{ name: 'rec.h5', bytes: openSignals() }]);
    // the library still works afterwards
    expect((await hdf5.read([memoryFile('rec.h5', openSignals())])).errors).toEqual([]);
  });
});
