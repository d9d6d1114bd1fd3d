import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Acquisition,
  CODE_SYSTEM,
  type Feature,
  type FeatureRecord,
  isLoinc,
  isSnomed,
  type RiskPrediction,
} from '../../model/index.ts';
import { recordsFromFeatures, synchronise } from '../features/index.ts';
import { DICTIONARY, findEntry } from '../knowledge/index.ts';
import { predictRisk, priorModel, worthOfExaminations } from '../risk/index.ts';
import { recordsFromAcquisitions } from './acquisitions.ts';
import { CANDIDATE, CASES, CHRONIC, PAIN, STENOSIS } from './cases.ts';
import { aboutFact, type Condition, factsOf } from './condition.ts';
import { factsAt } from './facts.ts';
import { FINDINGS, findFinding, findingOf } from './findings.ts';
import { NO_FLAGS, SAMPLE_DATE, type SampleValues, samplePatient, sampleRecords, URGENT_IDS } from './sample.ts';
import { ACTION_BAND, evaluateRules, type RuleContext, redFlags } from './suggest.ts';
import { RULES } from './table/index.ts';
import { FEATURE_QUESTIONS } from './vocabulary/questions.ts';

const model = priorModel('referred-chronic-back-pain');

/** The engine's inputs for a patient of plain values, with the trusted model's word. */
function withModel(values: SampleValues): RuleContext {
  const patient = samplePatient(values);
  return { ...patient, risk: predictRisk(model, patient.space), worth: worthOfExaminations(model, patient.space) };
}

const verdict = (values: SampleValues) => evaluateRules(samplePatient(values));
const rulesOf = ({ suggestions }: { suggestions: readonly { rule: string }[] }) => suggestions.map(({ rule }) => rule);
const fired = (values: SampleValues) => rulesOf(verdict(values));

describe('rule table', () => {
  it('holds R01 to R34, each once, in order, with a case for every rule', () => {
    const ids = Array.from({ length: 34 }, (_, k) => `R${String(k + 1).padStart(2, '0')}`);
    expect(RULES.map(({ id }) => id).sort()).toEqual(ids);
    expect([...Object.keys(CASES), 'R34'].sort()).toEqual(ids);
  });

  describe.each(Object.entries(CASES))('%s', (id, { speaks, silent }) => {
    it.each(speaks)('speaks: %j', (values) => expect(fired(values)).toContain(id));
    it.each(silent)('is silent: %j', (values) => expect(fired(values)).not.toContain(id));
  });

  it('keeps titles below 140 characters, also against an order, and ends none with a full stop', () => {
    for (const { title } of RULES) {
      expect(`Against an open order: ${title}`.length, title).toBeLessThan(140);
      expect(title).not.toMatch(/\.$/);
    }
  });

  it('orders by codes that pass their check digit', () => {
    const orders = RULES.flatMap(({ order }) => order ?? []);
    expect(orders.length).toBeGreaterThan(12);
    for (const { system, code } of orders)
      expect(system === CODE_SYSTEM.LOINC ? isLoinc(code) : isSnomed(code), code).toBe(true);
  });

  it('names a source for each, and reserves urgency for R01 to R07', () => {
    for (const { source } of RULES) expect(source.length).toBeGreaterThan(10);
    expect(URGENT_IDS).toEqual(['R01', 'R02', 'R03', 'R04', 'R05', 'R06', 'R07']);
    expect(RULES.filter(({ urgency }) => urgency !== 'routine').map(({ id }) => id)).toEqual(URGENT_IDS);
  });
});

