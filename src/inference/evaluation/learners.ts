/** The learners that are compared: logistic, additive splines (the trusted form), a plain network, a graph network. */

import {
  applyGraphNetwork,
  bernoulli,
  convolutionMatrix,
  expit,
  fitPosterior,
  identitySparse,
  type LaplacePosterior,
  nearestRows,
  quantileSorted,
  type SparseSquare,
  trainGraphNetwork,
} from '../../kernel/index.ts';
import type { EncodedColumn } from './encode.ts';

/** Rows of a table split for one fit. */
export interface Split {
  columns: readonly EncodedColumn[];
  outcome: ArrayLike<number>;
  train: Uint32Array;
  /** rows to predict; a graph network sees their features (not their outcomes) while it learns */
  test: Uint32Array;
  seed: number;
}

/** Gives the probability of every row of `split.test`. */
export type Learner = (split: Split) => Float64Array;

export const LEARNERS = {
  logistic: (split: Split) => fitAdditive(split, LOGISTIC).predict(split.test),
  'additive-spline': (split: Split) => fitAdditive(split).predict(split.test),
  'network-no-graph': (split: Split) => networkLearner(split, false),
  'graph-network': (split: Split) => networkLearner(split, true),
} as const satisfies Record<string, Learner>;

export type LearnerName = keyof typeof LEARNERS;

/** Neighbours of the population graph. */
const NEIGHBOURS = 10;

/** Quantiles of the training rows where splines may bend. */
const KNOTS = [0.2, 0.5, 0.8];

/** Choices of {@link fitAdditive}. */
export interface AdditiveOptions {
  /** places where each column may bend, as quantiles; none makes a logistic regression */
  knots?: readonly number[];
  /** inverse variance of the weights of standardised columns */
  ridge?: number;
  /** inverse variance of the changes of slope */
  bendRidge?: number;
  /** let the evidence decide how far each column may speak at all: columns of noise fall silent (MacKay 1992) */
  relevance?: boolean;
}

const RELEVANCE_ROUNDS = 25;

const LOGISTIC: AdditiveOptions = { knots: [] };

/** A fitted sum of one curve a column. */
export interface AdditiveFit {
  posterior: LaplacePosterior;
  predict(rows: ArrayLike<number>): Float64Array;
  /** part of column `c` in the log-odds of a row, mean over the training rows taken off */
  part(c: number, row: number): { mean: number; sd: number };
}

/** Fits a logistic sum of hinged lines by its posterior mode. */
export function fitAdditive(split: Split, options: AdditiveOptions = {}): AdditiveFit {
  const { knots = KNOTS, ridge = 1, bendRidge = 0.5, relevance = false } = options;
  const curves = split.columns.map((column) => curveOf(column, split.train, knots));
  const width = 1 + curves.reduce((sum, { size }) => sum + size, 0);
  const fill = (row: number, into: Float64Array, at: number): void => {
    into[at] = 1;
    let to = at + 1;
    for (const curve of curves) {
      curve.fill(row, into, to);
      to += curve.size;
    }
  };
  const design = new Float64Array(split.train.length * width);
  split.train.forEach((row, at) => {
    fill(row, design, at * width);
  });
  const shape = curves.map(({ size }) => [ridge, ...new Array<number>(size - 1).fill(bendRidge)]);
  const likelihood = bernoulli(Float64Array.from(split.train, (row) => split.outcome[row]));
  const scale = new Float64Array(curves.length).fill(1);
  const solve = (): LaplacePosterior =>
    fitPosterior({
      ...{ design, rows: split.train.length, columns: width, likelihood, priorMean: new Float64Array(width) },
      priorPrecision: [1e-6, ...shape.flatMap((precisions, c) => precisions.map((precision) => precision * scale[c]))],
    });
  let posterior = solve();
  for (let round = 0; relevance && round < RELEVANCE_ROUNDS; round++) {
    rescale(posterior, shape, scale);
    posterior = solve();
  }
  const means = new Float64Array(width);
  for (let at = 0; at < design.length; at++) means[at % width] += design[at] / split.train.length;
  const line = new Float64Array(width);
  return {
    posterior,
    predict: (rows) =>
      Float64Array.from(rows, (row) => {
        fill(row, line, 0);
        return expit(line.reduce((sum, entry, k) => sum + entry * posterior.mean[k], 0));
      }),
    part(c, row) {
      fill(row, line, 0);
      let from = 1;
      for (let k = 0; k < c; k++) from += curves[k].size;
      let mean = 0;
      let variance = 0;
      for (let a = from; a < from + curves[c].size; a++) {
        mean += posterior.mean[a] * (line[a] - means[a]);
        for (let b = from; b < from + curves[c].size; b++)
          variance += (line[a] - means[a]) * posterior.covariance[a * width + b] * (line[b] - means[b]);
      }
      return { mean, sd: Math.sqrt(variance) };
    },
  };
}

/** One round of evidence maximisation: each column's scale becomes its determined directions over its squared weights. */
function rescale({ mean, covariance }: LaplacePosterior, shape: readonly number[][], scale: Float64Array): void {
  let at = 1;
  shape.forEach((precisions, c) => {
    let squares = 0;
    let undetermined = 0;
    for (const precision of precisions) {
      squares += precision * mean[at] ** 2;
      undetermined += precision * covariance[at * (mean.length + 1)];
      at++;
    }
    const determined = Math.max(1e-6, precisions.length - scale[c] * undetermined);
    scale[c] = Math.min(1e6, Math.max(1e-3, determined / Math.max(1e-12, squares)));
  });
}

interface Curve {
  size: number;
  fill(row: number, into: Float64Array, at: number): void;
}

function curveOf(column: EncodedColumn, train: Uint32Array, knots: readonly number[]): Curve {
  const { mean, sd } = standard(column.values, train);
  const z = (row: number) => (column.values[row] - mean) / sd;
  const sorted = Float64Array.from(train, z).sort();
  const bends = column.binary ? [] : [...new Set(knots.map((p) => quantileSorted(sorted, p)))];
  return {
    size: 1 + bends.length,
    fill(row, into, at) {
      const x = z(row);
      into[at] = x;
      for (let k = 0; k < bends.length; k++) into[at + 1 + k] = Math.max(0, x - bends[k]);
    },
  };
}

function standard(values: Float64Array, train: Uint32Array): { mean: number; sd: number } {
  let [sum, squares] = [0, 0];
  for (const row of train) sum += values[row];
  const mean = sum / train.length;
  for (const row of train) squares += (values[row] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / train.length) || 1 };
}

function networkLearner(split: Split, graph: boolean): Float64Array {
  const { columns, train, test } = split;
  const rows = [...train, ...test];
  const features = new Float64Array(rows.length * columns.length);
  columns.forEach((column, c) => {
    const { mean, sd } = standard(column.values, train);
    rows.forEach((row, at) => {
      features[at * columns.length + c] = (column.values[row] - mean) / sd;
    });
  });
  const mix: SparseSquare = graph
    ? convolutionMatrix(nearestRows(features, rows.length, columns.length, NEIGHBOURS), rows.length)
    : identitySparse(rows.length);
  const outcomes = Float64Array.from(rows, (row) => split.outcome[row]);
  const known = Uint32Array.from(train, (_, at) => at);
  const weights = trainGraphNetwork(
    { features, columns: columns.length, mix, outcomes, train: known },
    { seed: split.seed },
  );
  const predictor = applyGraphNetwork(weights, mix, features);
  return Float64Array.from(test, (_, at) => expit(predictor[train.length + at]));
}
