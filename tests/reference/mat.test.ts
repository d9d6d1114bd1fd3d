/** MATLAB files of the real data through our reader and through SciPy's. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseMat } from '../../src/formats/mat/elements.ts';
import type { MatNumbers, MatValue } from '../../src/formats/mat/values.ts';
import { dataPath, describeWithData } from '../support/data.ts';
import { describeWithPython, runPython } from '../support/python.ts';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'mat_scipy.py');

interface Facts {
  size: number[];
  sum: number;
  missing: number;
  values: (number | null)[];
}

/** Numeric arrays by name, fields of structures as `name.field`. */
function numericOf(name: string, value: MatValue): [string, MatNumbers][] {
  if (value.type === 'numbers') return [[name, value]];
  if (value.type !== 'struct') return [];
  return Object.entries(value.fields).flatMap(([field, [only]]) => numericOf(`${name}.${field}`, only));
}

async function expectSame(paths: string[]): Promise<number> {
  const lines = runPython(SCRIPT, paths).trim().split('\n');
  let compared = 0;
  for (const [index, path] of paths.entries()) {
    const theirs = JSON.parse(lines[index]) as Record<string, Facts>;
    const { variables } = await parseMat(new Uint8Array(readFileSync(path)), path);
    const ours = new Map([...variables].flatMap(([name, value]) => numericOf(name, value)));
    expect([...ours.keys()].sort()).toEqual(Object.keys(theirs).sort());
    for (const [name, { size, sum, missing, values }] of Object.entries(theirs)) {
      const data = ours.get(name)?.data ?? new Float64Array(0);
      expect(ours.get(name)?.size, name).toEqual(size);
      const found = values.map((_, n) => data[(n * 7919 + 13) % data.length]);
      expect(found.map((value) => (Number.isNaN(value) ? null : value))).toEqual(values);
      let total = 0;
      let empty = 0;
      for (const value of data)
        if (Number.isNaN(value)) empty++;
        else total += value;
      expect(empty, name).toBe(missing);
      // both add up to 7 million numbers in double precision, in different orders
      expect(Math.abs(total - sum), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(sum)));
      compared++;
    }
  }
  return compared;
}

describeWithPython('scipy', () => {
  describeWithData('imu-broad', () => {
    it('reads the trials as we do', async () => {
      const files = readdirSync(dataPath('imu-broad')).filter((name) => name.endsWith('.mat'));
      expect(await expectSame(files.map((name) => dataPath('imu-broad', name)))).toBe(7 * files.length);
    });
  });

  describeWithData('imu-qmt-fullbody', () => {
    it('reads sixteen structures as we do', async () => {
      expect(await expectSame([dataPath('imu-qmt-fullbody', 'full_body_example_data.mat')])).toBe(16 * 3 + 1);
    });
  });

  describeWithData('skel-utd-mhad', () => {
    it.each(['Skeleton', 'Inertial', 'Depth'])('reads %s as we do', async (folder) => {
      const all = readdirSync(dataPath('skel-utd-mhad', folder))
        .filter((name) => name.endsWith('.mat'))
        .sort();
      const every = folder === 'Depth' ? 6 : 10;
      const files = all
        .filter((_, index) => index % every === 0)
        .map((name) => dataPath('skel-utd-mhad', folder, name));
      expect(await expectSame(files)).toBe(files.length);
    });
  });
});
