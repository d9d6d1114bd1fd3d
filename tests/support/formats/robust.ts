/** What the conformance suite asks of formats that write, for those that only read: their samples are made in the test. */

import { expect } from 'vitest';
import { createRandom, type Random } from '../../../src/kernel/index.ts';
import { ERROR_CODES, type Format, isMsdtError, type ReadReport } from '../../../src/model/index.ts';
import { memoryFile } from './formats.ts';

/** A file by name and content. */
export interface SampleFile {
  name: string;
  bytes: Uint8Array;
}

const INPUTS = 200;
const SLOWEST_MS = 2000;

/**
 * Fails unless the format knows its sample, reads it the same twice, stops when cancelled, and meets 200 damaged copies and every cut
 * with a helpful error or a sound item, quickly.
 */
export async function expectRobust(format: Format, sample: readonly SampleFile[], seed = 7): Promise<void> {
  const files = sample.map(({ name, bytes }) => memoryFile(name, bytes));
  expect(format.sniff(sample[0].bytes.subarray(0, 1024), sample[0].name)).toBe('yes');
  const first = await format.read(files);
  expect(first.errors).toEqual([]);
  expect(first.items.length).toBeGreaterThan(0);
  expect(await format.read(files)).toEqual(first);
  await expect((async () => format.read(files, { signal: AbortSignal.abort() }))()).rejects.toSatisfy(
    (error) => (error as Error).name === 'AbortError' || isMsdtError(error, 'job.cancelled'),
  );
  const random = createRandom(seed);
  for (let trial = 0; trial < INPUTS; trial++) {
    const target = random.int(0, sample.length - 1);
    const damaged = sample.map((file, index) =>
      memoryFile(file.name, index === target ? damage(file.bytes, random, trial) : file.bytes),
    );
    const start = performance.now();
    const report = await format.read(damaged);
    expect(performance.now() - start, `trial ${trial}`).toBeLessThan(SLOWEST_MS);
    expect(report.items.length + report.errors.length + report.skipped.length, `trial ${trial}`).toBeGreaterThan(0);
    expectHelpful(report, `trial ${trial}`);
  }
}

/** Fails unless every error of a report says what, where and what to do. */
export function expectHelpful(report: ReadReport, input: string): void {
  for (const { file, error } of report.errors) {
    expect(isMsdtError(error), `${input}: ${String(error)}`).toBe(true);
    expect(Object.keys(ERROR_CODES)).toContain(error.code);
    expect(file, input).not.toBe('');
    expect(error.where.file, `${input}: ${error.message}`).toBeTruthy();
    expect(error.where.place, `${input}: ${error.message}`).toBeTruthy();
    expect(error.hint, `${input}: ${error.message}`).not.toBe('');
    expect(error.message, input).not.toBe('');
    // what a defect of the reader says, not what a reader says of a file
    expect(error.detail, input).not.toMatch(
      /is not a function|is not iterable|Cannot read|Invalid (array|typed array) length|call stack/i,
    );
  }
}

function damage(bytes: Uint8Array, random: Random, trial: number): Uint8Array {
  const out = bytes.slice();
  // headers are where a change does most
  const place = (): number =>
    Math.floor(out.length * (random.uniform() < 0.5 ? random.uniform() ** 4 : random.uniform()));
  const kind = trial % 5;
  if (kind === 0) for (let flips = random.int(1, 8); flips > 0; flips--) out[place()] ^= 1 << random.int(0, 7);
  else if (kind === 1) {
    const at = place();
    out.fill(random.int(0, 255), at, at + random.int(1, 64));
  } else if (kind === 2) {
    const at = place();
    out.set([0xff, 0xff, 0xff, 0x7f].slice(0, Math.min(4, out.length - at)), at);
  } else if (kind === 3) {
    const at = place();
    const gap = random.int(1, 40);
    return Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + gap));
  } else return out.slice(0, place());
  return out;
}
