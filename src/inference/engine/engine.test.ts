import { describe, expect, it } from 'vitest';
import type { ActionBand, ClosedOutcome, InferenceInput } from '../../model/index.ts';
import { generateCohort } from '../cohort/index.ts';
import { synchronise } from '../features/index.ts';
import { predictRisk, priorModel } from '../risk/index.ts';
import { FINDINGS } from '../rules/index.ts';
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

  it('drops no answer silently: one to no question, or outside what it allows, is left out with the reason', () => {
    const said = { 'no.such': 1, 'prom.odi': 200, 'flag.fever': 2, 'exam.weakestMuscle': 9, 'pain.leg': 7 };
    const answers = Object.entries(said).map(([finding, value]) => ({ finding, value, at: '2026-02-20' }));
    const { leftOut, used } = inferenceEngine.assess(inputOf({ answers }));
    expect(used.map(({ feature }) => feature)).toEqual(['pain.leg']);
    expect(leftOut.map(({ record, reason, detail }) => [record.feature, reason, detail])).toEqual([
      ['no.such', 'unknown-feature', 'The answer "no.such" belongs to no feature and no question.'],
      ['prom.odi', 'no-value', 'The answer 200 to Oswestry Disability Index is not from 0 to 100 %.'],
      ['flag.fever', 'no-value', expect.stringContaining('is not yes (1) or no (0).')],
      ['exam.weakestMuscle', 'no-value', expect.stringContaining('is not from 0 to 5')],
    ]);
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

  it('reads the risk against the action band of the site, and keeps the band', () => {
    const chronic = { 'symptom.spinePain': 1, 'symptom.duration': 8 };
    const said = Object.entries(chronic).map(([finding, value]) => ({ finding, value, at: '2026-02-20' }));
    const answers = [ODI, ...NO_RED_FLAG, ...said];
    const assess = (actionBand?: ActionBand) =>
      inferenceEngine.assess(inputOf({ setting: 'radicular-herniation', answers, actionBand }));
    expect(assess().actionBand).toEqual(inferenceEngine.assumedBand);
    const narrow = assess([0.05, 0.2]);
    expect(narrow.actionBand).toEqual([0.05, 0.2]);
    const next = narrow.suggestions.find(({ rule }) => rule === 'R34');
    expect(next?.because[0].text).toContain('action band 5 to 20 %');
    expect(assess([0.97, 0.99]).suggestions.some(({ rule }) => rule === 'R34')).toBe(false);
  });

  it('is the same for the same input', () => {
    const once = JSON.stringify(inferenceEngine.assess(inputOf({ answers: [ODI] })));
    expect(JSON.stringify(inferenceEngine.assess(inputOf({ answers: [ODI] })))).toBe(once);
  });
});

const NO_RED_FLAG = FINDINGS.filter(({ redFlag, form }) => redFlag && form.kind === 'yes-no').map(({ id }) => {
  return { finding: id, value: 0, at: '2026-02-20' };
});

