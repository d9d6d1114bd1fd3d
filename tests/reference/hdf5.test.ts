/** HDF5 recordings through our reader and through h5py's. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { hdf5 } from '../../src/formats/index.ts';
import type { Signals } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile, readOne } from '../support/formats/formats.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'hdf5_h5py.py');
const folder = mkdtempSync(join(tmpdir(), 'msdt-hdf5-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signalsIn = async (path: string): Promise<Signals> => {
  const item = await readOne(hdf5, [memoryFile(path, new Uint8Array(readFileSync(path)))]);
  return item.artifacts[0].payload as Signals;
};

interface Read {
  rate: number;
  bits: number[];
  channels: Record<string, { count: number; sum: number; values: number[] }>;
}

describeWithPython('h5py', () => {
  it('writes datasets that we read: chunks, deflate, shuffle, both byte orders', async () => {
    const path = join(folder, 'made.h5');
    runPython(SCRIPT, ['make', path]);
    const { channels, rateHz } = await signalsIn(path);
    expect(rateHz).toBe(285.714);
    const [x, y, z] = channels.filter(({ quantity }) => quantity === 'acceleration');
    for (const at of [0, 1, 511, 512, 4999]) {
      expect(x.values[at]).toBe(Math.sin(at / 50));
      expect(y.values[at]).toBe(Math.cos(at / 70));
      expect(z.values[at]).toBe(9.81);
    }
    const gyr = channels.find(({ name }) => name === 'gyr_y');
    expect(gyr?.values[700]).toBe(Math.fround(Math.cos(10) * 0.01));
  });

  describeWithData('emg-biosignalsnotebooks', () => {
    it('reads the counts that our millivolts come from', async () => {
      const paths = ['emg_bursts.h5', 'emg_fatigue.h5'].map((name) => dataPath('emg-biosignalsnotebooks', name));
      const lines = runPython(SCRIPT, ['read', ...paths])
        .trim()
        .split('\n');
      for (const [index, path] of paths.entries()) {
        const { rate, bits, channels } = JSON.parse(lines[index]) as Read;
        const ours = await signalsIn(path);
        expect(ours.rateHz).toBe(rate);
        const [{ count, sum, values }] = Object.values(channels);
        const counts = Array.from(ours.channels[0].values, (mv) => Math.round((mv / 3 + 0.5) * 2 ** bits[0]));
        expect(counts).toHaveLength(count);
        expect(counts.reduce((total, value) => total + value, 0)).toBe(sum);
        expect(values.map((_, n) => counts[(n * 7919 + 13) % count])).toEqual(values);
      }
    });
  });
});
