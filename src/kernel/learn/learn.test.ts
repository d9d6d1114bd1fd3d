import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.ts';
import { cholesky, choleskyInverse, choleskyLogDeterminant, choleskySolve } from './cholesky.ts';
import { applyGraphNetwork, trainGraphNetwork } from './graph-network.ts';
import { convolutionMatrix, identitySparse, nearestRows, sparseTimes } from './neighbours.ts';
import { bernoulli, expit, fitPosterior, logit, softplus } from './posterior.ts';

describe('Cholesky', () => {
  const n = 7;
  const random = createRandom(1);
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) a[i * n + j] += root[i * n + k] * root[j * n + k] + (i === j ? 0.1 : 0);

  it('solves, inverts and gives the determinant', () => {
    const factor = cholesky(a, n);
    const x = Float64Array.from({ length: n }, (_, k) => k - 3);
    const b = x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0));
    choleskySolve(factor, b, n).forEach((value, k) => {
      expect(value).toBeCloseTo(x[k], 8);
    });
    const inverse = choleskyInverse(factor, n);
    for (let i = 0; i < n; i++) {
      let unit = 0;
      for (let k = 0; k < n; k++) unit += a[i * n + k] * inverse[k * n + i];
      expect(unit).toBeCloseTo(1, 8);
    }
    expect(choleskyLogDeterminant(cholesky(new Float64Array([4, 2, 2, 5]), 2), 2)).toBeCloseTo(Math.log(16), 12);
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => cholesky(new Float64Array([1, 2, 2, 1]), 2)).toThrow(/positive definite/);
  });
});

describe('posterior', () => {
  it('of an intercept is the log-odds of the share, with its binomial error', () => {
    const outcomes = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    const fit = fitPosterior({
      ...{ design: new Float64Array(10).fill(1), rows: 10, columns: 1, likelihood: bernoulli(outcomes) },
      ...{ priorMean: [0], priorPrecision: [1e-12] },
    });
    expect(fit.converged).toBe(true);
    expect(fit.mean[0]).toBeCloseTo(logit(0.3), 8);
    expect(fit.covariance[0]).toBeCloseTo(1 / (10 * 0.3 * 0.7), 6);
  });

  it('without data is the prior, and its evidence is 0', () => {
    const fit = fitPosterior({
      ...{ design: new Float64Array(0), rows: 0, columns: 2, likelihood: bernoulli([]) },
      ...{ priorMean: [1, -2], priorPrecision: [4, 1, 1, 2] },
    });
    expect([...fit.mean]).toEqual([1, -2]);
    expect(fit.covariance[0]).toBeCloseTo(2 / 7, 12);
    expect(fit.logEvidence).toBeCloseTo(0, 12);
  });

  it('has helpers that do not overflow', () => {
    expect(expit(-800)).toBe(0);
    expect(expit(800)).toBe(1);
    expect(softplus(800)).toBe(800);
    expect(softplus(-800)).toBe(0);
  });
});

describe('graph network', () => {
  const count = 80;
  const random = createRandom(4);
  const features = Float64Array.from({ length: 2 * count }, () => random.normal());
  const outcomes = Float64Array.from({ length: count }, (_, i) => (features[2 * i] * features[2 * i + 1] > 0 ? 1 : 0));
  const train = Uint32Array.from({ length: count }, (_, i) => i);

  it('mixes by a symmetric matrix whose largest eigenvector is the root of the degree', () => {
    const mix = convolutionMatrix(nearestRows(features, count, 2, 5), count);
    const root = Float64Array.from({ length: count }, (_, row) => Math.sqrt(mix.start[row + 1] - mix.start[row]));
    sparseTimes(mix, root, 1).forEach((value, row) => {
      expect(value).toBeCloseTo(root[row], 9);
    });
  });

  it('learns what no line can, on the identity graph', () => {
    const mix = identitySparse(count);
    const weights = trainGraphNetwork({ features, columns: 2, mix, outcomes, train }, { seed: 3, decay: 1e-4 });
    const right = applyGraphNetwork(weights, mix, features).filter((eta, i) => eta > 0 === outcomes[i] > 0.5).length;
    expect(right / count).toBeGreaterThan(0.9);
  });

  it('follows the gradient: one small step on any graph lowers the loss', () => {
    const mix = convolutionMatrix(nearestRows(features, count, 2, 5), count);
    const loss = (steps: number) => {
      const weights = trainGraphNetwork(
        { features, columns: 2, mix, outcomes, train },
        { steps, rate: 1e-3, decay: 0 },
      );
      const eta = applyGraphNetwork(weights, mix, features);
      return eta.reduce((sum, value, i) => sum + softplus(value) - outcomes[i] * value, 0) / count;
    };
    const [start, later, end] = [loss(0), loss(20), loss(60)];
    expect(later).toBeLessThan(start);
    expect(end).toBeLessThan(later);
  });
});
