import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import type { DepthSequence, PointSequence, Signals, Table } from '../../model/index.ts';
import { concatBytes, utf8 } from '../bytes.ts';
import { parseMat } from './elements.ts';
import { mat } from './index.ts';

type Item = {
  name?: string;
  of: 'double' | 'uint16' | 'int8' | 'char' | 'cell' | 'struct';
  size: number[];
  body: unknown;
};

const CLASS = { cell: 1, struct: 2, char: 4, double: 6, int8: 8, uint16: 11 };

/** A small writer of level-5 files, after the same description as the reader. */
function element(type: number, body: Uint8Array, little: boolean): Uint8Array {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, type, little);
  head.setUint32(4, body.length, little);
  return concatBytes([new Uint8Array(head.buffer), body, new Uint8Array((8 - (body.length % 8)) % 8)]);
}

function numbers(type: 'double' | 'uint16' | 'int8' | 'int32' | 'uint32', values: readonly number[], little: boolean) {
  const width = { double: 8, uint16: 2, int8: 1, int32: 4, uint32: 4 }[type];
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (const [index, value] of values.entries()) {
    if (type === 'double') view.setFloat64(index * 8, value, little);
    else if (type === 'uint16') view.setUint16(index * 2, value, little);
    else if (type === 'int8') view.setInt8(index, value);
    else view.setInt32(index * 4, value, little);
  }
  const mi = { double: 9, uint16: 4, int8: 1, int32: 5, uint32: 6 }[type];
  return element(mi, new Uint8Array(view.buffer), little);
}

function matrix({ name = '', of, size, body }: Item, little = true): Uint8Array {
  const parts = [
    numbers('uint32', [CLASS[of], 0], little),
    numbers('int32', size, little),
    element(1, utf8(name), little),
  ];
  if (of === 'cell') for (const item of body as Item[]) parts.push(matrix(item, little));
  else if (of === 'struct') {
    const fields = body as [string, Item][];
    // the width of field names, as the small form MATLAB itself writes
    const width = new DataView(new ArrayBuffer(8));
    if (little) {
      width.setUint32(0, (4 << 16) | 5, true);
      width.setInt32(4, 32, true);
    } else {
      width.setUint32(0, (4 << 16) | 5);
      width.setInt32(4, 32);
    }
    parts.push(new Uint8Array(width.buffer));
    parts.push(element(1, concatBytes(fields.map(([field]) => utf8(field.padEnd(32, '\0')))), little));
    for (const [, item] of fields) parts.push(matrix(item, little));
  } else if (of === 'char')
    parts.push(
      numbers(
        'uint16',
        [...(body as string)].map((letter) => letter.charCodeAt(0)),
        little,
      ),
    );
  else parts.push(numbers(of, body as number[], little));
  return element(14, concatBytes(parts), little);
}

function file(items: Item[], { packed = true, little = true } = {}): Uint8Array {
  const head = new Uint8Array(128).fill(32);
  head.set(utf8('MATLAB 5.0 MAT-file, made for a test'));
  head.set(little ? [0, 1, 0x49, 0x4d] : [1, 0, 0x4d, 0x49], 124);
  const blocks = items.map((item) => {
    const plain = matrix(item, little);
    if (!packed) return plain;
    const body = zlibSync(plain);
    const tag = new DataView(new ArrayBuffer(8));
    tag.setUint32(0, 15, little);
    tag.setUint32(4, body.length, little);
    return concatBytes([new Uint8Array(tag.buffer), body]);
  });
  return concatBytes([head, ...blocks]);
}

/** N × C, first index fastest. */
const grid = (rows: number, columns: number, of: (row: number, column: number) => number): number[] =>
  Array.from({ length: rows * columns }, (_, index) => of(index % rows, Math.floor(index / rows)));

const TRIAL: Item[] = [
  { name: 'imu_gyr', of: 'double', size: [50, 3], body: grid(50, 3, (row, column) => Math.sin(row) * 0.1 + column) },
  { name: 'imu_acc', of: 'double', size: [50, 3], body: grid(50, 3, (_, column) => (column === 2 ? 9.8 : 0)) },
  { name: 'imu_mag', of: 'double', size: [50, 3], body: grid(50, 3, () => 20) },
  {
    name: 'opt_quat',
    of: 'double',
    size: [50, 4],
    body: grid(50, 4, (row, column) => (row === 7 ? Number.NaN : Number(column === 0))),
  },
  { name: 'movement', of: 'int8', size: [50, 1], body: grid(50, 1, (row) => Number(row > 25)) },
  { name: 'sampling_rate', of: 'double', size: [1, 1], body: [2000 / 7] },
  { name: 'info', of: 'char', size: [1, 4], body: 'test' },
];

