/**
 * Worker threads that read files and run capabilities, so that no request ever waits for a computation.
 *
 * A cancelled task first sees a shared flag at its next progress report; when it does not look within a grace time,
 * its thread is ended and a new one takes its place.
 */

import { Worker } from 'node:worker_threads';
import { type ErrorRecord, fromErrorRecord, MsdtError } from '../../model/index.ts';
import type { TaskMessage, WorkerReply, WorkerSettings, WorkerTask, WorkerTaskResult } from './worker-protocol.ts';

const CANCEL_GRACE_MS = 1500;

export interface TaskHooks {
  signal: AbortSignal;
  progress(fraction: number, message?: string): void;
}

export interface WorkerPool {
  run<T extends WorkerTask>(task: T, hooks: TaskHooks): Promise<WorkerTaskResult<T>>;
  readonly size: number;
  close(): Promise<void>;
}

interface Seat {
  worker?: Worker;
  flag?: Int32Array;
  busy: boolean;
}

interface Waiting {
  start(seat: Seat): void;
}

/** Starts a pool; threads start when they are first needed and stay. */
export function createWorkerPool(settings: WorkerSettings, size: number): WorkerPool {
  const seats: Seat[] = Array.from({ length: size }, () => ({ busy: false }));
  const queue: Waiting[] = [];
  let nextId = 1;
  let closed = false;

  const release = (seat: Seat): void => {
    seat.busy = false;
    const next = queue.shift();
    if (next) next.start(seat);
  };

  const runOn = <T extends WorkerTask>(seat: Seat, task: T, hooks: TaskHooks): Promise<WorkerTaskResult<T>> => {
    seat.busy = true;
    const worker = (seat.worker ??= spawn(settings, seat));
    const flag = seat.flag as Int32Array;
    Atomics.store(flag, 0, 0);
    const id = nextId++;
    return new Promise<WorkerTaskResult<T>>((resolve, reject) => {
      let grace: NodeJS.Timeout | undefined;
      const end = (settle: () => void): void => {
        clearTimeout(grace);
        hooks.signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        settle();
        release(seat);
      };
      const replace = (): void => {
        seat.worker = undefined;
        void worker.terminate();
      };
      const cancelled = (): MsdtError => new MsdtError('job.cancelled', 'Cancelled');
      const onMessage = (reply: WorkerReply): void => {
        if (reply.id !== id) return;
        if (reply.type === 'progress') hooks.progress(reply.fraction, reply.message);
        else if (reply.type === 'done') end(() => resolve(reply.result as WorkerTaskResult<T>));
        else end(() => reject(hooks.signal.aborted ? cancelled() : fromErrorRecord(reply.error)));
      };
      const onError = (error: Error): void => {
        replace();
        end(() => reject(crash(error)));
      };
      const onExit = (): void => {
        seat.worker = undefined;
        end(() => reject(hooks.signal.aborted ? cancelled() : crash(new Error('the worker thread ended'))));
      };
      const onAbort = (): void => {
        Atomics.store(flag, 0, 1);
        grace = setTimeout(() => {
          replace();
          end(() => reject(cancelled()));
        }, CANCEL_GRACE_MS);
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      hooks.signal.addEventListener('abort', onAbort, { once: true });
      worker.postMessage({ id, task } satisfies TaskMessage);
    });
  };

  return {
    size,
    run(task, hooks) {
      if (closed) return Promise.reject(new MsdtError('job.cancelled', 'The server is stopping'));
      if (hooks.signal.aborted) return Promise.reject(new MsdtError('job.cancelled', 'Cancelled'));
      const seat = seats.find((candidate) => !candidate.busy);
      if (seat) return runOn(seat, task, hooks);
      return new Promise((resolve, reject) => {
        queue.push({ start: (free) => runOn(free, task, hooks).then(resolve, reject) });
      });
    },
    async close() {
      closed = true;
      await Promise.all(seats.map((seat) => seat.worker?.terminate()));
    },
  };
}

function spawn(settings: WorkerSettings, seat: Seat): Worker {
  seat.flag = new Int32Array(new SharedArrayBuffer(4));
  return new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...settings, flag: seat.flag },
    execArgv: process.execArgv.filter((flag) => !flag.startsWith('--inspect')),
    resourceLimits: { maxOldGenerationSizeMb: 1536 },
  });
}

function crash(error: Error): MsdtError {
  const record: ErrorRecord = {
    code: 'job.crashed',
    message: /heap|memory/i.test(error.message)
      ? 'The work ran out of memory'
      : `The work stopped unexpectedly: ${error.message}`,
    where: {},
    detail: error.stack ?? '',
    hint: 'Nothing that was finished is lost. Try again; if it repeats, report it with the details.',
  };
  return fromErrorRecord(record);
}