describe('a model that fails', () => {
  const setting = 'hospital-sciatica';
  const answers = [ODI, { finding: 'flag.saddleNumbness', value: 1, at: '2026-02-20' }];
  const input = inputOf({ setting, answers });
  const opened = inferenceEngine.site.open(setting, AT);
  const damaged = (change: Partial<(typeof opened.versions)[number]>) => {
    return { ...opened, versions: opened.versions.map((version) => ({ ...version, ...change })) };
  };

  it.each([
    ['has no such version', { ...opened, active: 7 }, /No version 7/],
    ['is cut short', damaged({ mean: opened.versions[0].mean.slice(0, 5) }), /damaged/],
    ['holds gaps', damaged({ mean: JSON.parse(JSON.stringify([Number.NaN, 1])) }), /damaged/],
    ['has no finite result', damaged({ mean: opened.versions[0].mean.map(() => 1e308) }), /not a number/],
  ])('takes no red flag with it: %s', (_, site, reason) => {
    const sound = inferenceEngine.assess(input, opened);
    const { risk, suggestions, asks, worth, challenger, graph, used } = inferenceEngine.assess(input, site);
    expect(risk.state).toBe('failed');
    expect(risk.caution).toMatch(reason);
    const urgent = (all: typeof suggestions) => all.filter(({ urgency }) => urgency !== 'routine');
    expect(urgent(suggestions).map(({ id }) => id)).toEqual(['R01', 'R03']);
    expect(urgent(suggestions)).toEqual(urgent(sound.suggestions));
    expect(asks.filter(({ redFlag }) => redFlag)).toEqual(sound.asks.filter(({ redFlag }) => redFlag));
    expect([worth, challenger, used.length]).toEqual([[], undefined, 1]);
    expect(graph.nodes.some(({ id }) => id === 'feature:prom.odi')).toBe(true);
  });

  it('shows the base rate of the setting and nothing of the patient, and no rule reads it', () => {
    const { risk, suggestions } = inferenceEngine.assess(input, { ...opened, active: 7 });
    expect(risk.horizons[0].probability).toBeCloseTo(0.33, 12);
    expect(risk.contributions).toEqual([]);
    expect(Math.abs(risk.intercept - risk.logit)).toBeLessThan(1e-12);
    expect(risk.caution).toContain('base rate of the setting alone');
    expect(suggestions.some(({ because }) => because.some(({ finding }) => finding === 'risk'))).toBe(false);
  });

  it('is none: weights of an older dictionary go to their names, new terms stand at their prior', () => {
    const [version] = opened.versions;
    const keep = version.ids.flatMap((id, at) => (id === 'pain.leg' || id === 'prom.roland' ? [] : [at])).reverse();
    const older = damaged({
      ids: [...keep.map((at) => version.ids[at]), 'no.longer'],
      mean: [...keep.map((at) => version.mean[at] + (version.ids[at] === 'intercept' ? 0.4 : 0)), 9],
      covariance: [...keep, -1].flatMap((i) =>
        [...keep, -1].map((j) => (i < 0 || j < 0 ? 0 : version.covariance[i * version.ids.length + j])),
      ),
    });
    const leg = { finding: 'pain.leg', value: 8, at: '2026-02-20' };
    const asked = inputOf({ setting, answers: [ODI, leg] });
    const [now, then] = [opened, older].map((site) => inferenceEngine.assess(asked, site).risk);
    expect(then.logit - now.logit).toBeCloseTo(0.4, 12);
    expect(then.sdLogit).toBeCloseTo(now.sdLogit, 12);
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
    // women were told their outcome by the trusted model: the challenger can only be worse for them
    const told = all.map((outcome, at) => {
      const woman = outcome.used.some(({ feature, value }) => feature === 'person.female' && value === 1);
      return at < 250 || !woman ? outcome : { ...outcome, predicted: outcome.operatedIn > 0 ? 0.99 : 0.01 };
    });
    const second = site.update(first, told, AT);
    expect(second.challenger).toMatchObject({ version: 2, learnt: 400 });
    expect(second.challenger?.verdict).toMatchObject({ version: 1, promoted: false, outcomes: 150 });
    expect(second.challenger?.verdict?.reasons.join(' ')).toContain('200 are needed');
    expect(second.challenger?.verdict?.reasons).toContain('Worse for the group women.');
    expect(second.challenger?.verdict?.reasons).not.toContain('Worse for the group men.');
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

  it('gives held weights a say of their own once two hundred operations allow single weights', () => {
    const all = closedOutcomes(400, 1.2).map((outcome) => {
      // those operated tired faster: what the literature has no evidence for
      const slope = outcome.operatedIn ? -0.9 : -0.3;
      const record = { feature: 'emg.fatigueSlope', value: slope, unit: '%/s' as const };
      const emg = { feature: 'emg.fatigueSlope', value: slope, sd: 0, sdMeasured: 0, ageDays: 0, record };
      return { ...outcome, used: [...outcome.used.filter(({ feature }) => feature !== 'emg.fatigueSlope'), emg] };
    });
    const events = all.filter(({ operatedIn }) => operatedIn > 0).length;
    expect(events).toBeGreaterThan(200);
    const revised = site.update(site.open(setting, AT), all, AT);
    const answers = [{ finding: 'emg.fatigueSlope', value: -0.9, at: '2026-02-20' }];
    const before = inferenceEngine.assess(inputOf({ setting, answers })).risk;
    const after = inferenceEngine.assess(inputOf({ setting, answers }), JSON.parse(JSON.stringify(revised))).risk;
    const emgOf = (risk: typeof after) => risk.contributions.find(({ feature }) => feature === 'emg.fatigueSlope');
    expect(emgOf(before)).toMatchObject({ held: true, mean: 0 });
    expect(emgOf(after)?.held).toBe(false);
    expect(emgOf(after)?.mean).toBeGreaterThan(0.3);
    const sum = after.contributions.reduce((total, { mean }) => total + mean, after.intercept);
    expect(Math.abs(sum - after.logit)).toBeLessThan(1e-9);
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
