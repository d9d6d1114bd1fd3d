/** A store on PostgreSQL in memory, for fast tests: the same tables and code as on a real server. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { openBlobStore } from '../../../src/store/blobs/folder-blobs.ts';
import { Gate } from '../../../src/store/sql/gate.ts';
import { SqlJobs } from '../../../src/store/sql/jobs.ts';
import { migrate } from '../../../src/store/sql/migrations.ts';
import { sqlProfiles } from '../../../src/store/sql/profiles.ts';
import type { Tables } from '../../../src/store/sql/schema.ts';
import { sqlSite } from '../../../src/store/sql/site.ts';
import { sqlTwins } from '../../../src/store/sql/twin-store.ts';
import type { OpenStore } from './store-rules-suite.ts';

let shared: Promise<{ store: OpenStore; pglite: PGlite; folder: string }> | undefined;

/** One database per test process, made on first use; tests keep apart by making twins of their own. */
export async function memoryStore(): Promise<OpenStore> {
  shared ??= make();
  return (await shared).store;
}

async function make(): Promise<{ store: OpenStore; pglite: PGlite; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'msdt-memory-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const pglite = await PGlite.create();
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  await migrate(db);
  const blobs = openBlobStore(join(folder, 'blobs'));
  const now = (): Date => new Date();
  const sqlJobs = new SqlJobs(db, now);
  const store: OpenStore = {
    db,
    sqlJobs,
    twins: sqlTwins({ db, blobs, gate: new Gate(), now, changed: () => undefined }),
    jobs: sqlJobs,
    profiles: sqlProfiles(db, now),
    site: sqlSite(db, now),
    blobs,
    blobDir: blobs.root,
    opened: { adopted: false, interruptedJobs: 0 },
    swept: Promise.resolve({ orphans: 0, unfinished: 0, missing: [] }),
    settled: async () => undefined,
    close: async () => undefined,
  };
  return { store, pglite, folder };
}
