/**
 * Kills a child process at a chosen moment and keeps what it had acknowledged by then.
 *
 * The child prints one line of JSON per acknowledged fact; a line `{"started":true}` says that its program is loaded, a line
 * `{"ready":true}` that its start is over.
 * `MSDT_KILLS` sets how many kills a test makes, `MSDT_KILL_SEED` which moments it draws.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface KillOptions {
  /** TypeScript file that the child runs */
  script: string;
  args?: readonly string[];
  env?: Record<string, string>;
  /** the moment: this long after the child said that it has started, or that it is ready, or its n-th fact · ms */
  afterMs: number;
  from: 'started' | 'ready' | number;
  /** gives up on a child that does not say so · ms */
  patienceMs?: number;
}

export interface Killed<Fact> {
  /** what was acknowledged before the end */
  facts: Fact[];
  /** false when the kill came during the start */
  ready: boolean;
  /** set when the child ended by itself before it was killed */
  endedBy?: { code: number | null; words: string };
}

/** Number of kills a test makes: `MSDT_KILLS`, or what the test asks for. */
export function killCount(otherwise: number): number {
  return Number(process.env.MSDT_KILLS ?? otherwise);
}

/** Seed of the moments: `MSDT_KILL_SEED`, or what the test asks for. */
export function killSeed(otherwise: number): number {
  return Number(process.env.MSDT_KILL_SEED ?? otherwise);
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs a child until the moment comes, then ends it with SIGKILL and waits until it is gone. */
export async function runUntilKilled<Fact>(options: KillOptions): Promise<Killed<Fact>> {
  const { script, args = [], env, afterMs, from, patienceMs = 60_000 } = options;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const facts: Fact[] = [];
  let ready = false;
  let killed = false;
  let words = '';
  const kill = (): void => {
    killed = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(kill, patienceMs);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const fact = parse(line);
    if (fact === undefined) return;
    const said = fact as { started?: boolean; ready?: boolean };
    ready ||= said.ready === true;
    const isFact = !said.started && !said.ready;
    if (isFact) facts.push(fact as Fact);
    const isMoment = typeof from === 'number' ? isFact && facts.length === from : said[from];
    if (!isMoment) return;
    clearTimeout(timer);
    timer = setTimeout(kill, afterMs);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (status) => resolve(status));
  });
  clearTimeout(timer);
  return { facts, ready, endedBy: killed ? undefined : { code, words } };
}

/** A line that was cut off by the kill was never acknowledged. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
