/** Marker files, OpenSim tables, ANC and BVH of the real data: every file is read, with the counts its source names. */

import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anc, bvh, mot, trc } from '../../src/formats/index.ts';
import { frameCount, sampleCount } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { payloadOf, readData } from '../support/motion/motion-data.ts';

const MARKERS: readonly (readonly [file: string, markers: number, frames: number, rateHz: number])[] = [
  ['opensim-hamner-running/subject02_running.trc', 41, 600, 60],
  ['emg-rajagopal-walk/motion_capture_walk.trc', 41, 238, 100],
  ['opensim-addbiomechanics-expert1/squats1.trc.gz', 51, 1302, 100],
  ['opensim-addbiomechanics-expert1/walking1.trc', 51, 143, 100],
  ['c3d-opensim-walking/std_walking2_markers.trc', 44, 126, 25.04],
];

const TABLES: readonly (readonly [
  file: string,
  kind: 'signal.angle' | 'signal.force' | 'signal.measure' | 'signal.orientation',
  channels: number,
  rows: number,
  rateHz: number,
])[] = [
  ['opensim-hamner-running/subject02_running_ik.mot', 'signal.angle', 37, 599, 60],
  ['opencap/squats1_videoAndMocap.mot', 'signal.angle', 35, 801, 100],
  ['opensim-addbiomechanics-expert1/squatsAsym1.mot.gz', 'signal.angle', 35, 1318, 100],
  ['emg-rajagopal-walk/grf_walk.mot', 'signal.force', 18, 4778, 2000],
  ['emg-rajagopal-walk/moco_emg.sto', 'signal.measure', 8, 2341, 2000],
  ['imu-opensense/MT_012005D6_009-quaternions_RHJCSwinger.sto', 'signal.orientation', 32, 1401, 100],
];

const there = ([file]: readonly [string, ...unknown[]]) => existsSync(dataPath(...file.split('/')));

describe('marker files', () => {
  for (const entry of MARKERS) {
    const [file, count, frames, rateHz] = entry;
    it.skipIf(!there(entry))(`${file}: ${count} markers, ${frames} frames`, async () => {
      const markers = payloadOf(await readData(trc, file.split('/')), 'sequence.markers');
      expect([markers.names.length, frameCount(markers)]).toEqual([count, frames]);
      expect(new Set(markers.names).size).toBe(count);
      expect(markers.rateHz).toBeCloseTo(rateHz, 2);
    });
  }
});

describe('OpenSim tables', () => {
  for (const entry of TABLES) {
    const [file, kind, channels, rows, rateHz] = entry;
    it.skipIf(!there(entry))(`${file}: ${kind}`, async () => {
      const signals = payloadOf(await readData(mot, file.split('/')), kind);
      expect([signals.channels.length, sampleCount(signals)]).toEqual([channels, rows]);
      expect(signals.rateHz).toBeCloseTo(rateHz, 6);
    });
  }
});

describeWithData('emg-rajagopal-walk', () => {
  it('reads ten muscles at 2000 Hz, scaled by their range', async () => {
    const emg = payloadOf(await readData(anc, ['emg-rajagopal-walk', 'emg_walk_raw.anc']), 'signal.emg');
    expect(emg).toMatchObject({ rateHz: 2000, startS: 0 });
    expect(sampleCount(emg)).toBe(4780);
    expect(emg.channels.map(({ site }) => site)).toEqual([
      'soleus',
      'gastrocnemius',
      'tibialisAnterior',
      'medialHamstrings',
      'bicepsFemoris',
      'vastusLateralis',
      'vastusMedialis',
      'rectusFemoris',
      'gluteusMaximus',
      'gluteusMedius',
    ]);
    // first counts −197 and 463, ranges 2500 and 1000 mV
    expect(emg.channels[0].values[0]).toBeCloseTo((-197 * 2500) / 32_768, 4);
    expect(emg.channels[3].values[0]).toBeCloseTo((463 * 1000) / 32_768, 4);
  });
});

describeWithData('bvh-cmu', () => {
  it('stands every person on the floor at a person’s height', async () => {
    const files = readdirSync(dataPath('bvh-cmu')).filter((name) => name.endsWith('.bvh'));
    expect(files.length).toBeGreaterThan(30);
    for (const name of files) {
      const item = await readData(bvh, ['bvh-cmu', name]);
      const skeleton = payloadOf(item, 'sequence.skeleton');
      expect(skeleton.rateHz, name).toBe(120);
      const at = (joint: string) => skeleton.positions[3 * skeleton.names.indexOf(joint) + 1];
      const head = at('head') - Math.min(at('ankle.left'), at('ankle.right'));
      expect(head > 1100 && head < 1750, `${name}: ${head}`).toBe(true);
      // bones keep their length
      const bone = (frame: number) => {
        const [a, b] = ['hip.left', 'knee.left'].map(
          (joint) => 3 * (frame * skeleton.names.length + skeleton.names.indexOf(joint)),
        );
        return Math.hypot(...[0, 1, 2].map((axis) => skeleton.positions[a + axis] - skeleton.positions[b + axis]));
      };
      expect(Math.abs(bone(0) - bone(frameCount(skeleton) - 1)), name).toBeLessThan(0.01);
    }
  });
});
