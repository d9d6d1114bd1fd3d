import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulateSubject } from '../../fixtures/synth/index.ts';
import { nifti } from '../../src/formats/nifti/index.ts';
import { createRandom } from '../../src/kernel/index.ts';
import { openTestEngine, type TestEngine } from '../support/engine.ts';

/** `MSDT_KILLS=50` is the figure of docs/accuracy.md; the default keeps the suite short. */
const KILLS = Number(process.env.MSDT_KILLS ?? 12);
const SEED = Number(process.env.MSDT_KILL_SEED ?? 2026);
const LONGEST_LIFE_MS = 4000;

interface Told {
  done: 'open' | 'twin' | 'snapshot' | 'job';
  twin: string;
  id: number;
  artifacts: string[];
  job: string;
  state: string;
}

let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msdt-build-kill-'));
  const subject = simulateSubject({ seed: 11, spacingMm: 2, levels: ['L3', 'S1'], field: 'spine' });
  const pieces = [
    { kind: 'volume.ct', payload: subject.ct, name: 'ct' },
    { kind: 'labelmap.vertebrae', payload: subject.vertebrae, name: 'vertebrae' },
  ] as const;
  files = [];
  for (const piece of pieces) {
    const [file] = (await nifti.write?.(piece)) ?? [];
    files.push(join(folder, file.name));
    await writeFile(files[files.length - 1], file.bytes);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lives for a while, is killed without warning, and leaves what it said. */
async function liveAndDie(dataDir: string, lifeMs: number): Promise<Told[]> {
  const script = fileURLToPath(new URL('../support/store/build-loop.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, ...files], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let complaints = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr.on('data', (part: Buffer) => (complaints += part.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), lifeMs);
  const [code] = await new Promise<[number | null]>((resolve) => child.once('close', (status) => resolve([status])));
  clearTimeout(timer);
  expect(code, complaints).toBe(null);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
}

/** Nothing that was reported done is lost; nothing half-written is shown. */
async function inspect({ engine }: TestEngine, told: readonly Told[], verified: Set<string>): Promise<void> {
  for (const line of told) {
    if (line.done === 'twin') await engine.store.twins.getTwin(line.twin);
    if (line.done === 'job') expect((await engine.jobs.get(line.job)).state).toBe(line.state);
    if (line.done === 'snapshot') {
      const snapshot = await engine.store.twins.getSnapshot(line.twin, line.id);
      expect(snapshot.artifacts.toSorted()).toEqual(line.artifacts.toSorted());
      expect(await engine.store.twins.artifacts(line.twin, snapshot.artifacts)).toHaveLength(snapshot.artifacts.length);
    }
  }
  for (const twin of await engine.store.twins.listTwins()) {
    const { state } = await engine.view(twin.id);
    for (const blob of state.artifacts.flatMap((artifact) => artifact.blobs)) {
      if (!verified.has(blob.sha256)) expect(await engine.store.blobs.verify(blob.sha256), blob.name).toBe(true);
      verified.add(blob.sha256);
    }
  }
  const jobs = await engine.jobs.list();
  expect(jobs.filter((job) => job.state === 'running' || job.state === 'queued')).toEqual([]);
}

it(`survives ${KILLS} kills at random moments of a build (seed ${SEED})`, async () => {
  const dataDir = join(folder, 'data');
  const random = createRandom(SEED);
  const verified = new Set<string>();
  const counts = { snapshots: 0, jobs: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const told = await liveAndDie(dataDir, 50 + random.uniform() * LONGEST_LIFE_MS);
    counts.snapshots += told.filter((line) => line.done === 'snapshot').length;
    counts.jobs += told.filter((line) => line.done === 'job').length;
    const test = await openTestEngine(dataDir, 1);
    try {
      await inspect(test, told, verified);
    } finally {
      await test.close();
    }
  }
  expect(counts.snapshots, 'the kills came too early to prove anything').toBeGreaterThan(KILLS / 4);
}, 600_000);
