/** Jobs and how far they are. A job that a stopped server left running is told apart from one that failed by itself. */

import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { type ErrorRecord, MsdtError } from '../../model/index.ts';
import type { Job, JobState, JobStore } from '../../twin/index.ts';
import type { Tables } from './schema.ts';
import { storable, toJsonb } from './text.ts';
import { type Db, notFound, type Tx } from './world.ts';

const NEXT: Record<JobState, readonly JobState[]> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['done', 'failed', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
};

/** What a job says that was running when the server stopped. */
const INTERRUPTED: ErrorRecord = {
  code: 'job.crashed',
  message: 'interrupted: the server stopped',
  where: {},
  detail: 'what the job had finished by then is kept',
  hint: 'Start it again; finished steps are not repeated.',
};

export class SqlJobs implements JobStore {
  private readonly db: Db;
  private readonly now: () => Date;

  constructor(db: Db, now: () => Date) {
    this.db = db;
    this.now = now;
  }

  /** Fails what was running. Called once at the start, before any job runs. */
  async failInterrupted(): Promise<number> {
    const { numUpdatedRows } = await this.db
      .updateTable('jobs')
      .set({
        state: 'failed',
        message: INTERRUPTED.message,
        error: JSON.stringify(INTERRUPTED),
        ended_at: this.now(),
      })
      .where('state', '=', 'running')
      .executeTakeFirst();
    return Number(numUpdatedRows);
  }

  async create(given: Parameters<JobStore['create']>[0]): Promise<Job> {
    const row = await this.db
      .insertInto('jobs')
      .values({
        id: randomUUID(),
        twin: given.twin ?? null,
        kind: given.kind,
        title: storable(given.title),
        state: 'queued',
        progress: 0,
        message: '',
        request: toJsonb({ value: given.request ?? null }),
        attempt: 1,
        items: toJsonb(given.items ?? []),
        error: null,
        created_at: this.now(),
        started_at: null,
        ended_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return jobOf(row);
  }

  async update(id: string, change: Parameters<JobStore['update']>[1]): Promise<Job> {
    return this.db.transaction().execute(async (tx) => {
      const job = await locked(tx, id);
      const { state = job.state, progress, message, items, error } = change;
      if (state !== job.state) assertStep(job, state);
      else await sql`set local synchronous_commit to off`.execute(tx);
      const row = await tx
        .updateTable('jobs')
        .set({
          state,
          progress: Math.min(1, Math.max(0, progress ?? (state === 'done' ? 1 : job.progress))),
          message: storable(message ?? job.message),
          ...(items && { items: toJsonb(items) }),
          ...(error && { error: toJsonb(error) }),
          ...(state !== job.state && (state === 'running' ? { started_at: this.now() } : { ended_at: this.now() })),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return jobOf(row);
    });
  }

  async restart(id: string): Promise<Job> {
    return this.db.transaction().execute(async (tx) => {
      const job = await locked(tx, id);
      if (job.state !== 'failed' && job.state !== 'cancelled') throw wrongStep(job, 'queued');
      const fresh = {
        state: 'queued' as const,
        progress: 0,
        message: '',
        error: null,
        started_at: null,
        ended_at: null,
      };
      const row = await tx
        .updateTable('jobs')
        .set({ ...fresh, attempt: job.attempt + 1 })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return jobOf(row);
    });
  }

  async get(id: string): Promise<Job> {
    const row = await this.db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw notFound('job', id);
    return jobOf(row);
  }

  async list({ twin, state, limit = 200 }: Parameters<JobStore['list']>[0] = {}): Promise<Job[]> {
    const rows = await this.db
      .selectFrom('jobs')
      .selectAll()
      .$if(twin !== undefined, (query) => query.where('twin', '=', twin as string))
      .$if(state !== undefined, (query) => query.where('state', '=', state as JobState))
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
    return rows.map(jobOf);
  }
}

async function locked(tx: Tx, id: string): Promise<Job> {
  const row = await tx.selectFrom('jobs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row) throw notFound('job', id);
  return jobOf(row);
}

function assertStep(job: Job, state: JobState): void {
  if (!NEXT[job.state].includes(state)) throw wrongStep(job, state);
}

function wrongStep(job: Job, state: JobState): MsdtError {
  return new MsdtError('store.conflict', `A job that is ${job.state} cannot become ${state}`, {
    where: { place: job.title },
    hint: job.state === 'done' ? 'Start a new job.' : 'Look at the job again: somebody else may have moved it on.',
  });
}

function jobOf(row: Selectable<Tables['jobs']>): Job {
  const { id, kind, title, state, progress, message, attempt, items } = row;
  return {
    id,
    twin: row.twin ?? undefined,
    kind,
    title,
    state,
    progress,
    message,
    request: row.request.value,
    attempt,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString(),
    endedAt: row.ended_at?.toISOString(),
    error: row.error ?? undefined,
    items,
  };
}
