import { describe, expect, it } from 'vitest';
import { memoryFile, readOne, roundTrip } from '../../../tests/support/formats/formats.ts';
import { clinicalRecord } from '../../../tests/support/record/clinical-sample.ts';
import { createRandom, type Random } from '../../kernel/index.ts';
import type { ClinicalRecord, ReadReport } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { json } from '../json/index.ts';
import { urnOf } from './bundle.ts';
import { fhir } from './index.ts';

const file = (value: unknown, name = 'x.json') =>
  memoryFile(name, utf8(typeof value === 'string' ? value : JSON.stringify(value)));
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const PATIENT = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: 'Winterbottom', given: ['Ada'] }],
  identifier: [{ system: 'urn:mrn', value: 'MRN-0099' }],
  birthDate: '1961-04-23',
  gender: 'female',
};
const ABOUT = { subject: { reference: 'Patient/p' } };
const crp = (more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '1988-5' }] },
  ...ABOUT,
  ...more,
});

/** Puts a value in a random place of a document. */
function spoil(root: object, value: unknown, random: Random): void {
  if (typeof root !== 'object') return;
  let at = root as Record<string, unknown>;
  for (let depth = 0; depth < 12; depth++) {
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = keys[random.int(0, keys.length - 1)];
    const next = at[key];
    // mostly deep down: a bundle without entries tells little
    if (typeof next === 'object' && next !== null && random.uniform() < 0.9) at = next as Record<string, unknown>;
    else {
      at[key] = value;
      return;
    }
  }
}

async function report(...files: Parameters<typeof fhir.read>[0]): Promise<ReadReport> {
  return fhir.read(files);
}

async function recordOf(...resources: object[]): Promise<ClinicalRecord> {
  const item = await readOne(fhir, [file(bundle(...resources))]);
  return item.artifacts[0].payload as ClinicalRecord;
}

