import { describe, expect, it } from 'vitest';
import type { ClinicalFact, ClinicalRecord, ClinicalValue, FeatureRecord } from '../../model/index.ts';
import { CODE_SYSTEM } from '../../model/index.ts';
import { synchronise } from '../features/index.ts';
import { DICTIONARY, findEntry } from '../knowledge/index.ts';
import { FINDINGS } from '../rules/index.ts';
import { readClinical, recordsFromClinical } from './clinical.ts';

const INDEX = '2026-03-02T00:00:00Z';

const SYSTEM = {
  ...{ snomed: CODE_SYSTEM.SNOMED, loinc: CODE_SYSTEM.LOINC, icd10: 'http://hl7.org/fhir/sid/icd-10-cm' },
  ...{ cpt: 'http://www.ama-assn.org/go/cpt', local: 'urn:msdt:feature', rxnorm: CODE_SYSTEM.RXNORM },
  atc: 'http://www.whocc.no/atc',
} as const;

type System = keyof typeof SYSTEM;

function fact(kind: ClinicalFact['kind'], code: `${System} ${string}`, more: Partial<ClinicalFact> = {}): ClinicalFact {
  const [system, name] = [code.slice(0, code.indexOf(' ')) as System, code.slice(code.indexOf(' ') + 1)];
  const resource = { condition: 'Condition', medication: 'MedicationRequest', procedure: 'Procedure' }[kind as string];
  return {
    ...{ id: `${kind}-1`, kind, resource: resource ?? 'Observation', scale: 'macro', place: 'entry[4]' },
    concept: { codings: [{ system: SYSTEM[system], code: name }] },
    from: '2026-02-20',
    ...more,
  };
}

const lab = (code: string, value: ClinicalValue, more: Partial<ClinicalFact> = {}): ClinicalFact =>
  fact('observation', `loinc ${code}`, { status: 'final', value, ...more });

const record = (...facts: ClinicalFact[]): ClinicalRecord => ({
  ...{ person: {}, facts, skipped: [], withheld: [], synthetic: true },
});

const read = (facts: ClinicalFact[], index: string | undefined = INDEX) =>
  readClinical([{ artifact: 'a1', record: record(...facts) }], index);

const only = (facts: ClinicalFact[], target: string): FeatureRecord[] =>
  read(facts).records.filter(({ feature }) => feature === target);

const why = (facts: ClinicalFact[], target: string): string | undefined =>
  read(facts).leftOut.find((left) => left.target === target)?.reason;