describe('MATLAB 5', () => {
  it.each([
    { packed: true, little: true },
    { packed: false, little: true },
    { packed: false, little: false },
    { packed: true, little: false },
  ])('reads cells, structures, text and numbers ($packed, $little)', async (way) => {
    const inner: Item = { of: 'uint16', size: [1, 3], body: [1, 2, 65_535] };
    const bytes = file(
      [
        { name: 'c', of: 'cell', size: [1, 2], body: [inner, { of: 'char', size: [1, 2], body: 'µV' }] },
        { name: 's', of: 'struct', size: [1, 1], body: [['acc', inner]] },
      ],
      way,
    );
    const { variables } = await parseMat(bytes, 'x.mat');
    const [numbersOf, text] = (variables.get('c') as unknown as { cells: { data: Uint16Array; text: string }[] }).cells;
    expect(Array.from(numbersOf.data)).toEqual([1, 2, 65_535]);
    expect(text.text).toBe('µV');
    expect(variables.get('s')).toMatchObject({ type: 'struct', fields: { acc: [{ type: 'numbers' }] } });
  });

  it('reads an inertial trial with its optical reference', async () => {
    const item = await readOne(mat, [memoryFile('x/trial.mat', file(TRIAL))]);
    const [imu, reference] = item.artifacts.map(({ payload }) => payload as Signals);
    expect(imu).toMatchObject({ clock: 'trial', startS: 0, rateHz: 2000 / 7 });
    expect(imu.channels.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'gyr_x rad/s',
      'gyr_y rad/s',
      'gyr_z rad/s',
      'acc_x m/s2',
      'acc_y m/s2',
      'acc_z m/s2',
      'mag_x uT',
      'mag_y uT',
      'mag_z uT',
    ]);
    expect(imu.channels[1].values[3]).toBeCloseTo(Math.sin(3) * 0.1 + 1, 15);
    expect(reference.channels.map(({ name }) => name)).toEqual([
      'opt_quat_w',
      'opt_quat_x',
      'opt_quat_y',
      'opt_quat_z',
      'movement',
    ]);
    expect(reference.channels[0].values[7]).toBeNaN();
    expect(item.artifacts[1].kind).toBe('signal.orientation');
  });

  it('turns Kinect joints into the camera frame', async () => {
    const body = Array.from({ length: 20 * 3 * 2 }, (_, index) => index / 100);
    const item = await readOne(mat, [
      memoryFile('a1_s1_t1_skeleton.mat', file([{ name: 'd_skel', of: 'double', size: [20, 3, 2], body }])),
    ]);
    const skeleton = item.artifacts[0].payload as PointSequence;
    expect(skeleton).toMatchObject({ frame: 'camera', up: '-y', rateHz: 30, clock: 'a1_s1_t1_skeleton' });
    expect(item.quality).toEqual([expect.objectContaining({ code: 'motion.nominal-rate', severity: 'doubt' })]);
    // joint 3 of frame 1: the source's (0.63, 0.83, 1.03) m
    const at = (1 * 20 + 3) * 3;
    expect(Array.from(skeleton.positions.subarray(at, at + 3))).toEqual(
      [-630, -830, 1030].map((mm) => expect.closeTo(mm, 9)),
    );
    expect(skeleton.names[3]).toBe('pelvis');
    expect(skeleton.parents?.[skeleton.names.indexOf('spine')]).toBe(3);
  });

  it('mirrors depth pictures back and knows where a sensor sat', async () => {
    const depth = [1, 2, 3, 4, 5, 6];
    const { artifacts } = await readOne(mat, [
      memoryFile('a26_s5_t1_depth.mat', file([{ name: 'd_depth', of: 'uint16', size: [2, 3, 1], body: depth }])),
    ]);
    // columns (1 2)(3 4)(5 6) seen from the other side
    expect(Array.from((artifacts[0].payload as DepthSequence).depthMm)).toEqual([5, 3, 1, 6, 4, 2]);
    const inertial: Item = {
      name: 'd_iner',
      of: 'double',
      size: [9, 6],
      body: grid(9, 6, (row, column) => row + column),
    };
    const item = await readOne(mat, [memoryFile('x/a24_s1_t1_inertial.mat', file([inertial]))]);
    const { channels, rateHz } = item.artifacts[0].payload as Signals;
    expect(rateHz).toBe(50);
    expect(channels[3]).toMatchObject({ unit: 'deg/s', quantity: 'angular-rate', segment: 'thigh', side: 'right' });
  });

  it('takes structures for sensors and a time column for the rate', async () => {
    const sensor: [string, Item][] = [['acc', { of: 'double', size: [5, 3], body: grid(5, 3, () => 9.8) }]];
    const item = await readOne(mat, [
      memoryFile(
        'x.mat',
        file([
          { name: 't', of: 'double', size: [5, 1], body: [40, 40.01, 40.02, 40.03, 40.04] },
          { name: 'lower_back', of: 'struct', size: [1, 1], body: sensor },
        ]),
      ),
    ]);
    const signals = item.artifacts[0].payload as Signals;
    expect(signals).toMatchObject({ startS: 40, rateHz: 100 });
    expect(signals.timeS).toBeUndefined();
    expect(signals.channels[0]).toMatchObject({ sensor: 'lower_back', segment: 'lumbar', name: 'lower_back.acc_x' });
  });

  it('shows plain matrices as tables and says what it cannot use', async () => {
    const item = await readOne(mat, [
      memoryFile('x.mat', file([{ name: 'A', of: 'double', size: [2, 2], body: [1, 2, 3, 4] }])),
    ]);
    expect((item.artifacts[0].payload as Table).columns.map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const text = file([{ name: 'note', of: 'char', size: [1, 2], body: 'hi' }]);
    const { errors } = await mat.read([memoryFile('x.mat', text)]);
    expect(errors[0].error).toMatchObject({ code: 'file.unsupported', where: { place: 'variables note' } });
  });

  it('withstands damage', async () => {
    await expectRobust(mat, [{ name: 'trial.mat', bytes: file(TRIAL) }]);
    await expectRobust(mat, [{ name: 'trial.mat', bytes: file(TRIAL, { packed: false }) }], 9);
  });
});
