import { describe, expect, it } from 'vitest';
import { expit } from '../../kernel/index.ts';
import { generateCohort } from '../cohort/generate.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { explainByMasking, LINEAR_GAINS, networkRisk, passMessages, trainGains } from './network.ts';
import { gowerDistance, patientsLikeThis } from './population.ts';
import { judgeChallenger } from './promotion.ts';

const INDEX = '2026-01-05';
const model = priorModel('radicular-herniation');
const patients = generateCohort(model, { patients: 400, missing: 'by-design', seed: 5, indexDate: INDEX });
const spaces = patients.map(({ records }) => synchronise(records, INDEX));
const risks = spaces.map((space) => predictRisk(model, space));

describe('patient graph', () => {
  it('with linear activation is the trusted model', () => {
    for (const risk of risks) expect(Math.abs(passMessages(risk).logit - risk.logit)).toBeLessThan(1e-9);
  });

  it('explained by masking gives the contributions when linear', () => {
    const worth = new Map(explainByMasking(risks[0]).map(({ feature, worth }) => [feature, worth]));
    for (const { feature, mean } of risks[0].contributions)
      expect(Math.abs((worth.get(feature) ?? Number.NaN) - mean)).toBeLessThan(1e-9);
  });

  it('leads from every feature to the outcome', () => {
    const { nodes, edges } = passMessages(risks[0]);
    const ids = new Set(nodes.map(({ id }) => id));
    for (const { from, to } of edges) expect(ids.has(from) && ids.has(to)).toBe(true);
    const reached = new Set(['outcome:surgery']);
    for (let round = 0; round < 3; round++) for (const { from, to } of edges) if (reached.has(to)) reached.add(from);
    expect(reached.size).toBe(nodes.length);
  });

  it('saturates: the challenger is never further out than its limit a construct', () => {
    const gains = { ...LINEAR_GAINS, activation: 'saturating' as const, limit: 0.2 };
    for (const risk of risks.slice(0, 50)) {
      const { nodes, logit } = passMessages(risk, gains);
      const constructs = nodes.filter(({ kind }) => kind === 'construct').length;
      expect(Math.abs(logit - risk.intercept)).toBeLessThanOrEqual(0.2 * constructs);
    }
  });

  it('learns the intercept of a practice that operates more, and gains near 1 where nothing else changed', () => {
    const outcomes = risks.map(({ logit }, at) => (expit(logit + 1) > (at * 0.6180339887) % 1 ? 1 : 0));
    const gains = trainGains(risks, outcomes, { activation: 'linear' });
    expect(gains.intercept).toBeGreaterThan(0.5);
    for (const gain of Object.values(gains.gain)) expect(Math.abs(gain - 1)).toBeLessThan(0.7);
    expect(networkRisk(risks[0], gains)).toBeGreaterThan(networkRisk(risks[0], LINEAR_GAINS));
  });
});

describe('promotion', () => {
  const outcome = Float64Array.from({ length: 1000 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const good = outcome.map((y, i) => ((i * 0.7548776662) % 1 < 0.8 ? (y ? 0.6 : 0.1) : 0.25));
  const flat = outcome.map(() => 0.25);

  it('needs events, a lower Brier score beyond doubt, a slope near 1 and no group worse', () => {
    expect(judgeChallenger({ trusted: flat, challenger: flat, outcome }).reasons).toContain(
      'The Brier score is not lower beyond doubt.',
    );
    const few = { trusted: flat.slice(0, 200), challenger: good.slice(0, 200), outcome: outcome.slice(0, 200) };
    expect(judgeChallenger(few).reasons[0]).toMatch(/50 events, 200/);
    const steep = judgeChallenger({ trusted: flat, challenger: good, outcome });
    expect(steep.high).toBeLessThan(0);
    expect(steep.promoted).toBe(steep.slope >= 0.9 && steep.slope <= 1.1);
    const group = Array.from(outcome, (_, i) => (i < 200 ? 'north' : i < 900 ? 'south' : undefined));
    const parity = Array.from(outcome, (_, i) => ((i >> 2) % 2 ? 'odd' : 'even'));
    const unfair = good.map((p, i) => (i < 200 ? 1 - p : p));
    const groups = [parity, group];
    expect(judgeChallenger({ trusted: flat, challenger: unfair, outcome, groups }).harmed).toEqual(['north']);
  });

  it('is granted to a calibrated challenger that is better', () => {
    // 0.6 of those told 0.6, 0.1 of those told 0.1
    const told = Float64Array.from({ length: 2000 }, (_, i) => (i % 2 ? 0.6 : 0.1));
    const happened = told.map((p, i) => (Math.floor(i / 2) % 10 < 10 * p ? 1 : 0));
    const verdict = judgeChallenger({ trusted: told.map(() => 0.35), challenger: told, outcome: happened });
    expect(verdict.slope).toBeCloseTo(1, 6);
    expect(verdict.promoted).toBe(true);
  });
});

describe('patients like this', () => {
  it('are nearest to themselves and alike both ways', () => {
    const [one, two] = spaces;
    expect(gowerDistance(one, one)?.distance).toBe(0);
    expect(gowerDistance(one, two)?.distance).toBeCloseTo(gowerDistance(two, one)?.distance ?? -1, 12);
    const near = patientsLikeThis(one, spaces, 5);
    expect(near).toHaveLength(5);
    expect(near.every(({ index }) => index !== 0)).toBe(true);
    expect(near[0].distance).toBeLessThanOrEqual(near[4].distance);
  });

  it('need something in common', () => {
    expect(gowerDistance(synchronise([], INDEX), spaces[0])).toBeUndefined();
  });
});
