import { describe, expect, it } from 'vitest';
import type { Mesh, SpineLandmarks, Vec3 } from '../../model/index.ts';
import { electrodeSites, placeElectrodes } from './index.ts';

/** A tube along z, closed at both ends. */
function tube(radius: number, around = 360): Mesh {
  const [low, high] = [-400, 400];
  const positions: number[] = [0, 0, low, 0, 0, high];
  for (const z of [low, -133, 133, high])
    for (let step = 0; step < around; step++) {
      const angle = (2 * Math.PI * step) / around;
      positions.push(radius * Math.cos(angle), radius * Math.sin(angle), z);
    }
  const triangles: number[] = [];
  const ring = (row: number, step: number) => 2 + row * around + (step % around);
  for (let step = 0; step < around; step++) {
    triangles.push(0, ring(0, step + 1), ring(0, step), 1, ring(3, step), ring(3, step + 1));
    for (let row = 0; row < 3; row++) {
      const [a, b, c, d] = [ring(row, step), ring(row, step + 1), ring(row + 1, step), ring(row + 1, step + 1)];
      triangles.push(a, b, c, b, d, c);
    }
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles), frame: 'patient' };
}

/** L4 and L2 upright, spinous processes 40 mm before the skin of a tube of 150 mm. */
function column(levels: readonly ('L2' | 'L4')[]): SpineLandmarks {
  const height = { L2: 40, L4: -30 };
  const axes = { x: [1, 0, 0] as Vec3, y: [0, -1, 0] as Vec3, z: [0, 0, 1] as Vec3 };
  return {
    frame: 'patient',
    planes: [],
    points: levels.map((level) => ({ id: `${level}.spinousProcess`, xyz: [0, 110, height[level]], level, sdMm: 1 })),
    vertebrae: levels.map((level) => ({ level, centre: [0, 40, height[level]], ...axes })),
  };
}

const OPTIONS = { lateralMm: 35, betweenMm: 20 };

describe('electrode sites', () => {
  it('lie as far along the skin as asked, on both sides', () => {
    const places = placeElectrodes(tube(150), column(['L2', 'L4']), OPTIONS);
    expect(places.map(({ name, level, side }) => [name, level, side])).toEqual([
      ['EMG1', 'L4', 'left'],
      ['EMG2', 'L4', 'right'],
      ['EMG3', 'L2', 'left'],
      ['EMG4', 'L2', 'right'],
    ]);
    for (const { centre, side, level, pair } of places) {
      const angle = 35 / 150;
      expect(centre[0]).toBeCloseTo((side === 'left' ? 1 : -1) * 150 * Math.sin(angle), 1);
      expect(centre[1]).toBeCloseTo(150 * Math.cos(angle), 1);
      expect(centre[2]).toBeCloseTo(level === 'L2' ? 40 : -30, 6);
      expect(pair[0][2] - pair[1][2]).toBeCloseTo(20, 6);
    }
  });

  it('say how deep the process lies, and which level is missing', () => {
    const ctx = { signal: new AbortController().signal, progress() {}, log() {}, rng: () => 0.5 };
    const skin = { kind: 'mesh.skin', payload: tube(150) } as const;
    const landmarks = { kind: 'landmarks.vertebra', payload: column(['L4']), posture: 'supine' } as const;
    const result = electrodeSites.run(ctx, { skin, landmarks }, { lateral: 35, between: 20 });
    const { features, quality } = result as Awaited<typeof result>;
    expect(features).toHaveLength(1);
    expect(features[0].value).toBeCloseTo(40, 2);
    expect(quality?.map(({ code }) => code)).toEqual(['electrode.level-missing', 'electrode.pressed-skin']);
    const none = { ...landmarks, payload: column([]) };
    expect(() => electrodeSites.run(ctx, { skin, landmarks: none }, { lateral: 35, between: 20 })).toThrow(
      /No electrode/,
    );
  });
});
