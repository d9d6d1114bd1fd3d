import { describe, expect, it } from 'vitest';
import { simulateMotion } from '../../../fixtures/synth/index.ts';
import { outputsOf, runCapability } from '../../../tests/support/read.ts';
import { createRandom } from '../../kernel/index.ts';
import type {
  ArtifactKind,
  ArtifactValue,
  CloudSequence,
  MeshSequence,
  ParamValues,
  PointSequence,
  Signals,
  Table,
} from '../../model/index.ts';
import { cloudVolume, measureMoving, movingOf, regionOfJoint, signatureDistance, videoKinematics } from './index.ts';
import { SWING_VOLUME_MM3, simulateSwing, simulateSwingCloud, simulateSwingDepth } from './simulate.ts';

const value = (kind: ArtifactKind, payload: unknown): ArtifactValue => ({ kind, payload, name: 'x' }) as ArtifactValue;

async function measure(sequence: ArtifactValue, params: ParamValues = {}, reference?: ArtifactValue) {
  const inputs = { sequence: [sequence], ...(reference ? { reference: [reference] } : {}) };
  const result = await runCapability(videoKinematics, inputs, params);
  const features = Object.fromEntries(result.features.map((feature) => [feature.definition.slice(6), feature]));
  const number = (id: string) => features[id]?.value as number;
  const output = <T>(role: string) => outputsOf(result, role)[0]?.payload as T;
  return { ...result, byId: features, number, output };
}

/** Markers on a stick that walks and turns. */
function stick(frames = 30, rateHz = 10): PointSequence {
  const positions = new Float64Array(frames * 9);
  for (let f = 0; f < frames; f++) {
    for (let m = 0; m < 3; m++) {
      const turn = (0.3 * f) / rateHz;
      positions[9 * f + 3 * m] = (500 * f) / rateHz + 200 * (m - 1) * Math.cos(turn);
      positions[9 * f + 3 * m + 1] = 900 + (m === 1 ? 100 : 0);
      positions[9 * f + 3 * m + 2] = 200 * (m - 1) * Math.sin(turn);
    }
  }
  const names = ['hand.left', 'head', 'foot.right'];
  return { clock: 'c', startS: 2, rateHz, frame: 'lab', up: '+y', names, positions };
}

