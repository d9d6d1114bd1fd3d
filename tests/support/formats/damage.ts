/** Damaged copies of a file, for readers that write nothing and so escape the conformance suite. */

import { expect } from 'vitest';
import { createRandom } from '../../../src/kernel/index.ts';
import { type Format, isMsdtError } from '../../../src/model/index.ts';
import { memoryFile } from './formats.ts';

/** Reads copies that are cut, flipped, overwritten or shortened; every failure must be an error that helps. */
export async function expectSurvives(format: Format, name: string, bytes: Uint8Array, inputs = 200): Promise<void> {
  const random = createRandom(77);
  for (let trial = 0; trial < inputs; trial++) {
    let copy = bytes.slice();
    const place = () => Math.floor(copy.length * (random.uniform() < 0.5 ? random.uniform() ** 3 : random.uniform()));
    const kind = trial % 4;
    if (kind === 0) copy = copy.slice(0, place());
    else if (kind === 1) for (let flips = 0; flips < 4; flips++) copy[place()] ^= 1 << random.int(0, 7);
    else if (kind === 2) {
      const at = place();
      copy.fill(random.int(32, 126), at, Math.min(copy.length, at + random.int(1, 40)));
    } else {
      const at = place();
      const after = Math.min(copy.length, at + random.int(1, 60));
      const whole = copy;
      copy = new Uint8Array(at + whole.length - after);
      copy.set(whole.subarray(0, at));
      copy.set(whole.subarray(after), at);
    }
    const start = performance.now();
    const report = await format.read([memoryFile(name, copy)]);
    expect(performance.now() - start, `trial ${trial}`).toBeLessThan(2000);
    expect(report.items.length + report.errors.length + report.skipped.length, `trial ${trial}`).toBeGreaterThan(0);
    for (const { error } of report.errors) {
      expect(isMsdtError(error), String(error)).toBe(true);
      expect(error.where.file && error.where.place && error.hint, `trial ${trial}: ${error.message}`).toBeTruthy();
    }
  }
}