describe('numbers of a record', () => {
  it.each([
    ['1988-5', { number: 12, unit: 'mg/L' }, 'lab.crp', 12],
    ['1988-5', { number: 1.2, unit: 'mg/dL' }, 'lab.crp', 12],
    ['30522-7', { number: 0.4, unitText: 'mg/L' }, 'lab.crp', 0.4],
    ['62292-8', { number: 50, unit: 'nmol/L' }, 'lab.vitaminD', 20.032],
    ['62292-8', { number: 31, unit: 'ug/L' }, 'lab.vitaminD', 31],
    ['41171-0', { number: 0.41, unit: 'ng/mL' }, 'lab.betaCtx', 410],
    ['4548-4', { number: 48, unit: 'mmol/mol' }, 'lab.hba1c', 6.54304],
    ['4548-4', { number: 7.1, unit: '%' }, 'lab.hba1c', 7.1],
    ['718-7', { number: 142, unit: 'g/L' }, 'lab.haemoglobin', 14.2],
    ['39156-5', { number: 31.2, unit: 'kg/m2' }, 'person.bmi', 31.2],
    ['97909-6', { number: 44, unit: '%' }, 'prom.odi', 44],
    ['97909-6', { number: 22, unit: '{score}' }, 'prom.odi', 44],
    ['44261-6', { number: 11, unit: '{score}' }, 'prom.phq9', 11],
    ['44261-6', { number: 11 }, 'prom.phq9', 11],
    ['38267-1', { number: -2.1, unit: '{T-score}' }, 'bone.tScore', -2.1],
    ['91351-7', { number: 3 }, 'prom.startBack', 'low'],
    ['8310-5', { number: 38.4, unit: 'Cel' }, 'flag.fever', 1],
    ['8310-5', { number: 102, unit: '[degF]' }, 'flag.fever', 1],
  ] as const)('LOINC %s %j is %s %s', (code, value, target, wanted) => {
    const [found] = only([lab(code, value)], target);
    if (typeof wanted === 'string') expect(found.value).toBe(wanted);
    else expect(found.value).toBeCloseTo(wanted, 9);
    const entry = findEntry(target);
    if (entry) expect(found.unit).toBe(entry.unit);
    expect(found.method).toContain(`LOINC ${code}`);
  });

  it.each<[string, ClinicalValue, string, RegExp]>([
    ['1988-5', { number: 12 }, 'lab.crp', /no unit is given/],
    ['1988-5', { number: 12, unit: 'mmol/L' }, 'lab.crp', /"mmol\/L" is not mg\/L/],
    ['97909-6', { number: 36 }, 'prom.odi', /no unit is given/],
    ['97909-6', { number: 60, unit: '{score}' }, 'prom.odi', /outside 0 to 100/],
    ['44261-6', { number: 28 }, 'prom.phq9', /outside/],
    ['91351-7', { number: 6 }, 'prom.startBack', /distress subscale/],
    ['1988-5', { absent: 'not-performed' }, 'lab.crp', /not-performed/],
    ['72166-2', { concept: { codings: [{ system: SYSTEM.snomed, code: '266927001' }] } }, 'person.smoker', /unknown/],
    ['8310-5', { number: 36.8, unit: 'Cel' }, 'flag.fever', /no "no"/],
  ])('LOINC %s %j is left out of %s: %s', (code, value, target, reason) => {
    expect(only([lab(code, value)], target)).toEqual([]);
    expect(why([lab(code, value)], target)).toMatch(reason);
  });

  it('below the limit of the laboratory are half of it, with the spread of what is left', () => {
    const [crp] = only([lab('1988-5', { number: 5, comparator: '<', unit: 'mg/L' })], 'lab.crp');
    expect(crp).toMatchObject({ value: 2.5, unit: 'mg/L' });
    expect(crp.sd).toBeCloseTo(5 / Math.sqrt(12), 12);
  });

  it('keep time, source and the way back', () => {
    const facts = [
      lab('4548-4', { number: 6, unit: '%' }),
      lab('1988-5', { number: 3, unit: 'mg/L' }, { id: 'observation-2' }),
    ];
    expect(only(facts, 'lab.crp')[0]).toMatchObject({
      ...{ time: '2026-02-20', source: 'observation-2' },
      evidence: [{ artifact: 'a1', locator: { row: 1, place: 'entry[4]' } }],
    });
  });

  it('of pain need a place: leg or back', () => {
    const pain = (text?: string) => [
      lab('72514-3', { number: 7, unit: '{score}' }, text ? { bodySite: [{ codings: [], text }] } : {}),
    ];
    expect(only(pain('Left leg'), 'pain.leg')[0]).toMatchObject({ value: 7, side: 'left' });
    expect(only(pain('Lower back'), 'pain.back')[0].value).toBe(7);
    expect(read(pain()).records).toEqual([]);
    expect(why(pain(), 'pain.leg')).toMatch(/leg or back/);
    expect(read(pain('Back and legs')).records).toEqual([]);
  });

  it.each(['cancelled', 'entered-in-error', 'registered'])('of status %s do not count', (status) => {
    expect(read([lab('1988-5', { number: 90, unit: 'mg/L' }, { status })]).records).toEqual([]);
  });

  it('that are not the ones of the dictionary say so', () => {
    const { records, leftOut } = read([lab('38265-5', { number: -3, unit: '{T-score}' })]);
    expect(records).toEqual([]);
    expect(leftOut[0].reason).toMatch(/forearm/);
  });

  it('come from scores of a questionnaire too, when it is finished', () => {
    const odi = (status: string): ClinicalFact => ({
      ...fact('score', 'local form', { resource: 'QuestionnaireResponse', status }),
      parts: [{ concept: { codings: [{ system: SYSTEM.loinc, code: '97909-6' }] }, value: { number: 38, unit: '%' } }],
    });
    expect(only([odi('completed')], 'prom.odi')[0].value).toBe(38);
    expect(only([odi('in-progress')], 'prom.odi')).toEqual([]);
  });
});

