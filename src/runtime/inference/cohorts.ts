/** Cohorts that were scored at this site. */

import { type CohortFigures, MsdtError } from '../../model/index.ts';
import type { Json } from '../../twin/index.ts';
import type { EngineParts } from '../engine.ts';
import type { InferenceDoor, StoredCohort } from './door.ts';

const COHORT = 'cohort';

/** Scores cohorts and keeps their figures. */
export function openCohorts({
  store,
  jobs,
  pool,
}: EngineParts): Pick<InferenceDoor, 'scoreCohort' | 'cohorts' | 'cohort'> {
  return {
    async scoreCohort(name, work) {
      const title = work.kind === 'simulate' ? `Score ${work.patients} SYNTHETIC patients` : `Evaluate ${name}`;
      return jobs.start({ kind: 'cohort', title }, async (handle) => {
        const figures = await pool.run({ type: 'cohort', work }, handle);
        const { id } = await store.site.append(COHORT, { name, ...figures } as unknown as Json);
        handle.item({ item: name, status: 'ok', message: `cohort ${id}` });
      });
    },
    cohorts: async () => (await store.site.list(COHORT)).reverse().map(cohortOf),
    async cohort(id) {
      const event = await store.site.get(id);
      if (event?.kind === COHORT) return cohortOf(event);
      throw new MsdtError('store.not-found', `There is no cohort ${id}`, {
        hint: 'GET /api/inference/cohorts lists them.',
      });
    },
  };
}

function cohortOf({ id, at, content }: { id: number; at: string; content: Json }): StoredCohort {
  return { ...(content as unknown as CohortFigures & { name: string }), id, at };
}
