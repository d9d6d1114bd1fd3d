import { describe, expect, it } from 'vitest';
import { unitFactor } from './unit-conversion.ts';
import { UNIT_TEXT } from './units.ts';

describe('conversion of units', () => {
  it.each([
    ['mg/dL', 'mg/L', 10],
    ['g/L', 'mg/L', 1000],
    ['ng/L', 'pg/mL', 1],
    ['ng/mL', 'pg/mL', 1000],
    ['ug/L', 'ng/mL', 1],
    ['ug/dL', 'ng/mL', 10],
    ['cm', 'mm', 10],
    ['cm2', 'mm2', 100],
    ['m', 'mm', 1000],
    ['[in_i]', 'mm', 25.4],
    ['km', 'm', 1000],
    ['mm/(h)', 'mm/h', undefined],
    ['mm/h', 'mm/h', 1],
    ['cm/h', 'mm/h', 10],
    ['kg/m2', 'kg/m2', 1],
    ['g/cm2', 'kg/m2', 10],
    ['{score}', '1', 1],
    ['{T-score}', '1', 1],
    ['1', '%', 100],
    ['wk', 'mo', 7 / 30.4375],
    ['a', 'mo', 12],
    ['10*3/uL', '10*9/L', 1],
    ['nmol/L', 'ng/mL', undefined],
    ['mg', 'mm', undefined],
    ['furlong', 'mm', undefined],
    ['', 'mm', undefined],
    ['/', '1', undefined],
    ['deg', 'rad', Math.PI / 180],
  ])('%s in %s is %s', (from, to, factor) => {
    const got = unitFactor(from, to);
    if (factor === undefined) expect(got).toBeUndefined();
    else expect(got).toBeCloseTo(factor, 13);
  });

  it('is exact where the factor is a power of ten, and back again', () => {
    expect(unitFactor('ng/mL', 'mg/L')).toBe(0.001);
    expect(0.4 * (unitFactor('mg/dL', 'mg/L') ?? 0)).toBe(4);
  });

  it('takes every unit to itself', () => {
    expect(Object.keys(UNIT_TEXT).filter((unit) => unitFactor(unit, unit) !== 1)).toEqual([]);
  });
});
