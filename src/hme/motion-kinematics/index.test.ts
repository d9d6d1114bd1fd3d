import { describe, expect, it } from 'vitest';
import { runCapability } from '../../../tests/support/read.ts';
import type { ArtifactValue, EventList, PointSequence, Signals } from '../../model/index.ts';
import { type KinematicsOptions, measureKinematics, motionKinematics, parseMapping } from './index.ts';
import { type Pose, simulateMotion, walkingPose } from './simulate.ts';

type Recording = ArtifactValue<'sequence.markers' | 'sequence.skeleton'>;

function recordingOf(payload: PointSequence): Recording {
  return {
    kind: payload.names.includes('LASI') ? 'sequence.markers' : 'sequence.skeleton',
    payload,
    name: 'simulated',
  };
}

const wave = (t: number, amplitude: number, period = 3) => (amplitude * (1 - Math.cos((2 * Math.PI * t) / period))) / 2;

/** A squat of each leg's own depth; the trunk leans forward and a little to the side. */
const squat =
  (left: number, right: number) =>
  (t: number): Pose => ({
    pelvis: { tilt: wave(t, 25), obliquity: wave(t, 3), rotation: 4, heightMm: 950 - wave(t, 350) },
    lumbar: { flexion: wave(t, 20), lateral: wave(t, 5), rotation: wave(t, -6) },
    left: {
      hip: wave(t, left),
      hipAdduction: -wave(t, 8),
      hipRotation: wave(t, 6),
      knee: wave(t, left),
      ankle: wave(t, 20),
    },
    right: {
      hip: wave(t, right),
      hipAdduction: wave(t, 4),
      hipRotation: -wave(t, 9),
      knee: wave(t, right),
      ankle: wave(t, 25),
    },
  });

function worst(
  recording: Recording,
  truth: (t: number) => Record<string, number>,
  options: Partial<KinematicsOptions> = {},
) {
  const { angles, body } = measureKinematics(recording, { cutoffHz: 0, ...options });
  const found: Record<string, number> = {};
  for (const id of Object.keys(truth(0))) {
    const track = angles.find((angle) => angle.id === id);
    found[id] = track
      ? Math.max(...track.values.map((value, i) => Math.abs(value - truth(i / body.rateHz)[id])))
      : Number.NaN;
  }
  return found;
}

const SQUAT_TRUTH = (t: number) => {
  const { pelvis, lumbar, left, right } = squat(80, 100)(t);
  return {
    'pelvis.tilt': pelvis?.tilt ?? 0,
    'pelvis.obliquity': pelvis?.obliquity ?? 0,
    'lumbar.flexion': lumbar?.flexion ?? 0,
    'lumbar.lateral': lumbar?.lateral ?? 0,
    'lumbar.rotation': lumbar?.rotation ?? 0,
    'hip.flexion.left': left?.hip ?? 0,
    'hip.adduction.left': left?.hipAdduction ?? 0,
    'hip.rotation.left': left?.hipRotation ?? 0,
    'hip.flexion.right': right?.hip ?? 0,
    'hip.adduction.right': right?.hipAdduction ?? 0,
    'hip.rotation.right': right?.hipRotation ?? 0,
    'knee.flexion.left': left?.knee ?? 0,
    'knee.flexion.right': right?.knee ?? 0,
    'ankle.dorsiflexion.left': left?.ankle ?? 0,
    'ankle.dorsiflexion.right': right?.ankle ?? 0,
  };
};

