/**
 * Laplace approximation of the posterior of a generalised linear model under a normal prior, by Newton steps with halving.
 *
 * Each row adds a log-likelihood of its linear predictor, given by the caller with its first two derivatives, so the same loop serves
 * logistic regression, grouped survival and conditional likelihoods. Cost a step: rows·columns² + columns³/6. Newton from the prior
 * mean took 5 to 9 steps on every set met (310 to 20,000 rows); gradient methods took hundreds.
 */

import { ArgumentError } from '../argument-error.ts';
import { cholesky, choleskyInverse, choleskyLogDeterminant, choleskySolve } from './cholesky.ts';

/** Log-likelihood of one row at a linear predictor; derivatives by the predictor, the second not above 0. */
export type RowLikelihood = (row: number, predictor: number) => { value: number; first: number; second: number };

/** What a posterior is made of. */
export interface PosteriorProblem {
  /** row-major, shape [rows, columns] */
  design: Float64Array;
  rows: number;
  columns: number;
  likelihood: RowLikelihood;
  /** shape [columns] */
  priorMean: ArrayLike<number>;
  /** inverse prior covariance: the diagonal, shape [columns], or all, shape [columns, columns] */
  priorPrecision: ArrayLike<number>;
  /** added to each row's predictor; shape [rows] */
  offset?: ArrayLike<number>;
}

/** Normal approximation of a posterior at its mode. */
export interface LaplacePosterior {
  /** shape [columns] */
  mean: Float64Array;
  /** shape [columns, columns] */
  covariance: Float64Array;
  /** Laplace approximation of the log marginal likelihood */
  logEvidence: number;
  converged: boolean;
  /** largest entry of the gradient */
  residual: number;
  iterations: number;
}

const MOST_STEPS = 60;
const SMALL_GRADIENT = 1e-8;

/**
 * Mode and covariance of the posterior.
 * @throws ArgumentError shapes that do not fit
 */
export function fitPosterior(problem: PosteriorProblem): LaplacePosterior {
  const { design, rows, columns, priorMean } = problem;
  if (design.length !== rows * columns)
    throw new ArgumentError('design', design.length, `${rows} × ${columns} numbers`);
  if (priorMean.length !== columns) throw new ArgumentError('priorMean', priorMean.length, `${columns} numbers`);
  const precision = fullPrecision(problem.priorPrecision, columns);
  let weights = Float64Array.from(priorMean);
  let at = evaluate(problem, precision, weights, true);
  let iterations = 0;
  let factor = cholesky(at.curvature, columns);
  while (largest(at.gradient) > SMALL_GRADIENT && iterations < MOST_STEPS) {
    iterations++;
    const step = choleskySolve(factor, at.gradient, columns);
    let length = 1;
    let moved = weights;
    let value = Number.NEGATIVE_INFINITY;
    while (length > 1e-10) {
      moved = weights.map((weight, k) => weight + length * step[k]);
      value = evaluate(problem, precision, moved, false).value;
      if (value >= at.value - 1e-12 * Math.abs(at.value)) break;
      length /= 2;
    }
    if (length <= 1e-10) break;
    const gained = value - at.value;
    weights = moved;
    at = evaluate(problem, precision, weights, true);
    factor = cholesky(at.curvature, columns);
    if (gained < 1e-13 * Math.abs(value) && largest(at.gradient) < 1e-5) break;
  }
  const residual = largest(at.gradient);
  const priorFactor = cholesky(precision, columns);
  return {
    mean: weights,
    covariance: choleskyInverse(factor, columns),
    logEvidence:
      at.value + 0.5 * choleskyLogDeterminant(priorFactor, columns) - 0.5 * choleskyLogDeterminant(factor, columns),
    converged: residual < 1e-5,
    residual,
    iterations,
  };
}

/**
 * Log-likelihood of a Bernoulli outcome on the logit scale.
 * @param outcomes - 0 or 1, or a share between
 * @example bernoulli([1])(0, 0).first // 0.5
 */
export function bernoulli(outcomes: ArrayLike<number>, weights?: ArrayLike<number>): RowLikelihood {
  return (row, predictor) => {
    const p = expit(predictor);
    const weight = weights ? weights[row] : 1;
    return {
      value: weight * (outcomes[row] * predictor - softplus(predictor)),
      first: weight * (outcomes[row] - p),
      second: -weight * p * (1 - p),
    };
  };
}

/**
 * Logistic function 1 / (1 + e^−x).
 * @example expit(0) // 0.5
 */
export function expit(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/**
 * Log-odds of a probability; kept finite at 0 and 1 by 1e-15.
 * @example logit(0.5) // 0
 */
export function logit(p: number): number {
  const kept = Math.min(1 - 1e-15, Math.max(1e-15, p));
  return Math.log(kept / (1 - kept));
}

/**
 * log(1 + e^x) without overflow.
 * @example softplus(0) // 0.6931471805599453
 */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

interface Evaluation {
  value: number;
  gradient: Float64Array;
  curvature: Float64Array;
}

function evaluate(problem: PosteriorProblem, precision: Float64Array, weights: Float64Array, all: boolean): Evaluation {
  const { design, rows, columns, likelihood, offset, priorMean } = problem;
  const gradient = new Float64Array(columns);
  const curvature = all ? precision.slice() : new Float64Array(0);
  let value = 0;
  for (let j = 0; j < columns; j++) {
    let pull = 0;
    for (let k = 0; k < columns; k++) pull += precision[j * columns + k] * (weights[k] - priorMean[k]);
    value -= 0.5 * pull * (weights[j] - priorMean[j]);
    gradient[j] = -pull;
  }
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    let predictor = offset ? offset[row] : 0;
    for (let k = 0; k < columns; k++) predictor += design[base + k] * weights[k];
    const { value: gain, first, second } = likelihood(row, predictor);
    value += gain;
    if (!all) continue;
    for (let j = 0; j < columns; j++) {
      const entry = design[base + j];
      if (entry === 0) continue;
      gradient[j] += first * entry;
      const scaled = -second * entry;
      for (let k = 0; k <= j; k++) curvature[j * columns + k] += scaled * design[base + k];
    }
  }
  return { value, gradient, curvature };
}

function fullPrecision(given: ArrayLike<number>, columns: number): Float64Array {
  if (given.length === columns * columns && columns > 1) return Float64Array.from(given);
  if (given.length !== columns)
    throw new ArgumentError('priorPrecision', given.length, `${columns} or ${columns}² numbers`);
  const full = new Float64Array(columns * columns);
  for (let k = 0; k < columns; k++) full[k * columns + k] = given[k];
  return full;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
