/** Recordings of the real data through the door a user takes: files in, items out, figures of their sources. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue.ts';
import type {
  DepthSequence,
  EventList,
  MeshSequence,
  PointSequence,
  ReadReport,
  Signals,
} from '../../src/model/index.ts';
import { readFiles } from '../../src/runtime/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { memoryFile } from '../support/formats/formats.ts';

/** Reads files of one data set as they would be dropped together. */
async function drop(set: string, names: readonly string[], choices?: Record<string, string>): Promise<ReadReport> {
  const files = names.map((name) => memoryFile(`${set}/${name}`, new Uint8Array(readFileSync(dataPath(set, name)))));
  return readFiles(catalogue, files, { choices });
}

/** First payload of a kind. */
function payloadOf<Payload>({ items }: ReadReport, kind: string): Payload {
  const found = items.flatMap(({ artifacts }) => artifacts).find((artifact) => artifact.kind === kind);
  if (!found)
    throw new Error(`no ${kind} among ${items.flatMap(({ artifacts }) => artifacts.map((a) => a.kind)).join()}`);
  return found.payload as Payload;
}

const rootMeanSquare = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ** 2;
  return Math.sqrt(sum / values.length);
};

describeWithData('imu-broad', () => {
  it('comes with its optical reference on the same clock', async () => {
    const report = await drop('imu-broad', ['16_undisturbed_fast_translation_B.mat']);
    const imu = payloadOf<Signals>(report, 'signal.imu');
    const reference = payloadOf<Signals>(report, 'signal.orientation');
    expect(imu.rateHz).toBeCloseTo(2000 / 7, 9);
    expect([imu.clock, reference.clock]).toEqual(Array(2).fill('16_undisturbed_fast_translation_B'));
    expect(imu.channels.map(({ unit }) => unit)).toEqual([
      ...Array(3).fill('rad/s'),
      ...Array(3).fill('m/s2'),
      ...Array(3).fill('uT'),
    ]);
    const [w, x, y, z, ...rest] = reference.channels;
    const lengths = Array.from(w.values, (_, index) =>
      Math.hypot(w.values[index], x.values[index], y.values[index], z.values[index]),
    );
    const seen = lengths.filter(Number.isFinite);
    // the cameras lose the sensor in up to 8 % of a trial
    expect(seen.length / lengths.length).toBeGreaterThan(0.9);
    expect(seen.length / lengths.length).toBeLessThan(1);
    expect(Math.max(...seen.map((length) => Math.abs(length - 1)))).toBeLessThan(1e-6);
    const moving = rest.find(({ name }) => name === 'movement')?.values ?? [];
    const share = Array.from(moving).filter((flag) => flag === 1).length / moving.length;
    // 48 to 66 % of a trial, says its source
    expect(share).toBeGreaterThan(0.47);
    expect(share).toBeLessThan(0.67);
  });
});

describeWithData('imu-qmt-fullbody', () => {
  it('names the segments of all sixteen sensors', async () => {
    const signals = payloadOf<Signals>(await drop('imu-qmt-fullbody', ['full_body_example_data.mat']), 'signal.imu');
    expect(signals).toMatchObject({ startS: 40, rateHz: 100 });
    const places = new Map(
      signals.channels.map(({ sensor, segment, side }) => [sensor, `${segment} ${side ?? ''}`.trim()]),
    );
    expect(places.size).toBe(16);
    expect(Object.fromEntries(places)).toMatchObject({
      hip: 'pelvis',
      lower_back: 'lumbar',
      upper_back: 'thorax',
      head: 'head',
      upper_leg_left: 'thigh left',
      lower_leg_right: 'shank right',
      upper_arm_right: 'upperArm right',
      forearm_left: 'forearm left',
    });
  });
});

