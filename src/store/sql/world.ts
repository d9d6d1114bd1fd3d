/** What every part of the store works with, and the few steps that all of them take. */

import type { Insertable, Kysely, Transaction } from 'kysely';
import { MsdtError, type Twin } from '../../model/index.ts';
import type { BlobStore } from '../../twin/index.ts';
import type { Gate } from './gate.ts';
import type { Tables } from './schema.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** Blobs as far as rows need them. */
interface Blobs extends BlobStore {
  /** rows name these now */
  unpin(hashes: Iterable<string>): void;
  /** rows do not name these any more */
  remove(hashes: Iterable<string>): Promise<void>;
  /** true while a blob may be about to be named by a row */
  isPinned(sha256: string): boolean;
}

export interface World {
  db: Db;
  blobs: Blobs;
  gate: Gate;
  now(): Date;
  /** something of this twin changed */
  changed(twin: string): void;
}

/** Rows per statement: PostgreSQL takes 65 535 values at once. */
const ROWS_AT_ONCE = 2000;

/** Inserts any number of rows. */
export async function insertAll<T extends keyof Tables>(
  tx: Tx,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await tx
      .insertInto(table)
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
  }
}

/**
 * Makes sure that blobs are on disk, then names them.
 * @throws MsdtError `store.damaged` one is missing or has another size
 */
export async function nameBlobs(
  world: World,
  tx: Tx,
  blobs: readonly { name: string; sha256: string; bytes: number }[],
): Promise<void> {
  const unique = [...new Map(blobs.map((blob) => [blob.sha256, blob])).values()];
  await Promise.all(
    unique.map(async ({ sha256, bytes, name }) => {
      const size = await world.blobs.size(sha256);
      if (size === bytes) return;
      throw new MsdtError('store.damaged', 'A file to be recorded is not in the store', {
        where: { file: name },
        detail: size === undefined ? 'its bytes were never stored' : `${size} bytes stored, ${bytes} expected`,
        hint: 'Store the bytes first; if they were stored, check the disk.',
      });
    }),
  );
  const rows = unique.map(({ sha256, bytes }) => ({ sha256, bytes }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await tx
      .insertInto('blobs')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/**
 * Lets one writer at a time change a twin.
 * @returns the time of the change: now, but never before the twin's last one
 * @throws MsdtError `store.not-found`
 */
export async function lockTwin(world: World, tx: Tx, twin: string): Promise<Date> {
  const found = await tx.selectFrom('twins').select('id').where('id', '=', twin).forUpdate().executeTakeFirst();
  if (!found) throw notFound('twin', twin);
  const last = await tx
    .selectFrom('snapshots')
    .select('at')
    .where('twin', '=', twin)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return new Date(Math.max(world.now().getTime(), last?.at.getTime() ?? 0));
}

export async function twinRow(db: Db, id: string): Promise<Twin> {
  const row = await db.selectFrom('twins').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('twin', id);
  return { id: row.id, alias: row.alias, createdAt: row.created_at.toISOString(), synthetic: row.synthetic };
}

export function notFound(what: string, id: string | number): MsdtError {
  return new MsdtError('store.not-found', `There is no ${what} ${String(id).slice(0, 80)}`, {
    hint: 'It may have been erased, or the address is mistyped.',
  });
}
