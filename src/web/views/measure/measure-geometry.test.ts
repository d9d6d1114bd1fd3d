import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../model/index.ts';
import { measureAnchor, measureStrokes, measureText, measureValue } from './measure-geometry.ts';

const at = (deg: number, r = 10): Vec3 => [r * Math.cos((deg * Math.PI) / 180), 0, r * Math.sin((deg * Math.PI) / 180)];
const O: Vec3 = [0, 0, 0];

describe('measurements by hand', () => {
  it('measure distances in the patient', () => {
    expect(
      measureValue(
        'distance',
        [
          [1, 2, 3],
          [4, 6, 3],
        ],
        'axial',
      ),
    ).toBe(5);
  });

  it('measure the angle at the apex', () => {
    expect(measureValue('angle', [at(0), O, at(130)], 'coronal')).toBeCloseTo(130, 9);
  });

  it('give the same Cobb angle whichever way the lines are drawn', () => {
    const lines = (flip: number): Vec3[] => {
      const a: Vec3[] = [O, at(20)];
      const b: Vec3[] = [O, at(-17)];
      return [...(flip & 1 ? a.reverse() : a), ...(flip & 2 ? b.reverse() : b)];
    };
    for (let flip = 0; flip < 4; flip++) expect(measureValue('cobb', lines(flip), 'coronal')).toBeCloseTo(37, 9);
  });

  it('keep a Cobb angle above 90°', () => {
    expect(measureValue('cobb', [O, at(60), O, at(-50)], 'coronal')).toBeCloseTo(110, 9);
  });

  it('are not a number until they are complete', () => {
    expect(measureValue('cobb', [O, at(3)], 'coronal')).toBeNaN();
    expect(measureText({ value: Number.NaN, unit: 'deg' })).toBe('');
    expect(measureText({ value: 27.13, unit: 'mm' })).toBe('27.1\u202fmm');
  });

  it('draw helper lines only for a complete Cobb angle', () => {
    expect(measureStrokes('cobb', [O, at(0)])).toHaveLength(1);
    expect(measureStrokes('cobb', [O, at(0), O, at(9)]).filter((s) => s.dashed)).toHaveLength(2);
    expect(measureAnchor('distance', [O, [4, 0, 0]])).toEqual([2, 0, 0]);
  });
});
