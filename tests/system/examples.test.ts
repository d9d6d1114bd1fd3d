import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/source-tree.ts';

const run = promisify(execFile);
const examples = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.ts'));

describe('examples', () => {
  it.each(examples)('%s runs and says what it shows', async (name) => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples', name)], { cwd: ROOT });
    expect(stdout).toMatch(/SYNTHETIC/);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(0);
  });

  it('the measured lordosis of the virtual spine agrees with what was prescribed', async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples/angles-of-a-virtual-spine.ts')], {
      cwd: ROOT,
    });
    const measured = Number(/lumbarLordosis\S*: ([\d.]+)/.exec(stdout)?.[1]);
    expect(Math.abs(measured - 52)).toBeLessThan(1);
  });
});
