/** Opens the store of a data folder: lock, database, blobs, and what an interrupted process left behind. */

import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { isMsdtError, messageOf } from '../model/index.ts';
import type { BlobStore, JobStore, ProfileStore, SiteStore, TwinStore } from '../twin/index.ts';
import { openBlobStore } from './blobs/folder-blobs.ts';
import { type SweepReport, sweepBlobs } from './blobs/sweep.ts';
import { folderError, makeFolder } from './folder/files.ts';
import { type FolderLock, lockFolder } from './folder/lock.ts';
import { type Server, startServer } from './postgres/server.ts';
import { connectByUrl, connectToServer, type Database, databaseError } from './sql/connect.ts';
import { Gate } from './sql/gate.ts';
import { SqlJobs } from './sql/jobs.ts';
import { migrate } from './sql/migrations.ts';
import { sqlProfiles } from './sql/profiles.ts';
import { among } from './sql/records.ts';
import { sqlSite } from './sql/site.ts';
import { loadStamps } from './sql/stamps.ts';
import { sqlTwins } from './sql/twin-store.ts';
import type { World } from './sql/world.ts';
import { Views } from './view/views.ts';

export interface StoreOptions {
  /** folder of blobs, browsable twins and the embedded database; made when it is missing */
  dataDir: string;
  /** a PostgreSQL of your own; the embedded one when absent */
  databaseUrl?: string;
  /** the browsable folders `twins/<twin>/…`; true when absent */
  browsable?: boolean;
  /** show in them also original files that may name the person; false when absent */
  identified?: boolean;
  /** orphans younger than this are left alone · minutes · 15 when absent */
  orphanMinutes?: number;
  /** one line of what went wrong in the background */
  log?(message: string): void;
}

export interface Store {
  twins: TwinStore;
  jobs: JobStore;
  profiles: ProfileStore;
  site: SiteStore;
  blobs: BlobStore;
  /** folder of the blobs, for worker threads */
  blobDir: string;
  /** what was found at the start */
  opened: {
    /** the database ran already, left behind by a killed process */
    adopted: boolean;
    /** jobs that were running when the last process ended */
    interruptedJobs: number;
  };
  /** resolves when the blobs left by interrupted writes are cleared */
  swept: Promise<SweepReport>;
  /** resolves when the browsable folders show what is current */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @throws MsdtError `store.locked` another process has the folder or the database · `store.unavailable` the folder cannot
 *   be written or the database cannot be reached · `store.full`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const dataDir = resolve(options.dataDir);
  const startedAt = Date.now();
  const lock = await openFolder(dataDir, options.databaseUrl === undefined);
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const blobs = openBlobStore(join(dataDir, 'blobs'));
    await blobs.prepare();
    const { database, server } = await openDatabase(dataDir, options.databaseUrl);
    if (server) undo.unshift(() => server.stop());
    undo.unshift(() => database.close());
    await migrate(database.db);
    const log = options.log ?? (() => undefined);
    const now = (): Date => new Date();
    let views: Views | undefined;
    const world: World = { db: database.db, blobs, gate: new Gate(), now, changed: (twin) => views?.schedule(twin) };
    const guard = (error: unknown): unknown => {
      const told = databaseError(error);
      if (isMsdtError(told, 'store.unavailable')) server?.revive().catch((reason: unknown) => log(String(reason)));
      return told;
    };
    const twins = guarded(sqlTwins(world), database, guard);
    const jobs = new SqlJobs(database.db, now);
    const interruptedJobs = await jobs.failInterrupted();
    views = options.browsable === false ? undefined : viewsOf({ ...options, dataDir }, blobs, twins, log);
    const stopping = new AbortController();
    const swept = sweep(world, blobs, stopping.signal, startedAt, options).catch((error: unknown) => {
      log(`the sweep of blobs ended early: ${messageOf(error)}`);
      return { orphans: 0, unfinished: 0, missing: [] };
    });
    const refreshed =
      views &&
      loadStamps(database.db, options)
        .then((stamps) => views?.refresh(stamps))
        .catch((error: unknown) => log(String(error)));
    const stopServer = (): void => server?.stopSoon();
    process.once('exit', stopServer);
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      stopping.abort();
      await refreshed;
      await views?.close();
      await swept;
      for (const step of undo) await step();
      process.off('exit', stopServer);
    };
    return {
      twins,
      jobs: guarded(jobs, database, guard),
      profiles: guarded(sqlProfiles(database.db, now), database, guard),
      site: guarded(sqlSite(database.db, now), database, guard),
      blobs,
      blobDir: blobs.root,
      opened: { adopted: server?.adopted ?? false, interruptedJobs },
      swept,
      async settled() {
        await refreshed;
        await views?.flush();
      },
      close: () => (closing ??= close()),
    };
  } catch (error) {
    for (const step of undo) await step().catch(() => undefined);
    throw folderError(databaseError(error), dataDir);
  }
}

async function openFolder(dataDir: string, embedded: boolean): Promise<FolderLock> {
  try {
    // started by root, the database runs under another account that must find its way to its folder
    await makeFolder(dataDir, embedded && process.getuid?.() === 0 ? 0o711 : 0o700);
    const lock = await lockFolder(dataDir);
    const left = (await readdir(dataDir)).filter((name) => /^(msdt\.lock|postgres\.new-[0-9a-f]{16}\.pw)/.test(name));
    for (const name of left) if (/\.[0-9a-f]{16}$|\.pw$/.test(name)) await rm(join(dataDir, name), { force: true });
    return lock;
  } catch (error) {
    throw folderError(error, dataDir);
  }
}

async function openDatabase(dataDir: string, url?: string): Promise<{ database: Database; server?: Server }> {
  if (url) return { database: await connectByUrl(url) };
  const server = await startServer(join(dataDir, 'postgres'));
  try {
    return { database: await connectToServer({ ...server, takeOver: server.adopted }), server };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function viewsOf(
  { dataDir, identified }: StoreOptions,
  blobs: { pathOf(sha256: string): string },
  twins: TwinStore,
  log: (message: string) => void,
): Views {
  const root = join(dataDir, 'twins');
  const blobPath = (sha256: string): string => blobs.pathOf(sha256);
  return new Views({ root, identified, blobPath, state: (twin) => twins.current(twin), log });
}

function sweep(
  world: World,
  blobs: ReturnType<typeof openBlobStore>,
  signal: AbortSignal,
  startedAt: number,
  options: StoreOptions,
): Promise<SweepReport> {
  const { db } = world;
  const named = async (hashes: readonly string[]): Promise<Set<string>> => {
    const rows = await db.selectFrom('blobs').select('sha256').where(among('sha256', hashes)).execute();
    return new Set(rows.map((row) => row.sha256));
  };
  const namedUnder = async (prefix: string): Promise<string[]> => {
    const { rows } = await sql<{ sha256: string }>`
      select sha256 from blobs where sha256 collate "C" >= ${prefix} and sha256 collate "C" < ${`${prefix}g`}`.execute(
      db,
    );
    return rows.map((row) => row.sha256);
  };
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => world.gate.exclusively(work);
  const { orphanMinutes } = options;
  return sweepBlobs({ blobs, named, namedUnder, exclusively, signal, orphanMinutes }, startedAt);
}

/** Every method of a store: refused when the database is not ours any more, errors of the database put into words. */
function guarded<T extends object>(store: T, database: Database, guard: (error: unknown) => unknown): T {
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          database.assertOurs();
          return await (member as (...all: unknown[]) => unknown).apply(target, args);
        } catch (error) {
          throw guard(error);
        }
      };
    },
  });
}
