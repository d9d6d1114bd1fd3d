/** Bodies in 3D video: performers whose volume, middle and speeds are known, and a depth sequence from start to end. */

import { describe, expect, it } from 'vitest';
import { movingOf, signatureDistance, videoKinematics } from '../../src/hme/video-kinematics/index.ts';
import { createRandom } from '../../src/kernel/index.ts';
import type { ArtifactValue, MeshSequence, ParamValues, PointSequence, Signals } from '../../src/model/index.ts';
import { describeWithData } from '../support/data.ts';
import { ACTION_SET } from '../support/motion/actions.ts';
import { readRecordings } from '../support/motion/imu.ts';
import {
  framesOfMesh,
  meanSpeed,
  PERFORMER_SET,
  PERFORMERS,
  readPerformer,
  sampledPerformer,
  truthOf,
} from '../support/motion/performers.ts';
import { outputsOf, runCapability } from '../support/read.ts';

async function measure(sequence: ArtifactValue, params: ParamValues = {}) {
  const result = await runCapability(videoKinematics, { sequence: [sequence] }, params);
  const feature = (id: string) => result.features.find(({ definition }) => definition === `video.${id}`);
  return { ...result, feature, number: (id: string) => feature(id)?.value as number };
}

describeWithData(PERFORMER_SET, () => {
  describe.each(PERFORMERS)('%s', (name) => {
    it('has the volume and the path of its files', async () => {
      const truth = truthOf(name);
      const { number, ...result } = await measure(await readPerformer(name));
      const volumes = (outputsOf(result, 'curves')[0].payload as Signals).channels.find(
        (channel) => channel.name === 'volume',
      )?.values;
      expect(volumes).toHaveLength(22);
      truth.volumes.forEach((v, f) => {
        expect(Math.abs((1000 * (volumes?.[f] ?? 0)) / v - 1)).toBeLessThan(1e-5);
      });
      const { positions } = outputsOf(result, 'centroid')[0].payload as PointSequence;
      truth.middles.forEach((middle, f) => {
        for (let d = 0; d < 3; d++) expect(Math.abs(positions[3 * f + d] - middle[d])).toBeLessThan(0.01);
      });
      let path = 0;
      for (let f = 1; f < 22; f++)
        path += Math.hypot(...[0, 1, 2].map((d) => truth.middles[f][d] - truth.middles[f - 1][d]));
      expect(Math.abs(number('pathLength') / path - 1)).toBeLessThan(1e-5);
    });

    it('has its speed within 10 % when nobody knows which point is which', async () => {
      // twelve of the 22 frames, the fast ones; the whole is in docs/accuracy.md
      const whole = (await readPerformer(name)).payload as MeshSequence;
      const { cloud, exact } = sampledPerformer(framesOfMesh(whole, 4, 16), 3000);
      const { number } = await measure({ kind: 'sequence.cloud', payload: cloud, name });
      const truth = meanSpeed(exact) / 1000;
      expect(Math.abs(number('speedMean') / truth - 1)).toBeLessThan(0.1);
    });

    it('is told by the contexts of its key points, pose by pose', async () => {
      const { positions } = (await readPerformer(name)).payload as MeshSequence;
      const random = createRandom(5);
      /** vertices drawn anew */
      const drawn = () => {
        const frames = positions.map((points) =>
          Float32Array.from({ length: 3000 }, () => Math.floor((random.uniform() * points.length) / 3)).reduce(
            (out, i, k) => {
              out.set(points.subarray(3 * i, 3 * i + 3), 3 * k);
              return out;
            },
            new Float32Array(9000),
          ),
        );
        const payload = { clock: name, startS: 0, rateHz: 30 / 7, frame: 'lab' as const, up: '+y' as const };
        return movingOf({ kind: 'sequence.cloud', payload: { ...payload, positions: frames }, name });
      };
      const [one, other] = [drawn(), drawn()];
      const pairs = (shift: number) => positions.map((_, f): [number, number] => [f, (f + shift) % positions.length]);
      // 0.26 and 0.28 against 0.59 and 0.53
      expect(signatureDistance(one, other, pairs(0))).toBeLessThan(0.65 * signatureDistance(one, other, pairs(8)));
    });
  });
});

describeWithData(ACTION_SET, () => {
  it('measures a depth sequence from start to end', async () => {
    const [depth] = await readRecordings(ACTION_SET, 'Depth/a27_s1_t1_depth.mat');
    // nearest points, for the time it takes; the flow runs in bench/accuracy/video.ts
    const { feature, number, ...result } = await measure(depth, { following: 'nearest' });
    const curves = outputsOf(result, 'curves')[0].payload as Signals;
    for (const { values } of curves.channels) expect(values.every(Number.isFinite)).toBe(true);
    expect(feature('volume')?.missing).toMatch(/one side/i);
    // a squat: the middle goes down by decimetres and comes back
    expect(number('pathLength')).toBeGreaterThan(300);
    expect(number('displacement')).toBeLessThan(0.3 * number('pathLength'));
  });
});
