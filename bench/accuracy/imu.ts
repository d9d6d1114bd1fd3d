/**
 * Orientation of inertial sensors against optical truth and against what devices fused themselves, as tables in docs/accuracy.md:
 * `node bench/accuracy/imu.ts` prints them, `--write` writes them.
 */

import { existsSync, readFileSync } from 'node:fs';
import type { MotionParams } from '../../fixtures/synth/index.ts';
import { imuOrientation } from '../../src/hme/imu-orientation/index.ts';
import { segmentAngles } from '../../src/hme/segment-angles/index.ts';
import {
  cardanRotation,
  mat3ToQuaternion,
  median,
  type OrientationError,
  orientationError,
} from '../../src/kernel/index.ts';
import type { ArtifactValue, ParamValues, Signals, Table } from '../../src/model/index.ts';
import { dataPath } from '../../tests/support/data-root.ts';
import {
  broadTrials,
  compareCurves,
  quaternionsOf,
  readBroad,
  readRecordings,
} from '../../tests/support/motion/imu.ts';
import { sensorAngles } from '../../tests/support/motion/sensor-subject.ts';
import { outputsOf, runCapability } from '../../tests/support/read.ts';
import { writeSection } from './page.ts';

const HOW = `\`node bench/accuracy/imu.ts --write\` gives these tables again (\`tests/golden/imu.test.ts\` holds them).

Error as BROAD defines it (Laidig et al. 2021): quaternion of estimate times inverse of the optical one; total 2 acos|w|, heading 2 atan|z/w|,
inclination 2 acos √(w²+z²); root mean square over samples marked as movement, in degrees, written total / heading / inclination. Nothing is
fitted. One set of parameters for all trials: the published defaults of VQF, and the gains that are best on the whole benchmark for Madgwick
(β 0.12) and Mahony (Kp 0.74, Ki 0.0012). *Published* are the benchmark authors' own runs of these two; their Madgwick follows the widespread C code,
which halves the field's part of the gradient. Against the reference implementation of VQF (2.1.2) the kernel differs by at most 1.7e-12 rad on these
trials (\`MSDT_PYTHON=… npx vitest run tests/reference/imu.test.ts\` on its own record and a simulated one, limit 1e-9). The capability differs from it
where packets were lost (trials 24 and 32), because it bridges them.`;

/** Ways to run, and the column heads. */
const WAYS: readonly (readonly [string, ParamValues])[] = [
  ['vqf2023 online', { mode: 'online' }],
  ['vqf2023 offline', { mode: 'offline' }],
  ['madgwick2010', { filter: 'madgwick2010' }],
  ['mahony2008', { filter: 'mahony2008' }],
];

const PUBLISHED = [
  ['Madgwick published', 'published_madgwick_average_rmse.json'],
  ['Mahony published', 'published_mahony_average_rmse.json'],
] as const;

type Three = Pick<OrientationError, 'totalDeg' | 'headingDeg' | 'inclinationDeg'>;
const cell = ({ totalDeg, headingDeg, inclinationDeg }: Three) =>
  [totalDeg, headingDeg, inclinationDeg].map((value) => value.toFixed(2)).join(' / ');
const meanOf = (list: readonly Three[]): Three => {
  const mean = (key: keyof Three) => list.reduce((sum, entry) => sum + entry[key] / list.length, 0);
  return { totalDeg: mean('totalDeg'), headingDeg: mean('headingDeg'), inclinationDeg: mean('inclinationDeg') };
};

async function broadRows(): Promise<string[]> {
  if (!existsSync(dataPath('imu-broad'))) return ['imu-broad is not at hand.'];
  const heads = [...WAYS.map(([name]) => name), ...PUBLISHED.map(([name]) => name)];
  const rows = [`| trial of BROAD | ${heads.join(' | ')} |`, `| --- |${' --: |'.repeat(heads.length)}`];
  const all: Three[][] = heads.map(() => []);
  for (const file of broadTrials()) {
    const { name, recording, truth, movement } = await readBroad(file);
    const errors: Three[] = [];
    for (const [, params] of WAYS) {
      const result = await runCapability(imuOrientation, { recording: [recording] }, params);
      const found = outputsOf(result, 'orientation')[0].payload as Signals;
      errors.push(orientationError(quaternionsOf(found), truth, movement));
    }
    for (const [, json] of PUBLISHED) errors.push(publishedOf(json, name));
    errors.forEach((error, i) => {
      all[i].push(error);
    });
    rows.push(`| ${name.replaceAll('_', ' ')} | ${errors.map(cell).join(' | ')} |`);
  }
  return [...rows, `| **mean** | ${all.map((list) => cell(meanOf(list))).join(' | ')} |`];
}