describe('angles of a body of known angles', () => {
  const sequence = (points: 'markers' | 'markers without inner ones' | 'skeleton') =>
    simulateMotion(squat(80, 100), { seconds: 3, rateHz: 50, points });

  it('come back from markers to a rounding error', () => {
    const errors = worst(recordingOf(sequence('markers')), SQUAT_TRUTH);
    for (const [id, error] of Object.entries(errors)) expect(error, id).toBeLessThan(1e-6);
  });

  it('come back without inner markers, the axis taken from the bending', () => {
    const errors = worst(recordingOf(sequence('markers without inner ones')), SQUAT_TRUTH);
    for (const [id, error] of Object.entries(errors)) expect(error, id).toBeLessThan(0.5);
  });

  it('come back with inner markers of a standing trial', () => {
    const standing = recordingOf(simulateMotion(() => ({}), { seconds: 1, rateHz: 50, points: 'markers' }));
    const { angles, quality, body } = measureKinematics(
      recordingOf(sequence('markers without inner ones')),
      { cutoffHz: 0 },
      standing,
    );
    expect(quality.map(({ code }) => code)).toContain('kinematics.standing-used');
    const knee = angles.find(({ id }) => id === 'knee.flexion.right');
    knee?.values.forEach((value, i) => {
      expect(value).toBeCloseTo(wave(i / body.rateHz, 100), 5);
    });
  });

  it('come back from a skeleton as far as joints can show them', () => {
    const truth = (t: number) => {
      const { 'pelvis.tilt': tilt, 'knee.flexion.left': left, 'knee.flexion.right': right } = SQUAT_TRUTH(t);
      return { 'pelvis.tilt': tilt, 'knee.flexion.left': left, 'knee.flexion.right': right };
    };
    const errors = worst(recordingOf(sequence('skeleton')), truth);
    for (const [id, error] of Object.entries(errors)) expect(error, id).toBeLessThan(1e-5);
  });

  it('leave lumbar flexion out where pelvis and thorax share the one line of a skeleton', () => {
    const whole = sequence('skeleton');
    const at = whole.names.indexOf('spine');
    const frames = whole.positions.length / 3 / whole.names.length;
    const kept = Array.from({ length: frames * whole.names.length }, (_, k) => k).filter(
      (k) => k % whole.names.length !== at,
    );
    const positions = Float64Array.from(kept.flatMap((k) => [...whole.positions.subarray(3 * k, 3 * k + 3)]));
    const bare = { ...whole, names: whole.names.filter((name) => name !== 'spine'), positions };
    const seen = (payload: PointSequence) => {
      const { angles, quality } = measureKinematics(recordingOf(payload), { cutoffHz: 0 });
      return [angles.some(({ id }) => id === 'lumbar.flexion'), quality.map(({ code }) => code)] as const;
    };
    expect(seen(whole)[0]).toBe(true);
    expect(seen(bare)[0]).toBe(false);
    expect(seen(bare)[1]).toContain('kinematics.no-lumbar-flexion');
  });

  it('do not see how the room is turned', () => {
    const straight = sequence('markers');
    const turned = { ...straight, positions: straight.positions.slice() };
    const [c, s] = [Math.cos(2.1), Math.sin(2.1)];
    for (let i = 0; i < turned.positions.length; i += 3) {
      const [x, y] = [straight.positions[i], straight.positions[i + 1]];
      turned.positions[i] = c * x - s * y + 500;
      turned.positions[i + 1] = s * x + c * y - 900;
    }
    const [a, b] = [straight, turned].map((payload) => measureKinematics(recordingOf(payload)).angles);
    a.forEach(({ id, values }, k) => {
      expect(b[k].id).toBe(id);
      expect(Math.max(...values.map((value, i) => Math.abs(value - b[k].values[i])))).toBeLessThan(1e-6);
    });
  });

  it('start from the pose of the first half second when asked to', () => {
    const lean = (t: number): Pose => ({ ...squat(60, 60)(Math.max(0, t - 1)), lumbar: { flexion: 12, lateral: 7 } });
    const payload = simulateMotion(lean, { seconds: 4, rateHz: 50, points: 'markers' });
    const { angles } = measureKinematics(recordingOf(payload), { zero: 'start' });
    for (const { values, id } of angles) expect(Math.abs(values[5]), id).toBeLessThan(1e-3);
  });
});

function eventsIn(outputs: { role: string; draft: { payload: unknown } }[]) {
  const found = outputs.find(({ role }) => role === 'events');
  return found ? (found.draft.payload as EventList).events : [];
}

