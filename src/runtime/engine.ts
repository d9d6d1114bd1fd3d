/**
 * The engine of one data folder: twins, jobs, workers and events behind one object.
 *
 * The same road whether data came by drag and drop, the command line or a script: ingest → readers → planner → capabilities →
 * artifacts and features with provenance → a new snapshot → events.
 */

import { availableParallelism } from 'node:os';
import { type AnyCapability, MsdtError, type Twin, toErrorRecord } from '../model/index.ts';
import { openStore, type Store } from '../store/index.ts';
import type { AsOf, Job, TwinState } from '../twin/index.ts';
import { type Bus, createBus } from './bus.ts';
import { type Catalogue, loadAll } from './catalogue-types.ts';
import { type InferenceDoor, openInference } from './inference/index.ts';
import { createJobManager, type JobHandle, type JobManager } from './jobs.ts';
import { createNameBook, type NameBook } from './names/name-book.ts';
import { buildTwin } from './plan/build.ts';
import { planTwin } from './plan/plan-twin.ts';
import type { Plan, PlanRequest } from './plan/planner.ts';
import { type IngestFile, ingestFiles } from './reading/ingest-files.ts';
import { withNamedProfile } from './reading/profiles.ts';
import { createWorkerPool, type WorkerPool } from './workers/worker-pool.ts';

export interface EngineOptions {
  dataDir: string;
  /** a PostgreSQL of your own; the embedded one when absent */
  databaseUrl?: string;
  catalogue: Catalogue;
  /** module that exports `catalogue`, for worker threads */
  catalogueUrl: string;
  /** show original files that may name the person in the browsable folders */
  identified?: boolean;
  /** worker threads; by default one per core, at most four */
  workers?: number;
}

/** What the parts of the runtime share. */
export interface EngineParts {
  store: Store;
  bus: Bus;
  jobs: JobManager;
  pool: WorkerPool;
  names: NameBook;
  catalogue: Catalogue;
  capabilities: readonly AnyCapability[];
}

export interface Engine extends EngineParts {
  inference: InferenceDoor;
  createTwin(alias: string, options?: { synthetic?: boolean }): Promise<Twin>;
  view(twin: string, asOf?: AsOf): Promise<{ state: TwinState; plan: Plan }>;
  /** Reads files into the twin, then builds what follows. Answers at once; the job goes on. */
  ingest(twin: string, files: readonly IngestFile[], options?: IngestOptions): Promise<Job>;
  /** Runs everything that can run and is not fresh. */
  build(twin: string): Promise<Job>;
  /** Runs one capability with chosen parameters, then what follows from it. */
  run(twin: string, request: PlanRequest): Promise<Job>;
  close(): Promise<void>;
}

export interface IngestOptions {
  /** overrides for readers, e.g. `frame: RAS`; `profile` may be the name of a saved one */
  choices?: Record<string, string>;
  /** called when the files are no longer needed */
  cleanUp?(): Promise<void>;
}

const MOST_WORKERS = 4;

/** Share of an ingest job that reading takes; the build is the rest. */
const READ_SHARE = 0.35;

/** @throws MsdtError `store.locked` another process has this data folder open */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalogue, catalogueUrl, dataDir, databaseUrl, identified } = options;
  const [store, capabilities] = await Promise.all([
    openStore({ dataDir, databaseUrl, identified }),
    loadAll(catalogue.capabilities),
  ]);
  const bus = createBus();
  const size = options.workers ?? Math.max(1, Math.min(MOST_WORKERS, availableParallelism()));
  const pool = createWorkerPool({ catalogueUrl, blobDir: store.blobDir }, size);
  const names = createNameBook(store.twins);
  const jobs = createJobManager(bus, store.jobs, names);
  const parts: EngineParts = { store, bus, jobs, pool, names, catalogue, capabilities };

  const inference = openInference(parts);
  /** What was built stays built when the assessment fails: the job says so in a line of its own. */
  const assessAfter = async (twin: string, reason: string, handle: JobHandle): Promise<void> => {
    try {
      await inference.assess(twin, reason);
    } catch (error) {
      const record = toErrorRecord(error);
      handle.item({ item: 'Assessment', status: 'error', message: record.message, error: record });
    }
  };

  return {
    ...parts,
    inference,
    async createTwin(alias, about) {
      const twin = await store.twins.createTwin(alias, about);
      bus.publish({ type: 'twin', twin });
      return twin;
    },
    async view(twin, asOf) {
      const state = await store.twins.current(twin, { asOf });
      return { state, plan: planTwin(capabilities, state) };
    },
    async ingest(twin, files, { choices = {}, cleanUp } = {}) {
      await store.twins.getTwin(twin);
      const resolved = await withNamedProfile(store.profiles, choices);
      const [first] = files.length === 1 ? (await names.of(twin)).neutral([files[0].name]) : [];
      await names.save(twin);
      const title = first ? `Add ${first}` : `Add ${files.length} files`;
      return jobs.start({ kind: 'ingest', title, twin }, async (handle) => {
        try {
          await ingestFiles(parts, twin, files, resolved, shareOf(handle, 0, READ_SHARE));
        } finally {
          await cleanUp?.();
        }
        await buildTwin(parts, twin, undefined, shareOf(handle, READ_SHARE, 1));
        const added = files.length === 1 ? 'One file added' : `${files.length} files added`;
        await assessAfter(twin, added, handle);
      });
    },
    async build(twin) {
      await store.twins.getTwin(twin);
      return jobs.start({ kind: 'build', title: 'Build the twin', twin }, async (handle) => {
        await buildTwin(parts, twin, undefined, handle);
        await assessAfter(twin, 'Build the twin', handle);
      });
    },
    async run(twin, request) {
      const capability = capabilities.find((candidate) => candidate.id === request.capability);
      if (!capability)
        throw new MsdtError('input.missing', `There is no capability "${request.capability}"`, {
          hint: 'GET /api/catalogue lists them.',
        });
      await store.twins.getTwin(twin);
      return jobs.start({ kind: capability.id, title: capability.title, twin }, async (handle) => {
        await buildTwin(parts, twin, request, handle);
        await assessAfter(twin, capability.title, handle);
      });
    },
    async close() {
      await jobs.close();
      await pool.close();
      await store.close();
    },
  };
}

function shareOf<H extends { progress(fraction: number, message?: string): void }>(
  handle: H,
  from: number,
  to: number,
): H {
  return {
    ...handle,
    progress: (fraction: number, message?: string) => handle.progress(from + (to - from) * fraction, message),
  };
}