function publishedOf(json: string, trial: string): Three {
  const { trials } = JSON.parse(readFileSync(dataPath('imu-broad', json), 'utf8')) as {
    trials: Record<string, { tagp_parameters: Record<string, number> }>;
  };
  const entry = trials[trial].tagp_parameters;
  return {
    totalDeg: entry.total_rmse_deg,
    headingDeg: entry.heading_rmse_deg,
    inclinationDeg: entry.inclination_rmse_deg,
  };
}

/** Inclination against what devices fused themselves. */
async function deviceRows(): Promise<string[]> {
  const rows = ['| recording | sensors | figure | value |', '| --- | --: | --- | --: |'];
  const sets = [
    ['imu-qmt-fullbody', 'full_body_example_data.mat', '16 segments of one person, 6 axes'],
    ['imu-opensense', 'formats/imuData01.csv', 'APDM, 9 axes'],
  ] as const;
  for (const [set, file, about] of sets) {
    if (!existsSync(dataPath(set, file))) continue;
    const values = await readRecordings(set, file);
    const recording = values.filter(({ kind }) => kind === 'signal.imu') as ArtifactValue[];
    const result = await runCapability(imuOrientation, { recording });
    const table = outputsOf(result, 'sensors')[0].payload as Table;
    const column = (name: string) => table.columns.find((entry) => entry.name === name)?.values ?? [];
    const found = (column('vendorInclination') as number[]).filter((value) => value !== null);
    if (found.length === 0) continue;
    const range = `${median(found).toFixed(2)}° (${Math.min(...found).toFixed(2)} to ${Math.max(...found).toFixed(2)})`;
    rows.push(
      `| ${set}, ${about} | ${found.length} | inclination to the device’s own orientation, median and range | ${range} |`,
    );
  }
  return rows;
}

const SEGMENTS = `Sensors on segments (\`tests/golden/segment-angles.test.ts\`). OpenSense's own calibrated model is the truth of the sensor-to-segment
rotations; it takes the whole angle of the pelvis sensor's axis to forward as heading, where its level part would be 7.2° less. The walk has no truth: what it
shows is whether bending alone finds the way forward. The full-body recording has the device's own segments beside it.`;

async function anglesOf(recording: ArtifactValue[], filter: string, params: ParamValues) {
  const oriented = await runCapability(imuOrientation, { recording }, { filter });
  const orientation = outputsOf(oriented, 'orientation') as ArtifactValue[];
  return measureAngles(orientation, params);
}

async function measureAngles(orientation: ArtifactValue[], params: ParamValues) {
  const result = await runCapability(segmentAngles, { orientation }, params);
  const table = outputsOf(result, 'calibration')[0].payload as Table;
  const angles = outputsOf(result, 'angles')[0].payload as Signals;
  return {
    column: (name: string) => table.columns.find((entry) => entry.name === name)?.values ?? [],
    angle: (id: string) => angles.channels.find(({ name }) => name.startsWith(`${id} (`))?.values ?? new Float64Array(),
  };
}

async function segmentRows(): Promise<string[]> {
  const rows = ['| recording | figure | value |', '| --- | --- | --: |'];
  if (existsSync(dataPath('imu-opensense'))) rows.push(...(await placementRows()), ...(await walkRows()));
  if (existsSync(dataPath('imu-qmt-fullbody'))) rows.push(...(await bodyRows()));
  return rows;
}

async function placementRows(): Promise<string[]> {
  const values = await readRecordings('imu-opensense', 'imuOrientations.sto');
  const osim = readFileSync(dataPath('imu-opensense', 'std_calibrated_subject07.osim'), 'utf8');
  const settings = { calibration: 'static', headingAxis: 'z', headingRule: 'opensense', poseStart: 0, poseEnd: 0.001 };
  const { column } = await measureAngles(values, settings);
  const errors = column('sensor').map((sensor, i) => {
    const place = new RegExp(`<PhysicalOffsetFrame name="${sensor}">[\\s\\S]*?<orientation>([^<]+)`).exec(osim)?.[1];
    const [a, b, c] = (place ?? '').trim().split(/\s+/).map(Number);
    const own = ['w', 'x', 'y', 'z'].map((name) => column(name)[i] as number);
    return orientationError(own, mat3ToQuaternion(cardanRotation('XYZ', [a, b, c]))).totalDeg;
  });
  const value = `${Math.max(...errors).toExponential(1)}°`;
  return [
    `| imu-opensense, calibration pose | sensor to segment against OpenSense, largest of ${errors.length} sensors | ${value} |`,
  ];
}

