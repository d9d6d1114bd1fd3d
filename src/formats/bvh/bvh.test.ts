import { describe, expect, it } from 'vitest';
import { expectSurvives } from '../../../tests/support/formats/damage.ts';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import type { PointSequence } from '../../model/index.ts';
import { bvh } from './index.ts';

/** A person of 170 cm: pelvis, one leg, spine and head; two frames. */
const TEXT = `HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT LeftUpLeg
  {
    OFFSET 10 0 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT LeftLeg
    {
      OFFSET 0 -45 0
      CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
      End Site
      {
        OFFSET 0 -45 0
      }
    }
  }
  JOINT Spine
  {
    OFFSET 0 30 0
    CHANNELS 3 Xrotation Yrotation Zrotation
    JOINT Head
    {
      OFFSET 0 30 0
      CHANNELS 0
      End Site
      {
        OFFSET 0 20 0
      }
    }
  }
}
MOTION
Frames: 2
Frame Time: .0083333
0 90 0 0 0 0   0 0 0   0 -45 0 0 0 0   0 0 0
5 91 -3 90 0 0   0 -90 0   0 -40 0 0 0 0   90 0 90
`;

const bytes = new TextEncoder().encode(TEXT);

async function skeleton(choices?: Record<string, string>) {
  const item = await readOne(bvh, [memoryFile('bend.bvh', bytes)], { choices });
  return { item, sequence: item.artifacts[0].payload as PointSequence };
}

describe('BVH', () => {
  it('stands upright at rest, in millimetres, under the house’s names', async () => {
    const { item, sequence } = await skeleton();
    expect(sequence.names).toEqual(['pelvis', 'hip.left', 'knee.left', 'LeftLeg.end', 'spine', 'head', 'Head.end']);
    expect(sequence.parents).toEqual([-1, 0, 1, 2, 0, 4, 5]);
    expect(sequence).toMatchObject({ clock: 'bend', rateHz: 120, up: '+y', frame: 'lab' });
    expect(item.metadata.unitMm).toBe(10);
    const at = (joint: string, frame: number) => {
      const index = 3 * (frame * 7 + sequence.names.indexOf(joint));
      return Array.from(sequence.positions.subarray(index, index + 3), Math.round);
    };
    expect(at('LeftLeg.end', 0)).toEqual([100, 0, 0]);
    expect(at('Head.end', 0)).toEqual([0, 1700, 0]);
  });

  it('turns by its channels in their order', async () => {
    const { sequence } = await skeleton();
    const at = (joint: string) => {
      const index = 3 * (7 + sequence.names.indexOf(joint));
      return Array.from(sequence.positions.subarray(index, index + 3), (value) => Math.round(value) + 0);
    };
    // root at (50, 910, −30), turned 90° about z: x → y
    expect(at('pelvis')).toEqual([50, 910, -30]);
    expect(at('hip.left')).toEqual([50, 1010, -30]);
    // the thigh turns −90° about x in the root's frame: its down (−y) becomes +z; the knee has its own place, 40 not 45 away
    expect(at('knee.left')).toEqual([50, 1010, 370]);
    expect(at('LeftLeg.end')).toEqual([50, 1010, 820]);
    // spine: x then z, its child's up: Rz(90)·Rx(90)·Rz(90)·(0, 1, 0) = Rz(90)·Rx(90)·(−1, 0, 0) = (0, −1, 0)
    expect(at('spine')).toEqual([-250, 910, -30]);
    expect(at('head')).toEqual([-250, 610, -30]);
    const [w, x, y, z] = sequence.orientations?.subarray(4 * 7, 4 * 7 + 4) ?? [];
    for (const [index, value] of [Math.SQRT1_2, 0, 0, Math.SQRT1_2].entries())
      expect([w, x, y, z][index]).toBeCloseTo(value, 6);
  });

  it('takes another unit when told', async () => {
    expect((await skeleton({ unit: 'cmu' })).item.metadata.unitMm).toBeCloseTo(56.4444, 4);
  });

  it('says where a file is wrong', async () => {
    const wrong = (text: string) => bvh.read([memoryFile('x.bvh', new TextEncoder().encode(text))]);
    const place = async (text: string) => (await wrong(text)).errors[0]?.error.where.place;
    expect(await place(TEXT.replace('Zposition', 'Wposition'))).toBe('line 5');
    expect(await place(TEXT.replace('Frame Time: .0083333', 'Frame Time: never'))).toBe('the lines after MOTION');
    expect(await place(TEXT.slice(0, TEXT.indexOf('MOTION')))).toBe('the line MOTION');
    const short = await readOne(bvh, [
      memoryFile('x.bvh', new TextEncoder().encode(TEXT.replace('Frames: 2', 'Frames: 9'))),
    ]);
    expect(short.quality.map(({ code }) => code)).toContain('bvh.frames');
  });

  it('never carries numbers of a short frame into the next one', async () => {
    const line = '5 91 -3 90 0 0   0 -90 0   0 -40 0 0 0 0   90 0 90\n';
    const text = `${TEXT.replace('Frames: 2', 'Frames: 4')}1 2 3\n${line}`;
    const item = await readOne(bvh, [memoryFile('x.bvh', new TextEncoder().encode(text))]);
    expect(item.metadata.frames).toBe(2);
    expect(item.quality.find(({ code }) => code === 'bvh.frames')).toMatchObject({
      severity: 'fault',
      where: 'frame 3',
      message: expect.stringContaining('frame 3 does not hold 18 numbers'),
    });
    // frames that are broken over lines are still read
    const broken = TEXT.replace('0 90 0 0 0 0   0 0 0', '0 90 0 0 0 0\n0 0 0').replace(
      '5 91 -3 90 0 0',
      '5 91 -3\n90 0 0',
    );
    const wrapped = await readOne(bvh, [memoryFile('x.bvh', new TextEncoder().encode(broken))]);
    expect(wrapped.artifacts[0].payload).toEqual({ ...(await skeleton()).sequence, clock: 'x' });
  });

  it('survives damage', () => expectSurvives(bvh, 'x.bvh', bytes));
});
