/**
 * Risk of a large cohort: `node bench/cohort.ts [patients]` scores it in one thread and in two and prints one JSON line each.
 *
 * From records to interval: each patient's feature space is made and its logit integrated. 2,000 SYNTHETIC patients, gaps by design of
 * care, are gone round. Two threads give the bits of one.
 */

import { createHash } from 'node:crypto';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type CohortScores, generateCohort, priorModel, scoreCohort, synchronise } from '../src/inference/index.ts';

const DAY = '2026-01-05';
const HERE = fileURLToPath(import.meta.url);

/** Patients of the cohort that one thread scores. */
interface Part {
  from: number;
  to: number;
}

/** What scoring a cohort took. */
export interface CohortTime {
  wallS: number;
  /** of the whole process, all threads */
  processorS: number;
  /** of all scores */
  sha256: string;
}

function scorePart({ from, to }: Part): CohortScores {
  const model = priorModel('radicular-herniation');
  const patients = generateCohort(model, { patients: 2000, missing: 'by-design', seed: 8, indexDate: DAY });
  return scoreCohort(
    model,
    (function* () {
      for (let k = from; k < to; k++) yield synchronise(patients[k % patients.length].records, DAY);
    })(),
  );
}

function inThread(part: Part): Promise<CohortScores> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(HERE, { workerData: part });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Scores a cohort in so many threads. */
export async function timeCohort(patients: number, threads: number): Promise<CohortTime> {
  const parts = Array.from({ length: threads }, (_, at) => ({
    from: Math.round((at * patients) / threads),
    to: Math.round(((at + 1) * patients) / threads),
  }));
  const busy = process.cpuUsage();
  const start = performance.now();
  const scores = threads === 1 ? [scorePart(parts[0])] : await Promise.all(parts.map(inThread));
  const wallS = (performance.now() - start) / 1000;
  const processorS = process.cpuUsage(busy).user / 1e6;
  const hash = createHash('sha256');
  for (const key of ['logit', 'sdLogit', 'expected', 'low', 'high'] as const)
    for (const part of scores) hash.update(new Uint8Array(part[key].buffer));
  return { wallS, processorS, sha256: hash.digest('hex') };
}

if (!isMainThread && workerData?.to !== undefined) parentPort?.postMessage(scorePart(workerData as Part));
else if (process.argv[1] === HERE) {
  const patients = Number(process.argv[2] ?? 100_000);
  for (const threads of [1, 2]) {
    const { wallS, processorS, sha256 } = await timeCohort(patients, threads);
    const line = { peer: `msdt-${threads}-thread`, case: 'cohort-records-to-interval', n: patients, runs: 1 };
    const load = Math.round(100 * loadavg()[0]) / 100;
    console.log(JSON.stringify({ ...line, median_s: wallS, min_s: wallS, cpu_s: processorS, load, sha256 }));
  }
}
