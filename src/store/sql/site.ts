/** What happened at a site beyond any one twin: models, evaluated cohorts, feedback from other systems. Append-only. */

import type { Json, SiteEvent, SiteStore } from '../../twin/index.ts';
import { storable, toJsonb } from './text.ts';
import type { Db } from './world.ts';

const LISTED = 500;

export function sqlSite(db: Db, now: () => Date): SiteStore {
  const newest = (kind: string, limit: number) =>
    db
      .selectFrom('site_events')
      .selectAll()
      .where('kind', '=', storable(kind))
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
  return {
    async append(kind, content) {
      const row = await db
        .insertInto('site_events')
        .values({ at: now(), kind: storable(kind), content: toJsonb({ value: storable(content) }) })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toEvent(row);
    },
    async last(kind) {
      const [row] = await newest(kind, 1);
      return row && toEvent(row);
    },
    async get(id) {
      const row = await db.selectFrom('site_events').selectAll().where('seq', '=', id).executeTakeFirst();
      return row && toEvent(row);
    },
    list: async (kind, limit = LISTED) => (await newest(kind, limit)).reverse().map(toEvent),
  };
}

function toEvent(row: { seq: number; kind: string; at: Date; content: { value: Json } }): SiteEvent {
  return { id: Number(row.seq), kind: row.kind, at: row.at.toISOString(), content: row.content.value };
}
