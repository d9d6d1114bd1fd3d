import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kernel/index.ts';
import type { Grid, Mat3, Vec3 } from '../../../model/index.ts';
import type { Crop } from '../label/crop.ts';
import { frameFrom, type LocalFrame, toLocal } from '../label/local-frame.ts';
import { type Endplate, fitEndplate, settleDoubt } from './endplate.ts';
import { type Inequalities, samplePolytope } from './feasible.ts';
import { measureFootprint } from './footprint.ts';
import { cholesky, invertFactored, solveFactored } from './solve.ts';
import { monomials, surfaceAt, surfaceSlopes, termCount } from './surface.ts';

const AXIAL: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const PIR: Mat3 = [0, 0, -1, 1, 0, 0, 0, -1, 0];

/** An elliptic body 44×32 mm between two height fields in a turned frame, on a grid of any spacing and direction. */
function bodyOn(
  spacing: Vec3,
  direction: Mat3,
  frame: LocalFrame,
  top: (u: number, v: number) => number,
  bottom: (u: number, v: number) => number,
): Crop {
  const size = spacing.map((s) => Math.ceil(62 / s)) as [number, number, number];
  const centre = size.map((n, a) => (n / 2 + 0.31 * (a + 1)) * spacing[a]);
  const d = direction;
  const origin = [0, 1, 2].map(
    (r) => frame.origin[r] - d[3 * r] * centre[0] - d[3 * r + 1] * centre[1] - d[3 * r + 2] * centre[2],
  ) as unknown as Vec3;
  const grid: Grid = { size, spacing, origin, direction };
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  let voxels = 0;
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const step = [i * spacing[0], j * spacing[1], k * spacing[2]];
        const xyz = [0, 1, 2].map(
          (r) => origin[r] + d[3 * r] * step[0] + d[3 * r + 1] * step[1] + d[3 * r + 2] * step[2],
        ) as unknown as Vec3;
        const [u, v, w] = toLocal(frame, xyz);
        if ((u / 22) ** 2 + (v / 16) ** 2 > 1 || w > top(u, v) || w < bottom(u, v)) continue;
        mask[at] = 1;
        voxels++;
      }
    }
  }
  return { grid, start: [0, 0, 0], size, mask, voxels };
}

function plateOf(body: Crop, frame: LocalFrame, side: Endplate['side']): Endplate {
  const footprint = measureFootprint(body, frame);
  if (!footprint) throw new Error('no footprint');
  const noise = { sdMm: 0, lengthMm: 2 };
  const plate = fitEndplate(body, frame, footprint, side, { likelihood: true, noise });
  if (!plate) throw new Error('no plate');
  settleDoubt(plate, noise);
  return plate;
}

const tilt = (deg: number) => Math.tan((deg * Math.PI) / 180);
const tilted = frameFrom([4.2, -7.7, 11.1], [0.12, 0.31, 1], [0.08, -1, 0]);

describe('endplate', () => {
  it.each([
    ['1 mm axial', [1, 1, 1], AXIAL],
    ['1 mm PIR', [1, 1, 1], PIR],
    ['0.6 × 0.6 × 2 mm', [0.6, 0.6, 2], AXIAL],
    ['2 mm', [2, 2, 2], AXIAL],
  ] as const)('finds a tilted plate below the size of a voxel: %s', (_, spacing, direction) => {
    const top = (u: number, v: number) => 13.3 + tilt(3) * u + tilt(-4) * v;
    const bottom = (u: number, v: number) => -12.6 + tilt(-2) * u + tilt(5) * v;
    const body = bodyOn(spacing, direction, tilted, top, bottom);
    const upper = plateOf(body, tilted, 'superior');
    const lower = plateOf(body, tilted, 'inferior');
    const coarse = Math.max(...spacing) > 1 ? 2 : 1;
    expect(Math.abs(Math.atan(upper.plane.slopeU) * 57.2958 - 3)).toBeLessThan(0.2 * coarse);
    expect(Math.abs(Math.atan(upper.plane.slopeV) * 57.2958 + 4)).toBeLessThan(0.25 * coarse);
    expect(Math.abs(surfaceAt(upper.surface, 0, 0) - 13.3)).toBeLessThan(0.04 * coarse);
    expect(Math.abs(surfaceAt(lower.surface, 0, 0) + 12.6)).toBeLessThan(0.04 * coarse);
    expect(upper.normal[2]).toBeGreaterThan(0.9);
    expect(lower.normal[2]).toBeLessThan(-0.9);
  });

  it('takes a hollow for a hollow and a plane for a plane', () => {
    const hollow = (u: number, v: number) => 13 - 1.6 * (1 - (u / 22) ** 2 - (v / 16) ** 2) + tilt(2) * v;
    const body = bodyOn([1, 1, 1], AXIAL, tilted, hollow, () => -12.4);
    const upper = plateOf(body, tilted, 'superior');
    expect(upper.surface.degree).toBeGreaterThan(1);
    expect(plateOf(body, tilted, 'inferior').surface.degree).toBe(1);
    for (const [u, v] of [
      [0, 0],
      [0, 10],
      [12, -4],
    ]) {
      expect(Math.abs(surfaceAt(upper.surface, u, v) - hollow(u, v))).toBeLessThan(0.12);
    }
  });

  it('says how little a plate along the grid tells, and how much a tilted one does', () => {
    const frame = frameFrom([0.2, 0.1, 0.4], [0, 0, 1], [0, -1, 0]);
    const flat = plateOf(
      bodyOn(
        [1, 1, 1],
        AXIAL,
        frame,
        () => 13.2,
        () => -12.7,
      ),
      frame,
      'superior',
    );
    const steep = plateOf(
      bodyOn(
        [1, 1, 1],
        AXIAL,
        frame,
        (u, v) => 13.2 + tilt(6) * u + tilt(9) * v,
        () => -12.7,
      ),
      frame,
      'superior',
    );
    const sd = (plate: Endplate) => [0, 4, 8].map((i) => Math.sqrt(plate.planeCovariance[i]));
    expect(sd(flat)[0]).toBeGreaterThan(0.1);
    expect(sd(steep)[0]).toBeLessThan(0.02);
    expect(sd(steep)[1] * 57).toBeLessThan(0.1);
    expect(Math.abs(flat.plane.slopeU) * 57).toBeLessThan(2 * sd(flat)[1] * 57 + 0.05);
  });
});

