import { describe, expect, it } from 'vitest';
import { auc, calibrationError } from '../evaluation/index.ts';
import { synchronise } from '../features/index.ts';
import { DICTIONARY } from '../knowledge/index.ts';
import { predictRisk, priorModel, updateModel } from '../risk/index.ts';
import { generateCohort, type Missingness, WATERMARK } from './generate.ts';
import { scoreCohort } from './score.ts';

const DAY = '2026-01-05';
const model = priorModel('radicular-herniation');

describe('synthetic cohort', () => {
  const patients = generateCohort(model, { patients: 2000, seed: 21, indexDate: DAY });

  it('is marked in every patient and every record', () => {
    expect(patients.every(({ id, synthetic }) => synthetic && id.startsWith(WATERMARK))).toBe(true);
    expect(patients.every(({ records }) => records.every(({ grader }) => grader === WATERMARK))).toBe(true);
  });

  it('follows the marginals of the dictionary', () => {
    for (const entry of DICTIONARY) {
      if (entry.marginal.kind !== 'classes') continue;
      const values = patients.flatMap(({ records }) => records.filter(({ feature }) => feature === entry.id));
      if (values.length === 0) continue;
      entry.marginal.values.forEach((value, k) => {
        const share = values.filter((record) => record.value === value).length / values.length;
        const expected = entry.marginal.kind === 'classes' ? entry.marginal.shares[k] : 0;
        expect(Math.abs(share - expected), `${entry.id} ${value}`).toBeLessThan(0.045);
      });
    }
  });

  it('is accepted whole by the feature space, and the same twice', () => {
    expect(patients.slice(0, 100).flatMap(({ records }) => synchronise(records, DAY).leftOut)).toEqual([]);
    expect(generateCohort(model, { patients: 20, seed: 21, indexDate: DAY })).toEqual(patients.slice(0, 20));
  });
});

describe('coverage and calibration on 2,000 synthetic patients, each under weights drawn from the priors', () => {
  it.each(['none', 'at-random', 'by-design'] satisfies Missingness[])('missing %s', (missing) => {
    const patients = generateCohort(model, { patients: 2000, worlds: 'many', missing, seed: 100, indexDate: DAY });
    const scores = scoreCohort(
      model,
      patients.map(({ records }) => synchronise(records, DAY)),
    );
    const inside = patients.filter(({ logit }, i) => logit >= scores.low[i] && logit <= scores.high[i]).length;
    expect(inside / 2000).toBeGreaterThan(0.88);
    expect(inside / 2000).toBeLessThan(0.92);
    const outcome = patients.map(({ operatedIn }) => (operatedIn ? 1 : 0));
    // perfect predictions of 2,000 outcomes show 0.019 ± 0.005 by chance; ten such cohorts together show 0.004 to 0.006
    expect(calibrationError({ probability: scores.expected, outcome })).toBeLessThan(0.03);
    // SYNTHETIC: what the generator's own model reaches, no performance of anything
    expect(auc({ probability: scores.expected, outcome })).toBeGreaterThan(0.6);
  });

  it('scores a cohort as it scores one patient', () => {
    const spaces = generateCohort(model, { patients: 5, missing: 'by-design' }).map(({ records }) =>
      synchronise(records, DAY),
    );
    const scores = scoreCohort(model, spaces);
    spaces.forEach((space, i) => {
      const risk = predictRisk(model, space);
      expect(scores.logit[i]).toBe(risk.logit);
      expect(scores.expected[i]).toBe(risk.horizons[0].expected);
    });
  });
});

describe('nulls', () => {
  it('stay near zero when they are freed and outcomes know nothing of them', () => {
    const free = priorModel('after-epidural', { freeHeld: true });
    const nulls = new Set(
      DICTIONARY.filter(({ use }) => use === 'held').flatMap(({ terms }) => terms.map(({ id }) => id)),
    );
    const weights = free.weights.mean;
    const patients = generateCohort(free, { patients: 2000, seed: 5, indexDate: DAY, weights });
    const outcomes = patients.map(({ records, operatedIn }) => ({
      ...{ space: synchronise(records, DAY), operatedIn, followedMonths: 12 as const },
    }));
    const learnt = updateModel(free, outcomes, 2, 1);
    expect(learnt.learnt.events).toBeGreaterThan(200);
    const z = learnt.weights.ids.flatMap((id, at) =>
      nulls.has(id)
        ? [learnt.weights.mean[at] / Math.sqrt(learnt.weights.covariance[at * (learnt.weights.ids.length + 1)])]
        : [],
    );
    expect(z.length).toBeGreaterThan(25);
    expect(z.filter((value) => Math.abs(value) > 1.645).length).toBeLessThan(0.2 * z.length);
    const sizes = outcomes
      .slice(0, 50)
      .flatMap(({ space }) =>
        predictRisk(learnt, space).contributions.filter(({ feature }) => [...nulls].some((id) => id === feature)),
      );
    expect(sizes.reduce((sum, { mean }) => sum + Math.abs(mean), 0) / sizes.length).toBeLessThan(0.06);
  });
});
