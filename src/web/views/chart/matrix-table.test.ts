import { describe, expect, it } from 'vitest';
import { matrixFromCsv, matrixFromJson } from './matrix-table.ts';

describe('matrices', () => {
  it('come from a table document', () => {
    const matrix = matrixFromJson({
      columns: [
        { name: 'level', values: ['L4', 'L5'] },
        { name: 'L4', unit: 'deg', definition: 'Angle of endplates', values: [0, 12] },
        { name: 'L5', unit: 'deg', values: [12, null] },
      ],
    });
    expect(matrix).toEqual({
      levels: ['L4', 'L5'],
      unit: '°',
      definition: 'Angle of endplates',
      values: [
        [0, 12],
        [12, null],
      ],
    });
  });

  it('come from rows and from CSV', () => {
    expect(
      matrixFromJson([
        { level: 'L4', L4: 0, L5: 3 },
        { level: 'L5', L4: 3, L5: 0 },
      ])?.values,
    ).toEqual([
      [0, 3],
      [3, 0],
    ]);
    const matrix = matrixFromCsv('level,L4 [mm],L5 [mm]\r\nL4,0,35.2\r\nL5,35.2,\r\n');
    expect(matrix?.unit).toBe('mm');
    expect(matrix?.values).toEqual([
      [0, 35.2],
      [35.2, null],
    ]);
  });

  it('are none where there are no numbers', () => {
    expect(matrixFromJson({ columns: [{ name: 'a', values: ['x'] }] })).toBeUndefined();
    expect(matrixFromCsv('')).toBeUndefined();
    expect(matrixFromJson(null)).toBeUndefined();
  });
});