describe('facts that name a feature or finding by its own id', () => {
  const own = (id: string, value: ClinicalValue, more: Partial<ClinicalFact> = {}) =>
    fact('observation', `local ${id}`, { status: 'final', value, ...more });

  it('give every entry of the dictionary its value, in its unit', () => {
    for (const { id, unit, marginal, posture } of DICTIONARY) {
      const classes = marginal.kind === 'classes' ? marginal.values[marginal.values.length - 1] : undefined;
      const value: ClinicalValue =
        classes === undefined
          ? { number: 3, unit }
          : typeof classes === 'number'
            ? { number: classes }
            : { concept: { codings: [], text: classes } };
      const parts = posture && [
        { concept: { codings: [{ system: '', code: 'posture' }] }, value: { concept: { codings: [], text: posture } } },
      ];
      const [found] = only([own(id, value, { ...(parts && { parts }), from: '2026-03-01' })], id);
      expect(found, id).toMatchObject({ value: classes ?? 3, unit });
      expect([...synchronise([found], INDEX).features.keys()], id).toEqual([id]);
    }
  });

  it('answer every finding of the rules', () => {
    for (const { id, form } of FINDINGS) {
      if (form.kind === 'yes-no') {
        expect(only([own(id, { truth: true })], id)[0].value, id).toBe(1);
        expect(only([own(id, { concept: { codings: [], text: 'No' } })], id)[0].value, id).toBe(0);
      } else if (form.kind === 'number') expect(only([own(id, { number: 2, unit: form.unit })], id)[0].value).toBe(2);
      else expect(only([own(id, { concept: { codings: [], text: form.options[0].value } })], id)).toHaveLength(1);
    }
  });

  it('know the level, and what a capability measured', () => {
    const slip = own(
      'segment.listhesisShare',
      { number: 12, unit: '%' },
      { bodySite: [{ codings: [], text: 'L4/5' }] },
    );
    expect(only([slip], 'segment.slip')[0]).toMatchObject({ value: 12, level: 'L4-L5' });
    const schizas = own('stenosis.schizas', { concept: { codings: [{ system: '', code: 'C' }] } });
    expect(only([schizas], 'stenosis.schizas')[0].value).toBe('C');
    expect(why([own('stenosis.schizas', { number: 3 })], 'stenosis.schizas')).toMatch(/one of A, B, C, D/);
  });
});

