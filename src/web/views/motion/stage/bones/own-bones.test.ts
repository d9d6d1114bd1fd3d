import { describe, expect, it } from 'vitest';
import { multiplyQuaternion, type Quaternion, rotateByQuaternion, type Vec3 } from '../../../../../kernel/index.ts';
import {
  bodyCentre,
  boneRule,
  chainOf,
  isMovable,
  lumbarShare,
  type OwnBone,
  PATIENT_TO_SEGMENT,
  placeBones,
  turnBetweenDeg,
} from './own-bones.ts';
import { segmentFrame, sensorPoses, skeletonPoses } from './segment-poses.ts';

const LEVELS = ['S1', 'L5', 'L4', 'L3', 'L2', 'L1', 'T12', 'T11', 'T10'];
/** a straight column of 35 mm steps, in no order */
const column: OwnBone[] = LEVELS.map((level, i) => ({
  id: level,
  name: level,
  level,
  centre: [0, 10, 35 * i - 400] as Vec3,
})).reverse();
const STILL: Quaternion = [1, 0, 0, 0];
/** about Z, which points right: backwards; forward is against it */
const flexion = (deg: number): Quaternion => [Math.cos((deg * Math.PI) / 360), 0, 0, -Math.sin((deg * Math.PI) / 360)];
const placed = (pose: Parameters<typeof placeBones>[1]) => {
  const chain = chainOf(column);
  const places = placeBones(chain, pose, [0, 900, 0]);
  return new Map(chain.map((bone, i) => [bone.id, { ...places[i], bone }]));
};
const move = ({ turn, shift }: { turn: Quaternion; shift: Vec3 }, p: Vec3): Vec3 =>
  rotateByQuaternion(turn, p).map((value, k) => value + shift[k]) as unknown as Vec3;

describe('the patient in the room', () => {
  it('stands with the head up, looks forward and has the left side on the left', () => {
    const to = (v: Vec3) => rotateByQuaternion(PATIENT_TO_SEGMENT, v).map((value) => Math.round(value) + 0);
    expect(to([0, 0, 1])).toEqual([0, 1, 0]);
    expect(to([0, -1, 0])).toEqual([1, 0, 0]);
    expect(to([1, 0, 0])).toEqual([0, 0, -1]);
  });
});

