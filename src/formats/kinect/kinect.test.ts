import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import { expectRobust } from '../../../tests/support/formats/robust.ts';
import { rotateByQuaternion } from '../../kernel/index.ts';
import type { PointSequence } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { kinect } from './index.ts';

/** Rows of points; each point is its number, then a quaternion x, y, z, w. */
function rows(
  points: number,
  frames: number,
  perPoint: 3 | 7,
  of: (frame: number, point: number) => number[],
): Uint8Array {
  const line = (frame: number): string =>
    Array.from({ length: points }, (_, point) => [...of(frame, point), 0, 0, 0, 1].slice(0, perPoint))
      .flat()
      .join(' ');
  return utf8(`${Array.from({ length: frames }, (_, frame) => line(frame)).join('\n')}\n`);
}

function pose(frame: number): Record<string, number[]> {
  return {
    Nose: [0.5, 0.2, -0.2],
    Left_shoulder: [0.6, 0.3, 0],
    Right_shoulder: [0.4, 0.3, 0],
    Left_hip: [0.55, 0.5 + frame / 100, 0],
    Right_hip: [0.45, 0.5 + frame / 100, 0],
  };
}

const BLAZE = utf8(
  JSON.stringify({ positions: Object.fromEntries([0, 1, 2, 4].map((frame) => [`${frame + 1}.0`, pose(frame)])) }),
);

describe('Kinect skeletons', () => {
  it('turns places and orientations of Kinect v2 into the camera frame', async () => {
    const bytes = rows(25, 3, 7, (frame, point) => [point / 100, 1 + frame, 3]);
    const item = await readOne(kinect, [memoryFile('kinect.txt', bytes)]);
    const skeleton = item.artifacts[0].payload as PointSequence;
    expect(skeleton).toMatchObject({ frame: 'camera', up: '-y', rateHz: 30, clock: 'kinect' });
    expect(skeleton.names.slice(0, 3)).toEqual(['pelvis', 'spine', 'neck']);
    expect(skeleton.parents?.[skeleton.names.indexOf('head')]).toBe(skeleton.names.indexOf('neck'));
    const at = (25 + 4) * 3;
    expect(Array.from(skeleton.positions.subarray(at, at + 3))).toEqual([-40, -2000, 3000]);
    // the joint's own axes lay along the camera's: x to its left, y up
    const [w, x, y, z] = skeleton.orientations ?? [];
    expect(rotateByQuaternion([w, x, y, z], [0, 1, 0])).toEqual([0, -1, 0].map((part) => expect.closeTo(part, 12)));
    expect(rotateByQuaternion([w, x, y, z], [1, 0, 0])).toEqual([-1, 0, 0].map((part) => expect.closeTo(part, 12)));
  });

  it('keeps optical targets in their laboratory, and zeros as not seen', async () => {
    const bytes = rows(17, 2, 7, (frame, point) => (frame === 1 && point === 13 ? [0, 0, 0] : [point, 2, 900]));
    const item = await readOne(kinect, [memoryFile('vicon.txt', bytes)]);
    const targets = item.artifacts[0].payload as PointSequence;
    expect(targets).toMatchObject({ frame: 'lab', up: '+z', rateHz: 60 });
    const pelvis = targets.names.indexOf('pelvis');
    expect(Array.from(targets.positions.subarray(pelvis * 3, pelvis * 3 + 3))).toEqual([13, 2, 900]);
    expect(targets.positions[(17 + pelvis) * 3]).toBeNaN();
    expect(item.quality.map(({ code }) => code)).toContain('motion.missing');
  });

  it('takes a leading column for time where it is one', async () => {
    const line = (time: number): string => [time, ...Array.from({ length: 60 }, (_, index) => index + 1)].join(',');
    const item = await readOne(kinect, [memoryFile('k1.csv', utf8(`${[0, 0.05, 0.1].map(line).join('\n')}\n`))]);
    const skeleton = item.artifacts[0].payload as PointSequence;
    expect([skeleton.rateHz, skeleton.timeS?.[2]]).toEqual([expect.closeTo(20, 9), 0.1]);
    expect(skeleton.names[0]).toBe('head');
  });

  it('gives BlazePose a scale and a middle, and says that it did', async () => {
    const item = await readOne(kinect, [memoryFile('bp.json', BLAZE)], { choices: { aspect: '2' } });
    const skeleton = item.artifacts[0].payload as PointSequence;
    const [pelvis, thorax] = ['pelvis', 'thorax'].map((name) => skeleton.names.indexOf(name));
    const y = (frame: number, point: number): number =>
      skeleton.positions[(frame * skeleton.names.length + point) * 3 + 1];
    const lengths = [0, 1, 2, 3].map((frame) => y(frame, pelvis) - y(frame, thorax));
    expect(lengths.sort((a, b) => a - b)[2]).toBeCloseTo(500, 9);
    // shoulders are 0.2 of the width apart, the trunk 0.22 / 2 of it
    const x = (name: string): number => skeleton.positions[skeleton.names.indexOf(name) * 3];
    expect((x('shoulder.left') - x('shoulder.right')) / 500).toBeCloseTo(0.2 / 0.11, 9);
    expect(skeleton.timeS?.[3]).toBeCloseTo(4 / 30, 12);
    expect(item.quality[0].code).toBe('motion.no-scale');
  });

  it('tells other rows of numbers', async () => {
    expect(kinect.sniff(utf8('1 2 3\n4 5 6\n'), 'x.txt')).toBe('no');
    const { errors } = await kinect.read([memoryFile('x.txt', utf8('1 2 3 4\n'))]);
    expect(errors[0].error).toMatchObject({ code: 'file.unsupported', detail: expect.stringContaining('4 values') });
  });

  it('withstands damage', async () => {
    await expectRobust(kinect, [{ name: 'kinect.txt', bytes: rows(20, 4, 3, (frame, point) => [point, frame, 3]) }]);
    await expectRobust(kinect, [{ name: 'bp.json', bytes: BLAZE }]);
  });
});