describeWithData('skel-utd-mhad', () => {
  it('has joints that land on the depth picture of the same repetition', async () => {
    for (const name of ['a26_s5_t1', 'a24_s1_t1', 'a27_s2_t1']) {
      const report = await drop('skel-utd-mhad', [`Skeleton/${name}_skeleton.mat`, `Depth/${name}_depth.mat`]);
      const skeleton = payloadOf<PointSequence>(report, 'sequence.skeleton');
      const depth = payloadOf<DepthSequence>(report, 'sequence.depth');
      const { width, height, depthMm, intrinsics } = depth;
      let hits = 0;
      let total = 0;
      for (let frame = 0; frame < depthMm.length / width / height; frame += 5)
        for (let joint = 0; joint < 20; joint++) {
          const [x, y, z] = skeleton.positions.subarray((frame * 20 + joint) * 3, (frame * 20 + joint) * 3 + 3);
          const column = Math.round(intrinsics.cx + (intrinsics.fx * x) / z);
          const row = Math.round(intrinsics.cy + (intrinsics.fy * y) / z);
          const here = depthMm[frame * width * height + row * width + column] ?? 0;
          // the joint lies within the body, behind its skin
          if (here > 0 && Math.abs(z - here) < 350) hits++;
          total++;
        }
      // measured 94 % (a squat, where joints hide behind the knees) to 100 %; a mirrored picture gives under 75 %
      expect(hits / total, name).toBeGreaterThan(0.93);
    }
  });

  it('has the subject’s left on its left: facing the camera, it is at the camera’s right', async () => {
    const skeleton = payloadOf<PointSequence>(
      await drop('skel-utd-mhad', ['Skeleton/a24_s1_t1_skeleton.mat']),
      'sequence.skeleton',
    );
    const x = (name: string): number => skeleton.positions[skeleton.names.indexOf(name) * 3];
    expect(x('shoulder.left')).toBeGreaterThan(x('shoulder.right'));
  });

  it('reads every one of its inertial records', async () => {
    const names = readdirSync(dataPath('skel-utd-mhad', 'Inertial')).filter((name) => name.endsWith('.mat'));
    const { items, errors } = await drop(
      'skel-utd-mhad',
      names.map((name) => `Inertial/${name}`),
    );
    expect(errors).toEqual([]);
    expect(items).toHaveLength(861);
    const thigh = items.filter(({ artifacts }) => (artifacts[0].payload as Signals).channels[0].segment === 'thigh');
    // actions 22 to 27, eight subjects, four trials, less what the data set lacks
    expect(thigh.length).toBeGreaterThan(180);
  });
});

describeWithData('emg-biosignalsnotebooks', () => {
  it('gives the millivolts that its notebook prints', async () => {
    const report = await drop('emg-biosignalsnotebooks', [
      'emg_bursts.h5',
      'emg_fatigue.h5',
      'sync_acc_1.txt',
      'sync_acc_2.txt',
    ]);
    expect(report.errors).toEqual([]);
    const [bursts, fatigue] = report.items
      .filter(({ modality }) => modality === 'emg')
      .map(({ artifacts }) => artifacts[0].payload as Signals);
    const [{ values, unit }] = bursts.channels;
    expect(unit).toBe('mV');
    expect(rootMeanSquare(values)).toBeCloseTo(0.06296634103839979, 14);
    expect(Math.max(...values)).toBe(0.478729248046875);
    expect(Math.min(...values)).toBe(-0.910400390625);
    expect(fatigue.channels[0].values).toHaveLength(126_900);
    const clipped = report.items.flatMap(({ quality }) => quality).filter(({ code }) => code === 'signal.saturated');
    expect(clipped.map(({ message }) => message)).toEqual([expect.stringContaining('38 of 126900')]);
  });

  it('gives g that is 1 at rest', async () => {
    for (const name of ['sync_acc_1.txt', 'sync_acc_2.txt']) {
      const { channels } = payloadOf<Signals>(await drop('emg-biosignalsnotebooks', [name]), 'signal.imu');
      expect(Math.hypot(...channels.map(({ values }) => values[100]))).toBeCloseTo(1, 1);
    }
  });
});

describeWithData('emg-biosppy', () => {
  it('reads quiet and active muscle as counts, and acceleration in its unit', async () => {
    const report = await drop('emg-biosppy', ['emg.txt', 'emg_1.txt', 'acc.txt']);
    expect(report.errors).toEqual([]);
    const signals = report.items.map(({ artifacts }) => artifacts[0].payload as Signals);
    expect(signals.map(({ rateHz, channels }) => [rateHz, channels[0].unit, channels[0].values.length])).toEqual(
      expect.arrayContaining([
        [1000, '{count}', 100_000],
        [1000, '{count}', 63_880],
      ]),
    );
    expect(payloadOf<Signals>(report, 'signal.imu')).toMatchObject({
      rateHz: 100,
      channels: [{ unit: 'm/s2', axis: 'x' }, {}, {}],
    });
    // a quiet electrode of 12 bits stays at one count for long: that is no lost packet
    const lost = report.items.flatMap(({ quality }) => quality).filter(({ code }) => code === 'signal.repeated');
    expect(lost).toEqual([]);
  });
});

