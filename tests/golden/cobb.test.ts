/** 481 frontal films with published corners and Cobb angles (AASCE 2019, SpineWeb 16). */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measureFilms } from '../../src/hme/cobb-from-landmarks/index.ts';
import type { Table } from '../../src/model/index.ts';
import { dataPath, describeWithData } from '../support/data.ts';

function numbers(name: string): number[][] {
  return readFileSync(dataPath('cobb-aasce-labels', 'training', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
}

function sizes(): Table {
  const rows = readFileSync(dataPath('cobb-aasce-labels', 'training', 'image_sizes_derived.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => /^"(.*)",(\d+),(\d+)$/.exec(line) as RegExpExecArray);
  return {
    columns: [
      { name: 'filename', values: rows.map((row) => row[1]) },
      { name: 'width', values: rows.map((row) => Number(row[2])) },
      { name: 'height', values: rows.map((row) => Number(row[3])) },
    ],
  };
}

describeWithData('cobb-aasce-labels', () => {
  const rows = numbers('landmarks.csv');
  const landmarks: Table = {
    columns: rows[0].map((_, c) => ({ name: `c${c}`, values: rows.map((row) => row[c]) })),
  };

  it('reproduces the three published angles of every film', () => {
    const published = numbers('angles.csv');
    const measured = measureFilms(landmarks, sizes());
    for (const [i, name] of ['cobb1', 'cobb2', 'cobb3'].entries()) {
      const values = measured.columns.find((column) => column.name === name)?.values as number[];
      const differences = values.map((value, row) => Math.abs(value - published[row][i])).sort((a, b) => a - b);
      expect(differences).toHaveLength(481);
      expect(differences[240]).toBeLessThanOrEqual(0.01);
      // published landmarks have five digits: 1e-5 of a 3000 px film is 0.03 px, about 0.02° on a 120 px mid-line
      expect(differences[480]).toBeLessThanOrEqual(0.05);
    }
  });

  it('would be wrong by 20° and more without the aspect ratio, so it refuses', () => {
    const published = numbers('angles.csv');
    const square = sizes();
    square.columns[1].values = square.columns[1].values.map(() => 1000);
    square.columns[2].values = square.columns[2].values.map(() => 1000);
    const wrong = measureFilms(landmarks, square).columns[1].values as number[];
    const differences = wrong.map((value, row) => Math.abs(value - published[row][0])).sort((a, b) => a - b);
    expect(differences[240]).toBeGreaterThan(15);
    expect(() => measureFilms(landmarks)).toThrow(/image sizes/);
  });
});
