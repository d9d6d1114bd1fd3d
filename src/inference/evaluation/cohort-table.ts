/** Trains and scores every learner on any table by repeated cross-validation. */

import { createRandom, expectArgument, type Random } from '../../kernel/index.ts';
import { MsdtError, type Table } from '../../model/index.ts';
import {
  type CalibrationBin,
  calibrationCurve,
  DECISION_THRESHOLDS,
  type DecisionPoint,
  decisionCurve,
} from './curves.ts';
import { type EncodedTable, encodeTable } from './encode.ts';
import { fitAdditive, LEARNERS, type LearnerName } from './learners.ts';
import { bootstrapFigures, type Figures, figuresOf, meanFigures } from './metrics.ts';

/** Choices of {@link evaluateCohort}. */
export interface EvaluateOptions {
  repeats?: number;
  folds?: number;
  seed?: number;
  positive?: string;
  learners?: readonly LearnerName[];
  /** instead of folds: this many patients to learn from, all others to predict */
  trainSize?: number;
  onProgress?: (fraction: number, message: string) => void;
}

/** How one learner did. */
export interface LearnerResult {
  learner: LearnerName;
  /** mean over repeats, each repeat scored on all its predictions together */
  figures: Figures;
  /** standard deviation over repeats */
  spread: Figures;
  /** 90 % bootstrap interval over patients; undefined with `trainSize` */
  interval?: Record<keyof Figures, [number, number]>;
  calibration: CalibrationBin[];
  decision: DecisionPoint[];
}

/** What one column of the table adds to the log-odds, additive splines fitted to all rows. */
export interface ColumnContribution {
  column: string;
  /** mean absolute contribution · log-odds; near 0 for noise */
  contribution: number;
  /** 90 % interval of it · log-odds */
  low: number;
  high: number;
}

/** Outcome of {@link evaluateCohort}. */
export interface CohortEvaluation {
  /** of this form, as `msdt cohort evaluate --json` prints it */
  schemaVersion: 1;
  rows: number;
  events: number;
  outcome: string;
  positive: string;
  columns: string[];
  notes: string[];
  repeats: number;
  folds: number;
  trainSize?: number;
  seed: number;
  learners: LearnerResult[];
  contributions: ColumnContribution[];
}

/**
 * Scores logistic regression, additive splines, a plain network and a graph network on a table.
 *
 * Folds keep the share of events; every learner sees the same folds. The graph network sees the features of the rows it is to predict,
 * never their outcomes.
 *
 * @throws MsdtError the table cannot be learnt from, see `encodeTable`
 * @throws ArgumentError fewer than 2 folds or 1 repeat, or fewer patients of a class than folds
 */
export function evaluateCohort(table: Table, outcome: string, options: EvaluateOptions = {}): CohortEvaluation {
  const { repeats = 10, folds = 5, seed = 1, trainSize } = options;
  const names = options.learners ?? (Object.keys(LEARNERS) as LearnerName[]);
  const data = encodeTable(table, outcome, options.positive);
  const events = data.outcome.reduce((sum, y) => sum + y, 0);
  expectArgument(Number.isInteger(repeats) && repeats >= 1, 'repeats', repeats, 'a whole number above 0');
  const rarer = Math.min(events, data.rows - events);
  if (rarer < LEAST_OF_A_CLASS)
    throw new MsdtError(
      'input.empty',
      `Only ${rarer} of ${data.rows} patients are of the rarer class of "${outcome}"`,
      {
        detail: `${events} with ${data.positive}, ${data.rows - events} with ${data.negative}`,
        hint: `At least ${LEAST_OF_A_CLASS} of each are needed to learn from some and judge by others; 100 say something.`,
      },
    );
  expectArgument(
    Number.isInteger(folds) && folds >= 2 && folds <= rarer,
    'folds',
    folds,
    `2 to ${rarer}, the rarer class`,
  );
  if (trainSize !== undefined)
    expectArgument(trainSize >= 10 && trainSize <= data.rows - 10, 'trainSize', trainSize, `10 to ${data.rows - 10}`);
  const plans = Array.from({ length: repeats }, (_, repeat) => planOf(data, folds, trainSize, seed * 1000 + repeat));
  const learners = names.map((learner, at) => {
    options.onProgress?.(at / names.length, learner);
    return scoreLearner(learner, data, plans, trainSize === undefined, seed);
  });
  return {
    schemaVersion: 1,
    ...{ rows: data.rows, events, outcome, positive: data.positive, columns: data.columns.map(({ name }) => name) },
    ...{ notes: data.notes, repeats, folds: trainSize === undefined ? folds : 1, trainSize, seed, learners },
    contributions: contributionsOf(data),
  };
}