describeWithData('imu-xio-fusion', () => {
  it('keeps its jittered times', async () => {
    const imu = payloadOf<Signals>(await drop('imu-xio-fusion', ['sensor_data.csv']), 'signal.imu');
    expect(imu.timeS).toHaveLength(13_514);
    expect(imu.timeS?.[1]).toBe(0.010078907);
    expect(imu.channels.map(({ unit }) => unit)).toEqual([
      ...Array(3).fill('deg/s'),
      ...Array(3).fill('[g]'),
      ...Array(3).fill('uT'),
    ]);
  });
});

describeWithData('imu-opensense', () => {
  it('joins eight sensors of a walk on the segments that the mapping names', async () => {
    const folder = readdirSync(dataPath('imu-opensense', 'xsens_walk8'));
    const names = folder.filter((name) => name.endsWith('.txt') || name === 'myIMUMappings.xml');
    const report = await drop(
      'imu-opensense',
      names.map((name) => `xsens_walk8/${name}`),
    );
    expect(report.errors).toEqual([]);
    expect(report.items).toHaveLength(1);
    const imu = payloadOf<Signals>(report, 'signal.imu');
    expect(imu).toMatchObject({ rateHz: 100, clock: 'MT_012005D6_009-001' });
    expect(new Set(imu.channels.map(({ segment, side }) => `${segment} ${side ?? ''}`.trim()))).toEqual(
      new Set([
        'foot left',
        'shank left',
        'thigh left',
        'foot right',
        'thorax',
        'pelvis',
        'thigh right',
        'shank right',
      ]),
    );
    // gravity, turned by the vendor's orientation, points up
    const pelvis = imu.channels.filter(({ segment }) => segment === 'pelvis');
    const [ax, ay, az, w, x, y, z] = pelvis.map(({ values }) => values[0]);
    const up = 2 * (x * z - w * y) * ax + 2 * (y * z + w * x) * ay + (w * w - x * x - y * y + z * z) * az;
    expect(up).toBeCloseTo(9.8, 0);
  });

  it('reads every variant of the header and both layouts of APDM', async () => {
    const names = readdirSync(dataPath('imu-opensense', 'formats'));
    expect(names).toHaveLength(11);
    const { items, errors, skipped } = await drop(
      'imu-opensense',
      names.map((name) => `formats/${name}`),
    );
    expect([errors, skipped]).toEqual([[], []]);
    expect(new Set(items.flatMap(({ files }) => files)).size).toBe(11);
    const byFile = new Map(
      items.map((item) => [item.files[0].split('/').at(-1), item.artifacts[0].payload as Signals]),
    );
    const quaternion = (name: string): number[] =>
      (byFile.get(name)?.channels ?? [])
        .filter(({ quantity }) => quantity === 'orientation')
        .map(({ values }) => values[0]);
    // one recording, exported as matrix with four separators and as quaternion: the same turn, but for the sign and six decimals
    const told = quaternion('MT2022_ACC_GYRO_ROT_ALL_TAB_NAN_00B42D4B.txt');
    for (const separator of ['COMMA', 'SEMICOLON', 'SPACE']) {
      const found = quaternion(`MT2022_ACC_GYRO_ROT_MAT_${separator}_00B42D4B.txt`);
      const cosine = found.reduce((sum, part, index) => sum + part * told[index], 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 6);
    }
    expect(byFile.get('imuData01.csv')).toMatchObject({ rateHz: 128 });
    expect(byFile.get('apdm_format7.csv')).toMatchObject({ rateHz: 128 });
  });
});