describe('vocabulary', () => {
  const used = new Set(
    RULES.flatMap(({ condition, more = [], against = [] }) => [
      ...[condition, ...more.map(({ when }) => when)].flatMap(factsOf),
      ...against,
    ]),
  );

  it('holds everything the rules look at, and nothing they do not', () => {
    for (const id of used) expect(aboutFact(id), id).toBeDefined();
    expect(FINDINGS.filter(({ id }) => !used.has(id)).map(({ id }) => id)).toEqual([]);
    expect(FEATURE_QUESTIONS.filter(({ feature }) => !used.has(feature))).toEqual([]);
  });

  it('shares no id with the dictionary', () => {
    expect(FINDINGS.filter(({ id }) => findEntry(id))).toEqual([]);
    expect(new Set(FINDINGS.map(({ id }) => id)).size).toBe(FINDINGS.length);
    for (const { feature, form } of FEATURE_QUESTIONS) {
      const entry = DICTIONARY.find(({ id }) => id === feature);
      expect(form.kind === 'number' ? form.unit : '1', feature).toBe(entry?.unit);
    }
  });

  it('can ask for whatever a rule waits for', () => {
    const strict = (condition: Condition): string[] => {
      if ('fact' in condition) return condition.ifKnown ? [] : [condition.fact];
      if ('more' in condition) return [condition.more, condition.than];
      if ('not' in condition) return strict(condition.not);
      if ('named' in condition) return strict(condition.is);
      if ('every' in condition) return condition.every.flatMap(strict);
      return 'some' in condition ? condition.some.flatMap(strict) : [];
    };
    const measured = new Set(['prom.startBack']);
    for (const { id, condition } of RULES)
      for (const fact of strict(condition))
        expect(measured.has(fact) || aboutFact(fact)?.question !== undefined, `${id}: ${fact}`).toBe(true);
  });

  it('carries codes that pass their check digit', () => {
    const codes = FINDINGS.flatMap((finding) => finding.codes);
    expect(codes.length).toBeGreaterThan(60);
    for (const { system, code } of codes) {
      if (system === 'LOINC') expect(isLoinc(code), code).toBe(true);
      if (system === 'SNOMED') expect(isSnomed(code), code).toBe(true);
      if (system === 'ICD10') expect(code).toMatch(/^[A-Z]\d/);
    }
    expect(findFinding('no.such')).toBeUndefined();
    expect(() => findingOf('no.such')).toThrow(/rule vocabulary/);
  });

  it('marks as red flag what an emergency or urgent rule waits for, and only that', () => {
    const urgent = new Set(
      RULES.filter(({ urgency }) => urgency !== 'routine').flatMap(({ condition }) => factsOf(condition)),
    );
    const marked = FINDINGS.filter(({ redFlag }) => redFlag).map(({ id }) => id);
    expect(marked.filter((id) => !urgent.has(id))).toEqual([]);
    const unmarked = [...urgent].filter((id) => findFinding(id)?.redFlag === false);
    expect(unmarked).toEqual(['symptom.spinePain']);
  });
});

