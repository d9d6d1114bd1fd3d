/** The demo twin that a newcomer opens: the virtual subject's files, taken in like anybody's. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MsdtError } from '../model/index.ts';
import { type Engine, filesOf } from '../runtime/index.ts';

const DEMO_ALIAS = 'Demo subject';

/** What of the subject the demo takes in: CT as a scanner sends it, label maps of a segmentation tool, recordings of bending, the record. */
const DEMO_FILES =
  /^(dicom\/.*|(vertebrae|bodies|anatomy)\.nii\.gz|motion\/[^/]+\/(emg|imu|skeleton|skin)\.parquet|record\.[^/]*json)$/;

/** Makes the demo twin where it is missing; the server answers meanwhile. */
export async function ensureDemoTwin(engine: Engine, quiet: boolean): Promise<void> {
  const twins = await engine.store.twins.listTwins();
  const existing = twins.find((twin) => twin.alias === DEMO_ALIAS);
  if (existing && existing.artifacts > 0) return;
  if (!quiet) console.log('  Making the demo twin (SYNTHETIC) …');
  const folder = await mkdtemp(join(tmpdir(), 'msdt-demo-'));
  try {
    await simulateInto(folder);
    const twin = existing ?? (await engine.createTwin(DEMO_ALIAS, { synthetic: true }));
    const names = (await filesOf(folder)).map((file) => file.name).filter((name) => DEMO_FILES.test(name));
    const job = await engine.ingest(
      twin.id,
      names.map((name) => ({ name, path: join(folder, name) })),
    );
    const ended = await engine.jobs.ended(job.id);
    if (!quiet)
      console.log(
        ended.state === 'done' ? '  The demo twin is ready.' : `  The demo twin: ${ended.state}: ${ended.message}`,
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, so that the server keeps answering. */
async function simulateInto(folder: string): Promise<void> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const code = await new Promise<number>((resolve) => {
    spawn(process.execPath, [main, 'simulate', '--preset', 'demo', '--out', folder, '--dicom', '--json'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }).on('exit', (status) => resolve(status ?? 1));
  });
  if (code !== 0)
    throw new MsdtError('job.crashed', 'The demo subject could not be made', {
      hint: 'Run `msdt simulate --preset demo --out FOLDER` to see why.',
    });
}
