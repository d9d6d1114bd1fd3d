import { describe, expect, it } from 'vitest';
import type { ClosedOutcome, InferenceInput } from '../../model/index.ts';
import { generateCohort } from '../cohort/index.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { inferenceEngine } from './index.ts';

const AT = '2026-03-02T09:00:00.000Z';

function inputOf(change: Partial<InferenceInput> = {}): InferenceInput {
  return { twin: 't-1', at: AT, features: [], acquisitions: [], records: [], answers: [], synthetic: true, ...change };
}

const ODI = { finding: 'prom.odi', value: 56, at: '2026-02-20' };

describe('inferenceEngine', () => {
  it('takes answers given by hand as features, in the setting that was chosen', () => {
    const setting = 'radicular-herniation';
    const { risk, settingChosen, used } = inferenceEngine.assess(inputOf({ setting, answers: [ODI] }));
    expect(settingChosen).toBe(true);
    expect(risk.setting.id).toBe(setting);
    expect(used.map(({ feature, value }) => [feature, value])).toEqual([['prom.odi', 56]]);
    const without = inferenceEngine.assess(inputOf({ setting })).risk;
    expect(risk.logit).toBeGreaterThan(without.logit);
    expect(risk.sdLogit).toBeLessThan(without.sdLogit);
  });

  it('assumes a setting and says so', () => {
    const { risk, settingChosen } = inferenceEngine.assess(inputOf());
    expect([risk.setting.id, settingChosen]).toEqual([inferenceEngine.assumedSetting, false]);
  });

  it('reads at the newest date of the data unless told otherwise, never in the future', () => {
    const later = { ...ODI, at: '2026-05-01' };
    expect(inferenceEngine.assess(inputOf({ answers: [ODI] })).indexDate).toBe('2026-02-20T00:00:00.000Z');
    expect(inferenceEngine.assess(inputOf({ answers: [later] })).indexDate).toBe(AT);
    expect(inferenceEngine.assess(inputOf({ indexDate: '2026-01-01' })).indexDate).toBe('2026-01-01');
  });

  it('refuses a setting it does not know, naming those it does', () => {
    expect(() => inferenceEngine.assess(inputOf({ setting: 'nowhere' }))).toThrow(
      expect.objectContaining({ code: 'parameter.invalid', hint: expect.stringContaining('hospital-sciatica') }),
    );
  });

  it('holds an intercept and contributions that add up to the logit', () => {
    const { risk, graph } = inferenceEngine.assess(inputOf({ answers: [ODI] }));
    const sum = risk.contributions.reduce((total, { mean }) => total + mean, risk.intercept);
    expect(Math.abs(sum - risk.logit)).toBeLessThan(1e-9);
    expect(graph.nodes.find(({ id }) => id === 'outcome:0-12')?.contribution).toBeCloseTo(risk.logit, 9);
  });

  it('is the same for the same input', () => {
    const once = JSON.stringify(inferenceEngine.assess(inputOf({ answers: [ODI] })));
    expect(JSON.stringify(inferenceEngine.assess(inputOf({ answers: [ODI] })))).toBe(once);
  });
});

