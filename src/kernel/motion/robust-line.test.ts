import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import { fitRobustLine } from './index.ts';

describe('a robust line', () => {
  it('is the line itself, whatever a third of the points say', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => i);
    const y = x.map((value, i) => (i % 3 === 1 ? 40 * Math.sin(i) : 2 - 0.5 * value));
    const { intercept, slope, inliers } = fitRobustLine(x, y);
    expect(slope).toBeCloseTo(-0.5, 9);
    expect(intercept).toBeCloseTo(2, 9);
    expect(inliers).toBe(20);
  });

  it('knows its doubt: nine tenths of the 90 % intervals hold the truth', () => {
    const random = createRandom(3);
    let held = 0;
    for (let trial = 0; trial < 300; trial++) {
      const x = Float64Array.from({ length: 20 }, (_, i) => i * 10);
      const y = x.map((value) => 0.3 + 1e-4 * value + 0.002 * random.normal());
      const { slope, slopeSd } = fitRobustLine(x, y);
      // Student's 95 % point for 18 degrees of freedom
      if (Math.abs(slope - 1e-4) < 1.734 * slopeSd) held++;
    }
    expect(held / 300).toBeGreaterThan(0.83);
    expect(held / 300).toBeLessThan(0.96);
  });

  it('refuses points that show no slope', () => {
    expect(() => fitRobustLine([1, 1], [2, 3])).toThrow(/different places/);
  });
});
