/** Runs TotalSegmentator on the scan of a twin; its label map comes in like any dropped file and the twin is built from it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nifti } from '../../formats/nifti/index.ts';
import { type Artifact, type ArtifactValue, MsdtError } from '../../model/index.ts';
import { createPayloadCache, type Engine } from '../../runtime/index.ts';
import type { Job } from '../../twin/index.ts';
import { findTotalSegmentator, missingProgram } from './find.ts';
import { SPINE_TASKS, type SpineTask, segmentWithTotalSegmentator } from './segment-volume.ts';

/** How a twin's scan is segmented. */
export interface SegmentTwinOptions {
  task: SpineTask;
  /** the 3 mm model: faster, coarser */
  fast?: boolean;
  /** artifact id of the volume; the largest one of the task's modality when absent */
  volume?: string;
}

/**
 * Starts a job that segments a volume of the twin; what it finds is ingested by a second job, which follows by itself.
 * @throws MsdtError `tool.missing` the program is not on the PATH · `input.missing` the twin has no fitting volume
 */
export async function segmentTwin(engine: Engine, twin: string, options: SegmentTwinOptions): Promise<Job> {
  if (!(await findTotalSegmentator())) throw missingProgram();
  const { state } = await engine.view(twin);
  const volume = chooseVolume(state.artifacts, options);
  return engine.jobs.start(
    { kind: 'totalsegmentator', title: `TotalSegmentator: ${options.task}`, twin },
    async (handle) => {
      handle.progress(0.02, 'preparing the volume');
      const payload = await createPayloadCache(engine.store.blobDir).load(volume);
      const value = { ...volume, payload } as unknown as ArtifactValue<'volume.ct'>;
      const draft = await segmentWithTotalSegmentator(value, {
        task: options.task,
        fast: options.fast,
        signal: handle.signal,
        onLine: (line) => handle.progress(0.1, line.slice(0, 120)),
      });
      const folder = await mkdtemp(join(tmpdir(), 'msdt-segmented-'));
      const [file] = (await nifti.write?.({ ...draft, name: options.task }, { choices: { compress: 'gzip' } })) ?? [];
      const path = join(folder, file.name);
      await writeFile(path, file.bytes);
      await engine.ingest(twin, [{ name: `totalsegmentator/${file.name}`, path }], {
        cleanUp: () => rm(folder, { recursive: true, force: true }),
      });
    },
  );
}

function chooseVolume(artifacts: readonly Artifact[], { task, volume }: SegmentTwinOptions): Artifact {
  const kind = SPINE_TASKS[task].modality === 'mr' ? 'volume.mr' : 'volume.ct';
  const fitting = artifacts.filter((artifact) => (volume ? artifact.id === volume : artifact.kind === kind));
  const [largest] = fitting.sort((a, b) => (b.blobs[0]?.bytes ?? 0) - (a.blobs[0]?.bytes ?? 0));
  if (!largest) {
    throw new MsdtError('input.missing', `The twin has no ${kind === 'volume.mr' ? 'MR' : 'CT'} volume to segment`, {
      hint: 'Add one first, or choose a task of the other modality.',
    });
  }
  return largest;
}
