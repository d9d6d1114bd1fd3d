/** A real engine on a folder of its own: embedded PostgreSQL, blobs, worker threads. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../src/catalogue.ts';
import { type Engine, openEngine } from '../../src/runtime/index.ts';
import type { Job } from '../../src/twin/index.ts';

const CATALOGUE_URL = new URL('../../src/catalogue.ts', import.meta.url).href;

export interface TestEngine {
  engine: Engine;
  dataDir: string;
  close(): Promise<void>;
}

/** Opens an engine in a fresh folder, or in one that is there already. */
export async function openTestEngine(dataDir?: string, workers = 2): Promise<TestEngine> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'msdt-engine-')));
  const engine = await openEngine({ dataDir: folder, catalogue, catalogueUrl: CATALOGUE_URL, workers });
  return {
    engine,
    dataDir: folder,
    async close() {
      await engine.close();
      if (!dataDir) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ingests files and waits until twin and job are settled. */
export async function ingestAndWait(engine: Engine, twin: string, paths: readonly string[]): Promise<Job> {
  const job = await engine.ingest(
    twin,
    paths.map((path) => ({ name: path.split('/').at(-1) as string, path })),
  );
  return engine.jobs.ended(job.id);
}
