import { describe, expect, it } from 'vitest';
import type { Labelmap, Vec3 } from '../../../model/index.ts';
import { coronalOffset, turningPoints } from './cobb.ts';
import { findFemoralHeads } from './femoral-head.ts';
import { shortestDistance } from './matrices.ts';
import { angleInPlane, tiltDeg } from './tilts.ts';

describe('turning points', () => {
  it('are the ends of alternating swings', () => {
    expect(turningPoints([0, 5, 12, 20, 8, -3, -10, -4, 6, 9], 5)).toEqual([0, 3, 6, 9]);
    expect(turningPoints([10, 6, 2, -4], 5)).toEqual([0, 3]);
  });

  it('leave out swings that are too small', () => {
    expect(turningPoints([0, 2, 1, 3, 2, 4], 5)).toEqual([]);
    expect(turningPoints([0, 10, 8, 11, -5], 5)).toEqual([0, 3, 4]);
    expect(turningPoints([], 5)).toEqual([]);
    expect(turningPoints([3], 5)).toEqual([]);
  });

  it('alternate and swing enough, whatever the tilts', () => {
    for (let seed = 1; seed < 60; seed++) {
      const tilts = Array.from(
        { length: 17 },
        (_, i) => 15 * Math.sin(seed * 1.7 + i * (0.2 + (seed % 7) / 9)) + (i % 3),
      );
      const turns = turningPoints(tilts, 4);
      for (let n = 1; n < turns.length; n++) {
        expect(turns[n]).toBeGreaterThan(turns[n - 1]);
        expect(Math.abs(tilts[turns[n]] - tilts[turns[n - 1]])).toBeGreaterThanOrEqual(4);
        if (n > 1) {
          const [a, b, c] = [tilts[turns[n - 2]], tilts[turns[n - 1]], tilts[turns[n]]];
          expect((b - a) * (c - b)).toBeLessThan(0);
        }
      }
    }
  });
});

describe('angles and distances', () => {
  it('project normals onto the plane of view', () => {
    expect(tiltDeg([Math.tan(0.2), 5, 1], 'coronal')).toBeCloseTo((0.2 * 180) / Math.PI, 10);
    expect(angleInPlane([0.1, 0, 1], [-0.1, 0, 1], [1, 0, 0])).toBeCloseTo(2 * Math.atan(0.1) * 57.29577951, 6);
    expect(angleInPlane([0.1, 0, 1], [-0.1, 0, 1], [0, 1, 0])).toBeCloseTo(0, 12);
  });

  it('give a bulge to the left a positive offset', () => {
    expect(coronalOffset([5, 0, 50], [0, 0, 100], [0, 0, 0])).toBeCloseTo(5, 12);
    expect(coronalOffset([-5, 9, 50], [0, 0, 100], [0, 0, 0])).toBeCloseTo(-5, 12);
  });

  it('find the nearest of two clouds', () => {
    expect(shortestDistance(Float64Array.of(0, 0, 0, 9, 9, 9), Float64Array.of(3, 4, 0, 20, 0, 0))).toBe(5);
  });
});

/** Two femurs: a ball on a shaft that leaves it sideways and down. */
function hips(spacing: number, withHip: boolean): Labelmap {
  const size: [number, number, number] = [Math.ceil(240 / spacing), Math.ceil(90 / spacing), Math.ceil(130 / spacing)];
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const p = [i * spacing - 120, j * spacing - 45, k * spacing - 90];
        for (const [side, value] of [
          [1, 75],
          [-1, 76],
        ] as const) {
          const [x, y, z] = [side * p[0] - 88.3, p[1] - 2.2, p[2] - 4.7];
          const head = Math.hypot(x, y, z);
          const along = (x + 1.2 * -z) / 1.562;
          const neck = along > 0 && along < 45 && Math.hypot(x - 0.64 * along, y, z + 0.768 * along) < 13;
          if (head < 23.7 || neck) data[at] = value;
          else if (withHip && head > 26.5 && head < 36 && x < 6 && z > -14) data[at] = value + 2;
        }
      }
    }
  }
  const structure = (value: number) => (value < 77 ? 'femur' : 'hip') as 'femur' | 'hip';
  return {
    size,
    spacing: [spacing, spacing, spacing],
    origin: [-120, -45, -90],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data,
    labels: [75, 76, 77, 78].map((value) => ({
      value,
      name: `s${value}`,
      structure: structure(value),
      side: value % 2 ? ('left' as const) : ('right' as const),
    })),
  };
}

describe('femoral heads', () => {
  it.each([
    [2, true, 0.5],
    [3, true, 0.9],
    [2, false, 1],
  ])('are spheres: %s mm, hip bone %s', (spacing, withHip, tolerance) => {
    const heads = findFemoralHeads(hips(spacing, withHip));
    expect(heads.map((head) => head.side).sort()).toEqual(['left', 'right']);
    for (const head of heads) {
      const truth: Vec3 = [head.side === 'left' ? 88.3 : -88.3, 2.2, 4.7];
      expect(Math.hypot(...head.centre.map((c, a) => c - truth[a]))).toBeLessThan(tolerance);
      expect(Math.abs(head.radiusMm - 23.7)).toBeLessThan(0.5);
    }
  });

  it('are left out where there is no femur', () => {
    expect(findFemoralHeads(undefined)).toEqual([]);
    expect(findFemoralHeads({ ...hips(3, true), labels: [] })).toEqual([]);
  });
});
