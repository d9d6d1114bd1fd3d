/** What a resource says has to be what it means: marks that turn it, values of every sort, references of every form. */

import { describe, expect, it } from 'vitest';
import { memoryFile, readOne } from '../../../tests/support/formats/formats.ts';
import type { ClinicalRecord, ClinicalValue } from '../../model/index.ts';
import { utf8 } from '../bytes.ts';
import { fhir } from './index.ts';

const PATIENT = {
  resourceType: 'Patient',
  id: 'p',
  identifier: [{ system: 'urn:mrn', value: 'MRN-0099' }],
  birthDate: '1961-04-23',
};
const SUBJECT = { reference: 'Patient/p' };
const code = (text: string) => ({ coding: [{ system: 'http://loinc.org', code: text }] });
const crp = (more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: code('1988-5'),
  subject: SUBJECT,
  ...more,
});

async function read(...resources: object[]) {
  const entry = resources.map((resource) => ({ resource }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  return readOne(fhir, [memoryFile('x.json', utf8(text))]);
}
const recordOf = async (...resources: object[]) => (await read(...resources)).artifacts[0].payload as ClinicalRecord;
const valueRead = async (value: object) => (await recordOf(PATIENT, crp(value))).facts[0].value;

describe('marks that turn what a resource says', () => {
  it.each([
    [crp({ modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }), /modifierExtension/],
    [crp({ implicitRules: 'urn:rules' }), /implicitRules/],
    [
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        doNotPerform: true,
        subject: SUBJECT,
        medicationCodeableConcept: { text: 'Ibuprofen' },
      },
      /not to be done/,
    ],
    [
      { resourceType: 'ServiceRequest', status: 'active', doNotPerform: true, subject: SUBJECT, code: code('24531-6') },
      /not to be done/,
    ],
    [crp({ status: 'entered-in-error' }), /entered in error/],
  ])('%# keep it from becoming a fact, with a line', async (resource, reason) => {
    const { facts, skipped } = await recordOf(PATIENT, resource, crp({ valueInteger: 1 }));
    expect(facts).toHaveLength(1);
    expect(skipped).toEqual([expect.objectContaining({ count: 1, reason: expect.stringMatching(reason) })]);
  });

  it('take a part away, and not the whole', async () => {
    const { facts, withheld } = await recordOf(
      PATIENT,
      crp({
        component: [
          { code: code('8480-6'), valueQuantity: { value: 120 } },
          { code: code('8462-4'), valueQuantity: { value: 80 }, modifierExtension: [{ url: 'urn:x' }] },
          { valueQuantity: { value: 1 } },
        ],
      }),
    );
    expect(facts[0].parts).toEqual([expect.objectContaining({ value: { number: 120 } })]);
    expect(withheld.filter(({ what }) => what === 'Observation.component')).toHaveLength(2);
  });

  it('doNotPerform: false turns nothing', async () => {
    const order = { resourceType: 'ServiceRequest', status: 'active', doNotPerform: false, code: code('24531-6') };
    const { facts, withheld } = await recordOf(PATIENT, { ...order, subject: SUBJECT });
    expect(facts).toHaveLength(1);
    expect(withheld.map(({ what }) => what)).not.toContain('ServiceRequest.doNotPerform');
  });
});

describe('the patient', () => {
  it.each([{ deceasedBoolean: true }, { deceasedDateTime: '2026-03-01' }, { deceasedDateTime: '2026' }])(
    'who has died is told of, not when: %o',
    async (died) => {
      const item = await read({ ...PATIENT, ...died }, crp({ valueInteger: 1 }));
      const record = item.artifacts[0].payload as ClinicalRecord;
      expect(record.person).toEqual({ birthYear: 1961, deceased: true });
      expect(item.quality.map((flag) => flag.code)).toContain('fhir.deceased');
      expect(JSON.stringify(record.person)).not.toContain('2026');
      const [file] = (await fhir.write?.({ kind: 'record.clinical', payload: record, name: 'x' })) ?? [];
      const again = await readOne(fhir, [memoryFile('x.json', file.bytes)]);
      expect((again.artifacts[0].payload as ClinicalRecord).person).toEqual(record.person);
    },
  );

  it('who lives is not called dead', async () => {
    const item = await read({ ...PATIENT, deceasedBoolean: false }, crp({ valueInteger: 1 }));
    expect((item.artifacts[0].payload as ClinicalRecord).person).toEqual({ birthYear: 1961 });
    expect(item.quality.map((flag) => flag.code)).not.toContain('fhir.deceased');
  });

  const OTHER = { resourceType: 'Patient', id: 'q', identifier: [{ value: 'MRN-0100' }] };
  it.each([
    { reference: 'Patient/p' },
    { reference: 'https://server.example/fhir/Patient/p/_history/3' },
    { reference: 'Patient?identifier=urn:mrn|MRN-0099' },
    { identifier: { system: 'urn:mrn', value: 'MRN-0099' } },
    { type: 'Patient', identifier: { value: 'MRN-0099' } },
  ])('is found by %o', async (subject) => {
    const text = JSON.stringify({
      resourceType: 'Bundle',
      entry: [PATIENT, OTHER, crp({ subject, valueInteger: 7 })].map((resource) => ({ resource })),
    });
    const { items } = await fhir.read([memoryFile('x.json', utf8(text))]);
    const records = items.map(({ artifacts }) => artifacts[0].payload as ClinicalRecord);
    expect(records.filter(({ facts }) => facts.length).map(({ person }) => person.birthYear)).toEqual([1961]);
  });

  it('who stands inside a resource is not somebody else', async () => {
    const inside = crp({
      subject: { reference: '#me' },
      contained: [{ resourceType: 'Patient', id: 'me' }],
      valueInteger: 7,
    });
    const { facts, withheld } = await recordOf(PATIENT, inside);
    expect(facts).toHaveLength(1);
    expect(withheld.map(({ what }) => what)).toContain('Observation.contained');
  });
});

describe('value[x]', () => {
  const mg = { unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' };
  const cases: [object, ClinicalValue][] = [
    [{ valueQuantity: { value: 4.2, ...mg, comparator: '<' } }, { number: 4.2, unit: 'mg', comparator: '<' }],
    [{ valueQuantity: { value: 4.2, unit: 'drops' } }, { number: 4.2, unitText: 'drops' }],
    [{ valueInteger: 3 }, { number: 3 }],
    [{ valueBoolean: false }, { truth: false }],
    [{ valueString: 'negative' }, { absent: 'free text is withheld' }],
    [{ valueTime: '10:30:00' }, { absent: 'a time of day is not read' }],
    [{ valueDateTime: '2026-03' }, { time: '2026-03' }],
    [{ valuePeriod: { start: '2026-03-01', end: '2026-03-04' } }, { time: '2026-03-01' }],
    [{ valueRange: { low: { value: 1, ...mg }, high: { value: 2, ...mg } } }, { low: 1, high: 2, unit: 'mg' }],
    [{ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }, { number: 1 / 128 }],
    [{ valueRatio: { numerator: { value: 1, ...mg }, denominator: { value: 4, ...mg } } }, { number: 0.25 }],
    [
      {
        valueRatio: {
          numerator: { value: 5, ...mg },
          denominator: { value: 10, unit: 'mL', system: mg.system, code: 'mL' },
        },
      },
      { number: 0.5, unit: 'mg/mL' },
    ],
    [
      { valueRatio: { numerator: { value: 6, unit: 'drops' }, denominator: { value: 2, unit: 'cups' } } },
      { number: 3, unitText: 'drops/cups' },
    ],
    [{ valueSampledData: { period: 1 } }, { absent: 'sampled data are not read' }],
    [{ valueQuantity: { value: '4.2', ...mg } }, { absent: 'valueQuantity cannot be read' }],
    [{ valueRatio: { numerator: { value: 1 }, denominator: { value: 0 } } }, { absent: 'valueRatio cannot be read' }],
    [{ valueDateTime: 'yesterday' }, { absent: 'valueDateTime cannot be read' }],
    [{ dataAbsentReason: { coding: [{ code: 'not-performed' }] } }, { absent: 'not-performed' }],
  ];
  it.each(cases)('%j', async (given, expected) => expect(await valueRead(given)).toEqual(expected));
});

describe('one resource a line', () => {
  it.each([
    ['with a mark of the byte order, empty lines and carriage returns', 'x.ndjson', '\uFEFF'],
    ['under the ending of a bundle, with an empty line after the first', 'x.json', ''],
  ])('%s', async (_, name, mark) => {
    const text = `${mark}${JSON.stringify(PATIENT)}\r\n\r\n  \n${JSON.stringify(crp({ valueInteger: 1 }))}\n\n`;
    const item = await readOne(fhir, [memoryFile(name, utf8(text))]);
    expect((item.artifacts[0].payload as ClinicalRecord).facts).toHaveLength(1);
  });
});
