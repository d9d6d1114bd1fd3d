import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import { fitSmoothingSpline } from './index.ts';

const RADIUS = 40;
const PITCH = 15; // rise per radian
const SPEED = Math.hypot(RADIUS, PITCH);

function helix(n: number, noise = 0): Float64Array {
  const rng = createRandom(4);
  const out = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const a = (3 * i) / (n - 1);
    out.set(
      [
        RADIUS * Math.cos(a) + noise * rng.normal(),
        RADIUS * Math.sin(a) + noise * rng.normal(),
        PITCH * a + noise * rng.normal(),
      ],
      3 * i,
    );
  }
  return out;
}

describe('fitSmoothingSpline', () => {
  it('goes through its points without smoothing and finds curvature, torsion and length of a helix', () => {
    const points = helix(120);
    const curve = fitSmoothingSpline(points);
    expect(curve.rms).toBeLessThan(1e-12);
    expect(Math.hypot(...curve.at(curve.t[17]).map((v, d) => v - points[51 + d]))).toBeLessThan(1e-10);
    const middle = curve.range[1] / 2;
    expect(curve.curvature(middle)).toBeCloseTo(RADIUS / SPEED ** 2, 5);
    expect(curve.torsion(middle) / (PITCH / SPEED ** 2)).toBeCloseTo(1, 2);
    expect(curve.length() / (3 * SPEED)).toBeCloseTo(1, 5);
  });
  it('has derivatives that are the slopes of one another', () => {
    const curve = fitSmoothingSpline(helix(15, 1), { lambda: 50 });
    const h = 1e-5;
    for (const t of [3.3, 40, 71.7]) {
      for (const order of [0, 1, 2] as const) {
        const slope = curve.at(t + h, order).map((v, d) => (v - curve.at(t - h, order)[d]) / (2 * h));
        const next = curve.at(t, (order + 1) as 1 | 2 | 3);
        for (let d = 0; d < 3; d++) expect(slope[d]).toBeCloseTo(next[d], 5);
      }
    }
  });
  it('becomes the straight least-squares line for a very large λ', () => {
    const curve = fitSmoothingSpline([0, 1, 0, 1, -1, 0, 2, 1, 0, 3, -1, 0], { lambda: 1e12, t: [0, 1, 2, 3] });
    // least squares of 1,-1,1,-1 on 0..3: slope -0.4, intercept 0.6
    for (const t of [0, 1, 2, 3]) expect(curve.at(t)[1]).toBeCloseTo(0.6 - 0.4 * t, 6);
    expect(curve.at(10)[1]).toBeCloseTo(-3.4, 5);
  });
  it('minimises its own criterion: any disturbed curve through the knots is worse', () => {
    const points = helix(12, 2);
    const curve = fitSmoothingSpline(points, { lambda: 200 });
    const cost = (c: typeof curve, lambda: number) => {
      let sum = 0;
      for (let i = 0; i < c.t.length; i++) sum += c.at(c.t[i]).reduce((a, v, d) => a + (v - points[3 * i + d]) ** 2, 0);
      const steps = 4000;
      for (let k = 0; k < steps; k++) {
        const s = ((k + 0.5) / steps) * c.range[1];
        sum += (lambda * c.range[1] * c.at(s, 2).reduce((a, v) => a + v * v, 0)) / steps;
      }
      return sum;
    };
    const best = cost(curve, 200);
    for (const lambda of [20, 150, 260, 2000]) {
      expect(cost(fitSmoothingSpline(points, { lambda }), 200)).toBeGreaterThan(best);
    }
  });
  it('reaches a wanted distance to the points', () => {
    const curve = fitSmoothingSpline(helix(60, 0.3), { targetRms: 0.5 });
    expect(curve.rms).toBeCloseTo(0.5, 3);
    expect(Math.abs(curve.curvature(curve.range[1] / 2) - RADIUS / SPEED ** 2)).toBeLessThan(0.004);
  });
  it('pulls towards heavy points', () => {
    const points = [0, 0, 0, 1, 1, 0, 2, 0, 0, 3, 0, 0];
    const light = fitSmoothingSpline(points, { lambda: 1 }).at(1)[1];
    const heavy = fitSmoothingSpline(points, { lambda: 1, weights: [1, 50, 1, 1] }).at(Math.SQRT2)[1];
    expect(heavy).toBeGreaterThan(light);
    expect(heavy).toBeGreaterThan(0.9);
  });
  it('refuses repeated points', () => {
    expect(() => fitSmoothingSpline([0, 0, 0, 0, 0, 0, 1, 1, 1])).toThrow(/strictly increasing/);
  });
});
