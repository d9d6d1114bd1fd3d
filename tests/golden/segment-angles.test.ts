/** Sensors on segments: OpenSense's own calibration, a walk, and a full-body recording with the device's segments beside it. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { imuOrientation } from '../../src/hme/imu-orientation/index.ts';
import { segmentAngles } from '../../src/hme/segment-angles/index.ts';
import {
  cardanRotation,
  conjugateQuaternion,
  DEG_PER_RAD,
  mat3ToQuaternion,
  multiplyQuaternion,
  orientationError,
  type Quaternion,
} from '../../src/kernel/index.ts';
import type { ArtifactValue, ParamValues, Signals, Table } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { compareCurves, quaternionsOf, readRecordings } from '../support/motion/imu.ts';
import { outputsOf, runCapability } from '../support/read.ts';

async function orient(recording: ArtifactValue[], params: ParamValues = {}): Promise<ArtifactValue[]> {
  const result = await runCapability(imuOrientation, { recording }, params);
  return outputsOf(result, 'orientation') as ArtifactValue[];
}

async function measure(orientation: ArtifactValue[], params: ParamValues = {}) {
  const result = await runCapability(segmentAngles, { orientation }, params);
  const table = outputsOf(result, 'calibration')[0].payload as Table;
  const angles = outputsOf(result, 'angles')[0]?.payload as Signals;
  return {
    codes: result.quality.map(({ code }) => code),
    column: (name: string) => table.columns.find((entry) => entry.name === name)?.values ?? [],
    angle: (id: string) => angles.channels.find(({ name }) => name.startsWith(`${id} (`))?.values ?? new Float64Array(),
    rateHz: angles?.rateHz,
  };
}

const inertial = (values: ArtifactValue[]) => values.filter(({ kind }) => kind === 'signal.imu');
const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values).filter(Number.isFinite));
const smallest = (values: ArrayLike<number>) => Math.min(...Array.from(values).filter(Number.isFinite));

describeWithData('imu-opensense', () => {
  it('places eight sensors as OpenSense does, within 0.1°', async () => {
    const values = await readRecordings('imu-opensense', 'imuOrientations.sto');
    const osim = readFileSync(dataPath('imu-opensense', 'std_calibrated_subject07.osim'), 'utf8');
    const settings = {
      calibration: 'static',
      headingAxis: 'z',
      headingRule: 'opensense',
      poseStart: 0,
      poseEnd: 0.001,
    };
    const { column } = await measure(values, settings);
    expect(column('sensor')).toHaveLength(8);
    for (const [i, sensor] of column('sensor').entries()) {
      const place = new RegExp(`<PhysicalOffsetFrame name="${sensor}">[\\s\\S]*?<orientation>([^<]+)`).exec(osim)?.[1];
      const [a, b, c] = (place ?? '').trim().split(/\s+/).map(Number);
      const truth = mat3ToQuaternion(cardanRotation('XYZ', [a, b, c]));
      const own = ['w', 'x', 'y', 'z'].map((name) => column(name)[i] as number);
      expect(orientationError(own, truth).totalDeg, String(sensor)).toBeLessThan(0.1);
    }
  });

  it('tells a walk: knees bend to 55-75°, ankles push off, bending alone finds the way forward', async () => {
    const files = ['268', '279', '27D', '27C', '1ED', '1EE', '1EF', '1E6'];
    const names = files.map((end) => `xsens_walk8/MT_012005D6_009-001_00B42${end}.txt`);
    names.push('xsens_walk8/myIMUMappings.xml');
    const orientation = await orient(inertial(await readRecordings('imu-opensense', ...names)));
    const named = await measure(orientation, { headingAxis: 'z' });
    expect(named.column('segment')).toHaveLength(8);
    for (const side of ['left', 'right']) {
      const knee = named.angle(`knee.flexion.${side}`);
      expect(largest(knee)).toBeGreaterThan(55);
      expect(largest(knee)).toBeLessThan(75);
      expect(smallest(knee)).toBeGreaterThan(-12);
      expect(largest(named.angle(`hip.flexion.${side}`))).toBeGreaterThan(20);
      expect(smallest(named.angle(`ankle.dorsiflexion.${side}`))).toBeLessThan(-20);
    }
    expect(largest(named.angle('pelvis.tilt')) - smallest(named.angle('pelvis.tilt'))).toBeLessThan(25);
    const found = await measure(orientation);
    const off = (found.column('heading')[0] as number) - (named.column('heading')[0] as number);
    expect(Math.abs(off)).toBeLessThan(8);
  });
});

describeWithData('imu-qmt-fullbody', () => {
  /** Angle of the turn between two sensors, first sample to last · deg */
  const relative = (orientation: ArtifactValue[], from: string, to: string) => {
    const signals = orientation[0].payload as Signals;
    const [a, b] = [quaternionsOf(signals, from), quaternionsOf(signals, to)];
    const at = (q: Float64Array, i: number) => [...q.subarray(4 * i, 4 * i + 4)] as unknown as Quaternion;
    return Array.from({ length: a.length / 4 }, (_, i) => multiplyQuaternion(conjugateQuaternion(at(a, i)), at(b, i)));
  };
  const angleOf = ([w, x, y, z]: Quaternion) => 2 * Math.atan2(Math.hypot(x, y, z), Math.abs(w)) * DEG_PER_RAD;

  it('spans 52° and 25° along the spine, as the device tells its segments', async () => {
    const recording = inertial(await readRecordings('imu-qmt-fullbody', 'full_body_example_data.mat'));
    const device = await orient(recording, { filter: 'vendor' });
    const spans = [
      ['hip', 'lower_back'],
      ['lower_back', 'upper_back'],
    ].map(([from, to]) => relative(device, from, to).map(angleOf));
    expect(largest(spans[0]) - smallest(spans[0])).toBeCloseTo(52, 0);
    expect(largest(spans[1]) - smallest(spans[1])).toBeCloseTo(25, 0);
  });

  it('follows the device’s knees and trunk from acceleration and rate alone', async () => {
    const recording = inertial(await readRecordings('imu-qmt-fullbody', 'full_body_example_data.mat'));
    const device = await measure(await orient(recording, { filter: 'vendor' }), { calibration: 'none' });
    const own = await measure(await orient(recording), { calibration: 'functional' });
    // our headings come from uninstructed movement, so lateral and axial angles are not compared
    for (const [id, rms] of [
      ['knee.flexion.left', 6],
      ['knee.flexion.right', 5],
      ['trunk.flexion', 1.5],
    ] as const) {
      const { correlation, rmsDeg } = compareCurves(own.angle(id), device.angle(id));
      expect(correlation, id).toBeGreaterThan(0.98);
      expect(rmsDeg, id).toBeLessThan(rms);
    }
    expect(own.codes).toContain('segment.uninstructed');
  });
});
