/** Adam (Kingma and Ba 2015): gradient descent with running moments a weight, one pass over the weights a step. */

/** A descent in progress. */
export interface Adam {
  /** moves `weights` against `gradient`; both shape [n] */
  step(weights: Float64Array, gradient: Float64Array): void;
}

/**
 * Starts a descent.
 * @param rate - largest change of a weight a step
 */
export function createAdam(n: number, rate: number): Adam {
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  let steps = 0;
  return {
    step(weights, gradient) {
      steps++;
      const one = 1 - 0.9 ** steps;
      const two = 1 - 0.999 ** steps;
      for (let k = 0; k < n; k++) {
        first[k] = 0.9 * first[k] + 0.1 * gradient[k];
        second[k] = 0.999 * second[k] + 0.001 * gradient[k] ** 2;
        weights[k] -= (rate * (first[k] / one)) / (Math.sqrt(second[k] / two) + 1e-8);
      }
    },
  };
}
