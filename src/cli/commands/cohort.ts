/** `msdt cohort evaluate`: trains and scores the learners on any table with a yes/no outcome. */

import { basename } from 'node:path';
import type { Command } from 'commander';
import { csv } from '../../formats/csv/index.ts';
import { type CohortEvaluation, evaluateCohort, LEARNERS, type LearnerName } from '../../inference/index.ts';
import { ArgumentError, MsdtError, type Table } from '../../model/index.ts';
import { filesOf } from '../../runtime/index.ts';
import { ProgressLine, printResult, printTable } from '../terminal.ts';

interface EvaluateCommandOptions {
  table: string;
  outcome: string;
  repeats: string;
  folds: string;
  seed: string;
  positive?: string;
  trainSize?: string;
  learners?: string;
  json?: boolean;
}

/** Registers the commands about cohorts. */
export function addCohortCommand(program: Command): void {
  const cohort = program.command('cohort').description('a site’s own patients as a table');
  cohort
    .command('evaluate')
    .description(
      'train and score logistic, additive splines, a plain and a graph network on a table, by cross-validation',
    )
    .requiredOption('--table <file.csv>', 'one row a patient, one column a feature')
    .requiredOption('--outcome <column>', 'column of the outcome, two values')
    .option('--positive <value>', 'value of the outcome that counts as event')
    .option('--repeats <n>', 'repeats of the cross-validation', '10')
    .option('--folds <n>', 'folds', '5')
    .option('--train-size <n>', 'learn from this many patients instead, predict all others')
    .option('--learners <names>', `some of ${Object.keys(LEARNERS).join(',')}`)
    .option('--seed <n>', 'seed of folds and networks', '1')
    .option('--json', 'print the result as JSON')
    .action(async (options: EvaluateCommandOptions) => {
      const progress = new ProgressLine(options.json === true);
      const result = evaluateCohort(await readTable(options.table), options.outcome, {
        repeats: wholeNumber('repeats', options.repeats),
        folds: wholeNumber('folds', options.folds),
        seed: wholeNumber('seed', options.seed),
        positive: options.positive,
        trainSize: options.trainSize === undefined ? undefined : wholeNumber('train-size', options.trainSize),
        learners: learnersOf(options.learners),
        onProgress: (fraction, message) => progress.update(fraction, message),
      });
      progress.done();
      printResult(result, options.json === true, () => printEvaluation(result));
    });
}

async function readTable(path: string): Promise<Table> {
  const report = await csv.read(await filesOf(path), { choices: { kind: 'table.record' } });
  const table = report.items.flatMap(({ artifacts }) => artifacts)[0]?.payload as Table | undefined;
  if (table) return table;
  throw report.errors[0]?.error ?? new MsdtError('input.empty', `${basename(path)} holds no table`);
}

function printEvaluation(result: CohortEvaluation): void {
  const cell = (value: number, interval?: readonly [number, number]) =>
    interval ? `${value.toFixed(3)} (${interval[0].toFixed(3)}-${interval[1].toFixed(3)})` : value.toFixed(3);
  console.log(`${result.rows} patients, ${result.events} with ${result.outcome} = ${result.positive}`);
  for (const note of result.notes) console.log(`  ${note}`);
  printTable(
    result.learners.map(({ learner, figures, interval }) => ({
      learner,
      AUC: cell(figures.auc, interval?.auc),
      Brier: cell(figures.brier, interval?.brier),
      ECE: cell(figures.ece, interval?.ece),
      slope: cell(figures.slope, interval?.slope),
    })),
  );
  console.log(
    '\nContribution of each column, mean size in log-odds (additive splines, columns weighed by the evidence):',
  );
  printTable(
    result.contributions.map(({ column, contribution, low, high }) => ({
      column,
      'log-odds': cell(contribution, [low, high]),
    })),
  );
}

function learnersOf(names: string | undefined): LearnerName[] | undefined {
  return names?.split(',').map((name) => {
    if (!(name in LEARNERS)) throw new ArgumentError('--learners', name, `some of ${Object.keys(LEARNERS).join(', ')}`);
    return name as LearnerName;
  });
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new ArgumentError(`--${name}`, text, 'a whole number');
  return value;
}