/** Fewest patients with and without the event. */
const LEAST_OF_A_CLASS = 5;

interface Fold {
  train: Uint32Array;
  test: Uint32Array;
}

function planOf(data: EncodedTable, folds: number, trainSize: number | undefined, seed: number): Fold[] {
  const random = createRandom(seed);
  const all = Array.from({ length: data.rows }, (_, row) => row);
  if (trainSize !== undefined) {
    const order = shuffled(all, random);
    return [{ train: Uint32Array.from(order.slice(0, trainSize)), test: Uint32Array.from(order.slice(trainSize)) }];
  }
  const foldOf = new Uint8Array(data.rows);
  for (const answer of [0, 1]) {
    const members = shuffled(
      all.filter((row) => data.outcome[row] === answer),
      random,
    );
    members.forEach((row, k) => {
      foldOf[row] = k % folds;
    });
  }
  return Array.from({ length: folds }, (_, fold) => ({
    train: Uint32Array.from(all.filter((row) => foldOf[row] !== fold)),
    test: Uint32Array.from(all.filter((row) => foldOf[row] === fold)),
  }));
}

function scoreLearner(
  learner: LearnerName,
  data: EncodedTable,
  plans: readonly Fold[][],
  whole: boolean,
  seed: number,
): LearnerResult {
  const sets = plans.map((plan, repeat) => {
    const rows: number[] = [];
    const probability: number[] = [];
    plan.forEach(({ train, test }, fold) => {
      const predicted = LEARNERS[learner]({ ...data, train, test, seed: seed + 101 * repeat + fold });
      rows.push(...test);
      probability.push(...predicted);
    });
    return { rows, probability };
  });
  const scored = sets.map(({ rows, probability }) =>
    figuresOf({ probability, outcome: rows.map((row) => data.outcome[row]) }),
  );
  const pooled = {
    probability: sets.flatMap(({ probability }) => probability),
    outcome: sets.flatMap(({ rows }) => rows.map((row) => data.outcome[row])),
  };
  const byRow = sets.map(({ rows, probability }) => {
    const ordered = new Float64Array(data.rows);
    rows.forEach((row, at) => {
      ordered[row] = probability[at];
    });
    return ordered;
  });
  return {
    learner,
    figures: meanFigures(scored),
    spread: spreadOf(scored),
    interval: whole
      ? bootstrapFigures(byRow.slice(0, BOOTSTRAPPED_REPEATS), data.outcome, createRandom(seed), RESAMPLES)
      : undefined,
    calibration: calibrationCurve(pooled, 10, plans.length),
    decision: decisionCurve(pooled, DECISION_THRESHOLDS, plans.length),
  };
}

/** Repeats differ little; a few of them give the interval over patients. */
const BOOTSTRAPPED_REPEATS = 3;
const RESAMPLES = 200;

function spreadOf(scored: readonly Figures[]): Figures {
  const mean = meanFigures(scored);
  const squares = meanFigures(
    scored.map(
      (figures) =>
        Object.fromEntries(
          Object.entries(figures).map(([name, value]) => [name, (value - mean[name as keyof Figures]) ** 2]),
        ) as unknown as Figures,
    ),
  );
  const correction = scored.length > 1 ? scored.length / (scored.length - 1) : 0;
  return Object.fromEntries(
    Object.entries(squares).map(([name, value]) => [name, Math.sqrt(value * correction)]),
  ) as unknown as Figures;
}

function contributionsOf(data: EncodedTable): ColumnContribution[] {
  const rows = Uint32Array.from({ length: data.rows }, (_, row) => row);
  const fit = fitAdditive({ ...data, train: rows, test: rows, seed: 1 }, { relevance: true });
  const sources = [...new Set(data.columns.map(({ source }) => source))];
  return sources
    .map((source) => {
      const parts = data.columns.flatMap((column, c) => (column.source === source ? [c] : []));
      let [size, low, high] = [0, 0, 0];
      for (const row of rows) {
        const all = parts.map((c) => fit.part(c, row));
        const mean = Math.abs(all.reduce((sum, part) => sum + part.mean, 0));
        const half = 1.6448536269514722 * Math.hypot(...all.map(({ sd }) => sd));
        size += mean / data.rows;
        low += Math.max(0, mean - half) / data.rows;
        high += (mean + half) / data.rows;
      }
      return { column: source, contribution: size, low, high };
    })
    .sort((a, b) => b.contribution - a.contribution);
}

function shuffled(values: readonly number[], random: Random): number[] {
  const order = values.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