describe('diagnoses', () => {
  const cond = (code: `${System} ${string}`, more: Partial<ClinicalFact> = {}) =>
    fact('condition', code, { status: 'active', verification: 'confirmed', from: '2025-03-02', ...more });

  it('that last are true until the record ends', () => {
    const facts = [cond('snomed 39898005'), lab('4548-4', { number: 6, unit: '%' })];
    expect(only(facts, 'person.sleepDisorder')[0]).toMatchObject({ value: 1, time: '2026-02-20T00:00:00.000Z' });
  });

  it('say yes and no of claudication by their fifth sign', () => {
    expect(only([cond('icd10 M48.062')], 'symptom.claudication')[0].value).toBe(1);
    expect(only([cond('icd10 M48061')], 'symptom.claudication')[0].value).toBe(0);
    expect(only([cond('icd10 M48.06')], 'symptom.claudication')).toEqual([]);
  });

  it('do not count when resolved, unless as history', () => {
    const over = { status: 'resolved', to: '2025-09-01' };
    expect(only([cond('snomed 39898005', over)], 'person.sleepDisorder')).toEqual([]);
    expect(why([cond('snomed 39898005', over)], 'person.sleepDisorder')).toMatch(/history only/);
    expect(only([cond('icd10 C50.9', over)], 'history.cancer')[0]).toMatchObject({ value: 1, time: '2025-03-02' });
    // resolved after the index date: still so at it
    expect(
      only([cond('snomed 39898005', { status: 'resolved', to: '2026-06-01' })], 'person.sleepDisorder'),
    ).toHaveLength(1);
  });

  it('that are refuted say no, suspected ones nothing, errors nothing', () => {
    expect(only([cond('icd10 C50.9', { verification: 'refuted' })], 'history.cancer')[0].value).toBe(0);
    expect(only([cond('icd10 C50.9', { verification: 'provisional' })], 'history.cancer')).toEqual([]);
    expect(only([cond('icd10 C50.9', { verification: 'entered-in-error' })], 'history.cancer')).toEqual([]);
    expect(
      only([cond('icd10 G83.4', { verification: 'provisional', from: '2026-03-01' })], 'diagnosis.caudaEquina')[0],
    ).toMatchObject({ value: 1 });
  });

  it('that are not there are unknown, not absent', () => {
    expect(read([cond('icd10 I10')]).records).toEqual([]);
  });

  it('of skin, neck and chest are not taken for others', () => {
    expect(only([cond('icd10 C44.3')], 'history.cancer')).toEqual([]);
    expect(only([cond('icd10 C43.3')], 'history.cancer')).toHaveLength(1);
    expect(only([cond('icd10 M54.2')], 'symptom.spinePain')).toEqual([]);
    expect(only([cond('icd10 M54.12')], 'symptom.sciatica')).toEqual([]);
    expect(only([cond('icd10 M54.16')], 'symptom.sciatica')).toHaveLength(1);
  });

  it('date the symptoms', () => {
    const [duration] = only([cond('icd10 M54.16')], 'symptom.duration');
    expect(duration).toMatchObject({ unit: 'mo', time: '2026-03-02T00:00:00.000Z' });
    expect(duration.value).toBeCloseTo(12, 1);
    expect(only([cond('icd10 M54.12')], 'symptom.duration')).toEqual([]);
    expect(only([cond('icd10 M54.16', { status: 'resolved', to: '2025-06-01' })], 'symptom.duration')).toEqual([]);
  });

  it('date the symptoms by the one that has lasted longest', () => {
    const facts = [cond('icd10 M54.16', { from: '2026-01-01' }), cond('icd10 M48.061', { id: 'condition-2' })];
    const found = only(facts, 'symptom.duration');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ source: 'condition-2', value: expect.closeTo(12, 1) });
  });

  it('left on the list do not outlive a later observation', () => {
    const former = lab('72166-2', { concept: { codings: [{ system: SYSTEM.snomed, code: '8517006' }] } });
    const smokes = cond('snomed 449868002', { from: '2019-01-01' });
    const space = synchronise(read([smokes, former]).records, INDEX);
    expect(space.features.get('person.smoker')?.value).toBe(0);
    const again = { ...smokes, id: 'condition-2', from: '2026-02-25' };
    expect(synchronise(read([again, former]).records, INDEX).features.get('person.smoker')?.value).toBe(1);
  });

  it('in the conclusions of a report count at its date', () => {
    const report = fact('report', 'loinc 24968-0', {
      ...{ resource: 'DiagnosticReport', status: 'final' },
      findings: [{ codings: [{ system: SYSTEM.snomed, code: '18347007' }] }],
    });
    expect(only([report], 'diagnosis.stenosis')[0]).toMatchObject({ value: 1, time: '2026-02-20' });
    expect(only([report], 'imaging.lumbarMri')[0].value).toBe(1);
  });
});

describe('drugs', () => {
  const drug = (
    more: Partial<ClinicalFact> = {},
    display = 'oxyCODONE Hydrochloride 5 MG Oral Tablet',
  ): ClinicalFact => ({
    ...fact('medication', 'rxnorm 1049621', { status: 'active', intent: 'order', ...more }),
    concept: { codings: [{ system: SYSTEM.rxnorm, code: '1049621', display }] },
  });

  it('are known by RxNorm name, ingredient and ATC class', () => {
    expect(only([drug()], 'care.opioid')[0]).toMatchObject({ value: 1, time: '2026-02-20' });
    expect(only([fact('medication', 'rxnorm 7804', { status: 'active' })], 'care.opioid')).toHaveLength(1);
    expect(only([fact('medication', 'atc N02AA05', { status: 'active' })], 'care.opioid')).toHaveLength(1);
    expect(only([drug({}, 'Naproxen sodium 220 MG Oral Tablet')], 'care.opioid')).toEqual([]);
    expect(only([drug({}, 'pregabalin 75 MG Oral Capsule')], 'care.gabapentinoid')).toHaveLength(1);
  });

  it('that were stopped, or only proposed, are not in use', () => {
    expect(only([drug({ status: 'stopped' })], 'care.opioid')).toEqual([]);
    expect(why([drug({ status: 'stopped' })], 'care.opioid')).toMatch(/not in use/);
    expect(only([drug({ intent: 'proposal' })], 'care.opioid')).toEqual([]);
    expect(only([drug({ intent: 'proposal' })], 'order.opioid')).toHaveLength(1);
    expect(only([{ ...drug(), kind: 'allergy' }], 'care.opioid')).toEqual([]);
  });

  it('of a prescription count at its date, of a statement as long as it lasts', () => {
    const old = { from: '2020-01-01' };
    const later = lab('4548-4', { number: 6, unit: '%' });
    expect(only([drug(old), later], 'care.opioid')[0].time).toBe('2020-01-01');
    const stated = { ...old, resource: 'MedicationStatement' };
    expect(only([drug(stated), later], 'care.opioid')[0].time).toBe('2026-02-20T00:00:00.000Z');
    expect(only([drug({ ...stated, to: '2024-01-01' }), later], 'care.opioid')).toEqual([]);
  });

  it('over three months make steroids prolonged, creams never', () => {
    const steroid = (from: string, display = 'predniSONE 10 MG Oral Tablet') => drug({ from }, display);
    expect(only([steroid('2025-11-01'), steroid('2026-02-20')], 'flag.prolongedSteroids')[0].value).toBe(1);
    expect(why([steroid('2026-02-01'), steroid('2026-02-20')], 'flag.prolongedSteroids')).toMatch(/over 19 days/);
    const cream = 'Hydrocortisone 10 MG/ML Topical Cream';
    expect(read([steroid('2025-11-01', cream), steroid('2026-02-20', cream)]).records).toEqual([]);
  });
});