describe('own bones', () => {
  it('stay where the CT has them while segments are neutral', () => {
    const places = placed({ pelvis: STILL, thorax: STILL });
    for (const { bone, ...place } of places.values()) {
      const [x, y, z] = move(place, bone.centre);
      expect([x, y, z].map((value) => Number(value.toFixed(6)) + 0)).toEqual([0, 900 + bone.centre[2] + 400, 0]);
    }
  });

  it('move as one with the pelvis', () => {
    const places = placed({ pelvis: flexion(30), thorax: flexion(30) });
    const top = places.get('T10') as NonNullable<ReturnType<typeof places.get>>;
    const [x, y] = move(top, top.bone.centre);
    expect(x).toBeCloseTo(280 * Math.sin(Math.PI / 6), 6);
    expect(y).toBeCloseTo(900 + 280 * Math.cos(Math.PI / 6), 6);
  });

  it('take shares of 40 degrees of flexion: all of it at T12, L3 between, and never lose the bone below', () => {
    const places = placed({ pelvis: STILL, thorax: flexion(40) });
    const turnOf = (level: string) => turnBetweenDeg(PATIENT_TO_SEGMENT, places.get(level)?.turn ?? PATIENT_TO_SEGMENT);
    expect(turnOf('T12')).toBeCloseTo(40, 6);
    expect(turnOf('T10')).toBeCloseTo(40, 6);
    expect(turnOf('S1')).toBeCloseTo(0, 6);
    expect(turnOf('L3')).toBeCloseTo((40 * 48) / 86, 6);
    const turns = LEVELS.slice(0, 7).map(turnOf);
    for (const [i, turn] of turns.slice(1).entries()) expect(turn).toBeGreaterThan(turns[i]);
    for (const [i, level] of LEVELS.slice(1).entries()) {
      const [upper, lower] = [places.get(level), places.get(LEVELS[i])];
      if (!upper || !lower) throw new Error('a bone is missing');
      const [a, b] = [move(upper, upper.bone.pivot), move(lower, upper.bone.pivot)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeLessThan(1e-9);
    }
    // forward, which is where the belly is
    const top = places.get('T10') as NonNullable<ReturnType<typeof places.get>>;
    expect(move(top, top.bone.centre)[0]).toBeGreaterThan(60);
  });

  it('pass through a lumbar sensor at L3', () => {
    const places = placed({ pelvis: STILL, lumbar: flexion(30), thorax: flexion(40) });
    const turnOf = (level: string) => turnBetweenDeg(PATIENT_TO_SEGMENT, places.get(level)?.turn ?? PATIENT_TO_SEGMENT);
    expect(turnOf('L3')).toBeCloseTo(30, 6);
    expect(turnOf('T12')).toBeCloseTo(40, 6);
  });

  it('know which bones they can move, and hang the others on pelvis and thorax', () => {
    expect(lumbarShare('L5')).toBeCloseTo(17 / 86, 12);
    expect(lumbarShare('C7')).toBe(1);
    expect(isMovable({ name: 'Femur left' })).toBe(false);
    const hip = { id: 'hip', name: 'Hip left', centre: [50, 0, -420] as Vec3 };
    const rib = { id: 'rib', name: 'Rib 9', centre: [80, 0, -150] as Vec3 };
    const chain = chainOf([...column, hip, rib, { id: 'femur', name: 'Femur left', centre: [90, 0, -700] }]);
    expect(chain.map(({ id }) => id).slice(-2)).toEqual(['hip', 'rib']);
    expect(chain.at(-1)?.share).toBe(1);
    expect(boneRule('sensors', false)).toContain('L3 56 %');
  });

  it('find the body in the front of a vertebra', () => {
    const points = [0, -10, 0, 0, -12, 2, 0, 30, 50, 0, 40, 60];
    expect(bodyCentre(points)).toEqual([0, -11, 1]);
  });
});

/** hips, mid-trunk and shoulders in the plane of the picture; Y up, facing +x, right is +z */
function skeleton(trunkDeg: number, upperDeg: number): number[][] {
  const along = (deg: number, mm: number) => [
    mm * Math.sin((deg * Math.PI) / 180),
    mm * Math.cos((deg * Math.PI) / 180),
  ];
  const spine = along(trunkDeg, 250);
  const top = along(upperDeg, 250).map((value, k) => value + spine[k]);
  return [
    [0, 900, -100],
    [0, 900, 100],
    [spine[0], 900 + spine[1], 0],
    [top[0], 900 + top[1], -180],
    [top[0], 900 + top[1], 180],
  ];
}

describe('segments', () => {
  const names = ['hip.left', 'hip.right', 'spine', 'shoulder.left', 'shoulder.right'];
  const frames = (poses: number[][][]) => ({
    names,
    count: poses.length,
    positions: Float32Array.from(poses.flat(2)),
  });

  it('of a skeleton turn from its most upright moment', () => {
    const found = skeletonPoses(frames([skeleton(20, 60), skeleton(0, 5), skeleton(20, 65)]), 450);
    expect(found?.uprightFrame).toBe(1);
    const bent = found?.at(2);
    const still = found?.at(1);
    if (!bent || !still) throw new Error('no pose');
    expect(turnBetweenDeg(still.pelvis, still.thorax)).toBeLessThan(1e-4);
    expect(turnBetweenDeg(still.pelvis, bent.pelvis)).toBeCloseTo(20, 3);
    expect(turnBetweenDeg(bent.pelvis, bent.thorax)).toBeCloseTo(40, 3);
    // shoulders are 499 mm above the hips, the column is 450 mm long
    expect(still.root[1]).toBeCloseTo(900 + 49, 0);
    expect(rotateByQuaternion(still.pelvis, [1, 0, 0])[0]).toBeCloseTo(1, 6);
  });

  it('are unknown where the hips were not seen', () => {
    const lost = skeleton(0, 0);
    lost[0] = [Number.NaN, 0, 0];
    expect(skeletonPoses(frames([lost]))).toBeUndefined();
    expect(skeletonPoses(frames([skeleton(0, 0), lost]))?.at(1)).toBeUndefined();
  });

  it('of sensors turn in the room of the skeleton', () => {
    const facing = segmentFrame([0, 1, 0], [1, 0, 0]);
    const tracks = [
      { segment: 'pelvis', at: () => STILL },
      { segment: 'thorax', at: () => flexion(40) },
    ];
    const pose = sensorPoses(tracks, facing)?.(0);
    if (!pose) throw new Error('no pose');
    expect(turnBetweenDeg(pose.pelvis, pose.thorax)).toBeCloseTo(40, 6);
    expect(turnBetweenDeg(pose.thorax, multiplyQuaternion(facing, flexion(40)))).toBeLessThan(1e-5);
    expect(sensorPoses(tracks.slice(1), facing)).toBeUndefined();
  });
});