describeWithData('xdf-examples', () => {
  it('gives the tables of its description', async () => {
    const minimal = await drop('xdf-examples', ['minimal.xdf']);
    const { channels, rateHz } = payloadOf<Signals>(minimal, 'signal.other');
    expect(channels.map(({ values }) => Array.from(values))).toEqual([
      [192, 12, 13, 14, 15, 12, 13, 14, 15],
      [255, 22, 23, 24, 25, 22, 23, 24, 25],
      [238, 32, 33, 34, 35, 32, 33, 34, 35],
    ]);
    expect(rateHz).toBeCloseTo(10, 9);
    const words = payloadOf<EventList>(minimal, 'events').events;
    expect(words.slice(1).map(({ label }) => label)).toEqual([
      'Hello',
      'World',
      'from',
      'LSL',
      'Hello',
      'World',
      'from',
      'LSL',
    ]);
    const empty = await drop('xdf-examples', ['empty_streams.xdf']);
    expect(Array.from(payloadOf<Signals>(empty, 'signal.other').channels[0].values)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(payloadOf<EventList>(empty, 'events').events[0].label).toBe('{"state": 2}');
  });

  it('finds the clock reset and puts both stretches in order', async () => {
    const report = await drop('xdf-examples', ['clock_resets.xdf']);
    const eeg = payloadOf<Signals>(report, 'signal.other');
    expect(eeg.channels[0].values).toHaveLength(27_815);
    const codes = report.items[0].quality.map(({ code, where }) => `${code} ${where}`);
    expect(codes).toEqual(
      expect.arrayContaining(['xdf.clock-reset BioSemi', 'xdf.clock-reset MyMarkerStream', 'xdf.gap BioSemi']),
    );
    const times = eeg.timeS ?? new Float64Array(0);
    expect(times.every((time, index) => index === 0 || time > times[index - 1])).toBe(true);
    const events = payloadOf<EventList>(report, 'events').events;
    expect(events).toHaveLength(175);
    // markers were sent while the amplifier ran, before and after the reset
    const before = events.filter(({ timeS }) => timeS < 139);
    expect(before.every(({ timeS }) => timeS > times[0] - 1)).toBe(true);
    expect(events.filter(({ timeS }) => timeS > 139.5 && timeS < 411)).toEqual([]);
  });
});

describeWithData('skel-keraal', () => {
  it('gives three views of one repetition', async () => {
    const report = await drop(
      'skel-keraal',
      ['Kinect', 'Vicon'].map((of) => `G3-${of}-ELK-P1T1-Unknown-C-0.txt`).concat('G3-BP-ELK-P1T1-Unknown-C-0.json'),
    );
    expect(report.errors).toEqual([]);
    const views = new Map(report.items.map(({ device, artifacts }) => [device, artifacts[0].payload as PointSequence]));
    const frames = (name: string): number =>
      (views.get(name)?.positions.length ?? 0) / 3 / (views.get(name)?.names.length ?? 1);
    expect([frames('Kinect v2'), frames('Optical targets')]).toEqual([193, 385]);
    // the trunk has the length of a trunk, in mm, in the views that know a scale
    for (const name of ['Kinect v2', 'Optical targets']) {
      const { positions, names, up } = views.get(name) as PointSequence;
      const [pelvis, head] = ['pelvis', 'head'].map((point) =>
        positions.subarray(names.indexOf(point) * 3, names.indexOf(point) * 3 + 3),
      );
      const height = up === '+z' ? head[2] - pelvis[2] : pelvis[1] - head[1];
      expect(height, name).toBeGreaterThan(450);
      expect(height, name).toBeLessThan(900);
    }
  });
});

describeWithData('mesh-vlasic', () => {
  it.each(['crane', 'samba'])('makes one moving surface of %s', async (name) => {
    const files = readdirSync(dataPath('mesh-vlasic', name));
    const report = await drop(
      'mesh-vlasic',
      files.map((file) => `${name}/${file}`),
      { rateHz: '30' },
    );
    expect(report.items).toHaveLength(1);
    const { positions, triangles, rateHz, clock } = payloadOf<MeshSequence>(report, 'sequence.mesh');
    expect([positions.length, triangles.length, clock]).toEqual([22, 1, name]);
    expect(positions[0].length / 3).toBe(name === 'crane' ? 10_002 : 9971);
    expect(rateHz).toBeCloseTo(30 / 7, 12);
    // closed surfaces, metres in the files: 0.101 to 0.110 and 0.081 to 0.090 m³
    const [low, high] = name === 'crane' ? [0.101, 0.11] : [0.081, 0.09];
    for (const frame of positions) {
      expect(volumeM3(frame, triangles[0])).toBeGreaterThan(low - 0.0005);
      expect(volumeM3(frame, triangles[0])).toBeLessThan(high + 0.0005);
    }
  });
});

function volumeM3(xyz: Float32Array, triangles: Uint32Array): number {
  let sum = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at] * 3, triangles[at + 1] * 3, triangles[at + 2] * 3];
    sum +=
      xyz[a] * (xyz[b + 1] * xyz[c + 2] - xyz[b + 2] * xyz[c + 1]) -
      xyz[a + 1] * (xyz[b] * xyz[c + 2] - xyz[b + 2] * xyz[c]) +
      xyz[a + 2] * (xyz[b] * xyz[c + 1] - xyz[b + 1] * xyz[c]);
  }
  return sum / 6e9;
}
