/** Long work with a name, progress, cancel and a result per item. One job at a time changes a twin; different twins go on side by side. */

import { type ErrorRecord, MsdtError, toErrorRecord } from '../model/index.ts';
import type { Job, JobItem, JobStore } from '../twin/index.ts';
import type { Bus } from './bus.ts';
import type { NameBook } from './names/name-book.ts';

/** What the work of a job gets. */
export interface JobHandle {
  readonly signal: AbortSignal;
  progress(fraction: number, message?: string): void;
  /** adds or replaces the line of one item */
  item(line: JobItem): void;
}

export interface JobRequest {
  kind: string;
  title: string;
  twin?: string;
}

export interface JobManager {
  start(request: JobRequest, work: (handle: JobHandle) => Promise<void>): Promise<Job>;
  /** @throws MsdtError `store.not-found` */
  get(id: string): Promise<Job>;
  list(twin?: string): Promise<Job[]>;
  /** @throws MsdtError `store.not-found` */
  cancel(id: string): Promise<Job>;
  /** resolves when the job has ended, whatever way */
  ended(id: string): Promise<Job>;
  /** cancels what runs and waits for it */
  close(): Promise<void>;
}

interface Running {
  job: Job;
  abort: AbortController;
  promise: Promise<Job>;
}

const LISTED_JOBS = 100;
/** Least time between two events of one job, and between two writes of its progress · ms */
const EVENT_INTERVAL_MS = 100;
const SAVE_INTERVAL_MS = 1000;

/**
 * Starts a job manager over the store's job table.
 * @param names - jobs are kept by stand-ins for names of files, and shown by the names that were given
 */
export function createJobManager(bus: Bus, store: JobStore, names: NameBook): JobManager {
  const running = new Map<string, Running>();
  const tails = new Map<string, Promise<unknown>>();

  const tell = (job: Job): void => bus.publish({ type: 'job', job: structuredClone(names.shown(job)) });
  const shown = async (job: Job): Promise<Job> => {
    if (job.twin !== undefined) await names.of(job.twin).catch(() => undefined);
    return names.shown(job);
  };

  const run = async (job: Job, abort: AbortController, work: (handle: JobHandle) => Promise<void>): Promise<Job> => {
    const end = async (state: 'done' | 'failed' | 'cancelled', message: string, error?: ErrorRecord): Promise<void> => {
      Object.assign(job, {
        state,
        ...names.hidden(job.twin, { message, error }),
        endedAt: new Date().toISOString(),
        progress: state === 'done' ? 1 : job.progress,
      });
      const { progress, items } = job;
      await store.update(job.id, { state, message: job.message, error: job.error, progress, items });
      tell(job);
    };
    try {
      abort.signal.throwIfAborted();
      Object.assign(job, await store.update(job.id, { state: 'running', message: 'Starting' }));
      tell(job);
      await work(handleOf(job, abort.signal, { store, tell, hidden: (line) => names.hidden(job.twin, line) }));
      await end('done', job.message);
    } catch (error) {
      const record = toErrorRecord(error);
      if (abort.signal.aborted || record.code === 'job.cancelled')
        await end('cancelled', 'Cancelled').catch(() => undefined);
      else await end('failed', record.message, record).catch(() => undefined);
    } finally {
      running.delete(job.id);
    }
    return shown(job);
  };

  return {
    async start(request, work) {
      const job = await store.create(request);
      tell(job);
      const abort = new AbortController();
      const lane = request.twin ?? '';
      const promise = (tails.get(lane) ?? Promise.resolve()).then(() => run(job, abort, work));
      tails.set(lane, promise);
      running.set(job.id, { job, abort, promise });
      return structuredClone(await shown(job));
    },
    async get(id) {
      return shown(running.get(id)?.job ?? (await store.get(id)));
    },
    async list(twin) {
      const jobs = await store.list({ twin, limit: LISTED_JOBS });
      return Promise.all(jobs.map((job) => shown(running.get(job.id)?.job ?? job)));
    },
    async cancel(id) {
      const active = running.get(id);
      if (!active) return shown(await store.get(id));
      active.abort.abort(new MsdtError('job.cancelled', 'Cancelled'));
      active.job.message = 'Cancelling';
      tell(active.job);
      return shown(active.job);
    },
    async ended(id) {
      return (await running.get(id)?.promise) ?? shown(await store.get(id));
    },
    async close() {
      const open = [...running.values()];
      for (const { abort } of open) abort.abort(new MsdtError('job.cancelled', 'The server is stopping'));
      await Promise.all(open.map(({ promise }) => promise));
    },
  };
}

interface JobWays {
  store: JobStore;
  tell(job: Job): void;
  /** a line as it is kept */
  hidden<T>(line: T): T;
}

function handleOf(job: Job, signal: AbortSignal, { store, tell, hidden }: JobWays): JobHandle {
  let lastTold = 0;
  let lastSaved = 0;
  return {
    signal,
    progress(fraction, message) {
      job.progress = Math.max(job.progress, Math.min(1, fraction));
      if (message !== undefined) job.message = message;
      const now = Date.now();
      if (now - lastTold >= EVENT_INTERVAL_MS) {
        lastTold = now;
        tell(job);
      }
      if (now - lastSaved >= SAVE_INTERVAL_MS) {
        lastSaved = now;
        const { progress, message: said, items } = job;
        store.update(job.id, { progress, message: said, items }).catch(() => undefined);
      }
    },
    item(given) {
      // names of lines are stand-ins already; words of an error may come from inside a file
      const line = given.error ? hidden(given) : given;
      const at = job.items.findIndex((other) => other.item === line.item);
      if (at < 0) job.items.push(line);
      else job.items[at] = line;
      tell(job);
    },
  };
}