describe('red flags', () => {
  const suspended = (risk: RiskPrediction): RiskPrediction => ({ ...risk, state: 'suspended' });

  it('speak with no model at all, first, and the same whatever the model says', () => {
    const values = { ...CANDIDATE, 'flag.saddleNumbness': 1, 'exam.postVoidResidual': 420, 'prom.odi': 44 };
    const alone = redFlags(sampleRecords(values), SAMPLE_DATE);
    expect(rulesOf(alone)).toEqual(['R01', 'R02', 'R03']);
    const context = withModel(values);
    const runs = [
      context,
      { ...context, risk: undefined, worth: undefined },
      { ...context, risk: suspended(context.risk as RiskPrediction) },
      { ...context, space: synchronise([], SAMPLE_DATE) },
    ];
    for (const run of runs) {
      const { suggestions } = evaluateRules(run);
      expect(suggestions.slice(0, 3)).toEqual(alone.suggestions);
      expect(suggestions.some(({ id }) => id.startsWith('R34'))).toBe(false);
    }
  });

  it('take the worse of two answers of one day, and the later of two days', () => {
    const say = (value: number, time: string): FeatureRecord => ({
      ...{ feature: 'flag.saddleNumbness', value, unit: '1', time },
    });
    const speaks = (...records: FeatureRecord[]) => rulesOf(redFlags(records, SAMPLE_DATE)).includes('R01');
    expect(speaks(say(1, '2026-03-01'), say(0, '2026-03-01'))).toBe(true);
    expect(speaks(say(0, '2026-03-01'), say(1, '2026-03-01'))).toBe(true);
    expect(speaks(say(1, '2026-02-20'), say(0, '2026-03-01'))).toBe(false);
    expect(speaks(say(1, '2026-01-01'))).toBe(false);
    expect(speaks(say(1, '2026-03-09'))).toBe(false);
    expect(speaks({ feature: 'flag.saddleNumbness', value: 1, unit: '1' })).toBe(true);
    expect(speaks(say(2, '2026-03-01'))).toBe(false);
    expect(speaks(say(1, 'yesterday'))).toBe(false);
  });

  it('name the records that raised them, with their evidence', () => {
    const evidence = [{ artifact: 'a1', locator: { row: 7 } }];
    const record = { ...sampleRecords({ 'flag.saddleNumbness': 1 })[0], evidence };
    const [first] = redFlags([record], SAMPLE_DATE).suggestions;
    expect(first.because).toEqual([{ finding: 'flag.saddleNumbness', text: 'Saddle numbness: yes', record, evidence }]);
    expect(() => redFlags([record], 'soon')).toThrow(/is no date/);
    const noMagnet = sampleRecords({ 'flag.saddleNumbness': 1, 'flag.mriContraindicated': 1 });
    expect(redFlags(noMagnet, SAMPLE_DATE).suggestions[0].detail).toMatch(/CT myelography/);
    expect(first.detail).not.toMatch(/CT myelography/);
  });

  it('are never removed by an unrelated fact', () => {
    const urgentFacts = new Set(
      RULES.filter(({ urgency }) => urgency !== 'routine').flatMap(({ condition }) => factsOf(condition)),
    );
    const unrelated = [...FINDINGS.map(({ id }) => id), ...DICTIONARY.map(({ id }) => id)].filter(
      (id) => !urgentFacts.has(id),
    );
    const raised = fc.constantFrom(...URGENT_IDS.flatMap((id) => CASES[id].speaks.map((values) => ({ id, values }))));
    const extra = fc.dictionary(
      fc.constantFrom(...unrelated),
      fc.oneof(fc.constantFrom<number | string>(0, 1, 'low', 'C', 'L4-L5'), fc.double({ noNaN: false })),
    );
    fc.assert(
      fc.property(raised, extra, fc.boolean(), ({ id, values }, more, reversed) => {
        const records = [...sampleRecords(values), ...sampleRecords(more)];
        if (reversed) records.reverse();
        const known = records.filter(({ feature }) => findEntry(feature));
        const { suggestions } = evaluateRules({
          ...{ records, indexDate: SAMPLE_DATE, space: synchronise(known, SAMPLE_DATE) },
        });
        expect(suggestions.map(({ rule }) => rule)).toContain(id);
      }),
      { numRuns: 300 },
    );
  });
});