describe('the life of a site model', () => {
  const setting = 'hospital-sciatica';
  const { site } = inferenceEngine;
  const outcomes = closedOutcomes(160, 1.2);

  it('learns, keeps every version, and goes back', () => {
    const before = site.open(setting, AT);
    const after = site.update(before, outcomes, AT);
    expect(after.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(after.versions[0]).toEqual(before.versions[0]);
    const risk = (state: typeof after) => inferenceEngine.assess(inputOf({ setting, answers: [ODI] }), state).risk;
    expect(risk(after).model.version).toBe(2);
    expect(risk(after).logit).toBeGreaterThan(risk(before).logit);
    const back = site.rollBack(after, 1, AT, 'trial');
    expect(risk(back).logit).toBe(risk(before).logit);
    expect(back.versions).toHaveLength(2);
    expect(back.events.map(({ kind }) => kind)).toEqual(['published', 'published', 'rolled-back']);
  });

  it('suspends itself when outcomes drift away, and survives being stored', () => {
    let state = site.open(setting, AT);
    for (const outcome of outcomes) state = JSON.parse(JSON.stringify(site.record(state, outcome, AT)));
    expect(state.suspended).toBe(true);
    expect(state.watch.alarm).toBe('up');
    expect(state.events.filter(({ kind }) => kind === 'suspended')).toHaveLength(1);
    const { risk } = inferenceEngine.assess(inputOf({ setting }), state);
    expect(risk.state).toBe('suspended');
    const mended = site.update(state, outcomes, AT);
    expect(mended.suspended).toBe(false);
  });

  it('trains a challenger on its own outcomes, judges it on later ones, and lets it stay an opinion', () => {
    const all = closedOutcomes(400, 0);
    const first = site.update(site.open(setting, AT), all.slice(0, 250), AT);
    expect(first.challenger).toMatchObject({ version: 1, learnt: 250 });
    expect(first.challenger?.verdict).toBeUndefined();
    const second = site.update(first, all, AT);
    expect(second.challenger).toMatchObject({ version: 2, learnt: 400 });
    expect(second.challenger?.verdict).toMatchObject({ version: 1, promoted: false, outcomes: 150 });
    expect(second.challenger?.verdict?.reasons.join(' ')).toContain('200 are needed');
    const input = inputOf({ setting, answers: [ODI] });
    const [shipped, own] = [inferenceEngine.assess(input), inferenceEngine.assess(input, second)];
    expect([shipped.challenger?.model.id, own.challenger?.model.id]).toEqual(['surgery-gcn', 'surgery-gcn.site']);
    expect(own.challenger?.note).toContain('400 closed follow-ups');
    expect(own.challenger?.explanation?.[0].feature).toBe('prom.odi');
    const few = site.update(site.open(setting, AT), all.slice(0, 12), AT);
    expect(few.challenger).toBeUndefined();
  });

  it('speaks in sets once there are fifty outcomes of either kind, never before', () => {
    const few = site.update(site.open(setting, AT), outcomes.slice(0, 60), AT);
    expect(inferenceEngine.assess(inputOf({ setting }), few).conformal).toBeUndefined();
    const many = site.update(site.open(setting, AT), closedOutcomes(400, 0), AT);
    const { conformal } = inferenceEngine.assess(inputOf({ setting, answers: [ODI] }), many);
    expect(conformal).toMatchObject({ alpha: 0.1, cases: 400 });
    expect(conformal?.set.length).toBeGreaterThan(0);
  });

  it('names no patient', () => {
    let state = site.open(setting, AT);
    for (const outcome of outcomes.slice(0, 5)) state = site.record(state, outcome, AT);
    expect(JSON.stringify(state)).not.toContain('SYNTHETIC-');
    expect(JSON.stringify(state)).not.toContain(outcomes[0].twin);
  });

  function closedOutcomes(patients: number, shift: number): ClosedOutcome[] {
    const model = priorModel(setting);
    const cohort = generateCohort(model, { patients, seed: 5, indexDate: '2025-01-01', drift: { from: 0, shift } });
    return cohort.map(({ id, records, operatedIn }) => {
      const space = synchronise(records, '2025-01-01');
      const predicted = predictRisk(model, space).horizons[0].expected;
      const about = { twin: id, setting, indexDate: '2025-01-01', closedAt: '2026-01-01', predicted, operatedIn };
      return { ...about, used: [...space.features.values()] };
    });
  }
});

describe('patients like this', () => {
  it('are nearest first, over what both have', () => {
    const patient = (odi: number, leg: number, smoker = 0) =>
      inferenceEngine.assess(
        inputOf({
          answers: [
            { ...ODI, value: odi },
            { finding: 'pain.leg', value: leg, at: '2026-02-20' },
            { finding: 'person.smoker', value: smoker, at: '2026-02-20' },
          ],
        }),
      ).used;
    const others = [
      { twin: 'far', used: patient(10, 1, 1) },
      { twin: 'near', used: patient(54, 7) },
      { twin: 'unknown', used: patient(56, 7).slice(0, 2) },
    ];
    const like = inferenceEngine.patientsLikeThis(patient(56, 7), others, 5);
    expect(like.map(({ twin, shared }) => [twin, shared])).toEqual([
      ['near', 3],
      ['far', 3],
    ]);
    expect(like[0].distance).toBeLessThan(0.05);
  });
});

describe('cohorts for a screen', () => {
  it('marks what was generated, and is calibrated on its own prior', () => {
    const { synthetic, learners, notes, rows } = inferenceEngine.simulateCohort(3000, 2);
    expect([synthetic, rows]).toEqual([true, 3000]);
    expect(notes[0]).toContain('SYNTHETIC');
    expect(learners[0].figures.ece).toBeLessThan(0.03);
  });
});