describe('movement', () => {
  const run = (payload: PointSequence, params = {}) =>
    runCapability(motionKinematics, { recording: [recordingOf(payload) as ArtifactValue] }, params);

  it('squats are counted and told apart by their symmetry', async () => {
    const make = (left: number, right: number) =>
      simulateMotion(squat(left, right), { seconds: 15, rateHz: 50, points: 'markers', noiseMm: 1 });
    const [even, uneven] = await Promise.all([run(make(90, 90)), run(make(80, 100))]);
    const of = (result: Awaited<ReturnType<typeof run>>, id: string, site?: string) =>
      result.features.find((feature) => feature.definition === `kinematics.${id}` && feature.site === site);
    expect(of(even, 'repetitions')?.value).toBe(5);
    expect(of(even, 'repetitions')?.task).toBe('squat');
    expect(of(even, 'repetitionTime')?.value).toBeGreaterThan(2.2);
    expect(Math.abs(of(even, 'symmetryIndex', 'knee.flexion')?.value as number)).toBeLessThan(1);
    const index = of(uneven, 'symmetryIndex', 'knee.flexion');
    expect(index?.value).toBeCloseTo((100 * 20) / 90, 0);
    expect(index?.uncertainty.kind).toBe('interval');
    const labels = eventsIn(even.outputs).map(({ label }) => label);
    expect(labels.filter((label) => label.endsWith('peak'))).toHaveLength(5);
    const angles = even.outputs.find(({ role }) => role === 'angles')?.draft.payload as Signals;
    expect(angles.channels.map(({ name }) => name)).toContain('knee.flexion.left (ZXY 1 of 3, + flexion)');
    expect(even.outputs.find(({ role }) => role === 'skeleton')?.draft.kind).toBe('sequence.skeleton');
  });

  it('standing up is a passage, not a repetition', async () => {
    const seated = (t: number) => 90 * (1 - Math.min(1, Math.max(0, (t - 1) / 1.5)));
    const payload = simulateMotion(
      (t) => ({
        pelvis: { heightMm: 950 - 4 * seated(t) },
        left: { hip: seated(t), knee: seated(t) },
        right: { hip: seated(t), knee: seated(t) },
      }),
      { seconds: 4, rateHz: 50, points: 'skeleton' },
    );
    const { features, outputs } = await run(payload);
    expect(features.find(({ definition }) => definition === 'kinematics.repetitions')).toMatchObject({
      value: 1,
      task: 'sit-to-stand',
    });
    const [event] = eventsIn(outputs);
    expect(event.label).toBe('stand up 1');
    expect(event.timeS).toBeCloseTo(1.05, 1);
    expect(event.endS).toBeCloseTo(2.4, 1);
  });

  it('bends share their angle between spine and pelvis as prescribed', async () => {
    const bend = (t: number): Pose => ({
      pelvis: { tilt: wave(t, 20, 4) },
      lumbar: { flexion: wave(t, 40, 4) },
      left: { hip: wave(t, 20, 4) },
      right: { hip: wave(t, 20, 4) },
    });
    const { features } = await run(simulateMotion(bend, { seconds: 12, rateHz: 50, points: 'markers' }));
    const ratios = features.filter(({ definition }) => definition === 'kinematics.lumbopelvicRatio');
    expect(ratios.map(({ window }) => window?.label)).toEqual(['early', 'middle', 'late']);
    for (const { value, task } of ratios) {
      expect(task).toBe('bend');
      expect(value).toBeCloseTo(2, 1);
    }
  });

  it.each([
    [
      'lateral-bend',
      (t: number): Pose => ({ lumbar: { lateral: 30 * Math.sin((2 * Math.PI * t) / 5) } }),
      ['right', 'left'],
    ],
    [
      'trunk-rotation',
      (t: number): Pose => ({ lumbar: { rotation: 40 * Math.sin((2 * Math.PI * t) / 5) } }),
      ['left', 'right'],
    ],
  ] as const)('%s goes to both sides', (task, pose, sides) => {
    const { movement } = measureKinematics(
      recordingOf(simulateMotion(pose, { seconds: 5, rateHz: 30, points: 'skeleton' })),
    );
    expect(movement.task).toBe(task);
    expect(movement.repetitions.map(({ side }) => side)).toEqual(sides);
  });

  it.each([0, 900])('steps of a walk have their time and length, at %i mm/s over ground', async (speed) => {
    const { features } = await run(
      simulateMotion((t) => walkingPose(t, speed), { seconds: 8, rateHz: 100, points: 'markers' }),
    );
    const of = (id: string, side?: string) =>
      features.find((feature) => feature.definition === `kinematics.${id}` && feature.side === side);
    expect(of('strideTime')?.value).toBeCloseTo(1.1, 2);
    expect(of('cadence')?.value).toBeCloseTo(120 / 1.1, 0);
    const left = of('stepLength', 'left')?.value as number;
    expect(left).toBeGreaterThan(0.5);
    expect(of('stepLength', 'right')?.value).toBeCloseTo(left, 2);
    expect(of('speed')?.value).toBeCloseTo((2 * left) / 1.1, 1);
  });
});

