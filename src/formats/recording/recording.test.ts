import { describe, expect, it } from 'vitest';
import { memoryFile, mesh, plainMesh } from '../../../tests/support/formats/formats.ts';
import { createRandom } from '../../kernel/index.ts';
import type { CloudSequence, MeshSequence, QualityFlag, SignalChannel, Signals } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { glb } from '../glb/index.ts';
import { obj } from '../obj/index.ts';
import { ply } from '../ply/index.ts';
import { gyroUnit } from './gyro-unit.ts';
import { recordingItems } from './items.ts';
import { numberColumns } from './number-columns.ts';
import { repeatFlags, repeatRuns } from './repeats.ts';
import { timeBaseOf } from './times.ts';
import { axisOf, quantityOf, segmentOf, unitOfText } from './words.ts';

const random = createRandom(12);

function noise(count: number, step = 0): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const value = random.uniform() * 2 - 1;
    return step > 0 ? Math.round(value / step) * step : value;
  });
}

describe('lost packets', () => {
  it('are found in noise and in coarse counts, and nothing else is', () => {
    const fine = noise(20_000);
    expect(repeatRuns(fine)).toEqual([]);
    fine.fill(fine[5000], 5000, 5030);
    expect(repeatRuns(fine)).toEqual([{ start: 5000, end: 5029 }]);
    // three values alone: one neighbour in three is equal, runs of ten are nothing special
    const coarse = noise(20_000, 1);
    expect(repeatRuns(coarse)).toEqual([]);
    coarse.fill(coarse[100], 100, 180);
    expect(repeatRuns(coarse)).toHaveLength(1);
  });

  it('concern a sensor only where all of it repeats', () => {
    const still = new Float64Array(5000).fill(1);
    const moving = noise(5000);
    const channel = (values: Float64Array, axis: 'x' | 'y'): SignalChannel => ({
      name: `acc_${axis}`,
      unit: '[g]',
      values,
      quantity: 'acceleration',
      axis,
      sensor: 'S1',
    });
    const signals = (): Signals => ({
      clock: 'x',
      startS: 0,
      rateHz: 100,
      channels: [channel(still, 'x'), channel(moving, 'y')],
    });
    expect(repeatFlags(signals())).toEqual([]);
    moving.fill(0.25, 1000, 1040);
    expect(repeatFlags(signals())).toEqual([
      expect.objectContaining({ code: 'signal.repeated', where: 'S1', message: expect.stringContaining('39 samples') }),
    ]);
  });
});

describe('words of recordings', () => {
  it('know units however they are written', () => {
    const written = ['m/s^2', '[uV]', 'µV', 'deg/s', '(g)', 'microvolts', '°', 'Nm', 'rad/s', 'furlong'];
    expect(written.map(unitOfText)).toEqual([
      'm/s2',
      'uV',
      'uV',
      'deg/s',
      '[g]',
      'uV',
      'deg',
      'N.m',
      'rad/s',
      undefined,
    ]);
  });

  it('know quantities, axes and places', () => {
    expect(
      ['Accelerometer X', 'Gyr_Y', 'EMG3', 'Mag_Z', 'Quat_q2', 'hip_flexion_r', 'image'].map((name) =>
        quantityOf(name),
      ),
    ).toEqual(['acceleration', 'angular-rate', 'emg', 'magnetic-field', 'orientation', 'angle', 'other']);
    expect(['Acc_X', 'accx', 'Quat_q0', 'Lumbar/Orientation/Scalar', 'load'].map(axisOf)).toEqual([
      'x',
      'x',
      'w',
      'w',
      undefined,
    ]);
    expect(['femur_r_imu', 'LeftShank', 'torso_imu', 'L5', 'desk'].map(segmentOf)).toEqual([
      { segment: 'thigh', side: 'right' },
      { segment: 'shank', side: 'left' },
      { segment: 'thorax' },
      { segment: 'lumbar' },
      {},
    ]);
  });
});

