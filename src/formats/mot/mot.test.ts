import { describe, expect, it } from 'vitest';
import { expectSurvives } from '../../../tests/support/formats/damage.ts';
import { memoryFile, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import { signalDifference } from '../../../tests/support/motion/motion-difference.ts';
import type { PointSequence, Signals } from '../../model/index.ts';
import { mot, readMotTable } from './index.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function read(text: string, name = 'trial.mot') {
  const item = await readOne(mot, [memoryFile(name, bytesOf(text))]);
  return { item, kind: item.artifacts[0].kind, signals: item.artifacts[0].payload as Signals };
}

const COORDINATES = `Coordinates
version=1
nRows=3
nColumns=4
inDegrees=yes

Units are S.I. units (second, meters, Newtons, ...)
Angles are in degrees.

endheader
time\tpelvis_tilt\tpelvis_tx\thip_flexion_r
      0.00000000\t     -3.5\t      0.75\t     30
      0.01000000\t     -3.25\t      0.76\t     31
      0.02000000\t     -3.0\t      0.77\t     32
`;

describe('MOT and STO', () => {
  it('reads joint angles with their degrees flag', async () => {
    const { item, kind, signals } = await read(COORDINATES);
    expect([item.modality, kind]).toEqual(['motion', 'signal.angle']);
    expect(signals).toMatchObject({ clock: 'trial', startS: 0, rateHz: 100 });
    expect(signals.timeS).toBeUndefined();
    expect(signals.channels.map(({ name, unit, quantity, side }) => [name, unit, quantity, side])).toEqual([
      ['pelvis_tilt', 'deg', 'angle', undefined],
      ['pelvis_tx', 'm', 'position', undefined],
      ['hip_flexion_r', 'deg', 'angle', 'right'],
    ]);
    expect(Array.from(signals.channels[1].values)).toEqual([0.75, 0.76, 0.77]);
  });

  it('reads radians where the flag says no', async () => {
    const { signals } = await read(COORDINATES.replace('inDegrees=yes', 'inDegrees=no'));
    expect(signals.channels[0].unit).toBe('rad');
  });

  it('reads a table that was saved with commas', async () => {
    const commas = COORDINATES.split('\n')
      .map((line) => line.trim().replaceAll(/\t\s*/g, ','))
      .map((line) => (line.includes(',') && !line.startsWith('Units') ? line : `${line},,,`))
      .join('\r\n');
    const { signals } = await read(commas);
    expect(signals.channels.map(({ name }) => name)).toEqual(['pelvis_tilt', 'pelvis_tx', 'hip_flexion_r']);
    expect(Array.from(signals.channels[2].values)).toEqual([30, 31, 32]);
    expect(signals.channels[0].unit).toBe('deg');
  });

  it('takes the angles of a SIMM header for degrees', async () => {
    const { signals } = await read(
      'name walk.mot\ndatacolumns 3\ndatarows 2\nrange 0.0 0.1\nendheader\n   time\t  pelvis_tilt\t pelvis_ty\n0 5 1\n0.1 6 1\n',
    );
    expect(signals.channels.map(({ unit }) => unit)).toEqual(['deg', 'm']);
    expect(signals.rateHz).toBeCloseTo(10, 9);
  });

  it('keeps uneven time', async () => {
    const { signals } = await read(
      'x\nversion=1\nnRows=3\nnColumns=2\ninDegrees=no\nendheader\ntime\ta\n0\t1\n0.5\t2\n2\t3\n',
    );
    expect(Array.from(signals.timeS ?? [])).toEqual([0, 0.5, 2]);
    expect(signals.rateHz).toBe(1);
  });

  it('reads quaternions, w first', async () => {
    const { item, kind, signals } = await read(
      '\nDataRate=100.0\nDataType=Quaternion\nversion=3\nOpenSimVersion=4.1\nendheader\ntime\ttorso_imu\ttibia_r_imu\n7\t1,0,0,0\t0.5,0.5,-0.5,0.5\n7.01\t0,1,0,0\t0.5,0.5,0.5,0.5\n',
      'q.sto',
    );
    expect([item.modality, kind]).toEqual(['imu', 'signal.orientation']);
    expect(signals.channels.map(({ axis }) => axis).join('')).toBe('wxyzwxyz');
    expect(signals.channels[6]).toMatchObject({ sensor: 'tibia_r_imu', segment: 'shank', side: 'right' });
    expect(Array.from(signals.channels[6].values)).toEqual([-0.5, 0.5]);
    expect([signals.startS, signals.rateHz]).toEqual([7, 100]);
  });

  it('reads vectors', async () => {
    const head = 'DataRate=10\nDataType=Vec3\nversion=3\nUnits=mm\nendheader\n';
    const { item } = await read(`${head}time\tLASI\tRASI\n0\t1,2,3\t4,5,6\n0.1\t7,8,9\t1,1,1\n`, 'm.sto');
    const markers = item.artifacts[0].payload as PointSequence;
    expect(markers).toMatchObject({ names: ['LASI', 'RASI'], up: '+y', rateHz: 10 });
    expect(Array.from(markers.positions)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1]);
    const other = await read('DataType=Vec3\nversion=3\nendheader\ntime\timu\n0\t1,2,3\n1\t4,5,6\n', 'a.sto');
    expect(other.signals.channels.map(({ name }) => name)).toEqual(['imu_x', 'imu_y', 'imu_z']);
  });

  it('reads marker places of inverse kinematics in metres', async () => {
    const { item } = await read(
      'Model Marker Locations\nversion=1\nendheader\ntime\tA.1_tx\tA.1_ty\tA.1_tz\n0\t0.1\t0.2\t0.3\n',
    );
    const markers = item.artifacts[0].payload as PointSequence;
    expect(markers.names).toEqual(['A.1']);
    expect(Array.from(markers.positions, (value) => Math.round(value))).toEqual([100, 200, 300]);
  });

  it('reads ground reactions, and doubts metres that are millimetres', async () => {
    const labels = ['vx', 'vy', 'vz', 'px', 'py', 'pz'].map((part) => `ground_force_r_${part}`);
    const table = (far: number) =>
      `grf\nversion=1\ninDegrees=no\nendheader\ntime\t${labels.join('\t')}\tground_torque_r_x\n0\t1\t700\t3\t${far}\t0\t0.1\t4\n`;
    const metres = await read(table(0.35));
    expect([metres.item.modality, metres.kind]).toEqual(['force', 'signal.force']);
    expect(metres.signals.channels.map(({ unit }) => unit)).toEqual(['N', 'N', 'N', 'm', 'm', 'm', 'N.m']);
    expect(metres.signals.channels[4]).toMatchObject({ quantity: 'pressure-centre', axis: 'y', sensor: 'plate r' });
    const millimetres = await read(table(350));
    expect(millimetres.signals.channels[3].unit).toBe('mm');
    expect(millimetres.item.quality.map(({ code }) => code)).toEqual(['mot.unit']);
    // what an empty plate divides out says nothing of the unit
    const empty = await read(`${table(0.35)}1\t0\t3\t0\t900\t0\t80\t0\n`);
    expect(empty.signals.channels[3].unit).toBe('m');
    expect(empty.item.quality).toEqual([]);
  });

  it('tells generalised forces and muscle curves from angles', async () => {
    const { kind, signals } = await read(
      'Inverse Dynamics\nversion=1\ninDegrees=no\nendheader\ntime\thip_flexion_r_moment\tpelvis_ty_force\tsoleus_r\n0\t1\t2\t0.3\n',
    );
    expect(kind).toBe('signal.measure');
    expect(signals.channels.map(({ quantity, unit }) => [quantity, unit])).toEqual([
      ['moment', 'N.m'],
      ['force', 'N'],
      ['emg', '1'],
    ]);
  });

  it('flags rows that are missing and says where a file is wrong', async () => {
    const short = await read(COORDINATES.replace('nRows=3', 'nRows=9'));
    expect(short.item.quality.map(({ code }) => code)).toEqual(['mot.rows']);
    const fails = (text: string) => () => readMotTable(bytesOf(text), 'x.mot');
    expect(fails('no header at all\n1 2 3\n')).toThrow(expect.objectContaining({ code: 'file.unrecognised' }));
    expect(fails(COORDINATES.replace('time\t', 'frame\t'))).toThrow(
      expect.objectContaining({ code: 'file.malformed' }),
    );
    expect(fails(COORDINATES.slice(0, COORDINATES.indexOf('      0.00')))).toThrow(
      expect.objectContaining({ code: 'file.truncated' }),
    );
    expect(fails(COORDINATES.replace('0.02000000', '0.00500000'))).toThrow(
      expect.objectContaining({ where: { file: 'x.mot', place: 'row 3' } }),
    );
  });

  it('writes quaternions as OpenSim does, and gives them back', async () => {
    const channels = (['w', 'x', 'y', 'z'] as const).map((axis, index) => ({
      name: `torso_${axis}`,
      unit: '1' as const,
      quantity: 'orientation' as const,
      axis,
      sensor: 'torso',
      segment: 'thorax',
      values: Float64Array.of(index / 7, 0.1 + index),
    }));
    const sent: Signals = { clock: 'q', startS: 1, rateHz: 50, channels };
    const [file] = (await mot.write?.({ kind: 'signal.orientation', payload: sent, name: 'q' })) ?? [];
    expect(new TextDecoder().decode(file.bytes)).toContain('DataType=Quaternion');
    const item = await roundTrip(mot, { kind: 'signal.orientation', payload: sent, name: 'q' });
    expect(signalDifference(sent, item.artifacts[0].payload as Signals)).toBeUndefined();
  });

  it('parts joint angles from the forces beside them', async () => {
    const text = [
      'name walk',
      'datacolumns 5',
      'datarows 2',
      'endheader',
      'time\tpelvis_tilt\tground_force_vx\tground_force_vy\tground_force_px',
      '0\t1\t10\t700\t0.5',
      '0.02\t2\t11\t710\t0.6',
    ].join('\n');
    const item = await readOne(mot, [memoryFile('x.mot', bytesOf(text))]);
    expect(item).toMatchObject({ modality: 'motion', artifacts: [{ kind: 'signal.angle' }, { kind: 'signal.force' }] });
    const [angles, forces] = item.artifacts.map(({ payload }) => payload as Signals);
    expect(angles.channels.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['pelvis_tilt deg']);
    expect(forces.channels.map(({ name, unit, axis }) => `${name} ${unit} ${axis}`)).toEqual([
      'ground_force_vx N x',
      'ground_force_vy N y',
      'ground_force_px m x',
    ]);
    expect([forces.clock, forces.rateHz]).toEqual([angles.clock, angles.rateHz]);
  });

  it('keeps the second plate apart from the first, which has no number', async () => {
    const columns = ['', '1_'].flatMap((plate) =>
      ['force_vx', 'force_vy', 'force_px', 'torque_x'].map((name) => `${plate}ground_${name}`),
    );
    const text = `grf\nversion=1\nnRows=1\nnColumns=9\nendheader\ntime\t${columns.join('\t')}\n0${'\t1'.repeat(8)}\n`;
    const item = await readOne(mot, [memoryFile('x.mot', bytesOf(text))]);
    const { channels } = item.artifacts[0].payload as Signals;
    expect(channels.map(({ sensor }) => sensor)).toEqual([...Array(4).fill('plate 1'), ...Array(4).fill('plate 2')]);
  });

  it('says that decimal commas are the matter', () => {
    const commas = COORDINATES.replace(/(\d)\.(\d)/g, '$1,$2');
    expect(() => readMotTable(bytesOf(commas), 'x.mot')).toThrow(
      expect.objectContaining({ code: 'file.malformed', hint: expect.stringContaining('decimal commas') }),
    );
  });

  it('survives damage', () => expectSurvives(mot, 'x.mot', bytesOf(COORDINATES)));
});
