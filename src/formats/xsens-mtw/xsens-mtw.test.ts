import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { Signals } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { xsensMtw } from './index.ts';

const HEADER = '// Start Time: Unknown\n// Update Rate: 60.0Hz\n// Filter Profile: human (46.1)\n';
const NAMES = ['PacketCounter', 'SampleTimeFine', 'Acc_X', 'Acc_Y', 'Acc_Z'];
const MATRIX = [1, 2, 3].flatMap((column) => [1, 2, 3].map((row) => `Mat[${row}][${column}]`));
/** A quarter turn about z, column by column. */
const QUARTER = [0, 1, 0, -1, 0, 0, 0, 0, 1];

function file(rows: (number | string)[][], names: string[], { separator = '\t', header = HEADER } = {}): Uint8Array {
  return utf8(`${header}${[names, ...rows].map((row) => row.join(separator)).join('\n')}\n`);
}

function rows(counters: number[], extra: readonly number[] = []): (number | string)[][] {
  return counters.map((counter) => [String(counter).padStart(5, '0'), '', 0.1, 0.2, 9.8, ...extra]);
}

const MAPPING = utf8(
  '<?xml version="1.0"?><OpenSimDocument><XsensDataReaderSettings><ExperimentalSensors><ExperimentalSensor name="_00B40001"><name_in_model>torso_imu</name_in_model></ExperimentalSensor><ExperimentalSensor name="_00B40002"><name_in_model>femur_r_imu</name_in_model></ExperimentalSensor></ExperimentalSensors></XsensDataReaderSettings></OpenSimDocument>',
);

describe('Xsens MTw', () => {
  it.each(['\t', ',', ';', ' '])('reads matrices with the separator "%s"', async (separator) => {
    const bytes = file(rows([1, 2, 3], QUARTER), [...NAMES, ...MATRIX], { separator });
    const item = await readOne(xsensMtw, [memoryFile('walk_00B40001.txt', bytes)]);
    const { channels, rateHz } = item.artifacts[0].payload as Signals;
    expect(rateHz).toBe(60);
    expect(channels.map(({ name }) => name).slice(0, 4)).toEqual([
      '00B40001.Acc_x',
      '00B40001.Acc_y',
      '00B40001.Acc_z',
      '00B40001.Quat_w',
    ]);
    const quaternion = channels.slice(3).map(({ values }) => values[1]);
    expect(quaternion).toEqual([Math.SQRT1_2, 0, 0, Math.SQRT1_2].map((part) => expect.closeTo(part, 12)));
  });

  it('reads Euler angles as the same turn', async () => {
    const bytes = file(rows([1, 2], [0, 0, 90]), [...NAMES, 'Roll', 'Pitch', 'Yaw']);
    const item = await readOne(xsensMtw, [memoryFile('walk_00B40001.txt', bytes)]);
    const quaternion = (item.artifacts[0].payload as Signals).channels.slice(3).map(({ values }) => values[0]);
    expect(quaternion).toEqual([Math.SQRT1_2, 0, 0, Math.SQRT1_2].map((part) => expect.closeTo(part, 12)));
  });

  it('joins the sensors of a trial on one grid of packets, across the counter’s return to zero', async () => {
    const report = await xsensMtw.read([
      memoryFile('t/walk_00B40001.txt', file(rows([65_534, 65_535, 0, 1]), NAMES)),
      memoryFile('t/walk_00B40002.txt', file(rows([65_534, 0, 1]), NAMES)),
      memoryFile('t/map.xml', MAPPING),
    ]);
    expect(report.items).toHaveLength(1);
    const [item] = report.items;
    const { channels, timeS, clock } = item.artifacts[0].payload as Signals;
    expect([clock, timeS, channels.length, item.files.length]).toEqual(['walk', undefined, 6, 3]);
    expect(channels[0]).toMatchObject({ segment: 'thorax', sensor: '00B40001' });
    expect(channels[3]).toMatchObject({ segment: 'thigh', side: 'right' });
    expect(Array.from(channels[5].values)).toEqual([9.8, Number.NaN, 9.8, 9.8]);
    expect(item.quality).toEqual([expect.objectContaining({ code: 'signal.lost-packets', where: '00B40002' })]);
  });

  it('keeps empty cells empty and says where no rate is given', async () => {
    const body = rows([1, 2, 3]);
    body[1][2] = 'NaN';
    const header = '// General information: \n//  MT Manager version: 2022.2.0 \n//  DeviceId: 00B49999\n';
    const item = await readOne(xsensMtw, [memoryFile('x.txt', file(body, NAMES, { header }))]);
    const { channels, rateHz } = item.artifacts[0].payload as Signals;
    expect([channels[0].values[1], channels[0].sensor, rateHz]).toEqual([Number.NaN, '00B49999', 100]);
    expect(item.quality.map(({ code }) => code)).toEqual(['signal.nominal-rate', 'signal.missing']);
  });

  it('says where packets are out of order or doubled', async () => {
    for (const counters of [
      [1, 3, 2, 4],
      [1, 2, 2, 3],
    ]) {
      const item = await readOne(xsensMtw, [memoryFile('walk_00B40001.txt', file(rows(counters), NAMES))]);
      expect((item.artifacts[0].payload as Signals).channels[0].values).toHaveLength(4);
      expect(item.quality).toEqual([
        expect.objectContaining({ code: 'signal.out-of-order', message: expect.stringContaining('sample 3') }),
      ]);
    }
  });

  it('withstands damage', async () => {
    const bytes = file(rows([1, 2, 3, 4], QUARTER), [...NAMES, ...MATRIX]);
    await expectRobust(xsensMtw, [
      { name: 'walk_00B40001.txt', bytes },
      { name: 'walk_00B40002.txt', bytes },
      { name: 'map.xml', bytes: MAPPING },
    ]);
  });
});