describe('rates without a unit', () => {
  it('are weighed against the turn of gravity', () => {
    const rateHz = 100;
    const times = Float64Array.from({ length: 3000 }, (_, index) => index / rateHz);
    // a slow bend of half a radian about x, never faster than 18 deg/s
    const angle = times.map((time) => 0.5 * Math.sin(0.2 * Math.PI * time));
    const still = new Float64Array(times.length);
    const acc = [still, angle.map((rad) => 9.8 * Math.sin(rad)), angle.map((rad) => 9.8 * Math.cos(rad))];
    const radians = times.map((time) => 0.1 * Math.PI * Math.cos(0.2 * Math.PI * time));
    const degrees = radians.map((rate) => (rate * 180) / Math.PI);
    expect(gyroUnit([radians, still, still], acc, rateHz)).toEqual({ unit: 'rad/s', measured: true });
    expect(gyroUnit([degrees, still, still], acc, rateHz)).toEqual({ unit: 'deg/s', measured: true });
    // about the vertical nothing can be told: what a person can do decides
    expect(gyroUnit([still, still, radians], [still, still, still.map(() => 9.8)], rateHz).measured).toBe(false);
    expect(gyroUnit([degrees.map((rate) => rate * 10), still, still], undefined, rateHz)).toEqual({
      unit: 'deg/s',
      measured: false,
    });
  });
});

describe('numbers and times', () => {
  it('read separators, decimal commas, empty cells and short rows', () => {
    const read = (text: string, separator: ';' | ',' | 'white', comma = false) =>
      numberColumns(utf8(text), { start: 0, width: 3, file: 'x', separator, comma }).map((column) =>
        Array.from(column),
      );
    expect(read('1;2,5;\r\n3;;4,25\r\n', ';', true)).toEqual([
      [1, 3],
      [2.5, Number.NaN],
      [Number.NaN, 4.25],
    ]);
    expect(read('  1 2 3\n\n4 5\n', 'white')).toEqual([
      [1, 4],
      [2, 5],
      [3, Number.NaN],
    ]);
    expect(() => read('1,x,3\n', ',')).toThrow(/not a number/);
  });

  it('leave out a last row that was cut off, and say so', () => {
    const read = (text: string) => {
      const quality: QualityFlag[] = [];
      const [, last] = numberColumns(utf8(text), { start: 0, width: 2, file: 'x', separator: ',', quality });
      return [Array.from(last), quality.map(({ where }) => where)];
    };
    expect(read('1,2\n3,4\n5')).toEqual([[2, 4], ['data row 3']]);
    // a short row in front of it, or a line end behind it, is how the file was meant
    expect(read('1,2\n3\n5')).toEqual([[2, Number.NaN, Number.NaN], []]);
    expect(read('1,2\n3,4\n5\n')).toEqual([[2, 4, Number.NaN], []]);
  });

  it('keep times that are not even', () => {
    expect(
      timeBaseOf(Float64Array.from({ length: 2000 }, (_, index) => Number((3 + index / 1200).toFixed(6)))),
    ).toEqual({
      startS: 3,
      rateHz: 1200,
    });
    const jittered = Float64Array.from({ length: 50 }, (_, index) => index / 100 + (index % 7 === 0 ? 0.003 : 0));
    expect(timeBaseOf(jittered).timeS).toEqual(jittered);
  });

  it('keep streams of one file at their own rates, sorted by what they measure', () => {
    const emg: SignalChannel = { name: 'EMG', unit: 'uV', values: noise(2000), quantity: 'emg' };
    const extra: SignalChannel = { name: 'trigger', unit: '1', values: noise(2000), quantity: 'other' };
    const acc: SignalChannel = { name: 'acc', unit: '[g]', values: noise(142), quantity: 'acceleration' };
    const items = recordingItems({
      files: ['x.csv'],
      format: 'test',
      streams: [
        { clock: 'x', startS: 0, rateHz: 2000, channels: [extra, emg] },
        { clock: 'x', startS: 0, rateHz: 142.5, channels: [acc] },
      ],
    });
    expect(items.map(({ modality, artifacts }) => [modality, ...artifacts.map(({ kind }) => kind)])).toEqual([
      ['emg', 'signal.other', 'signal.emg'],
      ['imu', 'signal.imu'],
    ]);
    expect(items[1].metadata.rateHz).toBe('142.5');
    expect(() =>
      recordingItems({ files: ['x'], format: 'test', streams: [{ clock: 'x', startS: 0, rateHz: 1, channels: [] }] }),
    ).toThrow(/Nothing was recorded/);
  });
});