describe('3D video kinematics', () => {
  it('measures a mesh exactly: volume, path, speed, repetitions', async () => {
    const mesh = simulateSwing({ frames: 60, swings: 3, walkMmS: 400 });
    const { number, output, byId } = await measure(value('sequence.mesh', mesh));
    expect(number('volume')).toBeCloseTo(SWING_VOLUME_MM3 / 1000, 0);
    expect(Math.abs(number('volumeChange'))).toBeLessThan(1e-3);
    expect(number('displacement')).toBeGreaterThan(0.99 * 400 * 5.9);
    expect(number('pathLength')).toBeGreaterThanOrEqual(number('displacement'));
    expect(number('repetitions')).toBeCloseTo(3, 0);
    expect(number('period')).toBeCloseTo(2, 1);
    expect(byId.speedMean.uncertainty.kind).toBe('exact');
    // by hand, from the vertices
    const { positions } = mesh;
    let sum = 0;
    for (let f = 0; f + 1 < 60; f++)
      for (let i = 0; i < positions[0].length; i += 3)
        sum += Math.hypot(...[0, 1, 2].map((d) => positions[f + 1][i + d] - positions[f][i + d])) * 10;
    expect(number('speedMean')).toBeCloseTo(sum / 59 / (positions[0].length / 3) / 1000, 4);
    const moving = output<MeshSequence>('moving');
    expect(moving.triangles).toBe(mesh.triangles);
    expect(moving.pointData?.speed[0].length).toBe(positions[0].length / 3);
  });

  it('takes the walk out of the speed within the body', async () => {
    const still = await measure(value('sequence.mesh', simulateSwing({ frames: 12, walkMmS: 700, liftRad: 0 })));
    expect(still.number('speedMean')).toBeCloseTo(0.7, 4);
    expect(still.number('speedLocal')).toBeLessThan(1e-3);
    expect(still.number('repetitions')).toBe(1);
    expect(still.byId.smoothness.value).not.toBeNull();
  });

  it.each([
    ['following points', 0.1],
    ['volume', 0.62],
  ])('stops after one frame while at: %s', (stage, share) => {
    const cloud = { kind: 'sequence.cloud', payload: simulateSwingCloud({ frames: 8 }), name: 'x' } as const;
    const abort = new AbortController();
    let last = 0;
    const progress = (done: number, message: string) => {
      last = done;
      if (message === stage) abort.abort();
    };
    const options = { method: 'nearest', voxelMm: 20, minSpeed: 100 } as const;
    expect(() => measureMoving(movingOf(cloud as never), options, abort, progress)).toThrow(/abort/i);
    expect(last).toBeLessThan(share);
  });

  it('tells the moving part from the still part', async () => {
    const { number, output } = await measure(value('sequence.mesh', simulateSwing({ frames: 40 })));
    const [dynamic] = output<MeshSequence>('moving').pointData?.dynamic ?? [];
    const trunk = 6 * 17 * 17;
    expect(dynamic.subarray(0, trunk).every((v) => v === 0)).toBe(true);
    const arm = dynamic.subarray(trunk);
    // near the shoulder even an arm is slow
    expect(arm.reduce((sum, v) => sum + v, 0) / arm.length).toBeGreaterThan(0.7);
    expect(number('dynamic')).toBeLessThan(40);
    const activity = output<CloudSequence>('activity');
    for (let i = 0; i < activity.positions[0].length; i += 3) expect(activity.positions[0][i]).toBeGreaterThan(100);
    expect(number('activated')).toBeGreaterThan(2);
  });

  it('finds the speed of a cloud in which nobody knows which point is which', async () => {
    const options = { frames: 6, rateHz: 4, swings: 1, liftRad: 1.4, walkMmS: 300 };
    const exact = await measure(value('sequence.mesh', simulateSwing(options)));
    const cloud = value('sequence.cloud', simulateSwingCloud({ ...options, noiseMm: 3 }));
    const flow = await measure(cloud);
    expect(Math.abs(flow.number('speedMean') / exact.number('speedMean') - 1)).toBeLessThan(0.1);
    expect(Math.abs(flow.number('displacement') / exact.number('displacement') - 1)).toBeLessThan(0.05);
    const nearest = await measure(cloud, { following: 'nearest' });
    expect(nearest.number('speedMean')).toBeLessThan(flow.number('speedMean'));
    const { uncertainty } = nearest.byId.speedMean;
    expect(uncertainty.kind === 'interval' && uncertainty.high).toBeGreaterThan(exact.number('speedMean'));
  });

  it('treats vertices as strangers when told to', async () => {
    const mesh = value('sequence.mesh', simulateSwing({ frames: 3 }));
    const { byId, number } = await measure(mesh, { correspondence: false });
    expect(byId.speedMean.uncertainty.kind).toBe('interval');
    expect(number('volume')).toBeCloseTo(SWING_VOLUME_MM3 / 1000, 0);
  });

  it('fills the volume of a cloud from its surface', () => {
    for (const perFace of [30, 60]) {
      const [points] = simulateSwing({ frames: 3, perFace }).positions;
      // a grid of 3 by 20 mm is a hard cloud: its neighbours are near, its gaps wide
      expect(Math.abs(cloudVolume(points, 2) / SWING_VOLUME_MM3 - 1)).toBeLessThan(0.15);
    }
  });

  it('runs depth pictures whole and says what one camera cannot see', async () => {
    const { byId, quality, output } = await measure(
      value('sequence.depth', simulateSwingDepth({ frames: 4, swings: 1 })),
    );
    expect(byId.volume.value).toBeNull();
    expect(byId.volume.missing).toMatch(/one side/);
    expect(quality.map(({ code }) => code)).toContain('video.one-side');
    expect(output<CloudSequence>('moving').positions).toHaveLength(4);
  });

  it('measures named points, gaps and all', async () => {
    const sequence = stick();
    sequence.positions.fill(Number.NaN, 9 * 4, 9 * 4 + 3);
    const { number, output, byId } = await measure(value('sequence.markers', sequence), { target: 'arms' });
    // the hand is missing in one frame, so the middle is that of head and foot
    expect(number('displacement')).toBeCloseTo(Math.hypot(1450 + 100 * (Math.cos(0.87) - 1), 100 * Math.sin(0.87)), 0);
    expect(number('speedLocal')).toBeLessThan(0.04);
    expect(byId.compensation.site).toBe('arms');
    const curves = output<Signals>('curves');
    expect(curves.startS).toBe(2);
    for (const { values } of curves.channels) expect(values).toHaveLength(30);
  });

  it('compares two recordings and finds similar poses', async () => {
    const slow = value('sequence.mesh', simulateSwing({ frames: 40, swings: 1 }));
    const fast = value('sequence.mesh', simulateSwing({ frames: 20, swings: 1 }));
    const other = value('sequence.mesh', simulateSwing({ frames: 40, swings: 1, liftRad: 0.2 }));
    const same = await measure(slow, {}, fast);
    const unlike = await measure(slow, {}, other);
    expect(same.number('shapeDifference')).toBeLessThan(0.5 * unlike.number('shapeDifference'));
    expect(same.number('speedDifference')).toBeGreaterThan(0);
    const poses = same.output<Table>('poses').columns;
    // the arm is highest in the middle of both
    const row = poses[0].values.indexOf(2);
    expect(Math.abs((poses[1].values[row] as number) - 1)).toBeLessThanOrEqual(0.2);
    const path = same.output<Table>('comparison').columns;
    expect(path[0].values[0]).toBe(0);
    expect(path[1].values.at(-1)).toBe(1.9);
  });

  it('makes a similarity matrix over time and histograms that sum to one', async () => {
    const { output } = await measure(value('sequence.mesh', simulateSwing({ frames: 20, swings: 2 })));
    const matrix = output<Table>('similarity').columns;
    expect(matrix).toHaveLength(21);
    expect(matrix[0].values[3]).toBe(0.3);
    for (let i = 0; i < 20; i++) expect(matrix[i + 1].values[i]).toBe(0);
    const bins = output<Table>('histograms').columns.slice(1);
    expect(bins).toHaveLength(16);
    expect(bins.reduce((sum, { values }) => sum + (values[0] as number), 0)).toBeCloseTo(1, 9);
  });

  it('refuses what does not move', async () => {
    const one = simulateSwing({ frames: 2 });
    expect(() => movingOf(value('sequence.mesh', one) as never)).toThrow(
      expect.objectContaining({ code: 'input.empty' }),
    );
  });

  it('knows the region of a joint', () => {
    expect(['head', 'wrist.left', 'hip.right', 'toe.left', 'spine'].map(regionOfJoint)).toEqual([
      'head',
      'arms',
      'trunk',
      'legs',
      'trunk',
    ]);
  });

  it('finds key points of a skin and tells poses apart around them', async () => {
    const { skin } = simulateMotion({ task: 'squat', repetitions: 1, cameraHz: 5, restS: 0.5 });
    const random = createRandom(5);
    /** points of the skin drawn anew in each frame, so that none is in two */
    const drawn = (): CloudSequence => ({
      clock: 'drawn',
      startS: 0,
      rateHz: 5,
      frame: 'lab',
      up: '+y',
      positions: skin.positions.map((points) => {
        const use = Array.from({ length: 2500 }, () => Math.floor((random.uniform() * points.length) / 3));
        return Float32Array.from(use.flatMap((i) => [...points.subarray(3 * i, 3 * i + 3)]));
      }),
    });
    const [first, second] = [drawn(), drawn()];
    const { output, number, byId } = await measure(value('sequence.cloud', first), { following: 'nearest' });
    const found = output<CloudSequence>('keypoints');
    expect(found.positions).toHaveLength(first.positions.length);
    expect(number('keypoints')).toBeGreaterThan(5);
    expect(number('keypoints')).toBeLessThan(120);
    expect(byId.keypoints.uncertainty.kind).toBe('interval');
    found.positions.forEach((points, f) => {
      const own = new Set(first.positions[f].filter((_, i) => i % 3 === 0));
      for (let k = 0; k < points.length; k += 3) expect(own.has(points[k])).toBe(true);
    });
    const [one, other] = [first, second].map((payload) => movingOf({ kind: 'sequence.cloud', payload, name: 'drawn' }));
    // standing against deepest squat, and each against itself
    const deepest = Math.round(skin.positions.length / 2);
    const same = signatureDistance(one, other, [
      [0, 0],
      [deepest, deepest],
    ]);
    const unlike = signatureDistance(one, other, [
      [0, deepest],
      [deepest, 0],
    ]);
    expect(same).toBeLessThan(0.7 * unlike);
    expect(signatureDistance(one, one, [[0, 0]])).toBeLessThan(1e-6);
    const skeleton = await measure(value('sequence.skeleton', stick()));
    expect(skeleton.byId.keypoints).toBeUndefined();
    expect(skeleton.output('keypoints')).toBeUndefined();
  });

  it('says what is missing and what was hidden', async () => {
    const lost = stick();
    const k = lost.names.indexOf('hand.left');
    for (let f = 10; f < 20; f++) lost.positions.fill(Number.NaN, 9 * f + 3 * k, 9 * f + 3 * k + 3);
    lost.positions.fill(Number.NaN, 9 * 25, 9 * 26);
    const { quality, number } = await measure(value('sequence.skeleton', lost));
    const told = (code: string) => quality.find((flag) => flag.code === `video.${code}`)?.message;
    expect(told('points-missing')).toContain('hand.left in 34 % of the frames');
    expect(told('frames-empty')).toContain('1 frames');
    expect(number('pathLength')).toBeGreaterThan(0);
    const cloud = simulateSwingCloud({ frames: 10 });
    cloud.positions[4] = cloud.positions[4].slice(0, 3 * Math.floor(cloud.positions[4].length / 9));
    const hidden = await measure(value('sequence.cloud', cloud), { following: 'nearest' });
    expect(hidden.quality.find(({ code }) => code === 'video.occlusion')?.message).toContain('In 1 of 10 frames');
    const whole = await measure(value('sequence.cloud', simulateSwingCloud({ frames: 10 })), { following: 'nearest' });
    expect(whole.quality.map(({ code }) => code)).not.toContain('video.occlusion');
  });
});