describe('FHIR', () => {
  it('gives back every kind of fact it wrote', async () => {
    const payload = clinicalRecord();
    const item = await roundTrip(fhir, { kind: 'record.clinical', payload, name: 'Record' });
    expect(item.artifacts[0].payload).toEqual(payload);
    expect(item).toMatchObject({ modality: 'record', synthetic: true });
  });

  it('keeps of a person sex and year of birth, and no text that names them', async () => {
    const record = await recordOf(
      PATIENT,
      {
        ...crp(),
        code: { text: 'CRP of Mrs Winterbottom' },
        valueQuantity: { value: 3 },
        note: [{ text: 'Ada says' }],
      },
      { ...crp(), code: { text: 'see MRN-0099' }, valueString: 'Ada Winterbottom, born 1961-04-23' },
      { resourceType: 'Condition', ...ABOUT, code: { text: 'Pain' }, recorder: { display: 'Dr Ada' } },
    );
    expect(record.person).toEqual({ sex: 'female', birthYear: 1961 });
    expect(JSON.stringify(record)).not.toMatch(/winterbottom|ada\b|MRN|04-23/i);
    expect(record.withheld).toContainEqual({ what: 'Patient.name', reason: 'may identify a person', count: 1 });
    expect(record.withheld).toContainEqual({ what: 'Observation.note', reason: 'free text is withheld', count: 1 });
    expect(record.facts.map(({ id }) => id)).toEqual(['observation-1', 'observation-2', 'condition-1']);
  });

  it('never calls the artifact by the file, which may be the name of a person', async () => {
    const item = await readOne(fhir, [file(bundle(PATIENT, crp()), 'Ada_Winterbottom.json')]);
    expect(item.artifacts[0].name).toBe('Clinical record');
  });

  it('says of every resource that is no fact why', async () => {
    const parts = [
      PATIENT,
      crp(),
      { ...crp(), status: 'entered-in-error' },
      {
        resourceType: 'Condition',
        ...ABOUT,
        code: { text: 'x' },
        verificationStatus: { coding: [{ code: 'entered-in-error' }] },
      },
      { resourceType: 'Organization', name: 'A clinic' },
      { resourceType: 'Claim' },
      { resourceType: 'NoSuchThing' },
      { resourceType: 'Slot' },
      { resourceType: 'Procedure', ...ABOUT, status: 'completed' },
    ];
    const { items, skipped } = await report(file({ ...bundle(...parts), entry: [...bundle(...parts).entry, {}] }));
    const record = items[0].artifacts[0].payload as ClinicalRecord;
    expect(record.facts).toHaveLength(1);
    expect(record.skipped.map(({ what }) => what).sort()).toEqual(
      ['Bundle.entry', 'Claim', 'Condition', 'NoSuchThing', 'Observation', 'Organization', 'Procedure', 'Slot'].sort(),
    );
    expect(skipped).toHaveLength(8);
    expect(skipped).toContainEqual({ file: 'x.json · 1 × Slot', reason: 'the record has no place for it' });
    expect(items[0].quality[0]).toMatchObject({ code: 'fhir.left-out', severity: 'info' });
  });

  it('keeps dates as precise as they are, codes, UCUM units, comparators, and calls the laboratory nano', async () => {
    const category = [{ coding: [{ code: 'laboratory' }] }];
    const value = { value: 5, comparator: '<', unit: 'mg/l', system: 'http://unitsofmeasure.org', code: 'mg/L' };
    const record = await recordOf(
      PATIENT,
      crp({ category, valueQuantity: value, effectiveDateTime: '2024-03' }),
      crp({ valueQuantity: { value: 61, unit: 'inch' }, effectivePeriod: { start: '2024', end: 'soon' } }),
      crp({ effectiveDateTime: '2024-13-45', dataAbsentReason: { coding: [{ code: 'not-performed' }] } }),
      crp({ valueQuantity: { value: 5, unit: 'mg/l', system: 'http://unitsofmeasure.org', code: 'mg/L' } }),
    );
    expect(record.facts[0]).toMatchObject({
      ...{ scale: 'nano', from: '2024-03' },
      value: { number: 5, comparator: '<', unit: 'mg/L', unitText: 'mg/l' },
    });
    expect(record.facts[1]).toMatchObject({ scale: 'macro', from: '2024', value: { number: 61, unitText: 'inch' } });
    expect(record.facts[1].to).toBeUndefined();
    expect(record.facts[2]).toMatchObject({ value: { absent: 'not-performed' } });
    expect(record.facts[2].from).toBeUndefined();
    expect(record.facts[3].scale).toBe('nano');
  });

  it('takes scores of questionnaires and leaves single answers out', async () => {
    const answer = (value: object) => [value];
    const record = await recordOf(PATIENT, {
      ...{ resourceType: 'QuestionnaireResponse', status: 'completed', ...ABOUT, authored: '2024-02-03' },
      questionnaire: 'http://example.org/odi',
      item: [
        { linkId: '1', text: 'Pain intensity', answer: answer({ valueInteger: 3 }) },
        { linkId: '2', text: 'Anything else', answer: answer({ valueString: 'Call Ada' }) },
        { linkId: 'g', item: [{ linkId: '/97909-6', text: 'Total score', answer: answer({ valueDecimal: 42 }) }] },
      ],
    });
    expect(record.facts[0].parts).toEqual([
      {
        concept: { codings: [{ system: 'http://loinc.org', code: '97909-6', display: 'Total score' }] },
        value: { number: 42 },
      },
    ]);
    expect(record.withheld.find(({ what }) => what === 'QuestionnaireResponse.item')?.count).toBe(2);
  });

  it('finds what references mean: full addresses, relative ones, searches, contained drugs', async () => {
    const request = { resourceType: 'MedicationRequest', status: 'active', intent: 'order' };
    const entries = [
      { fullUrl: 'urn:uuid:1', resource: PATIENT },
      {
        fullUrl: 'https://s/fhir/Condition/c',
        resource: { resourceType: 'Condition', id: 'c', subject: { reference: 'urn:uuid:1' }, code: { text: 'Pain' } },
      },
      {
        resource: {
          ...request,
          contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'Tramadol' } }],
          medicationReference: { reference: '#m' },
          subject: { reference: 'Patient?identifier=urn:mrn|MRN-0099' },
          reasonReference: [{ reference: 'https://s/fhir/Condition/c/_history/2' }, { reference: 'Condition/gone' }],
        },
      },
    ];
    const item = await readOne(fhir, [file({ resourceType: 'Bundle', type: 'searchset', entry: entries })]);
    const { facts } = item.artifacts[0].payload as ClinicalRecord;
    expect(facts[1]).toMatchObject({ concept: { text: 'Tramadol' }, because: ['condition-1'] });
  });

  it('keeps people apart, and says so', async () => {
    const other = { ...PATIENT, id: 'q', name: [], birthDate: '1980' };
    const { items, skipped } = await report(
      file(bundle(PATIENT, other, crp(), crp({ subject: { reference: 'Patient/q' } }), crp({ subject: undefined }))),
    );
    expect(items.map(({ artifacts }) => (artifacts[0].payload as ClinicalRecord).facts.length)).toEqual([1, 1]);
    expect(items[0].quality.map(({ code }) => code)).toContain('fhir.several-people');
    expect(skipped[0].reason).toMatch(/names no patient/);
    const many = Array.from({ length: 51 }, (_, index) => crp({ subject: { reference: `Patient/${index}` } }));
    const { errors } = await report(file(bundle(...many)));
    expect(errors[0].error).toMatchObject({ code: 'file.unsupported', where: { place: 'Patient' } });
  });

  it('doubts codes whose check digit is wrong', async () => {
    const coded = (system: string, code: string) => crp({ code: { coding: [{ system: `http://${system}`, code }] } });
    const right = [coded('loinc.org', '1988-5'), coded('loinc.org', 'LA33-6'), coded('snomed.info/sct', '18347007')];
    const wrong = [coded('loinc.org', '1988-6'), coded('snomed.info/sct', '34552-0')];
    const flags = async (...parts: object[]) => (await readOne(fhir, [file(bundle(PATIENT, ...parts))])).quality;
    expect((await flags(...right)).map(({ code }) => code)).not.toContain('fhir.codes');
    expect(await flags(...right, ...wrong)).toContainEqual(
      expect.objectContaining({ code: 'fhir.codes', severity: 'doubt', where: '1988-6, 34552-0' }),
    );
  });

  it('takes the newest of several versions', async () => {
    const version = (value: number, lastUpdated: string) =>
      crp({ id: 'o', meta: { lastUpdated }, valueQuantity: { value } });
    const record = await recordOf(PATIENT, version(2, '2024-02-01T00:00:00Z'), version(1, '2024-01-01T00:00:00Z'));
    expect(record.facts.map(({ value }) => value?.number)).toEqual([2]);
    expect(record.skipped[0]).toMatchObject({ what: 'Observation', count: 1 });
  });

  it('reads NDJSON, the files of one folder as one export', async () => {
    const lines = [crp({ effectiveDateTime: '2020' }), crp({ effectiveDateTime: '2021' })];
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\n`;
    const { items, errors } = await report(
      file(JSON.stringify(PATIENT), 'export/Patient.ndjson'),
      file(text, 'export/Observation.ndjson'),
    );
    expect(errors).toEqual([]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ takenAt: '2021', files: ['export/Patient.ndjson', 'export/Observation.ndjson'] });
    const { person, facts } = items[0].artifacts[0].payload as ClinicalRecord;
    expect([person.birthYear, facts.length, facts[1].place]).toEqual([1961, 2, 'file 2, line 2']);
    // lines under a plain name
    expect((await report(file(text, 'x.json'))).items).toHaveLength(1);
  });

  it('survives every value in every place, and writes again what it made of it', async () => {
    const [source] = (await fhir.write?.({ kind: 'record.clinical', payload: clinicalRecord(), name: 'x' })) ?? [];
    const text = new TextDecoder().decode(source.bytes);
    const random = createRandom(5);
    const odd = [
      null,
      0,
      -1,
      '',
      'constructor',
      '__proto__',
      [],
      {},
      [[]],
      [null],
      { coding: 'x' },
      { coding: [{}] },
      true,
    ];
    let facts = 0;
    for (let trial = 0; trial < 200; trial++) {
      const broken = JSON.parse(text);
      for (let changes = 0; changes < 3; changes++)
        spoil(
          random.uniform() < 0.1 ? broken : (broken.entry ?? broken),
          structuredClone(odd[random.int(0, odd.length - 1)]),
          random,
        );
      const { items, errors } = await report(file(broken));
      for (const { error } of errors) {
        expect(error.where.place, JSON.stringify(error.cause)).toBeTruthy();
        expect(error.cause).toBeUndefined();
      }
      for (const { artifacts } of items) {
        const payload = artifacts[0].payload as ClinicalRecord;
        facts += payload.facts.length;
        const item = await roundTrip(json, { kind: 'record.clinical', payload, name: 'x' });
        expect(item.artifacts[0].payload).toEqual(payload);
        const again = await roundTrip(fhir, { kind: 'record.clinical', payload, name: 'x' });
        expect((again.artifacts[0].payload as ClinicalRecord).facts).toHaveLength(payload.facts.length);
      }
    }
    expect(facts).toBeGreaterThan(2000);
  });

  it('names what is wrong', async () => {
    let nested: object = crp();
    for (let depth = 0; depth < 5; depth++) nested = bundle(nested);
    const cases: [unknown, string, RegExp][] = [
      ['{"resourceType": "Bundle", "entry": [', 'file.truncated', /byte/],
      ['{"resourceType": "Bundle", "entry": {}}', 'file.malformed', /entry/],
      [{ hello: 1 }, 'file.malformed', /resourceType/],
      [nested, 'file.unsafe', /entry\[0\]\.entry\[0\]/],
      [`{"resourceType":"Bundle","x":${'['.repeat(500)}${']'.repeat(500)}}`, 'file.unsafe', /byte/],
      [`${JSON.stringify(PATIENT)}\n{"resourceType": "Patient",,}`, 'file.malformed', /line 2/],
    ];
    for (const [value, code, place] of cases) {
      const { errors } = await report(file(value));
      expect(errors[0]?.error.code, JSON.stringify(value).slice(0, 80)).toBe(code);
      expect(errors[0].error.where.place).toMatch(place);
      expect(errors[0].error.hint).not.toBe('');
    }
  });

  it('takes no other JSON for FHIR, and JSON takes no FHIR', () => {
    const verdicts = (text: string, name = 'x.json') => [fhir.sniff(utf8(text), name), json.sniff(utf8(text), name)];
    const ours = [
      '{"resourceType":"Patient"',
      '\ufeff{ "id": "x", "meta": {"tag": [1, "a\\"b"]}, "resourceType" : "Bundle", "type": "co',
      '{"type":"searchset","entry":[{"fullUrl":"urn:x","resource":{"id":"1","resourceType":"Patient","na',
    ];
    for (const text of ours) expect(verdicts(text), text).toEqual(['yes', 'no']);
    const others = [
      '{"resourceType": "Microsoft.Compute/virtualMachines"}',
      '{"resourceType": "Dataset"}',
      '{"data": {"resourceType": "Patient"}}',
      '{"text": "\\"resourceType\\": \\"Patient\\""}',
      '[{"resourceType": "Patient"}]',
      '{"format": "msdt-artifact", "kind": "record.clinical"}',
    ];
    for (const text of others) expect(verdicts(text), text).toEqual(['no', 'yes']);
  });

  it('reads a large bundle in time that grows with its size', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => crp({ id: `${index}`, valueQuantity: { value: index } }));
    const started = performance.now();
    const record = await recordOf(PATIENT, ...many);
    expect(record.facts).toHaveLength(5000);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('gives addresses that differ', () => {
    const all = new Set(Array.from({ length: 5000 }, (_, index) => urnOf(`record\nobservation-${index}`)));
    expect(all.size).toBe(5000);
    expect(urnOf('a')).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
