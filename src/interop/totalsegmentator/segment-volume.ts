/**
 * TotalSegmentator as an external tool: a volume goes out as NIfTI, its label maps come back as `labelmap.source`.
 *
 * The program is found on the PATH, run without a shell and with its usage statistics off. Nothing of it is part of this package.
 */

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { nifti } from '../../formats/nifti/index.ts';
import { type ArtifactDraft, type ArtifactValue, MsdtError } from '../../model/index.ts';
import { fileOnDisk, type Tool } from '../../runtime/index.ts';
import { findTotalSegmentator, missingProgram, versionOf } from './find.ts';
import { silentEnvironment } from './privacy.ts';
import { runProgram } from './process.ts';

/** Tasks that give the twin vertebrae, bodies, discs or anatomy. */
export const SPINE_TASKS = {
  total: { modality: 'ct', gives: '117 structures with each vertebra' },
  vertebrae_body: { modality: 'ct', gives: 'vertebral bodies and discs, one class each' },
  vertebrae_pp_refined: { modality: 'ct', gives: 'vertebral bodies C1-L5 by level' },
  total_mr: { modality: 'mr', gives: '50 structures, vertebrae as one class' },
  vertebrae_mr: { modality: 'mr', gives: 'each vertebra and the sacrum' },
} as const;

/** A task of `SPINE_TASKS`. */
export type SpineTask = keyof typeof SPINE_TASKS;

/** How TotalSegmentator is run. */
export interface SegmentOptions {
  task: SpineTask;
  /** the 3 mm model: faster, coarser */
  fast?: boolean;
  device?: 'gpu' | 'cpu' | 'mps';
  signal?: AbortSignal;
  /** called with every line the program prints */
  onLine?(line: string): void;
  /** environment to find and run the program in */
  env?: NodeJS.ProcessEnv;
}

/** The external tool. */
export const totalSegmentator: Tool = {
  id: 'totalsegmentator',
  title: 'TotalSegmentator',
  found: async () => (await findTotalSegmentator()) !== undefined,
  async detect() {
    const program = await findTotalSegmentator();
    if (!program) return undefined;
    return withFolder(async (folder) => (await versionOf(program, await silentEnvironment(folder))) ?? 'unknown');
  },
};

/**
 * Segments a volume.
 * @returns the label map the tool wrote, names included, as `labelmap.source`
 * @throws MsdtError `tool.missing` when it is not on the PATH; `tool.failed` with the program's last words
 */
export async function segmentWithTotalSegmentator(
  volume: ArtifactValue<'volume.ct' | 'volume.mr' | 'volume.other'>,
  options: SegmentOptions,
): Promise<ArtifactDraft<'labelmap.source'>> {
  const env = options.env ?? process.env;
  const program = await findTotalSegmentator(env.PATH);
  if (!program) throw missingProgram();
  return withFolder(async (folder) => {
    const input = join(folder, 'image.nii.gz');
    const output = join(folder, `${options.task}.nii.gz`);
    await writeVolume(volume, input);
    const quiet = await silentEnvironment(join(folder, 'home'), env);
    const args = argumentsFor(input, output, options);
    const { code, output: said } = await runProgram(program, args, {
      env: quiet,
      signal: options.signal,
      onLine: options.onLine,
    });
    if (code !== 0 || !existsSync(output)) throw failed(options.task, code, said.replaceAll(folder, ''));
    return readLabels(output, options.task);
  });
}

/** Arguments of a run; paths are ours, so nothing a file says becomes an argument. */
export function argumentsFor(input: string, output: string, options: SegmentOptions): string[] {
  const args = ['-i', input, '-o', output, '-ta', options.task, '--ml'];
  if (options.fast) args.push('--fast');
  if (options.device) args.push('--device', options.device);
  return args;
}

async function writeVolume(volume: ArtifactValue, path: string): Promise<void> {
  const written = await nifti.write?.(
    { kind: volume.kind, payload: volume.payload, name: 'image' },
    { choices: { compress: 'gzip' } },
  );
  if (written) await writeFile(path, written[0].bytes);
}

async function readLabels(path: string, task: SpineTask): Promise<ArtifactDraft<'labelmap.source'>> {
  const report = await nifti.read([await fileOnDisk(path, basename(path))], { choices: { as: 'labels' } });
  if (report.errors.length > 0) throw report.errors[0].error;
  const draft = report.items[0]?.artifacts.find(({ kind }) => kind === 'labelmap.source');
  if (!draft) throw failed(task, 0, 'the file it wrote is no label map');
  return { ...(draft as ArtifactDraft<'labelmap.source'>), name: task };
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'msdt-totalseg-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failed(task: SpineTask, code: number, said: string): MsdtError {
  const last = said.trim().split('\n').slice(-6).join('\n');
  return new MsdtError('tool.failed', `TotalSegmentator could not finish "${task}"`, {
    detail: `exit code ${code}${last ? `; it said: ${last}` : ''}`,
    hint: 'Try the fast model or the CPU; some tasks need a licence number set with totalseg_set_license.',
  });
}
