/** `msdt build DIR`: a folder of files becomes a twin. */

import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { toErrorRecord } from '../../model/index.ts';
import { type Engine, filesOf } from '../../runtime/index.ts';
import type { Job } from '../../twin/index.ts';
import { readChoices } from '../choices.ts';
import { type DataOptions, findTwin, followJob, withDataOptions, withEngine } from '../engine.ts';
import { collect, EXIT, printResult, printTable } from '../terminal.ts';

interface BuildOptions extends DataOptions {
  twin?: string;
  alias?: string;
  choice: string[];
}

export function addBuildCommand(program: Command): void {
  withDataOptions(program.command('build'))
    .description('make a twin from a folder, a zip or single files')
    .argument('<path...>', 'files or folders')
    .option('--twin <id or alias>', 'add to this twin instead of a new one')
    .option('--alias <name>', 'name of the new twin in lists: a pseudonym, never a patient’s name')
    .option(
      '-c, --choice <name=value>',
      'override for readers, e.g. posture=supine, frame=RAS, or profile=a saved channel mapping or its file',
      collect,
      [],
    )
    .action(async (paths: string[], options: BuildOptions) => {
      process.exitCode = await withEngine(options, (engine) => buildFrom(engine, paths, options));
    });
}

async function buildFrom(engine: Engine, paths: readonly string[], options: BuildOptions): Promise<number> {
  const files = (await Promise.all(paths.map((path) => ingestFilesOf(path, paths.length > 1)))).flat();
  const twin = options.twin
    ? await findTwin(engine, options.twin)
    : await engine.createTwin(options.alias ?? nextAlias(await engine.store.twins.listTwins()));
  const job = await followJob(
    engine,
    await engine.ingest(twin.id, files, { choices: await readChoices(options.choice) }),
    options.json === true,
  );
  const { state } = await engine.view(twin.id);
  const result = {
    twin: twin.id,
    alias: twin.alias,
    state: job.state,
    items: job.items,
    artifacts: state.artifacts.length,
    features: state.features.length,
    error: job.error,
  };
  printResult(result, options.json === true, () => printBuild(job, result));
  return exitCodeOf(job);
}

function printBuild(job: Job, result: { alias: string; twin: string; artifacts: number; features: number }): void {
  printTable(job.items.map(({ item, status, message }) => ({ status, item, message: message ?? '' })));
  for (const { error } of job.items)
    if (error?.hint) console.error(`  ${error.where.file ?? ''} ${error.where.place ?? ''}: ${error.hint}`);
  console.log(`\nTwin ${result.alias} (${result.twin}): ${result.artifacts} artifacts, ${result.features} features.`);
}

/** Files of a path with the places where their bytes lie; of several folders each keeps its name, as when they are dropped. */
async function ingestFilesOf(path: string, several: boolean): Promise<{ name: string; path: string }[]> {
  const folder = resolve(path);
  const files = await filesOf(folder);
  const single = !(await stat(folder)).isDirectory();
  const prefix = several ? `${basename(folder)}/` : '';
  return files.map((file) => ({
    name: single ? basename(folder) : prefix + file.name,
    path: single ? folder : resolve(folder, file.name),
  }));
}

function nextAlias(twins: readonly { alias: string }[]): string {
  for (let number = twins.length + 1; ; number++) {
    const alias = `Subject ${String(number).padStart(3, '0')}`;
    if (!twins.some((twin) => twin.alias === alias)) return alias;
  }
}

function exitCodeOf(job: Job): number {
  if (job.state === 'cancelled') return EXIT.cancelled;
  if (job.state === 'failed') {
    const error = job.error ?? toErrorRecord(new Error('the build failed'));
    console.error(`error: ${error.message}\n  do: ${error.hint}`);
    return EXIT.failed;
  }
  if (!job.items.some((item) => item.status === 'ok' || item.status === 'cached')) return EXIT.failed;
  return job.items.some((item) => item.status === 'error') ? EXIT.partly : EXIT.ok;
}
