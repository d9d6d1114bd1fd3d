import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/store/folder/process.ts';
import { openStore } from '../../src/store/index.ts';
import { killCount, killSeed, runUntilKilled, seededRandom } from '../support/store/kill-harness.ts';
import { lostFacts, untruths } from '../support/store/store-audit.ts';
import type { StoreFact } from '../support/store/store-kill-child.ts';

const SCRIPT = fileURLToPath(new URL('../support/store/store-kill-child.ts', import.meta.url));
const KILLS = killCount(50);
const SEED = killSeed(20261122);
/** One kill in five hits a folder that is being made for the first time. */
const FIRST = Math.round(KILLS / 5);
/** Generous: the machine may do other work. */
const TIMEOUT_MS = 60_000 + KILLS * 8_000;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'msdt-kill-'));
});
afterAll(async () => {
  for (const name of await readdir(root)) {
    const server = await serverOf(join(root, name));
    if (server) process.kill(server, 'SIGQUIT');
  }
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

/** Process number of the database server of a folder, when it runs. */
async function serverOf(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 && (await isRunning(pid)) ? pid : undefined;
}

async function waitUntilGone(pid: number): Promise<void> {
  while (await isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe(`kill -9, ${KILLS} times (seed ${SEED})`, () => {
  it(
    `during the first initialisation: ${FIRST} kills`,
    async () => {
      const random = seededRandom(SEED);
      for (let kill = 0; kill < FIRST; kill++) {
        const dataDir = join(root, `first-${kill}`);
        const killed = await runUntilKilled<StoreFact>({
          script: SCRIPT,
          args: [dataDir, `${SEED + kill}`],
          afterMs: random() * 1200,
          from: 'started',
        });
        expect(killed.endedBy, `kill ${kill}`).toBeUndefined();
        const store = await openStore({ dataDir });
        expect(await lostFacts(store, killed.facts), `kill ${kill}`).toEqual([]);
        expect(await untruths(store, dataDir), `kill ${kill}`).toEqual([]);
        await store.close();
        expect(await serverOf(dataDir)).toBeUndefined();
      }
    },
    TIMEOUT_MS,
  );

  it(
    `while it works: ${KILLS - FIRST} kills on one folder`,
    async () => {
      const dataDir = join(root, 'work');
      const random = seededRandom(SEED + 1);
      const facts: StoreFact[] = [];
      let unseen: StoreFact[] = [];
      let adopted = 0;
      let left = 0;
      for (let kill = 0; kill < KILLS - FIRST; kill++) {
        const early = random() < 0.15;
        const killed = await runUntilKilled<StoreFact>({
          script: SCRIPT,
          args: [dataDir, `${SEED + 1000 + kill}`],
          afterMs: early ? random() * 250 : random() * 60,
          from: early ? 'started' : 1 + Math.floor(random() * 20),
        });
        expect(killed.endedBy, `kill ${kill}`).toBeUndefined();
        unseen.push(...killed.facts);
        const server = await serverOf(dataDir);
        const powerCut = random() < 0.2;
        if (server && powerCut) {
          process.kill(server, 'SIGKILL');
          await waitUntilGone(server);
        }
        // sometimes the next child finds what this one left, and not we
        if (random() < 0.25 && kill < KILLS - FIRST - 1) continue;
        const store = await openStore({ dataDir });
        if (server && !powerCut) left++;
        if (store.opened.adopted) adopted++;
        expect(store.opened.adopted, `kill ${kill}`).toBe(server !== undefined && !powerCut);
        expect(await lostFacts(store, unseen), `kill ${kill}`).toEqual([]);
        facts.push(...unseen);
        unseen = [];
        if (kill % 5 === 0) expect(await untruths(store, dataDir), `kill ${kill}`).toEqual([]);
        await store.close();
        expect(await serverOf(dataDir)).toBeUndefined();
      }
      const store = await openStore({ dataDir, orphanMinutes: 0 });
      expect(await lostFacts(store, facts)).toEqual([]);
      expect(await untruths(store, dataDir)).toEqual([]);
      const runs = facts.filter((fact) => fact.fact === 'run').length;
      await store.close();
      expect(adopted).toBe(left);
      expect(adopted, 'servers left behind').toBeGreaterThan(0);
      expect(runs, 'acknowledged runs').toBeGreaterThan(KILLS / 4);
    },
    TIMEOUT_MS,
  );
});