async function walkRows(): Promise<string[]> {
  const ends = ['268', '279', '27D', '27C', '1ED', '1EE', '1EF', '1E6'];
  const names = ends.map((end) => `xsens_walk8/MT_012005D6_009-001_00B42${end}.txt`);
  const values = await readRecordings('imu-opensense', ...names, 'xsens_walk8/myIMUMappings.xml');
  const recording = values.filter(({ kind }) => kind === 'signal.imu');
  const named = await anglesOf(recording, 'vendor', { headingAxis: 'z' });
  const found = await anglesOf(recording, 'vendor', {});
  const off = Math.abs((found.column('heading')[0] as number) - (named.column('heading')[0] as number));
  const peak = (id: string) => Math.max(...Array.from(named.angle(id)).filter(Number.isFinite)).toFixed(0);
  return [
    `| imu-opensense, walk | forward by bending alone against the pelvis sensor’s axis | ${off.toFixed(1)}° |`,
    `| | largest knee flexion, left / right | ${peak('knee.flexion.left')}° / ${peak('knee.flexion.right')}° |`,
  ];
}

async function bodyRows(): Promise<string[]> {
  const values = await readRecordings('imu-qmt-fullbody', 'full_body_example_data.mat');
  const recording = values.filter(({ kind }) => kind === 'signal.imu');
  const device = await anglesOf(recording, 'vendor', { calibration: 'none' });
  const own = await anglesOf(recording, 'vqf2023', { calibration: 'functional' });
  return ['knee.flexion.left', 'knee.flexion.right', 'trunk.flexion'].map((id, i) => {
    const { correlation, rmsDeg } = compareCurves(own.angle(id), device.angle(id));
    const place = i === 0 ? 'imu-qmt-fullbody, 6 axes, functional' : '';
    return `| ${place} | ${id} against the device’s segments: correlation, rms without means | ${correlation.toFixed(3)}, ${rmsDeg.toFixed(1)}° |`;
  });
}

const SUBJECT = `Virtual subject, SYNTHETIC: seven sensors glued on askew, with noise, a bias of 0.3 °/s and, where said, an iron table nearby for a third of the
time; orientation by vqf2023 offline, calibration automatic, against the prescribed joint angles (\`tests/system/sensor-angles.test.ts\`). Root mean square and
largest difference over the recording.`;

async function subjectRows(): Promise<string[]> {
  const cases: readonly (readonly [string, MotionParams, ParamValues, ParamValues])[] = [
    ['bend, 9 axes', { task: 'bend' }, {}, {}],
    ['bend, 6 axes', { task: 'bend' }, { field: false }, {}],
    ['bend, 9 axes, iron table', { task: 'bend', disturbed: true }, {}, {}],
    ['squat, 9 axes', { task: 'squat' }, {}, {}],
    ['squat, 6 axes', { task: 'squat' }, { field: false }, {}],
    ['squat, 9 axes, iron table', { task: 'squat', disturbed: true }, {}, {}],
  ];
  const rows: string[] = [];
  for (const [name, subject, orientation, segments] of cases) {
    const { errors } = await sensorAngles(subject, orientation, segments);
    if (rows.length === 0)
      rows.push(`| task | ${errors.map(({ id }) => id).join(' | ')} |`, `| --- |${' --: |'.repeat(errors.length)}`);
    rows.push(`| ${name} | ${errors.map((e) => `${e.rmsDeg.toFixed(2)}°, ${e.largestDeg.toFixed(1)}°`).join(' | ')} |`);
  }
  return rows;
}

const text = [
  HOW,
  '',
  ...(await broadRows()),
  '',
  ...(await deviceRows()),
  '',
  SEGMENTS,
  '',
  ...(await segmentRows()),
  '',
  SUBJECT,
  '',
  ...(await subjectRows()),
].join('\n');
console.log(text);
if (process.argv.includes('--write')) writeSection('imu', text);