describe('three-valued logic', () => {
  const answers = fc.dictionary(
    fc.constantFrom(...FINDINGS.map(({ id }) => id), ...FEATURE_QUESTIONS.map(({ feature }) => feature)),
    fc.constantFrom(0, 1, 3, 7, 20),
    { maxKeys: 25 },
  );

  it('never takes back an emergency or urgent suggestion when something unknown becomes known', () => {
    fc.assert(
      fc.property(answers, answers, (first, second) => {
        const urgent = (values: SampleValues) =>
          redFlags(sampleRecords(values), SAMPLE_DATE).suggestions.map(({ id }) => id);
        const before = urgent(first);
        expect(urgent({ ...second, ...first })).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 400 },
    );
  });

  it('asks only what nobody has said, and only rules that are neither out nor speaking wait', () => {
    fc.assert(
      fc.property(answers, (values) => {
        const { asks, suggestions } = verdict(values);
        const spoken = new Set(suggestions.map(({ rule }) => rule));
        const valid = samplePatient(values);
        const facts = factsAt(valid.records, valid.space);
        for (const { finding, rules } of asks) {
          expect(facts.get(finding), finding).toBeUndefined();
          for (const rule of rules) expect(spoken.has(rule), rule).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('asks nothing in vain: some answer to each question changes what is said or asked', () => {
    fc.assert(
      fc.property(answers, (values) => {
        const words = (more: SampleValues, but: string) => {
          const { asks, suggestions } = verdict({ ...values, ...more });
          const waiting = asks.filter(({ finding }) => finding !== but).map(({ finding, rules }) => [finding, rules]);
          return JSON.stringify([suggestions.map(({ rule }) => rule), waiting]);
        };
        for (const { finding } of verdict(values).asks.slice(0, 4)) {
          const now = words({}, finding);
          const answer = [0, 1, 3, 7, 60, 350].find((value) => words({ [finding]: value }, finding) !== now);
          expect(answer, finding).toBeDefined();
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('asks', () => {
  const asked = (values: SampleValues) => verdict(values).asks.map(({ finding }) => finding);

  it('come red flags first, then by how many rules wait', () => {
    const { asks } = verdict({});
    const flags = asks.map(({ redFlag }) => redFlag);
    expect(flags).toEqual([...flags].sort((a, b) => Number(b) - Number(a)));
    for (const group of [asks.filter(({ redFlag }) => redFlag), asks.filter(({ redFlag }) => !redFlag)]) {
      const waiting = group.map(({ rules }) => rules.length);
      expect(waiting).toEqual([...waiting].sort((a, b) => b - a));
    }
    expect(asks.length).toBeLessThan(25);
    expect(new Set(asks.map(({ finding }) => finding)).size).toBe(asks.length);
    for (const ask of asks) expect(ask.question).toMatch(/\?$/);
  });

  it('leave out what can no longer decide a rule', () => {
    expect(asked({ 'history.cancer': 0 })).not.toContain('history.cancer');
    expect(asked({ 'flag.saddleNumbness': 1 })).not.toContain('flag.bladderDysfunction');
    expect(asked({ 'symptom.claudication': 0 })).not.toContain('diagnosis.stenosis');
    expect(asked({ 'symptom.claudication': 1 })).toContain('diagnosis.stenosis');
    expect(asked({ 'symptom.claudication': 1, 'stenosis.lee': 0 })).not.toContain('diagnosis.stenosis');
    expect(asked({ 'symptom.spinePain': 0 })).not.toContain('care.weeksOfCare');
  });

  it('come one after the other where all must hold', () => {
    expect(asked(CHRONIC)).toContain('care.weeksOfCare');
    expect(asked(CHRONIC)).not.toContain('care.failed');
    expect(asked({ ...CHRONIC, 'care.weeksOfCare': 8 })).toContain('care.failed');
    expect(asked({ ...CHRONIC, 'care.weeksOfCare': 2 })).not.toContain('care.failed');
    expect(asked({ ...NO_FLAGS, 'flag.newWeakness': 1 })).toContain('exam.weakestMuscle');
    expect(asked({ 'flag.saddleNumbness': 1 })).toContain('exam.postVoidResidual');
    expect(asked(NO_FLAGS)).not.toContain('exam.postVoidResidual');
  });

  it('say which rules wait, and the form of the answer', () => {
    const ask = verdict(CHRONIC).asks.find(({ finding }) => finding === 'care.weeksOfCare');
    expect(ask?.rules).toContain('R13');
    expect(ask?.form).toEqual({ kind: 'number', unit: 'wk', min: 0, max: 1040 });
    expect(ask?.redFlag).toBe(false);
  });

  it('come to an end: answering everything asked, yes or no, leaves nothing open', () => {
    for (const answer of [0, 1]) {
      let values: SampleValues = { 'symptom.spinePain': 1, 'person.age': 50, 'symptom.duration': 6 };
      for (let round = 0; round < 40; round++) {
        const { asks } = verdict(values);
        if (asks.length === 0) break;
        const given = asks.map(({ finding, form }) => [finding, form.kind === 'number' ? form.max * 0.5 : answer]);
        values = { ...values, ...Object.fromEntries(given) };
      }
      expect(verdict(values).asks).toEqual([]);
    }
  });

  it('take an answer given by hand in the unit it was asked in, and refuse what is out of range', () => {
    const weeks = (value: number, unit: FeatureRecord['unit']) => {
      const patient = samplePatient({ ...CANDIDATE, 'care.weeksOfCare': 0 });
      const records = patient.records.map((record) =>
        record.feature === 'care.weeksOfCare' ? { ...record, value, unit } : record,
      );
      return rulesOf(evaluateRules({ ...patient, records })).includes('R13');
    };
    expect(weeks(8, 'wk')).toBe(true);
    expect(weeks(8, '1')).toBe(true);
    expect(weeks(8, 'mo')).toBe(false);
    expect(weeks(-8, 'wk')).toBe(false);
  });
});

describe('order of suggestions', () => {
  it('is emergency, urgent, do-not against an open order, then by strength', () => {
    const values = {
      ...{ ...CANDIDATE, ...STENOSIS, 'flag.saddleNumbness': 1, 'history.cancer': 1, 'pain.newOrWorse': 1 },
      ...{ 'order.epidural': 1, 'person.smoker': 1, 'care.spineSurgery': 1, 'symptom.newSinceSurgery': 1 },
    };
    const { suggestions } = verdict(values);
    expect(suggestions.map(({ rule, strength }) => `${rule}${strength}`)).toEqual([
      ...['R01A', 'R03-', 'R05A', 'R25X', 'R16B', 'R31B'],
    ]);
    expect(suggestions[3].title).toMatch(/^Against an open order: /);
    expect(suggestions[3].because[0]).toMatchObject({
      finding: 'order.epidural',
      text: 'Epidural injection ordered: yes',
    });
  });

  it('lets no "do not" hold anything back', () => {
    const before = fired(CANDIDATE);
    expect(fired({ ...CANDIDATE, ...STENOSIS, 'order.epidural': 1 })).toEqual(expect.arrayContaining(before));
  });

  it('shows the same record to the reader that made the rule speak', () => {
    const { suggestions } = verdict({ ...PAIN, 'movement.flexion': 28, 'person.age': 40 });
    const why = suggestions.find(({ rule }) => rule === 'R33')?.because ?? [];
    expect(why.map(({ text }) => text)).toEqual([
      'Lumbar flexion for age: 28°, −3.4 SD from the norm for age',
      'Pain of lower back or leg: yes',
    ]);
    expect(why[0].record?.value).toBe(28);
  });

  it('adds what is known to make a difference', () => {
    const detail = (values: SampleValues) =>
      verdict(values).suggestions.find(({ rule }) => rule === 'R19')?.detail ?? '';
    expect(detail({ 'bone.l1Attenuation': 96 })).toMatch(/osteoporosis is probable/);
    expect(detail({ 'bone.l1Attenuation': 130 })).not.toMatch(/osteoporosis is probable/);
  });
});

describe('what the twin measured', () => {
  it('makes a rule speak, and leads back to the samples it came from', () => {
    const evidence = [
      { artifact: 'recording-1', locator: { channels: ['lumbar.flexion'], timeS: [2, 6] as [number, number] } },
    ];
    const feature: Feature = {
      ...{ id: 'f7', run: 'r', capability: 'segment-angles', version: 1, knownAt: SAMPLE_DATE, evidence },
      ...{ definition: 'segment.maximum', site: 'lumbar.flexion', value: 24, unit: 'deg', quality: 1, synthetic: true },
      ...{ method: 'sensors', validAt: SAMPLE_DATE },
      uncertainty: { kind: 'interval', low: 18, high: 30, sd: 3.6, method: 'bootstrap' },
    };
    const records = [...recordsFromFeatures([feature]), ...sampleRecords({ ...PAIN, 'person.age': 44 })];
    const space = synchronise(
      records.filter(({ feature: id }) => findEntry(id)),
      SAMPLE_DATE,
    );
    const { suggestions } = evaluateRules({ records, space, indexDate: SAMPLE_DATE });
    const [why] = suggestions.find(({ rule }) => rule === 'R33')?.because ?? [];
    expect(why).toMatchObject({ finding: 'movement.flexion', evidence, record: { source: 'f7' } });
  });
});

describe('what came in', () => {
  const mr = (more: Partial<Acquisition>): Acquisition => ({
    ...{ id: 'a1', modality: 'mr', scales: ['meso'], posture: 'supine', knownAt: SAMPLE_DATE, files: [], quality: [] },
    ...{ synthetic: true, metadata: {}, takenAt: '2025-12-01' },
    ...more,
  });
  const speaks = (acquisition: Acquisition) => {
    const patient = samplePatient(CANDIDATE);
    const records = [...patient.records, ...recordsFromAcquisitions([acquisition])];
    return rulesOf(evaluateRules({ ...patient, records })).includes('R13');
  };

  it('counts an MRI of the twin as made, unless it is old or of another region', () => {
    expect(speaks(mr({}))).toBe(false);
    expect(speaks(mr({ takenAt: undefined }))).toBe(false);
    expect(speaks(mr({ region: 'LSPINE' }))).toBe(false);
    expect(speaks(mr({ takenAt: '2023-12-01' }))).toBe(true);
    expect(speaks(mr({ region: 'thoracolumbar' }))).toBe(false);
    expect(speaks(mr({ region: 'BRAIN' }))).toBe(true);
    expect(speaks(mr({ modality: 'ct' }))).toBe(true);
  });

  it('counts a slip at lumbar levels alone', () => {
    const slip = (level: string) => {
      const patient = samplePatient({ ...PAIN, 'care.surgeryConsidered': 1 });
      const measured: FeatureRecord = { feature: 'segment.slip', value: 15, unit: '%', level, time: SAMPLE_DATE };
      const space = synchronise(
        [...patient.records.filter(({ feature }) => findEntry(feature)), measured],
        SAMPLE_DATE,
      );
      return rulesOf(evaluateRules({ ...patient, records: [...patient.records, measured], space })).includes('R17');
    };
    expect(slip('L4-L5')).toBe(true);
    expect(slip('C5-C6')).toBe(false);
  });
});

describe('values that grow', () => {
  it('lets an old duration grow into chronic pain, and a patient grow old', () => {
    const old = sampleRecords({ 'symptom.duration': 1, 'person.age': 70 }, '2025-06-01');
    const records = [...old, ...sampleRecords({ ...PAIN, 'pain.newOrWorse': 1 })];
    const space = synchronise(
      records.filter(({ feature }) => findEntry(feature)),
      SAMPLE_DATE,
    );
    const rules = rulesOf(evaluateRules({ records, space, indexDate: SAMPLE_DATE }));
    expect(rules).not.toContain('R20');
    expect(rules).toContain('R07');
  });
});

describe('R34', () => {
  const values: SampleValues = { ...CANDIDATE, 'person.age': 52, 'pain.leg': 6, 'pain.back': 4, 'prom.odi': 40 };

  it('ranks the examinations that are in place as their worth ranks them, and no others', () => {
    const context = withModel(values);
    const { suggestions } = evaluateRules({ ...context, actionBand: [0.05, 0.15] });
    const next = suggestions.filter(({ rule }) => rule === 'R34').map(({ modality }) => modality);
    const order = (context.worth ?? []).map(({ modality }) => modality).filter((modality) => next.includes(modality));
    expect(next).toEqual(order);
    expect(next[0]).toBe('mri');
    expect(next).not.toContain('record');
    expect(next).not.toContain('radiograph');
    const first = suggestions.find(({ id }) => id === 'R34:mri');
    expect(first?.order?.code).toBe('30679-5');
    expect(first?.worth?.varianceDrop).toBeGreaterThan(0);
    expect(first?.detail).toMatch(/In place by R13/);
    expect(first?.title.length).toBeLessThan(140);
    expect(first?.because[0].text).toMatch(
      /^Risk of surgery within 12 months: \d+ % \(\d+ to \d+ %\); action band 5 to 15 %$/,
    );
    expect(suggestions.find(({ rule }) => rule === 'R13')?.worth?.modality).toBe('mri');
  });

  it('is silent without a usable risk, when the risk is decided, and when no rule puts an examination in place', () => {
    const context = withModel(values);
    const speaks = (more: Partial<RuleContext>) => rulesOf(evaluateRules({ ...context, ...more })).includes('R34');
    const actionBand = [0.05, 0.15] as const;
    expect(speaks({ actionBand })).toBe(true);
    expect(speaks({ actionBand, risk: undefined })).toBe(false);
    expect(speaks({ actionBand, worth: undefined })).toBe(false);
    expect(speaks({ actionBand, risk: { ...(context.risk as RiskPrediction), state: 'suspended' } })).toBe(false);
    expect(speaks({ actionBand: [0.97, 0.99] })).toBe(false);
    expect(speaks({ actionBand, ...samplePatient({ 'person.age': 52 }) })).toBe(false);
  });

  it('takes a high risk for surgery being likely', () => {
    const context = withModel({ 'person.smoker': 1 });
    const speaks = (actionBand: readonly [number, number]) =>
      rulesOf(evaluateRules({ ...context, actionBand })).includes('R31');
    expect(speaks([0.001, 0.002])).toBe(true);
    expect(speaks(ACTION_BAND)).toBe(false);
  });
});
