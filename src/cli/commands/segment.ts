/** `msdt segment`: TotalSegmentator, where it is installed, on the scan of a twin. */

import type { Command } from 'commander';
import { SPINE_TASKS, type SpineTask, segmentTwin } from '../../interop/totalsegmentator/index.ts';
import { ArgumentError } from '../../model/index.ts';
import { type DataOptions, findTwin, followJob, withDataOptions, withEngine } from '../engine.ts';
import { EXIT, printResult, printTable } from '../terminal.ts';

interface SegmentCommandOptions extends DataOptions {
  task: string;
  fast?: boolean;
}

export function addSegmentCommand(program: Command): void {
  withDataOptions(program.command('segment'))
    .description('label the scan of a twin with TotalSegmentator, where it is on the PATH (its usage statistics off)')
    .argument('<twin>', 'id, beginning of an id, or alias')
    .option('--task <name>', Object.keys(SPINE_TASKS).join(', '), 'total')
    .option('--fast', 'the 3 mm model')
    .action(async (text: string, options: SegmentCommandOptions) => {
      const { task, fast } = options;
      if (!(task in SPINE_TASKS)) throw new ArgumentError('--task', task, Object.keys(SPINE_TASKS).join(', '));
      process.exitCode = await withEngine(options, async (engine) => {
        const twin = await findTwin(engine, text);
        const quiet = options.json === true;
        const segmented = await followJob(
          engine,
          await segmentTwin(engine, twin.id, { task: task as SpineTask, fast }),
          quiet,
        );
        const ingest = (await engine.jobs.list(twin.id)).find(
          (job) => job.kind === 'ingest' && job.createdAt >= segmented.createdAt,
        );
        const ended = ingest && segmented.state === 'done' ? await followJob(engine, ingest, quiet) : segmented;
        printResult(ended, quiet, () => {
          printTable(ended.items.map(({ item, status, message }) => ({ status, item, message: message ?? '' })));
          if (ended.error) console.error(`error: ${ended.error.message}\n  do: ${ended.error.hint}`);
        });
        return ended.state === 'done' ? EXIT.ok : EXIT.failed;
      });
    });
}
