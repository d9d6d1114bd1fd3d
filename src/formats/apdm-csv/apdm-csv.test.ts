import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { Signals } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { apdmCsv } from './index.ts';

const QUANTITIES = [
  ...['Acceleration', 'Angular Velocity', 'Magnetic Field'].flatMap((what) =>
    ['X', 'Y', 'Z'].map((axis) => `${what}/${axis}`),
  ),
  ...['Scalar', 'X', 'Y', 'Z'].map((axis) => `Orientation/${axis}`),
  'Temperature/Scalar',
];

const LABELS = ['Lumbar', 'Right Upper Leg'];

function studio(): Uint8Array {
  const names = LABELS.flatMap((label) => QUANTITIES.map((quantity) => `${label}/${quantity}`));
  const row = (index: number): string =>
    [(index / 128).toFixed(9), ...names.map((_, column) => column + index / 10)].join(',');
  return utf8(
    `Test Name:,Sit to stand,,\nSample Rate:,128,Hz,\nTime,${names.join(',')}\ns,${names.map(() => 'm/s^2').join(',')}\n${Array.from({ length: 20 }, (_, index) => row(index)).join('\n')}\n`,
  );
}

function mobility(): Uint8Array {
  const labels = ['Format=7', '5718', '', '', 'Lumbar', ...Array(10).fill('')];
  const what = [
    'Time',
    'Accelerometer',
    '',
    '',
    'Gyroscope',
    '',
    '',
    'Magnetometer',
    '',
    '',
    'Barometer',
    'Orientation',
    '',
    '',
    '',
  ];
  const axes = ['', 'X', 'Y', 'Z', 'X', 'Y', 'Z', 'X', 'Y', 'Z', '', 'S', 'X', 'Y', 'Z'];
  const rows = Array.from({ length: 20 }, (_, index) =>
    [1_550_879_504_438_281 + Math.round((index * 1e6) / 128), ...axes.slice(1).map((_, column) => column + index)].join(
      ',',
    ),
  );
  return utf8(`${[labels.join(','), what.join(','), axes.join(','), ...rows].join('\n')}\n`);
}

const fileOf = (text: string) => memoryFile('x.csv', utf8(text));
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('APDM CSV', () => {
  it('reads Motion Studio exports', async () => {
    const report = await apdmCsv.read([memoryFile('x.csv', studio())]);
    const [item] = report.items;
    expect(report.items).toHaveLength(1);
    expect(item).toMatchObject({ modality: 'imu', device: 'APDM Opal', protocol: 'Sit to stand' });
    const { channels, rateHz } = item.artifacts[0].payload as Signals;
    expect(rateHz).toBe(128);
    expect(channels).toHaveLength(26);
    expect(channels[9]).toMatchObject({ name: 'Lumbar.quat_w', axis: 'w', quantity: 'orientation', segment: 'lumbar' });
    expect(channels[13]).toMatchObject({ name: 'Right Upper Leg.acc_x', segment: 'thigh', side: 'right' });
    expect(channels[13].values[2]).toBeCloseTo(14.2, 12);
    expect(item.artifacts[1].kind).toBe('signal.other');
  });

  it('reads Mobility Lab exports with their three lines of names', async () => {
    const item = await readOne(apdmCsv, [memoryFile('x.csv', mobility())]);
    const { channels, rateHz, startS } = item.artifacts[0].payload as Signals;
    expect([rateHz, startS, channels.length]).toEqual([128, 0, 13]);
    expect(channels[9]).toMatchObject({ name: 'Lumbar.quat_w', sensor: 'Lumbar' });
    // the barometer before it is left out
    expect(channels[9].values[0]).toBe(10);
    expect(item.takenAt).toBe('2019-02-22T23:51:44.438Z');
  });

  it('reads the line ends of Windows', async () => {
    for (const bytes of [studio(), mobility()]) {
      const plain = await readOne(apdmCsv, [fileOf(textOf(bytes))]);
      const windows = await readOne(apdmCsv, [fileOf(textOf(bytes).replace(/\n/g, '\r\n'))]);
      expect(windows.artifacts).toEqual(plain.artifacts);
    }
  });

  it('refuses time that does not run forward, and says where', async () => {
    const lines = textOf(studio()).split('\n');
    [lines[8], lines[9]] = [lines[9], lines[8]];
    await expect(readOne(apdmCsv, [fileOf(lines.join('\n'))])).rejects.toMatchObject({
      code: 'file.malformed',
      where: { file: 'x.csv', place: 'data row 6' },
      hint: expect.stringContaining('sort them by time'),
    });
  });

  it('says what is missing in short rows', async () => {
    const lines = textOf(studio()).split('\n');
    lines[8] = lines[8].split(',').slice(0, 3).join(',');
    const { quality } = await readOne(apdmCsv, [fileOf(lines.join('\n'))]);
    expect(quality.find(({ code }) => code === 'signal.missing')?.message).toContain('Lumbar.acc_z');
  });

  it('withstands damage', async () => {
    await expectRobust(apdmCsv, [{ name: 'x.csv', bytes: studio() }]);
    await expectRobust(apdmCsv, [{ name: 'x.csv', bytes: mobility() }]);
  });
});
