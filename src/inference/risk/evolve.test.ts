import { describe, expect, it } from 'vitest';
import { createRandom, expit } from '../../kernel/index.ts';
import { generateCohort, type SyntheticPatient } from '../cohort/index.ts';
import { calibrationLine } from '../evaluation/index.ts';
import { synchronise } from '../features/index.ts';
import { calibrateConformal, conformalSet } from './conformal.ts';
import { outcomesSinceDrift, QUIET, watchOutcome } from './drift.ts';
import {
  activeModel,
  type ModelLog,
  openLog,
  publishUpdate,
  recordOutcome,
  recordPrediction,
  rollBack,
} from './evolve.ts';
import { worthOfExaminations } from './information.ts';
import { priorModel } from './model.ts';
import { predictRisk } from './predict.ts';
import { hazardLikelihood, type LocalOutcome, stateOf, updateModel } from './update.ts';

const DAY = '2026-01-05';
const prior = priorModel('after-epidural');

const outcomeOf = ({ records, operatedIn }: SyntheticPatient): LocalOutcome => ({
  space: synchronise(records, DAY),
  operatedIn,
  followedMonths: 12,
});

function cohort(patients: number, shift: number, from = 0, seed = 3) {
  return generateCohort(prior, {
    ...{ patients, seed, indexDate: DAY, missing: 'by-design', weights: prior.weights.mean },
    drift: { from, shift },
  });
}

describe('hazard likelihood', () => {
  it('is a probability: the three ends of a year add up to one, and its slopes are its slopes', () => {
    const ends: LocalOutcome[] = ([0, 1, 2] as const).map((operatedIn) => ({
      ...{ space: synchronise([], DAY), operatedIn, followedMonths: 12 as const },
    }));
    const of = hazardLikelihood(ends, 0.72);
    for (const eta of [-6, -2, 0, 1.5, 5]) {
      expect([0, 1, 2].reduce((sum, row) => sum + Math.exp(of(row, eta).value), 0)).toBeCloseTo(1, 9);
      for (const row of [0, 1, 2]) {
        const h = 1e-4;
        const { first, second } = of(row, eta);
        expect(first).toBeCloseTo((of(row, eta + h).value - of(row, eta - h).value) / (2 * h), 5);
        expect(second).toBeCloseTo((of(row, eta + h).first - of(row, eta - h).first) / (2 * h), 5);
      }
    }
  });
});

describe('update', () => {
  it('frees intercept, slope, groups and weights as events come in', () => {
    expect([5, 20, 50, 100, 200].map((events) => stateOf(events, 1))).toEqual([
      'prior-driven',
      'intercept-recalibrated',
      'slope-recalibrated',
      'validated-locally',
      'revised',
    ]);
    expect(stateOf(150, 0.7)).toBe('slope-recalibrated');
    expect(stateOf(150)).toBe('slope-recalibrated');
  });

  it('without outcomes changes nothing', () => {
    expect(updateModel(prior, [], 2).weights).toBe(prior.weights);
  });

  it('finds a practice that operates more, and is surer than before', () => {
    const patients = cohort(1500, 0.8);
    const model = updateModel(prior, patients.map(outcomeOf), 2, 1);
    expect(model.state).toBe('revised');
    expect(model.weights.mean[0] - prior.weights.mean[0]).toBeGreaterThan(0.5);
    expect(model.weights.mean[0] - prior.weights.mean[0]).toBeLessThan(1.1);
    expect(model.weights.covariance[0]).toBeLessThan(prior.weights.covariance[0] / 3);
    const fresh = cohort(1500, 0.8, 0, 9);
    const probability = fresh.map(({ records }) => predictRisk(model, synchronise(records, DAY)).horizons[0].expected);
    const line = calibrationLine({ probability, outcome: fresh.map(({ operatedIn }) => (operatedIn ? 1 : 0)) });
    expect(Math.abs(line.slope - 1)).toBeLessThan(0.25);
    const risk = predictRisk(model, synchronise(fresh[0].records, DAY));
    const sum = risk.contributions.reduce((total, { mean }) => total + mean, risk.intercept);
    expect(Math.abs(sum - risk.logit)).toBeLessThan(1e-9);
    expect(risk.caution).toBe('');
  });
});

