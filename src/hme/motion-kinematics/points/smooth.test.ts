import { describe, expect, it } from 'vitest';
import { type Pose, simulateMotion } from '../simulate.ts';
import { assembleBody, type Body } from './body.ts';
import { cornerOf, smoothBody } from './smooth.ts';

const squat = (hz: number) => (t: number) => (1 - Math.cos(2 * Math.PI * hz * t)) / 2;

function skeleton(hz: number, depthMm: number, noiseMm: number, rateHz = 30): Body {
  const wave = squat(hz);
  const pose = (t: number): Pose => ({
    pelvis: { tilt: 20 * wave(t), heightMm: 950 - depthMm * wave(t) },
    left: { hip: 60 * wave(t), knee: 80 * wave(t) },
    right: { hip: 60 * wave(t), knee: 80 * wave(t) },
  });
  const made = simulateMotion(pose, { seconds: 12, rateHz, points: 'skeleton', noiseMm });
  return assembleBody(made, 'skeleton', { bridgeS: 0.2, cutoffHz: 6, mapping: new Map() });
}

function errorMm(body: Body, truth: Body): number {
  const rests: number[] = [];
  for (const [id, track] of body.points) {
    const exact = truth.points.get(id) as Float64Array;
    track.forEach((value, i) => {
      rests.push((value - exact[i]) ** 2);
    });
  }
  return Math.sqrt(rests.reduce((sum, value) => sum + value, 0) / rests.length);
}

describe('the corner of the filter of a skeleton', () => {
  it('is low where a slow squat is seen by a jittering camera, and nearer to the truth than the usual one', () => {
    const [seen, truth] = [skeleton(0.3, 350, 6), skeleton(0.3, 350, 0)];
    const corner = cornerOf(seen, 6, 0.2);
    expect(corner).toBeLessThanOrEqual(4);
    const [own, usual] = [corner, 6].map((hz) => errorMm(smoothBody(seen, hz, 0.2), truth));
    expect(own).toBeLessThan(0.85 * usual);
  });

  it('stays high where the movement is fast and the points are sharp', () => {
    expect(cornerOf(skeleton(2.5, 200, 0.2, 100), 6, 0.2)).toBe(6);
  });

  it('is the highest that is allowed where too little is seen to tell noise', () => {
    const body = skeleton(0.3, 350, 4);
    const short = {
      ...body,
      count: 4,
      points: new Map([...body.points].map(([id, track]) => [id, track.slice(0, 12)])),
    };
    expect(smoothBody(short, cornerOf(short, 5, 0.2), 0.2)).toBe(short);
    expect(cornerOf({ ...body, rateHz: 8 }, 5, 0.2)).toBe(5);
  });
});
