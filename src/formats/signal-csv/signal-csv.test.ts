import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import { emgSignals, skeletonSequence } from '../../../tests/support/motion/motion-samples.ts';
import { createRandom } from '../../kernel/index.ts';
import type { PointSequence, ReadOptions, SignalProfile, Signals } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { csv } from '../csv/index.ts';
import { signalCsv } from './index.ts';
import { parseProfile } from './profile.ts';
import { headOf } from './table.ts';

const signalsOf = async (text: string, choices?: ReadOptions['choices'], name = 'a/rec.csv') => {
  const report = await signalCsv.read([memoryFile(name, utf8(text))], { choices });
  if (report.errors[0]) throw report.errors[0].error;
  return report.items.flatMap(({ artifacts }) => artifacts.map(({ payload }) => payload as Signals));
};

const profile = (streams: SignalProfile['streams'], more: Partial<SignalProfile> = {}): string =>
  JSON.stringify({ schemaVersion: 1, name: 'lab', ...more, streams });

const rows = (count: number, of: (row: number) => (number | string)[], separator = ','): string =>
  Array.from({ length: count }, (_, row) => of(row).join(separator)).join('\n');

describe('recordings as tables', () => {
  it('takes a header at its word', async () => {
    const text = `Time (s),Gyroscope X (deg/s),Accelerometer X (g),Erector spinae L4 left [uV]\n${rows(50, (row) => [row / 100, row, 1, -row])}\n`;
    expect(signalCsv.sniff(utf8(text), 'rec.csv')).toBe('yes');
    const [imu, emg] = await signalsOf(text);
    expect(imu).toMatchObject({ rateHz: 100, startS: 0, clock: 'rec' });
    expect(imu.channels.map(({ quantity, unit, axis, sensor }) => [quantity, unit, axis, sensor])).toEqual([
      ['angular-rate', 'deg/s', 'x', 'imu'],
      ['acceleration', '[g]', 'x', 'imu'],
    ]);
    expect(emg.channels[0]).toMatchObject({ site: 'erectorSpinae', level: 'L4', side: 'left', unit: 'uV' });
  });

  it('leaves other tables to the format of tables', () => {
    for (const text of ['level,angle\nL1,3\nL2,4\n', 'time,cost\n1,2\n3,4\n', '1,2\n3,4\n'])
      expect(signalCsv.sniff(utf8(text), 'x.csv')).toBe('no');
  });

  it('knows a header that is longer than what is seen of it', () => {
    const names = Array.from({ length: 120 }, (_, index) => `IMU${index} Acc X (g)`).join(',');
    expect(signalCsv.sniff(utf8(`Time (s),${names}`).subarray(0, 1024), 'x.csv')).toBe('yes');
  });

  it('knows places whose first row is cut off in what is seen', () => {
    const names = Array.from({ length: 20 }, (_, at) => ['x', 'y', 'z'].map((axis) => `Marker ${at}_${axis}`)).flat();
    const text = utf8(
      `time,${names.join()}\n${rows(3, (row) => [row / 100, ...names.map((_, at) => at + 0.123456)])}\n`,
    );
    // the names end within it, the first row does not
    expect(text.indexOf(10)).toBeLessThan(1000);
    expect(text.indexOf(10, text.indexOf(10) + 1)).toBeGreaterThan(1024);
    expect(signalCsv.sniff(text.subarray(0, 1024), 'x.csv')).toBe('yes');
  });

  it('reads a line of units, decimal commas and a preamble', () => {
    const text = utf8(
      `Device;X\nSampling rate;2000\nTime;EMG1\ns;mV\n${rows(30, (row) => [`${row}`.replace('.', ','), '0,5'], ';')}\n`,
    );
    const head = headOf(text);
    expect(head).toMatchObject({ separator: ';', comma: true, preamble: ['Device;X', 'Sampling rate;2000'] });
    expect(head?.columns).toEqual([
      { name: 'Time', unit: 's' },
      { name: 'EMG1', unit: 'mV' },
    ]);
  });

  it('keeps streams of different rates apart, whichever way they lie side by side', async () => {
    const head = 'Time [s],EMG1 [uV],IMU1 Acc X [g]';
    const packed = `${head}\n${rows(4000, (row) => [row / 2000, row % 9, row < 284 ? row : ''])}\n`;
    const [emg, acc] = await signalsOf(packed);
    expect([emg.rateHz, acc.rateHz, acc.channels[0].values.length]).toEqual([2000, 142, 284]);
    const spread = `${head}\n${rows(4000, (row) => [row / 2000, row % 9, row % 14 === 3 ? row : ''])}\n`;
    const [, between] = await signalsOf(spread);
    expect(between.rateHz).toBeCloseTo(2000 / 14, 9);
    expect(between.startS).toBeCloseTo(3 / 2000, 12);
    expect(Array.from(between.channels[0].values.subarray(0, 3))).toEqual([3, 17, 31]);
    // values held until the next sample, at a rate the mapping knows
    const held = rows(4000, (row) => [row % 9, Math.floor((row * 142) / 2000)]);
    const mapping = profile([
      { rateHz: 2000, channels: [{ column: 1, unit: 'uV', quantity: 'emg' }] },
      { rateHz: 142, channels: [{ column: 2, unit: '[g]', quantity: 'acceleration', axis: 'x', sensor: 'IMU1' }] },
    ]);
    const [, kept] = await signalsOf(held, { profile: mapping });
    expect(kept.rateHz).toBe(142);
    expect(Array.from(kept.channels[0].values)).toEqual(Array.from({ length: 284 }, (_, index) => index));
  });

  it('holds muscle at 2000 Hz beside sensors at 284, 142 and 47 Hz, and tells lost packets from silence', async () => {
    const random = createRandom(3);
    const emg = Array.from({ length: 4000 }, () => (random.uniform() - 0.5).toFixed(4));
    // 40 ms of packets that did not arrive: the receiver repeats the last value
    emg.fill(emg[1000], 1000, 1080);
    const text = rows(
      4000,
      (row) => [emg[row], row < 568 ? 1 : '', row < 284 ? row : '', row < 94 ? 20 + row : ''],
      ';',
    );
    const mapping = profile([
      { rateHz: 2000, channels: [{ column: 1, name: 'EMG1', unit: 'mV', quantity: 'emg' }] },
      { rateHz: 284, channels: [{ column: 2, unit: '1', quantity: 'orientation', axis: 'w', sensor: 'S1' }] },
      { rateHz: 142, channels: [{ column: 3, unit: '[g]', quantity: 'acceleration', axis: 'x', sensor: 'S1' }] },
      { rateHz: 47, channels: [{ column: 4, unit: 'uT', quantity: 'magnetic-field', axis: 'x', sensor: 'S1' }] },
    ]);
    const report = await signalCsv.read([memoryFile('pico.csv', utf8(text))], { choices: { profile: mapping } });
    const streams = report.items.flatMap(({ artifacts }) => artifacts.map(({ payload }) => payload as Signals));
    expect(streams.map(({ rateHz, channels }) => [rateHz, channels[0].values.length])).toEqual([
      [2000, 4000],
      [284, 568],
      [142, 284],
      [47, 94],
    ]);
    expect(new Set(streams.map(({ clock }) => clock))).toEqual(new Set(['pico']));
    expect(report.items[0].quality).toEqual([
      expect.objectContaining({
        code: 'signal.repeated',
        where: 'EMG1',
        message: expect.stringContaining('79 samples in all, first at 0.500 s'),
      }),
    ]);
  });

  it('does not take a row that was cut off for a lower rate', async () => {
    const text = `Time (s),EMG1 [uV],Acc X [g]\n${rows(100, (row) => [row / 100, 1, row])}\n1.00,2,\n`;
    const report = await signalCsv.read([memoryFile('x.csv', utf8(text))]);
    const streams = report.items.flatMap(({ artifacts }) => artifacts.map(({ payload }) => payload as Signals));
    expect(streams.map(({ rateHz, channels }) => [rateHz, channels[0].values.length])).toEqual([
      [100, 101],
      [100, 101],
    ]);
    expect(report.items.flatMap(({ quality }) => quality.map(({ code, where }) => [code, where]))).toEqual([
      ['signal.missing', 'Acc X'],
    ]);
  });

  it('reads pairs of time and value', async () => {
    const text = `X[s],EMG 1[V],X[s],ACC X[g]\n${rows(100, (row) => (row < 50 ? [row / 1000, 1, row / 500, 2] : [row / 1000, 1, '', '']))}\n`;
    const [emg, acc] = await signalsOf(text);
    expect([emg.rateHz, acc.rateHz, acc.channels[0].values.length]).toEqual([1000, 500, 50]);
  });

  it('applies a mapping: scale, offset, place and rate', async () => {
    const mapping = profile(
      [
        {
          rateHz: 2000,
          channels: [
            {
              column: 2,
              name: 'EMG1',
              unit: 'mV',
              quantity: 'emg',
              scale: 0.5,
              offset: -1,
              site: 'erectorSpinae',
              level: 'L4',
              side: 'left',
            },
          ],
        },
      ],
      { skipLines: 1 },
    );
    const [emg] = await signalsOf(`9\t9\n${rows(20, (row) => [row, row], '\t')}\n`, { profile: mapping }, 'x.txt');
    expect(emg.rateHz).toBe(2000);
    expect(emg.channels[0]).toMatchObject({ name: 'EMG1', unit: 'mV', level: 'L4', side: 'left' });
    expect(Array.from(emg.channels[0].values.subarray(0, 3))).toEqual([-1, -0.5, 0]);
  });

  it('lets a mapping among the files hold for them, and adopts plain tables then', async () => {
    const mapping = memoryFile(
      'lab.profile.json',
      utf8(profile([{ rateHz: 100, channels: [{ column: 1, unit: 'V', quantity: 'emg' }] }])),
    );
    expect(signalCsv.sniff(await mapping.head(1024), mapping.name)).toBe('yes');
    expect(signalCsv.adopts(csv, [mapping], {})).toBe(true);
    expect(signalCsv.adopts(csv, [], {})).toBe(false);
    const item = await readOne(signalCsv, [mapping, memoryFile('x.csv', utf8('1,2\n3,4\n'))]);
    expect(item.files).toEqual(['x.csv', 'lab.profile.json']);
    expect((await signalCsv.read([mapping])).skipped).toHaveLength(1);
  });

  it('reads places by the names of their columns', async () => {
    const joints = ['SpineBase', 'SpineMid', 'Neck', 'Head', 'ShoulderLeft', 'KneeRight', 'Camera'];
    const header = joints.flatMap((joint) => ['x', 'y', 'z'].map((axis) => `${joint}_${axis}`)).join(',');
    const text = `time,${header}\n${rows(20, (row) => [row / 25, ...joints.flatMap((_, joint) => [joint / 10, 1, row])])}\n`;
    expect(signalCsv.sniff(utf8(text), 'kinect.csv')).toBe('yes');
    const item = await readOne(signalCsv, [memoryFile('kinect.csv', utf8(text))], { choices: { up: '+y' } });
    expect(item.artifacts[0].kind).toBe('sequence.skeleton');
    const skeleton = item.artifacts[0].payload as PointSequence;
    expect(skeleton.names).toEqual(['pelvis', 'spine', 'neck', 'head', 'shoulder.left', 'knee.right', 'Camera']);
    expect(skeleton).toMatchObject({ rateHz: 25, up: '+y', parents: [-1, 0, 1, 2, 1, 0, -1] });
    expect(Array.from(skeleton.positions.subarray(3, 6))).toEqual([100, 1000, 0]);
    const markers = `Time (s),A_x [mm],A_y [mm],A_z [mm],B_x [mm],B_y [mm],B_z [mm],C_x [mm],C_y [mm],C_z [mm]\n0,1,2,3,4,5,6,7,8,9\n0.01,1,2,,4,5,6,7,8,9\n`;
    const found = await readOne(signalCsv, [memoryFile('m.csv', utf8(markers))]);
    expect(found.artifacts[0]).toMatchObject({
      kind: 'sequence.markers',
      payload: { names: ['A', 'B', 'C'], rateHz: 100 },
    });
    // vectors of sensors are no places
    const sensors = `time,${['a', 'b', 'c'].flatMap((name) => ['x', 'y', 'z'].map((axis) => `${name}_acc_${axis}`)).join(',')}\n${rows(4, (row) => Array(10).fill(row))}\n`;
    expect((await readOne(signalCsv, [memoryFile('s.csv', utf8(sensors))])).artifacts[0].kind).toBe('signal.imu');
  });

  it('says where a mapping is wrong', async () => {
    const cases: [string, string][] = [
      ['{', 'the whole of it'],
      ['{"schemaVersion":2}', 'schemaVersion'],
      [profile([]), 'streams'],
      [profile([{ channels: [{ column: 1, unit: 'parsec' as 'V', quantity: 'emg' }] }]), 'streams[0].channels[0].unit'],
      [profile([{ rateHz: -1, channels: [{ column: 1, unit: 'V', quantity: 'emg' }] }]), 'streams[0].rateHz'],
    ];
    for (const [text, place] of cases) {
      let caught: unknown;
      try {
        parseProfile(text, 'x');
      } catch (error) {
        caught = error;
      }
      expect(caught, text).toMatchObject({ code: 'parameter.invalid', where: { place } });
    }
    const missing = profile([{ rateHz: 1, channels: [{ column: 'EMG', unit: 'V', quantity: 'emg' }] }]);
    await expect(signalsOf('a,b\n1,2\n', { profile: missing })).rejects.toMatchObject({
      where: { place: 'column EMG' },
    });
    await expect(signalsOf('Time,EMG [V]\n1,2\n1,3\n')).rejects.toMatchObject({ where: { place: 'data row 2' } });
  });

  it('reads the simple text format, counts as counts', async () => {
    const text = `# Simple Text Format\n# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= EMG\n${rows(20, (row) => [2048 + row])}\n`;
    expect(signalCsv.sniff(utf8(text), 'emg.txt')).toBe('yes');
    const [emg] = await signalsOf(text, undefined, 'emg.txt');
    expect([emg.rateHz, emg.channels[0].unit, emg.channels[0].quantity]).toEqual([1000, '{count}', 'emg']);
  });

  it('writes units into the header, with or without the line that carries the rest', () => {
    const signals = emgSignals(4);
    const write = (choices: Record<string, string>) => {
      const [file] = (signalCsv.write?.({ kind: 'signal.emg', payload: signals, name: 'a' }, { choices }) ?? []) as {
        bytes: Uint8Array;
      }[];
      return new TextDecoder().decode(file.bytes).split('\n');
    };
    expect(write({ about: 'no' })[0]).toBe('time_s,"EMG1 [uV]","EMG2 [uV]"');
    expect(write({})[0]).toMatch(/^# msdt-recording \{"kind":"signal.emg"/);
    expect(write({ about: 'no' })[2].split(',')[0]).toBe('0.2505');
  });

  it('withstands damage', async () => {
    const text = utf8(`Time (s),Gyroscope X (deg/s),EMG [uV]\n${rows(60, (row) => [row / 100, row, 1])}\n`);
    await expectRobust(signalCsv, [{ name: 'x.csv', bytes: text }]);
    const mapping = profile([{ rateHz: 100, channels: [{ column: 1, unit: 'V', quantity: 'emg' }] }]);
    await expectRobust(signalCsv, [
      { name: 'x.profile.json', bytes: utf8(mapping) },
      { name: 'x.csv', bytes: utf8(rows(30, (row) => [row, row])) },
    ]);
    const [own] =
      (await signalCsv.write?.({ kind: 'sequence.skeleton', payload: skeletonSequence(), name: 'a' })) ?? [];
    await expectRobust(signalCsv, [own]);
  });
});
