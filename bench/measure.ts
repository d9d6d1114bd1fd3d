/** Timing for the benches: warm up, repeat, print one JSON line a case with the same keys as the peers print. */

import { loadavg } from 'node:os';

/** One measured case. */
export interface Measured {
  readonly peer: string;
  readonly case: string;
  readonly median_s: number;
  readonly min_s: number;
  readonly cpu_s: number;
  readonly n: number;
  readonly runs: number;
  readonly load: number;
  readonly [detail: string]: unknown;
}

/** How often to run, and what to tell about the answer. */
export interface MeasureOptions<T> {
  readonly runs?: number;
  readonly warm?: number;
  /** collect garbage before each run; not for short runs: it also drops compiled code */
  readonly collect?: boolean;
  readonly after?: (out: T) => Record<string, unknown>;
}

/**
 * Runs a case and prints it.
 *
 * CPU seconds are those of the whole process, its compiler and collector threads included; they say more than the clock on
 * a machine that others use too.
 */
export async function measure<T>(
  peer: string,
  name: string,
  n: number,
  run: () => T | Promise<T>,
  options: MeasureOptions<T> = {},
): Promise<void> {
  const { runs = 7, warm = 3, collect = true } = options;
  const wall: number[] = [];
  const cpu: number[] = [];
  let out: T | undefined;
  for (let i = -warm; i < runs; i++) {
    out = undefined;
    if (collect) globalThis.gc?.();
    const before = process.cpuUsage();
    const start = performance.now();
    out = await run();
    if (i < 0) continue;
    wall.push((performance.now() - start) / 1e3);
    const used = process.cpuUsage(before);
    cpu.push((used.user + used.system) / 1e6);
  }
  const line: Measured = {
    peer,
    case: name,
    median_s: middle(wall),
    n,
    min_s: Math.min(...wall),
    cpu_s: middle(cpu),
    runs,
    load: Math.round(100 * loadavg()[0]) / 100,
    ...(options.after && out !== undefined ? options.after(out) : {}),
  };
  console.log(JSON.stringify(line));
}

/** Median of a list of numbers. */
export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const k = sorted.length >> 1;
  return sorted.length % 2 ? sorted[k] : (sorted[k - 1] + sorted[k]) / 2;
}
