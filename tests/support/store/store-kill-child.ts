/** A process that works on a store until it is killed, and says after each step what was acknowledged. */

import { writeSync } from 'node:fs';
import { openStore } from '../../../src/store/index.ts';
import { seededRandom } from './kill-harness.ts';
import { addScan, importOf, measureOf } from './store-runs.ts';

/** One acknowledged fact. */
export type StoreFact =
  | { fact: 'twin'; twin: string }
  | { fact: 'acquisition'; twin: string; id: string }
  | { fact: 'run'; twin: string; key: string; artifacts: number; features: number; snapshot: number }
  | { fact: 'document'; twin: string; version: number }
  | { fact: 'job'; id: string };

function tell(fact: StoreFact | { started: true } | { ready: true }): void {
  writeSync(1, `${JSON.stringify(fact)}\n`);
}

async function main(dataDir: string, seed: number): Promise<void> {
  const random = seededRandom(seed);
  tell({ started: true });
  const store = await openStore({ dataDir });
  tell({ ready: true });
  const twins = await store.twins.listTwins();
  const twin =
    twins.length < 3 ? await store.twins.createTwin(`Twin ${twins.length}`) : twins[Math.floor(random() * 3)];
  tell({ fact: 'twin', twin: twin.id });
  for (let round = 0; ; round++) {
    const text = `scan ${seed} ${round} ${'x'.repeat(Math.floor(random() * 50_000))}`;
    const job = await store.jobs.create({ kind: 'build', title: `Build ${round}`, twin: twin.id });
    await store.jobs.update(job.id, { state: 'running' });
    tell({ fact: 'job', id: job.id });
    const acquisition = await addScan(store, twin.id, { text });
    tell({ fact: 'acquisition', twin: twin.id, id: acquisition.id });
    const imported = await importOf(store, acquisition, `volume of ${text}`);
    await put(twin.id, imported);
    for (const smoothing of [1, 2]) {
      const levels = ['L1-L2', 'L2-L3', 'L3-L4', 'L4-L5', 'L5-S1'].slice(0, 1 + Math.floor(random() * 5));
      const run = await measureOf(store, imported.artifacts[0], { levels, params: { smoothing, seed, round } });
      await put(twin.id, run);
    }
    const { version } = await store.twins.putDocument(twin.id, 'measurements', { round });
    tell({ fact: 'document', twin: twin.id, version });
    if (random() < 0.3) await store.twins.retractAcquisition(twin.id, acquisition.id, 'test');
    await store.jobs.update(job.id, { state: 'done' });
  }

  async function put(id: string, run: Parameters<typeof store.twins.putRun>[1]): Promise<void> {
    const { snapshot } = await store.twins.putRun(id, run);
    const [artifacts, features] = [run.artifacts.length, run.features.length];
    tell({ fact: 'run', twin: id, key: run.key, artifacts, features, snapshot: snapshot.id });
  }
}

await main(process.argv[2], Number(process.argv[3]));