describe('procedures and orders', () => {
  it('that were done are history, at their date', () => {
    const done = fact('procedure', 'cpt 63030', { status: 'completed', from: '2018-05-01' });
    expect(only([done], 'care.spineSurgery')[0]).toMatchObject({ value: 1, time: '2018-05-01' });
    expect(only([{ ...done, status: 'not-done' }], 'care.spineSurgery')).toEqual([]);
    const neck = fact('procedure', 'snomed 387731002', {
      status: 'completed',
      bodySite: [{ codings: [], text: 'Cervical spine' }],
    });
    expect(why([neck], 'care.spineSurgery')).toMatch(/not of the lumbar/);
    expect(only([fact('procedure', 'cpt 62323', { status: 'completed' })], 'care.epidural')).toHaveLength(1);
  });

  it('that are studies count by modality and body part', () => {
    const study = (code: string, text: string): ClinicalFact => ({
      ...fact('imaging', 'snomed 1', {
        resource: 'ImagingStudy',
        status: 'available',
        bodySite: [{ codings: [], text }],
      }),
      concept: { codings: [{ system: CODE_SYSTEM.DICOM, code }] },
    });
    expect(only([study('MR', 'Lumbar spine')], 'imaging.lumbarMri')[0]).toMatchObject({ value: 1, time: '2026-02-20' });
    expect(only([study('MR', 'Knee')], 'imaging.lumbarMri')).toEqual([]);
    expect(only([study('CT', 'Lumbar spine')], 'imaging.lumbarMri')).toEqual([]);
  });

  it('that are open are orders, closed ones not', () => {
    const mri = fact('order', 'loinc 30679-5', { resource: 'ServiceRequest', status: 'active', intent: 'order' });
    expect(only([mri], 'order.lumbarMri')).toHaveLength(1);
    expect(only([mri], 'order.lumbarImaging')).toHaveLength(1);
    expect(only([{ ...mri, status: 'completed' }], 'order.lumbarMri')).toEqual([]);
    expect(only([mri], 'imaging.lumbarMri')).toEqual([]);
    const opinion = fact('order', 'snomed 770695002', { resource: 'ServiceRequest', status: 'active' });
    expect(only([opinion], 'care.surgeryConsidered')).toHaveLength(1);
  });
});

describe('the person', () => {
  const of = (person: ClinicalRecord['person'], index?: string) =>
    recordsFromClinical(
      [{ artifact: 'a1', record: { ...record(lab('1', {}, { from: '2020-07-02' })), person } }],
      index,
    );

  it('has an age at the index date, known to a year', () => {
    const [age, female] = of({ sex: 'female', birthYear: 1960 }, '2026-07-02T12:00:00Z');
    expect(age).toMatchObject({ feature: 'person.age', unit: 'a', value: 66, time: '2026-07-02T12:00:00.000Z' });
    expect(age.sd).toBeCloseTo(0.289, 3);
    expect(female).toMatchObject({ feature: 'person.female', value: 1 });
    // without an index date, at the last fact
    expect(of({ birthYear: 1960 })[0].value).toBe(60);
    expect(of({ birthYear: 2030 }, '2026-01-01')).toEqual([]);
    expect(of({ sex: 'other' })).toEqual([]);
  });
});