describe('the set of allowed surfaces', () => {
  it('is sampled evenly: a box has its middle and its variance', () => {
    const rows: number[] = [];
    const limits: number[] = [];
    for (let axis = 0; axis < 3; axis++) {
      for (const sign of [1, -1]) {
        rows.push(...[0, 1, 2].map((k) => (k === axis ? sign : 0)));
        limits.push(sign > 0 ? [1, 0.1, 4][axis] : 0);
      }
    }
    const box: Inequalities = { rows: Float64Array.from(rows), limits: Float64Array.from(limits), count: 6, terms: 3 };
    const { mean, covariance } = samplePolytope(box, Float64Array.of(0.9, 0.01, 0.1), 3, 1e-9);
    [1, 0.1, 4].forEach((edge, k) => {
      expect(Math.abs(mean[k] - edge / 2)).toBeLessThan(0.05 * edge);
      expect(Math.abs(Math.sqrt(covariance[4 * k]) / (edge / Math.sqrt(12)) - 1)).toBeLessThan(0.12);
    });
  });
});

describe('surfaces and small systems', () => {
  it('have the slopes of their heights', () => {
    const random = createRandom(8);
    for (let degree = 1; degree <= 4; degree++) {
      const terms = Float64Array.from({ length: termCount(degree) }, () => random.normal());
      const surface = { degree, terms, u0: 1.2, v0: -3, scale: 17 };
      const [u, v, h] = [5.5, 2.1, 1e-5];
      const [su, sv] = surfaceSlopes(surface, u, v);
      expect((surfaceAt(surface, u + h, v) - surfaceAt(surface, u - h, v)) / (2 * h)).toBeCloseTo(su, 6);
      expect((surfaceAt(surface, u, v + h) - surfaceAt(surface, u, v - h)) / (2 * h)).toBeCloseTo(sv, 6);
      const row = new Float64Array(terms.length);
      monomials((u - 1.2) / 17, (v + 3) / 17, degree, row);
      expect(row.reduce((sum, m, i) => sum + m * terms[i], 0)).toBeCloseTo(surfaceAt(surface, u, v), 12);
    }
  });

  it('are solved and inverted, or refused', () => {
    const m = [4, 2, 0.6, 2, 5, 1, 0.6, 1, 3];
    const l = cholesky(m, 3);
    if (!l) throw new Error('not positive definite');
    const x = solveFactored(l, [1, 2, 3], 3);
    for (let r = 0; r < 3; r++)
      expect(m[3 * r] * x[0] + m[3 * r + 1] * x[1] + m[3 * r + 2] * x[2]).toBeCloseTo(r + 1, 12);
    expect(invertFactored(l, 3)[0] * 4 + invertFactored(l, 3)[3] * 2 + invertFactored(l, 3)[6] * 0.6).toBeCloseTo(
      1,
      12,
    );
    expect(cholesky([1, 2, 2, 1], 2)).toBeUndefined();
  });
});
