/** The three commands that scripts rely on: their files, columns, units and exit codes, from any folder. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/kernel/index.ts';
import { ROOT } from '../support/source-tree.ts';

let folder: string;

const msdt = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, [join(ROOT, 'bin', 'msdt.js'), ...args], { cwd: folder }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

/** Rows of a CSV without quotes. */
async function table(...parts: string[]): Promise<{ columns: string[]; rows: string[][] }> {
  const [head, ...rows] = (await readFile(join(folder, ...parts), 'utf8')).trim().split(/\r?\n/);
  return { columns: head.split(','), rows: rows.map((row) => row.split(',')) };
}

/** Muscle at 1000 Hz: quiet, and 0.1 mV in every other second. */
function muscle(): string {
  const random = createRandom(5);
  const rows = Array.from({ length: 8000 }, (_, at) => {
    const size = Math.floor(at / 1000) % 2 ? 0.1 : 0.005;
    return `${(at / 1000).toFixed(3)},${(size * random.normal()).toFixed(6)}`;
  });
  return `Time (s),EMG erector spinae L4 left [mV]\n${rows.join('\n')}\n`;
}

/** A sensor that lies level, x to the east. */
function sensor(): string {
  const rows = Array.from({ length: 400 }, (_, at) => `${(at / 100).toFixed(2)},0,0,1,0,0,0,0,20,-40`);
  const names = ['Acc', 'Gyr', 'Mag'].flatMap((name, at) =>
    ['X', 'Y', 'Z'].map((axis) => `${name} ${axis} (${['g', 'deg/s', 'uT'][at]})`),
  );
  return `Time (s),${names.join(',')}\n${rows.join('\n')}\n`;
}

const JOINTS = [
  ...['SpineBase', 'SpineMid', 'Neck', 'Head'],
  ...['Left', 'Right'].flatMap((side) =>
    ['Shoulder', 'Elbow', 'Wrist', 'Hand', 'Hip', 'Knee', 'Ankle', 'Foot'].map((joint) => `${joint}${side}`),
  ),
];

