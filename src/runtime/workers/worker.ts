/** A worker thread: reads files and runs capabilities on blobs, one task at a time. */

import { parentPort, workerData } from 'node:worker_threads';
import { MsdtError, toErrorRecord } from '../../model/index.ts';
import type { Catalogue } from '../catalogue-types.ts';
import { createPayloadCache } from './payloads.ts';
import { performCohort, performRead, performRun, type TaskContext } from './tasks.ts';
import type { TaskMessage, WorkerReply, WorkerSettings, WorkerTask, WorkerTaskResult } from './worker-protocol.ts';

const PROGRESS_INTERVAL_MS = 60;

const settings = workerData as WorkerSettings & { flag: Int32Array };
const { catalogue } = (await import(settings.catalogueUrl)) as { catalogue: Catalogue };
const payloads = createPayloadCache(settings.blobDir);

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}

/** The signal of a task. The thread may be deep in a loop when the user cancels, so the flag is read at every look. */
function flaggedSignal(flag: Int32Array): AbortSignal {
  const controller = new AbortController();
  const look = (): void => {
    if (Atomics.load(flag, 0) === 1 && !controller.signal.aborted)
      controller.abort(new MsdtError('job.cancelled', 'Cancelled'));
  };
  return new Proxy(controller.signal, {
    get(target, name) {
      look();
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function perform({ id, task }: TaskMessage): Promise<void> {
  const signal = flaggedSignal(settings.flag);
  let last = 0;
  const context: TaskContext = {
    catalogue,
    payloads,
    signal,
    progress(fraction, message) {
      signal.throwIfAborted();
      const now = Date.now();
      if (now - last < PROGRESS_INTERVAL_MS && fraction < 1) return;
      last = now;
      reply({ id, type: 'progress', fraction, message });
    },
  };
  try {
    reply({ id, type: 'done', result: await resultOf(task, context) });
  } catch (error) {
    reply({ id, type: 'error', error: toErrorRecord(error) });
  }
}

function resultOf(task: WorkerTask, context: TaskContext): Promise<WorkerTaskResult<WorkerTask>> {
  if (task.type === 'run') return performRun(task, context);
  return task.type === 'read' ? performRead(task, context) : performCohort(task, context);
}

parentPort?.on('message', (message: TaskMessage) => void perform(message));
