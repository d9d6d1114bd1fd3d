/** The engine behind a command: its data folder, the catalogue, an orderly end. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { catalogue } from '../catalogue.ts';
import { MsdtError } from '../model/index.ts';
import { type Engine, openEngine } from '../runtime/index.ts';
import type { Job, TwinSummary } from '../twin/index.ts';
import { ProgressLine } from './terminal.ts';

export interface DataOptions {
  data?: string;
  databaseUrl?: string;
  json?: boolean;
  identified?: boolean;
}

/** Adds the options that every command on twins has. */
export function withDataOptions(command: Command): Command {
  return command
    .option('-d, --data <folder>', 'data folder (default: $MSDT_HOME, else ~/.msdt)')
    .option('--database-url <url>', 'a PostgreSQL of your own (default: $DATABASE_URL, else the embedded one)')
    .option('--identified', 'show original files that may name the person in the browsable folders (default: withheld)')
    .option('--json', 'print the result as JSON');
}

/** Folder that holds database, blobs and the browsable twins. */
export function dataFolder(options: DataOptions): string {
  return resolve(options.data ?? process.env.MSDT_HOME ?? join(homedir(), '.msdt'));
}

/** Opens the engine of a command. */
export function openCommandEngine(options: DataOptions): Promise<Engine> {
  return openEngine({
    dataDir: dataFolder(options),
    databaseUrl: options.databaseUrl ?? process.env.DATABASE_URL,
    identified: options.identified,
    catalogue,
    catalogueUrl: new URL('../catalogue.ts', import.meta.url).href,
  });
}

/** Runs `work` with an engine that is closed afterwards, whatever happens. */
export async function withEngine<T>(options: DataOptions, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openCommandEngine(options);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Waits for a job with its progress shown; Ctrl-C cancels it. */
export async function followJob(engine: Engine, started: Job, quiet: boolean): Promise<Job> {
  const line = new ProgressLine(quiet);
  const unsubscribe = engine.bus.subscribe((event) => {
    if (event.type === 'job' && event.job.id === started.id) line.update(event.job.progress, event.job.message);
  });
  const onInterrupt = (): void => void engine.jobs.cancel(started.id);
  process.once('SIGINT', onInterrupt);
  try {
    return await engine.jobs.ended(started.id);
  } finally {
    process.off('SIGINT', onInterrupt);
    unsubscribe();
    line.done();
  }
}

/**
 * The twin a user means: by id, by the beginning of an id, or by alias.
 * @throws MsdtError `store.not-found` none or several fit
 */
export async function findTwin(engine: Engine, text: string): Promise<TwinSummary> {
  const twins = await engine.store.twins.listTwins();
  const exact = twins.filter((twin) => twin.id === text || twin.alias === text);
  const fitting = exact.length
    ? exact
    : twins.filter((twin) => twin.id.startsWith(text) || twin.alias.toLowerCase().startsWith(text.toLowerCase()));
  if (fitting.length === 1) return fitting[0];
  throw new MsdtError(
    'store.not-found',
    fitting.length ? `"${text}" fits ${fitting.length} twins` : `There is no twin "${text}"`,
    {
      detail: fitting.map((twin) => `${twin.alias} (${twin.id})`).join(', '),
      hint: '`msdt show` lists all twins.',
    },
  );
}
