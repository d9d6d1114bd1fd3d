/** Named channel mappings: of no twin, so that any can use them. */

import { sql } from 'kysely';
import { MsdtError, type TableProfile } from '../../model/index.ts';
import type { ProfileStore, SavedProfile } from '../../twin/index.ts';
import { storable, toJsonb } from './text.ts';
import { type Db, notFound } from './world.ts';

export function sqlProfiles(db: Db, now: () => Date): ProfileStore {
  const get = async (name: string): Promise<SavedProfile | undefined> => {
    const row = await db.selectFrom('profiles').selectAll().where('name', '=', storable(name)).executeTakeFirst();
    return row && toSaved(row);
  };
  return {
    get,
    async list() {
      return (await db.selectFrom('profiles').selectAll().orderBy('name').execute()).map(toSaved);
    },
    async put(profile, { baseVersion } = {}) {
      const name = storable(profile.name);
      const row = { name, version: 1, content: toJsonb({ ...profile, name }), saved_at: now() };
      const saved = await db
        .insertInto('profiles')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ version: sql`profiles.version + 1`, content: row.content, saved_at: row.saved_at })
            .where(sql<boolean>`${baseVersion ?? null}::integer is null or profiles.version = ${baseVersion ?? null}`),
        )
        .returningAll()
        .executeTakeFirst();
      if (saved) return toSaved(saved);
      const last = (await get(name))?.version ?? 0;
      throw new MsdtError('store.conflict', `There is a channel mapping "${name}" already`, {
        detail: `the change starts from version ${baseVersion}, the newest is ${last}`,
        hint: 'Save under another name, or load the newest and make the change again.',
      });
    },
    async remove(name) {
      const gone = await db.deleteFrom('profiles').where('name', '=', storable(name)).executeTakeFirst();
      if (Number(gone.numDeletedRows) === 0) throw notFound('channel mapping', name);
    },
  };
}

function toSaved(row: { name: string; version: number; saved_at: Date; content: TableProfile }): SavedProfile {
  return { name: row.name, version: row.version, savedAt: row.saved_at.toISOString(), profile: row.content };
}