describe('numbered surfaces', () => {
  const written = async (scale: number, name: string, divisions?: number) => {
    const payload = divisions ? { ...mesh(divisions), vertexData: undefined } : plainMesh();
    payload.positions = payload.positions.map((value) => value * scale);
    const [file] = (await ply.write?.({ kind: 'mesh.other', payload, name: 'x' })) ?? [];
    return memoryFile(name, file.bytes);
  };

  it('with the same triangles are one moving surface', async () => {
    const files = await Promise.all([3, 1, 2].map((index) => written(1 + index / 10, `run/body_${index}.ply`)));
    const { items } = await ply.read(files, { choices: { rateHz: '25', up: '+y' } });
    expect(items).toHaveLength(1);
    const sequence = items[0].artifacts[0].payload as MeshSequence;
    expect(sequence).toMatchObject({ rateHz: 25, frame: 'lab', up: '+y', clock: 'body' });
    expect([sequence.positions.length, sequence.triangles.length]).toEqual([3, 1]);
    expect(sequence.positions[0][0]).toBeCloseTo(plainMesh().positions[0] * 1.1, 3);
    expect((await ply.read(files, { choices: { sequence: 'no' } })).items).toHaveLength(3);
  });

  it('of other shapes are vertebrae, unless their numbers are padded or the user says so', async () => {
    const named = (name: (index: number) => string) =>
      Promise.all([1, 2, 3, 4, 5].map((index) => written(1, name(index), 4 + index)));
    const vertebrae = await named((index) => `L${index}.ply`);
    expect((await ply.read(vertebrae)).items).toHaveLength(5);
    const told = await ply.read(vertebrae, { choices: { sequence: 'yes' } });
    expect((told.items[0].artifacts[0].payload as MeshSequence).triangles).toHaveLength(5);
    const { items } = await ply.read(await named((index) => `scan_00${2 * index}.ply`));
    expect(items).toHaveLength(1);
    // every second frame: half of the nominal rate
    expect((items[0].artifacts[0].payload as MeshSequence).rateHz).toBe(15);
    expect(items[0].quality[0].code).toBe('motion.nominal-rate');
  });

  it('of a body of a metre or two are taken to be in metres, and GLB keeps its up', async () => {
    const text = utf8('v 0 0 0\nv 1.7 0 0\nv 0 0.5 0\nf 1 2 3\n');
    const { items } = await obj.read([memoryFile('b_1.obj', text), memoryFile('b_2.obj', text)]);
    expect((items[0].artifacts[0].payload as MeshSequence).positions[0][3]).toBeCloseTo(1700, 3);
    expect(items[0].quality.map(({ code }) => code)).toContain('mesh.unit-doubt');
    const [one] = (await glb.write?.({ kind: 'mesh.other', payload: plainMesh(), name: 'x' })) ?? [];
    const glbs = await glb.read([memoryFile('b_1.glb', one.bytes), memoryFile('b_2.glb', one.bytes)]);
    expect(glbs.items[0].artifacts[0].payload).toMatchObject({ up: '+z' });
  });

  it('without faces are a cloud in time', async () => {
    const text = (z: number): Uint8Array =>
      utf8(
        `ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 ${z}\n100 0 0\n`,
      );
    const files = [0, 1, 2, 3, 4].map((index) => memoryFile(`c_000${index}.ply`, text(index)));
    const cloud = (await ply.read(files)).items[0].artifacts[0].payload as CloudSequence;
    expect(cloud.positions.map((frame) => frame[2])).toEqual([0, 1, 2, 3, 4]);
  });
});
