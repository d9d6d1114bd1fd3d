/** The challenger's weights can be made again from nothing but the code. */

import { expect, it } from 'vitest';
import { trainSurgeryGcn } from '../../src/inference/graph-network/recipe.ts';
import { CHALLENGER_GAINS, CONSTRUCTS } from '../../src/inference/index.ts';

it('training gives the shipped weights again, better calibrated on its SYNTHETIC truth than the linear model', () => {
  const { gains, metrics } = trainSurgeryGcn();
  expect(gains.limit).toBe(CHALLENGER_GAINS.limit);
  // functions of the math library may round otherwise on another machine
  expect(Math.abs(gains.intercept - CHALLENGER_GAINS.intercept)).toBeLessThan(1e-9);
  for (const name of CONSTRUCTS) expect(Math.abs(gains.gain[name] - CHALLENGER_GAINS.gain[name])).toBeLessThan(1e-9);
  expect(metrics.brierDifference.high).toBeLessThan(0);
  expect(metrics.challenger.ece).toBeLessThan(metrics.trusted.ece);
  expect(metrics.challenger.logLoss).toBeGreaterThan(metrics.truth.logLoss);
});
