/** Connections to whichever PostgreSQL it is, and the one lock that no file can give: one msdt per database. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { isMsdtError, MsdtError } from '../../model/index.ts';
import type { Tables } from './schema.ts';
import type { Db } from './world.ts';

const CONNECTIONS = 8;
/** Any number, the same in every version. */
const LOCK_KEY = 7_263_548_210;
const LOCK_MS = 8_000;
const INT8 = 20;

export interface Database {
  db: Db;
  close(): Promise<void>;
}

/** @param url - `postgres://user:password@host:port/database`; never shown in a message */
export async function connectByUrl(url: string): Promise<Database> {
  let place = 'the database';
  try {
    const { hostname, port, pathname } = new URL(url);
    place = `${hostname}:${port || 5432}${pathname}`;
  } catch (cause) {
    throw new MsdtError('store.unavailable', 'DATABASE_URL is not an address', {
      hint: 'It looks like postgres://user:password@host:5432/database.',
      cause,
    });
  }
  return connect({ connectionString: url, connectionTimeoutMillis: 10_000 }, place, false);
}

/** @param server.takeOver - ends connections that a killed process left behind */
export function connectToServer(server: {
  host: string;
  port: number;
  user: string;
  password: string;
  takeOver: boolean;
}): Promise<Database> {
  const { takeOver, ...where } = server;
  return connect({ ...where, database: 'postgres' }, 'the embedded database', takeOver);
}

async function connect(config: pg.PoolConfig, place: string, takeOver: boolean): Promise<Database> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')),
  };
  const pool = new pg.Pool({ ...config, types, max: CONNECTIONS, application_name: 'msdt', allowExitOnIdle: true });
  pool.on('error', () => undefined);
  const guard = new pg.Client({ ...config, application_name: 'msdt lock' });
  guard.on('error', () => undefined);
  try {
    await guard.connect();
    if (takeOver) await endOthers(guard);
    await takeLock(guard, place);
  } catch (error) {
    await Promise.allSettled([guard.end(), pool.end()]);
    throw isMsdtError(error) ? error : databaseError(error, place);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    async close() {
      await db.destroy();
      await guard.end().catch(() => undefined);
    },
  };
}

async function endOthers(guard: pg.Client): Promise<void> {
  const others = `from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`;
  await guard.query(`select pg_terminate_backend(pid, 5000) ${others}`);
}

async function takeLock(guard: pg.Client, place: string): Promise<void> {
  for (const until = Date.now() + LOCK_MS; ; await sleep(100)) {
    const { rows } = await guard.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOCK_KEY]);
    if (rows[0].got) return;
    if (Date.now() > until) break;
  }
  throw new MsdtError('store.locked', 'Another msdt uses this database', {
    where: { place },
    hint: 'Stop the other one, or give this one a database of its own.',
  });
}

/** Turns an error of the database into one a person can act on; what is a defect of ours passes through. */
export function databaseError(error: unknown, place = 'the database'): unknown {
  if (isMsdtError(error) || typeof error !== 'object' || error === null) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const where = { place };
  if (code === '53100')
    return new MsdtError('store.full', 'The disk of the database is full', {
      where,
      hint: 'Free some space; nothing that was saved is lost.',
      cause: error,
    });
  if (/^(28|3D)/.test(code))
    return new MsdtError('store.unavailable', 'The database does not let us in', {
      where,
      detail: message,
      hint: 'Check user, password and database name in DATABASE_URL.',
      cause: error,
    });
  const gone = /^(08|57P|ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/.test(code);
  if (gone || /Connection terminated|connection timeout|Client has encountered a connection error/i.test(message)) {
    return new MsdtError('store.unavailable', 'The database cannot be reached', {
      where,
      detail: message,
      hint: 'Check that it runs and that the address is right; the embedded one comes back when msdt is started again.',
      cause: error,
    });
  }
  return error;
}
