import { describe, expect, it } from 'vitest';
import { VERTEBRA_LEVELS } from '../../model/index.ts';
import { levelValue, segmentValue } from './entries.ts';
import { shiftedLevels, shiftedSegment } from './shift.ts';

describe('shift', () => {
  it('moves a regular column and is undone by its opposite', () => {
    const down = shiftedLevels(['T12', 'L1', 'L5'], 1);
    expect([...down]).toEqual([
      ['T12', 'L1'],
      ['L1', 'L2'],
      ['L5', 'S1'],
    ]);
    const back = shiftedLevels([...down.values()], -1);
    expect([...down].map(([from, to]) => [from, back.get(to)])).toEqual([
      ['T12', 'T12'],
      ['L1', 'L1'],
      ['L5', 'L5'],
    ]);
  });

  it('never lets two levels meet, with T13 and L6 in the column', () => {
    const present = ['T11', 'T12', 'T13', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6'] as const;
    for (const shift of [-3, -2, -1, 0, 1, 2, 3]) {
      const to = [...shiftedLevels(present, shift).values()];
      expect(new Set(to).size).toBe(to.length);
    }
  });

  it('drops levels that leave the column', () => {
    expect([...shiftedLevels(['C1', 'C2'], -1)]).toEqual([['C2', 'C1']]);
  });

  it('moves segments with their upper vertebra', () => {
    expect(shiftedSegment('L5-S1', -1)).toBe('L4-L5');
    expect(shiftedSegment('L4-L5', 1)).toBe('L5-S1');
  });

  it('gives every level a number of its own, VerSe where VerSe has one', () => {
    const values = VERTEBRA_LEVELS.map(levelValue);
    expect(new Set(values).size).toBe(values.length);
    expect(['C1', 'T1', 'T12', 'T13', 'L1', 'L5', 'L6', 'S1'].map((l) => levelValue(l as 'C1'))).toEqual([
      1, 8, 19, 28, 20, 24, 25, 26,
    ]);
    expect(segmentValue('L4-L5')).toBe(123);
  });
});
