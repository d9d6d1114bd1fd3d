/** Waits for a job to end, so that whoever asked for it is told what became of it. */

import type { WireError, WireJob } from '../../contract/index.ts';
import { KEYS, queryClient } from './queries.ts';

const LOOK_MS = 150;
/** The event stream tells of jobs; where it is silent the server is asked · ms */
const ASK_MS = 4000;

/** The job once it has ended; undefined where nobody knows it any more. */
export async function jobEnd(id: string): Promise<WireJob | undefined> {
  const own = (): WireJob | undefined =>
    queryClient.getQueryData<{ jobs: WireJob[] }>(KEYS.jobs)?.jobs.find((job) => job.id === id);
  for (let askedAt = performance.now(); ; await new Promise((next) => setTimeout(next, LOOK_MS))) {
    const job = own();
    if (job && job.state !== 'running' && job.state !== 'queued') return job;
    if (performance.now() - askedAt < ASK_MS) continue;
    await queryClient.refetchQueries({ queryKey: KEYS.jobs });
    if (!own()) return undefined;
    askedAt = performance.now();
  }
}

/** Why a job did not do what it was asked to; undefined where it did. What merely follows from it is told in the list of jobs. */
export function jobFault(job: WireJob | undefined): WireError | undefined {
  if (!job || job.state === 'cancelled') return undefined;
  const bad = job.items.find(({ item, status }) => status === 'error' && item.startsWith(job.title));
  const known = job.error ?? bad?.error;
  if (known) return known;
  if (!bad && job.state !== 'failed') return undefined;
  const hint = 'The list of jobs says more.';
  return { code: 'job.crashed', message: job.title, where: {}, detail: bad?.message ?? job.message, hint };
}
