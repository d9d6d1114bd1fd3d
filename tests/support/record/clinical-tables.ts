/** Public tables of patients that the inference engine is held against. */

import { readFileSync } from 'node:fs';
import { type Table, tableFromRows } from '../../../src/model/index.ts';
import { dataPath } from '../data-root.ts';

const COLUMNS = ['pelvicIncidence', 'pelvicTilt', 'lordosis', 'sacralSlope', 'pelvicRadius', 'slip'];

/** UCI Vertebral Column, two classes: six measures and the class of each patient. */
export function vertebralColumn(): Table {
  const lines = readFileSync(dataPath('uci-vertebral-column/column_2C.dat'), 'utf8').trim().split('\n');
  return tableFromRows(
    lines.map((line) => {
      const cells = line.trim().split(/\s+/);
      return { ...Object.fromEntries(COLUMNS.map((name, c) => [name, Number(cells[c])])), class: cells[6] };
    }),
  );
}

/** Matched pairs of HSAUR3 `backpain`: driving and suburban living of each case, 1 for yes, less those of its control. */
export function backPainPairs(): [driver: number, suburban: number][] {
  const [, ...lines] = readFileSync(dataPath('hsaur3-backpain/backpain.csv'), 'utf8').trim().split('\n');
  const pairs = new Map<string, Record<string, number[]>>();
  for (const line of lines) {
    const [id, status, ...answers] = line.trim().split(',');
    pairs.set(id, { ...pairs.get(id), [status]: answers.map((answer) => (answer === 'yes' ? 1 : 0)) });
  }
  return [...pairs.values()].map((pair) => [pair.case[0] - pair.control[0], pair.case[1] - pair.control[1]]);
}
