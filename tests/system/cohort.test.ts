/** `msdt cohort evaluate` as a user meets it: a table in, figures, curves and reasons out. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom, expit } from '../../src/kernel/index.ts';
import { ROOT } from '../support/source-tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'msdt-cohort-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function msdt(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const found = await promisify(execFile)(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'cohort', ...args]);
    return { code: 0, ...found };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

function tableFile(name: string, row: (at: number) => (string | number)[], rows = 120): string {
  const path = join(folder, name);
  const lines = Array.from({ length: rows }, (_, at) => row(at).join(','));
  writeFileSync(path, `slope,spread,noise,operated\n${lines.join('\n')}\n`);
  return path;
}

const random = createRandom(31);
const ROWS = Array.from({ length: 120 }, () => {
  const [slope, spread, noise] = [random.normal(), random.normal(), random.normal()];
  return [slope, spread, noise, random.uniform() < expit(2.2 * slope - 0.5) ? 'yes' : 'no'];
});
const good = tableFile('good.csv', (at) => ROWS[at]);

/** Keys and types of a value; of lists the first entry. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length ? [formOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, formOf(entry)]));
}

const FIGURES = ['auc', 'brier', 'scaledBrier', 'logLoss', 'ece', 'slope', 'intercept'];
const each = (form: unknown) => Object.fromEntries(FIGURES.map((name) => [name, form]));

describe('msdt cohort evaluate', () => {
  it('prints JSON of the documented form, the same twice', async () => {
    const args = ['evaluate', '--table', good, '--outcome', 'operated', '--repeats', '2', '--folds', '3', '--json'];
    const [first, second] = [await msdt(...args), await msdt(...args)];
    expect(first.code, first.stderr).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    const result = JSON.parse(first.stdout);
    expect(formOf(result)).toEqual({
      ...{ schemaVersion: 'number', rows: 'number', events: 'number', outcome: 'string', positive: 'string' },
      ...{ columns: ['string'], notes: [], repeats: 'number', folds: 'number', seed: 'number' },
      learners: [
        {
          ...{ learner: 'string', figures: each('number'), spread: each('number'), interval: each(['number']) },
          calibration: [{ count: 'number', predicted: 'number', observed: 'number', low: 'number', high: 'number' }],
          decision: [
            ...[{ threshold: 'number', model: 'number', low: 'number', high: 'number' }].map((point) => ({
              ...{ ...point, treatAll: 'number', treatNone: 'number' },
            })),
          ],
        },
      ],
      contributions: [{ column: 'string', contribution: 'number', low: 'number', high: 'number' }],
    });
    expect(result).toMatchObject({ schemaVersion: 1, rows: 120, positive: 'yes', repeats: 2, folds: 3, seed: 1 });
    expect(result.events).toBe(ROWS.filter((row) => row[3] === 'yes').length);
    expect(result.learners.map(({ learner }: { learner: string }) => learner)).toEqual([
      ...['logistic', 'additive-spline', 'network-no-graph', 'graph-network'],
    ]);
    for (const { figures, interval } of result.learners) {
      expect(figures.auc).toBeGreaterThan(0.75);
      expect(interval.auc[0]).toBeLessThan(figures.auc);
    }
    expect(result.contributions[0].column).toBe('slope');
    const noise = result.contributions.find(({ column }: { column: string }) => column === 'noise');
    expect(noise.contribution).toBeLessThan(0.3 * result.contributions[0].contribution);
  });

  it('prints a table for people', async () => {
    const { code, stdout } = await msdt(
      ...['evaluate', '--table', good, '--outcome', 'operated', '--positive', 'no', '--repeats', '1'],
      ...['--learners', 'logistic,additive-spline'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/120 patients, \d+ with operated = no/);
    expect(stdout).toMatch(/additive-spline +0\.\d{3} \(0\.\d{3}-/);
    expect(stdout).not.toMatch(/graph-network/);
  });

  it.each([
    ['a column that is not there', good, 'surgery', [], /no column "surgery"/, /slope, spread, noise, operated/],
    [
      'an outcome of one class',
      tableFile('one.csv', (at) => [at, 1, 2, 'no']),
      'operated',
      [],
      /Every patient has "no"/,
      /patients of both/,
    ],
    ['an outcome of many values', good, 'slope', [], /120 different values/, /yes and no/],
    [
      'too few events',
      tableFile('few.csv', (at) => [at, at % 5, at % 3, at < 3 ? 1 : 0]),
      'operated',
      [],
      /Only 3 of 120/,
      /At least 5/,
    ],
    [
      'cells that are no numbers',
      tableFile('odd.csv', (at) => [at === 41 ? '4 mm' : at * 0.5, at % 5, at % 3, at % 2]),
      'operated',
      [],
      /"slope" holds numbers and 1 cells/,
      /row 42: "4 mm"/,
    ],
    ['a class that is not there', good, 'operated', ['--positive', 'maybe'], /"maybe" is no value/, /no or yes/],
    ['a learner nobody knows', good, 'operated', ['--learners', 'oracle'], /oracle/, /logistic/],
    ['folds that are no number', good, 'operated', ['--folds', 'five'], /--folds/, /whole number/],
    ['a file that is not there', join(folder, 'none.csv'), 'operated', [], /none\.csv/, /./],
  ])('refuses %s and says what to do', async (_, table, outcome, more, why, remedy) => {
    const { code, stdout, stderr } = await msdt('evaluate', '--table', table, '--outcome', outcome, ...more);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toMatch(/\bat .*\.ts:\d/);
  });
});
