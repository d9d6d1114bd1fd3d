/** What the folder of each twin should show, for all twins at once. */

import { sql } from 'kysely';
import { stampOf, type ViewOptions } from '../view/folder-view.ts';
import type { Db } from './world.ts';

/** Twin → stamp of its present. */
export async function loadStamps(db: Db, options?: ViewOptions): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; snapshot: number; acquisitions: string[] }>`
    with event as (select distinct on (twin, acquisition) twin, acquisition, event
      from acquisition_events order by twin, acquisition, seq desc)
    select t.id, coalesce((select max(s.id) from snapshots s where s.twin = t.id), 0) as snapshot,
      array(select a.id from acquisitions a join event e on e.twin = a.twin and e.acquisition = a.id
        where a.twin = t.id and e.event <> 'retracted' order by a.seq) as acquisitions
    from twins t`.execute(db);
  return new Map(rows.map((row) => [row.id, stampOf({ ...row, snapshot: Number(row.snapshot) }, options)]));
}