it('a run is not told as a walk', async () => {
  const payload = simulateMotion((t) => walkingPose(1.6 * t), { seconds: 6, rateHz: 100, points: 'markers' });
  const { features, quality } = await runCapability(motionKinematics, {
    recording: [recordingOf(payload) as ArtifactValue],
  });
  expect(features.some(({ definition }) => definition === 'kinematics.cadence')).toBe(true);
  expect(features.some(({ definition }) => definition === 'kinematics.speed')).toBe(false);
  expect(quality.map(({ code }) => code)).toContain('kinematics.running');
});

describe('doubt', () => {
  const still = simulateMotion(squat(80, 80), { seconds: 3, rateHz: 50, points: 'markers' });
  const withHoles = (name: string, from: number, to: number): PointSequence => {
    const positions = still.positions.slice();
    const k = still.names.indexOf(name);
    for (let i = from; i < to; i++)
      positions.fill(Number.NaN, 3 * (i * still.names.length + k), 3 * (i * still.names.length + k) + 3);
    return { ...still, positions };
  };

  it('short gaps are bridged and said, long ones stay open and are said', () => {
    const short = measureKinematics(recordingOf(withHoles('RKNE', 30, 36)));
    expect(short.quality.map(({ code }) => code)).toContain('kinematics.gaps-bridged');
    const whole = measureKinematics(recordingOf(still));
    const id = 'knee.flexion.right';
    const [a, b] = [short, whole].map(
      ({ angles }) => angles.find((track) => track.id === id)?.values ?? new Float64Array(),
    );
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(0.5);
    const long = measureKinematics(recordingOf(withHoles('RKNE', 30, 80)));
    const flag = long.quality.find(({ code }) => code === 'kinematics.points-missing');
    expect(flag?.severity).toBe('doubt');
    expect(flag?.where).toContain('kneeLateral.right');
    expect(
      long.angles
        .find((track) => track.id === id)
        ?.values.slice(35, 75)
        .every(Number.isNaN),
    ).toBe(true);
  });

  it('a segment without its markers has no angle, never 0°', () => {
    const { angles, quality } = measureKinematics(recordingOf(withHoles('LASI', 0, 80)));
    // a marker that comes in late is missing for that long, though no gap lies between two sights of it
    expect(quality.find(({ code }) => code === 'kinematics.points-missing')?.message).toContain(
      `longest stretch ${(80 / still.rateHz).toFixed(2)} s`,
    );
    const ofPelvis = angles.filter(({ id }) => id.startsWith('pelvis.'));
    expect(ofPelvis).toHaveLength(3);
    for (const { values } of ofPelvis) {
      expect(values.slice(0, 75).every(Number.isNaN)).toBe(true);
      expect(values.slice(85).some((value) => !Number.isNaN(value))).toBe(true);
    }
  });

  it('an extreme beside a gap has no interval', async () => {
    const { features } = await runCapability(motionKinematics, {
      recording: [recordingOf(withHoles('RKNE', 70, 110)) as ArtifactValue],
    });
    const high = features.find(
      ({ definition, site, side }) =>
        definition === 'kinematics.maximum' && site === 'knee.flexion' && side === 'right',
    );
    expect(high?.uncertainty).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('missing') });
  });

  it('a shoulder that jumps is set aside', () => {
    const payload = simulateMotion(() => ({}), { seconds: 3, rateHz: 30, points: 'skeleton' });
    const k = payload.names.indexOf('shoulder.left');
    for (let i = 30; i < 60; i++) payload.positions[3 * (i * payload.names.length + k)] += 150;
    const { body, quality, angles } = measureKinematics(recordingOf(payload));
    expect(body.implausible).toBeCloseTo(1 / 3, 1);
    expect(quality.map(({ code }) => code)).toContain('kinematics.implausible');
    expect(
      angles
        .find(({ id }) => id === 'trunk.lateral')
        ?.values.slice(35, 55)
        .every(Number.isNaN),
    ).toBe(true);
  });

  it('a spine that jumps with the shoulders leaves no trace in the frames before', () => {
    const payload = simulateMotion(() => ({}), { seconds: 3, rateHz: 30, points: 'skeleton' });
    for (const [name, jump] of [
      ['shoulder.left', 150],
      ['spine', 60],
    ] as const) {
      const k = payload.names.indexOf(name);
      for (let i = 30; i < 60; i++) payload.positions[3 * (i * payload.names.length + k)] += jump;
    }
    const lateral = measureKinematics(recordingOf(payload)).angles.find(({ id }) => id === 'trunk.lateral');
    const before = [...(lateral?.values.subarray(0, 30) ?? [])];
    expect(before.every((value) => Math.abs(value - before[0]) < 0.5)).toBe(true);
  });

  it('a turn that a camera foreshortens is restored', () => {
    const turn = (t: number): Pose => ({ lumbar: { rotation: wave(t, 50, 4) } });
    const payload = simulateMotion(turn, { seconds: 4, rateHz: 30, points: 'skeleton' });
    // the camera looks along +y of this room; what is hidden comes too near
    const flat = { ...payload, frame: 'camera' as const, positions: payload.positions.slice() };
    const names = payload.names;
    for (let i = 0; i < flat.positions.length; i += 3) {
      const [x, y, z] = [payload.positions[i], payload.positions[i + 1], payload.positions[i + 2]];
      const shrunk = names[(i / 3) % names.length].startsWith('shoulder') ? 0.4 * y : y;
      flat.positions.set([x, -z, shrunk], i);
    }
    flat.up = '-y';
    const peak = (sequence: PointSequence) => {
      const { angles } = measureKinematics(recordingOf(sequence));
      return Math.max(...(angles.find(({ id }) => id === 'trunk.rotation')?.values.map(Math.abs) ?? []));
    };
    expect(peak({ ...flat, frame: 'lab' })).toBeLessThan(32);
    expect(Math.abs(peak(flat) - 50)).toBeLessThan(3);
  });

  it('unknown names, wrong mappings and a still picture are told', () => {
    const strange = { ...still, names: still.names.map((_, i) => `M${i}`) };
    expect(() => measureKinematics(recordingOf(strange))).toThrow(
      expect.objectContaining({ code: 'labels.unknown', hint: expect.stringContaining('mapping') }),
    );
    expect(() => measureKinematics(recordingOf(still), { mapping: parseMapping('c7=Nothing') })).toThrow(
      expect.objectContaining({ code: 'labels.unknown' }),
    );
    expect(() => parseMapping('c7')).toThrow(expect.objectContaining({ code: 'parameter.invalid' }));
    const one = { ...still, positions: still.positions.slice(0, 3 * still.names.length) };
    expect(() => measureKinematics(recordingOf(one))).toThrow(expect.objectContaining({ code: 'input.empty' }));
    const feet = { ...still, names: still.names.map((name) => (/HEE|TOE|C7/.test(name) ? name : `x${name}1q`)) };
    expect(() => measureKinematics({ ...recordingOf(feet), kind: 'sequence.markers' })).toThrow(
      expect.objectContaining({ code: 'input.missing' }),
    );
  });

  it('names of the user come first', () => {
    const strange = { ...still, names: still.names.map((name) => (name === 'RKNE' ? 'P17' : name)) };
    const { angles } = measureKinematics(recordingOf(strange), { mapping: parseMapping('kneeLateral.right=P17') });
    expect(angles.some(({ id }) => id === 'knee.flexion.right')).toBe(true);
  });
});
