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
/** Between two attempts to take a lock again whose connection broke · ms */
const RETRY_MS = 250;
const INT8 = 20;

export interface Database {
  db: Db;
  /** @throws MsdtError `store.locked` the connection broke and another msdt took the database meanwhile */
  assertOurs(): void;
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
  // the pool listens to idle connections alone: one that breaks between two statements of a transaction would end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  const lock = new DatabaseLock(config, place);
  try {
    await lock.take(takeOver);
  } catch (error) {
    await Promise.allSettled([lock.release(), pool.end()]);
    throw isMsdtError(error) ? error : databaseError(error, place);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    assertOurs: () => lock.assertHeld(),
    async close() {
      await db.destroy();
      await lock.release();
    },
  };
}

/** The advisory lock on a connection of its own; taken again when the connection breaks. */
class DatabaseLock {
  private readonly config: pg.ClientConfig;
  private readonly place: string;
  private client: pg.Client | undefined;
  private lost: unknown;
  private released = false;

  constructor(config: pg.ClientConfig, place: string) {
    this.config = config;
    this.place = place;
  }

  /** @param takeOver - ends connections that a killed process left behind */
  async take(takeOver: boolean): Promise<void> {
    const client = new pg.Client({ ...this.config, application_name: 'msdt lock', keepAlive: true });
    client.on('error', () => undefined);
    await client.connect();
    try {
      if (takeOver) await endOthers(client);
      await takeLock(client, this.place);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    client.on('end', () => void this.takeAgain());
  }

  assertHeld(): void {
    if (this.lost) throw this.lost;
  }

  async release(): Promise<void> {
    this.released = true;
    await this.client?.end().catch(() => undefined);
  }

  private async takeAgain(): Promise<void> {
    while (!this.released) {
      try {
        return await this.take(false);
      } catch (error) {
        if (isMsdtError(error, 'store.locked')) {
          this.lost = error;
          return;
        }
      }
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }
}

async function endOthers(client: pg.Client): Promise<void> {
  const others = `from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`;
  await client.query(`select pg_terminate_backend(pid, 5000) ${others}`);
}

async function takeLock(client: pg.Client, place: string): Promise<void> {
  for (const until = Date.now() + LOCK_MS; ; await sleep(100)) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOCK_KEY]);
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