describe('life of a model', () => {
  const patients = cohort(500, 1.1, 200);
  let log: ModelLog = openLog(prior, DAY);
  let rang = -1;
  for (const [at, patient] of patients.entries()) {
    if (log.suspended) break;
    const outcome = outcomeOf(patient);
    log = recordPrediction(log, patient.id, outcome.space, DAY).log;
    log = recordOutcome(log, patient.id, outcome, DAY);
    rang = at;
  }

  it('rings after practice has changed, not before, and suspends', () => {
    expect(log.suspended).toBe(true);
    expect(rang).toBeGreaterThan(200);
    expect(rang).toBeLessThan(400);
    // where a change began is known to a few dozen outcomes: 20 % of them are events
    expect(Math.abs(outcomesSinceDrift(log.watch) - (rang - 200))).toBeLessThan(100);
    expect(activeModel(log).state).toBe('suspended');
    expect(predictRisk(activeModel(log), synchronise([], DAY)).caution).toMatch(/Suspended/);
  });

  it('recalibrates to the new practice, and can go back, with everything kept', () => {
    const before = log.events.length;
    const updated = publishUpdate(log, DAY);
    expect(updated.suspended).toBe(false);
    expect(activeModel(updated).version).toBe(2);
    expect(activeModel(updated).weights.mean[0]).toBeGreaterThan(prior.weights.mean[0] + 0.2);
    const back = rollBack(updated, 1, DAY, 'Second reader disagrees.');
    expect(activeModel(back)).toBe(log.versions[0]);
    expect(back.versions).toHaveLength(2);
    expect(back.events.slice(0, before)).toEqual(log.events);
    expect(back.events.slice(before).map(({ kind }) => kind)).toEqual(['published', 'rolled-back']);
    expect(() => rollBack(back, 7, DAY, '')).toThrow(/No version 7/);
    expect(() => publishUpdate(openLog(prior, DAY), DAY)).toThrow(/No closed outcome/);
  });

  it('seldom rings when nothing has changed', () => {
    const random = createRandom(4);
    let rings = 0;
    for (let run = 0; run < 300; run++) {
      let watch = QUIET;
      for (let i = 0; i < 500; i++) {
        const p = expit(-2 + 0.7 * random.normal());
        watch = watchOutcome(watch, p, random.uniform() < p);
      }
      if (watch.alarm) rings++;
    }
    expect(rings).toBeLessThan(15);
  });
});

describe('conformal sets', () => {
  const random = createRandom(6);
  const draw = (n: number) => {
    const probability = Float64Array.from({ length: n }, () => expit(-1 + 1.2 * random.normal()));
    return { probability, operated: probability.map((p) => (random.uniform() < p ? 1 : 0)) };
  };

  it('stay off until fifty of each kind are known', () => {
    expect(calibrateConformal([0.1, 0.9], [0, 1])).toBeUndefined();
  });

  it('hold the truth for nine of ten in each class', () => {
    const known = draw(1500);
    const calibration = calibrateConformal(known.probability, known.operated);
    if (!calibration) throw new Error('too few');
    const fresh = draw(4000);
    for (const [answer, name] of [
      [1, 'surgery'],
      [0, 'no surgery'],
    ] as const) {
      const members = Array.from(fresh.probability).filter((_, i) => fresh.operated[i] === answer);
      const held = members.filter((p) => conformalSet(calibration, p).includes(name)).length / members.length;
      expect(Math.abs(held - 0.9)).toBeLessThan(0.035);
    }
  });
});

describe('worth of an examination', () => {
  it('agrees with the doubt that falls when it is made, on average', () => {
    const model = priorModel('radicular-herniation');
    const patients = generateCohort(model, { patients: 600, seed: 2, indexDate: DAY });
    const entry = worthOfExaminations(model, synchronise([], DAY));
    const mri = entry.find(({ modality }) => modality === 'mri');
    if (!mri) throw new Error('no MRI');
    const logits = patients.map(({ records }) => {
      const seen = records
        .filter(({ feature }) => mri.features.includes(feature))
        .map((record) => ({ ...record, sd: 0 }));
      return predictRisk(model, synchronise(seen, DAY)).logit;
    });
    const mean = logits.reduce((sum, value) => sum + value, 0) / logits.length;
    const variance = logits.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logits.length;
    expect(mri.varianceDrop / variance).toBeGreaterThan(0.6);
    expect(mri.varianceDrop / variance).toBeLessThan(1.4);
    expect(mri.sdAfter).toBeLessThan(mri.sdNow);
  });

  it('is nothing for what has been made', () => {
    const patients = generateCohort(prior, { patients: 1, indexDate: DAY });
    const left = worthOfExaminations(prior, synchronise(patients[0].records, DAY));
    expect(left).toEqual([]);
  });
});
