/** Twins, who they are, and how they are taken out for good. */

import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { MsdtError, type Twin } from '../../model/index.ts';
import type { Identity, TwinSummary } from '../../twin/index.ts';
import { storable, toJsonb } from './text.ts';
import { lockTwin, notFound, twinRow, type World } from './world.ts';

/** No vowels and nothing that looks like something else: an id never spells a word and survives being read aloud. */
const ID_LETTERS = '23456789bcdfghjkmnpqrstvwxz';

export async function createTwin(world: World, alias: string, synthetic: boolean): Promise<Twin> {
  const name = checkAlias(alias);
  const id = `t-${Array.from({ length: 12 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')}`;
  const at = world.now();
  await world.db.insertInto('twins').values({ id, alias: name, synthetic, created_at: at }).execute();
  world.changed(id);
  return { id, alias: name, createdAt: at.toISOString(), synthetic };
}

export async function renameTwin(world: World, twin: string, alias: string): Promise<Twin> {
  const name = checkAlias(alias);
  const { numUpdatedRows } = await world.db
    .updateTable('twins')
    .set({ alias: name })
    .where('id', '=', twin)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound('twin', twin);
  return twinRow(world.db, twin);
}

function checkAlias(alias: string): string {
  const name = storable(alias).trim();
  if (name && name.length <= 200) return name;
  throw new MsdtError('parameter.invalid', name ? 'The name of a twin is too long' : 'A twin needs a name', {
    hint: 'Give a pseudonym of 1 to 200 characters.',
  });
}

export async function listTwins(world: World): Promise<TwinSummary[]> {
  const { rows } = await sql<{
    id: string;
    alias: string;
    synthetic: boolean;
    created_at: Date;
    acquisitions: number;
    artifacts: number;
    features: number;
    doubts: number;
    changed_at: Date;
  }>`
    with newest as (select distinct on (twin) twin, at, runs, artifacts, features from snapshots order by twin, id desc),
    event as (select distinct on (twin, acquisition) twin, acquisition, event, at
      from acquisition_events order by twin, acquisition, seq desc),
    flags as (
      select a.twin, f from newest n join artifacts a on a.twin = n.twin and a.id = any(n.artifacts)
        cross join jsonb_array_elements(a.content->'quality') f
      union all
      select r.twin, f from newest n join runs r on r.twin = n.twin and r.key = any(n.runs)
        cross join jsonb_array_elements(r.quality) f
      union all
      select a.twin, f from acquisitions a join event e on e.twin = a.twin and e.acquisition = a.id and e.event <> 'retracted'
        cross join jsonb_array_elements(a.content->'quality') f)
    select t.id, t.alias, t.synthetic, t.created_at,
      (select count(*) from event e where e.twin = t.id and e.event <> 'retracted')::integer as acquisitions,
      coalesce(cardinality(n.artifacts), 0) as artifacts,
      coalesce(cardinality(n.features), 0) as features,
      (select count(*) from flags where flags.twin = t.id and f->>'severity' in ('doubt', 'fault'))::integer as doubts,
      greatest(t.created_at, n.at, (select max(at) from event e where e.twin = t.id),
        (select max(saved_at) from documents d where d.twin = t.id)) as changed_at
    from twins t left join newest n on n.twin = t.id order by changed_at desc, t.id`.execute(world.db);
  return rows.map(({ created_at, changed_at, ...row }) => ({
    ...row,
    createdAt: created_at.toISOString(),
    changedAt: changed_at.toISOString(),
  }));
}

export async function setIdentity(world: World, twin: string, identity: Identity): Promise<void> {
  await twinRow(world.db, twin);
  const values = { content: toJsonb(identity), saved_at: world.now() };
  await world.db
    .insertInto('identities')
    .values({ twin, ...values })
    .onConflict((conflict) => conflict.column('twin').doUpdateSet(values))
    .execute();
}

export async function getIdentity(world: World, twin: string): Promise<Identity | undefined> {
  await twinRow(world.db, twin);
  const row = await world.db.selectFrom('identities').select('content').where('twin', '=', twin).executeTakeFirst();
  return row?.content;
}

/** Rows first, then blobs: a kill in between leaves orphans that the next start sweeps. */
export async function eraseTwin(world: World, twin: string): Promise<void> {
  await world.gate.exclusively(async () => {
    const orphans = await world.db.transaction().execute(async (tx) => {
      await lockTwin(world, tx, twin);
      const { rows: named } = await sql<{ sha256: string }>`
        select b.sha256 from artifact_blobs b where b.twin = ${twin}
        union select f.sha256 from acquisition_files f where f.twin = ${twin}`.execute(tx);
      await sql`select set_config('msdt.erase', ${twin}, true)`.execute(tx);
      await tx.deleteFrom('twins').where('id', '=', twin).execute();
      const hashes = named.map((row) => row.sha256);
      const { rows } = await sql<{ sha256: string }>`
        delete from blobs b where b.sha256 = any(${hashes}::text[])
          and not exists (select from artifact_blobs a where a.sha256 = b.sha256)
          and not exists (select from acquisition_files f where f.sha256 = b.sha256) returning b.sha256`.execute(tx);
      return rows.map((row) => row.sha256);
    });
    await world.blobs.remove(orphans.filter((sha256) => !world.blobs.isPinned(sha256)));
  });
  world.changed(twin);
}