/** A hand that goes up or forward, by one person's size. */
function gesture(action: 'raise' | 'push', size: number): string {
  const rows = Array.from({ length: 60 }, (_, at) => {
    const way = Math.sin((Math.PI * at) / 59) * size;
    const xyz = JOINTS.map((joint, index) => {
      const moves = /^(Wrist|Hand)Left/.test(joint) ? 1 : joint === 'ElbowLeft' ? 0.5 : 0;
      const [up, forward] = action === 'raise' ? [moves * way, 0] : [0, moves * way];
      return [index / 20, index / 10 + up, 2 - forward].map((value) => value.toFixed(4)).join(',');
    });
    return `${(at / 30).toFixed(4)},${xyz.join(',')}`;
  });
  const names = JOINTS.flatMap((joint) => ['x', 'y', 'z'].map((axis) => `${joint}_${axis}`));
  return `time,${names.join(',')}\n${rows.join('\n')}\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msdt-commands-'));
  await mkdir(join(folder, 'my data'));
  await writeFile(join(folder, 'my data', 'emg.csv'), muscle());
  await writeFile(join(folder, 'my data', 'imu.csv'), sensor());
  const lines: Record<string, string[]> = { train: [], test: [] };
  for (const action of ['raise', 'push'] as const)
    for (const [subject, size] of [0.5, 0.6, 0.55].entries()) {
      const name = `${action}-${subject}.csv`;
      await writeFile(join(folder, 'my data', name), gesture(action, size));
      lines[subject === 2 ? 'test' : 'train'].push(`${name},${subject === 2 ? '' : action},s${subject}`);
    }
  for (const [name, rows] of Object.entries(lines))
    await writeFile(join(folder, 'my data', `${name}.csv`), `path,label,subject\n${rows.join('\n')}\n`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('msdt run', { timeout: 120_000 }, () => {
  it('imu-orientation writes time and a unit quaternion in the ENU frame', async () => {
    const { code, stderr } = await msdt(
      'run',
      'imu-orientation',
      '--in',
      'recording=my data/imu.csv',
      '--out',
      'out/imu',
    );
    expect(code, stderr).toBe(0);
    const { columns, rows } = await table('out', 'imu', 'orientation.csv');
    expect(columns).toEqual(['time_s', 'w', 'x', 'y', 'z']);
    expect(rows).toHaveLength(400);
    for (const [at, row] of rows.entries()) {
      const [time, w, x, y, z] = row.map(Number);
      expect(time).toBeCloseTo(at / 100, 9);
      expect(Math.hypot(w, x, y, z)).toBeCloseTo(1, 9);
    }
    // level, and its y axis to the magnetic north
    const [, w, x, y, z] = rows[399].map(Number);
    expect([Math.abs(w), x, y, z]).toEqual([1, 0, 0, 0].map((part) => expect.closeTo(part, 6)));
  });

  it('emg-analysis writes features with their units, and spectra', async () => {
    const path = join(folder, 'my data', 'emg.csv');
    const { code, stderr } = await msdt(
      'run',
      'emg-analysis',
      '--in',
      `recording=${path}`,
      '--out',
      join(folder, 'emg'),
    );
    expect(code, stderr).toBe(0);
    const features = await table('emg', 'features.csv');
    expect(features.columns.slice(0, 9)).toEqual([
      ...['id', 'definition', 'level', 'side', 'value', 'unit', 'low90', 'high90', 'sd'],
    ]);
    const rms = features.rows.find((row) => row[1] === 'emg.recordedRms');
    expect(rms?.slice(2, 4)).toEqual(['L4', 'left']);
    // half of the time 100 µV, half 5 µV
    expect(Number(rms?.[4])).toBeGreaterThan(65);
    expect(Number(rms?.[4])).toBeLessThan(75);
    expect(rms?.[5]).toBe('uV');
    for (const row of features.rows) expect(row[5], row[0]).not.toBe('');
    const spectra = await table('emg', 'spectra.csv');
    expect(spectra.columns[0]).toBe('frequency_hz');
    expect(spectra.columns).toHaveLength(2);
    const frequencies = spectra.rows.map(([hz]) => Number(hz));
    expect(frequencies.every((hz, at) => at === 0 || hz > frequencies[at - 1])).toBe(true);
    expect(spectra.rows.every(([, density]) => Number(density) >= 0)).toBe(true);
    // a second run into the same folder writes the same files over the old ones, and leaves others alone
    await writeFile(join(folder, 'emg', 'notes.txt'), 'mine');
    const before = await readdir(join(folder, 'emg'));
    expect((await msdt('run', 'emg-analysis', '--in', `recording=${path}`, '--out', 'emg')).code).toBe(0);
    expect(await readdir(join(folder, 'emg'))).toEqual(before);
    expect(await table('emg', 'features.csv')).toEqual(features);
  });

  it('action-recognition predicts every row of the test list, whose labels are not read', async () => {
    const lists = ['--in', 'train=my data/train.csv', '--in', 'test=my data/test.csv'];
    const { code, stderr } = await msdt('run', 'action-recognition', ...lists, '--out', 'actions');
    expect(code, stderr).toBe(0);
    const { columns, rows } = await table('actions', 'predictions.csv');
    expect(columns.slice(0, 2)).toEqual(['path', 'predicted']);
    expect(rows.map(([path, predicted]) => [path, predicted])).toEqual([
      ['raise-2.csv', 'raise'],
      ['push-2.csv', 'push'],
    ]);
  });

  it('says what is wrong with a path, and leaves nothing behind', async () => {
    const cases: [string[], number, RegExp][] = [
      [['emg-analysis', '--in', 'recording=nowhere.csv', '--out', 'none'], 1, /Cannot open nowhere\.csv[\s\S]*do: /],
      [['emg-analysis', '--in', 'recording=my data/imu.csv', '--out', 'none'], 1, /holds no signal\.emg[\s\S]*do: /],
      [['emg-analysis', '--in', 'my data/emg.csv', '--out', 'none'], 2, /name=value/],
      [['emg-analysis', '--in', 'recording=my data/emg.csv', '--out', 'my data/emg.csv/x'], 1, /another folder/],
      [['action-recognition', '--in', 'train=my data/emg.csv', '--in', 'test=my data/test.csv'], 1, /column "path"/],
    ];
    for (const [args, exit, words] of cases) {
      const { code, stderr } = await msdt('run', ...args);
      expect(code, args.join(' ')).toBe(exit);
      expect(stderr).toMatch(words);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
