import { describe, expect, it } from 'vitest';
import { boxCentre, boxOf, boxUnion, fitZoom, sideLetters } from './standard-views.ts';

describe('boxes', () => {
  const box = boxOf(new Float32Array([0, 0, 0, 10, 4, 2, -2, 1, 1]));

  it('hold all points', () => {
    expect(box).toEqual({ low: [-2, 0, 0], high: [10, 4, 2] });
    expect(boxCentre(box)).toEqual([4, 2, 1]);
    expect(boxUnion([box, { low: [0, -9, 0], high: [1, 1, 30] }])).toEqual({ low: [-2, -9, 0], high: [10, 4, 30] });
    expect(boxUnion([])).toBeUndefined();
  });

  it('fit the screen along its own directions', () => {
    expect(fitZoom(box, [1, 0, 0], [0, 0, 1], 1200, 1200)).toBeCloseTo((0.9 * 1200) / 12, 9);
    expect(fitZoom(box, [0, 1, 0], [0, 0, 1], 1200, 100)).toBeCloseTo((0.9 * 100) / 2, 9);
  });
});

describe('letters of a picture', () => {
  it('name the direction, or the two it lies between', () => {
    expect(sideLetters([1, 0, 0])).toBe('L');
    expect(sideLetters([0, -1, 0])).toBe('A');
    expect(sideLetters([-0.8, -0.6, 0])).toBe('RA');
  });
});
