/**
 * Two-layer graph convolutional network for a yes/no outcome: p = expit(S·relu(S·X·W₁ + b₁)·w₂ + b₂), S a fixed mixing matrix.
 *
 * Full-batch Adam on the mean log loss plus L2, float64, seeded: same seed, same weights. With the identity as S it is a plain
 * network of one hidden layer. Cost a step: edges·hidden + rows·columns·hidden. Tried: dense S (9 times slower at 310 rows).
 */

import { createRandom } from '../stats/index.ts';
import { createAdam } from './adam.ts';
import { type SparseSquare, sparseTimes } from './neighbours.ts';
import { expit } from './posterior.ts';

/** Weights of the network; numbers only, so they can be stored as they are. */
export interface GraphNetworkWeights {
  columns: number;
  hidden: number;
  /** W₁ row-major [columns, hidden], b₁ [hidden], w₂ [hidden], b₂ [1] */
  values: Float64Array;
}

/** Choices of the training. */
export interface GraphNetworkOptions {
  hidden?: number;
  steps?: number;
  rate?: number;
  /** weight of half the squared weights, biases left out */
  decay?: number;
  seed?: number;
}

/** What the network learns from. */
export interface GraphNetworkData {
  /** row-major, shape [rows, columns], standardised */
  features: Float64Array;
  columns: number;
  mix: SparseSquare;
  /** 0 or 1; read for the rows of `train` alone */
  outcomes: ArrayLike<number>;
  /** rows whose outcome is known */
  train: ArrayLike<number>;
}

/** Trains the network. */
export function trainGraphNetwork(data: GraphNetworkData, options: GraphNetworkOptions = {}): GraphNetworkWeights {
  const { hidden = 8, steps = 400, rate = 0.05, decay = 5e-3, seed = 1 } = options;
  const { columns, mix, outcomes, train } = data;
  const random = createRandom(seed);
  const sizes = columns * hidden;
  const values = new Float64Array(sizes + 2 * hidden + 1);
  for (let k = 0; k < sizes; k++) values[k] = random.normal(0, Math.sqrt(2 / columns));
  for (let k = 0; k < hidden; k++) values[sizes + hidden + k] = random.normal(0, Math.sqrt(1 / hidden));
  const mixed = sparseTimes(mix, data.features, columns);
  const adam = createAdam(values.length, rate);
  const gradient = new Float64Array(values.length);
  const back = new Float64Array(mix.rows);
  for (let step = 0; step < steps; step++) {
    const { active, blended, predictor } = forward({ columns, hidden, values }, mix, mixed);
    gradient.fill(0);
    back.fill(0);
    for (let t = 0; t < train.length; t++) {
      const row = train[t];
      back[row] += (expit(predictor[row]) - outcomes[row]) / train.length;
    }
    for (let row = 0; row < mix.rows; row++) {
      if (back[row] === 0) continue;
      gradient[values.length - 1] += back[row];
      for (let h = 0; h < hidden; h++) gradient[sizes + hidden + h] += back[row] * blended[row * hidden + h];
    }
    const spread = sparseTimes(mix, back, 1);
    for (let row = 0; row < mix.rows; row++) {
      for (let h = 0; h < hidden; h++) {
        if (active[row * hidden + h] <= 0 || spread[row] === 0) continue;
        const signal = spread[row] * values[sizes + hidden + h];
        gradient[sizes + h] += signal;
        for (let c = 0; c < columns; c++) gradient[c * hidden + h] += signal * mixed[row * columns + c];
      }
    }
    for (let k = 0; k < sizes; k++) gradient[k] += decay * values[k];
    for (let k = 0; k < hidden; k++) gradient[sizes + hidden + k] += decay * values[sizes + hidden + k];
    adam.step(values, gradient);
  }
  return { columns, hidden, values };
}

/**
 * Linear predictors (log-odds) of all rows.
 * @param features - row-major, shape [mix.rows, columns]
 */
export function applyGraphNetwork(
  weights: GraphNetworkWeights,
  mix: SparseSquare,
  features: Float64Array,
): Float64Array {
  return forward(weights, mix, sparseTimes(mix, features, weights.columns)).predictor;
}

function forward(weights: GraphNetworkWeights, mix: SparseSquare, mixed: Float64Array) {
  const { columns, hidden, values } = weights;
  const sizes = columns * hidden;
  const active = new Float64Array(mix.rows * hidden);
  for (let row = 0; row < mix.rows; row++) {
    for (let h = 0; h < hidden; h++) {
      let sum = values[sizes + h];
      for (let c = 0; c < columns; c++) sum += mixed[row * columns + c] * values[c * hidden + h];
      active[row * hidden + h] = sum > 0 ? sum : 0;
    }
  }
  // S is symmetric, so mixing before or after w₂ is the same; before keeps the gradient of w₂ at hand
  const blended = sparseTimes(mix, active, hidden);
  const predictor = new Float64Array(mix.rows);
  for (let row = 0; row < mix.rows; row++) {
    let sum = values[values.length - 1];
    for (let h = 0; h < hidden; h++) sum += blended[row * hidden + h] * values[sizes + hidden + h];
    predictor[row] = sum;
  }
  return { active, blended, predictor };
}
